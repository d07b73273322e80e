package naming

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

func rule(t testing.TB, pattern string) *Rule {
	t.Helper()
	r, err := Read(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheck(t *testing.T) {
	t.Parallel()
	day := time.Date(2025, 8, 20, 0, 0, 0, 0, time.UTC)
	all := Known{Project: "PROJ-20250801", Type: document.TypeRequirements, Date: day, Version: []int{2}}
	for _, c := range []struct {
		name     string
		known    Known
		problems string
		proposal string
		missing  string
	}{
		{"PROJ-20250801_SRS_20250820_v2.docx", all, "", "", ""},
		{"PROJ-20250801_SRS_20250820_v2.docx", Known{}, "", "", ""},
		{"需求规格说明书 最终版(2).docx", all, Shape, "PROJ-20250801_SRS_20250820_v2.docx", ""},
		{"需求.docx", Known{Type: document.TypeRequirements, Date: day}, Shape, "", "project"},
		{"扫描件.PDF", Known{Project: "PROJ-20250801", Date: day, Type: document.TypeOther}, Shape, "", "type"},
		{"PROJ-20250801_Contract_20250820_v2.docx", all, WrongType, "PROJ-20250801_SRS_20250820_v2.docx", ""},
		{"PROJ-20250801_Foo_20250820_v2.docx", all, WrongType, "PROJ-20250801_SRS_20250820_v2.docx", ""},
		{"PROJ-20250801_SRS_20251399_v2.docx", all, WrongDate, "PROJ-20250801_SRS_20250820_v2.docx", ""},
		{"PROJ-20250802_SRS_20250820_v2.docx", all, WrongFacts, "PROJ-20250801_SRS_20250820_v2.docx", ""},
		{"合同:最终?.docx", Known{Project: "PROJ-1234", Type: document.TypeContract, Date: day}, Shape + " " + Characters, "PROJ-1234_Contract_20250820_v1.docx", ""},
		{"PROJ-20250801_SRS_20250820_v2.pdf.docx", all, Shape + " " + DoubleExt, "PROJ-20250801_SRS_20250820_v2.docx", ""},
	} {
		v := rule(t, DefaultPattern).Check(c.name, c.known)
		if strings.Join(v.Problems, " ") != c.problems || v.Proposal != c.proposal || strings.Join(v.Missing, " ") != c.missing || v.OK != (c.problems == "") {
			t.Errorf("%s: %q %q %q; want %q %q %q", c.name, v.Problems, v.Proposal, v.Missing, c.problems, c.proposal, c.missing)
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	v := rule(t, "{date} {title} ({project})").Check("x.docx", Known{Project: "PROJ-2025", Title: "合同: 第一部分/定稿", Date: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)})
	if v.Proposal != "20250102 合同  第一部分 定稿 (PROJ-2025).docx" {
		t.Errorf("%q", v.Proposal)
	}
	for _, bad := range []string{"", "plain", "{date}_{date}", "{customer}_{date}"} {
		if _, err := Read(bad); !errors.Is(err, ErrPattern) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Every proposal keeps the rule itself, and every type but "other" has a code.
func TestProposalsKeepTheRule(t *testing.T) {
	t.Parallel()
	r := rule(t, DefaultPattern)
	for _, typ := range document.Types {
		if typ == document.TypeOther {
			continue
		}
		known := Known{Project: "PROJ-20250801", Type: typ, Date: time.Date(2025, 8, 20, 0, 0, 0, 0, time.UTC)}
		if v := r.Check("最终版.docx", known); v.Proposal == "" || !r.Check(v.Proposal, known).OK {
			t.Errorf("%s: %q does not keep the rule", typ, v.Proposal)
		}
	}
	if slices.Contains(document.Types, "") {
		t.Error("an empty type is listed")
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("{project}_{type}", "a_b.docx")
	f.Add(DefaultPattern, "合同\xff.docx")
	f.Add("{title}{date}", "....")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		r, err := Read(pattern)
		if err != nil {
			return
		}
		v := r.Check(name, Known{Type: document.TypeContract})
		if v.OK != (len(v.Problems) == 0) || v.OK && v.Proposal != "" {
			t.Fatalf("%+v", v)
		}
	})
}
