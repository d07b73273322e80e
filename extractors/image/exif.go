package image

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// exif is what a camera writes beside a picture (Exif 2.32, CIPA DC-008).
type exif struct {
	maker, model string
	artist       string
	taken        string // 2024:03:05 10:30:00
	zone         string // +08:00
	turned       int    // orientation, 1 to 8
	place        [2]float64
	placed       bool
	text         []string
}

// directories reads the directories of a TIFF, within a file or within a block
// of memory.
type directories struct {
	in    *document.Input
	order binary.ByteOrder
}

// entry is one value of a directory.
type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte // the four bytes in place
}

const maxEntries = 1 << 10

func (d *directories) list(from int64) (out []entry, next int64, ok bool) {
	b := at(d.in, from, 2)
	if len(b) < 2 {
		return nil, 0, false
	}
	n := int(d.order.Uint16(b))
	if n > maxEntries {
		return nil, 0, false
	}
	b = at(d.in, from+2, n*12+4)
	for i := 0; i < n && len(b) >= i*12+12; i++ {
		e := b[i*12:]
		out = append(out, entry{d.order.Uint16(e), d.order.Uint16(e[2:]), d.order.Uint32(e[4:]), e[8:12]})
	}
	if len(b) < n*12+4 {
		return out, 0, len(out) == n // QUIRK: a last directory without its end is whole enough
	}
	return out, int64(d.order.Uint32(b[n*12:])), true
}

// widths of the types, in bytes (TIFF 6.0, section 2).
var widths = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}

// bytes are an entry's value, at most 4 KiB.
func (d *directories) bytes(e entry) []byte {
	n := min(int64(e.count)*int64(widths[e.kind]), 4<<10)
	if n <= 4 {
		return e.value[:max(n, 0)]
	}
	return at(d.in, int64(d.order.Uint32(e.value)), int(n))
}

func (d *directories) number(e entry) int {
	b := d.bytes(e)
	switch {
	case e.kind == 3 && len(b) >= 2:
		return int(d.order.Uint16(b))
	case e.kind == 4 && len(b) >= 4:
		return int(d.order.Uint32(b))
	}
	return 0
}

// text reads a string; cameras write ASCII, programs here GBK or UTF-8.
func (d *directories) text(e entry) string {
	b := d.bytes(e)
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	s, _, _ := charset.Decode(b, "")
	return strings.TrimSpace(s)
}

// wide reads a string that Windows keeps in UTF-16.
func (d *directories) wide(e entry) string {
	b := d.bytes(e)
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if c := binary.LittleEndian.Uint16(b[i:]); c != 0 {
			u = append(u, c)
		}
	}
	return strings.TrimSpace(string(utf16.Decode(u)))
}

// ratio is one rational number.
func (d *directories) ratio(b []byte) float64 {
	if len(b) < 8 || d.order.Uint32(b[4:]) == 0 {
		return 0
	}
	return float64(d.order.Uint32(b)) / float64(d.order.Uint32(b[4:]))
}

// page reads a directory that is a picture of its own.
func (d *directories) page(from int64, f *facts) (next int64, ok bool) {
	list, next, ok := d.list(from)
	if !ok {
		return 0, false
	}
	f.pages++
	width, height := 0, 0
	for _, e := range list {
		switch e.tag {
		case 0x100:
			width = d.number(e)
		case 0x101:
			height = d.number(e)
		}
	}
	// The largest page speaks for all: some keep a small picture for a preview first.
	if width > 0 && int64(width)*int64(height) > int64(f.width)*int64(f.height) {
		f.width, f.height = width, height
	}
	if f.pages == 1 {
		f.exif.first(d, list)
	}
	return next, true
}

// parse reads a block that begins like a TIFF.
func (x *exif) parse(b []byte) {
	if len(b) < 8 {
		return
	}
	d := &directories{in: &document.Input{Size: int64(len(b)), Bytes: bytes.NewReader(b)}, order: binary.LittleEndian}
	if b[0] == 'M' {
		d.order = binary.BigEndian
	}
	if list, _, ok := d.list(int64(d.order.Uint32(b[4:]))); ok {
		x.first(d, list)
	}
}

// first reads the first directory and the two that it points at.
func (x *exif) first(d *directories, list []entry) {
	for _, e := range list {
		switch e.tag {
		case 0x10e:
			// Cameras put their own name here.
			if s := d.text(e); !strings.Contains(strings.ToUpper(s), "DIGITAL CAMERA") {
				x.text = append(x.text, s)
			}
		case 0x10f:
			x.maker = d.text(e)
		case 0x110:
			x.model = d.text(e)
		case 0x112:
			x.turned = d.number(e)
		case 0x132:
			if x.taken == "" {
				x.taken = d.text(e)
			}
		case 0x13b:
			x.artist = d.text(e)
		case 0x9c9b, 0x9c9c, 0x9c9f: // title, comment, subject
			x.text = append(x.text, d.wide(e))
		case 0x8769:
			x.details(d, int64(d.number(e)))
		case 0x8825:
			x.position(d, int64(d.number(e)))
		}
	}
}

func (x *exif) details(d *directories, from int64) {
	list, _, _ := d.list(from)
	for _, e := range list {
		switch e.tag {
		case 0x9003:
			if s := d.text(e); strings.Trim(s, "0: ") != "" {
				x.taken = s
			}
		case 0x9011, 0x9010:
			x.zone = d.text(e)
		case 0x9286:
			if b := d.bytes(e); len(b) > 8 && string(b[:5]) == "ASCII" {
				s, _, _ := charset.Decode(bytes.Trim(b[8:], "\x00 "), "")
				x.text = append(x.text, s)
			}
		}
	}
}

// position reads where it was taken (4.6.6): degrees, minutes, seconds.
func (x *exif) position(d *directories, from int64) {
	list, _, _ := d.list(from)
	var got [2]bool
	var sign [2]float64
	for _, e := range list {
		switch e.tag {
		case 1, 3:
			sign[e.tag/2] = 1
			if s := d.text(e); s == "S" || s == "W" {
				sign[e.tag/2] = -1
			}
		case 2, 4:
			if b := d.bytes(e); e.kind == 5 && len(b) >= 24 {
				i := e.tag/2 - 1
				x.place[i] = d.ratio(b) + d.ratio(b[8:])/60 + d.ratio(b[16:])/3600
				got[i] = true
			}
		}
	}
	x.placed = got[0] && got[1] && math.Abs(x.place[0]) <= 90 && math.Abs(x.place[1]) <= 180 && (x.place[0] != 0 || x.place[1] != 0)
	for i, s := range sign {
		if s < 0 {
			x.place[i] = -x.place[i]
		}
	}
}

// tell puts what is known into the document.
func (x *exif) tell(doc *document.Document) {
	if t, err := time.Parse("2006:01:02 15:04:05", x.taken); err == nil && t.Year() > 1980 {
		doc.Date = t.Format(time.DateOnly)
		doc.Fields["taken"] = t.Format("2006-01-02 15:04:05")
		if zoned, err := time.Parse("2006-01-02T15:04:05-07:00", t.Format("2006-01-02T15:04:05")+x.zone); err == nil {
			doc.Date = zoned.Format(time.RFC3339)
		}
	}
	camera := x.model
	if !strings.HasPrefix(strings.ToLower(camera), strings.ToLower(x.maker)) {
		camera = strings.TrimSpace(x.maker + " " + x.model)
	}
	if camera != "" {
		doc.Fields["camera"] = camera
	}
	if x.turned > 1 && x.turned <= 8 {
		doc.Fields["orientation"] = strconv.Itoa(x.turned)
	}
	if x.placed {
		doc.Fields["gps"] = fmt.Sprintf("%.6f, %.6f", x.place[0], x.place[1])
	}
	if x.artist != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: x.artist})
	}
}
