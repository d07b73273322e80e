package web

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guidang/pipeline/index/suggest"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	mail := f.docs[0].view
	begin := string([]rune(mail.Title)[:2])
	c.get("/suggest?kind=mail&q="+begin).want(t, 200, `role="option"`, `href="/d/`+mail.ID+`"`, "文档", "术语", "kind=mail", "!<html")
	c.get("/suggest?q=").want(t, 200, "!option")
	c.get("/").want(t, 200, `id="suggest"`, `role="combobox"`)
	r := c.get("/api/suggest?limit=1&q=" + begin)
	r.want(t, 200, mail.ID)
	var got struct {
		Query       string
		Suggestions []suggest.Suggestion
	}
	if err := json.Unmarshal([]byte(r.body), &got); err != nil || got.Query != begin || got.Suggestions[0].Text != mail.Title {
		t.Errorf("%+v %v", got, err)
	}
	c.get("/api/suggest?q="+strings.Repeat("长", 900)).want(t, 200, `"suggestions":[]`)
	hidden := newClient(t, f, Options{Scopes: []string{"source:nothing"}})
	hidden.get("/api/suggest?q="+begin).want(t, 200, `"suggestions":[]`)
	f.err = errors.New("broken")
	c.get("/suggest?q="+begin).want(t, 200, "!option")
	c.get("/api/suggest?q="+begin).want(t, 500)
}
