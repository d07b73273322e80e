package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/html"
)

// content undoes the transfer encoding, once.
func (l *leaf) content() []byte {
	if !l.undone {
		if l.encoding == "yenc" {
			l.decoded, l.cut, l.damaged = decodeY(l.raw)
		} else {
			l.decoded, l.tail, l.cut = undo(l.raw, l.encoding)
		}
		l.undone = true
	}
	return l.decoded
}

// text gives a text part as UTF-8 with "\n" between lines, and the charset used.
// It is read once: three places ask for it.
func (l *leaf) text() (text, used string, lossy bool) {
	if !l.read {
		l.shown, l.used, l.lossy = l.readText()
		l.read = true
	}
	return l.shown, l.used, l.lossy
}

func (l *leaf) readText() (text, used string, lossy bool) {
	data := l.content()
	label := strings.TrimSpace(l.params.get("charset"))
	switch l.kind {
	case "text/html", "text/x-amp-html":
		text, used, lossy = html.Decode(data, label)
		text, l.notes = html.Mail([]byte(text))
	case "text/enriched", "text/richtext":
		text, used, lossy = charset.Decode(data, label)
		text = html.Text([]byte(strings.ReplaceAll(strings.ReplaceAll(text, "<<", "&lt;"), "\n\n", "<br>")))
	default:
		text, used, lossy = charset.Decode(data, label)
		text = newlines(text)
		if strings.EqualFold(l.params.get("format"), "flowed") {
			text = unflow(text, strings.EqualFold(l.params.get("delsp"), "yes"))
		}
		text = unarmor(text)
	}
	if len(l.tail) > 0 {
		tail, _, _ := charset.Decode(l.tail, "")
		text = strings.TrimRight(text, "\n") + "\n\n" + newlines(tail)
	}
	return strings.Trim(text, "\n"), used, lossy
}

// newlines makes every kind of line end one "\n".
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\r\n", "\n")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.ReplaceAll(s, "\r", "\n")
}

// unflow joins the lines of RFC 3676: one that ends in a blank goes on in the
// next of the same quoting depth. Without it a Chinese word that stands at the
// end of a line is cut in two.
func unflow(s string, delSpace bool) string {
	var b strings.Builder
	b.Grow(len(s))
	open, depth := false, 0
	for rest, more := s, true; more; {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		text := strings.TrimPrefix(line[d:], " ") // stuffed, section 4.4
		if open && d != depth {
			open = false
			b.WriteByte('\n')
		}
		if !open && d > 0 {
			b.WriteString(line[:d] + " ")
		}
		depth = d
		open = strings.HasSuffix(text, " ") && text != "-- " && more
		if open && delSpace {
			text = text[:len(text)-1]
		}
		b.WriteString(text)
		if !open && more {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// placeholders are what mailers write in place of the plain text, in lower case.
var placeholders = []string{
	"view it in html", "html format", "html email", "html e-mail", "html mail", "html message", "does not support html", "doesn't support html", "not support html", "html-enabled", "html compatible",
	"view this email in", "view this message in", "enable html", "requires html", "in html", "your email client", "your mail client", "mail reader that", "view email in browser", "if you cannot see", "if you can't see", "unable to view",
	"html格式", "html 格式", "html邮件", "html 邮件", "html郵件", "html 郵件", "不支持html", "不支持 html", "不支援html", "不支援 html", "支持html", "支持 html", "支援html", "无法显示", "無法顯示", "无法正常显示", "無法正常顯示", "邮件客户端不支持", "郵件軟體不支援", "查看网页版", "在浏览器中查看",
}

// says is true when plain text is worth taking before another form: it is not
// empty, not only a placeholder, and not the crumbs of a long page.
func says(plain, other found) bool {
	text, _, _ := plain.texts[0].text()
	text = strings.TrimSpace(text)
	if text == "" {
		return false
	}
	const enough = 400
	if len(text) > enough*utf8.UTFMax {
		return true
	}
	n := utf8.RuneCountInString(text)
	if n > enough {
		return true
	}
	form := other.texts[0]
	if form.kind != "text/html" || len(form.raw) < 200 && n > 20 {
		return true
	}
	lower := strings.ToLower(text)
	for _, p := range placeholders {
		if strings.Contains(lower, p) {
			shown, _, _ := form.text()
			return strings.TrimSpace(shown) == ""
		}
	}
	if len(form.raw) < 8*len(text) {
		return true
	}
	shown, _, _ := form.text()
	return utf8.RuneCountInString(shown) < 8*n
}

// shownImages are the content ids that the HTML bodies refer to.
func shownImages(bodies []*leaf) map[string]bool {
	ids := map[string]bool{}
	for _, l := range bodies {
		data := l.content()
		for {
			at := bytes.Index(data, []byte("cid:"))
			if at < 0 {
				break
			}
			data = data[at+4:]
			end := bytes.IndexAny(data[:min(len(data), 300)], "\"'<>) \t\r\n")
			if end > 0 {
				id := string(data[:end])
				ids[id] = true
				if plain := string(appendPercent(nil, id)); plain != id {
					ids[plain] = true // RFC 2392: the id in a URL is percent-encoded
				}
			}
		}
	}
	return ids
}
