package mail

import (
	"bytes"
)

// splitParts cuts a multipart body at its delimiters. closed is true when the
// closing one was met.
//
// RFC 2046 5.1.1: a delimiter is a line of two hyphens, the boundary and blanks
// alone; so a boundary that another one begins with does not match it.
func splitParts(body []byte, boundary string, limit int) (parts [][]byte, preamble, epilogue []byte, closed, tooMany bool) {
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at <= len(body); {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		end := i + len(mark)
		at = end
		if i > 0 && body[i-1] != '\n' && body[i-1] != '\r' {
			continue
		}
		line, next := lineAt(body, end)
		rest := bytes.TrimRight(line, " \t")
		last := bytes.HasPrefix(rest, []byte("--"))
		if len(rest) > 0 && !(last && len(rest) == 2) {
			continue
		}
		if start >= 0 {
			if len(parts) >= limit {
				return parts, preamble, nil, closed, true
			}
			parts = append(parts, trimEnd(body[start:max(i, start)]))
		} else if !closed {
			preamble = body[:i]
		}
		start, at = next, next
		if last {
			// QUIRK: RFC 2046 5.1.1: nothing after the closing delimiter is a part;
			// mails joined by list servers go on with more of them.
			closed, start, epilogue = true, -1, body[next:]
		} else {
			closed = false
		}
	}
	if start >= 0 {
		if len(parts) >= limit {
			return parts, preamble, nil, closed, true
		}
		parts = append(parts, body[start:])
	}
	return parts, preamble, epilogue, closed, false
}

// trimEnd takes off the line end that belongs to the delimiter after it.
func trimEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		return trimCR(b[:n-1])
	}
	return b
}

// guessBoundary finds a boundary in the body itself: a line of two hyphens and
// more, before a line that is a part's header.
//
// QUIRK: RFC 2046 5.1.1 wants the boundary in the header. Gateways drop it, cut it
// or write another; the body has it all the same.
func guessBoundary(body []byte) (string, bool) {
	for at, lines := 0, 0; at < len(body) && lines < 2000; lines++ {
		line, next := lineAt(body, at)
		at = next
		if len(line) < 5 || len(line) > 200 || line[0] != '-' || line[1] != '-' || bytes.IndexByte(bytes.TrimSpace(line), ' ') >= 0 && !bytes.Contains(line, []byte("Part")) {
			continue
		}
		if next >= len(body) {
			break
		}
		after, _ := lineAt(body, next)
		if len(after) >= 8 && bytes.EqualFold(after[:8], []byte("content-")) {
			return string(bytes.TrimRight(line[2:], " \t")), true
		}
	}
	return "", false
}
