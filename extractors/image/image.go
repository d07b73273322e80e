// Package image reads what pictures say about themselves: size, pages, when and
// where they were taken, by which camera. Only their headers are read, so that
// a picture of a billion pixels costs no more than a small one; the text in a
// picture is for an engine.
package image

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Image reads JPEG, PNG, GIF, BMP, TIFF, WebP, HEIC and AVIF.
var Image = document.Format{
	Name: "image", Version: 1, Kind: document.KindImage, MediaType: "image/x-any",
	Detect: func(in *document.Input) bool { return typeOf(in.Head()) != "" },
	Read:   read, Draw: drawPage,
}

// facts are what a header tells.
type facts struct {
	width, height int
	pages         int // of a TIFF
	exif          exif
	text          []string // comments
	cut           bool     // it ends within its header
}

// readers reads each type.
var readers = map[string]func(in *document.Input, f *facts){
	"image/jpeg": jpeg, "image/png": png, "image/gif": gif, "image/bmp": bmp, "image/tiff": tiff, "image/webp": webp, "image/heic": heic, "image/avif": heic,
}

// typeOf tells a picture by its first bytes.
func typeOf(head []byte) string {
	switch {
	case len(head) < 26:
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return "image/gif"
	case bytes.HasPrefix(head, []byte("BM")) && slices.Contains([]uint32{12, 16, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(head[14:])):
		return "image/bmp"
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return "image/tiff"
	case bytes.HasPrefix(head, []byte("RIFF")) && string(head[8:12]) == "WEBP":
		return "image/webp"
	case string(head[4:8]) == "ftyp":
		return brand(head)
	}
	return ""
}

// brand tells HEIC and AVIF from films (ISO 23008-12, 10.2): by the major brand,
// or the first that fits.
func brand(head []byte) string {
	size := min(int(binary.BigEndian.Uint32(head)), len(head), 256)
	for at := 8; at+4 <= size; at += 4 {
		switch string(head[at : at+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return "image/heic"
		case "avif", "avis":
			return "image/avif"
		}
		if at == 8 && string(head[8:12]) != "mif1" && string(head[8:12]) != "msf1" {
			break
		}
	}
	return ""
}

// smallest is how many pixels a picture has that may hold text worth reading.
// Icons, bullets and signatures' logos have fewer: 300 x 100 is a logo.
const smallest = 40_000

func read(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	kind := typeOf(in.Head())
	if kind == "" {
		return document.Unreadable(document.KindImage, document.Corrupt, "it does not begin as a picture"), nil
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	f := &facts{pages: 1}
	readers[kind](in, f)
	doc := &document.Document{Kind: document.KindImage, MediaType: kind, Read: document.Full, Fields: map[string]string{}}
	if f.width <= 0 || f.height <= 0 {
		reason := document.Corrupt
		if f.cut {
			reason = document.Truncated
		}
		d := document.Unreadable(document.KindImage, reason, "its header is damaged")
		d.MediaType = kind
		return d, nil
	}
	doc.Fields["width"], doc.Fields["height"] = strconv.Itoa(f.width), strconv.Itoa(f.height)
	if kind == "image/tiff" {
		doc.Fields["pages"] = strconv.Itoa(f.pages)
	}
	f.exif.tell(doc)
	text := slices.Concat(f.text, f.exif.text)
	for i, s := range text {
		text[i] = strings.TrimSpace(strings.Trim(s, "\x00"))
	}
	if s := strings.TrimSpace(strings.Join(slices.Compact(text), "\n")); s != "" {
		doc.AddText(document.Position{Part: "description"}, "", s)
		doc.Language = charset.Language(s)
	}
	switch pixels := int64(f.width) * int64(f.height); {
	case pixels > in.Limits.WithDefaults().Pixels:
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("it has %d pixels: what it shows is not looked at", pixels))
	case pixels >= smallest:
		doc.Lose(document.Partial, document.MissingEngine, "the text that it may show needs OCR")
	}
	return doc, nil
}

// at reads n bytes at a place, fewer at the end of the file.
func at(in *document.Input, from int64, n int) []byte {
	if from < 0 || from >= in.Size || n <= 0 {
		return nil
	}
	b := make([]byte, min(int64(n), in.Size-from))
	got, err := in.Bytes.ReadAt(b, from)
	if err != nil && err != io.EOF {
		return nil
	}
	return b[:got]
}

const maxSteps = 4096 // segments or chunks that are looked at

// jpeg walks the segments up to the picture's data (ITU-T T.81, B.1).
func jpeg(in *document.Input, f *facts) {
	from := int64(2)
	for range maxSteps {
		h := at(in, from, 4)
		if len(h) < 4 {
			f.cut = true
			return
		}
		if h[0] != 0xff {
			return
		}
		if h[1] == 0xff { // fill
			from++
			continue
		}
		n := int(binary.BigEndian.Uint16(h[2:]))
		switch m := h[1]; {
		case m == 0xd9, m == 0xda:
			return
		case m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc:
			if b := at(in, from+4, 5); len(b) == 5 {
				f.height, f.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
			}
		case m == 0xe1:
			if b := at(in, from+4, n-2); bytes.HasPrefix(b, []byte("Exif\x00\x00")) {
				f.exif.parse(b[6:])
			}
		case m == 0xfe:
			if s, _, lossy := charset.Decode(at(in, from+4, min(n-2, 4<<10)), ""); !lossy {
				f.text = append(f.text, s)
			}
		}
		from += int64(max(n, 2)) + 2
	}
}

// png walks the chunks (ISO 15948, 5.3).
func png(in *document.Input, f *facts) {
	from := int64(8)
	for range maxSteps {
		h := at(in, from, 16)
		if len(h) < 8 {
			f.cut = true
			return
		}
		n := int64(binary.BigEndian.Uint32(h))
		switch string(h[4:8]) {
		case "IHDR":
			if len(h) == 16 {
				f.width, f.height = int(binary.BigEndian.Uint32(h[8:])&0x7fffffff), int(binary.BigEndian.Uint32(h[12:])&0x7fffffff)
			}
		case "eXIf":
			f.exif.parse(at(in, from+8, int(min(n, 1<<20))))
		case "tEXt":
			b := at(in, from+8, int(min(n, 4<<10)))
			key, value, ok := bytes.Cut(b, []byte{0})
			switch string(key) {
			case "Title", "Description", "Comment":
				if s, _, lossy := charset.Decode(value, ""); ok && !lossy {
					f.text = append(f.text, s)
				}
			}
		case "IEND":
			return
		}
		from += n + 12
	}
}

func gif(in *document.Input, f *facts) {
	h := in.Head()
	f.width, f.height = int(binary.LittleEndian.Uint16(h[6:])), int(binary.LittleEndian.Uint16(h[8:]))
}

func bmp(in *document.Input, f *facts) {
	h := in.Head()
	if binary.LittleEndian.Uint32(h[14:]) == 12 {
		f.width, f.height = int(binary.LittleEndian.Uint16(h[18:])), int(binary.LittleEndian.Uint16(h[20:]))
		return
	}
	w, t := int32(binary.LittleEndian.Uint32(h[18:])), int32(binary.LittleEndian.Uint32(h[22:])) //nolint:gosec // the sign is meant
	if t < 0 {                                                                                   // from top to bottom
		t = -t
	}
	f.width, f.height = int(w), int(t)
}

// tiff walks the directories, one a page (TIFF 6.0, section 2). Big scans of fax
// servers have hundreds.
func tiff(in *document.Input, f *facts) {
	d := directories{in: in, order: binary.ByteOrder(binary.LittleEndian)}
	if in.Head()[0] == 'M' {
		d.order = binary.BigEndian
	}
	f.pages = 0
	next := int64(d.order.Uint32(in.Head()[4:]))
	seen := map[int64]bool{}
	for next > 0 && !seen[next] && f.pages < 20_000 {
		seen[next] = true
		var ok bool
		if next, ok = d.page(next, f); !ok {
			f.cut = true
			return
		}
	}
}

// webp walks the chunks of a RIFF file.
func webp(in *document.Input, f *facts) {
	from := int64(12)
	for range maxSteps {
		h := at(in, from, 18)
		if len(h) < 8 {
			f.cut = f.width == 0
			return
		}
		n := int64(binary.LittleEndian.Uint32(h[4:]))
		if len(h) == 18 {
			switch string(h[:4]) {
			case "VP8X":
				f.width, f.height = 1+int(h[12])+int(h[13])<<8+int(h[14])<<16, 1+int(h[15])+int(h[16])<<8+int(h[17])<<16
			case "VP8L":
				if v := binary.LittleEndian.Uint32(h[9:]); f.width == 0 {
					f.width, f.height = 1+int(v&0x3fff), 1+int(v>>14&0x3fff)
				}
			case "VP8 ":
				if b := at(in, from+14, 4); f.width == 0 && len(b) == 4 {
					f.width, f.height = int(binary.LittleEndian.Uint16(b)&0x3fff), int(binary.LittleEndian.Uint16(b[2:])&0x3fff)
				}
			case "EXIF":
				f.exif.parse(bytes.TrimPrefix(at(in, from+8, int(min(n, 1<<20))), []byte("Exif\x00\x00")))
			}
		}
		from += 8 + n + n&1
	}
}
