package web

import (
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestActionsPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	all := c.get("/actions").want(t, 200, "<h1>待办事项</h1>", "/actions.ics")
	if !strings.Contains(all.body, "#u") {
		t.Error("no action leads to what proves it")
	}
	c.get("/actions?q=nothinghere").want(t, 200, "没有待办事项")
	c.get("/actions?owner=nobody", "Accept-Language", "en").want(t, 200, "No action items")
	c.get("/actions.ics").want(t, 200, "BEGIN:VCALENDAR", "END:VCALENDAR")
	for _, d := range f.docs {
		if d.view.Minutes != nil {
			c.get("/d/"+d.view.ID+"/minutes.md").want(t, 200, "# ")
		}
	}
	// Minutes that somebody wrote are shown as minutes too, and have no dead links.
	own := f.add("s", "纪要.docx", []byte("x"), &document.Document{Kind: document.KindDocument, Title: "启动会会议纪要", Sections: []document.Section{{Text: "参加人：林涛\n决定：\n1. 采用中间表\n行动项\n- 林涛：8月6日前提供模板"}}})
	page := c.get("/d/"+own.ID).want(t, 200, "读自他人撰写的纪要", "采用中间表", "提供模板")
	if strings.Contains(page.body, `href="#u`) {
		t.Error("evidence that is not on the page")
	}
	c.get("/d/"+own.ID+"/minutes.md").want(t, 200, "## 决定")
}
