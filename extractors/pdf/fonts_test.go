//go:build !light

package pdf

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"guidang/extractors/document"
)

// boxFont makes a TrueType font (OpenType 1.9) which says that it is one for code page
// 936 with the characters from U+4E00 to U+9FFF. Only 合 can be seen, as a full square.
func boxFont() []byte {
	pack := func(parts ...any) []byte {
		var b bytes.Buffer
		for _, p := range parts {
			_ = binary.Write(&b, binary.BigEndian, p)
		}
		return b.Bytes()
	}
	var family []byte
	for _, u := range utf16.Encode([]rune("Box Song")) {
		family = append(family, byte(u>>8), byte(u))
	}
	n := uint16(len(family))
	// One contour of four points, each on the curve, with long coordinates.
	glyph := pack(int16(1), int16(0), int16(0), int16(1000), int16(1000), uint16(3), uint16(0),
		[]byte{1, 1, 1, 1}, []int16{0, 0, 1000, 0}, []int16{0, 1000, 0, -1000})
	const first, last = 0x4e00, 0x9fff
	// There are as many glyphs as characters, and all but one are empty.
	count, shown := last-first+2, 0x5408-first+1 // 合
	loca := make([]uint32, count+1)
	for i := shown + 1; i < len(loca); i++ {
		loca[i] = uint32(len(glyph))
	}
	tables := []struct {
		name string
		data []byte
	}{
		{"OS/2", pack(uint16(3), int16(1000), uint16(400), uint16(5), uint16(0), make([]int16, 10), int16(0), make([]byte, 10), make([]uint32, 4), []byte("TEST"), uint16(0x40),
			uint16(first), uint16(last), int16(800), int16(-200), int16(0), uint16(800), uint16(200), uint32(1<<18), uint32(0), int16(500), int16(700), uint16(0), uint16(32), uint16(1))},
		{"cmap", pack(uint16(0), uint16(1), uint16(3), uint16(1), uint32(12),
			uint16(4), uint16(32), uint16(0), uint16(4), uint16(4), uint16(1), uint16(0), uint16(last), uint16(0xffff), uint16(0), uint16(first), uint16(0xffff), int16(-(first - 1)), int16(1), uint16(0), uint16(0))},
		{"glyf", glyph},
		{"head", pack(uint32(0x10000), uint32(0x10000), uint32(0), uint32(0x5f0f3cf5), uint16(3), uint16(1000), int64(0), int64(0), int16(0), int16(0), int16(1000), int16(1000), uint16(0), uint16(8), int16(2), int16(1), int16(0))},
		{"hhea", pack(uint32(0x10000), int16(800), int16(-200), int16(0), uint16(1000), int16(0), int16(0), int16(1000), int16(1), int16(0), int16(0), make([]int16, 4), int16(0), uint16(1))},
		{"hmtx", pack(uint16(1000), int16(0), make([]int16, count-1))},
		{"loca", pack(loca)},
		{"maxp", pack(uint32(0x10000), uint16(count), uint16(4), uint16(1), make([]uint16, 2), uint16(1), make([]uint16, 8))},
		{"name", pack(uint16(0), uint16(1), uint16(18), uint16(3), uint16(1), uint16(0x409), uint16(1), n, uint16(0), family)},
		{"post", pack(uint32(0x30000), make([]uint32, 7))},
	}
	head, body := pack(uint32(0x10000), uint16(len(tables)), uint16(128), uint16(3), uint16(len(tables)*16-128)), []byte{}
	for _, t := range tables {
		head = append(head, t.name...)
		head = append(head, pack(uint32(0), uint32(12+16*len(tables)+len(body)), uint32(len(t.data)))...)
		body = append(body, t.data...)
		body = append(body, make([]byte, (4-len(body)%4)%4)...)
	}
	return append(head, body...)
}

// TestFonts draws a page whose font is not in the file, without any font at hand and
// with one that lies in a folder of the system.
func TestFonts(t *testing.T) {
	t.Parallel()
	data := makePDF(&maker{}, page{content: show("U1", utf16be("合合合合"))})
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "truetype", "box"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "truetype", "box", "box.ttf"), boxFont(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := easternFonts([]string{filepath.Join(dir, "x"), dir}); len(got) != 1 || filepath.Base(got[0]) != "box.ttf" {
		t.Errorf("Chinese fonts: %q", got)
	}
	for _, c := range []struct {
		name  string
		fonts []string
		lacks document.Reason
	}{{"none", nil, document.MissingTool}, {"an empty folder", []string{t.TempDir()}, document.MissingTool}, {"a folder that is not there", []string{filepath.Join(dir, "x")}, document.MissingTool}, {"a font", []string{filepath.Join(dir, "x"), dir}, ""}} {
		e := newEngine(cacheDir(t)).(*pdfiumEngine)
		e.fonts = c.fonts
		got, err := formatOf(e).Draw(t.Context(), input("a.pdf", data), document.Drawing{Page: 1, Width: 800, Height: 4000})
		if err != nil || got.Content == nil {
			t.Fatalf("%s: %v, %+v", c.name, err, got)
		}
		b, _ := io.ReadAll(got.Content)
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		dark := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
					dark++
				}
			}
		}
		if got.Reason != c.lacks || (dark > 100) != (c.lacks == "") {
			t.Errorf("%s: %d dark pixels, %q", c.name, dark, got.Reason)
		}
	}
}

// TestFontFiles: the engine sees the folders of fonts and those around them, and no
// way out of them.
func TestFontFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"fonts/a/a.ttf": "a", "secret.txt": "s"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Symlink(filepath.Join(dir, "secret.txt"), filepath.Join(dir, "fonts", "link.ttf"))
	f := newFontFiles([]string{filepath.Join(dir, "fonts")})
	for name, want := range map[string]bool{
		".": true, "usr": true, "usr/share": true, "usr/share/fonts": true, "usr/share/fonts/a/a.ttf": true,
		"usr/local": false, "usr/share/fontsx": false, "etc": false, "usr/share/fonts/link.ttf": false, "usr/share/fonts/../secret.txt": false, "usr/share/x": false,
	} {
		file, err := f.Open(name)
		if err == nil {
			_, err = file.Stat()
			_ = file.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if entries, err := fs.ReadDir(f, "usr"); err != nil || len(entries) != 0 {
		t.Errorf("a folder around them holds %v, %v", entries, err)
	}
}
