package doctype_test

import (
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/doctype/papertest"
)

// The two measures that the room is built to: of 600 papers of all types in both
// languages at least 95 in 100 get their type, and at least 95 in 100 of the
// details that they have are read right.
func TestPapers(t *testing.T) {
	t.Parallel()
	const papers, least = 600, 0.95
	wrongTypes, fields, wrongFields, surplus := 0, 0, 0, 0
	for _, p := range papertest.Papers(2025, papers) {
		v := doctype.Judge(p.Doc, p.Name)
		if v.Type != p.Type {
			wrongTypes++
			t.Logf("%s (%s): %s %v, want %s", p.Name, p.Doc.Title, v.Type, v.Why, p.Type)
			continue
		}
		for name, want := range p.Fields {
			fields++
			if got := v.Field(name); got != want {
				wrongFields++
				t.Logf("%s %s %s: %s is %q, want %q", p.Type, p.Doc.Language, p.Name, name, got, want)
			}
		}
		for i := range v.Fields {
			surplus += check(t, p.Doc, &v.Fields[i])
		}
	}
	t.Logf("types: %d of %d wrong; details: %d of %d wrong", wrongTypes, papers, wrongFields, fields)
	if float64(wrongTypes) > (1-least)*papers || float64(wrongFields) > (1-least)*float64(fields) {
		t.Errorf("types: %d of %d wrong; details: %d of %d wrong", wrongTypes, papers, wrongFields, fields)
	}
	if surplus > 0 {
		t.Errorf("%d details point elsewhere than where they were read", surplus)
	}
}

// check says 1 if a detail does not stand where it says.
func check(t *testing.T, d *document.Document, f *doctype.Field) int {
	t.Helper()
	s := d.Sections[f.Section]
	if f.To == 0 || f.From <= f.To && f.To <= len(s.Text) && (s.Text[f.From:f.To] == f.Text || len(f.Text) >= 290) {
		return 0
	}
	t.Logf("%s: %q at %d-%d of section %d", f.Name, f.Text, f.From, f.To, f.Section)
	return 1
}

func BenchmarkJudge(b *testing.B) {
	papers := papertest.Papers(1, 200)
	size := 0
	for _, p := range papers {
		for _, s := range p.Doc.Sections {
			size += len(s.Text)
		}
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, p := range papers {
			doctype.Judge(p.Doc, p.Name)
		}
	}
}

// Long texts cost what their beginning costs.
func BenchmarkJudgeLong(b *testing.B) {
	papers := papertest.Papers(1, 46)
	d := &document.Document{Kind: document.KindDocument}
	for range 20 {
		for _, p := range papers {
			d.Sections = append(d.Sections, p.Doc.Sections...)
		}
	}
	for b.Loop() {
		doctype.Judge(d, "合同.docx")
	}
}

func FuzzJudge(f *testing.F) {
	for _, p := range papertest.Papers(3, 46) {
		f.Add(p.Name, p.Doc.Title, p.Doc.Sections[0].Text)
	}
	f.Add("合同.docx", "", "甲方：\n乙方：\t\n签字：\xff\n壹贰叁元\n有效期九九九年\n〔2025〕")
	f.Fuzz(func(t *testing.T, name, title, text string) {
		for _, kind := range []document.Kind{document.KindDocument, document.KindMail, document.KindSheet} {
			d := &document.Document{Kind: kind, Title: title, Sections: []document.Section{{Text: text}}}
			v := doctype.Judge(d, name)
			for i := range v.Fields {
				if check(t, d, &v.Fields[i]) > 0 {
					t.Fatal("a detail stands elsewhere than it says")
				}
			}
		}
	})
}

// A PDF's signature fields say more than the lines for names.
func TestSignatureFields(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{"2/2": doctype.SignedYes, "1/2": doctype.SignedPartly, "0/1": doctype.SignedNo, "": doctype.SignedNo, "nonsense": doctype.SignedNo} {
		d := &document.Document{Kind: document.KindDocument, Title: "软件开发合同", Fields: map[string]string{"signatures": fields}}
		d.AddText(document.Position{Page: 1}, "", "软件开发合同\n合同编号：HT-2025-001\n甲方：华信制造\n乙方：远航软件\n甲方代表（签字）：________\n乙方代表（签字）：________\n")
		if got := doctype.Judge(d, "合同.pdf").Field(doctype.Signed); got != want {
			t.Errorf("%q says %q, want %q", fields, got, want)
		}
	}
}
