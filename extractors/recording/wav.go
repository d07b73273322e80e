package recording

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"guidang/extractors/document"
)

// Wav reads RIFF and RF64 wave files.
var Wav = format("wav", "audio/wav", isWav, probeWav)

func isWav(in *document.Input) bool {
	h := in.Head()
	return len(h) >= 12 && (string(h[:4]) == "RIFF" || string(h[:4]) == "RF64") && string(h[8:12]) == "WAVE"
}

// maxChunks bounds the walk over a wave file's chunks.
const maxChunks = 4096

var wavCodecs = map[uint16]string{
	0x0001: "pcm", 0x0002: "adpcm_ms", 0x0003: "pcm_float", 0x0006: "pcm_alaw", 0x0007: "pcm_mulaw",
	0x0011: "adpcm_ima", 0x0031: "gsm", 0x0055: "mp3", 0x00ff: "aac", 0x2000: "ac3",
}

func probeWav(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	var s sound
	var byteRate, data, ds64 int64
	at := int64(12)
	for range maxChunks {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		var head [8]byte
		if n, err := in.Bytes.ReadAt(head[:], at); n < len(head) {
			if err != nil && err != io.EOF {
				return s, err
			}
			break
		}
		id, size := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		body := at + 8
		switch id {
		case "ds64":
			var b [16]byte
			if n, _ := in.Bytes.ReadAt(b[:], body); n == len(b) {
				ds64 = int64(binary.LittleEndian.Uint64(b[8:])) //nolint:gosec // a negative one is not used
			}
		case "fmt ":
			var b [26]byte
			n, _ := in.Bytes.ReadAt(b[:min(size, int64(len(b)))], body)
			if n >= 16 {
				byteRate = wavFormat(&s, b[:n])
			}
		case "bext", "LIST":
			b := make([]byte, min(size, maxMeta, max(in.Size-body, 0)))
			n, _ := in.Bytes.ReadAt(b, body)
			waveInfo(&s, id, b[:n])
		case "id3 ", "ID3 ":
			readID3(&s, io.NewSectionReader(in.Bytes, body, size), 0, size)
		case "data":
			if size == 0xffffffff && ds64 > 0 {
				size = ds64
			}
			// QUIRK: recorders that were cut off leave 0 or 0xffffffff here, and
			// some claim 4 GB; the file's own end is the truth (RIFF 1991, 2-2).
			if left := in.Size - body; size > left || size == 0 {
				if size > left && size < 0x7fffff00 {
					doc.Lose(document.Partial, document.Truncated, fmt.Sprintf("%d of %d bytes of sound are there", left, size))
				} else {
					doc.Warn("length-corrected", "the header's length is wrong; the file's own was taken")
				}
				size = left
			}
			data += size
		}
		if size < 0 || body+size+size&1 <= at {
			break
		}
		at = body + size + size&1
	}
	if byteRate > 0 && data > 0 {
		s.duration = float64(data) / float64(byteRate)
		s.bitrate = int(byteRate * 8)
	}
	return s, nil
}

// wavFormat fills s from a fmt chunk and returns bytes a second.
func wavFormat(s *sound, b []byte) int64 {
	tag := binary.LittleEndian.Uint16(b)
	if tag == 0xfffe && len(b) >= 26 { // WAVE_FORMAT_EXTENSIBLE: the true tag begins the sub-format
		tag = binary.LittleEndian.Uint16(b[24:])
	}
	s.codec = wavCodecs[tag]
	if s.codec == "" {
		s.codec = fmt.Sprintf("wav-0x%04x", tag)
	}
	s.channels = int(binary.LittleEndian.Uint16(b[2:]))
	s.sampleRate = int(binary.LittleEndian.Uint32(b[4:]))
	rate := int64(binary.LittleEndian.Uint32(b[8:]))
	bits := int64(binary.LittleEndian.Uint16(b[14:]))
	if tag == 1 || tag == 3 {
		// The rate field lies now and then; for plain samples it follows.
		if r := int64(s.sampleRate) * int64(s.channels) * ((bits + 7) / 8); r > 0 {
			rate = r
		}
	}
	return rate
}
