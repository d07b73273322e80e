package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/terms"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' onmouseover='alert(3)` + "\u202efdp.exe"

// hostileArchive has markup wherever an attacker can write.
func hostileArchive(t *testing.T) *fake {
	f := &fake{status: &pipeline.Status{States: map[ledger.State]int64{ledger.Quarantined: 1, ledger.Indexed: 2}, Found: 3, WaitingFor: map[string]int64{hostile: 1}, ByKind: map[string]int64{hostile: 1}, OpenWork: map[string]int64{hostile: 1}, Spend: map[string]float64{hostile: 1},
		LastRun: &pipeline.LastRun{Kind: hostile, Started: hostile, Outcome: hostile, Account: []byte(`{"unreachable":["<script>alert(1)</script>"]}`)}, NextRun: hostile, Index: pipeline.IndexStatus{Engine: hostile}}}
	rows := [2]int{1, 2}
	d := &document.Document{Kind: document.KindMail, MediaType: hostile, Title: hostile, Date: "2024-01-01" + hostile, Language: hostile, Read: document.Partial, Reason: document.Reason(hostile),
		People: []document.Person{{Role: hostile, Name: hostile, Address: hostile}}, Fields: map[string]string{hostile: hostile}, Warnings: []document.Warning{{Code: hostile, Detail: hostile}},
		Sections: []document.Section{{Position: document.Position{Sheet: hostile, Rows: &rows}, Heading: hostile, Text: hostile + " wort"}, {Position: document.Position{Part: hostile}, Text: hostile}}}
	v := f.add(hostile, "a!/"+hostile, []byte("x"), d, hostile)
	v.Terms = []terms.Term{{Term: hostile}}
	v.StateReason, v.State = hostile, ledger.Waiting
	v.Inner = []pipeline.Inner{{Document: v.ID, Name: hostile, Kind: document.Kind(hostile), State: ledger.State(hostile), Reason: hostile}}
	v.InnerTotal = 1
	v.Around = &pipeline.Inner{Document: v.ID, Name: hostile}
	v.Provenance.Format, v.Provenance.Kept = hostile, hostile
	m := f.add("s", "talk.mp3", []byte("x"), &document.Document{Kind: document.KindRecording, MediaType: "audio/mpeg", Title: hostile})
	due := hostile
	claim := []minutes.Claim{{Text: hostile + " wort", Evidence: []int{1}}}
	m.Said = &document.Transcript{Utterances: []document.Utterance{{ID: 1, Speaker: hostile, Text: hostile + " wort"}}}
	m.Minutes = &minutes.Minutes{Headline: hostile, Summary: hostile, Attendees: []minutes.Attendee{{Name: hostile, Share: 1}}, Topics: []minutes.Topic{{Title: hostile, Summary: hostile, Evidence: []int{1}}}, KeyPoints: claim, Decisions: claim, Risks: claim, OpenQuestions: claim,
		Actions: []minutes.Action{{Text: hostile, Owner: hostile, DueText: hostile, Due: &due, Evidence: []int{1}}}, MadeBy: minutes.MadeBy{Method: "model", Model: hostile}, Checks: minutes.Checks{Dropped: []minutes.Dropped{{Text: hostile, Why: hostile}}}}
	f.items = append(f.items, &pipeline.ItemView{Source: hostile, Locator: hostile, Name: hostile, State: ledger.Quarantined, Reason: hostile, Detail: hostile})
	return f
}

// inlineCode finds what a strict policy would refuse, and what would run if the
// policy were not there.
func inlineCode(t *testing.T, path, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		tok := z.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		src := ""
		for _, a := range tok.Attr {
			if a.Key == "src" {
				src = a.Val
			}
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Key, "hx-on") {
				t.Errorf("%s: <%s %s=%q>", path, tok.Data, a.Key, a.Val)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "hx-get") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("%s: <%s %s=%q> leads away", path, tok.Data, a.Key, a.Val)
			}
			if a.Key == "id" && strings.ContainsAny(a.Val, "<>\"' ") {
				t.Errorf("%s: id %q", path, a.Val)
			}
		}
		switch tok.Data {
		case "script":
			if !strings.HasPrefix(src, "/static/") {
				t.Errorf("%s: inline script", path)
			}
		case "img": // an original, which is served under a policy of its own
			if !strings.HasPrefix(src, "/o/") {
				t.Errorf("%s: a picture from %q", path, src)
			}
		case "iframe": // a mail's, without rights
			rights, boxed := "", false
			for _, a := range tok.Attr {
				if a.Key == "sandbox" {
					rights, boxed = a.Val, true
				}
			}
			if !strings.HasPrefix(src, "/m/") || !boxed || strings.Contains(rights, "script") || strings.Contains(rights, "origin") {
				t.Errorf("%s: a frame of %q with %q", path, src, rights)
			}
		case "style", "object", "embed", "base":
			t.Errorf("%s: <%s>", path, tok.Data)
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	f := hostileArchive(t)
	c := newClient(t, f, Options{Version: hostile})
	query := "?q=wort+%3Cscript%3Ealert%283%29%3C%2Fscript%3E&tag=%3Cscript%3E"
	paths := []string{"/", "/?q=wort", "/" + query, "/meetings", "/meetings" + query, "/status", "/status/progress", "/items", "/items?state=quarantined&reason=%3Cscript%3E&source=%3Cscript%3E", "/nothing" + query}
	for _, d := range f.docs {
		paths = append(paths, "/d/"+d.view.ID, "/d/"+d.view.ID+query)
		if d.view.Kind == document.KindMail {
			paths = append(paths, "/t/"+d.view.ID)
		}
	}
	for _, path := range paths {
		for _, language := range []string{"zh", "en"} {
			r := c.get(path, "Accept-Language", language)
			if r.StatusCode >= 500 {
				t.Errorf("%s: %d", path, r.StatusCode)
			}
			inlineCode(t, path, r.body)
			for _, bad := range []string{"<script>alert", "<img", "onerror=alert(2)>", "\u202efdp.exe</bdi>"} {
				if strings.Contains(r.body, bad) {
					t.Errorf("%s holds %q", path, bad)
				}
			}
		}
	}
	c.get("/d/"+f.docs[0].view.ID+"?q=wort").want(t, 200, "<mark>wort</mark>", "⟦202E⟧fdp.exe")
	c.get("/d/"+f.docs[1].view.ID+"?q=wort").want(t, 200, "<mark>wort</mark>")
}

func TestMarkedLetsNothingElseThrough(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a <mark>b</mark> &lt;c&gt;": "a <mark>b</mark> &lt;c&gt;",
		"<mark onclick=x>a</mark>":   "&lt;mark onclick=x&gt;a</mark>",
		"<script>x</script>":         "&lt;script&gt;x&lt;/script&gt;",
		`"'`:                         "&#34;&#39;",
	} {
		if got := string(marked(in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzMarked(f *testing.F) {
	f.Add("a <mark>b</mark> <script>")
	f.Fuzz(func(t *testing.T, s string) {
		out := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(string(marked(s)))
		if strings.ContainsAny(out, "<>\"'") {
			t.Errorf("%q: %q", s, out)
		}
		for _, r := range visible(s) {
			if hidden(r) {
				t.Errorf("%q shows %q", s, r)
			}
		}
	})
}

func TestDocumentPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	mail, sheet, pdf := f.docs[0].view, f.docs[1].view, f.docs[2].view
	page := c.get("/d/" + mail.ID + "?q=验收")
	page.want(t, 200, "<h1><bdi>Re: 远航项目 验收安排与二期报价</bdi></h1>", "2024-09-03 10:15 &#43;08:00", "&lt;wangjg@huaxin.example&gt;", "<mark>验收</mark>报告", "/d/"+pdf.ID, "报价.rar", "密码", "!打开原件", `<a class="tag" href="/?tag=%E9%AA%8C%E6%94%B6%E9%80%9A%E8%BF%87">`, "文件头的长度有误", "邮箱", `/o/`+mail.ID+`?download=1`)
	if from, to := strings.Index(page.body, "发件人"), strings.Index(page.body, "收件人"); from < 0 || from > to {
		t.Error("the sender does not come first")
	}
	c.get("/d/"+sheet.ID).want(t, 200, "工作表 合同 第 2–21 行", "只读出一部分：内含的部分太多", `id="p0"`)
	c.get("/d/"+sheet.ID, "Accept-Language", "en").want(t, 200, "Sheet 合同, rows 2–21", "Read in part: it has too many parts")
	c.get("/d/"+pdf.ID).want(t, 200, "/o/"+pdf.ID+"#page=2", "打开原件", "所在", "/d/"+mail.ID)
	unread := f.add("s", "locked.pdf", []byte("x"), &document.Document{Kind: document.KindDocument, MediaType: "application/pdf", Read: document.None, Reason: document.Encrypted})
	unread.State, unread.StateReason = ledger.Waiting, pipeline.ForPassword
	c.get("/d/"+unread.ID).want(t, 200, "没有读出内容：文件有密码", "正在等待：密码")
	many := f.add("s", "big.mbox", []byte("x"), &document.Document{Kind: document.KindArchive})
	many.Inner = slices.Repeat([]pipeline.Inner{{Name: "mail", State: ledger.Indexed}}, 10_000)
	many.InnerTotal = 223_456 // a view lists no more
	c.get("/d/"+many.ID).want(t, 200, "内含条目（223,456 个）", "列出前 200 个，另有 223,256 个")
}

func TestMeetingPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	v := f.docs[3].view
	page := c.get("/d/"+v.ID+"?q=数据迁移").want(t, 200, "会议纪要", "决定", "待办事项", "陈明", "2024-09-06", `<audio id="player" controls preload="metadata" src="/o/`+v.ID+`">`,
		`href="#u`, `<li id="u10">`, `href="/o/`+v.ID+`#t=28.50" data-at="28.50"`, "<mark>数据迁移</mark>", "没有使用语言模型")
	// Evidence leads to an utterance that is there, hits to an anchor that is there.
	for n := range len(v.Said.Utterances) {
		if !strings.Contains(page.body, fmt.Sprintf(`id="u%d"`, n+1)) {
			t.Errorf("utterance %d has no anchor", n+1)
		}
	}
	if !strings.Contains(page.body, `id="p0" class="anchor"`) {
		t.Error("the minutes have no anchor")
	}
	c.get("/meetings").want(t, 200, "远航项目周会", "2024-08-30", "!合同台账")
	c.get("/meetings", "Accept-Language", "en").want(t, 200, "Meetings", "1 document<")
	// A transcript alone: no player, no minutes, the times stay.
	alone := f.add("s", "talk.vtt", []byte("x"), &document.Document{Kind: document.KindTranscript, MediaType: "text/vtt", Transcript: v.Said})
	c.get("/d/"+alone.ID).want(t, 200, `<span class="at">00:00:28</span>`, "!<audio", "!会议纪要</h2>")
}

func TestStatusPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	c.get("/status").want(t, 200, "118,234", "129,769", "台账已平", "可检索", "已读出，可以检索", "48.0 GB", "坏文件.doc", "文件损坏", "2025-03-01 例会.m4a", `href="/items?reason=transcriber&amp;state=waiting"`, "夜间批次", "00:14:09", `hx-trigger="every 15s"`)
	f.status.WaitingFor["growing"] = 1
	f.items = append(f.items, &pipeline.ItemView{Source: "s", Locator: "copying.zip", Name: "copying.zip", State: ledger.Waiting, Reason: "growing"})
	c.get("/status").want(t, 200, "密码", "!copying.zip")
	f.status.Running = &pipeline.Running{Seconds: 75, Found: 100, Done: 40, Indexed: 30}
	f.status.Closed, f.status.States[ledger.Pending] = false, 60
	c.get("/status").want(t, 200, "还有 60 个条目没有处理完")
	c.get("/status/progress").want(t, 200, `hx-trigger="every 2s"`, `<progress max="100" value="40"`, "00:01:15", "!<html")
	f.status.States[ledger.Pending] = 0
	c.get("/status").want(t, 200, "台账不平")
	c.get("/api/status").want(t, 200, `"found":129769`)
}

func TestItemsPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	for n := range 250 {
		f.items = append(f.items, &pipeline.ItemView{Source: "s", Locator: fmt.Sprintf("bad/%03d.doc", n), Name: fmt.Sprintf("bad-%03d.doc", n), State: ledger.Quarantined, Reason: "crash"})
	}
	c := newClient(t, f, Options{})
	c.get("/items?state=quarantined&reason=crash").want(t, 200, "bad-000.doc", "bad-099.doc", "!bad-100.doc", `href="/items?offset=100&amp;reason=crash&amp;state=quarantined"`, "!rel=\"prev\"")
	c.get("/items?offset=200&reason=crash&state=quarantined").want(t, 200, "bad-249.doc", "!bad-199.doc", "!rel=\"next\"", "rel=\"prev\"")
	c.get("/items?state=waiting").want(t, 200, "例会.m4a", "!坏文件")
	c.get("/items?state=pending").want(t, 200, "没有这样的条目")
	c.get("/items?state=nonsense").want(t, http.StatusNotFound)
}
