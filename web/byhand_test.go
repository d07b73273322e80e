package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/minutes"
)

// held is the meeting of the sample archive.
func held(f *fake) *pipeline.View {
	for _, d := range f.docs {
		if d.view.Minutes != nil {
			return d.view
		}
	}
	return nil
}

func TestActionsAreMarkedDone(t *testing.T) {
	t.Parallel()
	f := sample(t)
	v := held(f)
	c := newClient(t, f, Options{})
	key := v.Minutes.Actions[0].Key()
	page := "/d/" + v.ID
	c.get(page).want(t, 200, `name="key" value="`+key+`"`, "标为完成")
	named := c.do("POST", "/name", url.Values{"name": {"  王\n芳 "}, "back": {"/actions"}})
	named.want(t, http.StatusSeeOther)
	c.cookie += "; " + named.Cookies()[0].Name + "=" + named.Cookies()[0].Value
	c.do("POST", page+"/action", url.Values{"key": {key}, "done": {"1"}, "back": {"/actions?owner="}}).want(t, http.StatusSeeOther)
	c.get(page).want(t, 200, `<tr class="done">`, "王 芳", "改为未完成")
	c.get("/actions?state=done").want(t, 200, "王 芳", "改为未完成")
	open := c.get("/actions").want(t, 200)
	if strings.Contains(open.body, key) {
		t.Error("what is done is listed as open")
	}
	c.get("/actions?state=all").want(t, 200, key)
	c.do("POST", page+"/action", url.Values{"key": {key}, "done": {"0"}, "back": {"//elsewhere.example/"}}).want(t, http.StatusSeeOther)
	c.get("/actions").want(t, 200, key)
	c.do("POST", page+"/action", url.Values{"key": {"none"}, "done": {"1"}}).want(t, http.StatusNotFound)
	c.do("POST", page+"/action", url.Values{"key": {key}, "done": {"1"}}, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)
}

func TestMinutesAreEdited(t *testing.T) {
	t.Parallel()
	f := sample(t)
	v := held(f)
	c := newClient(t, f, Options{})
	page := "/d/" + v.ID
	form := c.get(page+"/minutes/edit").want(t, 200, "修改纪要", `name="decisions"`, `name="actions.owner"`)
	if !strings.Contains(form.body, "evidence\" value=\"3") {
		t.Error("the form loses the evidence")
	}
	first := v.Minutes.Decisions[0]
	c.do("POST", page+"/minutes", url.Values{
		"name": {"李娜"}, "headline": {"验收\r\n推迟"}, "summary": {"一\r\n二"}, "decisions": {first.Text, "推迟到十月 <b>", ""}, "decisions.evidence": {"3", "", ""},
		"actions": {"通知客户", ""}, "actions.owner": {"陈明", ""}, "actions.due": {"2026-04-01", ""}, "actions.evidence": {"", ""},
	}).want(t, http.StatusSeeOther)
	m := v.Minutes
	if m.Headline != "验收 推迟" || m.Summary != "一\n二" || len(m.Decisions) != 2 || m.Decisions[0].ByHand || !m.Decisions[1].ByHand || len(m.Actions) != 1 || *m.Actions[0].Due != "2026-04-01" || len(m.Decisions[0].Evidence) != 1 {
		t.Fatalf("%+v", m)
	}
	c.get(page).want(t, 200, "李娜", "推迟到十月 &lt;b&gt;", "✎", "/minutes/history")
	c.get(page+"/minutes/history").want(t, 200, "第 1 版", "程序生成", "李娜", "!恢复此版")
	c.get(page+"/minutes/history?version=0").want(t, 200, "恢复此版")
	c.do("POST", page+"/minutes", url.Values{"restore": {"0"}}).want(t, http.StatusSeeOther)
	if v.Minutes.Edited != nil || v.Minutes.Headline == "验收 推迟" {
		t.Errorf("not restored: %+v", v.Minutes)
	}
	c.get(page+"/minutes/history?version=2").want(t, 200, "撤销了修改")
	c.do("POST", page+"/minutes", url.Values{"restore": {"9"}}).want(t, http.StatusNotFound)
	for _, d := range f.docs {
		if d.view.Minutes == nil {
			c.get("/d/"+d.view.ID+"/minutes/edit").want(t, http.StatusNotFound)
		}
	}
}

func TestTagsByHand(t *testing.T) {
	t.Parallel()
	f := sample(t)
	v := held(f)
	c := newClient(t, f, Options{})
	page := "/d/" + v.ID
	c.do("POST", page+"/tag", url.Values{"tag": {"重点<客户>"}, "set": {"1"}}).want(t, http.StatusSeeOther)
	c.get(page).want(t, 200, "重点&lt;客户&gt;", "未署名者 加于")
	c.do("POST", page+"/tag", url.Values{"tag": {"重点<客户>"}}).want(t, http.StatusSeeOther)
	c.get(page).want(t, 200, "未署名者 于", "去掉")
	c.do("POST", page+"/tag", url.Values{"set": {"1"}}).want(t, http.StatusBadRequest, "1 至 40 个字")
	c.do("POST", "/d/aaaaaaaaaaaaaaaaaaaaaaaaaa/tag", url.Values{"tag": {"x"}}).want(t, http.StatusNotFound)
	for _, d := range f.docs { // 验收通过, of the rules
		if len(d.view.Tags) > 0 && d.view.Kind == document.KindMail {
			c.get("/d/"+d.view.ID).want(t, 200, "按规则")
		}
	}
}

func TestWrittenMinutesStandAbove(t *testing.T) {
	t.Parallel()
	f := sample(t)
	v := held(f)
	own := &minutes.Minutes{Title: "周会纪要", Decisions: []minutes.Claim{{Text: "采用方案二", Evidence: []int{4}}}}
	v.Written = []pipeline.Related{{Document: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Title: "周会纪要.docx", Minutes: own}}
	c := newClient(t, f, Options{})
	page := c.get("/d/"+v.ID).want(t, 200, "参会者写的会议纪要", "周会纪要.docx", "采用方案二", "程序从录音生成的纪要")
	if strings.Index(page.body, "采用方案二") > strings.Index(page.body, "程序从录音生成的纪要") {
		t.Error("the program's minutes stand above those that people wrote")
	}
	if own.Decisions[0].Evidence == nil {
		t.Error("showing minutes changed them")
	}
	for _, lang := range []string{"zh", "en"} {
		word := c.get("/d/"+v.ID+"/minutes.docx", "Accept-Language", lang).want(t, 200)
		if !strings.HasPrefix(word.body, "PK") || word.Header.Get("Content-Disposition") == "" {
			t.Errorf("no Word document: %.40q", word.body)
		}
	}
}
