package pipeline

import (
	"strings"
	"testing"

	"guidang/pipeline/index"
)

func (o *office) proposals(text string, scopes []string) string {
	o.t.Helper()
	got, err := o.a.Suggest(o.t.Context(), text, scopes, 10)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, s := range got {
		out = append(out, string(s.Kind)+" "+s.Text)
	}
	return strings.Join(out, "; ")
}

func TestProposals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("2024年度验收计划.txt", "本年度的验收安排如下。")
	o.write("a.eml", "From: =?utf-8?b?5byg5Lyf?= <zw@firm.example>\r\nSubject: Delivery dates\r\nDate: Tue, 05 Mar 2024 10:00:00 +0800\r\n\r\nThe delivery is on Friday.\r\n")
	o.ingest()
	for text, want := range map[string]string{"2024年度": "title 2024年度验收计划.txt", "zw": "person 张伟", "zhangwei": "person 张伟", "Deliv": "title Delivery dates"} {
		if got := o.proposals(text, nil); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		if got := o.proposals(text, []string{"source:elsewhere"}); got != "" {
			t.Errorf("%s without the right: %q", text, got)
		}
	}
	for text, want := range map[string]int{"zhangwei": 1, "from:zw": 1, "from:zhang": 1, "to:zw": 0, "zw": 1} {
		res, err := o.a.Search(t.Context(), index.Request{Text: text}, nil)
		if err != nil || res.Total != want {
			t.Errorf("%s finds %d, want %d: %v", text, res.Total, want, err)
		}
	}
	res, err := o.a.Search(t.Context(), index.Request{Text: "Delivrey"}, nil)
	if err != nil || res.Total != 0 || res.DidYouMean != "delivery" {
		t.Errorf("a misspelt word: %+v %v", res, err)
	}
	if res, err = o.a.Search(t.Context(), index.Request{Text: "Delivrey"}, []string{"source:elsewhere"}); err != nil || res.DidYouMean != "" {
		t.Errorf("a misspelt word without the right: %+v %v", res, err)
	}
}
