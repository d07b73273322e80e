package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// encodingOf reads Content-Transfer-Encoding as it is meant.
func encodingOf(value []byte) string {
	s := strings.ToLower(strings.Trim(stripComment(string(unfold(value))), " \t\"';,"))
	switch {
	case strings.HasPrefix(s, "base64"), s == "b", s == "base-64":
		return "base64"
	case strings.HasPrefix(s, "quoted"), s == "q":
		return "quoted-printable" // also quoted/printable, quoted_printable
	case s == "x-uuencode", s == "uuencode", s == "x-uue", s == "uue":
		return "uuencode"
	case s == "x-yencode", s == "yenc", s == "x-yenc":
		return "yenc"
	}
	return ""
}

// undo undoes a transfer encoding. tail is plain text that stands behind a base64
// body; cut is true when the data ends within a group.
func undo(data []byte, encoding string) (out, tail []byte, cut bool) {
	switch encoding {
	case "base64":
		return decodeBase64(data)
	case "quoted-printable":
		return decodeQP(data), nil, false
	case "uuencode":
		if out, cut, ok := decodeUU(data); ok {
			return out, nil, cut
		}
	}
	return data, nil, false
}

// decodeBase64 decodes a body. The straight way is tried first; only what it
// refuses is read line by line.
func decodeBase64(data []byte) (out, tail []byte, cut bool) {
	data = bytes.TrimSpace(data)
	out = make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Decode(out, data) // skips line ends
	if err == nil {
		return out[:n], nil, false
	}
	return tolerantBase64(data)
}

// tolerantBase64 takes what can be taken.
//
// QUIRK: RFC 2045 6.8 lets a decoder skip foreign characters. Padding may stand
// in the middle where two texts were joined; padding may be missing; and list
// servers put a plain footer behind, which begins at a line that is no base64. A
// gateway that decodes a text and leaves the label makes all of it such a footer.
func tolerantBase64(data []byte) (out, tail []byte, cut bool) {
	out = make([]byte, 0, base64.StdEncoding.DecodedLen(len(data)))
	group := make([]byte, 0, 256)
	padded := false
	drain := func() {
		out = appendBase64(out, group)
		group = group[:0]
	}
	for at := 0; at < len(data); {
		line, next := lineAt(data, at)
		good, foreign := 0, 0
		for _, c := range line {
			switch {
			case isBase64(c) || c == '=':
				good++
			case c == '-' || c == '_', c == ' ', c == '\t':
			default:
				foreign++
			}
		}
		text := bytes.TrimSpace(line)
		words := bytes.Count(text, []byte(" "))
		rule := bytes.HasPrefix(text, []byte("--")) || bytes.HasPrefix(text, []byte("__"))
		if foreign*8 > good || words*8 > good || words >= 3 && words*16 > good || rule && (padded || good == 0) {
			drain()
			return out, bytes.TrimSpace(data[at:]), false
		}
		for _, c := range line {
			switch {
			case isBase64(c):
				padded = false
				group = append(group, c)
			case c == '-':
				group = append(group, '+')
			case c == '_':
				group = append(group, '/')
			case c == '=':
				drain()
				padded = true
			}
		}
		if whole := len(group) &^ 3; whole > 0 {
			out = appendBase64(out, group[:whole])
			group = append(group[:0], group[whole:]...)
		}
		at = next
	}
	cut = len(group) > 0
	drain()
	return out, nil, cut
}

// decodeQP decodes quoted-printable.
//
// QUIRK: RFC 2045 6.7 lets a decoder do as it likes with an = that begins no
// escape: it stays. Lower-case digits, blanks behind a soft break, and lines of
// any length are read.
func decodeQP(data []byte) []byte {
	if bytes.IndexByte(data, '=') < 0 {
		return data
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c != '=' {
			at := bytes.IndexByte(data[i:], '=')
			if at < 0 {
				return append(out, data[i:]...)
			}
			out = append(out, data[i:i+at]...)
			i += at - 1
			continue
		}
		if i+2 < len(data) {
			if hi, lo := unhex(data[i+1]), unhex(data[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo)) //nolint:gosec // two hex digits fill a byte
				i += 2
				continue
			}
		}
		j := i + 1
		for j < len(data) && (data[j] == ' ' || data[j] == '\t' || data[j] == '\r') {
			j++
		}
		switch {
		case j == len(data):
			i = j
		case data[j] == '\n':
			i = j
		default:
			out = append(out, c)
		}
	}
	return out
}
