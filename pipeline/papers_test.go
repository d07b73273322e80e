package pipeline

import (
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/index"
	"guidang/pipeline/versions"
)

const srs = `订单管理系统需求规格说明书
项目编号：PROJ-20250801
1 引言
本文描述订单管理系统要满足的业务要求，供开发和验收双方使用，经甲方信息部和乙方项目组共同确认。
2 功能需求
2.1 订单录入：系统应能校验客户信用额度，并支持按模板批量录入，录入人可以撤销当天的订单。
2.2 审批：金额超过五万元的订单须经总监审批，审批意见长期保存，审批人不在时由代理人处理。
2.3 查询：按客户、日期、状态组合查询，两秒内返回结果，查询结果可以导出为表格文件。
3 非功能需求
并发用户不少于二百人，数据每日备份，备份保留三个月，故障后两小时内恢复。
`

func TestPapersInTheArchive(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	second := strings.Replace(srs, "两秒内返回", "三秒内返回", 1)
	o.write("需求/PROJ-20250801_SRS_20250808_v1.txt", srs)
	o.write("需求/PROJ-20250801_SRS_20250820_v2.txt", second)
	o.write("需求/给客户的材料.txt", strings.Replace(second, "二百人", "三百人", 1))
	o.write("合同/HT-2025-0725_合同.txt", "订单系统开发合同\n合同编号：HT-2025-0725\n甲方：华信制造股份有限公司\n乙方：远航软件有限公司\n合同总金额为人民币叁拾伍万元整（¥350,000.00）。\n第一条 违约责任\n联系人手机 13800138001\n甲方（签字）：张建国 乙方（签字）：\n")
	o.write("杂/note.txt", "明天开会，带上电脑。")
	o.ingest()

	v, err := o.a.Show(t.Context(), "合同/HT-2025-0725_合同.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Type != document.TypeContract || len(v.Sensitive) != 1 || v.Sensitive[0].Kind != document.SensitiveMobile {
		t.Errorf("type %q, sensitive %+v", v.Type, v.Sensitive)
	}
	got := map[string]string{}
	for _, f := range v.Details {
		got[f.Name] = f.Value
		if text := v.Sections[f.Section].Text; text[f.From:f.To] != f.Text {
			t.Errorf("%s is not where it says", f.Name)
		}
	}
	for name, want := range map[string]string{doctype.ContractNumber: "HT-2025-0725", doctype.PartyA: "华信制造股份有限公司", doctype.Amount: "350000.00", doctype.Signed: doctype.SignedPartly} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	v, err = o.a.Show(t.Context(), "需求/PROJ-20250801_SRS_20250808_v1.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range v.Versions {
		names = append(names, one.Name)
	}
	if len(names) != 3 || !slices.Contains(names, "给客户的材料.txt") || v.Versions[2].Name != v.Name || !v.Versions[2].Here {
		t.Errorf("versions %q", names)
	}
	d, err := o.a.Compare(t.Context(), "需求/PROJ-20250801_SRS_20250808_v1.txt", "需求/PROJ-20250801_SRS_20250820_v2.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, c := range d.Changes {
		if c.Op != versions.Same {
			changed++
		}
	}
	if changed != 2 {
		t.Errorf("%d lines differ, want one out and one in", changed)
	}
	for query, want := range map[string]int{"type:contract": 1, "类型:需求": 3, "敏感:手机": 1, "type:other": 1} {
		r, err := o.a.Search(t.Context(), index.Request{Text: query}, nil)
		if err != nil || r.Total != want {
			t.Errorf("%s finds %d (%v), want %d", query, r.Total, err, want)
		}
	}

	// A better name alone makes another type; the file is not read again.
	o.remove("杂/note.txt")
	o.write("杂/会议纪要_20250901.txt", "明天开会，带上电脑。")
	o.ingest()
	if v, err = o.a.Show(t.Context(), "杂/会议纪要_20250901.txt", nil); err != nil || v.Type != document.TypeMinutes {
		t.Errorf("after the file got a name: %q, %v", v.Type, err)
	}
	if r, err := o.a.Search(t.Context(), index.Request{Text: "type:minutes"}, nil); err != nil || r.Total != 1 {
		t.Errorf("the index does not follow: %d, %v", r.Total, err)
	}
	before := o.dump()
	if again := o.ingest(); len(again.Changed) != 0 || o.dump() != before {
		t.Error("doing it again changes something")
	}
	o.clean("with papers")
}
