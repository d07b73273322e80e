package minutes

import (
	"testing"

	"guidang/extractors/document"
)

func TestImport(t *testing.T) {
	t.Parallel()
	d := &document.Document{Title: "订单管理系统项目启动会会议纪要", Sections: []document.Section{
		{Heading: "订单管理系统项目启动会会议纪要", Text: "时间\t2025-08-01 09:30\n地点\t三楼\n参加人\t张建国、林涛、孙倩"},
		{Heading: "决定", Text: "1. 第一版测试环境最迟 9 月 15 日前交付。\n2. 每周三例会。"},
		{Heading: "行动项", Text: "事项\t负责人\t日期\n需求访谈\t孙倩\t2025-08-06\n提供表格模板\t林涛\t下周五"},
		{Heading: "风险", Text: "财务系统厂商尚未确认接口配合人。"}, {Heading: "下次会议", Text: "8月8日下午"}}}
	m, tr, ok := Import(d, Options{})
	if !ok || m.Date != "2025-08-01" || len(m.Attendees) != 3 || len(m.Decisions) != 2 || len(m.Actions) != 2 || len(m.Risks) != 1 || m.NextMeeting == nil || *m.NextMeeting.Due != "2025-08-08" {
		t.Fatalf("%v %+v", ok, m)
	}
	if a := m.Actions[1]; a.Owner != "林涛" || a.Due == nil || *a.Due != "2025-08-08" || tr.Utterances[a.Evidence[0]-1].Text != "提供表格模板\t林涛\t下周五" {
		t.Errorf("%+v", a)
	}
	mail := &document.Document{Kind: document.KindMail, Title: "Minutes: status call", Date: "2026-06-02T10:00:00Z", Sections: []document.Section{{Text: "Hi all,\n\nAttendees: Tom, Emily and Priya\n\nDecisions:\n- No release without a load test.\n\nAction items:\n- Tom will check the printers by Friday\n- Priya: pay the invoice by June 10\n\nThanks"}}}
	m, _, ok = Import(mail, Options{})
	if !ok || len(m.Attendees) != 3 || len(m.Decisions) != 1 || len(m.Actions) < 2 || m.Actions[0].Owner != "Tom" || *m.Actions[0].Due != "2026-06-05" || m.Actions[1].Owner != "Priya" || *m.Actions[1].Due != "2026-06-10" {
		t.Errorf("%v %+v", ok, m)
	}
	for _, none := range []*document.Document{
		{Title: "会议通知", Sections: []document.Section{{Text: "时间：周三\n地点：三楼"}}},
		{Title: "需求说明书", Sections: []document.Section{{Heading: "风险", Text: "进度"}, {Heading: "决定", Text: "采用中间表"}}},
		{Title: "会议纪要"},
	} {
		if _, _, ok := Import(none, Options{}); ok {
			t.Errorf("%s was taken for minutes", none.Title)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add("会议纪要", "决定：\n1、采用中间表\n待办\n事项\t负责人\n改\t林涛\n下次会议：下周三")
	f.Fuzz(func(t *testing.T, title, text string) {
		m, tr, ok := Import(&document.Document{Title: title, Sections: []document.Section{{Text: text}}}, Options{})
		if ok {
			for _, a := range m.Actions {
				if a.Evidence[0] < 1 || a.Evidence[0] > len(tr.Utterances) {
					t.Errorf("%+v", a)
				}
			}
		}
	})
}
