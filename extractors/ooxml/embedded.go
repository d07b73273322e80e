package ooxml

import (
	"archive/zip"
	"context"
	"io"
	"math"
	"path"
	"strings"

	"guidang/extractors/document"
)

// Embedded hands out the files embedded in a package as children, in the
// package's order.
func Embedded(ctx context.Context, z *zip.Reader, folder string, l document.Limits, doc *document.Document, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	n := 0
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, "\\", "/")
		if !strings.HasPrefix(strings.ToLower(name), folder) || f.FileInfo().IsDir() {
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
