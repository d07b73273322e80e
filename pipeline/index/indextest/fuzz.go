package indextest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline/index"
)

// FuzzQueries asks an engine, filled with part of the sample archive, whatever
// somebody may type: no query is an error, hits are within the rights, snippets
// are harmless, and a run of Han characters is found exactly where it stands.
// open is given what the fuzz target has.
func FuzzQueries(f *testing.F, open func(f *testing.F) index.Engine) {
	all, err := Samples()
	if err != nil {
		f.Fatal(err)
	}
	a := NewArchive(open(f))
	var entries []index.Entry
	for i := 0; i < len(all); i += 3 {
		s := &all[i]
		s.Entry.Scopes = []string{[]string{"source:a", "source:b"}[i%2]}
		a.Show(s.Entry.Document, s.Locator, s.People)
		entries = append(entries, s.Entry)
	}
	a.Keep(entries...)
	token, err := a.engine.Upsert(f.Context(), entries, a.Mark())
	if err == nil {
		err = a.engine.Visible(f.Context(), token)
	}
	if err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{
		"", "验收", "a*", `"`, "-", "--x", "from:", "from:张伟 -kind:mail OR 合同", "OR OR OR", "《〈“", "2024年3月5日 OR 35万", "title:title:title:", "\x00\xff验", "验\u200b收", strings.Repeat("长", 300), "1e309 999999999999999999999万",
		"customer:\"x\" after:0000 before:9999-99", "税*", "𠀀𠀁", "\u0301\u0301", "谁什么时候为什么的？", "a.b.c@d:e/f?g=h&i#j", "<mark>", "〔2024〕12号", "－草稿", "in:title", "has:attachment 的", "on:2024-02-30",
	} {
		f.Add(q, uint8(len(q)))
	}
	searcher := a.Searcher()
	f.Fuzz(func(t *testing.T, text string, how uint8) {
		r := index.Request{Text: text, Scopes: []string{"source:a"}, Limit: int(how), Offset: int(how % 3)}
		if how%2 == 0 {
			r.Sort = index.ByDate
		}
		res, err := searcher.Search(t.Context(), r)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := json.Marshal(res); err != nil {
			t.Errorf("%q: the answer is no JSON: %v", text, err)
		}
		if len(res.Hits) > res.Total {
			t.Errorf("%q: %d hits of %d", text, len(res.Hits), res.Total)
		}
		for _, h := range res.Hits {
			if a.entries[h.Document].Scopes[0] != "source:a" {
				t.Errorf("%q shows %s", text, h.Document)
			}
			if bare := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(h.Snippet); strings.ContainsAny(bare, "<>") || !utf8.ValidString(h.Snippet) {
				t.Errorf("%q: snippet %q", text, h.Snippet)
			}
		}
		if n := utf8.RuneCountInString(text); n > 0 && n <= 12 && strings.IndexFunc(text, func(r rune) bool { return r < 0x4e00 || r > 0x9fa5 || !unicode.Is(unicode.Han, r) }) < 0 {
			a.exactly(t, res, text)
		}
	})
}

// exactly compares an answer with the texts.
func (a *Archive) exactly(t *testing.T, res *index.Result, text string) {
	t.Helper()
	want, s := 0, index.Normalise(text)
	if index.Words(text) == nil || len(index.Words(text)) != 1 || index.Words(text)[0] != s {
		return // an amount or a date, or one character
	}
	for _, e := range a.entries {
		if e.Scopes[0] != "source:a" {
			continue
		}
		all := append([]string{e.Title, e.Name}, append(e.Terms, e.People...)...)
		for _, p := range e.Passages {
			all = append(all, p.Heading, p.Text)
		}
		if strings.Contains(index.Normalise(strings.Join(all, "\n\n")), s) {
			want++
		}
	}
	if want > 0 && res.Total != want {
		t.Errorf("%q is found in %d documents, it stands in %d", text, res.Total, want)
	}
}
