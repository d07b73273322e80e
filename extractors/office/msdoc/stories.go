package msdoc

import (
	"context"
	"unicode/utf16"
)

// stories reads the texts of the document in their order.
func (r *reader) stories(ctx context.Context) error {
	var at uint32
	parts := [8]string{"body", "footnotes", "header", "", "comments", "endnotes", "textboxes", "header"}
	for i, n := range r.fib.ccp {
		from := at
		if n > 1<<30 {
			n = 0 // a length that is none
		}
		at += n
		if n == 0 || parts[i] == "" {
			continue
		}
		var err error
		switch i {
		case ccpHeaders:
			err = r.headers(ctx, from, at)
		case ccpComments:
			err = r.comments(ctx, from, at)
		default:
			err = r.story(ctx, parts[i], from, at)
		}
		if err != nil {
			return err
		}
	}
	// QUIRK: [MS-DOC] 2.4.1 gives every character a story; where the header's
	// lengths are damaged, what the pieces hold is read as the body.
	if len(r.out.Stories) == 0 && len(r.pieces) > 0 && at == 0 {
		return r.story(ctx, "body", 0, r.pieces[len(r.pieces)-1].to)
	}
	return nil
}

func (r *reader) story(ctx context.Context, part string, from, to uint32) error {
	chars, err := r.read(ctx, from, to)
	if err != nil {
		return err
	}
	r.add(part, r.lines(chars))
	return nil
}

// add adds a story, unless the same text was read: documents of many sections
// repeat their headers.
func (r *reader) add(part string, lines []Line) {
	if len(lines) == 0 {
		return
	}
	for i := range r.out.Stories {
		if r.out.Stories[i].Part == part {
			r.out.Stories[i].Lines = append(r.out.Stories[i].Lines, lines...)
			return
		}
	}
	r.out.Stories = append(r.out.Stories, Story{part, lines})
}

// maxParts bounds the headers and comments of a document.
const maxParts = 1 << 16

// headers reads headers and footers (2.8.28): six separators of notes, then six
// texts for each section.
func (r *reader) headers(ctx context.Context, from, to uint32) error {
	plc := r.get(fcHeaders)
	n := len(plc)/4 - 1
	if r.fib.version != 8 || n < 7 {
		return r.story(ctx, "header", from, to)
	}
	seen := map[string]bool{}
	for i := 6; i < min(n, maxParts); i++ {
		a, b := u32(plc, 4*i), u32(plc, 4*i+4)
		if a >= b || b > to-from {
			continue
		}
		chars, err := r.read(ctx, from+a, from+b)
		if err != nil {
			return err
		}
		part := "header"
		switch (i - 6) % 6 {
		case 2, 3, 5:
			part = "footer"
		}
		var fresh []Line
		for _, l := range r.lines(chars) {
			l.Level = 0
			if !seen[l.Text] {
				seen[l.Text] = true
				fresh = append(fresh, l)
			}
		}
		r.add(part, fresh)
	}
	return nil
}

// comments reads comments, each with its author (2.8.6, 2.8.7).
func (r *reader) comments(ctx context.Context, from, to uint32) error {
	places, refs := r.get(fcComments), r.get(fcCommentRefs)
	const refSize = 30
	n := (len(refs) - 4) / (4 + refSize)
	if r.fib.version != 8 || n <= 0 || len(places) < 4*(n+1) {
		return r.story(ctx, "comments", from, to)
	}
	owners := r.owners()
	for i := range min(n, maxParts) {
		a, b := u32(places, 4*i), u32(places, 4*i+4)
		if a >= b || b > to-from {
			continue
		}
		chars, err := r.read(ctx, from+a, from+b)
		if err != nil {
			return err
		}
		lines := r.lines(chars)
		ref := 4*(n+1) + refSize*i
		if owner := u16(refs, ref+20); owner < len(owners) && owners[owner] != "" && len(lines) > 0 {
			lines[0].Text = owners[owner] + ": " + lines[0].Text
		}
		r.add("comments", lines)
	}
	return nil
}

// owners lists the names of those who commented (2.9.105).
func (r *reader) owners() (out []string) {
	b := r.get(fcOwners)
	for len(b) >= 2 && len(out) < maxParts {
		n := u16(b, 0)
		if 2+2*n > len(b) {
			return out
		}
		units := make([]uint16, n)
		for i := range units {
			units[i] = uint16(u16(b, 2+2*i)) //nolint:gosec // a word
		}
		out = append(out, string(utf16.Decode(units)))
		b = b[2+2*n:]
	}
	return out
}
