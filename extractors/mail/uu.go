package mail

import (
	"bytes"
	"hash/crc32"
	"strconv"
	"strings"
)

// enclosed takes the files out of a text that are written into it: uuencoded
// (POSIX.1 uuencode) or yEnc. What is left is the text.
//
// QUIRK: RFC 2045 made attachments of parts; mailers before it, Usenet, and
// Outlook for plain text wrote them below the text, and some still do.
func (l *leaf) enclosed(hint string) []*leaf {
	if l.kind != "text/plain" || l.encoding == "base64" || !bytes.Contains(l.raw, []byte("begin ")) {
		return nil
	}
	data := l.content()
	var rest []byte
	var files []*leaf
	kept := 0
	for at := 0; at < len(data) && len(files) < maxParts; {
		line, next := lineAt(data, at)
		var name, encoding string
		var end int
		if n, ok := uuBegin(line); ok && next < len(data) && uuLine(data[next:]) {
			name, encoding, end = n, "uuencode", uuEnd(data, next)
		} else if n, ok := yBegin(line); ok {
			name, encoding, end = n, "yenc", yEnd(data, next)
		} else {
			at = next
			continue
		}
		f := &leaf{kind: "application/octet-stream", encoding: encoding, raw: data[at:end], name: baseName(decodeText([]byte(name), hint))}
		if f.name == "" {
			f.name = "part.bin"
		}
		files = append(files, f)
		rest = append(rest, data[kept:at]...)
		at, kept = end, end
	}
	if len(files) > 0 {
		rest = append(rest, data[kept:]...)
		l.decoded = rest
		l.undone = true
	}
	return files
}

// decodeUU decodes the first uuencoded file in data; cut is true when its end is
// missing.
func decodeUU(data []byte) (out []byte, cut, ok bool) {
	for at := 0; at < len(data); {
		line, next := lineAt(data, at)
		at = next
		if !ok {
			if _, ok = uuBegin(line); ok {
				out = make([]byte, 0, len(data)*3/4)
			}
			continue
		}
		if bytes.Equal(line, []byte("end")) {
			return out, false, true
		}
		if len(line) == 0 || line[0] == '`' && len(line) == 1 {
			continue
		}
		if line[0] < ' ' || line[0] > '`' {
			break
		}
		out = appendUU(out, line)
	}
	return out, ok, ok
}

// uuBegin wants `begin 644 name`.
func uuBegin(line []byte) (name string, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("begin "))
	if !ok || len(rest) < 5 {
		return "", false
	}
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '7' {
		n++
	}
	if n < 3 || n > 4 || rest[n] != ' ' {
		return "", false
	}
	return string(bytes.TrimSpace(rest[n:])), true
}

// uuLine is true where a line of uuencoded data begins: its first character says
// how long it is.
//
// QUIRK: blanks at a line's end stand for zeros, and gateways take them off.
func uuLine(data []byte) bool {
	line, _ := lineAt(data, 0)
	if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
		return false
	}
	n := int(line[0]-' ') & 0x3f
	want := (n+2)/3*4 + 1
	if n == 0 {
		return len(line) == 1
	}
	for _, c := range line {
		if c < ' ' || c > '`' {
			return false
		}
	}
	return len(line) <= want+2 && len(line)*2 >= want
}

func uuEnd(data []byte, at int) int {
	for at < len(data) {
		line, next := lineAt(data, at)
		if bytes.Equal(line, []byte("end")) {
			return next
		}
		if len(line) > 0 && !uuLine(data[at:]) {
			return at
		}
		at = next
	}
	return at
}

func appendUU(out, line []byte) []byte {
	n := int(line[0]-' ') & 0x3f
	for i := 1; n > 0; i += 4 {
		var g [4]byte
		for j := range g {
			if i+j < len(line) {
				g[j] = (line[i+j] - ' ') & 0x3f
			}
		}
		three := [3]byte{g[0]<<2 | g[1]>>4, g[1]<<4 | g[2]>>2, g[2]<<6 | g[3]}
		k := min(n, 3)
		out = append(out, three[:k]...)
		n -= k
	}
	return out
}

// yBegin wants `=ybegin … name=file`. The draft of yEnc 1.3 puts the name last, so
// that it may hold blanks.
func yBegin(line []byte) (name string, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("=ybegin "))
	if !ok {
		return "", false
	}
	before, after, ok := bytes.Cut(rest, []byte("name="))
	if !ok || !bytes.Contains(before, []byte("size=")) {
		return "", false
	}
	return string(bytes.TrimSpace(after)), true
}

func yEnd(data []byte, at int) int {
	for at < len(data) {
		line, next := lineAt(data, at)
		at = next
		if bytes.HasPrefix(line, []byte("=yend")) {
			break
		}
	}
	return at
}

// decodeY decodes one yEnc block. cut is true when it ends early, damaged when its
// checksum is another.
func decodeY(data []byte) (out []byte, cut, damaged bool) {
	first, at := lineAt(data, 0)
	size := yNumber(first, "size=", 10)
	out = make([]byte, 0, len(data))
	for at < len(data) {
		end := bytes.IndexByte(data[at:], '\n')
		line := data[at:]
		if end >= 0 {
			line = data[at : at+end]
		}
		at += len(line) + 1
		line = bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case bytes.HasPrefix(line, []byte("=ypart ")):
			if from, to := yNumber(line, "begin=", 10), yNumber(line, "end=", 10); from > 0 && to >= from {
				size = to - from + 1
			}
			continue
		case bytes.HasPrefix(line, []byte("=yend")):
			sum := yNumber(line, " pcrc32=", 16)
			if sum < 0 {
				sum = yNumber(line, " crc32=", 16)
			}
			cut = size >= 0 && int64(len(out)) < size
			return out, cut, sum >= 0 && int64(crc32.ChecksumIEEE(out)) != sum
		}
		for i := 0; i < len(line); i++ {
			c := line[i]
			if c == '=' && i+1 < len(line) {
				i++
				c = line[i] - 64
			} else if c == '.' && i == 0 && len(line) > 1 && line[1] == '.' {
				continue // stuffed, as NNTP and SMTP do
			}
			out = append(out, c-42)
		}
	}
	return out, true, false
}

func yNumber(line []byte, name string, base int) int64 {
	_, rest, ok := strings.Cut(string(line[:min(len(line), 400)]), name)
	if !ok {
		return -1
	}
	rest, _, _ = strings.Cut(rest, " ")
	n, err := strconv.ParseInt(strings.TrimSpace(rest), base, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
