package web

import (
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

func TestQuarantinePage(t *testing.T) {
	t.Parallel()
	f := sample(t)
	f.items = append(f.items,
		&pipeline.ItemView{Source: "共享盘", Locator: "坏 & 旧/合同.rar", Name: "合同.rar", State: ledger.Quarantined, Reason: "truncated"},
		&pipeline.ItemView{Source: "共享盘", Locator: "another.rar", Name: "another.rar", State: ledger.Quarantined, Reason: "truncated"})
	f.status.Outdated = 1234
	c := newClient(t, f, Options{})
	c.get("/items?state=quarantined").want(t, 200, "按原因", "文件不完整", "分卷须全部放在一起", "全部重试（3）", `value="坏 &amp; 旧/合同.rar"`, "1,234 个文档", `href="/items?reason=truncated&amp;state=quarantined"`)
	c.get("/items?state=quarantined&reason=truncated").want(t, 200, "全部重试（2）", "怎么办", "!按原因")
	c.get("/items?state=quarantined", "Accept-Language", "en").want(t, 200, "By reason", "Retry all (3)", "the volumes of a set must lie together")
	c.get("/items?state=indexed").want(t, 200, "!重试")
	c.get("/items?state=waiting&source="+url.QueryEscape("邮箱")).want(t, 200, "全部重试（1）", `name="of" value="邮箱"`, "报价.rar", "!例会.m4a")

	posts := []struct {
		form url.Values
		want pipeline.Retry
		to   string
	}{
		{url.Values{"state": {"quarantined"}, "reason": {"truncated"}}, pipeline.Retry{State: ledger.Quarantined, Reason: "truncated"}, "/items?reason=truncated&state=quarantined&retried=1"},
		{url.Values{"state": {"waiting"}, "source": {"共享盘"}, "locator": {"坏 & 旧/合同.rar"}}, pipeline.Retry{Source: "共享盘", Refs: []string{"坏 & 旧/合同.rar"}}, "/items?state=waiting&retried=2"},
		{url.Values{"state": {"quarantined"}, "reason": {"truncated"}, "of": {"s"}}, pipeline.Retry{State: ledger.Quarantined, Reason: "truncated", Source: "s"}, "/items?reason=truncated&source=s&state=quarantined&retried=3"},
		{url.Values{"state": {"quarantined"}, "outdated": {"1"}}, pipeline.Retry{Outdated: true}, "/items?state=quarantined&retried=4"},
	}
	for n, p := range posts {
		r := c.do(http.MethodPost, "/items/retry", p.form)
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != p.to || len(f.retried) != n+1 || !reflect.DeepEqual(f.retried[n], p.want) {
			t.Errorf("%v: %d to %q, asked for %+v", p.form, r.StatusCode, r.Header.Get("Location"), f.retried)
		}
	}
	c.get("/items?state=quarantined&retried=1200").want(t, 200, "已排队重新读取 1,200 个条目")
	c.get("/items?state=quarantined&retried=0").want(t, 200, "没有可重试的条目")
	// Another site's page, a state that has not failed, somebody who may not see all.
	if r := c.do(http.MethodPost, "/items/retry", posts[0].form, "Origin", "https://evil.example"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another origin: %d", r.StatusCode)
	}
	if r := c.do(http.MethodPost, "/items/retry", url.Values{"state": {"indexed"}}); r.StatusCode != http.StatusNotFound {
		t.Errorf("a state that has not failed: %d", r.StatusCode)
	}
	some := newClient(t, f, Options{Scopes: []string{scopeOf("s")}})
	if r := some.do(http.MethodPost, "/items/retry", posts[0].form); r.StatusCode != http.StatusNotFound {
		t.Errorf("a viewer of some sources: %d", r.StatusCode)
	}
	if len(f.retried) != len(posts) {
		t.Errorf("what was refused was done: %+v", f.retried[len(posts):])
	}
}

// Every reason is said in both languages, with what a person can do, and stands in
// the documentation.
func TestEveryReasonHasAdvice(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../docs/reasons.md")
	if err != nil {
		t.Fatal(err)
	}
	all := []string{pipeline.ForPassword, pipeline.ForTranscriber, pipeline.Growing}
	for _, r := range document.Reasons() {
		all = append(all, string(r))
	}
	for _, r := range all {
		if !strings.Contains(string(docs), "| `"+r+"` |") {
			t.Errorf("docs/reasons.md has no line for %s", r)
		}
		for _, language := range []string{chinese, english} {
			if !tongue(language).has("reason", r) || Advice(language, r) == "" {
				t.Errorf("%s has no words for %s", language, r)
			}
		}
	}
	if Advice(english, "nonsense") != "" {
		t.Error("advice for what is no reason")
	}
}
