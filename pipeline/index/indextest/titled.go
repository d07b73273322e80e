package indextest

import (
	"fmt"
	"strings"
	"testing"

	"guidang/pipeline/index"
)

// titles asks for what stands in more texts than are counted, and in the titles of some that
// take more than one page: these come first, whatever an engine gives in which order.
func titles(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	const all, titled = 2600, 90
	var many []index.Entry
	for n := range all {
		title, text := "周报", "本周招标进展顺利"
		if n%(all/titled) == 3 {
			title = "招标文件"
		}
		if n%7 == 0 {
			text = "招标，招标，再招标"
		}
		many = append(many, Doc(fmt.Sprintf("d%04d", n), title, text))
	}
	a.Put(t, many...)
	for _, limit := range []int{20, titled} {
		seen := map[string]bool{}
		for from := 0; from < titled/limit*limit; from += limit {
			res, got := a.find(t, index.Request{Text: "招标", Limit: limit, Offset: from})
			if res.TotalIs != "at-least" || res.Total < 1000 {
				t.Errorf("%d are %s", res.Total, res.TotalIs)
			}
			for id := range strings.FieldsSeq(got) {
				if seen[id] {
					t.Errorf("%s stands on two pages", id)
				}
				seen[id] = true
				if h := a.entries[id]; h.Title != "招标文件" {
					t.Errorf("%s, whose title does not have it, is among the first %d", id, from+limit)
				}
			}
		}
		if len(seen) != titled/limit*limit {
			t.Errorf("%d on pages of %d", len(seen), limit)
		}
	}
}
