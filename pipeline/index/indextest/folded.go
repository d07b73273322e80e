package indextest

import (
	"strings"
	"testing"

	"guidang/pipeline/index"
)

// folded: attachments stand under their mail, older versions under the newest,
// copies under one of them, where both were found and may be seen.
func folded(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	hidden := Doc("v3", "方案 v3", "验收方案")
	hidden.Scopes = []string{"source:board"}
	a.Put(t,
		Doc("v1", "方案 v1", "验收方案 初稿"), Doc("v2", "方案 v2", "验收方案"), hidden, Doc("branch", "方案 v2 副本", "验收方案"),
		Doc("mail", "请看附件", "验收清单在附件"), Doc("paper", "清单", "验收清单 验收清单 验收清单"), Doc("lost", "纪要", "验收纪要"),
		Doc("copy1", "通知", "停机通知"), Doc("copy2", "通知", "停机通知 群发"),
	)
	for doc, r := range map[string]index.Relation{
		"v1": {Chain: "c", Ordinal: 1}, "v2": {Chain: "c", Ordinal: 2}, "v3": {Chain: "c", Ordinal: 4}, "branch": {Chain: "c", Ordinal: 3, Branch: true},
		"paper": {Mail: "mail"}, "lost": {Mail: "no-such-mail"}, "copy1": {Copies: "m"}, "copy2": {Copies: "m"},
	} {
		a.Relate(doc, r)
	}
	for _, c := range []struct {
		q      index.Request
		want   string // hits, each with what stands under it
		total  int
		groups int
	}{
		{index.Request{Text: "验收方案"}, "v2(branch:version v1:version)", 3, 1},
		{index.Request{Text: "验收方案", Scopes: []string{Everyone, "source:board"}}, "v3(branch:version v1:version v2:version)", 4, 1},
		{index.Request{Text: "初稿"}, "v1", 1, 1}, // the newest was not found
		{index.Request{Text: "验收清单"}, "mail(paper:attachment)", 2, 1},
		{index.Request{Text: "验收清单", Sort: index.ByDate}, "mail(paper:attachment)", 2, 1},
		{index.Request{Text: "验收纪要"}, "lost", 1, 1},
		{index.Request{Text: "停机通知 -群发"}, "copy1", 1, 1},
		{index.Request{Text: "验收方案", Unfolded: true}, "branch v1 v2", 3, 3},
		{index.Request{Text: "验收", Offset: 1, Limit: 1}, "", 6, 3},
	} {
		res, _ := a.find(t, c.q)
		if got := shape(res, c.q.Unfolded); c.want != "" && got != c.want || res.Total != c.total || res.Groups != c.groups {
			t.Errorf("%+v: %s, total %d, groups %d; want %s %d %d", c.q, got, res.Total, res.Groups, c.want, c.total, c.groups)
		}
	}
	if res, _ := a.find(t, index.Request{Text: "停机通知"}); len(res.Hits) != 1 || len(res.Hits[0].Under) != 1 || res.Hits[0].Under[0].Relation != index.Copy {
		t.Errorf("copies: %+v", res.Hits)
	}
}

// shape writes hits with what stands under them; in alphabetical order where
// all stand for themselves.
func shape(res *index.Result, alone bool) string {
	var out []string
	for _, h := range res.Hits {
		var under []string
		for _, u := range h.Under {
			under = append(under, u.Document+":"+u.Relation)
		}
		s := h.Document
		if len(under) > 0 {
			s += "(" + sorted(strings.Join(under, " ")) + ")"
		}
		out = append(out, s)
	}
	if alone {
		return sorted(strings.Join(out, " "))
	}
	return strings.Join(out, " ")
}
