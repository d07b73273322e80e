package image

import (
	"bytes"
	"context"
	"encoding/binary"
	std "image"
	"image/color"
	gifs "image/gif"
	jpegs "image/jpeg"
	pngs "image/png"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
}

func readOne(t testing.TB, data []byte) *document.Document {
	t.Helper()
	in := input("照片", data)
	if !Image.Detect(in) {
		t.Error("not detected")
	}
	doc, err := Image.Read(context.Background(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// value is one entry of a directory under construction.
type value struct {
	tag, kind uint16
	data      any
}

// block writes a TIFF of directories; a value of []value is a directory of its
// own, and each of next is one more page.
func block(order binary.ByteOrder, first []value, next ...[]value) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, order, v) }
	if order == binary.BigEndian {
		b.WriteString("MM")
	} else {
		b.WriteString("II")
	}
	put(uint16(42))
	put(uint32(8))
	type late struct {
		at   int
		data any
	}
	var later []late
	write := func(list []value) int {
		put(uint16(len(list)))
		for _, v := range list {
			put(v.tag)
			put(v.kind)
			switch d := v.data.(type) {
			case uint16:
				put(uint32(1))
				put(d)
				put(uint16(0))
			case uint32:
				put(uint32(1))
				put(d)
			case string:
				put(uint32(len(d)))
				later = append(later, late{b.Len(), []byte(d)})
				put(uint32(0))
			case []uint32:
				put(uint32(len(d) / 2))
				later = append(later, late{b.Len(), d})
				put(uint32(0))
			case []value:
				put(uint32(1))
				later = append(later, late{b.Len(), d})
				put(uint32(0))
			}
		}
		end := b.Len()
		put(uint32(0))
		return end
	}
	ends := []int{write(first)}
	fix := func(at int) {
		order.PutUint32(b.Bytes()[at:], uint32(b.Len()))
	}
	for _, n := range next {
		fix(ends[len(ends)-1])
		ends = append(ends, write(n))
	}
	for len(later) > 0 { // a directory adds to it
		next := later[0]
		later = later[1:]
		fix(next.at)
		switch d := next.data.(type) {
		case []byte:
			b.Write(d)
			for b.Len() < 12 {
				b.WriteByte(0)
			}
		case []uint32:
			put(d)
		case []value:
			write(d)
		}
	}
	return b.Bytes()
}

func photo() []value {
	return []value{{0x10e, 2, "机房现场照片\x00"}, {0x10f, 2, "Canon\x00"}, {0x110, 2, "Canon EOS 5D\x00"}, {0x112, 3, uint16(6)}, {0x13b, 2, "王伟摄影\x00"},
		{0x8769, 4, []value{{0x9003, 2, "2024:03:05 10:30:00\x00"}, {0x9011, 2, "+08:00\x00"}}},
		{0x8825, 4, []value{{1, 2, "N\x00\x00\x00\x00"}, {2, 5, []uint32{30, 1, 16, 1, 2676, 100}}, {3, 2, "E\x00\x00\x00\x00"}, {4, 5, []uint32{120, 1, 9, 1, 18, 1}}}}}
}

func TestJPEGWithExif(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]binary.ByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		var plain bytes.Buffer
		if err := jpegs.Encode(&plain, std.NewGray(std.Rect(0, 0, 400, 300)), nil); err != nil {
			t.Fatal(err)
		}
		exif := append([]byte("Exif\x00\x00"), block(order, photo())...)
		data := append([]byte("\xff\xd8\xff\xe1"), byte((len(exif)+2)>>8), byte(len(exif)+2))
		data = append(append(data, exif...), plain.Bytes()[2:]...)
		doc := readOne(t, data)
		for field, want := range map[string]string{"width": "400", "height": "300", "camera": "Canon EOS 5D", "taken": "2024-03-05 10:30:00", "gps": "30.274100, 120.155000", "orientation": "6"} {
			if doc.Fields[field] != want {
				t.Errorf("%s: %s is %q, want %q", name, field, doc.Fields[field], want)
			}
		}
		if doc.Date != "2024-03-05T10:30:00+08:00" || doc.MediaType != "image/jpeg" || doc.Read != document.Partial || doc.Reason != document.MissingEngine || doc.Sections[0].Text != "机房现场照片" || doc.People[0].Name != "王伟摄影" {
			t.Errorf("%s: %+v", name, doc)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	var png, gif bytes.Buffer
	_ = pngs.Encode(&png, std.NewGray(std.Rect(0, 0, 200, 200)))
	_ = gifs.Encode(&gif, std.NewPaletted(std.Rect(0, 0, 16, 9), color.Palette{color.Black, color.White}), nil)
	bmp := append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), 100, 0, 0, 0, 0xce, 0xff, 0xff, 0xff)
	webp := append([]byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), 0x1f, 3, 0, 0x57, 2, 0, 0, 0)
	size := func(w, h uint32) []value { return []value{{0x100, 4, w}, {0x101, 4, h}} }
	tests := []struct {
		name          string
		data          []byte
		kind          string
		width, height string
		read          document.Read
	}{
		{"png", png.Bytes(), "image/png", "200", "200", document.Partial},
		{"gif", gif.Bytes(), "image/gif", "16", "9", document.Full},
		{"bmp", bmp, "image/bmp", "100", "50", document.Full},
		{"webp", webp, "image/webp", "800", "600", document.Partial},
		{"tiff of three pages", block(binary.BigEndian, size(160, 120), size(1700, 2200), size(1700, 2200)), "image/tiff", "1700", "2200", document.Partial},
		{"heic", heicOf(4032, 3024), "image/heic", "4032", "3024", document.Partial},
		{"a png of a billion pixels", append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0, 1, 0, 0, 0, 1, 0, 0, 8, 0, 0, 0, 0), "image/png", "65536", "65536", document.Partial},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := readOne(t, tt.data)
			if doc.MediaType != tt.kind || doc.Fields["width"] != tt.width || doc.Fields["height"] != tt.height || doc.Read != tt.read {
				t.Errorf("%s, read %s, %v, warnings %v", doc.MediaType, doc.Read, doc.Fields, doc.Warnings)
			}
			if strings.HasPrefix(tt.name, "tiff") && doc.Fields["pages"] != "3" {
				t.Errorf("pages %s", doc.Fields["pages"])
			}
		})
	}
	if doc := readOne(t, png.Bytes()[:26]); doc.Fields["width"] != "200" {
		t.Errorf("the beginning of a PNG: %+v", doc)
	}
	if doc := readOne(t, append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), make([]byte, 20)...)); doc.Read != document.None {
		t.Errorf("the beginning of a JPEG: %+v", doc)
	}
	film := append([]byte("\x00\x00\x00\x18ftypisom"), make([]byte, 30)...)
	if Image.Detect(input("a", film)) {
		t.Error("a film is taken for a picture")
	}
}

// heicOf is the head of a HEIC file, with a thumbnail's size before its own.
func heicOf(w, h uint32) []byte {
	box := func(name string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), name...), body...)
	}
	ispe := func(w, h uint32) []byte {
		return box("ispe", make([]byte, 4), binary.BigEndian.AppendUint32(nil, w), binary.BigEndian.AppendUint32(nil, h))
	}
	return append(box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), box("meta", make([]byte, 4), box("iprp", box("ipco", ispe(320, 240), ispe(w, h))))...)
}

func FuzzImage(f *testing.F) {
	f.Add(heicOf(10, 10))
	f.Add(block(binary.LittleEndian, photo(), photo()))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x08Exif\x00\x00\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a", data)
		if !Image.Detect(in) {
			return
		}
		doc, err := Image.Read(context.Background(), in, nil)
		if err != nil || doc.Read != document.Full && doc.Reason == "" {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
