package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

// How an index grows.
//
// A generation begins as one scorch index, and most stay that. Once it has
// Options.ShardPassages, what is new goes to a shard of its own beside it:
//
//	g-0123456789abcdef/         the first shard
//	g-0123456789abcdef/SHARDS   how many there are, once there are several
//	g-0123456789abcdef/s-1/     the second one
//
// so that no merge writes more than a shard, and shards are searched at the same
// time. All passages of a document are in one shard and stay there: a new
// revision goes to where the old one is.
//
// The mark stands in the last shard. What is written to others is on disk before
// the mark that speaks for it is given. Because scorch may go back to an earlier
// snapshot of a shard whose files are damaged, each of the others counts its
// batches (keyTurn) and the last one knows how far they were (keyTurns).

const shardsFile = "SHARDS"

func (g *generation) shardName(n int) string {
	if n == 0 {
		return g.name
	}
	return g.name + "." + strconv.Itoa(n)
}

func (g *generation) shardDir(n int) string {
	if n == 0 {
		return g.dir
	}
	return filepath.Join(g.dir, "s-"+strconv.Itoa(n))
}

// readShards says how many shards a generation has.
func readShards(dir string) (int, error) {
	b, err := os.ReadFile(filepath.Join(dir, shardsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 2 {
		return 0, fmt.Errorf("%w: %s says %.40q", index.ErrCorrupt, shardsFile, b)
	}
	return n, nil
}

// sweep deletes a shard that was being added when a crash came.
func (g *generation) sweep(n int) error {
	entries, err := os.ReadDir(g.dir)
	for _, f := range entries {
		number, ok := strings.CutPrefix(f.Name(), "s-")
		at, bad := strconv.Atoi(number)
		switch {
		case strings.HasPrefix(f.Name(), shardsFile+"."), ok && bad == nil && at == n:
			err = errors.Join(err, os.RemoveAll(filepath.Join(g.dir, f.Name())))
		case ok && bad == nil && at > n: // one is added after the other
			return fmt.Errorf("%w: %s says %d, and there is %s", index.ErrCorrupt, shardsFile, n, f.Name())
		}
	}
	return err
}

// complete says whether every shard has what the last one knows that it had.
func (g *generation) complete() error {
	b, err := g.last().internal(keyTurns)
	if err != nil {
		return err
	}
	all := g.all()
	var turns []uint64
	if len(all) > 1 {
		if err := json.Unmarshal(b, &turns); err != nil || len(turns) != len(all)-1 {
			return fmt.Errorf("%w: %s says %.40q of the other shards", index.ErrCorrupt, g.last().name, b)
		}
	}
	for n, turn := range turns {
		if all[n].turn < turn {
			return fmt.Errorf("%w: %s is at batch %d of %d", index.ErrCorrupt, all[n].name, all[n].turn, turn)
		}
	}
	return nil
}

// lastTurn is how often a shard was written to since it was the last one.
func (s *shard) lastTurn() (n uint64, err error) {
	b, err := s.internal(keyTurn)
	if err == nil && len(b) > 0 {
		if n, err = strconv.ParseUint(string(b), 10, 64); err != nil {
			err = fmt.Errorf("%w: %s: turn %.40q", index.ErrCorrupt, s.name, b)
		}
	}
	return n, err
}

// take applies a batch to a shard that is not the last one, waits until it is on
// disk, and counts it then.
func (s *shard) take(ctx context.Context, b *api.Batch) error {
	next := s.turn + 1
	b.SetInternal([]byte(keyTurn), strconv.AppendUint(nil, next, 10))
	_, err := s.apply(ctx, b)
	if err == nil {
		err = s.flushed(ctx)
	}
	if err == nil {
		s.turn = next
	}
	return err
}

func turns(others []*shard) ([]byte, error) {
	out := make([]uint64, len(others))
	for n, s := range others {
		out[n] = s.turn
	}
	return json.Marshal(out)
}

// grow adds a shard for what is new, if the last one is full. The caller holds write.
func (g *generation) grow(ctx context.Context) error {
	all := g.all()
	last := all[len(all)-1]
	n, err := last.passages()
	if err != nil || n < uint64(g.options.ShardPassages) { //nolint:gosec // never negative, see withDefaults
		return err
	}
	if err := g.add(ctx, all, last); err != nil {
		return fmt.Errorf("index %s: another shard: %w", g.name, err)
	}
	return nil
}

func (g *generation) add(ctx context.Context, all []*shard, last *shard) error {
	mark, err := last.internal(keyMark)
	if err != nil {
		return err
	}
	if err := last.take(ctx, api.NewBatch()); err != nil {
		return err
	}
	before, err := turns(all)
	if err != nil {
		return err
	}
	at := len(all)
	if err := os.RemoveAll(g.shardDir(at)); err != nil { // of an attempt that failed
		return err
	}
	s, err := createShard(ctx, g.shardName(at), g.shardDir(at), g.options, map[string][]byte{keyMark: mark, keyTurns: before})
	if err != nil {
		return err
	}
	// If this fails, whether the file names the new shard is not known; it is
	// complete, so that both are right.
	if err := replaceFile(g.dir, shardsFile, strconv.Itoa(at+1)); err != nil {
		return errors.Join(err, s.close())
	}
	grown := append(slices.Clone(all), s)
	g.shards.Store(&grown)
	return nil
}
