package versions

import (
	"slices"
	"testing"
	"testing/quick"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, stem, label string }{
		{"PROJ-20250801_SRS_20250820_v2.docx", "proj20250801srs", "v2 2025-08-20"},
		{"报价单_华信_订单管理系统_v2_20250721_最终版.xlsx", "报价单华信订单管理系统", "v2 2025-07-21"},
		{"需求规格说明书 最终版(2)改.docx", "需求规格说明书", ""},
		{"需求规格说明书V0.5.docx", "需求规格说明书", "v0.5"},
		{"合同（1）.doc", "合同", ""},
		{"合同 - 副本 (2).doc", "合同", ""},
		{"Copy of Contract final2.docx", "contract", ""},
		{"方案第三版.docx", "方案", "v3"},
		{"SRS rev 4 (signed copy).pdf", "srs", "v4"},
		{"会议纪要2025年8月20日.docx", "会议纪要", "2025-08-20"},
		{"BG-2025-003_需求变更单.docx", "bg2025003需求变更单", ""},
		{"final.docx", "", ""},
		{"修改意见.docx", "意见", ""},
		{"server.conf", "server", ""},
		{"", "", ""},
	} {
		if l := Parse(c.name); l.Stem != c.stem || l.String() != c.label {
			t.Errorf("%q: stem %q, label %q; want %q, %q", c.name, l.Stem, l.String(), c.stem, c.label)
		}
	}
}

// Each list is in the order of its versions.
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, list := range [][]string{
		{"方案.docx", "方案v1.docx", "方案v1.2.docx", "方案v2.docx", "方案v10.docx", "方案最终版.docx", "方案最终版(2).docx", "方案最终版(2)改.docx"},
		{"SRS draft.docx", "SRS for review.docx", "SRS revised.docx", "SRS final.docx", "SRS final2.docx", "SRS signed.docx"},
		{"报价_20250715.xlsx", "报价_20250721.xlsx", "报价_20250721_修订.xlsx", "报价_20250801_最终版.xlsx"},
		{"合同初稿.doc", "合同修订版.doc", "合同定稿.doc", "合同盖章版.doc"},
		{"设计第一版.doc", "设计第二版.doc", "设计第十版.doc", "设计第十二版.doc"},
		{"计划v2.doc", "计划v2修订.doc", "计划v2最终.doc", "计划v3.doc"},
	} {
		for i := range list {
			for j := range list {
				a, b := Parse(list[i]), Parse(list[j])
				if got, want := Compare(&a, &b), i-j; (got < 0) != (want < 0) || (got > 0) != (want > 0) {
					t.Errorf("%s and %s: %d", list[i], list[j], got)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"合同 - 副本 (2).doc", "v2.v3.v4", "((((1)))", "最终版最终版最终版.docx", "20250820", "\xff\xfe改", "a版", "第十版", "v"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, b := Parse(s), Parse(s)
		if Compare(&a, &b) != 0 || a.Stem != b.Stem || !slices.Equal(a.Codes, b.Codes) {
			t.Fatal("one name, two readings")
		}
	})
}

func TestCompareIsAnOrder(t *testing.T) {
	t.Parallel()
	if err := quick.Check(func(x, y string) bool {
		a, b := Parse(x), Parse(y)
		return (Compare(&a, &b) < 0) == (Compare(&b, &a) > 0)
	}, nil); err != nil {
		t.Error(err)
	}
}
