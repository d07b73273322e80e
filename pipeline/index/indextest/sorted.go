package indextest

import (
	"fmt"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// byDate asks for the newest first, also of more than are verified, and for the
// facets that go with it.
func byDate(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	dated := func(id, text string, at time.Time, people ...string) index.Entry {
		d := Doc(id, "文件", text)
		d.Date, d.People = at, people
		return d
	}
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 8, 0, 0, 0, time.UTC) }
	a.Put(t,
		dated("best", "验收 验收 验收 验收报告", day(2023, 5, 1), "from=张伟", "to=李娜", "cc=张伟"),
		dated("new", "很长的一段文字里提到一次验收", day(2025, 8, 20), "from=李娜"),
		dated("old", "验收", day(2008, 1, 1)),
		dated("never", "验收 验收 验收", time.Time{}),
		dated("mid", "验收会", day(2025, 1, 3)),
	)
	res, got := a.find(t, index.Request{Text: "验收", Sort: index.ByDate})
	if got != "new mid best old never" {
		t.Errorf("by date: %q", got)
	}
	if _, got := a.find(t, index.Request{Text: "验收", Sort: index.ByDate, Limit: 2, Offset: 1}); got != "mid best" {
		t.Errorf("second page: %q", got)
	}
	if _, got := a.find(t, index.Request{Text: "验收 提到", Sort: index.ByDate}); got != "new" {
		t.Errorf("two words: %q", got)
	}
	if want := fmt.Sprint(map[string]int{"2023-05": 1, "2025-08": 1, "2008-01": 1, "2025-01": 1}); fmt.Sprint(res.Facets["month"]) != want {
		t.Errorf("months %v, want %s", res.Facets["month"], want)
	}
	if want := fmt.Sprint(map[string]int{"张伟": 1, "李娜": 2}); fmt.Sprint(res.Facets["person"]) != want {
		t.Errorf("people %v, want %s", res.Facets["person"], want)
	}
	// More than are verified, the oldest of them the best.
	var many []index.Entry
	for n := range 2300 {
		text := "投标"
		if n < 2050 {
			text = "投标 投标 投标"
		}
		d := dated(fmt.Sprintf("m%04d", n), text, day(2020, 1, 1).Add(time.Duration(n)*time.Hour))
		d.Kind = document.KindMail
		many = append(many, d)
	}
	a.Put(t, many...)
	if res, got := a.find(t, index.Request{Text: "投标", Sort: index.ByDate, Limit: 3}); got != "m2299 m2298 m2297" || res.TotalIs != "at-least" {
		t.Errorf("of many: %q %s", got, res.TotalIs)
	}
}
