package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/office/msppt"
)

// Ppt reads .ppt, .pps and .pot of PowerPoint 95 to 2003, and what WPS calls .dps.
var Ppt = document.Format{
	Name: "ppt", Version: 1, Kind: document.KindSlides, MediaType: "application/vnd.ms-powerpoint",
	Detect: detectPpt,
	Read:   readPpt,
}

// detectPpt wants a compound file with a deck at its root. By name only a compound
// file goes that no longer says what it holds.
func detectPpt(in *document.Input) bool {
	if !compound.Is(in.Head()) {
		return false
	}
	f, err := compound.Open(in.Bytes, in.Size)
	if err == nil {
		return deckStream(f) != nil || f.Root.Stream("PP40") != nil
	}
	switch in.Ext() {
	case ".ppt", ".pps", ".pot", ".dps", ".dpt":
		return errors.Is(err, compound.ErrFormat)
	}
	return false
}

// deckStream is the stream of a deck.
func deckStream(f *compound.File) *compound.Entry {
	if e := f.Root.Stream("PowerPoint Document"); e != nil || len(f.Root.Children) > 1 {
		return e
	}
	return f.Stray("PowerPoint Document")
}

func readPpt(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindSlides, Read: document.Full, Fields: map[string]string{}}
	f, err := compound.Open(in.Bytes, in.Size)
	if errors.Is(err, compound.ErrFormat) {
		return document.Unreadable(document.KindSlides, document.Corrupt, "its directory is lost"), nil
	} else if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	f.Props().Fill(doc)
	e := deckStream(f)
	if e == nil {
		if f.Root.Stream("PP40") != nil {
			doc.Lose(document.None, document.Unsupported, "it is of PowerPoint 4, of which only the properties are read")
		} else {
			doc.Lose(document.None, document.Corrupt, "its slides are lost")
		}
		return doc, nil
	}
	data, whole, err := f.Bytes(e, maxBinary)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	var current []byte
	if c := f.Root.Stream("Current User"); c != nil {
		current, _, _ = f.Bytes(c, 1<<16)
	}
	deck, err := msppt.Read(ctx, msppt.Input{Deck: data, Current: current, Passwords: in.Passwords, Slides: limits.Pages, Limit: int(min(limits.TextBytes, 2*maxChars))})
	switch {
	case errors.Is(err, msppt.ErrEncrypted):
		doc.Lose(document.None, document.Encrypted, "it is encrypted, and no listed password opens it")
		return doc, nil
	case errors.Is(err, msppt.ErrNoDeck):
		doc.Lose(document.None, document.Corrupt, "its slides are lost")
		return doc, nil
	case err != nil:
		return nil, err
	}
	switch {
	case e.Size > maxBinary:
		doc.Lose(document.Partial, document.TooLarge, "not all of it was read")
	case !whole:
		doc.Lose(document.Partial, document.Truncated, "its end is lost; what was there was read")
	}
	fillPpt(doc, deck)
	if emit == nil {
		return doc, nil
	}
	return doc, deckObjects(ctx, deck, doc, emit)
}

// fillPpt puts the slides into the document.
func fillPpt(doc *document.Document, deck *msppt.Deck) {
	var sample strings.Builder
	for i, s := range deck.Slides {
		text := strings.Join(s.Lines, "\n")
		if text == "" {
			text = s.Title
		}
		if doc.Title == "" && i == 0 {
			doc.Title = s.Title
		}
		at := document.Position{Slide: i + 1}
		doc.AddText(at, s.Title, text)
		doc.AddText(at, "备注 Notes", strings.Join(s.Notes, "\n"))
		doc.AddText(at, "批注 Comments", strings.Join(s.Comments, "\n"))
		if s.Hidden {
			doc.Warn("hidden-slide", fmt.Sprintf("slide %d is hidden in the show", i+1))
		}
		if sample.Len() < 1<<16 {
			sample.WriteString(s.Title + text)
		}
	}
	doc.AddText(document.Position{Part: "footer"}, "", strings.Join(deck.Footers, "\n"))
	doc.AddText(document.Position{Part: "links"}, "", strings.Join(deck.Links, "\n"))
	doc.Fields["slides"] = strconv.Itoa(len(deck.Slides))
	if deck.Charset != "" {
		doc.Fields["charset"] = deck.Charset
	}
	if deck.Decrypted {
		doc.Warn("decrypted", "it was encrypted and opened with a known password")
	}
	switch {
	case deck.Salvaged:
		doc.Lose(document.Partial, document.Corrupt, "its list of slides is lost; the text was read in the order of the file")
	case deck.Cut:
		doc.Lose(document.Partial, document.Truncated, "slides that it lists are not there")
	case deck.TooMany:
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d slides were read", len(deck.Slides)))
	case deck.TooLong:
		doc.Lose(document.Partial, document.TooLarge, "only the first part of its text was read")
	}
	doc.Language = charset.Language(doc.Title + " " + sample.String())
}

// deckObjects hands out the embedded files.
func deckObjects(ctx context.Context, deck *msppt.Deck, doc *document.Document, emit func(*document.Child) error) error {
	n := 0
	for _, o := range deck.Objects {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &document.Child{Step: fmt.Sprintf("object:%d", o.ID), Name: fmt.Sprintf("object%d", o.ID)}
		data := o.Data
		if o.Sound {
			c.Step, c.Name = fmt.Sprintf("sound:%d", o.ID), path.Base(strings.ReplaceAll(o.Name, `\`, "/"))
			if path.Ext(c.Name) == "" {
				c.Name += ".wav"
			}
		} else {
			f, err := compound.Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				doc.Warn("object", "an embedded object is damaged")
				continue
			}
			name, body := f.Object(f.Root)
			if len(body) == 0 {
				continue // a picture or a formula: no file that a reader knows
			}
			if ext := path.Ext(name); strings.HasPrefix(name, f.Root.Name) {
				name, body = c.Name+ext, data // the object is a compound file already
			}
			c.Name, data = name, body
		}
		n++
		c.Ordinal, c.Size, c.Content = n, int64(len(data)), bytes.NewReader(data)
		if err := emit(c); err != nil {
			return err
		}
	}
	return nil
}
