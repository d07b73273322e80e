package pipeline

import (
	"context"
	"errors"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
	"guidang/pipeline/source"
)

const (
	// A flush of what was found is one transaction; waiting longer than this for
	// it would keep the first file from being searchable soon.
	flushItems = 1000
	flushEvery = 300 * time.Millisecond

	// A read job takes this many loose files or bytes, whichever comes first:
	// enough to share one fsync and one transaction, little enough to stop soon.
	batchFiles = 64
	firstBatch = 2
	batchBytes = 16 << 20

	// What is larger than this is read after everything else.
	slowBytes = 64 << 20

	// Growing is the reason of a waiting item whose file was still being written.
	Growing = "growing"

	// changed is the reason of a pending item whose file is not what it was when
	// it was read; whether its bytes are others is told by reading them.
	changed = "changed"
)

// discovery compares one source with the ledger. Both come in the order of
// locators, so it is a merge: nothing is held in memory and nothing is written
// for what did not change.
type discovery struct {
	a      *Archive
	src    source.Source
	name   string
	verify bool
	found  *Progress

	known   <-chan []*ledger.Item
	pending []*ledger.Item // of known, not compared yet
	changes []change
	began   time.Time
	gone    []*ledger.Item
	blind   []string // folders that were not looked into: nothing in them is gone
	entries int
	todo    int // items to read
}

// change is one item to add or to set.
type change struct {
	item *ledger.Item
	add  bool
}

// discover walks a source and enqueues what is new or changed.
func (a *Archive) discover(ctx context.Context, src source.Source, root string, verify bool, p *Progress) error {
	if err := src.Check(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	known := make(chan []*ledger.Item, 4)
	readErr := make(chan error, 1)
	go func() {
		defer close(known)
		readErr <- a.known(ctx, src.Name(), known)
	}()
	d := &discovery{a: a, src: src, name: src.Name(), verify: verify, found: p, known: known, began: time.Now()}
	walkErr := src.Walk(ctx, func(e source.Entry) error { return d.entry(ctx, e) })
	if walkErr != nil {
		cancel()
		for range known { // drained so that the reader ends
		}
		<-readErr //nolint:errcheck // the walk says what happened
		return walkErr
	}
	for i := d.next(); i != nil; i = d.next() {
		d.vanished(i)
	}
	if err := <-readErr; err != nil {
		return err
	}
	if err := d.flush(ctx); err != nil {
		return err
	}
	return d.finish(ctx, root)
}

// known sends what the ledger knows of a source in chunks, so that reading it
// and walking the source share the cores.
func (a *Archive) known(ctx context.Context, name string, out chan<- []*ledger.Item) error {
	var chunk []*ledger.Item
	send := func() error {
		select {
		case out <- chunk:
			chunk = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := a.ledger.Known(ctx, name, func(i *ledger.Item) error {
		held := *i
		chunk = append(chunk, &held)
		if len(chunk) < 512 {
			return nil
		}
		return send()
	})
	if err == nil && len(chunk) > 0 {
		err = send()
	}
	return err
}

// peek is the next item that the ledger knows, nil at the end.
func (d *discovery) peek() *ledger.Item {
	for len(d.pending) == 0 {
		chunk, ok := <-d.known
		if !ok {
			return nil
		}
		d.pending = chunk
	}
	return d.pending[0]
}

// next takes the item that peek shows.
func (d *discovery) next() *ledger.Item {
	i := d.peek()
	if i != nil {
		d.pending = d.pending[1:]
	}
	return i
}

func (d *discovery) entry(ctx context.Context, e source.Entry) error {
	d.entries++
	d.found.Found.Add(1)
	for {
		i := d.peek()
		if i == nil || i.Locator > e.Locator {
			return d.add(ctx, e, nil)
		}
		d.next()
		if i.Locator == e.Locator {
			return d.compare(ctx, e, i)
		}
		d.vanished(i)
	}
}

// compare decides whether a known item has to be read again.
func (d *discovery) compare(ctx context.Context, e source.Entry, known *ledger.Item) error {
	if e.Err != nil {
		d.blind = append(d.blind, e.Locator+"/")
		return nil //nolint:nilerr // what was read of it before stays
	}
	if e.Rule != "" {
		d.blind = append(d.blind, e.Locator+"/")
	}
	same := known.Size == e.Size && known.Modified.Equal(e.Modified)
	switch {
	case known.Todo:
		return nil // its job is queued from the ledger
	case e.Rule != "" && known.State == ledger.Skipped && known.Reason == e.Rule && !known.Gone:
		return nil
	case e.Rule != "" && known.State != ledger.Skipped:
		return nil // a rule that came later takes nothing out of the archive
	case same && known.Gone:
		item, err := d.a.ledger.Item(ctx, known.ID)
		if err != nil {
			return err
		}
		item.Gone = false
		return d.change(ctx, change{item: item})
	case same && !d.verify && e.Rule == "" && !(known.State == ledger.Waiting && known.Reason == Growing) && !ruled(known):
		return nil
	}
	return d.add(ctx, e, known)
}

// ruled says whether an item was skipped by a rule of the source (which may
// have changed), and not for want of a reader.
func ruled(i *ledger.Item) bool {
	return i.State == ledger.Skipped && i.Reason != string(document.Unsupported) && i.Reason != string(document.Empty)
}

// add notes a new item, or a known one whose bytes may have changed.
func (d *discovery) add(ctx context.Context, e source.Entry, known *ledger.Item) error {
	item := &ledger.Item{Source: d.name, Locator: e.Locator, Name: e.Name, Size: e.Size, Modified: e.Modified, Inode: e.Inode, State: ledger.Pending, Todo: true}
	switch {
	case e.Err != nil:
		d.blind = append(d.blind, e.Locator+"/")
		item.State, item.Reason, item.Detail, item.Todo = ledger.Quarantined, string(document.IO), e.Err.Error(), false
	case e.Rule != "":
		// It may be a folder whose files were read before the rule came.
		d.blind = append(d.blind, e.Locator+"/")
		item.State, item.Reason, item.Detail, item.Todo = ledger.Skipped, e.Rule, e.Detail, false
	}
	if known == nil {
		return d.change(ctx, change{item: item, add: true})
	}
	old, err := d.a.ledger.Item(ctx, known.ID)
	if err != nil {
		return err
	}
	volume := old.Reason == ofSet
	old.State, old.Reason, old.Detail, old.Todo, old.Gone = item.State, item.Reason, item.Detail, item.Todo, false
	if old.Content == 0 || item.State != ledger.Pending {
		old.Size, old.Modified, old.Inode = item.Size, item.Modified, item.Inode
		if volume && item.State == ledger.Pending {
			old.Reason = changed // so that the file that leads its set is read again
		}
	} else if !d.verify || known.Size != e.Size || !known.Modified.Equal(e.Modified) {
		old.Reason = changed // what it was stays with it until its bytes are known: see commit
	}
	return d.change(ctx, change{item: old})
}

// vanished notes a known item that the walk did not meet.
func (d *discovery) vanished(i *ledger.Item) {
	if !i.Gone {
		d.gone = append(d.gone, i)
	}
}

func (d *discovery) change(ctx context.Context, c change) error {
	if c.item.Todo {
		d.todo++
		d.a.expect(d.todo)
	}
	d.changes = append(d.changes, c)
	if len(d.changes) >= flushItems || time.Since(d.began) > flushEvery {
		return d.flush(ctx)
	}
	return nil
}

// flush writes the changes and enqueues their jobs in one transaction.
func (d *discovery) flush(ctx context.Context) error {
	d.began = time.Now()
	if len(d.changes) == 0 {
		return nil
	}
	changes := d.changes
	d.changes = nil
	err := d.a.ledger.Update(ctx, func(tx ledger.Tx) error {
		var todo []*ledger.Item
		for _, c := range changes {
			write := tx.SetItem
			if c.add {
				write = tx.AddItem
			}
			if err := write(c.item); err != nil {
				return err
			}
			if c.item.Todo {
				todo = append(todo, c.item)
			}
			if !c.add && c.item.Content != 0 {
				if err := tx.Unsettle(c.item.Content); err != nil {
					return err
				}
			}
		}
		return d.a.queue.Enqueue(ctx, tx.Raw(), batches(todo)...)
	})
	for _, c := range changes {
		if err == nil && !c.item.Todo && c.add {
			d.found.Done.Add(1)
		} else if err == nil && c.item.Todo {
			d.found.Todo.Add(1)
			d.found.TodoBytes.Add(c.item.Size)
		}
	}
	return err
}

// finish says what is gone and remembers the walk.
func (d *discovery) finish(ctx context.Context, root string) error {
	gone := d.gone[:0]
	for _, i := range d.gone {
		if !unseen(d.blind, i.Locator) {
			gone = append(gone, i)
		}
	}
	last, err := d.a.lastWalk(ctx, d.name)
	if err != nil {
		return err
	}
	if len(gone) == 0 && last != nil && last.Entries == d.entries && last.Root == root {
		return nil // nothing is written for what did not change
	}
	return d.a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, g := range gone {
			i, err := tx.Item(g.ID)
			if err != nil {
				return err
			}
			i.Gone = true
			if err := tx.SetItem(i); err != nil {
				return err
			}
			if err := tx.Unsettle(i.Content); err != nil {
				return err
			}
		}
		return tx.SetSource(ledger.Source{Name: d.name, Root: root, Entries: d.entries, Walked: time.Now()})
	})
}

// unseen says whether a locator lies in a folder that the walk did not look
// into.
func unseen(blind []string, locator string) bool {
	for _, b := range blind {
		if strings.HasPrefix(locator, b) || locator+"/" == b {
			return true
		}
	}
	return false
}

func (a *Archive) lastWalk(ctx context.Context, name string) (*ledger.Source, error) {
	all, err := a.ledger.Sources(ctx)
	for _, s := range all {
		if s.Name == name {
			return &s, err
		}
	}
	return nil, err
}

// batches groups items into read jobs: small files together, what takes long
// alone and later.
func batches(items []*ledger.Item) []queue.Job {
	var jobs []queue.Job
	batch := queue.Job{Priority: queue.First}
	var size int64
	// A batch is kept when its last file is read, and that may be a mailbox full of
	// PDFs. The first ones are small, so that something is found within a second.
	most := firstBatch
	flush := func() {
		if len(batch.Items) > 0 {
			jobs = append(jobs, batch)
			most = min(2*most, batchFiles)
		}
		batch, size = queue.Job{Priority: queue.First}, 0
	}
	for _, i := range items {
		if p := priority(i); p != queue.First {
			jobs = append(jobs, queue.Job{Items: []int64{i.ID}, Priority: p})
			continue
		}
		if len(batch.Items) >= most || size+i.Size > batchBytes {
			flush()
		}
		batch.Items = append(batch.Items, i.ID)
		size += i.Size
	}
	flush()
	return jobs
}

// slowEndings are of files whose reading takes long or needs an engine.
var slowEndings = []string{".mp3", ".wav", ".m4a", ".mp4", ".mov", ".avi", ".wma", ".amr", ".ogg", ".opus", ".flac", ".aac", ".mkv", ".webm"}

func priority(i *ledger.Item) queue.Priority {
	name := strings.ToLower(i.Name)
	for _, e := range slowEndings {
		if strings.HasSuffix(name, e) {
			return queue.Slow
		}
	}
	switch {
	case i.Size > slowBytes && !strings.HasSuffix(name, ".mbox"):
		return queue.Slow
	case strings.HasSuffix(name, ".pdf"):
		return queue.Normal // the first one waits for its reader to be compiled
	}
	return queue.First
}

// unreachable says whether an error means that a source cannot be reached now,
// so that nothing is known of its items.
func unreachable(err error) bool {
	var u *source.UnreachableError
	return errors.As(err, &u)
}
