package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/office/msdoc"
)

// Doc reads .doc and .dot of Word 6 to 2003 and what WPS calls .wps; of Word 2
// what is plain.
var Doc = document.Format{
	Name: "doc", Version: 1, Kind: document.KindDocument, MediaType: "application/msword",
	Detect: detectDoc,
	Read:   readDoc,
}

// Bounds of a binary document or deck.
const (
	maxBinary = 512 << 20 // bytes of a stream in memory
	maxChars  = 8 << 20   // characters: about 4,000 full pages
)

// detectDoc wants a compound file with a Word stream at its root, or the header of
// a Word file older than that. By name only a compound file goes that no longer
// says what it holds.
func detectDoc(in *document.Input) bool {
	if !compound.Is(in.Head()) {
		head := in.Head()
		return len(head) > 2 && head[0] == 0xdb && head[1] == 0xa5 && msdoc.Is(head)
	}
	f, err := compound.Open(in.Bytes, in.Size)
	if err == nil {
		return wordStream(f) != nil
	}
	switch in.Ext() {
	case ".doc", ".dot", ".wps", ".wpt":
		return errors.Is(err, compound.ErrFormat)
	}
	return false
}

// wordStream is the stream of a document; where the tree of names is damaged, any
// of that name will do.
func wordStream(f *compound.File) *compound.Entry {
	if e := f.Root.Stream("WordDocument"); e != nil || len(f.Root.Children) > 1 {
		return e
	}
	return f.Stray("WordDocument")
}

func readDoc(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	source := msdoc.Input{Tables: map[string][]byte{}, Passwords: in.Passwords, Limit: int(min(limits.TextBytes, 2*maxChars))}
	var f *compound.File
	if !compound.Is(in.Head()) {
		data, whole, err := in.All(maxBinary)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, err)
		}
		if source.Main = data; !whole {
			doc.Lose(document.Partial, document.TooLarge, "not all of it was read")
		}
	} else {
		var err error
		if f, err = compound.Open(in.Bytes, in.Size); errors.Is(err, compound.ErrFormat) {
			return document.Unreadable(document.KindDocument, document.Corrupt, "its directory is lost"), nil
		} else if err != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, err)
		}
		if err := load(f, doc, &source); err != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, err)
		}
		f.Props().Fill(doc)
	}
	text, err := msdoc.Read(ctx, source)
	switch {
	case errors.Is(err, msdoc.ErrEncrypted):
		doc.Lose(document.None, document.Encrypted, "it is encrypted, and no listed password opens it")
		return doc, nil
	case errors.Is(err, msdoc.ErrNoText):
		doc.Lose(document.None, document.Corrupt, "its text is lost")
		return doc, nil
	case err != nil:
		return nil, err
	}
	fillDoc(doc, text)
	if f == nil || emit == nil {
		return doc, nil
	}
	return doc, objects(ctx, f, f.Root.Child("ObjectPool"), limits, doc, emit)
}

// load reads the streams that the text lies in.
func load(f *compound.File, doc *document.Document, source *msdoc.Input) error {
	for name, e := range map[string]*compound.Entry{"": wordStream(f), "0Table": f.Root.Stream("0Table"), "1Table": f.Root.Stream("1Table")} {
		if e == nil {
			continue
		}
		data, whole, err := f.Bytes(e, maxBinary)
		if err != nil {
			return err
		}
		if !whole {
			reason := document.Truncated
			if e.Size > maxBinary {
				reason = document.TooLarge
			}
			doc.Lose(document.Partial, reason, "its end is lost; what was there was read")
		}
		if name == "" {
			source.Main = data
		} else {
			source.Tables[name] = data
		}
	}
	return nil
}

// fillDoc puts the text into the document.
func fillDoc(doc *document.Document, text *msdoc.Text) {
	doc.Fields["word"] = strconv.Itoa(text.Version)
	if text.Charset != "" {
		doc.Fields["charset"] = text.Charset
	}
	for _, s := range text.Stories {
		if s.Part == "body" {
			headed(doc, s.Lines)
			continue
		}
		var b strings.Builder
		for _, l := range s.Lines {
			b.WriteString(l.Text + "\n")
		}
		doc.AddText(document.Position{Part: s.Part}, "", b.String())
	}
	doc.AddText(document.Position{Part: "links"}, "", strings.Join(text.Links, "\n"))
	changes(doc, text.Insertions, text.Deletions, text.Deleted)
	if text.Decrypted {
		doc.Warn("decrypted", "it was encrypted and opened with a known password")
	}
	if text.Hidden {
		doc.Warn("hidden-text", "some of its text is hidden in Word; it was read")
	}
	switch {
	case text.Salvaged:
		doc.Lose(document.Partial, document.Corrupt, "its list of pieces is lost; the text was read as it lies")
	case text.Cut:
		doc.Lose(document.Partial, document.Truncated, "its end is lost; what was there was read")
	case text.TooLong:
		doc.Lose(document.Partial, document.TooLarge, "only the first part of its text was read")
	}
	var sample strings.Builder
	for _, s := range doc.Sections {
		if sample.Len() < 1<<16 {
			sample.WriteString(s.Text)
		}
	}
	doc.Language = charset.Language(doc.Title + " " + sample.String())
}

// headed gathers the body's lines into sections by heading, as docx does.
func headed(doc *document.Document, lines []msdoc.Line) {
	heading, text := "", strings.Builder{}
	end := func() {
		body := text.String()
		if strings.TrimSpace(body) == "" {
			body = heading
		}
		doc.AddText(document.Position{Part: "body"}, heading, body)
		text.Reset()
	}
	for _, l := range lines {
		if l.Level == 0 || len([]rune(l.Text)) > 200 {
			text.WriteString(l.Text + "\n")
			continue
		}
		if l.Level == msdoc.Title && doc.Title == "" {
			doc.Title = strings.Join(strings.Fields(l.Text), " ")
		}
		end()
		heading = strings.Join(strings.Fields(l.Text), " ")
	}
	end()
}

// changes tells of tracked changes, and keeps what they took away apart from the
// text.
func changes(doc *document.Document, inserted, deleted int, gone []string) {
	if inserted == 0 && deleted == 0 {
		return
	}
	doc.Fields["tracked_insertions"] = strconv.Itoa(inserted)
	doc.Fields["tracked_deletions"] = strconv.Itoa(deleted)
	doc.Warn("tracked-changes", "the text is the current one; deletions stand apart")
	doc.AddText(document.Position{Part: "deletions"}, "", strings.Join(gone, "\n"))
}

// objects hands out the embedded objects of a storage that are files.
func objects(ctx context.Context, f *compound.File, pool *compound.Entry, limits document.Limits, doc *document.Document, emit func(*document.Child) error) error {
	if pool == nil {
		return nil
	}
	n := 0
	var total int64
	for _, e := range pool.Children {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !e.Storage {
			continue
		}
		name, data := f.Object(e)
		if len(data) == 0 {
			continue
		}
		// Sectors belong to one stream: objects that are longer together than a file
		// can hold share theirs, which only somebody who means harm writes.
		if total += int64(len(data)); total > limits.Expanded || n >= limits.Entries {
			doc.Lose(document.Partial, document.TooMany, "more files are embedded than may be")
			return nil
		}
		n++
		c := &document.Child{Step: "object:" + e.Name, Name: name, Ordinal: n, Size: int64(len(data)), Content: bytes.NewReader(data)}
		if err := emit(c); err != nil {
			return err
		}
	}
	return nil
}
