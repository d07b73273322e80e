package pipeline

import (
	"strings"
	"testing"

	"guidang/pipeline/index"
)

// What a query finds beside documents is of meetings and names that the asker may
// see.
func TestAlso(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("会议/周会.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n<v 张伟>大家好，我们决定采用国密算法做传输加密。\n\n00:00:06.000 --> 00:00:10.000\n<v 李娜>好的，我下周三之前把接口文档发给客户。\n")
	o.ingest()
	for _, c := range []struct {
		text      string
		scopes    []string
		decisions int
		people    string
	}{
		{"国密算法", nil, 1, ""},
		{"国密算法", []string{"source:nowhere"}, 0, ""},
		{"张伟", nil, 0, "张伟"},
		{"zhangwei", nil, 0, "张伟"},
		{"张伟", []string{"source:nowhere"}, 0, ""},
	} {
		r, err := o.a.Search(t.Context(), index.Request{Text: c.text}, c.scopes)
		if err != nil {
			t.Fatal(err)
		}
		a := r.Also
		if a == nil {
			a = &index.Also{}
		}
		var people []string
		for _, n := range a.People {
			people = append(people, n.Name)
		}
		if len(a.Decisions) != c.decisions || strings.Join(people, " ") != c.people {
			t.Errorf("%s for %v: %+v", c.text, c.scopes, a)
		}
		for _, d := range a.Decisions {
			if !strings.Contains(d.Text, c.text) || !strings.HasPrefix(d.URL, "/d/"+d.Document) || !strings.HasSuffix(d.URL, "#u1") {
				t.Errorf("%+v", d)
			}
		}
	}
}
