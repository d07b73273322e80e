package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

const (
	// A batch for the engine ends at either bound. Larger ones are cheaper per
	// passage and dearer in memory.
	feedDocuments = 500
	feedText      = 2 << 20 // bytes

	// While files are being read, the next batch begins so long after the last one
	// at the earliest. Each batch makes a segment of the index and a write of the
	// ledger, and small ones are merged again and again: a fifth of the CPU of a
	// hundred small files.
	feedGather = 200 * time.Millisecond

	// So many batches may wait for the engine's word. How many it takes before is its
	// own matter: a server applies at once what waits, and is quicker the more that is.
	feedAhead = 32

	// After a transient error of the engine: longer the longer it lasts.
	feedRetry     = 2 * time.Second
	feedRetryMost = 30 * time.Second
	feedRemind    = 5 * time.Minute // between two words about the same trouble
)

// feed brings the outbox to the index and the engine's word back into the
// ledger. It is the only way into the index.
type feed struct {
	a    *Archive
	more chan struct{} // there is something, and somebody waits for it
	read chan struct{} // something was read, and more will be

	mu    sync.Mutex
	since time.Time // of the first failure in a row, or of the last batch that was taken since
	err   error     // the last of them, nil while the engine takes what it is given
}

func newFeed(a *Archive) *feed {
	return &feed{a: a, more: make(chan struct{}, 1), read: make(chan struct{}, 1)}
}

// wake says that there may be something in the outbox.
func (f *feed) wake() { signal(f.more) }

// follow says that something was read and stands in the outbox.
func (f *feed) follow() { signal(f.read) }

// signal tells whoever waits on a channel that holds one, without waiting.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// wait returns when there may be something to send.
func (f *feed) wait(ctx context.Context, began time.Time) {
	select {
	case <-ctx.Done():
	case <-f.more:
	case <-f.read:
		late := time.NewTimer(time.Until(began.Add(feedGather)))
		defer late.Stop()
		select {
		case <-ctx.Done():
		case <-f.more:
		case <-late.C:
		}
	}
}

// sent is a batch that the engine has taken.
type sent struct {
	token index.Token
	acks  []ledger.Ack
	gen   string
}

// run feeds until the context ends. Batches are being prepared while others become
// visible.
func (f *feed) run(ctx context.Context) {
	var told time.Time
	for ctx.Err() == nil {
		began := time.Now()
		err := f.drain(ctx)
		if err == nil {
			err = f.a.turnOver(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		before := f.note(err)
		if err != nil {
			switch {
			case !fullDisk(err) && (before == nil || time.Since(told) > feedRemind):
				told = time.Now()
				f.a.log.Warn("index does not take the documents; trying again until it does", "error", err)
			case !fullDisk(err):
			case !fullDisk(before):
				f.a.log.Info("the disk is full; documents are indexed as soon as there is room", "error", err)
			}
			since, _ := f.trouble()
			sleep(ctx, min(max(time.Since(since)/4, feedRetry), feedRetryMost))
			continue
		}
		f.wait(ctx, began)
	}
}

// note keeps how the last attempt ended and gives back how the one before did.
func (f *feed) note(err error) (before error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil && f.err == nil {
		f.since = time.Now()
	}
	before, f.err = f.err, err
	return before
}

// moved notes that the engine took a batch. One that is killed every few seconds
// fails all the time and yet gets on.
func (f *feed) moved() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.since = time.Now()
}

// trouble is since when and why the engine takes nothing; nil: it does.
func (f *feed) trouble() (time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.since, f.err
}

// drain sends everything that stands in the outbox.
func (f *feed) drain(ctx context.Context) error {
	batches := make(chan sent, feedAhead)
	acked := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		var err error
		for b := range batches {
			if err == nil {
				if err = f.confirm(ctx, b); err != nil {
					cancel()
				}
			}
		}
		acked <- err
	}()
	err := f.send(ctx, batches)
	close(batches)
	if confirmErr := <-acked; confirmErr != nil {
		return confirmErr
	}
	return err
}

func (f *feed) send(ctx context.Context, batches chan<- sent) error {
	after := int64(0)
	for {
		if err := f.a.guard.Check(); err != nil {
			return f.a.diskFull(err)
		}
		out, err := f.a.ledger.Outgoing(ctx, after, feedDocuments)
		if err != nil || len(out) == 0 {
			return err
		}
		for len(out) > 0 {
			b, n, err := f.a.batch(ctx, out)
			if err != nil {
				return err
			}
			after = out[n-1].Seq
			out = out[n:]
			token, err := b.give(ctx, f.a.engine, index.Mark{Ledger: f.a.ledger.ID(), Seq: after})
			if err != nil {
				return err
			}
			select {
			case batches <- sent{token, b.acks, f.a.engine.Generation()}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// confirm waits until a batch can be found and writes that down.
func (f *feed) confirm(ctx context.Context, b sent) error {
	err := f.a.engine.Visible(ctx, b.token)
	if rejected, ok := errors.AsType[*index.RejectedError](err); ok {
		b.acks, err = f.a.reject(ctx, rejected, b.acks)
	}
	if err != nil {
		return err
	}
	err = f.a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Acknowledge(b.gen, b.acks) })
	if err == nil {
		f.moved()
		f.a.progress.Indexed.Add(int64(len(b.acks)))
	}
	return err
}

// reject quarantines what the engine refuses for good and gives back the
// acknowledgements of the rest.
func (a *Archive) reject(ctx context.Context, rejected *index.RejectedError, acks []ledger.Ack) ([]ledger.Ack, error) {
	var kept []ledger.Ack
	err := a.ledger.Update(ctx, func(tx ledger.Tx) error {
		kept = kept[:0]
		for _, ack := range acks {
			c, err := tx.Content(ack.Content)
			if err != nil {
				return err
			}
			why, ok := rejected.Documents[c.DocumentID()]
			if !ok {
				kept = append(kept, ack)
				continue
			}
			i, err := tx.Item(c.Canonical)
			if err != nil {
				return err
			}
			i.State, i.Reason, i.Detail = ledger.Quarantined, refused, why
			if err := tx.SetItem(i); err != nil {
				return err
			}
			c.Then, c.ThenReason = ledger.Quarantined, refused
			if err := tx.Withdraw(c); err != nil {
				return err
			}
		}
		return nil
	})
	a.recall.forget(slices.Collect(maps.Keys(rejected.Documents)))
	return kept, err
}

// refused is the reason of an item that the index does not take.
const refused = "index"

// outgoing is a batch for the engine: what to add and what to take out.
type outgoing struct {
	entries []index.Entry
	deletes []string
	acks    []ledger.Ack
}

// documents are all that the batch is about.
func (b *outgoing) documents() []string {
	out := slices.Clone(b.deletes)
	for i := range b.entries {
		out = append(out, b.entries[i].Document)
	}
	return out
}

// give hands the batch over. The engine applies batches in order, so the last
// token speaks for both.
func (b *outgoing) give(ctx context.Context, e index.Engine, mark index.Mark) (token index.Token, err error) {
	if len(b.deletes) > 0 {
		if token, err = e.Delete(ctx, b.deletes, mark); err != nil {
			return token, err
		}
	}
	if len(b.entries) == 0 {
		return token, nil
	}
	return e.Upsert(ctx, b.entries, mark)
}

// batch makes a batch of the first n of out, as many as fit.
func (a *Archive) batch(ctx context.Context, out []ledger.Outgoing) (b *outgoing, n int, err error) {
	b = &outgoing{}
	text := 0
	ids := make([]int64, len(out))
	for i := range out {
		ids[i] = out[i].Content.ID
	}
	whose, err := a.ledger.Assigned(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	for n < len(out) && (n == 0 || text < feedText) {
		o := &out[n]
		ack := ledger.Ack{Seq: o.Seq, Content: o.Content.ID, Revision: o.Content.Revision}
		n++
		if o.Content.Then == ledger.PartOf {
			b.deletes = append(b.deletes, o.Content.DocumentID())
			b.acks = append(b.acks, ack)
			continue
		}
		e, err := a.entry(ctx, o)
		if err != nil {
			return nil, 0, err
		}
		setOwners(&e, whose[o.Content.ID])
		for _, p := range e.Passages {
			text += len(p.Text)
		}
		ack.Passages = len(e.Passages)
		b.entries, b.acks = append(b.entries, e), append(b.acks, ack)
	}
	a.recall.forget(b.documents())
	return b, n, nil
}

// entry makes the index entry of a content.
func (a *Archive) entry(ctx context.Context, o *ledger.Outgoing) (index.Entry, error) {
	c := &o.Content
	e := index.Entry{
		Document: c.DocumentID(), Revision: c.Revision, Kind: c.Kind, Type: o.Type, Sensitive: o.Kinds, Title: titleOf(c, &o.Item), Name: o.Item.Name,
		Date: dateOf(c, &o.Item), Tags: decodeList[string](c.Tags), Stale: c.Stale,
	}
	for _, t := range decodeList[terms.Term](c.Terms) {
		e.Terms = append(e.Terms, t.Term)
	}
	e.People = namesOf(peopleOf(c.People))
	seen := map[string]bool{}
	for _, p := range o.Items {
		if scope := Scope(p.Source); !seen[scope] {
			seen[scope] = true
			e.Scopes = append(e.Scopes, scope)
		}
	}
	if c.Minutes != "" && c.Minutes != noSpeech {
		m, err := a.minutesOf(ctx, c)
		if err != nil {
			return e, err
		}
		if m != nil {
			e.Headline, e.Decisions = decided(m)
		}
	}
	kept, err := a.derived.DocumentPassages(ctx, e.Document)
	if err != nil {
		return e, err
	}
	for seq, t := range kept {
		p := decodePassage(t)
		p.Seq = seq
		e.Passages = append(e.Passages, p)
	}
	if len(e.Passages) == 0 { // what has only a name is found by it
		e.Passages = []index.Passage{{}}
	}
	return e, nil
}

// Scope is the right that is needed to see what a source holds.
func Scope(source string) string { return "source:" + source }

// titleOf is what a person sees as the name of a document: what its content
// says, else the name of the place where it was found.
func titleOf(c *ledger.Content, i *ledger.Item) string {
	if c.Title != "" {
		return c.Title
	}
	return i.Name
}

// dateOf is a document's date: what its content says, else what its name says,
// else when its file was last changed. A recording's name comes first.
func dateOf(c *ledger.Content, i *ledger.Item) time.Time {
	if c.Kind == document.KindRecording {
		// A recording that was converted later carries the day of that.
		if t, ok := parseDate(dateFromName(i.Name)); ok {
			return t
		}
	}
	if t, ok := parseDate(c.Date); ok {
		return t
	}
	if t, ok := parseDate(dateFromName(i.Name)); ok {
		return t
	}
	return i.Modified
}

func dateFromName(name string) string {
	d, _ := recording.DateFromName(name)
	return d
}

// parseDate reads the forms that document.Document.Date may have.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func decodeList[T any](s string) []T {
	var out []T
	if s == "" || s == "[]" || json.Unmarshal([]byte(s), &out) != nil {
		return nil
	}
	return out
}

// A kept passage is one line of JSON (where it stands, its heading) and its
// text: what search needs of a candidate without reading its document.
type passageHead struct {
	Position document.Position `json:"p"`
	Heading  string            `json:"h,omitempty"`
}

func encodePassage(p index.Passage) string {
	head, err := json.Marshal(passageHead{p.Position, p.Heading})
	if err != nil {
		head = []byte("{}") // a position holds nothing that JSON cannot say
	}
	return string(head) + "\n" + p.Text
}

func decodePassage(s string) index.Passage {
	if s == "" {
		return index.Passage{} // a document of which only its name can be found
	}
	line, text, _ := strings.Cut(s, "\n")
	var head passageHead
	if err := json.Unmarshal([]byte(line), &head); err != nil {
		slog.Warn("a kept passage has a damaged head; reindex makes it anew", "error", err)
	}
	return index.Passage{Position: head.Position, Heading: head.Heading, Text: text}
}

// texts answers the searcher's question for true texts from the derived store.
type texts struct{ derived *store.Derived }

func (t texts) Passages(ctx context.Context, ids []index.PassageID) ([]index.Passage, error) {
	want := make([]store.PassageID, len(ids))
	for n, id := range ids {
		want[n] = store.PassageID{Document: id.Document, Seq: id.Seq}
	}
	raw, err := t.derived.Passages(ctx, want)
	if err != nil {
		return nil, fmt.Errorf("kept passages: %w", err)
	}
	out := make([]index.Passage, len(raw))
	for n, s := range raw {
		out[n] = decodePassage(s)
		out[n].Seq = ids[n].Seq
	}
	return out, nil
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
