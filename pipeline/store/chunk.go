package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	chunkers "github.com/PlakarKorp/go-cdc-chunkers"
	_ "github.com/PlakarKorp/go-cdc-chunkers/chunkers/fastcdc" // the algorithm
	"golang.org/x/sync/errgroup"
)

// How originals are cut into chunks. A cut depends on the bytes around it and
// on nothing before, so what was not changed gives the same chunks again. With
// 1 MB on average a mailbox of 10 GB has 10,000 chunks, a manifest of 0.7 MB,
// and a night's growth costs itself and about one chunk. Changing a number here
// breaks nothing that is kept, but each mailbox is then stored once more.
const (
	cutAlgorithm = "fastcdc-v1.0.0"
	cutMin       = 256 << 10
	cutNormal    = 1 << 20
	cutMax       = 4 << 20

	// The key only has to stay the same: the archive is in the clear, so there is
	// nothing to hide from somebody who sees the lengths of chunks.
	cutKey = "guidang content-defined chunks 1" // 32 bytes

	// Chunks on their way at once: each is up to 4 MB in memory and waits for an
	// fsync of its own.
	chunksAtOnce = 4
)

func cutLine() string {
	return fmt.Sprintf("%s min=%d normal=%d max=%d key=%s", cutAlgorithm, cutMin, cutNormal, cutMax, hex.EncodeToString([]byte(cutKey)))
}

// putChunked takes a large original. Its chunks are durable and in their places
// before it returns; their names and the manifest wait for Commit.
func (b *batch) putChunked(ctx context.Context, r io.Reader, size int64) (Info, error) {
	m, err := b.cut(ctx, r, size, false)
	if err != nil {
		return Info{}, err
	}
	info := Info{Sum: m.sum, Size: m.size, Chunked: true}
	if have, ok := b.has(ctx, info); ok {
		return have, nil
	}
	return info, b.putManifest(m)
}

// putManifest stages the manifest of an original whose chunks are in place.
func (b *batch) putManifest(m *manifest) error {
	f, err := b.l.create()
	if err != nil {
		return writing(err)
	}
	if _, err := f.Write(m.bytes()); err != nil {
		b.l.drop(f)
		return writing(err)
	}
	b.add(f, b.l.manifestOf(m.sum))
	b.l.stage(m.sum, staged{batch: b, manifest: m})
	b.sums = append(b.sums, m.sum)
	return nil
}

// cut reads an original and puts its chunks. With distrust, chunks that are
// there already are read and hashed, not only looked at.
func (b *batch) cut(ctx context.Context, r io.Reader, size int64, distrust bool) (*manifest, error) {
	if size >= 0 {
		r = io.LimitReader(r, size+1)
	}
	cutter, err := chunkers.NewChunker(cutAlgorithm, r, &chunkers.ChunkerOpts{MinSize: cutMin, NormalSize: cutNormal, MaxSize: cutMax, Key: []byte(cutKey)})
	if err != nil {
		return nil, fmt.Errorf("chunks: %w", err)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(chunksAtOnce)
	m := &manifest{cut: cutLine()}
	h := sha256.New()
	var sums []*Sum // each set by the goroutine of its chunk
	for end := false; !end && gctx.Err() == nil; {
		var data []byte
		data, err = cutter.Next()                   // the last chunk may come together with io.EOF
		if end = err != nil; end && err != io.EOF { //nolint:errorlint // as in fill
			break
		}
		err = nil
		if len(data) == 0 {
			continue
		}
		_, _ = h.Write(data) // never fails
		m.chunks = append(m.chunks, chunk{off: m.size, size: int64(len(data))})
		m.size += int64(len(data))
		sum, own := new(Sum), bytes.Clone(data)
		sums = append(sums, sum)
		g.Go(func() error {
			*sum = sha256.Sum256(own)
			return writing(b.l.putChunk(*sum, own, distrust))
		})
	}
	if groupErr := g.Wait(); groupErr != nil {
		err = groupErr // why the loop ended
	} else if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = length(m.size, size)
	}
	if err != nil {
		return nil, err
	}
	m.sum = Sum(h.Sum(nil))
	for n, sum := range sums {
		m.chunks[n].sum = *sum
		b.promise(b.l.chunkOf(*sum))
	}
	return m, nil
}

// putChunk makes one chunk durable, unless it is there.
func (l *Local) putChunk(sum Sum, data []byte, distrust bool) error {
	path := l.chunkOf(sum)
	if distrust {
		if have, err := os.ReadFile(path); err == nil && sha256.Sum256(have) == sum {
			return nil
		}
	} else if st, err := os.Lstat(path); err == nil && st.Size() == int64(len(data)) {
		return nil
	}
	f, err := l.create()
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = place(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
