package web

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// threadPage is how many mails of a thread one page shows.
const threadPage = 40

// mailFormat is the format whose originals have a header and maybe an HTML form.
const mailFormat = "eml"

// threadView is the page of a conversation by mail.
type threadView struct {
	Subject string
	ID      string // of the mail that was asked for
	Mails   []mailView
	Total   int
	First   int // number of the first mail that is shown, from 1
	Last    int
	Prev    string
	Next    string
	People  []partaker
	More    int // people
	Said    []saidBlock
}

// saidBlock is one list of what a thread came to.
type saidBlock struct {
	Key   string
	Lines []saidLine
}

// saidLine is a decision, a promise or a question, with the mails that say it.
type saidLine struct {
	Text, Owner, Due, DueText string
	From                      []saidIn
}

type saidIn struct {
	pipeline.LetterRef
	Link string
}

// saidBlocks are the lists of a thread's summary.
func saidBlocks(t *pipeline.Thread) (out []saidBlock) {
	if t.Said == nil {
		return nil
	}
	here := map[string]bool{}
	for _, m := range t.Mails {
		here[m.ID] = true
	}
	from := func(evidence []int) (in []saidIn) {
		for _, n := range evidence {
			if n < 1 || n > len(t.Letters) {
				continue
			}
			l := saidIn{t.Letters[n-1], "#m-" + t.Letters[n-1].Document}
			if !here[l.Document] {
				l.Link = "/t/" + l.Document + l.Link
			}
			in = append(in, l)
		}
		return in
	}
	add := func(key string, lines []saidLine) {
		if len(lines) > 0 {
			out = append(out, saidBlock{key, lines})
		}
	}
	plain := func(list []minutes.Claim) (lines []saidLine) {
		for _, c := range list {
			lines = append(lines, saidLine{Text: c.Text, From: from(c.Evidence)})
		}
		return lines
	}
	var actions []saidLine
	for _, a := range t.Said.Actions {
		l := saidLine{Text: a.Text, Owner: a.Owner, DueText: a.DueText, From: from(a.Evidence)}
		if a.Due != nil {
			l.Due = *a.Due
		}
		actions = append(actions, l)
	}
	add("minutes.decisions", plain(t.Said.Decisions))
	add("thread.promises", actions)
	add("minutes.questions", plain(t.Said.Questions))
	return out
}

// partaker is somebody who wrote in a thread, or only got mails of it.
type partaker struct {
	Name, Address string
	Wrote         int
}

// mailView is one mail of it.
type mailView struct {
	*pipeline.View
	Asked    bool
	Open     bool
	Writer   string
	Roles    []roleView
	Begins   string // of its text, while it is closed
	Pieces   []mailPiece
	Files    []pipeline.Inner
	Places   []place
	Same     []sameMail
	Original string
	Frame    string // address of its HTML; empty if it can have none
	Header   string
}

// sameMail is a mail that another one stands for in a thread.
type sameMail struct {
	pipeline.SameMail
	Places []place
}

// mailPiece is a stretch of a mail's text; quotes and signatures are folded.
type mailPiece struct {
	Fold string // the part's name; empty for what is new
	Text template.HTML
}

// folded are the parts of a mail's text that a reader of a thread has read before.
var folded = []string{"quote", "signature"}

// thread is the page of the conversation that a mail belongs to.
func (s *Server) thread(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	t, err := s.archive.Conversation(r.Context(), id, viewerOf(r.Context()).scopes, number(r.FormValue("from")), threadPage)
	if err != nil {
		s.failed(w, r, "error.document", err)
		return
	}
	page := threadView{ID: id, Total: t.Total, First: t.From + 1, Last: t.From + len(t.Mails)}
	at := func(from int) string { return "/t/" + id + "?" + url.Values{"from": {strconv.Itoa(from)}}.Encode() }
	if t.From > 0 {
		page.Prev = at(max(t.From-threadPage, 0))
	}
	if page.Last < t.Total {
		page.Next = at(page.Last)
	}
	for n, v := range t.Mails {
		m := describeMail(v)
		m.Asked = v.ID == id
		m.Open = m.Asked || len(t.Mails) <= 3 || n == len(t.Mails)-1 && page.Next == ""
		page.Mails = append(page.Mails, m)
		if page.Subject == "" {
			page.Subject = v.Title
		}
	}
	page.People, page.More = partakers(t.Mails)
	page.Said = saidBlocks(t)
	s.renderTitled(w, r, http.StatusOK, "thread", visible(page.Subject), page)
}

func describeMail(v *pipeline.View) mailView {
	m := mailView{View: v, Roles: roles(v.People), Original: "/o/" + v.ID}
	for _, p := range v.People {
		if p.Role == "from" {
			m.Writer = p.Name
			if m.Writer == "" {
				m.Writer = p.Address
			}
			break
		}
	}
	for _, sec := range v.Sections {
		piece := mailPiece{Text: highlighted(sec.Text, nil)}
		if slices.Contains(folded, sec.Position.Part) {
			piece.Fold = sec.Position.Part
		} else if m.Begins == "" {
			m.Begins = firstWords(sec.Text)
		}
		m.Pieces = append(m.Pieces, piece)
	}
	for _, i := range v.Inner {
		if i.State != ledger.PartOf { // what the text shows is no attachment to a reader
			m.Files = append(m.Files, i)
		}
	}
	m.Files = m.Files[:min(len(m.Files), maxInner)]
	for _, o := range v.Occurrences {
		m.Places = append(m.Places, place{o, way(o.Locator)})
	}
	for _, s := range v.Same {
		one := sameMail{SameMail: s}
		for _, o := range s.Occurrences {
			one.Places = append(one.Places, place{o, way(o.Locator)})
		}
		m.Same = append(m.Same, one)
	}
	if v.Provenance.Format == mailFormat {
		m.Frame, m.Header = "/m/"+v.ID, "/m/"+v.ID+"?part=header"
	}
	return m
}

// firstWords are a mail's first words, for its line while it is closed.
func firstWords(text string) string {
	const long = 90
	r := []rune(strings.Join(strings.Fields(text[:min(len(text), 4*long)]), " "))
	if len(r) > long {
		return string(r[:long]) + "…"
	}
	return strings.ToValidUTF8(string(r), "")
}

// partakers are who was in a thread: those who wrote most first, then the others
// by the order in which they appear.
func partakers(mails []*pipeline.View) (out []partaker, more int) {
	const shown = 40
	at := map[string]int{}
	for _, v := range mails {
		for _, p := range v.People {
			key := p.Address
			if key == "" {
				key = p.Name
			}
			n, ok := at[key]
			if !ok {
				n = len(out)
				at[key] = n
				out = append(out, partaker{Name: p.Name, Address: p.Address})
			}
			if out[n].Name == "" {
				out[n].Name = p.Name
			}
			if p.Role == "from" {
				out[n].Wrote++
			}
		}
	}
	slices.SortStableFunc(out, func(a, b partaker) int { return b.Wrote - a.Wrote })
	if len(out) > shown {
		out, more = out[:shown], len(out)-shown
	}
	return out, more
}

// framePolicy is of what stands in a mail's frame: styles of its own and pictures
// that lie in it, and nothing that loads or runs. The sandbox takes its origin, so
// that even a hole in the sanitiser reaches nothing; a link opens a window of its
// own, and only when somebody clicks on it.
const framePolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

const frameHead = `<!doctype html><html lang="und"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><style>body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:12px;color:#1f2328;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}blockquote{margin:.5em 0 .5em .6em;padding-left:.8em;border-left:2px solid #ccc}pre{white-space:pre-wrap}</style></head><body>`

// mailPart gives what stands in a mail's frames: its HTML, or its header.
func (s *Server) mailPart(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	step := mail.StepHTML
	if r.FormValue("part") == "header" {
		step = mail.StepHeader
	}
	data, err := s.archive.MailPart(r.Context(), id, step, viewerOf(r.Context()).scopes)
	missing := errors.Is(err, ledger.ErrNotFound)
	if err != nil && !missing {
		s.failed(w, r, "error.document", err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", framePolicy)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	_, _ = w.Write([]byte(frameHead))
	switch {
	case missing:
		// Said in the same words for a mail without HTML and for one that is not
		// there for who asks.
		_, _ = w.Write([]byte("<p>" + template.HTMLEscapeString(s.language(r).say("mail.html.none")) + "</p>"))
	case step == mail.StepHeader:
		_, _ = w.Write([]byte("<pre>" + template.HTMLEscapeString(string(data)) + "</pre>"))
	default:
		_, _ = w.Write(data) //nolint:gosec // made harmless by its reader, and in a frame whose policy runs and loads nothing
	}
}

// mailOf is what the page of one mail shows beside a document's.
func mailOf(v *pipeline.View) *mailView {
	if v.Kind != document.KindMail {
		return nil
	}
	m := describeMail(v)
	return &m
}
