package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"guidang/pipeline/index"
)

// generation is one physical index: a shard, or several since it grew.
type generation struct {
	name    string
	dir     string
	options Options
	users   sync.WaitGroup // calls under way
	grams   sync.Pool      // *[]index.Gram

	write  sync.Mutex // one batch after the other
	shards atomic.Pointer[[]*shard]
}

func newGenerationAt(dir, name string, o Options) *generation {
	return &generation{
		name: name, dir: filepath.Join(dir, name), options: o,
		grams: sync.Pool{New: func() any { s := make([]index.Gram, 0, 2048); return &s }},
	}
}

func create(ctx context.Context, dir string, o Options) (*generation, error) {
	g := newGenerationAt(dir, newGeneration(), o)
	first, err := createShard(ctx, g.name, g.dir, o, nil)
	if err != nil {
		return nil, err
	}
	g.shards.Store(&[]*shard{first})
	return g, nil
}

func open(dir, name string, o Options) (*generation, error) {
	g := newGenerationAt(dir, name, o)
	first, err := openShard(g.name, g.dir, o)
	if err != nil {
		return nil, err
	}
	// Only now, with the lock of the first one held, does nobody add to them.
	all := []*shard{first}
	g.shards.Store(&all)
	n, err := readShards(g.dir)
	for at := 1; at < n && err == nil; at++ {
		var s *shard
		if s, err = openShard(g.shardName(at), g.shardDir(at), o); err == nil {
			all = append(all, s)
			g.shards.Store(&all)
		}
	}
	if err == nil {
		err = errors.Join(g.complete(), g.sweep(n))
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// all are the shards, the oldest first; there is always one.
func (g *generation) all() []*shard { return *g.shards.Load() }

// last is the shard that grows.
func (g *generation) last() *shard {
	all := g.all()
	return all[len(all)-1]
}

func (g *generation) close() error {
	g.write.Lock() // a batch that scorch is not there to take would wait for ever
	defer g.write.Unlock()
	var errs []error
	for _, s := range g.all() {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

func (g *generation) mark() (m index.Mark, err error) {
	b, err := g.last().internal(keyMark)
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &m)
	}
	return m, err
}

func (g *generation) visible(ctx context.Context, token index.Token) error {
	name, number, ok := strings.Cut(string(token), ":")
	n, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		return fmt.Errorf("index %s: %q is no token", g.name, token)
	}
	for _, s := range g.all() {
		if s.name == name {
			return s.visible(ctx, n)
		}
	}
	return fmt.Errorf("index %s: the batch went to %s, which is not in use", g.name, name)
}

// flushed waits until everything that was given is on disk.
func (g *generation) flushed(ctx context.Context) error {
	for _, s := range g.all() {
		if err := s.flushed(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (g *generation) walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) error {
	for _, s := range g.all() {
		if err := s.walk(ctx, fn); err != nil {
			return err
		}
	}
	return nil
}

func (g *generation) stats(ctx context.Context) (st index.Stats, err error) {
	for _, s := range g.all() {
		one, err := s.stats(ctx)
		if err != nil {
			return st, err
		}
		st.Engine = one.Engine
		st.Documents += one.Documents
		st.Passages += one.Passages
		st.Bytes += one.Bytes
	}
	return st, nil
}
