package web

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
)

func TestKeptSearches(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	c.get("/?q=验收&kind=mail").want(t, 200, `action="/searches"`, `value="kind=mail&amp;q=%E9%AA%8C%E6%94%B6"`)
	c.get("/").want(t, 200, `!action="/searches"`)
	c.get("/searches").want(t, 200, "还没有保存的搜索")
	c.do("POST", "/searches", url.Values{"address": {"kind=mail&q=验收&offset=20"}}).want(t, 303)
	c.do("POST", "/searches", url.Values{"address": {""}}).want(t, 303)
	c.do("POST", "/searches", url.Values{"address": {"kind=mail"}}).want(t, 303)
	if len(f.saved) != 2 || f.saved[0].Address != "kind=mail&q=%E9%AA%8C%E6%94%B6" || f.saved[0].Name != "验收" || f.saved[1].Name != "mail" {
		t.Fatalf("kept %+v", f.saved)
	}
	feed := "/feed?token=token%E9%AA%8C%E6%94%B6"
	c.get("/searches").want(t, 200, "验收", feed, `href="/?kind=mail&amp;q=%E9%AA%8C%E6%94%B6"`)

	// A feed reader has no session.
	reader := &client{t: t, h: c.h, header: c.header}
	a := reader.get(feed).want(t, 200, f.docs[0].view.ID)
	if got := a.Header.Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	var x atomFeed
	if err := xml.Unmarshal([]byte(a.body), &x); err != nil || len(x.Entries) != 1 || !strings.HasPrefix(x.Entries[0].Link.Href, "http://"+listen+"/d/") || !strings.HasSuffix(x.Entries[0].Title, "<&") {
		t.Errorf("%+v %v", x, err)
	}
	reader.get("/feed?token=other").want(t, 404)
	reader.get("/searches").want(t, 401)

	c.do("POST", "/searches/drop", url.Values{"id": {"1"}}).want(t, 303)
	c.do("POST", "/searches/drop", url.Values{"id": {"x"}}).want(t, 303)
	reader.get(feed).want(t, 404)
	c.do("POST", "/searches/drop", url.Values{"id": {"2"}}, "Sec-Fetch-Site", "cross-site").want(t, 403)
}
