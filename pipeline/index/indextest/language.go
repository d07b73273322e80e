package indextest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// ask is a query and the documents that answer it.
type ask struct{ text, want string }

func (a *Archive) answers(t *testing.T, asks ...ask) {
	t.Helper()
	for _, q := range asks {
		if _, got := a.find(t, index.Request{Text: q.text}); sorted(got) != q.want {
			t.Errorf("%s: %q, want %q", q.text, sorted(got), q.want)
		}
	}
}

// forms are the ways to write one thing.
func forms(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t,
		Doc("digits", "报价", "总价 350,000.00 元"), Doc("wan", "合同", "合同金额35万元"), Doc("upper", "发票", "价税合计叁拾伍万元整"), Doc("han", "纪要", "大概三十五万吧"),
		Doc("more", "其他", "1350000 或者 35亿"), Doc("part", "零件", "零件 35 个，一万个"),
		Doc("cn", "通知", "2024年3月5日上线"), Doc("iso", "log", "released 2024-03-05 10:00"), Doc("short", "周报", "3月5号开会"), Doc("name", "PROJ_20240305.docx", "见附件"),
		Doc("other", "计划", "2024年3月15日；2024-03-06"), Doc("traditional", "合約", "權利與義務，訂單處理"), Doc("simple", "约定", "权利与义务，订单处理"),
	)
	amount, day := "digits han upper wan", "cn iso name"
	a.answers(t,
		ask{"35万", amount}, ask{"350000", amount}, ask{"350,000.00", amount}, ask{"叁拾伍万元整", amount}, ask{"三十五万元", amount}, ask{"￥350,000", amount},
		ask{"35万元", amount}, ask{"金额35万", "wan"}, ask{"35", "more part wan"}, ask{"35亿", "more"}, ask{"3500000000", "more"}, ask{"一万", "part"},
		ask{"2024-03-05", day}, ask{"2024年3月5日", day}, ask{"2024/3/5", day}, ask{"20240305", day}, ask{"3月5日", "cn iso short"},
		ask{"2024年3月", "cn iso other"}, ask{"2024-03", "cn iso other"}, ask{"3月15日", "other"},
		ask{"权利", "simple traditional"}, ask{"權利", "simple traditional"}, ask{"訂單處理", "simple traditional"}, ask{"订单 義務", "simple traditional"},
	)
	res, _ := a.find(t, index.Request{Text: "350000"})
	for _, h := range res.Hits {
		want := map[string]string{"wan": "<mark>35万</mark>", "upper": "<mark>叁拾伍万</mark>", "han": "<mark>三十五万</mark>", "digits": "<mark>350,000</mark>"}[h.Document]
		if !strings.Contains(h.Snippet, want) {
			t.Errorf("snippet of %s: %s", h.Document, h.Snippet)
		}
	}
}

// operators say where to look.
func operators(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	mail := Doc("mail", "报价单", "合同草稿见附件", "第二页：验收标准")
	mail.Kind, mail.People, mail.Tags = document.KindMail, []string{"from=张伟", "to=李娜"}, []string{"高优先级", HoldingTag, "folder=华信项目", "mark=flagged"}
	mail.Date = time.Date(2024, 3, 5, 9, 0, 0, 0, time.UTC)
	reply := Doc("reply", "回复：报价单", "张伟你好，合同已收到")
	reply.Kind, reply.People = document.KindMail, []string{"from=李娜", "to=张伟"}
	reply.Tags = []string{"mark=unread"}
	reply.Date = time.Date(2024, 4, 1, 9, 0, 0, 0, time.UTC)
	sheet := Doc("sheet", "验收清单", "协议与张伟的签字")
	sheet.Kind, sheet.Customer, sheet.Project = document.KindSheet, []string{"华信"}, []string{"PROJ-1"}
	sheet.Type, sheet.Sensitive = document.TypeAcceptance, []string{document.SensitiveIdentity}
	sheet.Date = time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)
	a.Put(t, mail, reply, sheet)
	a.answers(t,
		ask{"张伟", "mail reply sheet"}, ask{"from:张伟", "mail"}, ask{"from:张伟 验收", "mail"}, ask{"to:张伟", "reply"}, ask{"发件人：李娜", "reply"}, ask{"who:张伟", "mail reply"},
		ask{"合同 OR 协议", "mail reply sheet"}, ask{"验收 协议 OR 合同", "mail sheet"}, ask{"from:张伟 OR from:李娜", "mail reply"}, ask{"合同 -from:李娜", "mail"},
		ask{"title:验收", "sheet"}, ask{"in:title 验收", "sheet"}, ask{"-title:报价单", "sheet"}, ask{"验收 -title:验收", "mail"},
		ask{"kind:mail 张伟", "mail reply"}, ask{"类型:sheet", "sheet"}, ask{"tag:高优先级", "mail"}, ask{"customer:华信", "sheet"}, ask{"project:PROJ-1 协议", "sheet"},
		ask{"type:acceptance", "sheet"}, ask{"文种:验收报告 协议", "sheet"}, ask{"类型:验收", "sheet"}, ask{"type:contract", ""}, ask{"type:nonsense", ""}, ask{"sensitive:any", "sheet"}, ask{"敏感:身份证", "sheet"}, ask{"敏感:密码", ""},
		ask{"after:2024-04", "reply sheet"}, ask{"before:2024-04", "mail"}, ask{"on:2024", "mail reply"}, ask{"after:2024-04-01 before:2025", "reply"},
		ask{"has:attachment", "mail"}, ask{"合同 含:附件", "mail"},
		ask{`folder:"华信 项目"`, "mail"}, ask{"文件夹：华信项目", "mail"}, ask{"folder:华信", ""}, ask{"is:flagged 合同", "mail"}, ask{"标记:星标", "mail"}, ask{"is:read", ""}, ask{"is:unread", "reply"}, ask{"标记:未读 合同", "reply"}, ask{"is:flagged kind:sheet", ""}, ask{"is:nonsense", ""},
		ask{"kind:nonsense", ""}, ask{"after:someday", ""}, ask{"OR", ""}, ask{"合同 OR", "mail reply"}, ask{"from:", ""}, ask{"http://张伟", ""},
	)
	for _, text := range []string{"-", "OR OR", "合同 OR -", `"`, "from:\"", "title:- ", "kind:mail kind:sheet -kind:mail", "has:"} {
		a.find(t, index.Request{Text: text}) // none is an error
	}
	if _, got := a.find(t, index.Request{Text: "kind:mail", Kinds: []document.Kind{document.KindSheet}}); got != "" {
		t.Errorf("a kind that the filter leaves out: %q", got)
	}
	// More than an engine is asked for at once is newer and lies elsewhere.
	newer := make([]index.Entry, 2100)
	for n := range newer {
		newer[n] = Doc(fmt.Sprintf("newer%d", n), "日志", "无")
		newer[n].Date = time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	}
	a.Put(t, newer...)
	a.answers(t, ask{`folder:"华信 项目"`, "mail"})
}

// relaxed are questions that no document repeats.
func relaxed(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	a.Put(t, Corpus(40)...)
	a.Put(t, Doc("report", "验收报告", "终验报告在六月底前提交，由赵敏负责"), Doc("en", "minutes", "The quarterly revenue review was moved to Friday."))
	for text, want := range map[string]string{
		"终验报告什么时候提交？": "report", "请问终验报告由谁负责": "report", "when is the quarterly revenue review": "en", "赵敏负责 火星基地": "report",
	} {
		res, got := a.find(t, index.Request{Text: text})
		if first, _, _ := strings.Cut(got, " "); first != want || len(res.LeftOut) == 0 {
			t.Errorf("%s: %q, left out %q, want %s first", text, got, res.LeftOut, want)
		}
	}
	for _, text := range []string{`"终验报告什么时候"`, "终验 HT-2099-0001", "终验 from:nobody", "火星"} {
		if res, got := a.find(t, index.Request{Text: text}); got != "" || len(res.LeftOut) > 0 {
			t.Errorf("%s: %q, left out %q", text, got, res.LeftOut)
		}
	}
	if res, _ := a.find(t, index.Request{Text: "终验 火星", Scopes: []string{"source:other"}}); res.Total != 0 || slices.Contains(res.LeftOut, "火星") {
		t.Errorf("without the right: %d found, left out %q", res.Total, res.LeftOut)
	}
}
