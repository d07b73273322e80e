package recording

import (
	"bytes"
	"context"
	"encoding/binary"

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
	return s, nil
}
