package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Limits of mails that were sent in pieces.
const (
	// pieceReach is how far the pieces of one mail may lie apart in a mailbox. They
	// were sent one after the other, so a few mails lie between them.
	pieceReach = 16 << 20

	maxPieces = 10_000 // known at a time
)

// piece is a mail of a mailbox that holds a part of another one.
type piece struct {
	id            string
	number, total int // total is 0 where this piece does not say it
	at, end       int64
}

// pieceOf reads the Content-Type of a message/partial (RFC 2046 5.2.2).
func pieceOf(p params, at, end int64) (piece, bool) {
	if p.value != "message/partial" {
		return piece{}, false
	}
	number, _ := strconv.Atoi(strings.TrimSpace(p.get("number")))
	total, _ := strconv.Atoi(strings.TrimSpace(p.get("total")))
	id := p.get("id")
	return piece{id: id, number: number, total: total, at: at, end: end}, id != "" && number >= 1 && number <= maxPieces
}

// pieces are those met so far in a mailbox, in its order.
type pieces struct {
	known  []piece
	looked bool // what lies before the range was looked at
}

// wholeStep is the step of a mail that is joined of pieces: of the one that makes it
// whole, which is the last in the mailbox's order. So a mailbox that grows by the
// last piece has it among what is new.
func wholeStep(at int64) string { return mailStep(at) + wholeSuffix }

const wholeSuffix = ":joined"

// join gives the mail that the piece makes whole, or nil. from is where the reading
// of the mailbox began: pieces before it are looked for once.
func (s *scanner) join(ctx context.Context, last piece, from int64) (*document.Child, error) {
	if err := s.lookBack(ctx, from); err != nil {
		return nil, err
	}
	before := s.pieces.within(last)
	if len(s.pieces.known) < maxPieces {
		s.pieces.known = append(s.pieces.known, last)
	}
	if whole(before) != nil {
		return nil, nil // it was whole without this one
	}
	all := whole(append(before, last))
	if all == nil {
		return nil, nil
	}
	content, modified, err := s.joined(all)
	if err != nil {
		return nil, err
	}
	c := &document.Child{Step: wholeStep(last.at), Ordinal: int(last.at) + 2, Size: int64(len(content)), Content: bytes.NewReader(content)}
	name(c, content)
	c.Modified = modified
	return c, nil
}

// emitWhole gives out the mail that a piece makes whole, if it does.
func (s *scanner) emitWhole(ctx context.Context, last *piece, from int64, emit func(*document.Child) error) error {
	if last == nil {
		return nil
	}
	c, err := s.join(ctx, *last, from)
	if err != nil || c == nil {
		return err
	}
	return emit(c)
}

// lookBack collects the pieces that lie before from, as far as they may belong to
// one behind it.
func (s *scanner) lookBack(ctx context.Context, from int64) error {
	if s.pieces.looked {
		return nil
	}
	s.pieces.looked = true
	back := &scanner{r: s.r, size: from}
	at, err := back.first(ctx, max(from-pieceReach, 0))
	for err == nil && at < from && len(s.pieces.known) < maxPieces {
		var end int64
		if end, err = back.after(ctx, at); err != nil {
			break
		}
		if raw, ok := back.raw(at, end); ok {
			h := headOf(raw[envelope(raw):])
			if p, ok := pieceOf(contentType(&h), at, end); ok {
				s.pieces.known = append(s.pieces.known, p)
			}
		}
		at = end
	}
	if err != nil {
		return fmt.Errorf("look for pieces: %w", err)
	}
	return nil
}

// within are the known pieces of the same mail, not too far before this one.
func (p *pieces) within(last piece) []piece {
	var out []piece
	for _, k := range p.known {
		if k.id == last.id && k.at < last.at && k.at >= last.at-pieceReach {
			out = append(out, k)
		}
	}
	return out
}

// whole puts the pieces in their order if none is missing. Of one that came twice
// the later counts.
func whole(list []piece) []piece {
	total := 0
	by := map[int]piece{}
	for _, p := range list {
		total = max(total, p.total)
		by[p.number] = p
	}
	if total == 0 || total > len(by) {
		return nil
	}
	out := make([]piece, 0, total)
	for n := 1; n <= total; n++ {
		p, ok := by[n]
		if !ok {
			return nil
		}
		out = append(out, p)
	}
	return out
}

// joined puts the mail together.
func (s *scanner) joined(all []piece) (content []byte, modified time.Time, err error) {
	var out bytes.Buffer
	for i, p := range all {
		raw := make([]byte, min(p.end-p.at, pieceReach))
		n, err := s.r.ReadAt(raw, p.at)
		if err != nil && err != io.EOF {
			return nil, modified, fmt.Errorf("read the mailbox at %d: %w", p.at, err)
		}
		skip := envelope(raw[:n])
		if i == 0 {
			modified = arrived(raw[:skip])
		}
		out.Write(Share(unquote(withoutLast(raw[skip:n])), i == 0))
	}
	return out.Bytes(), modified, nil
}

// writeFields writes those fields that are said of the whole mail, or all others.
func writeFields(out *bytes.Buffer, fields []field, ofWhole bool) {
	for _, f := range fields {
		if saysOfWhole(f.name) == ofWhole {
			out.Write(f.name)
			out.WriteByte(':')
			out.Write(f.value)
			out.WriteByte('\n')
		}
	}
}

// saysOfWhole are the fields that a piece's own header has of the piece only.
func saysOfWhole(name []byte) bool {
	if len(name) > 8 && equalName(name[:8], "content-") {
		return true
	}
	for _, s := range []string{"subject", "message-id", "encrypted", "mime-version"} {
		if equalName(name, s) {
			return true
		}
	}
	return false
}
