package minutes

import (
	"bytes"
	"testing"

	"guidang/extractors/document"
	"guidang/extractors/office"
)

// TestWord writes minutes and reads them back: by Word's reader and as minutes
// that somebody wrote.
func TestWord(t *testing.T) {
	t.Parallel()
	due := "2026-03-06"
	m := &Minutes{Title: "远航项目周会 <会议纪要>", Date: "2026-03-02", Language: "zh", Headline: "方案二 & 迁移", Summary: "先迁移历史数据。",
		Attendees: []Attendee{{Name: "王芳"}, {Name: "李强"}}, Decisions: []Claim{{Text: "采用方案二\x01。", Evidence: []int{3, 4}}},
		Actions: []Action{{Text: "提交迁移计划", Owner: "李强", DueText: "周五", Due: &due, Evidence: []int{5}}, {Text: "联系客户"}}, Risks: []Claim{{Text: "测试环境没有准备好", Evidence: []int{7}}}}
	for _, lang := range []string{"zh", "en"} {
		data, err := Word(m, lang)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Word(m, lang); !bytes.Equal(data, again) {
			t.Error("not the same bytes twice")
		}
		in := &document.Input{Name: "minutes.docx", Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
		d, err := office.Docx.Read(t.Context(), in, func(*document.Child) error { return nil })
		if err != nil || len(d.Warnings) > 0 {
			t.Fatalf("%s: %v, %+v", lang, err, d.Warnings)
		}
		back, _, ok := Import(d, Options{})
		if !ok {
			t.Fatalf("%s: not known as minutes: %+v", lang, d.Sections)
		}
		if back.Title != m.Title || back.Date != m.Date || len(back.Attendees) != 2 || len(back.Decisions) != 1 || len(back.Actions) != 2 || len(back.Risks) != 1 ||
			back.Actions[0].Owner != "李强" || back.Actions[0].Due == nil || *back.Actions[0].Due != due {
			t.Errorf("%s: %+v", lang, back)
		}
	}
}
