package recording

import (
	"encoding/binary"
	"io"
	"strings"

	"guidang/extractors/charset"
)

// maxComments bounds a list whose length is only stated.
const maxComments = 1000

// vorbisComment reads the tags of FLAC, Vorbis and Opus (xiph.org, Vorbis I
// comment header): a vendor, then KEY=value. What is cut off is left.
func vorbisComment(s *sound, b []byte) {
	text := func() ([]byte, bool) {
		if len(b) < 4 {
			return nil, false
		}
		n := int64(binary.LittleEndian.Uint32(b))
		if n > int64(len(b)-4) {
			return nil, false
		}
		out := b[4 : 4+n]
		b = b[4+n:]
		return out, true
	}
	if _, ok := text(); !ok || len(b) < 4 {
		return
	}
	count := binary.LittleEndian.Uint32(b)
	b = b[4:]
	for range min(count, maxComments) {
		line, ok := text()
		if !ok {
			return
		}
		key, value, _ := strings.Cut(string(line[:min(len(line), maxTagText)]), "=")
		// QUIRK: values are UTF-8 by the specification; old rippers wrote their code page.
		value, _, _ = charset.Decode([]byte(value), "")
		switch strings.ToUpper(key) {
		case "TITLE":
			s.tag(value, "", "")
		case "ARTIST":
			s.tag("", value, "")
		case "DATE":
			s.tag("", "", value)
		}
	}
}

const (
	// maxCommentBytes of a comment packet are read; a picture of a cover may follow.
	maxCommentBytes = 64 << 10
	maxBlocks       = 128
)

// oggComment gives the second packet of an Ogg stream, as far as it is read: pages
// are taken apart by their lacing (RFC 3533, 6).
func oggComment(r io.ReaderAt) []byte {
	var out []byte
	at, packet := int64(0), 0
	for range maxBlocks {
		var h [27 + 255]byte
		n, _ := r.ReadAt(h[:], at)
		if n < 27 || string(h[:4]) != "OggS" || n < 27+int(h[26]) {
			return out
		}
		lacing := h[27 : 27+int(h[26])]
		at += 27 + int64(len(lacing))
		for _, l := range lacing {
			if packet == 1 {
				part := make([]byte, l)
				n, _ := r.ReadAt(part, at)
				out = append(out, part[:n]...)
			}
			at += int64(l)
			if l < 255 {
				packet++
			}
			if packet > 1 || len(out) > maxCommentBytes {
				return out
			}
		}
	}
	return out
}
