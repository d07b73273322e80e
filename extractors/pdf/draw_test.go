//go:build !light

package pdf

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"testing"

	"guidang/extractors/document"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	f := format
	data := makePDF(&maker{}, page{content: show("F1", "Hello")}, page{content: show("U1", utf16be("合同金额"))})
	pixels := func(d document.Drawing) (c *document.Child, b []byte) {
		t.Helper()
		c, err := f.Draw(t.Context(), input("a.pdf", data), d)
		if err != nil {
			t.Fatal(err)
		}
		if c.Content != nil {
			b, _ = io.ReadAll(c.Content)
		}
		return c, b
	}
	c, b := pixels(document.Drawing{Page: 1, Width: 400, Height: 4000})
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != 400 || img.Bounds().Dy() != 566 || c.Reason != "" {
		t.Errorf("page 1: %v %v %q", err, img.Bounds(), c.Reason)
	}
	dark := 0
	for y := range 566 {
		for x := range 400 {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	if dark < 20 {
		t.Errorf("only %d dark pixels", dark)
	}
	_, _ = pixels(document.Drawing{Page: 2, Width: 400, Height: 4000}) // with fonts or without: see TestFonts
	_, b = pixels(document.Drawing{Page: 1, Width: 9000, Height: 9000, DPI: 72, Gray: true})
	var w, h int
	if _, err := fmt.Sscanf(string(b), "P5 %d %d 255\n", &w, &h); err != nil || w != 595 || h != 842 || len(b) != len("P5 595 842 255\n")+595*842 {
		t.Errorf("a graymap of %d bytes, %d x %d, %v", len(b), w, h, err)
	}
	if c, b = pixels(document.Drawing{Page: 3, Width: 400, Height: 400}); len(b) > 0 || c.Reason != document.Corrupt {
		t.Errorf("a page that is not there gives %d bytes and %q", len(b), c.Reason)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h       float64
		d          document.Drawing
		outW, outH int
	}{
		{595, 842, document.Drawing{Width: 5000, Height: 5000, DPI: 300, Gray: true}, 2479, 3508},
		{9_000_000, 9_000_000, document.Drawing{Width: 10_000, Height: 10_000, Gray: true}, 4242, 4242},
		{9_000_000, 1, document.Drawing{Width: 800, Height: 800}, 800, 1},
	} {
		if w, h := fit(c.w, c.h, c.d); w != c.outW || h != c.outH {
			t.Errorf("%v: %d x %d", c, w, h)
		}
	}
}
