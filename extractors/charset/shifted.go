package charset

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// shifted decodes the charsets that write everything in seven bits and shift
// between tables: they look like ASCII, so they are told by their shifts.
func shifted(data []byte, name string) (text, used string, ok bool) {
	escape := bytes.IndexByte(data, 0x1b) >= 0
	switch {
	case escape && (bytes.Contains(data, []byte("\x1b$)A")) || bytes.Contains(data, []byte("\x1b$)G"))):
		return shiftOut(data, GB18030), "iso-2022-cn", true
	case escape && bytes.Contains(data, []byte("\x1b$)C")):
		return shiftOut(data, EUCKR), "iso-2022-kr", true
	case escape && (bytes.Contains(data, []byte("\x1b$B")) || bytes.Contains(data, []byte("\x1b$@")) || bytes.Contains(data, []byte("\x1b(J")) || bytes.Contains(data, []byte("\x1b(I"))),
		name == "iso-2022-jp":
		out, err := japanese.ISO2022JP.NewDecoder().Bytes(data)
		return string(out), "iso-2022-jp", err == nil
	case name == "hz-gb-2312", name == "" && looksHZ(data), name == GB18030 && looksHZ(data):
		out, err := simplifiedchinese.HZGB2312.NewDecoder().Bytes(data)
		return string(out), "hz-gb-2312", err == nil
	case name == "utf-7" && isASCII(data):
		return utf7(data), "utf-7", true
	}
	return "", "", false
}

// shiftOut reads ISO-2022-CN and -KR: between SO and SI a pair of seven-bit bytes
// is the pair of the eight-bit charset without its high bits. The second plane
// of ISO-2022-CN (ESC $ * H) was never seen and comes out as it stands.
func shiftOut(data []byte, name string) string {
	out := make([]byte, 0, len(data))
	high := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c == 0x0e:
			high = true
		case c == 0x0f:
			high = false
		case c == 0x1b && i+3 < len(data) && data[i+1] == '$':
			i += 3
		case c == '\n':
			high = false // RFC 1922 4.1: a line ends in ASCII
			out = append(out, c)
		case high && c > 0x20 && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	text, _ := decodeNamed(out, name)
	return text
}

// looksHZ wants at least one stretch ~{ … ~} of whole pairs within GB2312's rows,
// ended by ~} or the line, so that a
// shell script's ~{ stays what it is.
func looksHZ(data []byte) bool {
	for {
		at := bytes.Index(data, []byte("~{"))
		if at < 0 {
			return false
		}
		data = data[at+2:]
		end := bytes.IndexAny(data, "~\n")
		if end < 0 {
			end = len(data)
		}
		if end < 2 || end%2 != 0 {
			continue
		}
		score := 0
		for i := 0; i < end; i += 2 {
			if data[i] < 0x21 || data[i] > 0x77 || data[i+1] < 0x21 || data[i+1] > 0x7e {
				score = -1
				break
			}
			score += int(gbScores()[uint16(data[i]|0x80)<<8|uint16(data[i+1]|0x80)])
		}
		if score > end/2 {
			return true
		}
	}
}

// utf7 reads RFC 2152. What does not decode stays as it stands.
func utf7(data []byte) string {
	var b strings.Builder
	for {
		at := bytes.IndexByte(data, '+')
		if at < 0 {
			b.Write(data)
			return b.String()
		}
		b.Write(data[:at])
		data = data[at+1:]
		n := 0
		for n < len(data) && isBase64(data[n]) {
			n++
		}
		raw, err := base64.RawStdEncoding.DecodeString(string(data[:n]))
		switch {
		case n == 0 && len(data) > 0 && data[0] == '-':
			b.WriteByte('+')
		case n == 0 || err != nil:
			b.WriteByte('+')
			continue
		default:
			text, _ := decodeUTF16(raw[:len(raw)&^1], UTF16BE)
			b.WriteString(text)
		}
		data = data[n:]
		if len(data) > 0 && data[0] == '-' {
			data = data[1:]
		}
	}
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

func bad(text string) int { return strings.Count(text, string(utf8.RuneError)) }
