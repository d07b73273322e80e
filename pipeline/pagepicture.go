package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/store"
)

// ErrNoPicture says that a page cannot be shown as a picture.
var ErrNoPicture = errors.New("there is no picture of it")

// PagePicture is a page as people see it: a PNG or a JPEG.
type PagePicture struct {
	store.Original

	// Blank says that fonts are missing which the file does not hold: Chinese text on
	// it is not to be seen.
	Blank bool
}

// maxPictures is how many bytes of drawn pages are kept for the pages: some
// thousands.
const maxPictures = 512 << 20

// PagePicture gives a page (from 1) of a document, or a picture, at most so wide. It
// is drawn by a confined reader at the first call and kept for a while. The caller
// closes it.
func (a *Archive) PagePicture(ctx context.Context, ref string, page, width int, scopes []string) (*PagePicture, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	o, name, _, err := a.Original(ctx, c.DocumentID(), scopes) // also the check of rights
	if err != nil {
		return nil, err
	}
	defer o.Close()
	f := extractors.ByName(a.formats, c.Format)
	if f == nil || f.Draw == nil || page < 1 {
		return nil, ErrNoPicture
	}
	dir := filepath.Join(a.dir, "cache", "pages")
	path := filepath.Join(dir, fmt.Sprintf("%s-%d-%d", c.DocumentID(), page, width))
	for _, blank := range []bool{false, true} {
		if kept, err := openSized(path + blankSuffix(blank)); err == nil {
			_ = os.Chtimes(path+blankSuffix(blank), time.Time{}, time.Now()) // used last
			return &PagePicture{kept, blank}, nil
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	in := &document.Input{Name: name, Size: o.Size(), Bytes: bare(o), Limits: a.limits, Passwords: a.passwords}
	req := &sandbox.Request{Input: in, Format: c.Format, Draw: document.Drawing{Page: page, Width: width, Height: 4 * width}}
	err = a.reader.Open(ctx, req, "", func(drawn *document.Child) error {
		if drawn.Content == nil {
			return fmt.Errorf("%w: %s", ErrNoPicture, drawn.Reason)
		}
		path += blankSuffix(drawn.Reason == document.MissingTool)
		return a.diskFull(writeWhole(dir, path, io.LimitReader(drawn.Content, mostPicture)))
	})
	if errors.Is(err, document.ErrNoChild) {
		err = ErrNoPicture
	}
	if err != nil {
		if _, died := errors.AsType[interface {
			error
			Reason() document.Reason
		}](err); died {
			err = fmt.Errorf("%w: %w", ErrNoPicture, err)
		}
		return nil, err
	}
	prune(dir, path, maxPictures)
	kept, err := openSized(path)
	if err != nil {
		return nil, err
	}
	return &PagePicture{kept, filepath.Ext(path) == blankSuffix(true)}, nil
}

const mostPicture = 64 << 20

func blankSuffix(blank bool) string {
	if blank {
		return ".blank"
	}
	return ".whole"
}

// writeWhole writes under a name of its own and moves to path when it is whole.
func writeWhole(dir, path string, r io.Reader) error {
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it has its true name by then
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
