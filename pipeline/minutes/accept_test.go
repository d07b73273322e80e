package minutes

import (
	"context"
	"testing"

	"guidang/extractors/document"
)

// TestJointly: who takes what the other side said and adds what both will do has
// decided it, and that is no summing up of another proposal.
func TestJointly(t *testing.T) {
	t.Parallel()
	tr := &document.Transcript{Date: "2025-08-20", Language: "zh"}
	for _, s := range [][2]string{
		{"赵刚", "我建议单次上限五万行，超过的自动拆成多个文件。"},
		{"张建国", "五万行可以接受。费用怎么算？"},
		{"李文博", "这是新增需求，初步估计八个人日，费用3.5万元。"},
		{"张建国", "可以，费用跟第三期款一起付，我们签一个补充协议。"},
		{"赵刚", "当时担心数据库会延期，后来没有事。"},
	} {
		tr.Utterances = append(tr.Utterances, document.Utterance{ID: len(tr.Utterances) + 1, Speaker: s[0], Text: s[1]})
	}
	m, err := NewOffline().Make(context.Background(), tr, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Decisions) != 2 || m.Decisions[0].Evidence[0] != 1 || m.Decisions[1].Evidence[0] != 4 {
		t.Errorf("decisions: %+v", m.Decisions)
	}
	if len(m.Risks) != 0 {
		t.Errorf("a worry that is over is no risk: %+v", m.Risks)
	}
}
