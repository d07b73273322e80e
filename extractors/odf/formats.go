package odf

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Text reads .odt, .ott and flat .fodt.
var Text = document.Format{
	Name: "odt", Version: 1, Kind: document.KindDocument, MediaType: prefix + KindText,
	Detect: func(in *document.Input) bool { return Kind(in) == KindText },
	Read: func(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		return read(ctx, in, document.KindDocument)
	},
}

// Slides reads .odp, and drawings (.odg), whose pages are like slides.
var Slides = document.Format{
	Name: "odp", Version: 1, Kind: document.KindSlides, MediaType: prefix + KindSlides,
	Detect: func(in *document.Input) bool { k := Kind(in); return k == KindSlides || k == KindDraw },
	Read: func(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		return read(ctx, in, document.KindSlides)
	},
}

func read(ctx context.Context, in *document.Input, kind document.Kind) (*document.Document, error) {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	doc := &document.Document{Kind: kind, Read: document.Full, Fields: map[string]string{}}
	p, ok := Open(&limited, doc)
	if !ok {
		return doc, nil
	}
	w := &walker{ctx: ctx, doc: doc, limits: limited.Limits, slides: kind == document.KindSlides}
	w.begin("")
	err := p.Walk(Content, 0, w.token)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
	}
	w.finish()
	settle(doc, Content, err)
	if !p.Flat {
		// Headers and footers stand with the styles of pages.
		s := &walker{ctx: ctx, doc: doc, limits: limited.Limits, bytes: w.bytes, aside: true}
		s.begin("")
		err := p.Walk("styles.xml", 0, s.token)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
		}
		s.finish()
		settle(doc, "styles.xml", err)
	}
	if w.inserted+w.deleted > 0 {
		doc.Fields["tracked_insertions"], doc.Fields["tracked_deletions"] = strconv.Itoa(w.inserted), strconv.Itoa(w.deleted)
		doc.Warn("tracked-changes", "the text is the current one; deletions are left out")
	}
	if w.slides {
		doc.Fields["slides"] = strconv.Itoa(w.slide)
	}
	var sample strings.Builder
	for i := range doc.Sections {
		if sample.WriteString(doc.Sections[i].Text); sample.Len() > 4<<10 {
			break
		}
	}
	doc.Language = charset.Language(doc.Title + " " + sample.String())
	return doc, nil
}

func settle(doc *document.Document, part string, err error) {
	if err != nil && err != errFull { //nolint:errorlint // it is never wrapped
		ooxml.Lose(doc, part, err, len(doc.Sections) > 0)
	}
}
