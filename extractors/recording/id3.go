package recording

import (
	"bytes"
	"encoding/binary"
	"io"

	"guidang/extractors/charset"
)

const (
	// maxFrames and maxTagText bound what is read of one tag: texts are short, and
	// pictures and lyrics are stepped over.
	maxFrames  = 500
	maxTagText = 4 << 10

	// maxSynced is how much of a tag is held whose bytes have to be shifted.
	maxSynced = 1 << 20
)

// id3Names gives the plain meaning of the frames that are read, of ID3v2.2 and of
// the later versions.
var id3Names = map[string]string{
	"TT2": "title", "TIT2": "title", "TP1": "by", "TPE1": "by",
	"TDRC": "date", "TYE": "year", "TYER": "year", "TDA": "day", "TDAT": "day", "TIM": "clock", "TIME": "clock",
}

// id3Text is a text of a tag as it lies there.
type id3Text struct {
	latin bool
	bytes []byte
}

// readID3 takes title, author and date out of the ID3v2 tag of size bytes at at
// (id3.org, versions 2.2, 2.3 and 2.4).
func readID3(s *sound, r io.ReaderAt, at, size int64) {
	var head [10]byte
	if n, _ := r.ReadAt(head[:], at); n < len(head) || id3Size(head[:]) == 0 || size < 10 {
		return
	}
	version, flags := head[3], head[5]
	var tag io.ReaderAt = io.NewSectionReader(r, at+10, size-10)
	end := size - 10
	if flags&0x80 != 0 && version < 4 {
		b := make([]byte, min(end, maxSynced))
		n, _ := tag.ReadAt(b, 0)
		b = unsynced(b[:n])
		tag, end = bytes.NewReader(b), int64(len(b))
	}
	if version < 2 || version > 4 || version == 2 && flags&0x40 != 0 {
		return
	}
	pos := int64(0)
	if flags&0x40 != 0 { // an extended header; 2.4 counts its length with it
		var b [4]byte
		if n, _ := tag.ReadAt(b[:], 0); n < 4 {
			return
		}
		pos = int64(binary.BigEndian.Uint32(b[:])) + 4
		if version == 4 {
			pos = synchsafe(b[:])
		}
	}
	useTexts(s, id3Frames(tag, pos, end, version))
}

// id3Frames reads the frames of a tag whose meaning is known, the first of each.
func id3Frames(tag io.ReaderAt, pos, end int64, version byte) map[string]id3Text {
	found := map[string]id3Text{}
	head := int64(10)
	if version == 2 {
		head = 6
	}
	for range maxFrames {
		var h [10]byte
		if n, _ := tag.ReadAt(h[:head], pos); pos+head > end || int64(n) < head || h[0] == 0 {
			break
		}
		id, size, flags := string(h[:4]), int64(binary.BigEndian.Uint32(h[4:])), h[9]
		switch version {
		case 2:
			id, size, flags = string(h[:3]), int64(h[3])<<16|int64(h[4])<<8|int64(h[5]), 0
		case 4:
			size = id3FrameSize(tag, pos, end, h[4:8])
		}
		body := pos + head
		pos = body + size
		name := id3Names[id]
		if _, have := found[name]; name == "" || have || size > maxTagText || pos > end {
			continue
		}
		b := make([]byte, size)
		n, _ := tag.ReadAt(b, body)
		if t, ok := id3Body(b[:n], version, flags); ok {
			found[name] = t
		}
	}
	return found
}

// id3FrameSize is the length of a frame of version 2.4.
//
// QUIRK: ID3v2.4 6.2 writes it with seven bits a byte; iTunes wrote eight. The one
// behind which another frame, padding or the end lies is believed.
func id3FrameSize(tag io.ReaderAt, pos, end int64, b []byte) int64 {
	plain, safe := int64(binary.BigEndian.Uint32(b)), synchsafe(b)
	if plain == safe {
		return safe
	}
	fits := func(size int64) bool {
		next := pos + 10 + size
		var h [4]byte
		n, _ := tag.ReadAt(h[:], next)
		return next == end || next < end && n == 4 && (h[0] == 0 || h[0] >= 'A' && h[0] <= 'Z' && h[3] >= '0' && h[3] <= 'Z')
	}
	if b[0]|b[1]|b[2]|b[3] >= 0x80 || !fits(safe) && fits(plain) {
		return plain
	}
	return safe
}

func synchsafe(b []byte) int64 {
	return int64(b[0]&0x7f)<<21 | int64(b[1]&0x7f)<<14 | int64(b[2]&0x7f)<<7 | int64(b[3]&0x7f)
}

// unsynced takes out the zero that was put behind each 0xff, so that no player
// mistook a tag for sound.
func unsynced(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0xff, 0}, []byte{0xff}) }

// id3Body is the text of a frame; not ok: it is compressed, encrypted or empty.
func id3Body(b []byte, version, flags byte) (id3Text, bool) {
	skip := 0
	switch {
	case version == 3 && flags&0xc0 != 0, version == 4 && flags&0x0c != 0:
		return id3Text{}, false
	case version == 3 && flags&0x20 != 0:
		skip = 1
	case version == 4:
		skip = int(flags>>6&1) + 4*int(flags&1)
		if flags&2 != 0 && len(b) > skip {
			b = append(b[:skip:skip], unsynced(b[skip:])...)
		}
	}
	if len(b) < skip+2 {
		return id3Text{}, false
	}
	encoding, b := b[skip], b[skip+1:]
	switch encoding {
	case 1, 2: // UTF-16, with a mark and without
		return id3Text{bytes: []byte(wide(b, encoding == 2))}, true
	default: // 3 is UTF-8, which is known when it is seen
		b, _, _ = bytes.Cut(b, []byte{0})
		return id3Text{latin: true, bytes: b}, true
	}
}

// readID3v1 reads the tag of 128 bytes behind the sound.
func readID3v1(s *sound, b []byte) {
	field := func(from, to int) id3Text {
		t, _, _ := bytes.Cut(b[from:to], []byte{0})
		return id3Text{latin: true, bytes: t}
	}
	useTexts(s, map[string]id3Text{"title": field(3, 33), "by": field(33, 63)})
}

// useTexts decodes the texts of a tag and keeps what is not known yet.
//
// QUIRK: ID3v2 4.2 says that encoding 0 is ISO-8859-1; Chinese Windows writes
// there what its own code page is. A name of two characters cannot show it, so all
// texts of a tag are looked at together.
func useTexts(s *sound, found map[string]id3Text) {
	var all []byte
	for _, name := range []string{"title", "by"} {
		if t := found[name]; t.latin {
			all = append(append(all, t.bytes...), ' ')
		}
	}
	_, around, _ := charset.Decode(all, "")
	text := func(name string) string {
		t := found[name]
		if !t.latin {
			return string(t.bytes)
		}
		out, _, _ := charset.DecodeWithin(t.bytes, "", around)
		return out
	}
	date := text("date")
	if day := text("day"); date == "" && len(day) == 4 { // DDMM and HHMM
		date = text("year") + "-" + day[2:] + "-" + day[:2]
		if clock := text("clock"); len(clock) == 4 {
			date += "T" + clock[:2] + ":" + clock[2:] + ":00"
		}
	}
	s.tag(text("title"), text("by"), date)
}
