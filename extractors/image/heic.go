package image

import (
	"encoding/binary"

	"guidang/extractors/document"
)

// maxMeta bounds the box that describes a HEIC file; phones write 4 KB.
const maxMeta = 4 << 20

// heic reads the meta box (ISO 23008-12, 6; ISO 14496-12, 8.11): the size of the
// largest picture, and where the Exif block is. The picture itself is for a
// decoder; a pure Go one was not found.
func heic(in *document.Input, f *facts) {
	from := int64(0)
	for range maxSteps {
		h := at(in, from, 16)
		if len(h) < 8 {
			f.cut = f.width == 0
			return
		}
		n := int64(binary.BigEndian.Uint32(h))
		if string(h[4:8]) == "meta" {
			meta(in, at(in, from+12, int(min(n-12, maxMeta))), f)
			return
		}
		if n == 1 && len(h) == 16 {
			n = int64(binary.BigEndian.Uint64(h[8:])&1<<62 - 1)
		}
		if n < 8 {
			return
		}
		from += n
	}
}

// boxes hands each box of b to each.
func boxes(b []byte, each func(name string, body []byte)) {
	for len(b) >= 8 {
		n := int(binary.BigEndian.Uint32(b))
		if n < 8 || n > len(b) {
			return
		}
		each(string(b[4:8]), b[8:n])
		b = b[n:]
	}
}

func meta(in *document.Input, b []byte, f *facts) {
	exifItem := -1
	var places []byte
	boxes(b, func(name string, body []byte) {
		switch name {
		case "iprp":
			boxes(body, func(name string, body []byte) {
				if name != "ipco" {
					return
				}
				boxes(body, func(name string, body []byte) {
					if name != "ispe" || len(body) < 12 {
						return
					}
					w, h := int(binary.BigEndian.Uint32(body[4:])), int(binary.BigEndian.Uint32(body[8:]))
					if w > 0 && w < 1<<30 && h > 0 && h < 1<<30 && int64(w)*int64(h) > int64(f.width)*int64(f.height) {
						f.width, f.height = w, h
					}
				})
			})
		case "iinf":
			if len(body) < 6 {
				return
			}
			skip := 6
			if body[0] != 0 {
				skip = 8
			}
			boxes(body[min(skip, len(body)):], func(name string, body []byte) {
				if name == "infe" && len(body) >= 12 && body[0] == 2 && string(body[8:12]) == "Exif" {
					exifItem = int(binary.BigEndian.Uint16(body[4:]))
				}
			})
		case "iloc":
			places = body
		}
	})
	if exifItem < 0 {
		return
	}
	if from, n, ok := placeOf(places, exifItem); ok {
		block := at(in, from, int(min(n, 1<<20)))
		// Its first four bytes say how far the TIFF is.
		if len(block) > 4 {
			if skip := int(binary.BigEndian.Uint32(block)); skip < len(block)-4 {
				f.exif.parse(block[4+skip:])
			}
		}
	}
}

// placeOf finds the first extent of an item (ISO 14496-12, 8.11.3).
func placeOf(b []byte, item int) (from, n int64, ok bool) {
	pos := 0
	take := func(width int) int64 {
		v := int64(0)
		for range width {
			if pos >= len(b) {
				return 0
			}
			v = v<<8 | int64(b[pos])
			pos++
		}
		return v
	}
	version := take(1)
	take(3)
	sizes := take(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		indexSize = 0
	}
	wide := 2
	if version == 2 {
		wide = 4
	}
	for count := take(wide); count > 0 && pos < len(b); count-- {
		id, method := take(wide), int64(0)
		if version > 0 {
			method = take(2) & 15
		}
		take(2)
		base := take(baseSize)
		for i, extents := 0, int(take(2)); i < extents && pos < len(b); i++ {
			take(indexSize)
			offset, length := take(offsetSize), take(lengthSize)
			if int(id) == item && i == 0 && method == 0 {
				return base + offset, length, length > 0
			}
		}
	}
	return 0, 0, false
}
