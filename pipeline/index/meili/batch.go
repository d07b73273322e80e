package meili

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"guidang/pipeline/index"
)

// generation is one physical index as this process writes it.
//
// The server applies the tasks of an index in the order in which it took them,
// so batches are applied in order. It says with 202 that it has a task, and much
// later whether that succeeded; until then everything that was sent is kept, to
// be sent again in parts.
type generation struct {
	s    *server
	name string

	write sync.Mutex // one batch after the other
	enc   encoder    // under write

	turn chan struct{} // of one place: who looks after the open batches

	mu     sync.Mutex
	uid    string // of the index; changes when it is swapped in
	given  uint64 // batches numbered so far
	open   []*batch
	ended  map[uint64]outcome // batches that did not simply succeed
	untold map[string]string  // rejections that no Visible told of yet
	mark   index.Mark         // of the last batch that is applied with all before it
	task   int64              // that writes it; -1: none
	ghosts map[string]ghost   // of documents, what failed batches may have left
}

// ghost is how many passages of a document may stand on the server unknown to
// the ledger, put there before batch upTo was numbered.
type ghost struct {
	passages int
	upTo     uint64
}

// batch is what one call gave.
type batch struct {
	n        uint64
	mark     index.Mark
	sent     []sent
	bytes    int
	passages map[string]int // documents in it
	rejected map[string]string
}

// sent is one task and what it was to write; deletions have no groups.
type sent struct {
	task   int64
	groups []*group
}

type outcome struct {
	err      error
	rejected map[string]string
}

const (
	outcomesKept = 1024 // of batches that did not succeed
	docsAtOnce   = 1000 // that one filter names
)

func newGenerationAt(s *server, uid, name string) *generation {
	return &generation{
		s: s, uid: uid, name: name, turn: make(chan struct{}, 1), task: -1,
		ended: map[uint64]outcome{}, untold: map[string]string{}, ghosts: map[string]ghost{},
	}
}

func (g *generation) index() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.uid
}

// upsert sends entries. It waits while the server is behind, which bounds the
// memory.
func (g *generation) upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	g.write.Lock()
	defer g.write.Unlock()
	if err := g.room(ctx); err != nil {
		return "", err
	}
	b := &batch{mark: mark, passages: map[string]int{}, rejected: map[string]string{}}
	last := map[string]int{}
	for i := range entries {
		last[entries[i].Document] = i
	}
	var groups []*group
	stale := map[string]int{}
	var known []string // of which the server may have other passages
	for i := range entries {
		e := &entries[i]
		if why := refuse(e); why != "" {
			b.rejected[e.Document] = why
			continue
		}
		if last[e.Document] != i { // given twice: the later one counts
			continue
		}
		group, err := g.enc.rows(e)
		if err != nil {
			return "", err
		}
		groups = append(groups, group)
		b.bytes += group.size()
		b.passages[e.Document], stale[e.Document] = len(e.Passages), e.Stale
		// A first revision finds nothing, or what a crash left of itself under the
		// same ids.
		if e.Revision > 1 || e.Stale > 0 {
			known = append(known, e.Document)
		}
	}
	surplus, err := g.surplus(ctx, b.passages, stale, known)
	if err != nil {
		return "", err
	}
	// Back to back, so that the server takes both into one of its batches and
	// shows them at once.
	err = g.remove(ctx, b, surplus)
	if err == nil {
		err = g.send(ctx, b, groups)
	}
	return g.enlist(b, err)
}

// delete removes documents whole.
func (g *generation) delete(ctx context.Context, documents []string, mark index.Mark) (index.Token, error) {
	g.write.Lock()
	defer g.write.Unlock()
	if err := g.room(ctx); err != nil {
		return "", err
	}
	b := &batch{mark: mark, passages: map[string]int{}}
	for _, doc := range documents {
		b.passages[doc] = 0
	}
	ids, err := g.surplus(ctx, b.passages, nil, documents)
	if err == nil {
		err = g.remove(ctx, b, ids)
	}
	return g.enlist(b, err)
}

// enlist numbers a batch. One that failed on the way is none; what it left on
// the server is remembered, since the next revision may be shorter.
func (g *generation) enlist(b *batch, err error) (index.Token, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.haunt(b)
		return "", err
	}
	g.given++
	b.n = g.given
	g.open = append(g.open, b)
	return index.Token(g.name + ":" + strconv.FormatUint(b.n, 10)), nil
}

func (g *generation) haunt(b *batch) {
	for doc, n := range b.passages {
		g.ghosts[doc] = ghost{max(g.ghosts[doc].passages, n), g.given}
	}
}

// room waits until a batch more may be under way.
func (g *generation) room(ctx context.Context) error {
	for {
		g.mu.Lock()
		bytes := 0
		for _, b := range g.open {
			bytes += b.bytes
		}
		if len(g.open) < g.s.pace.inFlight || bytes < g.s.pace.queue {
			g.mu.Unlock()
			return nil
		}
		first := g.open[0].n
		g.mu.Unlock()
		if err := g.settle(ctx, first); err != nil {
			return err
		}
		if err := g.failure(first); err != nil {
			return err
		}
	}
}

func (g *generation) failure(n uint64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended[n].err
}

// surplus gives the passages of documents that have to go: those beyond the new
// ones that the index has of those that it may know, that stand in batches under
// way, and that the ledger knows of.
func (g *generation) surplus(ctx context.Context, passages, stale map[string]int, known []string) ([]string, error) {
	if len(passages) == 0 {
		return nil, nil
	}
	docs := make([]string, 0, len(passages))
	for doc := range passages {
		docs = append(docs, doc)
	}
	slices.Sort(docs)
	var ids []string
	gone := map[string]int{} // up to here all are in ids
	g.mu.Lock()
	for _, doc := range docs {
		upTo := max(stale[doc], g.ghosts[doc].passages)
		for _, b := range g.open {
			upTo = max(upTo, b.passages[doc])
		}
		gone[doc] = upTo
		for seq := passages[doc]; seq < upTo; seq++ {
			ids = append(ids, index.PassageID{Document: doc, Seq: seq}.String())
		}
	}
	g.mu.Unlock()
	for part := range slices.Chunk(known, docsAtOnce) {
		err := g.s.passages(ctx, g.index(), in("doc", exactAll(part)), func(id index.PassageID, _ int64) {
			if id.Seq >= max(passages[id.Document], gone[id.Document]) {
				ids = append(ids, id.String())
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// number reads a token of this generation.
func (g *generation) number(token index.Token) (uint64, error) {
	name, number, ok := strings.Cut(string(token), ":")
	n, err := strconv.ParseUint(number, 10, 64)
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !ok || err != nil || n == 0:
		return 0, fmt.Errorf("index %s: %q is no token", g.uid, token)
	case name != g.name:
		return 0, fmt.Errorf("index %s: the batch went to generation %s, which is not in use", g.uid, name)
	case n > g.given:
		return 0, fmt.Errorf("index %s: batch %d was never given", g.uid, n)
	}
	return n, nil
}
