package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// socketName is the socket's name in the data directory.
const socketName = "socket"

// A frame is a kind, the length of its body as four bytes, and the body.
const (
	frameRequest = 'q'
	frameOut     = 'o'
	frameErr     = 'e'
	frameEnd     = 'x'
)

// maxFrame bounds a frame: a request of ten thousand paths is about 1 MB.
const maxFrame = 4 << 20

// chunk is how much output goes into one frame.
const chunk = 64 << 10

// frames writes frames; safe for concurrent use.
type frames struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frames) send(kind byte, body []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(body))) //nolint:gosec // at most maxFrame
	if _, err := f.w.Write(append(head[:], body...)); err != nil {
		return err
	}
	return nil
}

// writer gives a writer whose bytes travel in frames of one kind.
func (f *frames) writer(kind byte) io.Writer { return frameWriter{f, kind} }

type frameWriter struct {
	f    *frames
	kind byte
}

func (w frameWriter) Write(p []byte) (int, error) {
	for n := 0; n < len(p); {
		end := min(n+chunk, len(p))
		if err := w.f.send(w.kind, p[n:end]); err != nil {
			return n, err
		}
		n = end
	}
	return len(p), nil
}

// readFrame reads one frame.
func readFrame(r io.Reader) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	switch head[0] {
	case frameRequest, frameOut, frameErr, frameEnd:
	default:
		return 0, nil, fmt.Errorf("unknown frame %q", head[0])
	}
	if n > maxFrame {
		return 0, nil, errors.New("a frame is too long")
	}
	// The buffer grows with what arrives, not with what was announced.
	body, err = io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(body) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	return head[0], body, err
}

// maxSocketPath is where the names of sockets become too long: the kernel's
// limit is 108 bytes on Linux and 104 on macOS, and "tmp/socket-1234567" comes
// behind the directory.
const maxSocketPath = 104 - len("/tmp/socket-1234567") - 1

// shortPath gives a short name for a folder whose path is too long to hold a
// socket. It is good until release is called.
func shortPath(dir string) (short string, release func(), err error) {
	if len(dir) <= maxSocketPath {
		return dir, func() {}, nil
	}
	if d, err := os.Open(dir); err == nil {
		short = fmt.Sprintf("/proc/self/fd/%d", d.Fd())
		if _, err := os.Stat(short); err == nil {
			return short, func() { _ = d.Close() }, nil
		}
		_ = d.Close()
	}
	tmp, err := os.MkdirTemp("", "gd")
	if err != nil {
		return "", nil, err
	}
	short = filepath.Join(tmp, "d")
	if err := os.Symlink(dir, short); err != nil {
		return "", nil, errors.Join(err, os.Remove(tmp))
	}
	return short, func() { _ = os.RemoveAll(tmp) }, nil
}
