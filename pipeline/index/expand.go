package index

import (
	"context"
	"slices"
	"strings"
)

// Lexicon helps a search to what was meant. It knows what documents are called,
// and of that tells only what somebody with the scopes may know. Its answers are
// words as they are written; none of its methods fails, an answer that cannot be
// had is empty.
type Lexicon interface {
	// Synonyms are other words and phrases of one meaning, by the glossary.
	Synonyms(word string) []string
	// Named are people, customers and projects whose names are spelt so in pinyin;
	// with short also by first letters, as zw is 张伟.
	Named(ctx context.Context, letters string, scopes []string, short bool) []string
	// Customers and Projects are those that a filter's word means, also a part of
	// a name or its pinyin.
	Customers(ctx context.Context, word string, scopes []string) []string
	Projects(ctx context.Context, word string, scopes []string) []string
	// Near is the known Latin word that an unknown one was probably meant to be.
	Near(ctx context.Context, word string, scopes []string) string
}

// WithLexicon makes a searcher ask a lexicon: synonyms and names in pinyin will
// do as well as what was written, and misspelt words get a proposal.
func (s *Searcher) WithLexicon(x Lexicon) *Searcher {
	c := *s
	c.lexicon = x
	return &c
}

// expand lets what means the same do as well.
func (l *lookup) expand(ctx context.Context) {
	x := l.s.lexicon
	if x == nil {
		return
	}
	for i := range l.question.Terms {
		t := &l.question.Terms[i]
		if t.quoted || t.Prefix && len(t.Tokens) > 1 {
			continue
		}
		var also []string
		if t.place != inPeople {
			also = x.Synonyms(t.Text)
		}
		if t.place != inTitle && isLatinWord(t.Text) {
			also = append(also, x.Named(ctx, t.Text, l.request.Scopes, t.place == inPeople)...)
		}
		for _, word := range also {
			o := termOf(word, false)
			if len(o.Tokens) == 0 || o.Text == t.Text {
				continue
			}
			t.also(o)
		}
	}
}

// meant replaces what operators named by the customers and projects that are
// called so.
func (n *Narrow) meant(ctx context.Context, x Lexicon, scopes []string) {
	if x == nil {
		return
	}
	replace := func(values []string, like func(context.Context, string, []string) []string) (out []string) {
		for _, v := range values {
			names := like(ctx, v, scopes)
			if len(names) == 0 {
				names = []string{v}
			}
			for _, name := range names {
				if !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
		return out
	}
	n.Customers, n.Projects = replace(n.Customers, x.Customers), replace(n.Projects, x.Projects)
}

func isLatinWord(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return len(s) > 1
}

// spelling proposes another query where nothing holds a Latin word of this one,
// but it is somebody's initials or nearly a word that is known; empty if there is
// none, or if nothing would be found by it either.
func (s *Searcher) spelling(ctx context.Context, r *Request, text string) (string, error) {
	if s.lexicon == nil {
		return "", nil
	}
	q := Parse(text)
	better := text
	for i := range q.Terms {
		t := &q.Terms[i]
		if t.Prefix || !isLatinWord(t.Text) {
			continue
		}
		got, err := s.engine.Engine().Search(ctx, Query{Terms: []Term{termOf(t.Text, false)}, Scopes: r.Scopes, Candidates: 1})
		if err != nil {
			return "", err
		}
		if len(got.Hits) > 0 {
			continue
		}
		switch names := s.lexicon.Named(ctx, t.Text, r.Scopes, true); {
		case len(names) > 0: // zw for 张伟
			better = replaceWord(better, t.Text, names[0])
		default:
			if near := s.lexicon.Near(ctx, t.Text, r.Scopes); near != "" {
				better = replaceWord(better, t.Text, near)
			}
		}
	}
	if better == text {
		return "", nil
	}
	probe := *r
	probe.Text, probe.Limit, probe.Offset = better, 1, 0
	res, err := s.search(ctx, probe)
	if err != nil || res.Total == 0 || len(res.LeftOut) > 0 {
		return "", err
	}
	return better, nil
}

// replaceWord puts a word in place of another, in whatever case that is written,
// where no other letter stands beside it.
func replaceWord(s, old, word string) string {
	lower := strings.ToLower(s)
	if len(lower) != len(s) { // a letter of another size in lower case: places would not agree
		return s
	}
	for from := 0; ; {
		at := strings.Index(lower[from:], old)
		if at < 0 {
			return s
		}
		at += from
		end := at + len(old)
		if boundary(lower, at) && boundary(lower, end) {
			return s[:at] + word + s[end:]
		}
		from = at + 1
	}
}
