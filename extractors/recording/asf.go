package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"
	"unicode/utf16"

	"guidang/extractors/document"
)

// ASF reads wma and wmv (Advanced Systems Format 1.2): all that is told stands
// in the objects of its header.
var ASF = format("asf", "audio/x-ms-wma", isASF, probeASF)

// Objects, as their identifiers stand in the file.
const (
	asfHeader     = "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
	asfFile       = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65"
	asfStream     = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65"
	asfContent    = "\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
	asfEncrypted  = "\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e"
	asfEncrypted2 = "\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c"
	asfAudio      = "\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"
	asfVideo      = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"
)

func isASF(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte(asfHeader)) }

// maxASF is how much of an object is read; descriptions are short.
const maxASF = 64 << 10

func probeASF(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	var s sound
	var head [30]byte
	if n, err := in.Bytes.ReadAt(head[:], 0); n < len(head) {
		if err != nil && !errors.Is(err, io.EOF) {
			return s, err
		}
		return s, nil
	}
	end := min(int64(binary.LittleEndian.Uint64(head[16:])), in.Size) //nolint:gosec // a negative one ends the walk
	at := int64(len(head))
	for range maxChunks {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		var h [24]byte
		if n, err := in.Bytes.ReadAt(h[:], at); at+24 > end || n < len(h) {
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			break
		}
		size := int64(binary.LittleEndian.Uint64(h[16:])) //nolint:gosec // checked below
		if size < 24 || size > end-at {
			break
		}
		body := make([]byte, min(size-24, maxASF))
		n, _ := in.Bytes.ReadAt(body, at+24)
		asfObject(&s, string(h[:16]), body[:n], doc)
		at += size
	}
	if s.video {
		doc.MediaType = "video/x-ms-wmv"
	}
	if s.duration > 0 {
		s.bitrate = int(float64(in.Size) * 8 / s.duration)
	}
	return s, nil
}

// asfEpoch is the time zero of Windows, in Unix seconds.
const asfEpoch = -11_644_473_600

func asfObject(s *sound, kind string, b []byte, doc *document.Document) {
	le := binary.LittleEndian
	switch kind {
	case asfFile:
		if len(b) < 68 {
			return
		}
		created := time.Unix(asfEpoch+int64(le.Uint64(b[24:])/10_000_000), 0).UTC() //nolint:gosec // a quotient fits
		if created.Year() >= 1995 && created.Year() < 2100 {
			s.created = created.Format(time.RFC3339)
		}
		// The time of playing counts what is buffered before, in milliseconds (3.2).
		if d := float64(le.Uint64(b[40:]))/1e7 - float64(le.Uint64(b[56:]))/1e3; d > 0 && d < 1e9 {
			s.duration = d
		}
	case asfStream:
		switch {
		case len(b) >= 54+16 && string(b[:16]) == asfAudio:
			waveFormat(s, b[54:])
		case len(b) >= 16 && string(b[:16]) == asfVideo:
			s.video = true
		}
	case asfContent:
		if len(b) < 10 {
			return
		}
		title, author := int(le.Uint16(b)), int(le.Uint16(b[2:]))
		if len(b) >= 10+title+author {
			s.title, s.by = wideText(b[10:10+title]), wideText(b[10+title:10+title+author])
		}
	case asfEncrypted, asfEncrypted2:
		doc.Lose(document.Partial, document.Encrypted, "it is protected by a licence and cannot be heard")
	}
}

// waveFormat reads a WAVEFORMATEX.
func waveFormat(s *sound, b []byte) {
	if len(b) < 16 {
		return
	}
	wavFormat(s, b)
	if name := asfCodecs[binary.LittleEndian.Uint16(b)]; name != "" {
		s.codec = name
	}
}

var asfCodecs = map[uint16]string{0x000a: "wmavoice", 0x0160: "wmav1", 0x0161: "wmav2", 0x0162: "wmapro", 0x0163: "wmalossless"}

func wideText(b []byte) string {
	var u []uint16
	for i := 0; i+1 < len(b); i += 2 {
		c := binary.LittleEndian.Uint16(b[i:])
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}
