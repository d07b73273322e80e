package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// The review is shown, confirmed line by line, and given out as files.
func TestReviewPage(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newClient(t, f, Options{Language: "zh"})
	page := c.get("/review?quarter=2026Q1").want(t, http.StatusOK, "季度复核 2026Q1", "缺少文件", "验收报告", "何嘉", "未归属 3", "&lt;b&gt;客户资料", "/projects/PROJ-1", "2025Q4")
	ids := regexp.MustCompile(`name="id" value="([a-z0-9]{16})"`).FindAllStringSubmatch(page.body, -1)
	if len(ids) != 2 {
		t.Fatalf("%d findings can be confirmed: %s", len(ids), page.body)
	}
	say := url.Values{"quarter": {"2026Q1"}, "id": {ids[0][1]}, "as": {"done"}, "who": {"何嘉"}, "note": {"已补"}}
	back := c.do(http.MethodPost, "/review", say).want(t, http.StatusSeeOther).Header.Get("Location")
	c.get(back).want(t, http.StatusOK, "已处理", "已补", "2026-03-31")
	for name, change := range map[string]url.Values{"nobody": {"who": {" "}}, "no decision": {"as": {"whatever"}}, "no finding": {"id": nil}, "no quarter": {"quarter": {"spring"}}} {
		bad := maps.Clone(say)
		maps.Copy(bad, change)
		bad.Set("note", name)
		c.do(http.MethodPost, "/review", bad).want(t, http.StatusSeeOther)
		if f.reviewed[ids[0][1]].Note != "已补" {
			t.Errorf("%s: it was written down", name)
		}
	}
	say["id"] = []string{"nonsense"}
	c.do(http.MethodPost, "/review", say).want(t, http.StatusNotFound)
	c.get("/review.html?quarter=2026Q1").want(t, http.StatusOK, "季度复核 2026Q1", "验收报告")
	if r := c.get("/review.xlsx?quarter=2026Q1").want(t, http.StatusOK, "PK"); r.Header.Get("Content-Disposition") != `attachment; filename="review-2026Q1.xlsx"` {
		t.Errorf("headers %v", r.Header)
	}
	c.get("/api/review?quarter=2026Q1").want(t, http.StatusOK, `"quarter":"2026Q1"`)
	f.broken = errors.New("the disk is on fire")
	c.get("/review").want(t, http.StatusInternalServerError, "!on fire")
}

// Who may not see everything sees no account of nobody's documents and confirms
// nothing.
func TestReviewRights(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newClient(t, f, Options{Scopes: []string{"source:a"}})
	c.get("/review").want(t, http.StatusOK, "!name=\"id\"")
	c.do(http.MethodPost, "/review", url.Values{"quarter": {"2026Q1"}, "id": {"x"}, "as": {"done"}, "who": {"x"}}).want(t, http.StatusNotFound)
}

// A project's page shows what it lacks and gives out its package; a package that
// cannot be made is told as a page.
func TestProjectPackage(t *testing.T) {
	t.Parallel()
	f := &fake{}
	f.cards = []*pipeline.Card{{CustomerView: pipeline.CustomerView{Customer: &ledger.Customer{Name: "华信制造"}, Projects: []pipeline.ProjectView{{Project: &ledger.Project{Key: "PROJ 1", Name: "订单系统", Customer: "华信制造"}}}}}}
	c := newClient(t, f, Options{Language: "zh"})
	c.get("/projects/PROJ%201").want(t, http.StatusOK, "/projects/PROJ%201/package.zip", "归档包")
	r := c.get("/projects/PROJ%201/package.zip").want(t, http.StatusOK, "PK package of PROJ 1")
	if got := r.Header.Get("Content-Disposition"); got != "attachment; filename*=UTF-8''PROJ%201.zip" {
		t.Errorf("%s", got)
	}
	c.get("/projects/NONE/package.zip").want(t, http.StatusNotFound)
	f.broken = errors.New("the disk is on fire")
	c.get("/projects/PROJ%201/package.zip").want(t, http.StatusInternalServerError, "!on fire", "归档包")
}
