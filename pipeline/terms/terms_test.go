package terms

import (
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

const mail = "张经理您好：订单系统的批量导出功能属于需求变更，项目 PROJ-20250801 的合同金额为 35万元。批量导出功能将于2025年8月20日由恒远科技有限公司验收，批量导出暂不上线。The batch export module needs review; batch export is urgent.\n"

func TestExtract(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, x := range Extract(mail, Options{Top: 20, Glossary: []string{"订单系统"}}) {
		got[x.Term] = x.Kind
	}
	for term, kind := range map[string]string{"PROJ-20250801": Project, "35万元": Amount, "2025年8月20日": Date, "订单系统": Product} {
		if got[term] != kind {
			t.Errorf("%s is %q, want %q in %v", term, got[term], kind, got)
		}
	}
	if Extract(mail, Options{Glossary: []string{"订单系统"}})[0].Term != "订单系统" {
		t.Error("the glossary does not come first")
	}
	if a, b := Extract(mail, Options{}), Extract(mail, Options{}); !slices.Equal(a, b) {
		t.Error("not the same twice")
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"需求变更，紧急": "需求变更 高优先级", "验收未通过": "", "项目验收通过": "验收通过", "An URGENT change request": "需求变更 高优先级", "你好": ""} {
		d := &document.Document{Title: text}
		if got := strings.Join(Tags(TextOf(d), DefaultRules()), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
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
