package pipeline

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/packed"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
	"guidang/pipeline/source"
)

// ofSet is the reason of an item that is a later volume of a set: its bytes are
// kept with those of the file that leads the set, as one original.
const ofSet = "volume"

// volumes is a set of files that are read as one, opened.
type volumes struct {
	io.ReaderAt
	size  int64
	name  string // of what it is, joined
	names []string
	files map[string]source.File
	stats map[string]os.FileInfo
}

// openVolumes opens the set that a file leads; nil if it leads none. open opens
// what lies beside the file.
func openVolumes(name string, open func(name string) (source.File, error)) (*volumes, error) {
	v := &volumes{name: packed.SetName(name), files: map[string]source.File{}, stats: map[string]os.FileInfo{}}
	v.names = packed.Set(name, func(n string) bool { return v.open(n, open) })
	// The leader is asked for last: nearly every archive is alone.
	if v.names == nil || !v.open(name, open) {
		return nil, v.Close()
	}
	var parts []packed.Part
	for _, n := range v.names {
		parts = append(parts, packed.Part{Bytes: v.files[n], Size: v.stats[n].Size()})
	}
	v.ReaderAt, v.size = packed.Join(parts)
	head := make([]byte, 512)
	if n, err := v.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) || !packed.Begins(head[:n]) {
		return nil, v.Close()
	}
	return v, nil
}

func (v *volumes) open(name string, open func(string) (source.File, error)) bool {
	if v.files[name] != nil {
		return true
	}
	f, err := open(name)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = f.Close() // read only
		return false
	}
	v.files[name], v.stats[name] = f, info
	return true
}

// moved says whether a volume changed since it was opened.
func (v *volumes) moved() bool {
	for name, f := range v.files {
		now, err := f.Stat()
		if before := v.stats[name]; err != nil || now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime()) {
			return true
		}
	}
	return false
}

// Close closes the files.
func (v *volumes) Close() error {
	var errs []error
	for _, f := range v.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// beside opens files of a source by their names, in the folder of an item.
func beside(ctx context.Context, src source.Source, locator string) func(string) (source.File, error) {
	folder := locator[:strings.LastIndexByte(locator, '/')+1]
	return func(name string) (source.File, error) { return src.Open(ctx, folder+document.EscapeStep(name)) }
}

// besideFile opens files by their names, in the folder of a file.
func besideFile(path string) func(string) (source.File, error) {
	return func(name string) (source.File, error) { return os.Open(filepath.Join(filepath.Dir(path), name)) }
}

// set opens the set that an item leads, when all of it has settled.
func (a *Archive) set(ctx context.Context, src source.Source, i *ledger.Item) (*volumes, error) {
	if document.EscapeStep(i.Name) != i.Locator[strings.LastIndexByte(i.Locator, '/')+1:] {
		return nil, nil // a name that is no text does not lead to others
	}
	v, err := openVolumes(i.Name, beside(ctx, src, i.Locator))
	if v == nil || err != nil {
		return nil, err
	}
	for _, info := range v.stats {
		if err := quiet(ctx, info.ModTime(), a.settle); err != nil {
			return nil, errors.Join(err, v.Close())
		}
	}
	return v, nil
}

// laterVolume says whether an item is a later volume of a set that lies beside it.
// Then it is part of the file that leads the set, which is read again if it was
// read without this one.
func (a *Archive) laterVolume(ctx context.Context, src source.Source, r *reading) (bool, error) {
	for _, name := range packed.Leaders(r.item.Name) {
		locator := r.item.Locator[:strings.LastIndexByte(r.item.Locator, '/')+1] + document.EscapeStep(name)
		v, err := a.set(ctx, src, &ledger.Item{Name: name, Locator: locator})
		if err != nil {
			return false, err
		}
		if v == nil {
			continue
		}
		_, member := v.files[r.item.Name]
		size := v.size
		if err := v.Close(); err != nil || !member {
			return false, err
		}
		r.leader = name
		leader, err := a.ledger.At(ctx, src.Name(), locator)
		if errors.Is(err, ledger.ErrNotFound) {
			return true, nil // the walk goes on
		}
		if err != nil || leader.Todo || leader.Content == 0 {
			return true, err
		}
		c, err := a.ledger.Content(ctx, leader.Content)
		if err == nil && (c.Size != size || r.item.Reason == changed) {
			r.wakes = leader.ID
		}
		return true, err
	}
	return false, nil
}

// strays are the volumes of a set that failed when they were met without it.
func (a *Archive) strays(ctx context.Context, r *reading) ([]int64, error) {
	var out []int64
	folder := r.item.Locator[:strings.LastIndexByte(r.item.Locator, '/')+1]
	for _, name := range r.set.names {
		i, err := a.ledger.At(ctx, r.item.Source, folder+document.EscapeStep(name))
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if i.ID != r.item.ID && i.State == ledger.Quarantined && !i.Todo {
			out = append(out, i.ID)
		}
	}
	return out, nil
}

// again has items read that wait for nothing else than this commit.
func (c *committer) again(ids []int64) error {
	for _, id := range ids {
		i, err := c.tx.Item(id)
		if err != nil {
			return err
		}
		i.State, i.Reason, i.Detail, i.Todo = ledger.Pending, "", "", true
		if err := c.tx.SetItem(i); err != nil {
			return err
		}
		c.jobs = append(c.jobs, queue.Job{Items: []int64{id}, Priority: priority(i)})
	}
	return nil
}

// volume commits a later volume.
func (c *committer) volume(r *reading, place func(*ledger.Item) error) error {
	i := r.item
	i.State, i.Reason, i.Detail = ledger.PartOf, ofSet, r.leader
	if err := place(i); err != nil || r.wakes == 0 {
		return err
	}
	leader, err := c.tx.Item(r.wakes)
	if err != nil || leader.Todo {
		return err
	}
	leader.State, leader.Reason, leader.Detail, leader.Todo = ledger.Pending, changed, "", true
	c.jobs = append(c.jobs, queue.Job{Items: []int64{leader.ID}, Priority: priority(leader)})
	return c.tx.SetItem(leader)
}
