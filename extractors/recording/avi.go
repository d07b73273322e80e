package recording

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"guidang/extractors/document"
)

// AVI reads the old container of Windows, in which screens and meetings were
// recorded (Microsoft's AVI RIFF file reference).
var AVI = format("avi", "video/x-msvideo", isAVI, probeAVI)

func isAVI(in *document.Input) bool {
	h := in.Head()
	return len(h) >= 12 && string(h[:4]) == "RIFF" && string(h[8:12]) == "AVI "
}

func probeAVI(ctx context.Context, in *document.Input, _ *document.Document) (sound, error) {
	var s sound
	kind := ""
	at := int64(12)
	for range maxChunks {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		var h [12]byte
		n, err := in.Bytes.ReadAt(h[:], at)
		if n < 8 {
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			break
		}
		id, size := string(h[:4]), int64(binary.LittleEndian.Uint32(h[4:]))
		if id == "LIST" && n == len(h) {
			if string(h[8:]) == "movi" { // what is told stands before
				break
			}
			at += 12
			continue
		}
		body := make([]byte, min(size, 64))
		n, _ = in.Bytes.ReadAt(body, at+8)
		body = body[:n]
		switch {
		case id == "avih" && len(body) >= 20:
			s.duration = float64(binary.LittleEndian.Uint32(body)) / 1e6 * float64(binary.LittleEndian.Uint32(body[16:]))
		case id == "strh" && len(body) >= 36:
			kind = string(body[:4])
			s.video = s.video || kind == "vids"
			scale, rate := binary.LittleEndian.Uint32(body[20:]), binary.LittleEndian.Uint32(body[24:])
			if kind == "auds" && rate > 0 {
				s.duration = max(s.duration, float64(binary.LittleEndian.Uint32(body[32:]))*float64(scale)/float64(rate))
			}
		case id == "strf" && kind == "auds":
			waveFormat(&s, body)
		}
		at += 8 + size + size&1
	}
	if s.duration > 1e9 {
		s.duration = 0
	}
	if s.duration > 0 {
		s.bitrate = int(float64(in.Size) * 8 / s.duration)
	}
	return s, nil
}
