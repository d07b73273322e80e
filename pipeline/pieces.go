package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

const (
	// maxWhole is how many bytes the pieces of one mail may hold together: as many as
	// the reader of a mail takes.
	maxWhole = 256 << 20

	// maxFirsts bounds the mails that are joined under one id in one source: every
	// mailbox that holds the pieces has one.
	maxFirsts = 100

	wholeOrdinal = 1 << 20 // behind every attachment of the first piece
	wholeName    = "joined.eml"
	wholesAtOnce = 200 // of a transaction

	// piecesNote says that the ledger knows of every mail whether it is a piece.
	piecesNote = "pieces"
)

// join makes the mails whole that came in pieces, each in a file or an item of its
// own (RFC 2046 5.2.2). The whole lies in its first piece, as an item like others:
// its bytes are made of the pieces' whenever they are wanted, and kept nowhere. Once
// joined it stays, whatever becomes of the pieces' files.
//
// A whole may be a piece itself. It lies one deeper then, so limits.depth ends it.
func (a *Archive) join(ctx context.Context) error {
	err := a.piecesBefore(ctx)
	for err == nil {
		var n int
		if n, err = a.joinOnce(ctx); err != nil || n == 0 {
			break
		}
		if err = a.awaitRead(ctx); err == nil {
			err = a.settleAll(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("mails in pieces: %w", err)
	}
	return nil
}

// wholeMail is a mail of which all pieces are there.
type wholeMail struct {
	first  *ledger.PieceAt
	pieces []*ledger.PieceAt
	size   int64
}

// joinOnce joins what is not joined yet, and says how many mails that were.
func (a *Archive) joinOnce(ctx context.Context) (int, error) {
	joined := map[int64]bool{} // by first piece
	err := a.ledger.EachWhole(ctx, func(w *ledger.Whole) error {
		joined[w.Pieces[0]] = true
		return nil
	})
	if err != nil {
		return 0, err
	}
	var found []wholeMail
	var group []*ledger.PieceAt // of one mail in one source
	err = a.ledger.EachPiece(ctx, func(p *ledger.PieceAt) error {
		if len(group) > 0 && (group[0].Mail != p.Mail || group[0].Source != p.Source) {
			found = append(found, wholesOf(group, joined)...)
			group = nil
		}
		group = append(group, p)
		return nil
	})
	if err != nil {
		return 0, err
	}
	found = append(found, wholesOf(group, joined)...)
	for some := range slices.Chunk(found, wholesAtOnce) {
		if err := a.addWholes(ctx, some); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// wholesOf finds the mails that the pieces of one mail in one source make, for every
// first piece one: two mailboxes that got the pieces have the mail twice. The other
// pieces are taken from the same folder rather than from elsewhere. group has of each
// number the best place first.
//
// What pieces claim is not believed: a total that no pieces fill joins nothing.
func wholesOf(group []*ledger.PieceAt, joined map[int64]bool) (out []wholeMail) {
	type near struct {
		folder string
		number int
	}
	beside, anywhere := map[near]*ledger.PieceAt{}, map[int]*ledger.PieceAt{}
	totals, most := map[string]int{}, 0
	for _, p := range group {
		folder := path.Dir(p.Locator)
		if k := (near{folder, p.Number}); beside[k] == nil {
			beside[k] = p
		}
		if anywhere[p.Number] == nil {
			anywhere[p.Number] = p
		}
		totals[folder], most = max(totals[folder], p.Total), max(most, p.Total)
	}
	firsts := 0
	for _, first := range group {
		if first.Number != 1 || !first.Canonical {
			continue
		}
		if firsts++; firsts > maxFirsts {
			break
		}
		if joined[first.Content] {
			continue
		}
		folder := path.Dir(first.Locator)
		total := totals[folder]
		if total == 0 {
			total = most
		}
		if total < 1 || total > mail.MaxPieces {
			continue
		}
		m := wholeMail{first: first, pieces: []*ledger.PieceAt{first}, size: first.Size}
		for n := 2; n <= total && m.size <= maxWhole; n++ {
			p := beside[near{folder, n}]
			if p == nil {
				p = anywhere[n]
			}
			if p == nil {
				break
			}
			m.pieces, m.size = append(m.pieces, p), m.size+p.Size
		}
		if len(m.pieces) == total && m.size <= maxWhole {
			out = append(out, m)
		}
	}
	return out
}

// addWholes brings mails that are to be joined into the ledger and the queue.
func (a *Archive) addWholes(ctx context.Context, some []wholeMail) error {
	var todo []*ledger.Item
	err := a.ledger.Update(ctx, func(tx ledger.Tx) error {
		todo = nil
		for i := range some {
			m := &some[i]
			w := &ledger.Whole{}
			for _, p := range m.pieces {
				w.Pieces = append(w.Pieces, p.Content)
			}
			var err error
			if w.Item, err = inMailbox(tx, m); err != nil {
				return err
			}
			if w.Item == 0 {
				item, err := addWhole(tx, m)
				if err != nil {
					return err
				}
				w.Item, todo = item.ID, append(todo, item)
			}
			if err := tx.AddWhole(w); err != nil {
				return err
			}
		}
		return a.queue.Enqueue(ctx, tx.Raw(), batches(todo)...)
	})
	if err != nil {
		return err
	}
	a.progress.Todo.Add(int64(len(todo)))
	for _, i := range todo {
		a.progress.TodoBytes.Add(i.Size)
	}
	return nil
}

// inMailbox is the item of the mail if the reader of a mailbox has joined it, whose
// pieces lie near one another in its file; 0: it has not.
func inMailbox(tx ledger.Tx, m *wholeMail) (int64, error) {
	if m.first.Within == 0 {
		return 0, nil
	}
	for _, p := range m.pieces {
		if p.Within != m.first.Within {
			continue
		}
		i, err := tx.At(p.Source, mail.WholeInMailbox(p.Locator))
		switch {
		case errors.Is(err, ledger.ErrNotFound):
		case err != nil:
			return 0, err
		case i.Content != 0 && !i.Gone:
			return i.ID, nil
		}
	}
	return 0, nil
}

// addWhole adds the item of a mail that is to be joined.
func addWhole(tx ledger.Tx, m *wholeMail) (*ledger.Item, error) {
	first, err := tx.Item(m.first.Item)
	if err != nil {
		return nil, err
	}
	i := &ledger.Item{Source: first.Source, Locator: document.JoinLocator(first.Locator, mail.StepWhole), Version: first.Version, Parent: first.ID, Within: first.Content,
		Ordinal: wholeOrdinal, Name: wholeName, Size: m.size, Modified: first.Modified, State: ledger.Pending, Todo: true}
	err = tx.AddItem(i)
	if errors.Is(err, ledger.ErrExists) { // of the piece that lay here before
		have, err := tx.At(i.Source, i.Locator)
		if err != nil {
			return nil, err
		}
		i.Version = have.Version + 1
		return i, tx.AddItem(i)
	}
	return i, err
}

// isWhole says whether an item was joined of pieces that lie elsewhere.
func (a *Archive) isWhole(ctx context.Context, i *ledger.Item) (bool, error) {
	if i.Within == 0 || !strings.HasSuffix(i.Locator, document.Separator+mail.StepWhole) {
		return false, nil
	}
	_, err := a.ledger.Whole(ctx, i.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// openWhole makes a joined mail's bytes of its pieces.
func (a *Archive) openWhole(ctx context.Context, i *ledger.Item) (store.Original, error) {
	w, err := a.ledger.Whole(ctx, i.ID)
	if err != nil {
		return nil, fmt.Errorf("pieces of %s: %w", i.Locator, err)
	}
	return a.spool(&wholeReader{ctx: ctx, a: a, pieces: w.Pieces})
}

// wholeReader reads the pieces of a mail one after the other.
//
// Headers of pieces are cut here and not in a confined process, as those of all mails
// are for their identity: one process has one original, and this takes many.
type wholeReader struct {
	ctx    context.Context //nolint:containedctx // lives as long as one copy
	a      *Archive
	pieces []int64
	next   int
	held   []byte // of the piece before next
	size   int64
}

// Read implements io.Reader.
func (r *wholeReader) Read(p []byte) (int, error) {
	for len(r.held) == 0 {
		if r.next == len(r.pieces) {
			return 0, io.EOF
		}
		data, err := r.a.pieceBytes(r.ctx, r.pieces[r.next], maxWhole-r.size)
		if err != nil {
			return 0, err
		}
		r.size += int64(len(data))
		r.held = mail.Share(data, r.next == 0)
		r.next++
	}
	n := copy(p, r.held)
	r.held = r.held[n:]
	return n, nil
}

func (a *Archive) pieceBytes(ctx context.Context, content, most int64) ([]byte, error) {
	c, err := a.ledger.Content(ctx, content)
	if err != nil {
		return nil, err
	}
	o, err := a.openContent(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("piece %s: %w", c.DocumentID(), err)
	}
	defer o.Close()
	if o.Size() > most {
		return nil, fmt.Errorf("piece %s: %w", c.DocumentID(), &memberError{document.TooLarge})
	}
	data := make([]byte, o.Size())
	_, err = io.ReadFull(io.NewSectionReader(o, 0, o.Size()), data)
	return data, err
}

// beginPieces notes in a new ledger that it will know every piece.
func (a *Archive) beginPieces(ctx context.Context) error {
	known, err := a.ledger.Note(ctx, piecesNote)
	if err != nil || known != "" {
		return err
	}
	err = a.ledger.EachContent(ctx, 0, func(*ledger.Content) error { return errAny })
	if errors.Is(err, errAny) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetNote(piecesNote, "known") })
}

// piecesBefore finds, once, the pieces among the mails that an older program read.
func (a *Archive) piecesBefore(ctx context.Context) error {
	known, err := a.ledger.Note(ctx, piecesNote)
	if err != nil || known != "" {
		return err
	}
	var cut []*ledger.Content // a piece is a mail of which not all could be read
	err = a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error {
		if c.Kind == document.KindMail && c.Read == document.Partial && c.Fingerprint != "" {
			cut = append(cut, c)
		}
		return nil
	})
	pieces := map[int64]*ledger.Piece{}
	for _, c := range cut {
		if err != nil {
			return err
		}
		var d *document.Document
		if d, err = a.document(ctx, c); d != nil {
			if p := pieceOf(c.ID, d); p != nil {
				pieces[c.ID] = p
			}
		}
	}
	if err != nil {
		return err
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for id, p := range pieces {
			if err := tx.SetPiece(id, p); err != nil {
				return err
			}
		}
		return tx.SetNote(piecesNote, "known")
	})
}

// pieceOf is what a document says of itself as a piece, nil if it is none.
func pieceOf(content int64, d *document.Document) *ledger.Piece {
	p, ok := mail.PieceOf(d)
	if !ok {
		return nil
	}
	return &ledger.Piece{Content: content, Mail: p.Mail, Number: p.Number, Total: p.Total}
}

// pieceForms says which pieces are shown with the mail that was joined of them:
// those whose every reader sees the mail too.
func (a *Archive) pieceForms(ctx context.Context) (map[int64]int64, []*ledger.Content, error) {
	var wholes []*ledger.Whole
	err := a.ledger.EachWhole(ctx, func(w *ledger.Whole) error {
		wholes = append(wholes, w)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	mains := map[int64][]*ledger.Content{}
	var ids []int64
	for _, w := range wholes {
		i, err := a.ledger.Item(ctx, w.Item)
		if err != nil {
			return nil, nil, err
		}
		if i.Content == 0 {
			continue
		}
		c, err := a.ledger.Content(ctx, i.Content)
		if err != nil {
			return nil, nil, err
		}
		if c.Kind != document.KindMail || c.Then != ledger.Indexed && c.Then != ledger.PartOf {
			continue
		}
		ids = append(ids, c.ID)
		for _, id := range w.Pieces {
			if id != c.ID {
				mains[id] = append(mains[id], c)
			}
		}
	}
	for id := range mains {
		ids = append(ids, id)
	}
	reach, err := a.reachOf(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	now := map[int64]int64{}
	var pieces []*ledger.Content
	for id, candidates := range mains {
		c, err := a.ledger.Content(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if c.Then != ledger.Indexed && c.Then != ledger.PartOf {
			continue
		}
		slices.SortFunc(candidates, func(x, y *ledger.Content) int { return strings.Compare(x.DocumentID(), y.DocumentID()) })
		for _, m := range candidates {
			if within(reach[id].scopes, reach[m.ID].scopes) {
				now[id], pieces = m.ID, append(pieces, c)
				break
			}
		}
	}
	uncircle(now)
	return now, pieces, nil
}

// uncircle leaves nothing a part of itself: mails can be made so that each is
// joined of the other, and then nobody would find either.
func uncircle(now map[int64]int64) {
	for _, id := range slices.Sorted(maps.Keys(now)) {
		seen := 0
		for at := now[id]; at != 0 && seen <= len(now); at = now[at] {
			if at == id {
				delete(now, id)
				break
			}
			seen++
		}
	}
}
