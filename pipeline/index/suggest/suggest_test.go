package suggest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/index"
)

const share, board = "source:share", "source:board"

func example() *Lexicon {
	b := NewBuilder()
	all := []string{share}
	for n, f := range []Fact{
		{Kind: Person, Text: "张伟", Other: "zw@firm.example", Scopes: all},
		{Kind: Person, Text: "张伟", Other: "zhang.wei@old.example", Scopes: all},
		{Kind: Person, Text: "赵雯", Scopes: all},
		{Kind: Person, Text: "Li Na", Other: "li.na@firm.example", Scopes: all},
		{Kind: Person, Text: "钟无艳", Scopes: []string{board}},
		{Kind: Customer, Text: "华信科技有限公司", Scopes: all},
		{Kind: Project, Text: "PROJ-20250801", Scopes: all},
		{Kind: Term, Text: "验收报告", Scopes: all},
		{Kind: Term, Text: "终验", Scopes: all},
		{Kind: Term, Text: "acceptance test", Scopes: all},
		{Kind: Term, Text: "裁员方案", Scopes: []string{board}},
		{Kind: Term, Text: "redundancy", Scopes: []string{board}},
		{Kind: Tag, Text: "验收通过", Scopes: all},
		{Kind: Title, Text: "一期系统验收报告", Document: "d1", Scopes: all},
		{Kind: Title, Text: "Delivery schedule for the warehouse", Document: "d2", Scopes: all},
		{Kind: Title, Text: "裁员方案.docx", Document: "d3", Scopes: []string{board}},
		{Kind: Title, Text: "", Document: "d4", Scopes: all},
		{Kind: Title, Text: "nobody's", Document: "d5"},
		{Kind: "other", Text: "x", Scopes: all},
	} {
		_ = n
		b.Add(f)
	}
	return b.Lexicon()
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	l := example()
	for _, c := range []struct{ typed, want string }{
		{"张", "person 张伟 who:张伟"},
		{"zw", "person 张伟 who:张伟; person 赵雯 who:赵雯"},
		{"zhangwei", "person 张伟 who:张伟"},
		{"合同 ZhangW", "person 张伟 合同 who:张伟"},
		{"from:z", "person 张伟 from:张伟"},
		{"from:zw", "person 张伟 from:张伟; person 赵雯 from:赵雯"},
		{"-发件人：李", ""},
		{"na", `person Li Na who:"Li Na"`},
		{"li.na", `person Li Na who:"Li Na"`},
		{"hxkj", "customer 华信科技有限公司 customer:华信科技有限公司"},
		{"customer:科技", "customer 华信科技有限公司 customer:华信科技有限公司"},
		{"proj", "project PROJ-20250801 project:PROJ-20250801"},
		{"验收", "tag 验收通过 tag:验收通过; term 验收报告 验收报告; title 一期系统验收报告 @d1"},
		{"验收报告", "title 一期系统验收报告 @d1"},
		{"title:验收", "term 验收报告 title:验收报告; title 一期系统验收报告 title:一期系统验收报告"},
		{"付款 acc", `term acceptance test 付款 "acceptance test"`},
		{`付款 "acceptance t`, `term acceptance test 付款 "acceptance test"`},
		{"warehouse", "title Delivery schedule for the warehouse @d2"},
		{"schedule for", "title Delivery schedule for the warehouse @d2"},
		{"付款 ", ""}, {"", ""}, {"  ", ""}, {`"closed"`, ""}, {"裁员", ""}, {"zwy", ""}, {"redun", ""},
	} {
		var got []string
		for _, s := range l.Suggest(c.typed, []string{share, "source:unknown"}, 10) {
			if s.Document != "" {
				s.Query = "@" + s.Document
			}
			got = append(got, fmt.Sprintf("%s %s %s", s.Kind, s.Text, s.Query))
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("%q: %s\nwant %s", c.typed, g, c.want)
		}
	}
	if got := l.Suggest("裁员", []string{share, board}, 10); len(got) != 2 {
		t.Errorf("with the right: %+v", got)
	}
	if got := l.Suggest("验", nil, 10); len(got) != 0 {
		t.Errorf("without any right: %+v", got)
	}
	if got := l.Suggest("验", []string{share}, 1); len(got) != 1 {
		t.Errorf("limit: %+v", got)
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	l := example()
	if got := l.Named("zhangwei", []string{share}, false, Person, Customer); !slices.Equal(got, []string{"张伟"}) {
		t.Errorf("zhangwei: %q", got)
	}
	if got := l.Named("zw", []string{share}, false, Person); got != nil {
		t.Errorf("zw in full: %q", got)
	}
	if got := l.Named("zw", []string{share}, true, Person); !slices.Equal(got, []string{"张伟", "赵雯"}) {
		t.Errorf("zw: %q", got)
	}
	if got := l.Named("zwy", []string{share}, true, Person); got != nil {
		t.Errorf("zwy: %q", got)
	}
	for word, want := range map[string]string{"华信": "华信科技有限公司", "hxkj": "华信科技有限公司", "华信科技有限公司": "华信科技有限公司", "other": "", "": ""} {
		if got := strings.Join(l.Like(word, []string{share}, Customer), " "); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]bool{"zhangwei": true, "ouyang": true, "lvbu": true, "export": false, "zw": false, "delivery": false, "": false} {
		if Spells(word) != want {
			t.Errorf("%s spells a name: %v", word, !want)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	l := example()
	for word, want := range map[string]string{
		"acceptancce": "acceptance", "aceptnace": "acceptance", "delivry": "delivery", "delivery": "", "shedule": "schedule", "xelivery": "", "tets": "test", "tes": "",
		"acxxptence": "", "redundanci": "", "": "", strings.Repeat("a", 99): "", "验收": "",
	} {
		if got := l.Near(word, []string{share}); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func TestGlossary(t *testing.T) {
	t.Parallel()
	terms, s := ReadGlossary([]string{"UAT = 用户验收测试 = user acceptance test", "订单中心", " = ", "SOW＝工作说明书"})
	if want := [][]string{{"UAT", "用户验收测试", "user acceptance test"}, {"订单中心"}, {"SOW", "工作说明书"}}; !reflect.DeepEqual(terms, want) {
		t.Errorf("terms %q", terms)
	}
	if got := s.Of("uat"); !slices.Equal(got, []string{"用户验收测试", "user acceptance test"}) {
		t.Errorf("uat: %q", got)
	}
	if got := s.Of("工作说明书"); !slices.Equal(got, []string{"SOW"}) || s.Of("订单中心") != nil || (Synonyms{}).Of("x") != nil {
		t.Errorf("%q", got)
	}
}

// What is proposed is a query that means the proposal.
func FuzzSuggest(f *testing.F) {
	for _, s := range []string{"zw", `-from:"Li`, "合同 «验", "customer：华", "a OR ", "\xff\"", "title:title:"} {
		f.Add(s, "张 伟：\"x")
	}
	f.Fuzz(func(t *testing.T, typed, name string) {
		b := NewBuilder()
		for _, k := range kinds {
			b.Add(Fact{Kind: k, Text: name, Other: typed, Document: "d", Scopes: []string{share}})
		}
		l := b.Lexicon()
		for _, s := range l.Suggest(typed, []string{share}, 10) {
			if s.Document == "" && index.Parse(s.Query).Nothing && !index.Parse(s.Text).Nothing {
				t.Errorf("%q %q: %+v asks for nothing", typed, name, s)
			}
		}
		if got := l.Suggest(typed, []string{board}, 10); len(got) != 0 {
			t.Errorf("%+v without the right", got)
		}
		l.Near(typed, []string{share})
		l.Named(typed, []string{share}, true, Person)
	})
}
