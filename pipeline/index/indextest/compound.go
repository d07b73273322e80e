package indextest

import (
	"testing"

	"guidang/pipeline/index"
)

// compounds finds words that are written as one somewhere, and nothing else.
func compounds(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t,
		Doc("camel", "AcceptanceReport.docx", "终稿"), Doc("apart", "交付", "the acceptance report is signed"), Doc("far", "会议", "report on the acceptance"),
		Doc("one", "甲", "only acceptance here"), Doc("two", "乙", "acceptancereports, unacceptancereport"))
	for text, want := range map[string]string{
		"acceptance report":       "camel apart far",
		"Acceptance Report 终稿":    "camel",
		"AcceptanceReport":        "camel apart",
		"acceptancereport":        "camel",
		`"acceptance report"`:     "apart",
		"report acceptance":       "apart far",
		"title:acceptance report": "",
		"-report acceptance":      "one",
	} {
		if res, got := a.find(t, index.Request{Text: text}); got != want || len(res.LeftOut) > 0 && want != "" {
			t.Errorf("%s: %q, want %q (%v)", text, got, want, res.LeftOut)
		}
	}
}
