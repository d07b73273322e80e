package ooxml

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"math"
	"path"
	"slices"
	"strings"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// Embedded hands out the files embedded in a package as children, in the
// package's order: those whose part begins with one of the prefixes.
func Embedded(ctx context.Context, z *zip.Reader, prefixes []string, l document.Limits, doc *document.Document, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	n := 0
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, "\\", "/")
		begins := func(p string) bool { return strings.HasPrefix(strings.ToLower(name), p) }
		if !slices.ContainsFunc(prefixes, begins) || f.FileInfo().IsDir() {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if n++; n > l.WithDefaults().Entries {
			doc.Lose(document.Partial, document.TooMany, "more files are embedded than may be")
			return nil
		}
		c := &document.Child{Step: name, Name: path.Base(name), Ordinal: n, Size: int64(min(f.UncompressedSize64, math.MaxInt64)), Modified: f.Modified}
		limit := PartLimit(f, l)
		r, err := f.Open()
		switch {
		case err != nil:
			c.Reason = document.Corrupt
		case c.Size > limit:
			c.Reason = document.Bomb
		default:
			c.Content = io.LimitReader(r, limit)
			unwrap(c)
		}
		err = emit(c)
		if r != nil {
			r.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// maxWrapped bounds an object that is unwrapped in memory.
const maxWrapped = 64 << 20

// unwrap takes the file out of an OLE object: programs embed whatever they do not
// know as a compound file around it. What is no wrapping stays as it is.
func unwrap(c *document.Child) {
	if c.Size > maxWrapped || !strings.EqualFold(path.Ext(c.Name), ".bin") {
		return
	}
	data, err := io.ReadAll(io.LimitReader(c.Content, maxWrapped))
	c.Content, c.Size = bytes.NewReader(data), int64(len(data))
	if err != nil || !compound.Is(data) {
		return
	}
	f, err := compound.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	name, body := f.Object(f.Root)
	switch {
	case len(body) == 0:
	case strings.HasPrefix(name, f.Root.Name):
		// A document of older Office is such a file itself.
		c.Name = strings.TrimSuffix(c.Name, path.Ext(c.Name)) + path.Ext(name)
	default:
		if base := path.Base(strings.ReplaceAll(name, `\`, "/")); name != "Package" {
			c.Name = base
		}
		c.Content, c.Size = bytes.NewReader(body), int64(len(body))
	}
}
