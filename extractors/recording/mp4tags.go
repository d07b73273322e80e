package recording

import (
	"bytes"
	"encoding/binary"
	"strings"

	"guidang/extractors/charset"
)

const (
	// maxMeta of a list of tags is read; covers lie in it too, mostly at its end.
	maxMeta = 1 << 20
	maxTags = 1000
)

// meta reads the tags of a movie: those of iTunes by their four letters, those of
// QuickTime by keys (Apple, QuickTime File Format, Metadata).
func (w *mp4Walk) meta(at, end int64) {
	b := make([]byte, min(max(end-at, 0), maxMeta))
	n, _ := w.in.Bytes.ReadAt(b, at)
	b = b[:n]
	// QUIRK: ISO/IEC 14496-12 8.11.1 gives the box a version; QuickTime has none.
	if len(b) >= 8 && string(b[4:8]) != "hdlr" {
		b = b[4:]
	}
	var keys []string
	eachBox(b, func(kind string, body []byte) {
		switch kind {
		case "keys":
			keys = mp4Keys(body)
		case "ilst":
			eachBox(body, func(kind string, body []byte) {
				if n := binary.BigEndian.Uint32([]byte(kind)); n > 0 && int64(n) <= int64(len(keys)) {
					kind = keys[n-1]
				}
				eachBox(body, func(data string, body []byte) {
					if data == "data" && len(body) > 8 {
						w.told(kind, mp4Text(body[8:], binary.BigEndian.Uint32(body)&0xffffff))
					}
				})
			})
		}
	})
}

// mp4Text decodes a value: type 2 is UTF-16, 1 is UTF-8, 0 is not said.
func mp4Text(b []byte, kind uint32) string {
	b = b[:min(len(b), maxTagText)]
	switch kind {
	case 0, 1:
		text, _, _ := charset.Decode(b, "")
		return text
	case 2:
		return wide(b, true)
	}
	return ""
}

func mp4Keys(b []byte) (keys []string) {
	if len(b) < 8 {
		return nil
	}
	eachBox(b[8:], func(_ string, key []byte) { keys = append(keys, string(key[:min(len(key), maxTag)])) })
	return keys
}

// user reads the older tags of QuickTime and of telephones beside the list: their
// texts have a length and a language, or a version and a language.
func (w *mp4Walk) user(kind string, at, end int64) {
	b := make([]byte, min(max(end-at, 0), maxTagText))
	n, _ := w.in.Bytes.ReadAt(b, at)
	b = b[:n]
	switch {
	case kind[0] == 0xa9 && len(b) > 4:
		length := int(binary.BigEndian.Uint16(b))
		w.told(kind, mp4Text(b[4:4+min(length, len(b)-4)], 0))
	case len(b) > 6: // 3GPP TS 26.244 8.2
		b = b[6:]
		if len(b) >= 2 && (b[0] == 0xfe && b[1] == 0xff) {
			w.told(kind, mp4Text(b, 2))
			return
		}
		b, _, _ = bytes.Cut(b, []byte{0})
		w.told(kind, mp4Text(b, 0))
	}
}

// told keeps what a tag says.
func (w *mp4Walk) told(kind, text string) {
	switch strings.TrimPrefix(kind, "com.apple.quicktime.") {
	case "\xa9nam", "titl", "title", "displayname":
		w.s.tag(text, "", "")
	case "\xa9ART", "\xa9aut", "auth", "perf", "author", "artist":
		w.s.tag("", text, "")
	case "\xa9day":
		w.s.tag("", "", text)
	case "creationdate": // a telephone's: of the moment itself, with its zone
		if date, clock := tagDate(text); clock {
			w.s.created, w.s.tagged = date, true
		}
	}
}

// eachBox gives the boxes that lie in b, as far as they are whole.
func eachBox(b []byte, do func(kind string, body []byte)) {
	for range maxTags {
		if len(b) < 8 {
			return
		}
		size := int64(binary.BigEndian.Uint32(b))
		if size < 8 || size > int64(len(b)) {
			// A list longer than what is read of it still begins here.
			if size < 8 || string(b[4:8]) != "ilst" {
				return
			}
			size = int64(len(b))
		}
		do(string(b[4:8]), b[8:size])
		b = b[size:]
	}
}
