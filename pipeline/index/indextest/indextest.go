// Package indextest is the suite that every index.Engine passes, together with
// the Searcher on top of it.
package indextest

import (
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"

	"guidang/pipeline/index"
)

// Suite is an engine under test. Only New is needed.
type Suite struct {
	// New opens an empty engine and closes it when the test ends.
	New func(t *testing.T) index.Engine
	// Reopen closes an engine of New and opens it again. Nil: cannot be done.
	Reopen func(t *testing.T, e index.Engine) index.Engine
	// Damage deletes passages behind the engine's back and gives an engine that
	// has the rest. Nil: cannot be done.
	Damage func(t *testing.T, e index.Engine, gone []index.PassageID) index.Engine
}

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Suite){
		"empty":       empty,
		"replace":     replace,
		"delete":      deletion,
		"mark":        marks,
		"rejected":    rejected,
		"rebuild":     rebuild,
		"walk":        walking,
		"reopen":      reopening,
		"concurrent":  concurrent,
		"recall":      recall,
		"single":      single,
		"words":       words,
		"numbers":     numbers,
		"filters":     filters,
		"dates":       dates,
		"scopes":      scopes,
		"phrases":     phrases,
		"not":         not,
		"apart":       apart,
		"head":        heads,
		"browse":      browse,
		"pages":       pages,
		"snippets":    snippets,
		"flood":       flood,
		"quoted":      quoted,
		"folded":      folded,
		"stale texts": staleTexts,
		"forms":       forms,
		"operators":   operators,
		"relaxed":     relaxed,
		"meant":       meant,
		"compounds":   compounds,
		"judged":      judged,
		"leaks":       leaks,
		"by date":     byDate,
		"titles":      titles,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

func empty(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	for _, text := range []string{"", "验收", "税", "a*", `"`} {
		if res, got := a.find(t, index.Request{Text: text}); got != "" || res.Total != 0 || res.TotalIs != "exact" {
			t.Errorf("%q in an empty index: %+v", text, res)
		}
	}
	if got := walk(t, a.engine); len(got) != 0 {
		t.Errorf("walk: %v", got)
	}
	if m, err := a.engine.Mark(t.Context()); err != nil || m != (index.Mark{}) {
		t.Errorf("mark: %v %v", m, err)
	}
	st, err := a.engine.Stats(t.Context())
	if err != nil || st.Documents != 0 || st.Passages != 0 || st.Engine != a.engine.Name() {
		t.Errorf("stats: %+v %v", st, err)
	}
	if a.engine.Generation() == "" {
		t.Error("no generation")
	}
}

func replace(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("aaa", "甲", "需求评审 alpha", "第二段", "第三段 gamma"), Doc("bbb", "乙", "需求变更"))
	if _, got := a.find(t, index.Request{Text: "gamma"}); got != "aaa" {
		t.Errorf("before: %q", got)
	}
	two := Doc("aaa", "甲", "需求评审 beta")
	two.Revision, two.Stale = 2, 3
	a.Put(t, two)
	for text, want := range map[string]string{"gamma": "", "alpha": "", "beta": "aaa", "第二段": "", "变更": "bbb"} {
		if _, got := a.find(t, index.Request{Text: text}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	// The ledger may not know how many there were.
	three := Doc("bbb", "乙", "一", "二", "三", "四")
	three.Revision = 2
	a.Put(t, three)
	four := Doc("bbb", "乙", "五", "六")
	four.Revision = 3
	a.Put(t, four)
	want := map[string]string{"aaa": "2:1", "bbb": "3:2"}
	if got := walk(t, a.engine); !maps.Equal(got, want) {
		t.Errorf("walk: %v, want %v", got, want)
	}
	st, err := a.engine.Stats(t.Context())
	if err != nil || st.Documents != 2 || st.Passages != 3 {
		t.Errorf("stats: %+v %v", st, err)
	}
}

func deletion(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("aaa", "甲", "验收报告", "验收结论"), Doc("aaab", "乙", "验收通过"))
	kept := a.entries["aaa"]
	a.Remove(t, "aaa", "neverthere")
	a.Keep(kept) // so that only the engine can hide it
	if _, got := a.find(t, index.Request{Text: "验收"}); got != "aaab" {
		t.Errorf("found %q", got)
	}
	if got := walk(t, a.engine); !maps.Equal(got, map[string]string{"aaab": "1:1"}) {
		t.Errorf("walk: %v", got)
	}
}

func marks(t *testing.T, s Suite) {
	e := s.New(t)
	for seq := int64(1); seq <= 3; seq++ {
		want := index.Mark{Ledger: "L", Seq: seq * 1000}
		var token index.Token
		var err error
		if seq == 2 {
			token, err = e.Delete(t.Context(), []string{"x"}, want)
		} else {
			token, err = e.Upsert(t.Context(), []index.Entry{Doc("x", "t", "text")}, want)
		}
		if err == nil {
			err = e.Visible(t.Context(), token)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Visible(t.Context(), token); err != nil {
			t.Errorf("asked again: %v", err)
		}
		if got, err := e.Mark(t.Context()); err != nil || got != want {
			t.Errorf("mark %v %v, want %v", got, err, want)
		}
	}
}

func rejected(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	bad := Doc("nobody", "无人可见", "验收")
	bad.Scopes = nil
	token, err := a.engine.Upsert(t.Context(), []index.Entry{Doc("good", "好", "验收"), bad}, a.Mark())
	if err != nil {
		t.Fatal(err)
	}
	var r *index.RejectedError
	if err := a.engine.Visible(t.Context(), token); !errors.As(err, &r) {
		t.Fatalf("visible: %v", err)
	}
	if len(r.Documents) != 1 || r.Documents["nobody"] == "" {
		t.Errorf("rejected %v", r.Documents)
	}
	if got := walk(t, a.engine); !maps.Equal(got, map[string]string{"good": "1:1"}) {
		t.Errorf("walk: %v", got)
	}
}

func rebuild(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("old", "旧", "项目计划"), Doc("both", "同", "项目计划"))
	before := a.engine.Generation()
	oldToken, err := a.engine.Upsert(t.Context(), []index.Entry{a.entries["both"]}, a.Mark())
	if err != nil {
		t.Fatal(err)
	}

	gone, err := a.engine.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gone.Upsert(t.Context(), []index.Entry{Doc("lost", "弃", "项目计划")}, index.Mark{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(gone.Discard(), gone.Discard()); err != nil {
		t.Errorf("discard: %v", err)
	}
	if _, got := a.find(t, index.Request{Text: "项目计划"}); got != "both old" {
		t.Errorf("after discard: %q", got)
	}

	fresh, err := a.engine.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fresh.Discard(); err != nil {
			t.Errorf("discard after swap: %v", err)
		}
	}()
	entries := []index.Entry{a.entries["both"], Doc("new", "新", "项目计划")}
	a.Keep(entries...)
	token, err := fresh.Upsert(t.Context(), entries, index.Mark{Ledger: LedgerID})
	if err == nil {
		err = fresh.Visible(t.Context(), token)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, got := a.find(t, index.Request{Text: "项目计划"}); got != "both old" {
		t.Errorf("before the swap: %q", got)
	}
	if err := fresh.Swap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, got := a.find(t, index.Request{Text: "项目计划"}); got != "both new" {
		t.Errorf("after the swap: %q", got)
	}
	if now := a.engine.Generation(); now == before || now != fresh.Generation() {
		t.Errorf("generation %s, before %s, rebuilt %s", now, before, fresh.Generation())
	}
	if m, err := a.engine.Mark(t.Context()); err != nil || m != (index.Mark{Ledger: LedgerID}) {
		t.Errorf("mark: %v %v", m, err)
	}
	if err := a.engine.Visible(t.Context(), oldToken); err == nil {
		t.Error("a batch of the replaced generation is said to be visible")
	}
	a.Put(t, Doc("next", "续", "项目计划"))
	if got := walk(t, a.engine); len(got) != 3 {
		t.Errorf("walk: %v", got)
	}
}

func walking(t *testing.T, s Suite) {
	if s.Damage == nil {
		t.Skip("this engine cannot be damaged from outside")
	}
	a := NewArchive(s.New(t))
	a.Put(t, Doc("aaa", "甲", "一", "二", "三"), Doc("bbb", "乙", "四"), Doc("ccc", "丙", "五"))
	a.engine = s.Damage(t, a.engine, []index.PassageID{{Document: "aaa", Seq: 1}, {Document: "bbb", Seq: 0}})
	want := map[string]string{"aaa": "1:2", "ccc": "1:1"}
	if got := walk(t, a.engine); !maps.Equal(got, want) {
		t.Errorf("walk after damage: %v, want %v", got, want)
	}
	a.Put(t, a.entries["aaa"], a.entries["bbb"])
	want = map[string]string{"aaa": "1:3", "bbb": "1:1", "ccc": "1:1"}
	if got := walk(t, a.engine); !maps.Equal(got, want) {
		t.Errorf("walk after repair: %v, want %v", got, want)
	}
}

func reopening(t *testing.T, s Suite) {
	if s.Reopen == nil {
		t.Skip("this engine cannot be reopened")
	}
	a := NewArchive(s.New(t))
	a.Put(t, Doc("aaa", "甲", "合同编号 HT-2023-0815"), Doc("bbb", "乙", "合同"))
	a.Remove(t, "bbb")
	mark, generation := a.Mark(), a.engine.Generation()
	a.engine = s.Reopen(t, a.engine)
	if got := a.engine.Generation(); got != generation {
		t.Errorf("generation %s, was %s", got, generation)
	}
	if got, err := a.engine.Mark(t.Context()); err != nil || got != mark {
		t.Errorf("mark %v %v, want %v", got, err, mark)
	}
	if _, got := a.find(t, index.Request{Text: "合同 HT-2023-0815"}); got != "aaa" {
		t.Errorf("found %q", got)
	}
	a.Put(t, Doc("ccc", "丙", "合同"))
	if got := walk(t, a.engine); !maps.Equal(got, map[string]string{"aaa": "1:1", "ccc": "1:1"}) {
		t.Errorf("walk: %v", got)
	}
}

// concurrent searches while batches come in and the index is swapped.
func concurrent(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("always", "常在", "风险清单"))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := a.Searcher().Search(t.Context(), index.Request{Text: "风险清单", Scopes: []string{Everyone}})
				if err != nil || !strings.Contains(hitIDs(res), "always") {
					t.Errorf("search meanwhile: %v %v", res, err)
					return
				}
			}
		})
	}
	for n := range 3 {
		a.Put(t, Doc("more", "更多", strings.Repeat("进展 ", n+1)))
		fresh, err := a.engine.Rebuild(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fresh.Upsert(t.Context(), []index.Entry{a.entries["always"]}, a.Mark()); err != nil {
			t.Fatal(err)
		}
		if err := fresh.Swap(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
}

func hitIDs(r *index.Result) string {
	var b strings.Builder
	if r != nil {
		for _, h := range r.Hits {
			b.WriteString(h.ID + " ")
		}
	}
	return b.String()
}
