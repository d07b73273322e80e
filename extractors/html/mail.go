package html

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what is told about a mail beside its text.
const (
	maxLinks  = 200
	maxURL    = 500 // characters; longer ones only count their reader
	maxNested = 5   // marks in front of a line
)

// Link is an address that a text stands for, with what stands before it.
type Link struct{ Text, URL, Before string }

// Notes are what the text of a mail does not show.
type Notes struct {
	Links  []Link
	Hidden int // characters that a reader does not see
	Pixels int // pictures that only tell the sender that the mail was opened
}

// Mail returns the readable text of a mail's body as Text does, and beside that
// keeps what a mail is read by: marks of lists, the > of quotes, an empty line
// between paragraphs.
func Mail(decoded []byte) (string, Notes) {
	w := &walker{mail: &mailWalk{}}
	var b strings.Builder
	for _, s := range w.walk(decoded).sections {
		for _, part := range []string{s.heading, s.text} {
			if part == "" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(part)
		}
	}
	return b.String(), w.mail.notes
}

// mailWalk is what a walker keeps of a mail's body.
type mailWalk struct {
	notes  Notes
	styled bool // what is being passed over was text that a style hides
	kept   bool // the line is empty, and meant so

	quotes []bool // open blockquotes; true for those that quote
	depth  int    // how many of them quote
	lists  []int  // open lists; the next number, or -1
	mark   string // to stand before the next text

	link string // address of the open link
	from int    // where its text begins
}

func (m *mailWalk) passOver(text []byte) {
	if m.styled {
		m.notes.Hidden += utf8.RuneCount(bytes.TrimSpace(text))
	}
}

// mailStart handles the start tags that mean more in a mail. It is true when
// nothing else is to be done.
func (w *walker) mailStart(t html.Token) bool {
	m := w.mail
	switch t.DataAtom {
	case atom.Blockquote:
		w.line()
		if len(m.quotes) < 1000 {
			quotes := isQuote(t)
			m.quotes = append(m.quotes, quotes)
			if quotes {
				m.depth++
			}
		}
		return true
	case atom.Ul, atom.Ol:
		w.line()
		if len(m.lists) < 1000 {
			n := -1
			if t.DataAtom == atom.Ol {
				n = 1
				if start, err := strconv.Atoi(attr(t, "start")); err == nil && start > 0 && start < 1e6 {
					n = start
				}
			}
			m.lists = append(m.lists, n)
		}
		return true
	case atom.Li:
		if w.cells == 0 {
			w.line()
		}
		m.mark = "• "
		if last := len(m.lists) - 1; last >= 0 && m.lists[last] > 0 {
			m.mark = strconv.Itoa(m.lists[last]) + ". "
			m.lists[last]++
		}
		return true
	case atom.A:
		w.endLink()
		if href := strings.TrimSpace(attr(t, "href")); len(href) < 4*maxURL && (hasScheme(href, "http://") || hasScheme(href, "https://") || hasScheme(href, "ftp://")) {
			m.link, m.from = href, w.out.Len()
		}
	case atom.Img:
		if isPixel(t) {
			m.notes.Pixels++
			return true
		}
	case atom.Hr:
		m.kept = true
	}
	return false
}

func (w *walker) mailEnd(a atom.Atom) {
	m := w.mail
	switch a {
	case atom.Blockquote:
		if n := len(m.quotes) - 1; n >= 0 {
			w.line()
			if m.quotes[n] {
				m.depth--
			}
			m.quotes = m.quotes[:n]
		}
	case atom.Ul, atom.Ol:
		if n := len(m.lists) - 1; n >= 0 {
			m.lists = m.lists[:n]
		}
	case atom.A:
		w.endLink()
	}
}

// endLink notes a link whose text is not its address.
func (w *walker) endLink() {
	m := w.mail
	if m.link == "" {
		return
	}
	url := m.link
	m.link = ""
	if len(m.notes.Links) >= maxLinks || m.from > w.out.Len() {
		return
	}
	text := strings.Join(strings.Fields(w.out.String()[m.from:]), " ")
	if strings.Contains(text, strings.TrimSuffix(url[strings.Index(url, "://")+3:], "/")) {
		return
	}
	if len(url) > maxURL {
		url = url[:maxURL] + "…"
	}
	url = strings.ToValidUTF8(url, "")
	for _, l := range m.notes.Links {
		if l.URL == url {
			return
		}
	}
	m.notes.Links = append(m.notes.Links, Link{Text: text, URL: url, Before: w.out.String()[max(0, m.from-maxURL):m.from]})
}

// mailLine begins a line: with a > for every quote around it, and the mark of its
// list.
func (w *walker) mailLine() {
	m := w.mail
	m.kept = false
	for range min(m.depth, maxNested) {
		w.out.WriteString("> ")
	}
	if m.mark != "" {
		w.out.WriteString(m.mark)
		m.mark = ""
	}
}

// isQuote tells a quote from an indented text.
//
// QUIRK: the HTML standard 4.4.4 has blockquote for quotes; Foxmail, Outlook and
// others indent with it whatever they like. A quote says that it cites, or has the
// class or id of Gmail, Yahoo, NetEase.
func isQuote(t html.Token) bool {
	if strings.EqualFold(attr(t, "type"), "cite") || attr(t, "cite") != "" {
		return true
	}
	class := strings.ToLower(attr(t, "class") + " " + attr(t, "id"))
	return strings.Contains(class, "quote") || strings.Contains(class, "cite") || strings.Contains(class, "replycontent")
}

// isPixel is true for a picture of one point or less.
func isPixel(t html.Token) bool {
	width, height := attr(t, "width"), attr(t, "height")
	style := strings.ToLower(strings.ReplaceAll(attr(t, "style"), " ", ""))
	for s := range strings.SplitSeq(style, ";") {
		if v, ok := strings.CutPrefix(s, "width:"); ok {
			width = v
		} else if v, ok := strings.CutPrefix(s, "height:"); ok {
			height = v
		}
	}
	return atMostOne(width) && atMostOne(height)
}

func atMostOne(s string) bool {
	s = strings.TrimSuffix(strings.TrimSpace(s), "px")
	return s == "0" || s == "1"
}

func hasScheme(url, scheme string) bool {
	return len(url) > len(scheme) && strings.EqualFold(url[:len(scheme)], scheme)
}
