package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"guidang/extractors/document"
)

// Ogg reads Opus and Vorbis in Ogg: the first page says what it is, the last one
// how long (RFC 3533, RFC 7845).
var Ogg = format("ogg", "audio/ogg", isOgg, probeOgg)

func isOgg(in *document.Input) bool {
	h := in.Head()
	return bytes.HasPrefix(h, []byte("OggS")) && (bytes.Contains(h, []byte("OpusHead")) || bytes.Contains(h, []byte("\x01vorbis")))
}

// oggTail is where the last page is looked for: a page holds at most 65,307
// bytes.
const oggTail = 128 << 10

func probeOgg(_ context.Context, in *document.Input, _ *document.Document) (sound, error) {
	var s sound
	h := in.Head()
	var skip int64
	clock := int64(48000) // Opus counts at 48 kHz whatever was recorded
	if at := bytes.Index(h, []byte("OpusHead")); at >= 0 && len(h) >= at+16 {
		s.codec, s.channels = "opus", int(h[at+9])
		skip = int64(binary.LittleEndian.Uint16(h[at+10:]))
		s.sampleRate = int(binary.LittleEndian.Uint32(h[at+12:]))
	} else if at := bytes.Index(h, []byte("\x01vorbis")); at >= 0 && len(h) >= at+16 {
		s.codec, s.channels = "vorbis", int(h[at+11])
		s.sampleRate = int(binary.LittleEndian.Uint32(h[at+12:]))
		clock = int64(s.sampleRate)
	}
	comment := oggComment(in.Bytes)
	for _, head := range []string{"OpusTags", "\x03vorbis"} {
		if b, ok := bytes.CutPrefix(comment, []byte(head)); ok {
			vorbisComment(&s, b)
		}
	}
	if clock == 0 {
		return s, nil
	}
	n := min(in.Size, oggTail)
	tail := make([]byte, n)
	got, err := in.Bytes.ReadAt(tail, in.Size-n)
	if err != nil && err != io.EOF {
		return s, err
	}
	tail = tail[:got]
	for at := bytes.LastIndex(tail, []byte("OggS")); at >= 0; at = bytes.LastIndex(tail[:at], []byte("OggS")) {
		if at+14 > len(tail) {
			continue
		}
		granule := int64(binary.LittleEndian.Uint64(tail[at+6:])) //nolint:gosec // signed by its definition
		if granule > skip {                                       // -1: no packet ends on that page
			s.duration = float64(granule-skip) / float64(clock)
			s.bitrate = int(float64(in.Size) * 8 / s.duration)
			break
		}
	}
	return s, nil
}
