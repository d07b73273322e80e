package pipeline

import (
	"errors"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

func TestNewsOfAKeptSearch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("甲.txt", "项目的验收报告")
	o.ingest()
	s, err := o.a.SaveSearch(t.Context(), "验收", "q=验收", index.Request{Text: "验收"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	blind, err := o.a.SaveSearch(t.Context(), "验收", "q=验收", index.Request{Text: "验收"}, []string{"source:elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	news := func(token string) (titles []string) {
		t.Helper()
		n, err := o.a.News(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range n.Entries {
			titles = append(titles, e.Title)
		}
		return titles
	}
	if got := news(s.Feed); len(got) != 0 {
		t.Errorf("what was there is news: %q", got)
	}
	o.write("乙.txt", "第二份验收清单")
	o.write("丙.txt", "与此无关")
	o.ingest()
	for range 2 {
		if got := news(s.Feed); len(got) != 1 || got[0] != "乙.txt" {
			t.Errorf("news %q", got)
		}
	}
	if got := news(blind.Feed); len(got) != 0 {
		t.Errorf("without the right: %q", got)
	}
	if all, err := o.a.SavedSearches(t.Context(), nil); err != nil || len(all) != 1 || all[0].Feed != s.Feed {
		t.Errorf("mine are %+v, %v", all, err)
	}
	if err := o.a.DropSearch(t.Context(), s.ID, []string{"source:elsewhere"}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("somebody else's is forgotten: %v", err)
	}
	if err := o.a.DropSearch(t.Context(), s.ID, nil); err != nil {
		t.Error(err)
	}
	if _, err := o.a.News(t.Context(), s.Feed); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a feed of what was forgotten: %v", err)
	}
	o.clean("after kept searches")
}
