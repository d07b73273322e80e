package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"guidang/extractors/document"
)

// Flac reads native FLAC by its first metadata block (RFC 9639, 8.2).
var Flac = format("flac", "audio/flac", isFlac, probeFlac)

func isFlac(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte("fLaC")) }

func probeFlac(_ context.Context, in *document.Input, _ *document.Document) (sound, error) {
	s := sound{codec: "flac"}
	b := in.Head()
	if len(b) < 4+4+18 || b[4]&0x7f != 0 {
		return s, nil
	}
	packed := binary.BigEndian.Uint64(b[4+4+10:])
	s.sampleRate = int(packed >> 44)
	s.channels = int(packed>>41&7) + 1
	if samples := packed & (1<<36 - 1); s.sampleRate > 0 && samples > 0 {
		s.duration = float64(samples) / float64(s.sampleRate)
		s.bitrate = int(float64(in.Size) * 8 / s.duration)
	}
	flacComment(&s, in.Bytes)
	return s, nil
}

// flacComment looks for the block of tags among the others (RFC 9639, 8.6).
func flacComment(s *sound, r io.ReaderAt) {
	at := int64(4)
	for range maxBlocks {
		var h [4]byte
		if n, _ := r.ReadAt(h[:], at); n < len(h) {
			return
		}
		size := int64(h[1])<<16 | int64(h[2])<<8 | int64(h[3])
		if h[0]&0x7f == 4 {
			b := make([]byte, min(size, maxCommentBytes))
			n, _ := r.ReadAt(b, at+4)
			vorbisComment(s, b[:n])
			return
		}
		if h[0]&0x80 != 0 {
			return
		}
		at += 4 + size
	}
}
