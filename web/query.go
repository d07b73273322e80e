package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

const (
	pageSize   = 20
	maxLimit   = 500 // CONTRACT: search --limit
	maxQuery   = 500 // characters; nobody types more
	maxFilters = 20
)

// kinds are all kinds of documents in the order in which pages list them.
var kinds = []document.Kind{document.KindMail, document.KindDocument, document.KindSheet, document.KindSlides, document.KindRecording, document.KindTranscript, document.KindMinutes,
	document.KindText, document.KindChat, document.KindImage, document.KindCalendar, document.KindContact, document.KindArchive, document.KindOther}

// question is a search as its address says it.
type question struct {
	Text      string
	Kinds     []string
	Types     []string // what documents are for
	Tags      []string
	Customer  []string
	Project   []string
	Sensitive []string // what must not get about
	From, To  string   // YYYY-MM-DD, both included
	Sort      string   // empty: by relevance
	Limit     int
	Offset    int
}

var errQuestion = errors.New("not a question")

// parseQuestion reads the parameters of /api/search and of the search page.
// What it cannot use is left out and named in the error, so that a page can
// show the rest and the API can refuse.
func parseQuestion(v url.Values) (question, error) {
	q := question{Text: strings.TrimSpace(strings.ToValidUTF8(v.Get("q"), "")), Limit: pageSize}
	var bad []string
	if utf8.RuneCountInString(q.Text) > maxQuery {
		q.Text = strings.TrimSpace(string([]rune(q.Text)[:maxQuery]))
		bad = append(bad, "q")
	}
	for _, k := range words(v["kind"]) {
		if slices.Contains(kinds, document.Kind(k)) {
			q.Kinds = append(q.Kinds, k)
		} else {
			bad = append(bad, "kind")
		}
	}
	for _, t := range words(v["type"]) {
		if typ, ok := document.TypeNamed(t); ok {
			q.Types = append(q.Types, string(typ))
		} else {
			bad = append(bad, "type")
		}
	}
	for _, s := range words(v["sensitive"]) {
		if kind, ok := document.SensitiveNamed(s); ok {
			q.Sensitive = append(q.Sensitive, kind)
		} else {
			bad = append(bad, "sensitive")
		}
	}
	q.Tags, q.Customer, q.Project = words(v["tag"]), words(v["customer"]), words(v["project"])
	day := func(name string) string {
		text := strings.TrimSpace(v.Get(name))
		if text == "" {
			return ""
		}
		first, last, ok := days(text)
		if !ok {
			bad = append(bad, name)
			return ""
		}
		if name == "to" {
			return last
		}
		return first
	}
	q.From, q.To = day("from"), day("to")
	number := func(name string, into *int, least, most int) {
		s := v.Get(name)
		if s == "" {
			return
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			bad = append(bad, name)
			return
		}
		*into = n
	}
	switch s := v.Get("sort"); s {
	case "", string(index.Relevance):
	case string(index.ByDate):
		q.Sort = s
	default:
		bad = append(bad, "sort")
	}
	number("limit", &q.Limit, 1, maxLimit)
	number("offset", &q.Offset, 0, 1_000_000)
	if len(bad) > 0 {
		return q, fmt.Errorf("%w: %s", errQuestion, strings.Join(bad, ", "))
	}
	return q, nil
}

// days are the first and the last day of a day, a month or a year.
func days(s string) (first, last string, ok bool) {
	from, after, ok := index.Period(s)
	if !ok || from.Year() < 1 {
		return "", "", false
	}
	return from.Format(time.DateOnly), after.AddDate(0, 0, -1).Format(time.DateOnly), true
}

// words are the values of a parameter without blanks and repetitions.
func words(in []string) []string {
	var out []string
	for _, s := range in {
		s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
		if s != "" && len(s) <= 400 && !slices.Contains(out, s) && len(out) < maxFilters {
			out = append(out, s)
		}
	}
	return out
}

// filtered says whether anything but the text narrows the question.
func (q question) filtered() bool {
	return len(q.Kinds)+len(q.Types)+len(q.Sensitive)+len(q.Tags)+len(q.Customer)+len(q.Project) > 0 || q.From != "" || q.To != ""
}

// request is the question as the index takes it. A person who writes "to 31
// December" means that day too, the index takes the end as excluded.
func (q question) request() index.Request {
	r := index.Request{Text: q.Text, Tags: q.Tags, Sensitive: q.Sensitive, Customers: q.Customer, Projects: q.Project, Sort: index.Sort(q.Sort), Limit: q.Limit, Offset: q.Offset}
	for _, k := range q.Kinds {
		r.Kinds = append(r.Kinds, document.Kind(k))
	}
	for _, t := range q.Types {
		r.Types = append(r.Types, document.Type(t))
	}
	if t, err := time.Parse(time.DateOnly, q.From); err == nil {
		r.From = t
	}
	if t, err := time.Parse(time.DateOnly, q.To); err == nil {
		r.To = t.AddDate(0, 0, 1)
	}
	return r
}

// values are the parameters that ask this question again.
func (q question) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for name, list := range map[string][]string{"kind": q.Kinds, "type": q.Types, "sensitive": q.Sensitive, "tag": q.Tags, "customer": q.Customer, "project": q.Project} {
		if len(list) > 0 {
			v[name] = slices.Clone(list)
		}
	}
	set("from", q.From)
	set("to", q.To)
	set("sort", q.Sort)
	if q.Limit != pageSize && q.Limit > 0 {
		set("limit", strconv.Itoa(q.Limit))
	}
	if q.Offset > 0 {
		set("offset", strconv.Itoa(q.Offset))
	}
	return v
}

// path is the address of the page that asks this question.
func (q question) path() string {
	if v := q.values(); len(v) > 0 {
		return "/?" + v.Encode()
	}
	return "/"
}

// with is the question after fn changed it, from its first page on.
func (q question) with(fn func(*question)) question {
	q.Kinds, q.Tags, q.Customer, q.Project = slices.Clone(q.Kinds), slices.Clone(q.Tags), slices.Clone(q.Customer), slices.Clone(q.Project)
	q.Types, q.Sensitive = slices.Clone(q.Types), slices.Clone(q.Sensitive)
	q.Offset = 0
	fn(&q)
	return q
}
