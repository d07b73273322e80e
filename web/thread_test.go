package web

import (
	"net/http"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline"
)

// talkByMail adds an answer to the sample's first mail, in another source.
func talkByMail(t *testing.T) (f *fake, first, second string) {
	t.Helper()
	f = sample(t)
	d := &document.Document{Kind: document.KindMail, MediaType: "message/rfc822", Title: "远航项目 验收安排与二期报价", Date: "2024-09-04T09:00:00+08:00",
		People: []document.Person{{Role: "from", Name: "陈明", Address: "chen@huaxin.example"}, {Role: "to", Name: "王建国", Address: "wangjg@huaxin.example"}}}
	d.AddText(document.Position{Part: "body"}, "", "验收定在 9 月 12 日。")
	d.AddText(document.Position{Part: "quote"}, "", "李经理，您好：引用的旧话")
	d.AddText(document.Position{Part: "signature"}, "", "陈明 13800000000")
	v := f.add("李娜的邮箱", "b.mbox!/mail:7", []byte("From: x\n"), d)
	v.Occurrences[0].Mailbox, v.Occurrences[0].Folder, v.Occurrences[0].Flags = "李娜", "收件箱", []string{"read"}
	f.docs[0].view.Thread, v.Thread = 2, 2
	f.docs[0].view.Same = []pipeline.SameMail{{Variant: pipeline.Variant{Document: strings.Repeat("c", 26), Title: "同一封", How: pipeline.VariantHeaders}, Occurrences: []pipeline.Occurrence{{Source: "李娜的邮箱", Locator: "b.pst!/1", Mailbox: "李娜", Folder: "归档"}}}}
	f.docs[0].view.Provenance.Format = mailFormat
	f.docs[0].view.Variants = []pipeline.Variant{{Document: v.ID, Title: v.Title, How: pipeline.VariantAdded}}
	f.parts = map[string]string{mail.StepHTML: `<b>验收</b><img src="data:image/png;base64,AA==">`, mail.StepHeader: "Subject: <b>x</b>\n"}
	return f, f.docs[0].view.ID, v.ID
}

func TestThreadPage(t *testing.T) {
	t.Parallel()
	f, first, second := talkByMail(t)
	c := newClient(t, f, Options{})
	page := c.get("/t/"+first).want(t, http.StatusOK, "共 2 封", "王建国", "陈明", "验收定在", "引用的原文", "签名", "验收报告.pdf", "下载原始邮件", "同一封邮件另存于", "李娜 › 归档", "正文相同，邮件头不同", `href="/o/`+first+`?download=1"`,
		`sandbox="allow-popups allow-popups-to-escape-sandbox"`, `src="/m/`+first+`"`, "发了 1 封")
	if a, b := strings.Index(page.body, "m-"+first), strings.Index(page.body, "m-"+second); a < 0 || b < a {
		t.Error("the mails do not stand in the order of their dates")
	}
	page.want(t, http.StatusOK, "往来要点", "承诺与要求", "2024-09-15", `href="#m-`+first+`"`, `href="/t/cccccccccccccccccccccccccc#m-cccccccccccccccccccccccccc"`)
	fold := page.body[strings.Index(page.body, "引用的旧话")-200 : strings.Index(page.body, "引用的旧话")]
	if !strings.Contains(fold, `<details class="fold">`) {
		t.Errorf("the quote is not folded: %s", fold)
	}
	c.get("/t/"+first, "Accept-Language", "en").want(t, http.StatusOK, "Mail thread", "2 mails", "Quoted text", "Who was in it", "Also kept as")
	c.get("/t/"+first+"?from=1").want(t, http.StatusOK, "第 2–2 封", "更早的邮件", "!验收报告.pdf")
	c.get("/d/"+first).want(t, http.StatusOK, "查看会话（2 封）", "/t/"+first, "列表的页脚", `src="/m/`+first+`?part=header"`)
	c.get("/d/"+second).want(t, http.StatusOK, "李娜 › 收件箱", "已读")
	c.get("/api/threads/"+first).want(t, http.StatusOK, `"total":2`, second)
	c.get("/t/nothing").want(t, http.StatusNotFound)
}

func TestMailFrame(t *testing.T) {
	t.Parallel()
	f, first, _ := talkByMail(t)
	c := newClient(t, f, Options{})
	r := c.get("/m/"+first).want(t, http.StatusOK, "<b>验收</b>", "data:image/png")
	p := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"sandbox", "default-src 'none'", "img-src data:;", "frame-ancestors 'self'"} {
		if !strings.Contains(p, want) {
			t.Errorf("no %s in %s", want, p)
		}
	}
	for _, bad := range []string{"script", "same-origin", "http", "*"} {
		if strings.Contains(p, bad) {
			t.Errorf("the frame's policy allows %q", bad)
		}
	}
	if r.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Error("no page may frame it")
	}
	c.get("/m/"+first+"?part=header").want(t, http.StatusOK, "<pre>Subject: &lt;b&gt;x")
	f.parts = nil
	c.get("/m/"+first).want(t, http.StatusOK, "没有 HTML 正文")

	// Rights: of a thread one sees what one may see of the archive.
	f, first, second := talkByMail(t)
	some := newClient(t, f, Options{Scopes: []string{"source:邮箱"}})
	some.get("/t/"+first).want(t, http.StatusOK, "共 1 封", "!验收定在", "!"+second)
	some.get("/t/"+second).want(t, http.StatusNotFound, "!验收定在")
	some.get("/api/threads/"+second).want(t, http.StatusNotFound, "!验收定在")
	if a, b := some.get("/m/"+second), some.get("/m/aaaaaaaaaaaaaaaaaaaaaaaaaa"); a.body != b.body || strings.Contains(a.body, "验收") {
		t.Errorf("a frame tells whether a mail exists: %q, %q", a.body, b.body)
	}
}
