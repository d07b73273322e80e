package meili

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// One long document has more matches than there are candidates, and all of them
// come before the others.
func TestFlood(t *testing.T) {
	t.Parallel()
	e := openFake(t, newFake(t), quick())
	long := make([]string, 300)
	for n := range long {
		long[n] = "物料"
	}
	entries := []index.Entry{indextest.Doc("a", "清单", long...)}
	for n := range 30 {
		entries = append(entries, indextest.Doc(fmt.Sprintf("z%02d", n), "邮件", "物料"))
	}
	visible(t, e, upsert(t, e, 1, entries...))
	got, err := e.Search(t.Context(), index.Query{Terms: index.Parse("物料").Terms, Scopes: []string{indextest.Everyone}, Candidates: 100})
	if err != nil || len(got.Hits) != 100 || !got.More {
		t.Fatalf("%d hits, more: %v, %v", len(got.Hits), got.More, err)
	}
	documents, seen := map[string]int{}, map[index.PassageID]bool{}
	for _, h := range got.Hits {
		documents[h.ID.Document]++
		if seen[h.ID] {
			t.Errorf("%s is given twice", h.ID)
		}
		seen[h.ID] = true
	}
	if len(documents) < leading {
		t.Errorf("%d of 31 documents", len(documents))
	}
	got, err = e.Search(t.Context(), index.Query{Terms: index.Parse("物料").Terms, Scopes: []string{indextest.Everyone}, Candidates: 330})
	if err != nil || len(got.Hits) != 330 || got.More {
		t.Errorf("%d hits, more: %v, %v", len(got.Hits), got.More, err)
	}
}

// Of many matches only the best come as hits, and the others without an order: all of them,
// or a part where there are more than are asked for.
func TestManyMatches(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	const many = 1500
	var entries []index.Entry
	for n := range many {
		title := "邮件"
		if n%50 == 0 {
			title = "物料清单"
		}
		entries = append(entries, indextest.Doc(fmt.Sprintf("d%d", n), title, "物料"))
	}
	visible(t, e, upsert(t, e, 1, entries...))
	for _, c := range []struct {
		candidates int
		newest     bool
		least      int
		more       bool
	}{{many + 1, false, many, false}, {many, false, many, false}, {many - 100, false, many/2 - 50, true}, {200, false, 100, true}, {60, true, 60, true}, {10, false, 10, true}} {
		got, err := e.Search(t.Context(), index.Query{Terms: index.Parse("物料").Terms, Scopes: []string{indextest.Everyone}, Candidates: c.candidates, Newest: c.newest})
		if err != nil || got.More != c.more || len(got.Hits) < c.least || len(got.Hits) > c.candidates {
			t.Errorf("%+v: %d hits, more: %v, %v", c, len(got.Hits), got.More, err)
		}
		seen, titled := map[index.PassageID]bool{}, 0
		for n, h := range got.Hits {
			if seen[h.ID] {
				t.Errorf("%+v: %s is given twice", c, h.ID)
			}
			seen[h.ID] = true
			number, _ := strconv.Atoi(h.ID.Document[1:])
			if number%50 == 0 {
				titled++
			} else if !c.newest && n < min(leading, many/50) {
				t.Errorf("%+v: %s, whose title does not have it, is %d", c, h.ID, n)
			}
		}
		if !c.newest && titled < min(c.candidates, many/50) {
			t.Errorf("%+v: %d that have it in the title", c, titled)
		}
	}
	if got, err := e.Search(t.Context(), index.Query{Terms: index.Parse("物料").Terms, Scopes: []string{"source:of-others"}, Candidates: many}); err != nil || len(got.Hits) != 0 || got.More {
		t.Errorf("somebody without the right: %d hits, more: %v, %v", len(got.Hits), got.More, err)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	list := func(s string) (out []index.Candidate) {
		for n, f := range strings.Fields(s) {
			id, err := index.ParsePassageID(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, index.Candidate{ID: id, Score: 1 - float64(n)/100})
		}
		return out
	}
	for _, c := range []struct {
		best, all string
		n         int
		want      string
	}{
		{"a_0 b_0 c_0", "a_0 a_1 a_2 a_3 a_4", 4, "a_0 b_0 c_0 a_1"},
		{"a_0 b_0", "a_0 a_1 b_0 b_1 a_2", 4, "a_0 b_0 a_1 b_1"},
		{"a_0", "a_0 a_1 a_2", 2, "a_0 a_1"},
		{"a_0 b_0", "a_0 a_1 a_2", 1, "a_0"},
	} {
		seen := map[string]bool{}
		got := choose(list(c.best), list(c.all), c.n)
		for _, h := range got {
			seen[h.ID.String()] = true
		}
		for i := 1; i < len(got); i++ {
			if got[i].Score > got[i-1].Score {
				t.Errorf("%v: not best first", got)
			}
		}
		if len(got) != len(strings.Fields(c.want)) || len(seen) != len(got) {
			t.Errorf("%v, want %s", got, c.want)
		}
		for id := range strings.FieldsSeq(c.want) {
			if !seen[id] {
				t.Errorf("%v, want %s", got, c.want)
			}
		}
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	day := time.Date(2025, 8, 20, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		q    index.Query
		want string
	}{
		{index.Query{Scopes: []string{"source:a"}}, `scopes IN ["source:a"] AND seq = 0`},
		{index.Query{Scopes: []string{"source:a", "x"}, Terms: index.Parse("x").Terms}, `scopes IN ["source:a","x"]`},
		{
			index.Query{Scopes: []string{"s"}, Terms: index.Parse("x").Terms, Kinds: []document.Kind{document.KindMail}, Tags: []string{"a", "b"}, Customers: []string{"c"}, Projects: []string{"p"}, Documents: []string{"d", "e"}},
			`scopes IN ["s"] AND kind IN ["mail"] AND customer IN ["c"] AND project IN ["p"] AND tags IN ["a"] AND tags IN ["b"] AND doc IN ["d","e"]`,
		},
		{index.Query{Scopes: []string{"s"}, Terms: index.Parse("x").Terms, From: day, To: day.Add(time.Nanosecond)}, `scopes IN ["s"] AND date >= 1755648000 AND date < 1755648001`},
	} {
		if got := filterOf(&c.q); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// Without rights, or among no documents, nothing is asked at all.
func TestNothingIsAsked(t *testing.T) {
	t.Parallel()
	s := &server{}
	for _, q := range []index.Query{{Candidates: 5}, {Scopes: []string{"s"}}, {Scopes: []string{"s"}, Candidates: 5, Documents: []string{}}} {
		if got, err := s.search(t.Context(), "x", &q); err != nil || len(got.Hits) != 0 {
			t.Errorf("%+v: %v %v", q, got, err)
		}
	}
}
