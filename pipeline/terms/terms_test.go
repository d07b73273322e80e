package terms

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

const mail = "张经理您好：订单系统的批量导出功能属于需求变更，项目 PROJ-20250801 的合同金额为 35万元。批量导出功能将于2025年8月20日由恒远科技有限公司验收，批量导出暂不上线。The batch export module needs review; batch export is urgent.\n"

func TestExtract(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, x := range Extract(mail, Options{Top: 20, Glossary: [][]string{{"订单系统"}}}) {
		got[x.Term] = x.Kind
	}
	for term, kind := range map[string]string{"PROJ-20250801": Project, "35万元": Amount, "2025年8月20日": Date, "订单系统": Product} {
		if got[term] != kind {
			t.Errorf("%s is %q, want %q in %v", term, got[term], kind, got)
		}
	}
	if Extract(mail, Options{Glossary: [][]string{{"订单系统"}}})[0].Term != "订单系统" {
		t.Error("the glossary does not come first")
	}
	if a, b := Extract(mail, Options{}), Extract(mail, Options{}); !slices.Equal(a, b) {
		t.Error("not the same twice")
	}
}

// TestWordsWithStops: a stop character within a word does not cut it, and a true
// stop still does.
func TestWordsWithStops(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text      string
		want, not string
	}{
		{"恒远科技有限公司与华信制造有限公司，甲方：有限公司。", "有限公司", "限公司"},
		{"本次需求变更，上次需求变更；需求变更已批准。", "需求变更", "需求变"},
		{"性能测试。性能测试报告，性能测试", "性能测试", "测试报"},
		{"项目验收通过。项目验收通过", "项目验收", "项目验收通"},
		{"项目委员会审批；委员会审批", "委员会审批", "员会审批"},
		{"研究所。研究院，研究所", "研究所", "究所"},
		{"需求说明书，说明书；需求说明书", "需求说明书", "明书"},
		{"张总能来，李总会签", "会签", "总会签"},
		{"系统不能更新。系统不能更新", "更新", "系统不能更新"},
		{"合同的附页，合同的附页", "合同", "合同的附页"},
		{"王总和李总，王总和李总", "李总", "王总和李总"},
		{"并发送报价单，并发送报价单", "报价单", "并发送报价单"},
		{"更", "", "更"},
		{"𠀀更新𠀀更", "𠀀更新𠀀", "更"},
	}
	for _, tt := range tests {
		var got []string
		for _, x := range Extract(tt.text, Options{Top: 20}) {
			got = append(got, x.Term)
		}
		if tt.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, tt.want) }) {
			t.Errorf("%s: %q is missing in %q", tt.text, tt.want, got)
		}
		if slices.Contains(got, tt.not) {
			t.Errorf("%s: %q is in %q", tt.text, tt.not, got)
		}
	}
}

// TestTables: what the run is cut by has to be of characters of three bytes, in
// the block that the table of roles covers, and a word within which a stop
// character is none has to hold one, or begin with a common word.
func TestTables(t *testing.T) {
	t.Parallel()
	for w := range bound {
		stop := strings.ContainsAny(w, stopRunes) || common[w[:min(6, len(w))]]
		if n := len(w); n != 6 && n != 9 || !stop {
			t.Errorf("%q is no word of two or three characters that would be cut", w)
		}
		if common[w] {
			t.Errorf("%q is common, and bound", w)
		}
	}
	for _, r := range strings.Join(slices.Collect(maps.Keys(common)), "") + strings.Join(slices.Collect(maps.Keys(bound)), "") + stopRunes {
		if r < firstHan || r > lastHan {
			t.Errorf("%q lies outside the table", r)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add(mail)
	f.Add("更𠀀更新\xe6有限\xff公")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range Extract(text, Options{}) {
			if !strings.Contains(text, x.Term) || x.Score <= 0 || x.Score > 1 {
				t.Errorf("%+v", x)
			}
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"需求变更，紧急": "需求变更 高优先级", "验收未通过": "", "项目验收通过": "验收通过", "An URGENT change request": "需求变更 高优先级", "你好": "",
		"验收合格后十个工作日内付款": "", "验收通过后付款。昨天验收通过。": "验收通过"} {
		d := &document.Document{Title: text}
		if got := strings.Join(Tags(TextOf(d), document.KindMail, DefaultRules()), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, list := range [][]Term{nil, {{"验收", 1, Keyword}}, {{"a b", 1, Keyword}, {`say "so"`, 0.5, Keyword}, {"c", 0.2, Amount}}} {
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, term := range list {
			want = append(want, term.Term)
		}
		if got := Words(string(text)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"见 HT-2023-0815，2024年3月5日签":        "HT-2023-0815 project, 2024年3月5日 date",
		"于2024-03-05付 RMB 1,200.50 和 35万元": "2024-03-05 date, RMB 1,200.50 amount, 35万元 amount",
		"￥350,000.00": "￥350,000.00 amount",
		"共 12 项，3.5 版，电话 010-5550-0123 转 801": "",
		"第1页，12，13，2024 年":                    "",
	} {
		var got []string
		for _, p := range patterns(text) {
			got = append(got, p.Term+" "+p.Kind)
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

func BenchmarkMail(b *testing.B) {
	text := strings.Repeat(mail, 4)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Extract(text, Options{})
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	own := DefaultRules()
	if len(own) < 3 {
		t.Fatalf("%d rules in the program", len(own))
	}
	for _, r := range own {
		if wrong := r.Try(); len(wrong) > 0 || len(r.Examples.Yes) == 0 || len(r.Examples.No) == 0 {
			t.Errorf("%s: %q", r.Tag, wrong)
		}
	}
	more, err := ReadRules(strings.NewReader("- tag: 高优先级\n  any: [P1]\n- tag: 需求变更\n- tag: 发票\n  any: [开票]\n  kinds: [mail]\n  examples:\n    yes: [请开票, 对账单]\n    no: [已开票]\n"))
	if err != nil || len(more) != 3 {
		t.Fatalf("%+v, %v", more, err)
	}
	if wrong := more[2].Try(); !slices.Equal(wrong, []string{"对账单", "已开票"}) {
		t.Errorf("examples that are wrong: %q", wrong)
	}
	for text, want := range map[string]string{"p1: 请开票": "高优先级 发票", "紧急 需求变更": ""} {
		if got := strings.Join(Tags(text, document.KindMail, more), " "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := Tags("请开票", document.KindText, more); len(got) != 0 {
		t.Errorf("a rule of mails tags a text: %v", got)
	}
	if RulesFingerprint(more) == RulesFingerprint(own) {
		t.Error("other rules have the same fingerprint")
	}
	for _, bad := range []string{"- tag: ''", "- tag: a\n- tag: a", "- tag: a\n  words: [x]", "- tag: a\n  any: ['']", "- tag: a\n  kinds: [tree]", "tag: a", "- tag: \"a\\nb\""} {
		if rules, err := ReadRules(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was taken: %+v", bad, rules)
		}
	}
	if rules, err := ReadRules(strings.NewReader("")); err != nil || len(rules) != len(own) {
		t.Errorf("an empty file: %v, %v", rules, err)
	}
}

func FuzzReadRules(f *testing.F) {
	f.Add("- tag: a\n  any: [b]\n  not: [c]\n")
	f.Add("- {tag: *x}")
	f.Fuzz(func(_ *testing.T, text string) {
		rules, err := ReadRules(strings.NewReader(text))
		if err == nil {
			Tags(text, document.KindMail, rules)
		}
	})
}

func TestWordsOfOneMeaning(t *testing.T) {
	t.Parallel()
	text := "UAT 安排在周三。\n用户验收测试的环境要准备好。\nUAT 通过后付款。\n"
	got := Extract(text, Options{Glossary: [][]string{{"user acceptance test", "用户验收测试", "UAT"}, {"不在文中"}, {""}}})
	if len(got) == 0 || got[0].Term != "用户验收测试" || slices.ContainsFunc(got, func(t Term) bool { return t.Term == "UAT" }) {
		t.Errorf("%v", got)
	}
}
