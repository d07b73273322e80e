package indextest

import (
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// quoted: of two mails with the same words the one whose writer wrote them comes
// first, and a hit leads to the new text where both have it.
func quoted(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	parts := func(id string, of ...string) index.Entry {
		e := Doc(id, "回复", make([]string, len(of)/2)...)
		for n := range e.Passages {
			e.Passages[n].Position, e.Passages[n].Text = document.Position{Part: of[2*n]}, of[2*n+1]
		}
		return e
	}
	a.Put(t,
		parts("answer", "body", "同意", "quote", "验收标准请确认，验收标准在附件"),
		parts("asks", "body", "验收标准请确认", "signature", "张伟"),
		parts("both", "quote", "付款条件 付款条件 付款条件", "body", "付款条件不变"),
	)
	if _, got := a.find(t, index.Request{Text: "验收标准"}); got != "asks answer" {
		t.Errorf("what is quoted comes first: %q", got)
	}
	res, _ := a.find(t, index.Request{Text: "付款条件"})
	if len(res.Hits) != 1 || res.Hits[0].Position.Part != "body" {
		t.Errorf("the hit does not lead to the new text: %+v", res.Hits)
	}
}
