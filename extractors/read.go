package extractors

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/extractors/recording"
)

// Detect returns the first format of the table that knows the original, or nil
// when none does (then the item is unsupported). A Detect that panics on
// hostile bytes has not recognised them.
func Detect(formats []document.Format, in *document.Input) *document.Format {
	for i := range formats {
		if detects(&formats[i], in) {
			return &formats[i]
		}
	}
	return nil
}

func detects(f *document.Format, in *document.Input) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = false
		}
	}()
	return f.Detect != nil && f.Detect(in)
}

// ByName returns the format of that name, or nil.
func ByName(formats []document.Format, name string) *document.Format {
	for i := range formats {
		if formats[i].Name == name {
			return &formats[i]
		}
	}
	return nil
}

// Read reads an original with its format and fills in what all formats have in
// common: the kind and media type where the format left them open, `full` where
// nothing was lost, `empty` for an original without bytes, and the limit on
// text. A reader that panics gives a document with the reason `crash`, so one
// bad file never ends a run; a panic of emit is the caller's and goes through.
//
// The error, as in document.Format, is only for what is not the original's
// fault.
func Read(ctx context.Context, f *document.Format, in *document.Input, emit func(*document.Child) error) (doc *document.Document, err error) {
	if in.Size == 0 {
		return finish(f, in, document.Unreadable(f.Kind, document.Empty, "the file holds no bytes")), nil
	}
	limited := *in
	limited.Limits = in.Limits.WithDefaults()

	emitting := false
	wrapped := func(c *document.Child) error {
		if emit == nil {
			return nil
		}
		emitting = true
		err := emit(c)
		emitting = false
		return err
	}
	defer func() {
		if emitting {
			return
		}
		if cause := recover(); cause != nil {
			doc = finish(f, in, document.Unreadable(f.Kind, document.Crash, crashDetail(f, cause)))
			err = nil
		}
	}()
	doc, err = f.Read(ctx, &limited, wrapped)
	if err != nil {
		return doc, err
	}
	if doc == nil {
		return nil, fmt.Errorf("the reader of %s gave neither a document nor an error for %q", f.Name, in.Name)
	}
	doc = finish(f, in, doc)
	recording.Recognise(doc)
	capText(doc, limited.Limits.TextBytes)
	return doc, nil
}

// About gives a container's own document where its children are read in ranges. What
// cannot be read of it is told by the ranges, so it never fails.
func About(ctx context.Context, f *document.Format, in *document.Input) (doc *document.Document) {
	plain := &document.Document{Kind: f.Kind, MediaType: f.MediaType, Read: document.Full}
	if f.About == nil {
		return plain
	}
	defer func() {
		if recover() != nil {
			doc = plain
		}
	}()
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	doc, err := f.About(ctx, &limited)
	if err != nil || doc == nil {
		return plain
	}
	doc = finish(f, in, doc)
	capText(doc, limited.Limits.TextBytes)
	return doc
}

// crashDetail names where a reader died: the innermost frame outside the
// runtime. The panic's value is told only by type, because it may hold text of
// the document.
func crashDetail(f *document.Format, cause any) string {
	at := ""
	for line := range strings.SplitSeq(string(debug.Stack()), "\n") {
		if !strings.HasPrefix(line, "\t") || strings.Contains(line, "/runtime/") || strings.Contains(line, "/extractors/read.go") {
			continue
		}
		at = strings.TrimSpace(line)
		if i := strings.LastIndexByte(at, '/'); i >= 0 {
			at = at[i+1:]
		}
		at, _, _ = strings.Cut(at, " ")
		break
	}
	return fmt.Sprintf("the reader of %s crashed (%T) at %s", f.Name, cause, at)
}

// finish fills in what a format may leave open.
func finish(f *document.Format, in *document.Input, doc *document.Document) *document.Document {
	if doc.Kind == "" {
		doc.Kind = f.Kind
	}
	if doc.MediaType == "" {
		doc.MediaType = f.MediaType
	}
	if doc.Read == "" {
		doc.Read = document.Full
	}
	if doc.Fields == nil {
		doc.Fields = map[string]string{}
	}
	doc.Fields["format"] = f.Name
	if doc.Size == 0 {
		doc.Size = in.Size
	}
	if doc.Sections == nil {
		doc.Sections = []document.Section{}
	}
	doc.Title = clean(strings.TrimSpace(doc.Title))
	for i := range doc.Sections {
		doc.Sections[i].Text = clean(doc.Sections[i].Text)
		doc.Sections[i].Heading = clean(doc.Sections[i].Heading)
	}
	return doc
}

// clean keeps what JSON, SQLite and the indexes cannot hold out of the text.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// capText drops the text beyond limit and says so.
func capText(doc *document.Document, limit int64) {
	var total int64
	for i := range doc.Sections {
		s := &doc.Sections[i]
		total += int64(len(s.Text))
		if total <= limit {
			continue
		}
		keep := max(int64(len(s.Text))-(total-limit), 0)
		for keep > 0 && keep < int64(len(s.Text)) && !utf8.RuneStart(s.Text[keep]) {
			keep--
		}
		s.Text = s.Text[:keep]
		n := i + 1
		if keep == 0 {
			n = i
		}
		doc.Sections = doc.Sections[:n]
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes of its text are kept", limit))
		return
	}
}
