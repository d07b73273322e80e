package pipeline

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guidang/pipeline/sound"
	"guidang/pipeline/store"
)

// maxSounds is how many bytes of converted sound are kept for the pages: 17
// hours.
const maxSounds = 2 << 30

// Sound gives a recording as a wave file that every browser plays, 16,000
// samples a second, one channel. It is converted at the first call and kept for a
// while. The caller closes it. The error may be sound.ErrMissingTool or a
// *sound.Fault.
func (a *Archive) Sound(ctx context.Context, ref string, scopes []string) (store.Original, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	o, name, _, err := a.Original(ctx, c.DocumentID(), scopes) // also the check of rights
	if err != nil {
		return nil, err
	}
	defer o.Close()
	dir := filepath.Join(a.dir, "cache", "sound")
	path := filepath.Join(dir, c.DocumentID()+".wav")
	if f, err := openSized(path); err == nil {
		_ = os.Chtimes(path, time.Time{}, time.Now()) // used last
		return f, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	decoder, err := NewDecoder(a.cfg, a.log)
	if err != nil {
		return nil, err
	}
	s, err := decoder.Decode(ctx, sound.Recording{Bytes: bare(o), Size: o.Size(), Name: name})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := writeWave(dir, path, s); err != nil {
		return nil, a.diskFull(fmt.Errorf("convert %s: %w", name, err))
	}
	prune(dir, path, maxSounds)
	return openSized(path)
}

func openSized(path string) (store.Original, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &sourceFile{f, st.Size()}, nil
}

// waveHead is the length of the header of plain sound.
const waveHead = 44

// writeWave writes a stream under a name of its own and moves it to path when it
// is whole.
func writeWave(dir, path string, s *sound.Stream) error {
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it has its true name by then
	_, err = f.Write(make([]byte, waveHead))
	if err == nil {
		_, err = io.Copy(f, s)
	}
	if err == nil {
		le := binary.LittleEndian
		size := uint32(min(s.Samples()*2, 1<<32-1-waveHead)) //nolint:gosec // bounded
		head := le.AppendUint32([]byte("RIFF"), size+waveHead-8)
		head = append(head, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
		head = le.AppendUint32(le.AppendUint32(head, sound.Rate), sound.Rate*2)
		head = le.AppendUint32(append(head, "\x02\x00\x10\x00data"...), size)
		_, err = f.WriteAt(head, 0)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// prune removes from a cache what was used longest ago, until it holds at most so
// many bytes, but not keep.
func prune(dir, keep string, most int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // it is a cache: the next time
	}
	type kept struct {
		path string
		size int64
		used time.Time
	}
	var all []kept
	total := int64(0)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, kept{filepath.Join(dir, e.Name()), info.Size(), info.ModTime()})
			total += info.Size()
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.used.UnixNano(), b.used.UnixNano()) })
	for _, k := range all {
		if total <= most {
			return
		}
		if k.path != keep && time.Since(k.used) > time.Minute { // else it may be being written
			_ = os.Remove(k.path)
			total -= k.size
		}
	}
}
