package image

import (
	"bytes"
	"encoding/binary"
	"fmt"
	std "image"
	"image/color"
	jpegs "image/jpeg"
	pngs "image/png"
	"io"
	"testing"

	bmps "golang.org/x/image/bmp"

	"guidang/extractors/document"
)

// corner is a picture of w x h whose upper left quarter is black.
func corner(w, h int) *std.Gray {
	g := std.NewGray(std.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if g.SetGray(x, y, color.Gray{Y: 255}); x < w/2 && y < h/2 {
				g.SetGray(x, y, color.Gray{})
			}
		}
	}
	return g
}

func drawn(t testing.TB, data []byte, d document.Drawing) (reason document.Reason, picture []byte) {
	t.Helper()
	c, err := Image.Draw(t.Context(), input("图", data), d)
	if err != nil {
		t.Fatal(err)
	}
	if c.Content != nil {
		picture, _ = io.ReadAll(c.Content)
	}
	return c.Reason, picture
}

// graymap reads the size of a PGM and where its black corner is.
func graymap(b []byte) string {
	var w, h int
	if _, err := fmt.Sscanf(string(b), "P5 %d %d 255\n", &w, &h); err != nil {
		return err.Error()
	}
	p := b[len(b)-w*h:]
	at := "none"
	for name, i := range map[string]int{"upper left": w + 1, "upper right": 2*w - 2, "lower left": (h-2)*w + 1, "lower right": (h-1)*w - 2} {
		if p[i] < 128 {
			at = name
		}
	}
	return fmt.Sprintf("%dx%d %s", w, h, at)
}

func TestDraw(t *testing.T) {
	t.Parallel()
	var p, j, m bytes.Buffer
	_ = pngs.Encode(&p, corner(80, 40))
	_ = jpegs.Encode(&j, corner(80, 40), nil)
	_ = bmps.Encode(&m, corner(80, 40))
	gray := document.Drawing{Page: 1, Width: 1000, Height: 1000, Gray: true}
	small := document.Drawing{Page: 1, Width: 20, Height: 1000, Gray: true}
	for name, c := range map[string]struct {
		data []byte
		d    document.Drawing
		want string
	}{
		"png": {p.Bytes(), gray, "80x40 upper left"}, "jpeg": {j.Bytes(), gray, "80x40 upper left"}, "bmp": {m.Bytes(), gray, "80x40 upper left"},
		"smaller": {p.Bytes(), small, "20x10 upper left"},
	} {
		if reason, got := drawn(t, c.data, c.d); graymap(got) != c.want || reason != "" {
			t.Errorf("%s: %s %q, want %s", name, graymap(got), reason, c.want)
		}
	}
	if _, got := drawn(t, j.Bytes(), document.Drawing{Page: 1, Width: 20, Height: 20}); !bytes.HasPrefix(got, []byte("\xff\xd8")) {
		t.Error("a photo is shown as something else than a JPEG")
	}
	if reason, got := drawn(t, p.Bytes()[:40], gray); reason != document.Truncated || got != nil {
		t.Errorf("a picture that is cut off: %q, %d bytes", reason, len(got))
	}
	if c, err := Image.Draw(t.Context(), input("a.png", p.Bytes()), document.Drawing{Page: 2, Width: 9, Height: 9}); err == nil {
		t.Errorf("a PNG has a second page: %v", c)
	}
}

// Each of the eight ways to hold a camera comes out upright.
func TestUpright(t *testing.T) {
	t.Parallel()
	for turned, want := range map[int]string{
		1: "40x20 upper left", 2: "40x20 upper right", 3: "40x20 lower right", 4: "40x20 lower left",
		5: "20x40 upper left", 6: "20x40 upper right", 7: "20x40 lower right", 8: "20x40 lower left",
	} {
		c, err := encode(corner(40, 20), turned, document.Drawing{Page: 1, Width: 100, Height: 100, Gray: true}, false)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(c.Content)
		if got := graymap(b); got != want {
			t.Errorf("turned %d: %s, want %s", turned, got, want)
		}
	}
}

// Each page of a TIFF is drawn, in both orders of bytes.
func TestDrawPagesOfTIFF(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := twoPages(order)
		for n, want := range map[int]string{1: "4x4 upper left", 2: "8x8 lower right"} {
			if reason, got := drawn(t, data, document.Drawing{Page: n, Width: 100, Height: 100, Gray: true}); graymap(got) != want {
				t.Errorf("%v page %d: %s %q, want %s", order, n, graymap(got), reason, want)
			}
		}
		if reason, _ := drawn(t, data, document.Drawing{Page: 3, Width: 100, Height: 100, Gray: true}); reason != document.Corrupt {
			t.Errorf("a third page says %q", reason)
		}
	}
}

// twoPages writes a TIFF of two gray pages without compression: the first black
// in its upper left quarter, the second in its lower right one.
func twoPages(order binary.ByteOrder) []byte {
	first := corner(4, 4).Pix
	second := corner(8, 8).Pix
	for i, j := 0, len(second)-1; i < j; i, j = i+1, j-1 {
		second[i], second[j] = second[j], second[i]
	}
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	type appender interface {
		AppendUint16(to []byte, v uint16) []byte
		AppendUint32(to []byte, v uint32) []byte
	}
	o := order.(appender)
	pixels := 8
	directory := pixels + len(first) + len(second)
	b = o.AppendUint32(b, uint32(directory))
	b = append(append(b, first...), second...)
	for _, side := range []int{4, 8} {
		list := [][3]uint32{{0x100, 4, uint32(side)}, {0x101, 4, uint32(side)}, {0x102, 3, 8}, {0x103, 3, 1}, {0x106, 3, 1},
			{0x111, 4, uint32(pixels)}, {0x115, 3, 1}, {0x116, 4, uint32(side)}, {0x117, 4, uint32(side * side)}}
		b = o.AppendUint16(b, uint16(len(list)))
		for _, e := range list {
			b = o.AppendUint16(b, uint16(e[0]))
			b = o.AppendUint16(b, uint16(e[1]))
			b = o.AppendUint32(b, 1)
			if e[1] == 3 {
				b = o.AppendUint16(o.AppendUint16(b, uint16(e[2])), 0)
			} else {
				b = o.AppendUint32(b, e[2])
			}
		}
		next := uint32(0)
		if side == 4 {
			next = uint32(len(b) + 4)
		}
		b = o.AppendUint32(b, next)
		pixels += side * side
	}
	return b
}

func FuzzDraw(f *testing.F) {
	var p, j bytes.Buffer
	_ = pngs.Encode(&p, corner(8, 4))
	_ = jpegs.Encode(&j, corner(8, 4), nil)
	for _, seed := range [][]byte{p.Bytes(), j.Bytes(), twoPages(binary.LittleEndian), twoPages(binary.BigEndian)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("图", data)
		in.Limits.Pixels = 1 << 16
		c, err := Image.Draw(t.Context(), in, document.Drawing{Page: 1, Width: 64, Height: 64, Gray: true})
		if err == nil && c.Content == nil && c.Reason == "" {
			t.Error("neither a picture nor a reason")
		}
	})
}
