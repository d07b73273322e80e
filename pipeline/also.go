package pipeline

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/minutes"
)

const (
	alsoMost = 5 // of each group

	// Shorter words name everybody.
	namesHan   = 2 // characters
	namesLatin = 3
)

// also adds what a query finds beside documents. Decisions and actions are those
// of meetings that were found, so the asker may see them; names are those that
// the lexicon tells somebody with these scopes. Both are the same whichever
// engine answers: no engine has to be asked again.
func (a *Archive) also(ctx context.Context, q *index.Request, res *index.Result) error {
	if q.Offset > 0 || q.Unfolded || len(res.Words) == 0 {
		return nil
	}
	var out index.Also
	if err := a.saidIn(ctx, q, res, &out); err != nil {
		return err
	}
	if len(q.Kinds)+len(q.Types)+len(q.Customers)+len(q.Projects)+len(q.Tags)+len(q.Sensitive) == 0 {
		a.namedIn(ctx, q.Scopes, res.Words, &out)
	}
	if len(out.Decisions)+len(out.Actions)+len(out.People)+len(out.Customers)+len(out.Projects) > 0 {
		res.Also = &out
	}
	return nil
}

// saidIn looks into the minutes of the meetings that were found.
func (a *Archive) saidIn(ctx context.Context, q *index.Request, res *index.Result, out *index.Also) error {
	for _, doc := range res.Meetings {
		if len(out.Decisions) == alsoMost && len(out.Actions) == alsoMost {
			break
		}
		c, err := a.ledger.ByDocument(ctx, doc)
		if err != nil {
			return err
		}
		if c.Minutes == "" || c.Minutes == noSpeech {
			continue
		}
		m, err := a.minutesOf(ctx, c)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		said := func(text string, evidence []int) index.Said {
			s := index.Said{Text: text, Document: doc, Meeting: m.Title, Date: m.Date, URL: "/d/" + url.PathEscape(doc) + "?q=" + url.QueryEscape(q.Text)}
			if len(evidence) > 0 && !isWritten(c) { // else they are lines of a document
				s.URL += "#u" + strconv.Itoa(evidence[0])
			}
			return s
		}
		for _, d := range m.Decisions {
			if len(out.Decisions) < alsoMost && res.Holds(d.Text) {
				out.Decisions = append(out.Decisions, said(d.Text, d.Evidence))
			}
		}
		for _, d := range m.Actions {
			if len(out.Actions) < alsoMost && res.Holds(d.Owner+"\n"+d.Text+"\n"+d.DueText) {
				out.Actions = append(out.Actions, action(said(d.Text, d.Evidence), &d))
			}
		}
	}
	return nil
}

func action(s index.Said, d *minutes.Action) index.Said {
	s.Owner = d.Owner
	if d.Due != nil {
		s.Due = *d.Due
	}
	return s
}

// namedIn looks for people, customers and projects that a word names.
func (a *Archive) namedIn(ctx context.Context, scopes, words []string, out *index.Also) {
	l := a.lexicon.get(ctx)
	if l == nil {
		return
	}
	for _, w := range words {
		w = strings.TrimSuffix(w, "*")
		least := namesHan
		if len(w) == utf8.RuneCountInString(w) {
			least = namesLatin
		}
		if utf8.RuneCountInString(w) < least || strings.ContainsAny(w[:1], "\x010123456789") {
			continue
		}
		for _, g := range []struct {
			to   *[]index.Named
			kind suggest.Kind
			url  func(string) string
		}{
			{&out.People, suggest.Person, func(name string) string {
				return "/?q=" + url.QueryEscape(`who:"`+strings.ReplaceAll(name, `"`, " ")+`"`)
			}},
			{&out.Customers, suggest.Customer, func(name string) string { return "/customers/" + url.PathEscape(name) }},
			{&out.Projects, suggest.Project, func(name string) string { return "/projects/" + url.PathEscape(name) }},
		} {
			for _, name := range l.Like(w, scopes, g.kind) {
				n := index.Named{Name: name, URL: g.url(name)}
				if len(*g.to) < alsoMost && !slices.Contains(*g.to, n) {
					*g.to = append(*g.to, n)
				}
			}
		}
	}
}

// decided is what people who look into an index can read of a meeting.
func decided(m *minutes.Minutes) (headline string, decisions []string) {
	for _, d := range m.Decisions {
		decisions = append(decisions, d.Text)
	}
	return cmp.Or(m.Headline, m.Title), decisions
}
