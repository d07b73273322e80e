package extractors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"guidang/extractors/document"
)

// spoolMemory is how much of a child that was found by walking is held in
// memory; what is longer goes to a temporary file.
const spoolMemory = 8 << 20

// errFound stops a walk when the child was met.
var errFound = errors.New("found")

// Open reaches the child of a container by its step: by the format's own short
// way where it has one, else by walking the container. A step that does not
// exist gives document.ErrNoChild.
func Open(ctx context.Context, f *document.Format, in *document.Input, step string) (child *document.Child, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			child, err = nil, errors.New(crashDetail(f, cause))
		}
	}()
	if f.Open != nil {
		limited := *in
		limited.Limits = in.Limits.WithDefaults()
		return f.Open(ctx, &limited, step)
	}
	_, err = Read(ctx, f, in, func(c *document.Child) error {
		if c.Step != step {
			return nil
		}
		kept := *c
		if c.Content != nil {
			content, size, err := spool(c.Content)
			if err != nil {
				return fmt.Errorf("read child %q: %w", step, err)
			}
			kept.Content, kept.Size = content, size
		}
		child = &kept
		return errFound
	})
	if child != nil {
		return child, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, document.ErrNoChild
}

// spool keeps a child's content beyond the walk. The temporary file has no name
// any more when spool returns, so that nothing is left behind however the
// process ends; its descriptor closes with the last reference to it.
func spool(r io.Reader) (io.Reader, int64, error) {
	head := &bytes.Buffer{}
	n, err := io.Copy(head, io.LimitReader(r, spoolMemory+1))
	if err != nil {
		return nil, 0, err
	}
	if n <= spoolMemory {
		return bytes.NewReader(head.Bytes()), n, nil
	}
	tmp, err := os.CreateTemp("", "guidang-child-")
	if err != nil {
		return nil, 0, err
	}
	defer os.Remove(tmp.Name())
	n, err = io.Copy(tmp, io.MultiReader(head, r))
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		tmp.Close()
		return nil, 0, err
	}
	return tmp, n, nil
}
