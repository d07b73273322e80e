package indextest

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// holders gives the documents in which s stands in a passage, the title or the
// name: the truth that recall is measured on.
func holders(entries []index.Entry, s string) string {
	var out []string
	for _, e := range entries {
		text := []string{e.Title, e.Name}
		for _, p := range e.Passages {
			text = append(text, p.Text)
		}
		// 與 is 与, in texts and in queries.
		if strings.Contains(index.Normalise(strings.Join(text, "\n")), index.Normalise(s)) {
			out = append(out, e.Document)
		}
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

func sorted(docs string) string {
	all := strings.Fields(docs)
	sort.Strings(all)
	return strings.Join(all, " ")
}

// cut takes n neighbouring Han characters out of a random passage.
func cut(rng *rand.Rand, entries []index.Entry, n int) string {
	for {
		e := entries[rng.IntN(len(entries))]
		text := []rune(e.Passages[rng.IntN(len(e.Passages))].Text)
		if len(text) <= n {
			continue
		}
		at := rng.IntN(len(text) - n)
		s := string(text[at : at+n])
		if strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0 {
			return s
		}
	}
}

func recall(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	entries := Corpus(300)
	a.Put(t, entries...)
	rng := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{2, 3, 4, 6, 9} {
		for range 40 {
			text := cut(rng, entries, n)
			res, got := a.find(t, index.Request{Text: text})
			if want := holders(entries, text); sorted(got) != want || res.Total != len(strings.Fields(want)) {
				t.Errorf("%s: %d found, want %d", text, res.Total, len(strings.Fields(want)))
			}
		}
	}
}

func single(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	entries := Corpus(120)
	entries = append(entries, Doc("rare", "𠮷野家", "𠮷田與𠮷。丼"), Doc("end", "尾", "应缴税"), Doc("kana", "カナ", "テスト環境のサーバー"), Doc("hangul", "한글", "검수 보고서"))
	a.Put(t, entries...)
	for _, text := range []string{"税", "款", "五", "𠮷", "丼", "與", "尾", "テ", "バー", "サーバー", "보고", "검"} {
		res, got := a.find(t, index.Request{Text: text})
		if want := holders(entries, text); sorted(got) != want || want == "" {
			t.Errorf("%s: %d found (%s), want %s", text, res.Total, got, want)
		}
	}
}

func words(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t,
		Doc("en", "Weekly status", "The Project was accepted; see café menu v2.3 of the API gateway."),
		Doc("wide", "全角", "ＡＢＣ系统已经上线，项目\n验收通过。"),
		Doc("code", "C++", "int main() { return PROJ20250801; } // project_plan.xlsx"),
		Doc("gap", "对齐", "姓    名：张三\t职务：经理"),
		Doc("soft", "断词", "soft\u00adware de\u200bvelop"),
	)
	for text, want := range map[string]string{
		"project": "code en", "PROJECT": "code en", "proj": "code", "projec": "", "proj*": "code en", "roject": "",
		"cafe\u0301": "en", "CAFÉ": "en", "cafe": "",
		"v2": "en", "v2.3": "en", "v2.4": "", "api gateway": "en", "the of": "en",
		"abc": "wide", "ＡＢＣ": "wide", "ABC系统": "wide", "项目验收": "wide", "验收通过": "wide",
		"proj20250801": "code", "20250801": "code", "c++": "code", "project_plan.xlsx": "code",
		"姓名": "gap", "software": "soft", "develop": "soft", "三职": "",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func numbers(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t,
		Doc("one", "合同", "合同编号：HT-2023-0815，金额 ¥1,200,000.00 元，联系 li.na@huaxin.example"),
		Doc("two", "项目", "PROJ-20250801_SRS_20250820_v2.docx 与 HT-2023-0816；电话 010-5550-1234"),
		Doc("three", "无关", "0815 2023 HT 20250802 PROJ li na example 金额1200元"),
	)
	for text, want := range map[string]string{
		"HT-2023-0815": "one", "ht-2023-0815": "one", "HT－2023－0815": "one", "HT–2023–0815": "one", "HT-2023": "one two",
		"2023": "one three two", "0815": "one three", "0816": "two", "081": "",
		"PROJ-20250801": "two", "20250801": "two", "PROJ-20250801_SRS": "two", "PROJ-2025*": "two", "SRS": "two",
		"1,200,000": "one", "1200000": "one", "1200000.00": "one", "200": "", "1200": "three",
		"li.na@huaxin.example": "one", "huaxin.example": "one", "@huaxin": "one", "li na": "one three", `"li na"`: "three",
		"010-5550-1234": "two", "5550": "two", "合同编号：HT-2023-0815": "one", "编号HT": "",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func filters(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	doc := func(id string, kind document.Kind, customer, project string, tags ...string) index.Entry {
		e := Doc(id, id, "进度说明", "进度附页")
		e.Kind, e.Tags = kind, tags
		if customer != "" {
			e.Customer, e.Project = []string{customer}, []string{project}
		}
		return e
	}
	a.Put(t,
		doc("m1", document.KindMail, "华信制造", "PROJ-1", "需求变更"),
		doc("m2", document.KindMail, "Northwind & Co", "PROJ-2", "需求变更", "高优先级"),
		doc("s1", document.KindSheet, "华信制造", "PROJ-3", "高优先级"),
		doc("x1", document.KindOther, "", ""),
	)
	paper := doc("s1", document.KindSheet, "华信制造", "PROJ-3", "高优先级")
	paper.Type, paper.Sensitive = document.TypeQuotation, []string{document.SensitiveMobile}
	a.Put(t, paper)
	for _, c := range []struct {
		r    index.Request
		want string
	}{
		{index.Request{}, "m1 m2 s1 x1"},
		{index.Request{Kinds: []document.Kind{document.KindMail}}, "m1 m2"},
		{index.Request{Kinds: []document.Kind{document.KindMail, document.KindSheet}}, "m1 m2 s1"},
		{index.Request{Kinds: []document.Kind{document.KindSlides}}, ""},
		{index.Request{Types: []document.Type{document.TypeQuotation, document.TypeContract}}, "s1"},
		{index.Request{Types: []document.Type{document.TypeContract}}, ""},
		{index.Request{Sensitive: document.Sensitives}, "s1"},
		{index.Request{Sensitive: []string{document.SensitiveCard}}, ""},
		{index.Request{Customers: []string{"华信制造"}}, "m1 s1"},
		{index.Request{Customers: []string{"华信"}}, ""},
		{index.Request{Customers: []string{"Northwind & Co", "华信制造"}}, "m1 m2 s1"},
		{index.Request{Projects: []string{"PROJ-2"}}, "m2"},
		{index.Request{Tags: []string{"需求变更"}}, "m1 m2"},
		{index.Request{Tags: []string{"需求变更", "高优先级"}}, "m2"},
		{index.Request{Tags: []string{"高优先级"}, Kinds: []document.Kind{document.KindMail}, Customers: []string{"华信制造"}}, ""},
	} {
		for _, text := range []string{"", "进度", "附页"} {
			c.r.Text = text
			res, got := a.find(t, c.r)
			if sorted(got) != c.want || res.Total != len(strings.Fields(c.want)) {
				t.Errorf("%+v: %q, want %q", c.r, got, c.want)
			}
		}
	}
	res, _ := a.find(t, index.Request{Text: "进度"})
	got := fmt.Sprint(res.Facets)
	want := fmt.Sprint(map[string]map[string]int{
		"kind": {"mail": 2, "sheet": 1, "other": 1}, "customer": {"华信制造": 2, "Northwind & Co": 1},
		"year": {"2025": 4}, "tag": {"需求变更": 2, "高优先级": 2},
		"type": {"quotation": 1}, "sensitive": {"mobile-number": 1},
		"month": {"2025-08": 4}, "project": {"PROJ-1": 1, "PROJ-2": 1, "PROJ-3": 1}, "person": {},
	})
	if got != want {
		t.Errorf("facets %s, want %s", got, want)
	}
}

func dates(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	at := func(id, when string) index.Entry {
		e := Doc(id, id, "季度报告")
		e.Date = time.Time{}
		if when != "" {
			e.Date = moment(t, when)
		}
		return e
	}
	a.Put(t, at("a", "1999-12-31T23:59:59Z"), at("b", "2023-01-01T00:00:00Z"), at("c", "2023-08-15T12:30:00+08:00"),
		at("d", "2024-02-29T00:00:00+08:00"), at("e", "2024-02-29T08:00:00+08:00"), at("f", "2025-01-01T00:00:00Z"), at("none", ""))
	for _, c := range []struct{ from, to, want string }{
		{"", "", "a b c d e f none"},
		{"2023-01-01T00:00:00Z", "", "b c d e f"},
		{"2023-01-01T00:00:01Z", "", "c d e f"},
		{"", "2023-01-01T00:00:00Z", "a"},
		{"", "2023-01-01T00:00:01Z", "a b"},
		{"2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "b c"},
		{"2023-08-15T04:30:00Z", "2023-08-15T04:30:01Z", "c"},
		{"2023-08-15T04:30:01Z", "2023-08-16T00:00:00Z", ""},
		{"2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "e"},
		{"2024-02-28T16:00:00Z", "2024-03-01T00:00:00Z", "d e"},
		{"2025-01-01T00:00:00Z", "2023-01-01T00:00:00Z", ""},
		{"1970-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "a b c d e f"},
	} {
		for _, text := range []string{"季度", ""} {
			r := index.Request{Text: text}
			if c.from != "" {
				r.From = moment(t, c.from)
			}
			if c.to != "" {
				r.To = moment(t, c.to)
			}
			if _, got := a.find(t, r); sorted(got) != c.want {
				t.Errorf("%q %s to %s: %q, want %q", text, c.from, c.to, got, c.want)
			}
		}
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func scopes(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	one, two, both := Doc("one", "报价", "报价单"), Doc("two", "报价", "报价单"), Doc("both", "报价", "报价单")
	one.Scopes, two.Scopes, both.Scopes = []string{"source:A"}, []string{"source:a"}, []string{"source:A", "source:a", "project:x"}
	a.Put(t, one, two, both)
	for _, c := range []struct {
		scopes []string
		want   string
	}{
		{[]string{"source:A"}, "both one"}, {[]string{"source:a"}, "both two"}, {[]string{"project:x"}, "both"},
		{[]string{"source:A", "source:a"}, "both one two"}, {[]string{"source:"}, ""}, {[]string{"source:other"}, ""}, {[]string{}, ""},
	} {
		for _, text := range []string{"报价", ""} {
			if _, got := a.find(t, index.Request{Text: text, Scopes: c.scopes}); sorted(got) != c.want {
				t.Errorf("%q as %v: %q, want %q", text, c.scopes, got, c.want)
			}
		}
		// The engine alone keeps to them too; the describer is the second lock.
		got, err := a.engine.Search(t.Context(), index.Query{Terms: index.Parse("报价").Terms, Scopes: c.scopes, Candidates: 10})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, h := range got.Hits {
			seen[h.ID.Document] = true
		}
		if len(seen) != len(strings.Fields(c.want)) {
			t.Errorf("engine as %v: %v, want %q", c.scopes, seen, c.want)
		}
	}
	// The index lags behind a change of rights: the ledger's word counts.
	both.Scopes = []string{"project:x"}
	a.Keep(both)
	if _, got := a.find(t, index.Request{Text: "报价", Scopes: []string{"source:A"}}); got != "one" {
		t.Errorf("after a change of rights: %q", got)
	}
}

func phrases(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t,
		Doc("near", "n", "the final  acceptance\ntest is on Monday. 项目 验收 报告"),
		Doc("far", "f", "acceptance was final, said the test. 验收这个项目的报告"),
		Doc("cells", "c", "项目\t验收\t报告"),
	)
	for text, want := range map[string]string{
		`"final acceptance test"`: "near", "“final acceptance”": "near", "final acceptance": "far near",
		"项目验收报告": "near", "「项目 验收」": "cells near", "项目 验收": "cells far near", `"acceptance final"`: "",
		`"final acceptance`: "near", "验收 \"\" final": "far near",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if _, got := a.find(t, index.Request{Text: "final acceptance"}); got != "near far" {
		t.Errorf("neighbours do not come first: %q", got)
	}
}

func not(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("a", "周报", "进度正常"), Doc("b", "周报", "进度", "风险很高"), Doc("c", "风险周报", "进度"),
		Doc("d", "周报", "进度，险些有风，风险无。付款条 条件"), Doc("e", "周报", "进度 付款条件"))
	for text, want := range map[string]string{
		"进度 -风险": "a e", "进度 －风险": "a e", "-风险": "a e", "进度 -付款条件": "a b c d", "进度 -正常 -风险": "e",
		"进度 - 风险": "b c d", "--": "", "-": "", "进度 -": "a b c d e",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func apart(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	filler := strings.Repeat("其他内容。", 20)
	a.Put(t,
		Doc("apart", "长文", "张伟负责", filler, "最迟九月交付"),
		Doc("together", "短文", filler, "张伟说九月交付"),
		Doc("titled", "张伟的邮件", filler, "九月交付"),
		Doc("half", "半", "张伟", filler),
	)
	res, got := a.find(t, index.Request{Text: "张伟 交付"})
	if sorted(got) != "apart titled together" || res.Total != 3 || res.TotalIs != "exact" {
		t.Errorf("found %q, %d %s", got, res.Total, res.TotalIs)
	}
	if !strings.HasSuffix(got, " apart") {
		t.Errorf("words in different passages are not last: %q", got)
	}
}

func heads(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	e := Doc("mail", "关于验收的答复", "正文一", "正文二")
	e.People = []string{"李娜", "li.na@huaxin.example"}
	e.Terms = []string{"里程碑"}
	e.Name = "答复-终稿.eml"
	other := Doc("plain", "其他", "验收 李娜 里程碑 终稿")
	a.Put(t, e, other, Doc("bare", "只有标题的验收", ""))
	for text, want := range map[string]string{
		"李娜": "mail plain", "li.na@huaxin.example": "mail", "里程碑": "mail plain", "终稿": "mail plain", "验收": "bare mail plain",
		"李娜 正文二": "mail", "答复 正文一 里程碑": "mail", "标题": "bare",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if _, got := a.find(t, index.Request{Text: "验收"}); strings.HasPrefix(got, "plain") {
		t.Errorf("a title does not come first: %q", got)
	}
}

func browse(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	for n, day := range []string{"2024-05-01", "2025-01-02", "2023-03-03", ""} {
		e := Doc(fmt.Sprintf("d%d", n), "t", "一", "二")
		e.Date = time.Time{}
		if day != "" {
			e.Date = moment(t, day+"T08:00:00Z")
		}
		a.Put(t, e)
	}
	res, got := a.find(t, index.Request{})
	if got != "d1 d0 d2 d3" || res.Total != 4 {
		t.Errorf("newest first: %q (%d)", got, res.Total)
	}
	if h := res.Hits[0]; h.ID != "d1_0" || h.URL != "/d/d1#p0" || h.Date != "2025-01-02" || h.Snippet != "一" {
		t.Errorf("hit %+v", h)
	}
	if res.Hits[3].Date != "" {
		t.Errorf("a date out of nothing: %+v", res.Hits[3])
	}
}

func pages(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	var entries []index.Entry
	for n := range 45 {
		entries = append(entries, Doc(fmt.Sprintf("d%02d", n), "会议", "会议纪要"))
	}
	a.Put(t, entries...)
	seen := map[string]bool{}
	for offset := 0; offset < 60; offset += 20 {
		res, got := a.find(t, index.Request{Text: "会议", Limit: 20, Offset: offset})
		if res.Total != 45 {
			t.Errorf("total %d", res.Total)
		}
		for id := range strings.FieldsSeq(got) {
			if seen[id] {
				t.Errorf("%s stands on two pages", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != 45 {
		t.Errorf("%d on all pages", len(seen))
	}
	if res, _ := a.find(t, index.Request{Text: "会议", Limit: 20, Offset: -5}); len(res.Hits) != 20 {
		t.Errorf("negative offset: %d hits", len(res.Hits))
	}
	if res, _ := a.find(t, index.Request{Text: "会议", Offset: 1000}); len(res.Hits) != 0 || res.Total != 45 {
		t.Errorf("beyond the end: %d hits of %d", len(res.Hits), res.Total)
	}
}

func snippets(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("x", "<b>", "前文。"+strings.Repeat("无关内容，", 60)+"<script>alert(\"验收\")</script> & ＡＢＣ 付款条件"+strings.Repeat("，后文", 60)))
	for text, want := range map[string]string{
		"验收": "&lt;script&gt;alert(&#34;<mark>验收</mark>&#34;)&lt;/script&gt; &amp;", "abc": "<mark>ＡＢＣ</mark>",
		"付款条件 款条": "<mark>付款条件</mark>", "script": "&lt;<mark>script</mark>&gt;",
	} {
		res, _ := a.find(t, index.Request{Text: text})
		if len(res.Hits) != 1 {
			t.Errorf("%s: %d hits", text, len(res.Hits))
			continue
		}
		h := res.Hits[0]
		if !strings.Contains(h.Snippet, want) || strings.Contains(h.Snippet, "<script") {
			t.Errorf("%s: snippet %s, want in it %s", text, h.Snippet, want)
		}
		if n := len([]rune(h.Snippet)); n > 400 || !strings.HasPrefix(h.Snippet, "…") || !strings.HasSuffix(h.Snippet, "…") {
			t.Errorf("%s: snippet of %d characters: %s", text, n, h.Snippet)
		}
	}
	res, _ := a.find(t, index.Request{Text: "付款 &x=1#"})
	if len(res.Hits) != 0 {
		t.Errorf("found %v", res.Hits)
	}
	res, _ = a.find(t, index.Request{Text: "付款 abc"})
	if len(res.Hits) != 1 || res.Hits[0].URL != "/d/x?q=%E4%BB%98%E6%AC%BE+abc#p0" {
		t.Errorf("url: %+v", res.Hits)
	}
}

// flood has one long document with more matches than candidates are asked for.
func flood(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	long := make([]string, 2300)
	for n := range long {
		long[n] = "物料 物料 物料"
	}
	entries := []index.Entry{Doc("long", "物料清单", long...)}
	for n := range 30 {
		entries = append(entries, Doc(fmt.Sprintf("d%02d", n), "邮件", "附上物料，请查收，"+strings.Repeat("其他的话。", 10)))
	}
	a.Put(t, entries...)
	res, got := a.find(t, index.Request{Text: "物料"})
	if res.TotalIs != "at-least" || res.Total != 31 || !strings.HasPrefix(got, "long") {
		t.Errorf("%d %s: %q", res.Total, res.TotalIs, got)
	}
	if res, got := a.find(t, index.Request{Text: "物料 查收"}); res.Total != 30 {
		t.Errorf("%d: %q", res.Total, got)
	}
}

// staleTexts has an index that is behind the texts: what is not in the true
// text is no hit.
func staleTexts(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Doc("a", "标题", "旧的说法"), Doc("b", "标题", "旧的说法"), Doc("c", "标题", "旧的说法"))
	a.Keep(Doc("a", "标题", "新的说法"))
	delete(a.entries, "b")
	if _, got := a.find(t, index.Request{Text: "旧的说法"}); got != "c" {
		t.Errorf("found %q", got)
	}
	if _, got := a.find(t, index.Request{}); sorted(got) != "a c" {
		t.Errorf("browse %q", got)
	}
}
