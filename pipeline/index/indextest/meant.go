package indextest

import (
	"context"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
)

// wordbook is an index.Lexicon over names and a glossary.
type wordbook struct {
	names    *suggest.Lexicon
	synonyms suggest.Synonyms
}

func (w wordbook) Synonyms(word string) []string { return w.synonyms.Of(word) }

func (w wordbook) Named(_ context.Context, letters string, scopes []string, short bool) []string {
	return w.names.Named(letters, scopes, short, suggest.Person, suggest.Customer)
}

func (w wordbook) Customers(_ context.Context, word string, scopes []string) []string {
	return w.names.Like(word, scopes, suggest.Customer)
}

func (w wordbook) Projects(_ context.Context, word string, scopes []string) []string {
	return w.names.Like(word, scopes, suggest.Project)
}

func (w wordbook) Near(_ context.Context, word string, scopes []string) string {
	return w.names.Near(word, scopes)
}

// meant finds what was meant and not written: synonyms, names in pinyin,
// customers by a part of their names, misspelt words.
func meant(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	uat := Doc("aaa", "上线计划", "用户验收测试在八月进行")
	uat.People, uat.Customer = []string{"from=张伟"}, []string{"华信科技有限公司"}
	english := Doc("bbb", "Delivery dates", "The user acceptance test begins on Monday")
	english.People = []string{"to=张伟", "from=赵雯"}
	short := Doc("ccc", "安排", "UAT 环境已就绪，张伟确认")
	a.Put(t, uat, english, short)
	b := suggest.NewBuilder()
	for _, f := range []suggest.Fact{{Kind: suggest.Person, Text: "张伟"}, {Kind: suggest.Person, Text: "赵雯"}, {Kind: suggest.Customer, Text: "华信科技有限公司"},
		{Kind: suggest.Title, Text: "Delivery dates", Document: "bbb"}, {Kind: suggest.Term, Text: "acceptance"}} {
		f.Scopes = []string{Everyone}
		b.Add(f)
	}
	_, synonyms := suggest.ReadGlossary([]string{"UAT = 用户验收测试 = user acceptance test"})
	a.lexicon = wordbook{b.Lexicon(), synonyms}
	for text, want := range map[string]string{
		"uat": "aaa bbb ccc", "用户验收测试": "aaa bbb ccc", `"UAT"`: "ccc", "UAT 八月": "aaa", "UAT 环境": "ccc", "-八月 UAT": "bbb ccc",
		"zhangwei": "aaa bbb ccc", "ZhangWei Monday": "bbb", "from:zhangwei": "aaa", "from:zw": "aaa bbb", "to:zw": "bbb", "zw": "", "customer:hxkj": "aaa", "customer:华信": "aaa",
		"customer:nobody": "", "title:zhangwei": "",
	} {
		if _, got := a.find(t, index.Request{Text: text}); sorted(got) != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"delivrey": "delivery", "Delivrey Monday": "delivery Monday", `"delivrey"`: `"delivery"`, "delivery": "", "acceptancce begins": "acceptance begins", "delivrey 八月": "", "验收书": "", "zzzz": "", "zw": "张伟", "zw monday": "张伟 monday",
	} {
		res, _ := a.find(t, index.Request{Text: text})
		if res.DidYouMean != want {
			t.Errorf("%s: did you mean %q, want %q", text, res.DidYouMean, want)
		}
	}
}
