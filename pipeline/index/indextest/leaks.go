package indextest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
)

// leakQueries is how many queries the suite asks; GUIDANG_TEST_LEAKS sets more.
const leakQueries = 250

// leaks asks random queries for somebody who may see one share of the sample
// archive, of the whole archive and of one that holds that share alone. The
// answers have to be the same: whatever is hidden must not show in hits,
// counts, facets, snippets, left-out words, spelling or proposals. Most queries
// are cut out of what is hidden.
func leaks(t *testing.T, s Suite) {
	n := leakQueries
	if v, err := strconv.Atoi(os.Getenv("GUIDANG_TEST_LEAKS")); err == nil {
		n = v
	}
	whole := NewArchive(s.New(t))
	all := whole.PutSamples(t)
	scopes := Everything(all)
	for i, scope := range scopes {
		own := NewArchive(s.New(t))
		visible := map[string]bool{}
		var hidden []Sample
		var seen []Sample
		for _, one := range all {
			if slices.Contains(one.Entry.Scopes, scope) {
				visible[one.Entry.Document] = true
				seen = append(seen, one)
			} else {
				hidden = append(hidden, one)
			}
		}
		own.put(t, seen)
		for n, one := range all { // versions of which some are hidden, and attachments of hidden mails
			r := index.Relation{Chain: fmt.Sprint(n % 10), Ordinal: n, Branch: n%3 == 0, Mail: all[(n*7+1)%len(all)].Entry.Document}
			whole.Relate(one.Entry.Document, r)
			own.Relate(one.Entry.Document, r)
		}
		q := &querier{rng: rand.New(rand.NewPCG(7, uint64(i))), hidden: hidden, seen: seen}
		for range (n + len(scopes) - 1) / len(scopes) {
			text := q.query()
			r := index.Request{Text: text, Scopes: []string{scope}, Limit: 500}
			got, want := whole.answer(t, r), own.answer(t, r)
			if got != want {
				t.Fatalf("%q shows what is hidden from %s:\n%s\nwithout it there is\n%s", text, scope, got, want)
			}
			for _, h := range hidden {
				if strings.Contains(got, h.Entry.Document) {
					t.Fatalf("%q shows %s to %s", text, h.Locator, scope)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	none, _ := whole.find(t, index.Request{Text: "验收", Scopes: []string{"source:none"}})
	if none.Total != 0 {
		t.Errorf("a right to nothing finds %d", none.Total)
	}
}

// answer is everything that somebody learns from a query, but for scores, which
// depend on how common a word is.
func (a *Archive) answer(t *testing.T, r index.Request) string {
	t.Helper()
	res, err := a.Searcher().Search(t.Context(), r)
	if err != nil {
		t.Fatalf("%q: %v", r.Text, err)
	}
	var hits []string
	for _, h := range res.Hits {
		var under []string
		for _, u := range h.Under {
			under = append(under, fmt.Sprint(u.Document, u.Relation, u.Title, u.Date))
		}
		slices.Sort(under)
		hits = append(hits, fmt.Sprint(h.Document, " ", h.Locator, " ", h.Title, " ", h.Date, " ", h.Tags, under))
	}
	slices.Sort(hits)
	facets, err := json.Marshal(res.Facets)
	if err != nil {
		t.Fatal(err)
	}
	proposals := a.lexicon.(wordbook).names.Suggest(r.Text, r.Scopes, 10)
	return fmt.Sprintf("%d %s %s\nleft out %q, apart %q, meant %q, marked %q\n%+v\n%s", res.Total, res.TotalIs, facets, res.LeftOut, res.TakenApart, res.DidYouMean, res.Words, proposals, strings.Join(hits, "\n"))
}

// querier makes queries.
type querier struct {
	rng          *rand.Rand
	hidden, seen []Sample
}

// text is what a document says somewhere.
func (q *querier) text(from []Sample) []rune {
	s := &from[q.rng.IntN(len(from))]
	switch q.rng.IntN(6) {
	case 0:
		return []rune(s.Entry.Title)
	case 1:
		return []rune(strings.Join(s.Entry.People, " "))
	case 2:
		return []rune(strings.Join(s.Entry.Terms, " "))
	}
	return []rune(s.Entry.Passages[q.rng.IntN(len(s.Entry.Passages))].Text)
}

// piece is a string cut out of a document, mostly of one that is hidden.
func (q *querier) piece() string {
	from := q.hidden
	if q.rng.IntN(4) == 0 {
		from = q.seen
	}
	for range 20 {
		text := q.text(from)
		if len(text) == 0 {
			continue
		}
		at := q.rng.IntN(len(text))
		if q.rng.IntN(3) == 0 { // a whole word
			if words := strings.Fields(string(text[at:])); len(words) > 1 {
				return words[1]
			}
		}
		if p := strings.TrimSpace(string(text[at:min(len(text), at+1+q.rng.IntN(6))])); p != "" {
			return p
		}
	}
	return "验收"
}

func (q *querier) query() string {
	p := q.piece()
	switch q.rng.IntN(14) {
	case 0:
		return p + " " + q.piece()
	case 1:
		return `"` + strings.ReplaceAll(p, `"`, "") + `"`
	case 2:
		return "-" + p
	case 3:
		return q.piece() + " -" + p
	case 4:
		return p + " OR " + q.piece()
	case 5:
		return []string{"from:", "to:", "who:", "title:", "customer:", "tag:", "kind:", "after:"}[q.rng.IntN(8)] + p
	case 6:
		return p + "*"
	case 7: // a question
		return q.piece() + "什么时候" + p + "？"
	case 8: // a letter wrong
		if r := []rune(p); len(r) > 3 {
			r[1+q.rng.IntN(len(r)-1)] = 'x'
			return string(r)
		}
	case 9: // initials of somebody
		return string([]rune{rune('a' + q.rng.IntN(26)), rune('a' + q.rng.IntN(26))})
	}
	return p
}

// put gives samples, with what they are called.
func (a *Archive) put(t *testing.T, all []Sample) {
	t.Helper()
	b := suggest.NewBuilder()
	entries := make([]index.Entry, 0, len(all))
	for i := range all {
		addNames(b, &all[i])
		a.Show(all[i].Entry.Document, all[i].Locator, all[i].People)
		entries = append(entries, all[i].Entry)
	}
	a.Put(t, entries...)
	a.lexicon = wordbook{names: b.Lexicon()}
}
