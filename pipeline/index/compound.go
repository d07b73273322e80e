package index

import (
	"context"
	"strings"
)

// compounds lets words do that are written as one somewhere: "acceptance report"
// finds AcceptanceReport, and the other way round. Neither is a word of the other
// to an engine, since the case of letters is gone by then.
func (l *lookup) compounds(ctx context.Context) error {
	terms := l.question.Terms
	for i := range terms {
		t := &terms[i]
		if parts := t.camel; parts != "" {
			t.also(termOf(parts, false))
		}
		if i == 0 || !plainWord(&terms[i-1]) || !plainWord(t) {
			continue
		}
		// Asked first whether there is such a word at all: there hardly ever is, and
		// each alternative would double the work of the search.
		one := termOf(terms[i-1].Text+t.Text, false)
		q := l.base()
		q.Terms, q.Candidates = []Term{one}, 1
		got, err := l.engine.Search(ctx, q)
		if err != nil {
			return err
		}
		if len(got.Hits) > 0 {
			terms[i-1].also(one)
			t.also(one)
		}
	}
	return nil
}

// plainWord says whether a term is a Latin word that is looked for as it is.
func plainWord(t *Term) bool {
	return !t.quoted && !t.Prefix && t.place == anywhere && isLatinWord(t.Text)
}

// also lets another term do as well.
func (t *Term) also(o Term) {
	o.place, o.role = t.place, t.role
	t.loose = t.loose || len(t.or) == 0
	t.or = append(t.or, o)
}

// camelParts parts a word where a capital follows a small letter, as in
// AcceptanceReport; empty where none does.
func camelParts(word string) string {
	var b strings.Builder
	parted := false
	for i := range len(word) {
		c := word[i]
		switch {
		case 'a' <= c && c <= 'z':
		case 'A' <= c && c <= 'Z':
			if i > 0 && 'a' <= word[i-1] && word[i-1] <= 'z' {
				b.WriteByte(' ')
				parted = true
			}
		default:
			return ""
		}
		b.WriteByte(c)
	}
	if !parted {
		return ""
	}
	return b.String()
}
