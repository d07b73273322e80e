package doctype_test

import (
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
)

// Texts made to be slow are judged in the time of others: every loop is bounded
// by what is looked at of a line and of a document.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"labels":        strings.Repeat("to to: ", 20_000),
		"chinese":       strings.Repeat("甲方 乙方 合同编号 ", 5_000),
		"colons":        strings.Repeat("甲方：\n", 20_000),
		"one word":      strings.Repeat("合", 60_000),
		"bad utf-8":     strings.Repeat("\x80", 100_000),
		"numerals":      strings.Repeat("壹", 60_000) + "元",
		"digits":        strings.Repeat("1,111", 20_000),
		"brackets":      strings.Repeat("〔2025〕", 10_000),
		"signatures":    strings.Repeat("签字：", 20_000),
		"blanks":        strings.Repeat(" ", 60_000) + strings.Repeat("\t|;", 20_000),
		"between":       "between " + strings.Repeat("a and ", 20_000),
		"empty lines":   strings.Repeat("\n", 100_000),
		"long headings": strings.Repeat("验收报告合同", 3_000),
	} {
		for _, kind := range []document.Kind{document.KindDocument, document.KindMail} {
			d := &document.Document{Kind: kind, Title: text[:min(len(text), 5000)], Sections: []document.Section{{Heading: text[:min(len(text), 3000)], Text: text}}}
			v := doctype.Judge(d, text[:min(len(text), 3000)])
			for i := range v.Fields {
				if check(t, d, &v.Fields[i]) > 0 {
					t.Errorf("%s: a detail stands elsewhere than it says", name)
				}
			}
		}
	}
}
