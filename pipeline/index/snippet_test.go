package index

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHighlight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, query, want string }{
		{"项目验收", "验收", "项目<mark>验收</mark>"},
		{"项目验\n  收会", "验收", "项目<mark>验\n  收</mark>会"},
		{"付款条件", "付款 款条 条件", "<mark>付款条件</mark>"},
		{"付款 条件", "付款 条件", "<mark>付款</mark> <mark>条件</mark>"},
		{"ＨＴ－２０２３ and ht-2023", "HT-2023", "<mark>ＨＴ－２０２３</mark> and <mark>ht-2023</mark>"},
		{"金额 1,200,000.00 元", "1200000", "金额 <mark>1,200,000</mark>.00 元"},
		{"Project projects PROJECT", "project", "<mark>Project</mark> projects <mark>PROJECT</mark>"},
		{"Project projects", "proj*", "<mark>Proj</mark>ect <mark>proj</mark>ects"}, //nolint:misspell // a marked beginning
		{"cafe\u0301 bar", "café", "<mark>cafe\u0301</mark> bar"},
		{"面积 5㎡。", "5m2", "面积 <mark>5㎡</mark>。"},
		{"so\u00adft\u200bware!", "software", "<mark>so\u00adft\u200bware</mark>!"},
		{"a<b>&\"验收\"", "验收", "a&lt;b&gt;&amp;&#34;<mark>验收</mark>&#34;"},
		{"<b>x</b>", "b", "&lt;<mark>b</mark>&gt;x&lt;/<mark>b</mark>&gt;"},
		{"税务和税", "税", "<mark>税</mark>务和<mark>税</mark>"},
		{"\xff验收\xfe", "验收", "\xff<mark>验收</mark>\xfe"},
		{"nothing", "验收", "nothing"},
		{"text", "", "text"},
		{"", "验收", ""},
		{"𠮷野家𠮷野", "𠮷野", "<mark>𠮷野</mark>家<mark>𠮷野</mark>"},
	} {
		if got := Highlight(c.text, Words(c.query)); got != c.want {
			t.Errorf("Highlight(%q, %q)\n got %q\nwant %q", c.text, c.query, got, c.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	t.Parallel()
	far := strings.Repeat("无关的内容，", 100)
	for name, c := range map[string]struct{ text, query, has string }{
		"the beginning without a match": {"开头。" + far, "验收", "开头。无关"},
		"short text":                    {"只有\n这么多", "多", "只有 这么<mark>多</mark>"},
		"where most words stand":        {"验收，" + far + "付款，" + far + "付款与验收一致" + far, "付款 验收", "<mark>付款</mark>与<mark>验收</mark>一致"},
		"a long match":                  {far + strings.Repeat("长", 300) + far, strings.Repeat("长", 300), "<mark>" + strings.Repeat("长", 300) + "</mark>"},
		"not inside a word":             {strings.Repeat("configuration ", 60) + "acceptance " + strings.Repeat("configuration ", 60), "acceptance", "…configuration "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := snippet(c.text, needles(Words(c.query)))
			if !strings.Contains(got, c.has) {
				t.Errorf("snippet %s\nlacks %s", got, c.has)
			}
			plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got)
			if n := utf8.RuneCountInString(plain); n > 2*snippetRunes && name != "a long match" {
				t.Errorf("%d characters", n)
			}
		})
	}
}
