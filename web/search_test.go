package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

func TestParseQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want question
		bad  string
	}{
		{"", question{Limit: pageSize}, ""},
		{"q=+验收+&kind=mail&kind=&kind=mail&from=&to=&limit=", question{Text: "验收", Kinds: []string{"mail"}, Limit: pageSize}, ""},
		{"from=2023-10-01&to=2023-10-31&tag=a&tag=b&customer=c&project=p&limit=500&offset=40", question{From: "2023-10-01", To: "2023-10-31", Tags: []string{"a", "b"}, Customer: []string{"c"}, Project: []string{"p"}, Limit: 500, Offset: 40}, ""},
		{"from=2023&to=2024-02", question{From: "2023-01-01", To: "2024-02-29", Limit: pageSize}, ""},
		{"kind=x&limit=501&offset=-1&from=2023-13-01&to=soon", question{Limit: pageSize}, "kind, from, to, limit, offset"},
		{"q=%ff%fea", question{Text: "a", Limit: pageSize}, ""},
	} {
		v, err := url.ParseQuery(c.in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseQuestion(v)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.in, got, c.want)
		}
		if (err == nil) != (c.bad == "") || err != nil && !strings.HasSuffix(err.Error(), c.bad) {
			t.Errorf("%s: %v, want %s", c.in, err, c.bad)
		}
	}
	r := question{From: "2023-10-01", To: "2023-10-31"}.request()
	if r.From != time.Date(2023, 10, 1, 0, 0, 0, 0, time.UTC) || r.To != time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("range %v to %v: the last day belongs to it", r.From, r.To)
	}
}

// Whatever an address says, the question that it gives says itself again.
func FuzzQuestion(f *testing.F) {
	for _, s := range []string{"q=验收&kind=mail&tag=a&from=2023-01-01&to=2023&limit=3&offset=9", "q=%00&tag=%ff", "from=0000-01-01", "q=" + strings.Repeat("长", 600)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		q, _ := parseQuestion(v)
		again, err := parseQuestion(q.values())
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Errorf("%q: %+v became %+v, %v", s, q, again, err)
		}
		if r := q.request(); r.Limit < 1 || r.Limit > maxLimit || r.Offset < 0 {
			t.Errorf("%q: limit %d offset %d", s, r.Limit, r.Offset)
		}
	})
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	mail, sheet := f.docs[0].view, f.docs[1].view
	c.get("/").want(t, 200, "最新的文档", "autofocus", "共 5 个文档", `href="/?kind=mail"`, `href="/?from=2024-01-01&amp;to=2024-12-31"`)
	c.get("/?q=验收报告").want(t, 200, "<mark>验收报告</mark>", "/d/"+mail.ID+"?q=%E9%AA%8C%E6%94%B6%E6%8A%A5%E5%91%8A#p0", `<title>验收报告 · 归档</title>`, "!autofocus", "mails/2024.mbox", "用时 3 毫秒")
	c.get("/?q=HT-2023-0861").want(t, 200, "工作表 合同", "/d/"+sheet.ID+"?p=")
	c.get("/?kind=recording&tag=x").want(t, 200, "没有找到符合条件的文档", "去掉全部筛选", "去掉筛选：录音")
	c.get("/?from=2023-01-01&to=2023-12-31").want(t, 200, "合同台账", "!周会", `aria-current="true"`, "2023-01-01 – 2023-12-31")
	c.get("/?from=gestern&q=验收").want(t, 200, "已忽略：from", "验收报告")
	c.get("/?q=验收", "Accept-Language", "en").want(t, 200, "Page 1", "4 documents")
	(&client{t: t, h: newServer(t, &fake{}, Options{}).Handler()}).get("/").want(t, http.StatusUnauthorized)
	newClient(t, &fake{}, Options{}).get("/").want(t, 200, "还没有可检索的文档")
}

func TestHtmxGetsTheResultsAlone(t *testing.T) {
	t.Parallel()
	c := newClient(t, sample(t), Options{})
	r := c.get("/?q=验收&from=&to=&kind=", "HX-Request", "true").want(t, 200, "<mark>验收</mark>", `hx-swap-oob="innerHTML:#count"`, "!<html", `!role="search"`)
	if got := r.Header.Get("Hx-Replace-Url"); got != "/?q=%E9%AA%8C%E6%94%B6" {
		t.Errorf("the address becomes %q", got)
	}
	c.get("/?q=验收", "HX-Request", "true", "HX-History-Restore-Request", "true").want(t, 200, "<html")
}

func TestPaging(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for n := range 45 {
		f.add("s", fmt.Sprintf("%02d.txt", n), []byte("x"), &document.Document{Kind: document.KindText, Date: fmt.Sprintf("2024-01-%02d", 1+n%28), Sections: []document.Section{{Text: "合同"}}})
	}
	c := newClient(t, f, Options{})
	c.get("/?q=合同").want(t, 200, "第 1–20 个", "offset=20", "!rel=\"prev\"")
	c.get("/?q=合同&offset=20").want(t, 200, "第 21–40 个", "offset=40", `rel="prev" href="/?q=`)
	c.get("/?q=合同&offset=40").want(t, 200, "第 41–45 个", "!rel=\"next\"")
	c.get("/?q=合同&offset=40&kind=text").want(t, 200, "kind=text&amp;offset=20")
	c.get("/?q=合同&offset=900").want(t, 200, "没有找到")
}

func TestTotalsSayWhenTheyAreAtLeast(t *testing.T) {
	t.Parallel()
	v := (&Server{}).searchPage(chinese, question{Limit: pageSize}, &index.Result{Total: 2000, TotalIs: "at-least"})
	if v.Exact {
		t.Error("a total that is at least so much is shown as exact")
	}
}

func TestAPI(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	r := c.get("/api/search?q=验收&limit=2").want(t, 200)
	var result struct {
		Query   string
		Total   int
		TotalIs string `json:"total_is"`
		Hits    []struct {
			Document, Kind string
			Position       map[string]any
		}
		Facets map[string]map[string]int
	}
	if err := json.Unmarshal([]byte(r.body), &result); err != nil {
		t.Fatal(err)
	}
	if result.Query != "验收" || result.Total != 4 || len(result.Hits) != 2 || result.TotalIs != "exact" || result.Facets["kind"]["mail"] != 1 {
		t.Errorf("%+v", result)
	}
	if got := r.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	for _, bad := range []string{"limit=0", "limit=501", "limit=x", "offset=-1", "kind=nonsense", "from=2023-02-30"} {
		c.get("/api/search?"+bad).want(t, http.StatusBadRequest, "error.question")
	}
	c.get("/api/documents/"+f.docs[0].view.ID).want(t, 200, `"kind":"mail"`, `"occurrences":[`, `"sections":[`)
	c.get("/api/documents/aaaaaaaaaaaaaaaaaaaaaaaaaa").want(t, http.StatusNotFound, `"key":"error.not-found"`, `"request":`)
	c.get("/api/nothing").want(t, http.StatusNotFound, `"key":"error.not-found"`)
	c.get("/api/healthz").want(t, 200, `"ok":true`)
}

// Folders that a Windows machine named in GBK are shown as it showed them.
func TestWayInGBK(t *testing.T) {
	t.Parallel()
	if got := way("导出/%CA\xd5\xbc%FE%CF%E4!/a.eml"); len(got) != 2 || got[0] != "导出/收件箱" {
		t.Errorf("the way is %q", got)
	}
}
