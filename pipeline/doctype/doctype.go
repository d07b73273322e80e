// Package doctype tells what a document is for in a project (a contract, a
// change request, an acceptance report, …) and reads the details that such a
// document has: parties, numbers, amounts, dates, whether it is signed.
//
// Everything is a pure function of what was read and of the name under which it
// lies: no network, no model, the same answer every time. In reading order:
// doctype.go (the decision), names.go (what a document calls itself), cues.go
// (what its text says), then fields.go and the readers of values that it uses.
package doctype

import (
	"path"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/einvoice"
)

// Version is raised when the same document would get another verdict: kept ones
// are made anew.
const Version = 3

// Verdict is what was told of a document.
type Verdict struct {
	Type       document.Type `json:"type,omitempty"` // empty: no paper of a project
	Confidence float64       `json:"confidence,omitempty"`
	Why        []string      `json:"why,omitempty"` // title, name, heading, text: what spoke for it, strongest first
	Fields     []Field       `json:"fields,omitempty"`
}

// Field is a detail of a document and where it was read.
type Field struct {
	Name     string            `json:"name"`
	Value    string            `json:"value"` // dates YYYY-MM-DD, amounts 350000.00
	Text     string            `json:"text"`  // as it is written
	Position document.Position `json:"position"`
	Section  int               `json:"section"` // from 0
	From     int               `json:"from"`    // bytes of the section's text
	To       int               `json:"to"`
}

// Field gives the value of a detail, empty if there is none.
func (v *Verdict) Field(name string) string {
	for i := range v.Fields {
		if v.Fields[i].Name == name {
			return v.Fields[i].Value
		}
	}
	return ""
}

// What a verdict may cost. A type shows itself early; signatures stand at the
// end.
const (
	headText = 48 << 10 // bytes from the beginning
	tailText = 6 << 10  // bytes at the end
)

// papers are the kinds of documents that always have a type; mails get one only
// when their subject says it.
var papers = []document.Kind{document.KindDocument, document.KindSheet, document.KindSlides, document.KindText}

// Judges says whether documents of a kind are looked at.
func Judges(k document.Kind) bool { return k == document.KindMail || slices.Contains(papers, k) }

// IsPaper says whether documents of a kind always have a type.
func IsPaper(k document.Kind) bool { return slices.Contains(papers, k) }

// Judge tells the type of a document that lies under a name, and reads its
// details.
func Judge(d *document.Document, name string) *Verdict {
	v := &Verdict{}
	if d == nil || !Judges(d.Kind) {
		return v
	}
	if d.Kind == document.KindMail && !mayHaveType(d.Title) {
		return v // nearly every mail: its text is not even cut into lines
	}
	t := readText(d)
	if v.decide(d, t, name); d.Fields[einvoice.Number] != "" {
		*v = Verdict{Type: document.TypeInvoice, Confidence: 1, Why: []string{"title"}} // it says so itself
	}
	if v.Type != "" {
		v.Fields = fields(v.Type, d, t, name)
	}
	return v
}

// Scores that decide. A title that is a type's own name is worth more than all
// that a text can say, since a test report speaks of requirements on every page.
const (
	sureTitle  = 12.0
	vagueTitle = 6.0 // 报告, 通知, a word that several types share
	textMost   = 10.0
	enough     = 5.0 // less says nothing
)

// decide weighs what a document calls itself against what it says.
func (v *Verdict) decide(d *document.Document, t *text, name string) {
	var score, title [types]float64
	why := [types][]string{}
	add := func(from string, share float64, s string) {
		typ, weight, ok := called(s)
		if !ok {
			return
		}
		if w := share * weight; w > title[typ] {
			title[typ] = w
			why[typ] = append(why[typ], from)
		}
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	if d.Kind == document.KindMail {
		v.mail(d, t)
		return
	}
	add("title", 1, d.Title)
	add("name", 0.95, stem)
	said := 0.0 // by title or name
	for i := range title {
		said = max(said, title[i])
	}
	for n, s := range t.headings() {
		share := 0.9 - 0.05*float64(n)
		if said >= vagueTitle {
			share *= 0.4 // the lines below a title are about it
		}
		add("heading", share, s)
	}
	cues := t.cues(d.Kind)
	for i := range score {
		score[i] = title[i]
		if cues[i] > 0 {
			score[i] += min(cues[i], textMost)
			why[i] = append(why[i], "text")
		}
	}
	best := 0
	for i := range score {
		if score[i] > score[best] {
			best = i
		}
	}
	second := 0.0
	for i := range score {
		if i != best {
			second = max(second, score[i])
		}
	}
	switch {
	case score[best] >= enough && typeAt(best) != document.TypeOther:
		v.Type, v.Why = typeAt(best), once(why[best])
		v.Confidence = round(min(0.99, 0.5+0.5*(score[best]-second)/score[best]*min(1, score[best]/sureTitle)))
	case IsPaper(d.Kind):
		v.Type, v.Confidence = document.TypeOther, 0.5
	}
}

// mailTypes are what a mail can be by itself. That it speaks of a contract makes
// it none.
var mailTypes = []document.Type{document.TypeComplaint, document.TypeMinutes, document.TypeServiceRecord}

// mail tells the few types that a mail may have, by its subject and its text
// both; an answer is about such a thing and is none.
func (v *Verdict) mail(d *document.Document, t *text) {
	typ, _, _ := called(d.Title)
	if cues := t.cues(document.KindText); cues[typ] > 0 {
		v.Type, v.Why, v.Confidence = typeAt(typ), []string{"title", "text"}, 0.8
	}
}

// mayHaveType says that a mail's subject names such a thing, and is no answer.
func mayHaveType(subject string) bool {
	if _, answer := bareSubject(subject); answer {
		return false
	}
	typ, weight, ok := called(subject)
	return ok && weight >= sureTitle && slices.Contains(mailTypes, typeAt(typ))
}

// bareSubject cuts marks of answers off a subject.
func bareSubject(s string) (bare string, answer bool) {
	for {
		s = strings.TrimSpace(s)
		low, _ := fold(s)
		cut := 0
		for _, mark := range []string{"re:", "fw:", "fwd:", "回复:", "答复:", "转发:"} {
			if strings.HasPrefix(low, mark) {
				cut = len(mark)
			}
		}
		if cut == 0 {
			return s, answer
		}
		_, at := fold(s)
		s, answer = s[at[cut]:], true
	}
}

func once(in []string) (out []string) {
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func round(f float64) float64 { return float64(int(f*100+0.5)) / 100 }

const types = 23

func typeAt(i int) document.Type { return document.Types[i] }

func indexOf(t document.Type) int { return slices.Index(document.Types, t) }
