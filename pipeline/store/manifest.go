package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// manifest says how an original is put together from chunks. It is text, so
// that a person can put the original together with a shell alone:
//
//	guidang-chunks 1
//	sum <hex of the original>
//	size <bytes>
//	cut fastcdc-v1.0.0 min=262144 normal=1048576 max=4194304 key=<hex>
//	<hex of the chunk> <bytes>
//	…
//	end <number of chunks>
//
// The line "cut" is what the chunks were made with; reading does not need it.
type manifest struct {
	sum    Sum
	size   int64
	cut    string
	chunks []chunk
}

// chunk is a piece of an original.
type chunk struct {
	sum  Sum
	off  int64 // within the original
	size int64
}

const manifestVersion = "guidang-chunks 1"

// Bounds of what a manifest may say. They keep a damaged one from costing
// memory: 4 million chunks are 4 TB.
const (
	maxLine   = 256
	maxChunks = 4 << 20
)

func (m *manifest) bytes() []byte {
	b := &bytes.Buffer{}
	fmt.Fprintf(b, "%s\nsum %s\nsize %d\ncut %s\n", manifestVersion, m.sum, m.size, m.cut)
	for _, c := range m.chunks {
		b.WriteString(c.sum.String())
		b.WriteByte(' ')
		b.WriteString(strconv.FormatInt(c.size, 10))
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "end %d\n", len(m.chunks))
	return b.Bytes()
}

// manifestHead reads a manifest's first lines and gives the original's size.
func manifestHead(r *bufio.Reader, sum Sum) (int64, error) {
	version, err := manifestLine(r)
	if err != nil {
		return 0, err
	}
	if version != manifestVersion {
		return 0, fmt.Errorf("manifest: %w: it begins with %.40q", ErrCorrupt, version)
	}
	named, err := manifestField(r, "sum")
	if err != nil {
		return 0, err
	}
	if named != sum.String() {
		return 0, fmt.Errorf("manifest: %w: it is the one of %s", ErrCorrupt, named)
	}
	text, err := manifestField(r, "size")
	if err != nil {
		return 0, err
	}
	return manifestNumber(text)
}

// parseManifest reads the manifest of an original. All its errors wrap
// ErrCorrupt, except those of r.
func parseManifest(r *bufio.Reader, sum Sum) (*manifest, error) {
	size, err := manifestHead(r, sum)
	if err != nil {
		return nil, err
	}
	m := &manifest{sum: sum, size: size}
	if m.cut, err = manifestField(r, "cut"); err != nil {
		return nil, err
	}
	off := int64(0)
	for {
		line, err := manifestLine(r)
		if err != nil {
			return nil, err
		}
		name, number, _ := strings.Cut(line, " ")
		n, err := manifestNumber(number)
		if err != nil {
			return nil, err
		}
		if name == "end" {
			if n != int64(len(m.chunks)) || off != size {
				return nil, fmt.Errorf("manifest: %w: %d chunks of %d bytes instead of %d of %d", ErrCorrupt, len(m.chunks), off, n, size)
			}
			return m, nil
		}
		c := chunk{off: off, size: n}
		var ok bool
		if c.sum, ok = parseSum(name); !ok || n == 0 || n > size-off || len(m.chunks) == maxChunks {
			return nil, fmt.Errorf("manifest: %w: line %d is %.40q", ErrCorrupt, len(m.chunks)+5, line)
		}
		off += n
		m.chunks = append(m.chunks, c)
	}
}

func manifestField(r *bufio.Reader, name string) (string, error) {
	line, err := manifestLine(r)
	if err != nil {
		return "", err
	}
	value, ok := strings.CutPrefix(line, name+" ")
	if !ok {
		return "", fmt.Errorf("manifest: %w: %.40q where %s should be", ErrCorrupt, line, name)
	}
	return value, nil
}

func manifestNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("manifest: %w: %.40q is no number", ErrCorrupt, text)
	}
	return n, nil
}

func manifestLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n') // never longer than r's buffer
	switch {
	case errors.Is(err, io.EOF):
		return "", fmt.Errorf("manifest: %w: it ends early", ErrCorrupt)
	case errors.Is(err, bufio.ErrBufferFull) || err == nil && len(line) > maxLine:
		return "", fmt.Errorf("manifest: %w: a line is too long", ErrCorrupt)
	case err != nil:
		return "", reading(err)
	}
	return string(line[:len(line)-1]), nil
}
