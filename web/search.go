package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// searchView is the search page.
type searchView struct {
	Q       question
	Misread string // parameters that were left out
	Meant   string // address of the query without misspelt words
	Apart   string // words that were looked for in pieces
	Relaxed string // words that were left out, since nothing holds all of them
	Result  *index.Result
	Hits    []hitView
	Facets  []facetView
	Chips   []link // filters that are set; following one takes it away
	Exact   bool
	First   int
	Last    int
	Prev    string
	Next    string
	Kinds   []document.Kind
	Empty   bool // nothing asked: the newest documents
	Also    *alsoView
	Keep    string // parameters of the search, to be kept; empty: nothing was asked
	Bare    string // the same words without filters
}

// hitView is one document that was found.
type hitView struct {
	index.Hit
	Link  string
	Text  template.HTML
	Tags  []link
	Way   []string // its locator, step by step
	Under []underView
}

// underView is a document that stands under another hit.
type underView struct {
	index.Folded
	Link string
}

type link struct {
	Label string
	Path  string
	Count int
	On    bool
}

// facetView is one way to narrow a search.
type facetView struct {
	Key   string // of its heading
	Links []link
	More  int // values that are not shown
}

func (v searchView) headQuery() string { return v.Q.Text }

// search is the first page. htmx asks for its results alone.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	q, bad := parseQuestion(r.URL.Query())
	res, err := s.archive.Search(r.Context(), q.request(), viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	v := s.searchPage(s.language(r), q, res)
	if bad != nil {
		v.Misread = strings.TrimPrefix(bad.Error(), errQuestion.Error()+": ")
	}
	if partial(r) {
		w.Header().Set("Hx-Replace-Url", q.path()) // without the fields that were left empty
		s.renderPart(w, r, "search", "found", v)
		return
	}
	title := s.language(r).say("search.title")
	if q.Text != "" {
		title = visible(q.Text)
	}
	s.renderTitled(w, r, http.StatusOK, "search", title, v)
}

func (s *Server) searchPage(l tongue, q question, res *index.Result) searchView {
	v := searchView{Q: q, Result: res, Exact: res.TotalIs != "at-least", Kinds: kinds, Empty: q.Text == "" && !q.filtered(), Bare: question{Text: q.Text, Limit: pageSize}.path()}
	if res.DidYouMean != "" {
		v.Meant = q.with(func(n *question) { n.Text = res.DidYouMean }).path()
	}
	if !v.Empty {
		kept := q
		kept.Offset, kept.Limit = 0, pageSize
		v.Keep = kept.values().Encode()
	}
	v.Relaxed, v.Apart = listed(l, res.LeftOut), listed(l, res.TakenApart)
	v.Also = alsoOf(res.Also)
	for _, h := range res.Hits {
		hv := hitView{Hit: h, Link: hitLink(h, q.Text), Text: marked(h.Snippet), Way: way(h.Locator)}
		for _, tag := range h.Tags {
			hv.Tags = append(hv.Tags, link{Label: tag, Path: q.with(func(q *question) { q.Tags = words(append(q.Tags, tag)) }).path()})
		}
		for _, u := range h.Under {
			hv.Under = append(hv.Under, underView{u, placeLink(u.Document, u.ID, q.Text)})
		}
		v.Hits = append(v.Hits, hv)
	}
	if len(v.Hits) > 0 {
		v.First, v.Last = q.Offset+1, q.Offset+len(v.Hits)
	}
	if q.Offset > 0 {
		v.Prev = q.with(func(n *question) { n.Offset = max(0, q.Offset-q.Limit) }).path()
	}
	if v.Last > 0 && v.Last < res.Groups {
		v.Next = q.with(func(n *question) { n.Offset = q.Offset + q.Limit }).path()
	}
	v.Facets, v.Chips = facets(q, res.Facets, l), chips(q, l)
	return v
}

// listed is words as a sentence lists them.
func listed(l tongue, words []string) string {
	shown := make([]string, len(words))
	for i, w := range words {
		shown[i] = visible(w)
	}
	return strings.Join(shown, l.say("search.relaxed.and"))
}

// hitLink leads to a hit's place in its document. The passage's number stands
// in the query as well as in the fragment: browsers keep fragments to
// themselves, and the server has to know which part of a long text to show.
func hitLink(h index.Hit, text string) string { return placeLink(h.Document, h.ID, text) }

func placeLink(doc, passage, text string) string {
	v := url.Values{}
	if text != "" {
		v.Set("q", text)
	}
	fragment := ""
	if id, err := index.ParsePassageID(passage); err == nil {
		fragment = "#p" + strconv.Itoa(id.Seq)
		if id.Seq > 0 {
			v.Set("p", strconv.Itoa(id.Seq))
		}
	}
	path := "/d/" + url.PathEscape(doc)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path + fragment
}

// way is a locator for people: its steps, unescaped, the outer ones first.
func way(locator string) []string {
	steps := document.SplitLocator(locator)
	for i, s := range steps {
		steps[i] = visible(charset.FilePath(s))
	}
	if len(steps) > 5 { // the ends say most
		steps = slices.Concat(steps[:2], []string{"…"}, steps[len(steps)-2:])
	}
	return steps
}

// maxFacet is how many values of one facet are shown.
const maxFacet = 12

// facets turns counts into links that narrow the question.
func facets(q question, counts map[string]map[string]int, l tongue) []facetView {
	var out []facetView
	add := func(key string, on []string, label func(string) string, set func(*question, string)) {
		f := facetView{Key: "facet." + key}
		for value, n := range counts[key] {
			if value != "" {
				f.Links = append(f.Links, link{Label: label(value), Path: q.with(func(q *question) { set(q, value) }).path(), Count: n, On: slices.Contains(on, value)})
			}
		}
		slices.SortFunc(f.Links, func(a, b link) int {
			if key == "year" || key == "month" {
				return strings.Compare(b.Label, a.Label)
			}
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Label, b.Label)
		})
		if len(f.Links) > maxFacet {
			f.More = len(f.Links) - maxFacet
			f.Links = f.Links[:maxFacet]
		}
		if len(f.Links) > 0 {
			out = append(out, f)
		}
	}
	add("kind", q.Kinds, func(k string) string { return l.word("kind", k) }, func(q *question, k string) { q.Kinds = []string{k} })
	add("type", q.Types, func(t string) string { return l.word("doctype", t) }, func(q *question, t string) { q.Types = []string{t} })
	add("year", []string{q.year()}, visible, func(q *question, y string) { q.From, q.To = y+"-01-01", y+"-12-31" })
	if q.year() != "" || q.month() != "" {
		add("month", []string{q.month()}, visible, func(q *question, m string) { q.From, q.To, _ = days(m) })
	}
	add("customer", q.Customer, visible, func(q *question, c string) { q.Customer = []string{c} })
	add("project", q.Project, visible, func(q *question, p string) { q.Project = []string{p} })
	add("person", nil, visible, func(q *question, p string) {
		q.Text = strings.TrimSpace(q.Text + ` who:"` + strings.ReplaceAll(p, `"`, " ") + `"`)
	})
	add("tag", q.Tags, visible, func(q *question, t string) { q.Tags = words(append(q.Tags, t)) })
	add("sensitive", q.Sensitive, func(k string) string { return l.word("sensitive", k) }, func(q *question, k string) { q.Sensitive = []string{k} })
	return out
}

// year is the year that the range of dates is, or nothing.
func (q question) year() string {
	if y, ok := strings.CutSuffix(q.From, "-01-01"); ok && q.To == y+"-12-31" {
		return y
	}
	return ""
}

// month is the month that the range of dates is, or nothing.
func (q question) month() string {
	if len(q.From) != len("2006-01-02") {
		return ""
	}
	m := q.From[:len("2006-01")]
	if first, last, ok := days(m); ok && q.From == first && q.To == last {
		return m
	}
	return ""
}

// chips are the filters that are set, each with the way to take it away.
func chips(q question, l tongue) []link {
	var out []link
	without := func(list []string, s string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
	}
	add := func(label string, drop func(*question)) {
		out = append(out, link{Label: label, Path: q.with(drop).path()})
	}
	for _, k := range q.Kinds {
		add(l.word("kind", k), func(q *question) { q.Kinds = without(q.Kinds, k) })
	}
	for _, t := range q.Types {
		add(l.word("doctype", t), func(q *question) { q.Types = without(q.Types, t) })
	}
	for _, k := range q.Sensitive {
		add(l.word("sensitive", k), func(q *question) { q.Sensitive = without(q.Sensitive, k) })
	}
	for _, c := range q.Customer {
		add(visible(c), func(q *question) { q.Customer = without(q.Customer, c) })
	}
	for _, p := range q.Project {
		add(visible(p), func(q *question) { q.Project = without(q.Project, p) })
	}
	for _, t := range q.Tags {
		add(visible(t), func(q *question) { q.Tags = without(q.Tags, t) })
	}
	switch {
	case q.From != "" && q.To != "":
		add(q.From+" – "+q.To, func(q *question) { q.From, q.To = "", "" })
	case q.From != "":
		add(l.say("search.since", q.From), func(q *question) { q.From = "" })
	case q.To != "":
		add(l.say("search.until", q.To), func(q *question) { q.To = "" })
	}
	return out
}
