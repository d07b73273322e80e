package recording

import (
	"bytes"
	"encoding/binary"
	"strings"

	"guidang/extractors/charset"
)

// waveInfo reads the tags of a wave file: the INFO list of Windows, and the
// description that recorders of broadcasters write (EBU Tech 3285).
func waveInfo(s *sound, id string, b []byte) {
	text := func(b []byte) string {
		b, _, _ = bytes.Cut(b, []byte{0})
		out, _, _ := charset.Decode(b, "") // QUIRK: the code page of the machine, RIFF says none
		return out
	}
	if id == "bext" {
		if len(b) >= 338 {
			// Its time has no zone: the day is what it tells.
			s.tag(text(b[:256]), text(b[256:288]), text(b[320:330]))
		}
		return
	}
	if !bytes.HasPrefix(b, []byte("INFO")) {
		return
	}
	b = b[4:]
	for range maxTags {
		if len(b) < 8 {
			return
		}
		kind, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		value := text(b[:min(size, int64(len(b)), maxTagText)])
		switch strings.ToUpper(kind) {
		case "INAM":
			s.tag(value, "", "")
		case "IART":
			s.tag("", value, "")
		case "ICRD":
			s.tag("", "", value)
		}
		b = b[min(size+size&1, int64(len(b))):]
	}
}
