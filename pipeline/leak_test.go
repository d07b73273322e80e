package pipeline

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// TestNothingHiddenShows asks for somebody who may see one of two shares. He
// has to learn the same as from an archive that holds his share alone: hits,
// counts, facets, snippets, proposals. Some files lie in both shares, in the
// other one under names that say more. GUIDANG_TEST_LEAKS sets more queries.
func TestNothingHiddenShows(t *testing.T) {
	t.Parallel()
	queries := 300
	if n, err := strconv.Atoi(os.Getenv("GUIDANG_TEST_LEAKS")); err == nil {
		queries = n
	}
	both, alone := newOffice(t), newOffice(t)
	alone.source = both.source
	shares := map[string][]string{}
	put := func(share, name, text string) {
		both.write(share+"/"+name, text)
		shares[share] = append(shares[share], name+" "+text)
	}
	for n := range 12 {
		common := fmt.Sprintf("第%d次项目例会的纪要，讨论了验收安排与付款计划 milestone %d。", n, n)
		put("his", fmt.Sprintf("例会%d.txt", n), common)
		put("hers", fmt.Sprintf("裁员名单%d redundancy 例会.txt", n), common)
		put("hers", fmt.Sprintf("薪酬方案%d.txt", n), fmt.Sprintf("董事会通过的薪酬方案第%d号，总额%d万元，takeover 收购谈判。", n, 30+n))
		put("his", fmt.Sprintf("测试%d.txt", n), fmt.Sprintf("测试报告第%d号：导出模块的缺陷清单，方案待定。", n))
	}
	put("hers", "box.mbox", box(0, 5))
	put("hers", "带附件.eml", "From: =?utf-8?b?6LW16Zuv?= <zhao.wen@board.example>\r\nSubject: takeover plan\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>secret takeover</p>\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nattached secret\r\n--b--\r\n")
	his, hers := filepath.Join(both.source, "his"), filepath.Join(both.source, "hers")
	for o, paths := range map[*office][]string{both: {his, hers}, alone: {his}} {
		if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: paths}); err != nil {
			t.Fatal(err)
		}
	}
	rng := rand.New(rand.NewPCG(5, 5))
	scopes := []string{Scope(his)}
	for range queries {
		from := shares["hers"]
		if rng.IntN(4) == 0 {
			from = shares["his"]
		}
		text := []rune(from[rng.IntN(len(from))])
		at := rng.IntN(len(text))
		q := string(text[at:min(len(text), at+1+rng.IntN(7))])
		switch rng.IntN(8) {
		case 0:
			q = "title:" + q
		case 1:
			q = "-" + q
		case 2:
			q += "*"
		case 3:
			q = q + " OR 例会"
		case 4:
			q = "who:" + string([]rune{rune('a' + rng.IntN(26)), rune('a' + rng.IntN(26))})
		}
		got, want := both.learns(q, scopes), alone.learns(q, scopes)
		if got != want {
			t.Fatalf("%q tells him\n%s\nof his share alone it tells\n%s", q, got, want)
		}
	}
	both.originalsAreHidden(scopes)
}

// learns is what somebody is told.
func (o *office) learns(q string, scopes []string) string {
	o.t.Helper()
	res, err := o.a.Search(o.t.Context(), index.Request{Text: q, Limit: 500}, scopes)
	if err != nil {
		o.t.Fatal(err)
	}
	var hits []string
	for _, h := range res.Hits {
		hits = append(hits, fmt.Sprint(h.ID, h.Title, h.Locator, h.Date, h.Kind, h.Tags, h.Snippet))
	}
	slices.Sort(hits)
	return fmt.Sprintf("%d %s %v %q %q %q\n%s\n%s", res.Total, res.TotalIs, res.Facets, res.LeftOut, res.TakenApart, res.DidYouMean, o.proposals(q, scopes), strings.Join(hits, "\n"))
}

// originalsAreHidden asks for everything there is by its id and its locator:
// what lies outside the scopes is not there, by whatever way it is asked for.
func (o *office) originalsAreHidden(scopes []string) {
	o.t.Helper()
	asked := 0
	err := o.a.Items(o.t.Context(), ledger.Filter{}, func(i *ItemView) error {
		if slices.Contains(scopes, Scope(i.Source)) || i.Document == "" {
			return nil
		}
		v, err := o.a.Show(o.t.Context(), i.Document, scopes)
		if err == nil { // it lies in his share too
			if strings.Contains(fmt.Sprintf("%+v", v), i.Name) {
				o.t.Errorf("%s shows its other name %s", v.Name, i.Name)
			}
			return nil
		}
		for _, ref := range []string{i.Document, i.Document[:12], i.Locator} {
			asked++
			_, show := o.a.Show(o.t.Context(), ref, scopes)
			_, _, _, original := o.a.Original(o.t.Context(), ref, scopes)
			_, thread := o.a.Conversation(o.t.Context(), ref, scopes, 0, 10)
			_, html := o.a.MailPart(o.t.Context(), ref, "html", scopes)
			for what, err := range map[string]error{"page": show, "original": original, "thread": thread, "mail": html} {
				if !errors.Is(err, ledger.ErrNotFound) {
					o.t.Errorf("%s of %s: %v", what, ref, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if asked < 30 {
		o.t.Errorf("only %d things were asked for", asked)
	}
}
