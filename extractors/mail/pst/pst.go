package pst

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail/outlook"
)

// version is the reader's: what it makes of an item changes with it.
const version = 2

// PST reads a mailbox. Each item of it is a child, written as a mail (.eml) made of
// its properties, because it has no bytes of its own: they lie in pieces, in an
// order that changes with every tidying. The same item gives the same bytes, in
// whichever mailbox it lies. Its step is the path of its folder and its node, which
// never changes; its ordinal is that node's number.
var PST = document.Format{
	Name: "pst", Version: version, Kind: document.KindArchive, MediaType: "application/vnd.ms-outlook-pst",
	Detect: detect,
	Read:   read,
	Cut:    cut,
	About:  about,
	Open:   openChild,
}

func read(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	s, reason, err := open(in)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	if reason != "" {
		doc.Lose(document.None, reason, refusals[reason])
		return doc, nil
	}
	r := &reading{s: s, doc: doc, limits: in.Limits.WithDefaults(), emit: emit, account: account{found: map[uint32]int64{}}, known: in.Known}
	from, to, ranged := uint64(0), uint64(lastNode), in.Range != document.Range{}
	if ranged {
		from, to = firstNode(in.Range.From), firstNode(in.Range.To)
	}
	s.walkNodes(from, to, func(n node) bool {
		if n.id&kindMask == kindFolder && !ranged {
			s.stores.of(n.id)
		}
		if n.id&kindMask == kindMail {
			err = r.mail(ctx, n)
		}
		return err == nil && !r.full && s.err == nil && s.spend(0)
	})
	if err == nil && to == lastNode && !r.full && s.torn() {
		for _, id := range s.orphans() {
			if err = r.orphan(ctx, id); err != nil || r.full || !s.spend(0) {
				break
			}
		}
	}
	switch {
	case err != nil:
		return nil, err
	case s.err != nil:
		return nil, fmt.Errorf("read %q: %w", in.Name, s.err)
	}
	if !s.spend(0) {
		doc.Lose(document.Partial, document.Bomb, "its items share their bytes, many times over")
	}
	if !ranged {
		r.account.tell(s, doc)
		doc.Fields["layout"] = s.name
	}
	s.report(doc)
	return doc, nil
}

// about lists the folders by the tree of nodes alone: it says in which folder an item
// lies. What of them can be read is told where they are.
func about(ctx context.Context, in *document.Input) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	s, reason, err := open(in)
	if err != nil || reason != "" {
		return nil, err
	}
	a := account{found: map[uint32]int64{}}
	s.walkNodes(0, lastNode, func(n node) bool {
		switch n.id & kindMask {
		case kindFolder:
			s.stores.of(n.id)
		case kindMail:
			a.add(n.parent, s.stores.of(n.parent).path, true)
		}
		return ctx.Err() == nil && s.err == nil && s.spend(0)
	})
	if err := cmp.Or(ctx.Err(), s.err); err != nil {
		return nil, err
	}
	a.tell(s, doc)
	doc.Fields["layout"] = s.name
	return doc, nil
}

var refusals = map[document.Reason]string{
	document.Protected: "Windows has encrypted it for its owner's account",
	document.Corrupt:   "neither its header nor its first page is left",
}

// reading is one pass.
type reading struct {
	s       *store
	doc     *document.Document
	limits  document.Limits
	emit    func(*document.Child) error
	account account
	given   int64          // bytes
	full    bool           // a limit was met
	known   map[int]string // stamps, by ordinal
	before  int            // how often something was wrong before the item at hand
}

// mail hands out one item, or that it is the one that was read before.
func (r *reading) mail(ctx context.Context, n node) error {
	c := r.s.named(n)
	c.Stamp = r.s.stamp(c.Step, n)
	if c.Stamp != "" && c.Stamp == r.known[c.Ordinal] {
		c.Same, c.Reason, r.before = true, "", r.s.met
		return r.give(ctx, n.parent, c, nil)
	}
	r.before = r.s.met
	return r.give(ctx, n.parent, c, r.s.item(n.data, n.subs))
}

// orphan hands out an item whose node is lost.
func (r *reading) orphan(ctx context.Context, id uint64) error {
	return r.give(ctx, 0, unnamed(id), r.s.orphan(id))
}

// give hands out an item; nil is one of which nothing is left.
func (r *reading) give(ctx context.Context, parent uint32, child *document.Child, it *outlook.Item) error {
	if err := ctx.Err(); err != nil || r.s.err != nil {
		return err
	}
	if r.s.late() {
		r.doc.Lose(document.Partial, document.TimeLimit, fmt.Sprintf("there was time for %d of its items", r.account.mails))
		r.full = true
		return nil
	}
	if r.account.mails >= int64(r.limits.Entries) {
		r.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d items were read", r.limits.Entries))
		r.full = true
		return nil
	}
	c, err := write(ctx, child, it, r.limits, r.doc)
	if err != nil {
		return err
	}
	defer c.Close()
	if r.s.met != r.before {
		c.Stamp = "" // when its bytes are mended, their checksums are as they were
	}
	r.account.add(parent, r.s.stores.of(parent).path, c.Content != nil || c.Same)
	r.given += max(c.Size, 0)
	switch {
	case r.given > r.limits.Expanded:
		r.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes of its items were read", r.limits.Expanded))
		r.full = true
		return nil
	case r.given > 16<<20 && r.given > r.limits.Ratio*r.s.size:
		r.doc.Lose(document.Partial, document.Bomb, "its items are many times longer than it is")
		r.full = true
		return nil
	}
	if r.emit == nil || r.s.err != nil {
		return nil
	}
	return r.emit(c.Child)
}

// written is a child, with what must be closed behind it.
type written struct {
	*document.Child
	mail outlook.Mail
}

// Close lets the child's bytes go.
func (w written) Close() { w.mail.Close() }

// named makes the child of a node, without its bytes.
func (s *store) named(n node) *document.Child {
	return &document.Child{
		Step: s.step(n), Name: "mail-" + strconv.FormatUint(uint64(n.id), 10) + ".eml", Ordinal: int(n.id >> kindBits), Size: -1, Reason: document.Corrupt,
	}
}

// unnamed makes the child of an item whose node is lost. It is called by its block,
// and comes behind all others.
func unnamed(id uint64) *document.Child {
	number := strconv.FormatUint(id, 10)
	return &document.Child{
		Step: lostFolder + "/block:" + number, Name: "mail-block-" + number + ".eml", Ordinal: 1<<27 + int(id>>2&(1<<40-1)), Size: -1, Reason: document.Corrupt,
	}
}

// write gives a child its bytes, when something of the item is left.
func write(ctx context.Context, child *document.Child, it *outlook.Item, limits document.Limits, doc *document.Document) (written, error) {
	c := written{Child: child}
	if it == nil {
		return c, nil
	}
	m, err := it.Mail(ctx, limits, doc)
	if err != nil {
		return c, err
	}
	c.mail, c.Name, c.Modified, c.Reason = m, cmp.Or(m.Name, c.Name), m.Received, m.Reason
	if m.Content != nil {
		c.Content, c.Size = m.Content, m.Size
	}
	return c, nil
}

// step is where an item lies: its folder, and its node.
func (s *store) step(n node) string {
	name := "mail:" + strconv.FormatUint(uint64(n.id), 10)
	if path := s.stores.of(n.parent).path; path != "" {
		return path + "/" + name
	}
	return name
}

// SavedStep is the step of an item as Outlook would save it (.msg) rather than as a
// mail (.eml).
func SavedStep(step string) string { return step + savedSuffix }

const savedSuffix = ":msg"

// openChild reads one item by the node, or the block, in its step.
func openChild(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	step, saved := strings.CutSuffix(step, savedSuffix)
	kind, number, ok := strings.Cut(step[strings.LastIndexByte(step, '/')+1:], ":")
	id, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || kind != "mail" && kind != "block" || kind == "mail" && (id>>32 != 0 || id&kindMask != kindMail) {
		return nil, document.ErrNoChild
	}
	s, reason, err := open(in)
	if err != nil {
		return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, err)
	}
	if reason != "" {
		return nil, document.ErrNoChild
	}
	child, it := s.reach(kind, id)
	if s.err != nil {
		return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, s.err)
	}
	if child == nil || child.Step != step {
		return nil, document.ErrNoChild
	}
	var c written
	if saved {
		c.Child, err = save(ctx, child, it)
	} else {
		c, err = write(ctx, child, it, in.Limits.WithDefaults(), &document.Document{Read: document.Full, Fields: map[string]string{}})
	}
	if err == nil {
		err = s.err
	}
	if err != nil {
		return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, err)
	}
	return c.Child, nil
}

// save gives a child the bytes of a saved item.
func save(ctx context.Context, c *document.Child, it *outlook.Item) (*document.Child, error) {
	c.Step, c.Name = SavedStep(c.Step), strings.TrimSuffix(c.Name, ".eml")+".msg"
	if it == nil {
		return c, nil
	}
	data, reason, err := it.Save(ctx)
	if err != nil || reason != "" {
		c.Reason = reason
		return c, err
	}
	c.Content, c.Size, c.Reason = bytes.NewReader(data), int64(len(data)), ""
	return c, nil
}

// reach finds an item by its node, or by its block when its node is lost.
func (s *store) reach(kind string, id uint64) (*document.Child, *outlook.Item) {
	if kind == "mail" {
		if n, ok := s.findNode(uint32(id)); ok { //nolint:gosec // looked at by the caller
			return s.named(n), s.item(n.data, n.subs)
		}
		return nil, nil
	}
	if s.torn() && slices.Contains(s.orphans(), id) {
		return unnamed(id), s.orphan(id)
	}
	return nil, nil
}
