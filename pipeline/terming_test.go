package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/pipeline/terms"
)

// TestLearnTerms: frequencies are learned when somebody says so, whatever the
// order in which things came, and hold until somebody says so again.
func TestLearnTerms(t *testing.T) {
	t.Parallel()
	things := []string{"锅炉", "配电箱", "输送带", "叉车", "冷却塔", "空压机"}
	works := []string{"检修", "改造", "验收", "采购", "盘点", "清洗", "巡查", "报废", "租赁", "安装"}
	letters := func(o *office, from, to int) {
		for i := from; i < to; i++ {
			o.write(fmt.Sprintf("%03d.txt", i), fmt.Sprintf("星河物流平台周报第%d期\n星河物流平台运行正常。%s%s待定。\n", i, things[i%6], works[i/6%10]))
		}
	}
	words := func(o *office) []string {
		v, err := o.a.Show(t.Context(), "007.txt", nil)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, w := range v.Terms {
			out = append(out, w.Term)
		}
		return out
	}
	one, other := newOffice(t), newOffice(t)
	letters(one, 0, 30)
	one.ingest()
	if did, err := one.a.LearnTerms(t.Context()); err != nil || did.Number != 0 || did.Changed != 0 {
		t.Errorf("30 texts: %+v, %v", did, err)
	}
	letters(one, 30, 60)
	one.ingest()
	before := words(one)
	letters(other, 20, 60)
	other.ingest()
	letters(other, 0, 20)
	other.ingest()
	for _, o := range []*office{one, other} {
		did, err := o.a.LearnTerms(t.Context())
		if err != nil || did.Number != 1 || did.Texts != 60 || did.Changed == 0 {
			t.Errorf("60 texts: %+v, %v", did, err)
		}
	}
	after := words(one)
	if slices.Index(after, "星河物流平台") <= slices.Index(before, "星河物流平台") || !slices.Equal(after, words(other)) {
		t.Errorf("before %v, after %v, in another order %v", before, after, words(other))
	}
	dump := one.dump()
	one.restart()
	one.ingest()
	if one.dump() != dump {
		t.Error("terms changed by themselves")
	}
	letters(one, 60, 61)
	letters(other, 60, 61)
	one.ingest()
	other.ingest()
	if got, want := one.a.learned.Load().String(), other.a.learned.Load().String(); got != want {
		t.Error("two archives of the same texts learned different frequencies")
	}
	now, err := one.a.ledger.Note(t.Context(), termsNote)
	if err != nil || now != terms.Fingerprint(one.a.termOptions()) {
		t.Errorf("the ledger's note of terms: %q, %v", now, err)
	}
}

// TestTermsOfMeetings: a meeting's key terms know the glossary too, and follow it
// without its minutes being made again.
func TestTermsOfMeetings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("周会 2025-08-20.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:06.000\n<v 王芳>我们决定测试报告按新模板写，UAT 在下个月做。\n\n00:00:07.000 --> 00:00:12.000\n<v 李强>用户验收测试的环境，我负责在8月29日之前准备好。\n")
	o.ingest()
	meeting := func() *View {
		v, err := o.a.Show(t.Context(), "周会 2025-08-20.vtt", nil)
		if err != nil || len(v.Terms) == 0 || v.Minutes == nil {
			t.Fatalf("%+v, %v", v, err)
		}
		return v
	}
	before := meeting()
	words, err := simplifiedchinese.GBK.NewEncoder().String("# 术语\r\nUAT = 用户验收测试\r\n")
	if err != nil {
		t.Fatal(err)
	}
	o.cfg.Terms.Glossary = filepath.Join(t.TempDir(), "术语.txt")
	if err := os.WriteFile(o.cfg.Terms.Glossary, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	o.restart()
	o.ingest()
	after := meeting()
	if before.Terms[0].Term == "UAT" || after.Terms[0].Term != "UAT" {
		t.Errorf("before %v, after %v", before.Terms, after.Terms)
	}
	if !slices.Equal(after.Minutes.Terms, after.Terms) || after.Minutes.MadeBy != before.Minutes.MadeBy {
		t.Errorf("%v, %+v", after.Minutes.Terms, after.Minutes.MadeBy)
	}
	if slices.ContainsFunc(after.Terms, func(w terms.Term) bool { return w.Term == "用户验收测试" }) {
		t.Errorf("one thing twice: %v", after.Terms)
	}
}
