package meili

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline/index"
)

func encode(text string) string {
	var e encoder
	e.add(text)
	return e.take()
}

func TestCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":              "",
		"项":             "qkmx",
		"项目":            "qkmxe0e qe0e",
		"项目验收":          "qkmxe0e qe0el1o ql1oaie qaie",
		"ABC系统":         "abc qf7ffkv qfkv",
		"v2.3":          "v 2 3",
		"HT-2023-0815":  "ht 2023 0815",
		"li.na@hx.com":  "li na hx com",
		"final. Report": "final. report",
		"是。否":           "qapb. q752",
		"是\t否":          "qapb. q752",
		"quality qwen":  "qyquality qyqwen",
		"café":          "qw002r002p002u006h",
		"𠮷":             "qz2vg7",
		"テスト":           "q05i055 q05505k q05k",
		"검수":            "qm80qhk qqhk",
		"1,200":         "1200",
	} {
		if got := encode(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// No code may begin another one of a different character, or a search for one
// character would find others.
func TestCharactersAreApart(t *testing.T) {
	t.Parallel()
	seen := map[string]rune{}
	for r := rune(0x3000); r <= 0x323af; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		c := string(appendRune(nil, r))
		if have, ok := seen[c]; ok {
			t.Fatalf("%c and %c are %s", have, r, c)
		}
		seen[c] = r
		if c[0] == 'w' || c[0] == 'y' || len(c) != 3 && (c[0] != 'z' || len(c) != 5) {
			t.Fatalf("%c is %s", r, c)
		}
		if len(c) == 3 && c[0] == 'z' {
			t.Fatalf("%c is %s, as an escaped one begins", r, c)
		}
	}
}

func TestPhrases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"项目":                                 "qkmxe0e",
		"项目验收":                               "qkmxe0e qe0el1o ql1oaie",
		"项":                                  "qkmx*",
		"project":                            "project",
		"proj*":                              "proj*",
		"v2":                                 "v 2",
		"PROJ-2025*":                         "proj|2025*",
		"ABC系统":                              "abc qf7ffkv",
		"系统ABC":                              "qf7ffkv qfkv abc",
		`"项目 验收"`:                            "qkmxe0e|ql1oaie",
		`"项目 v2"`:                            "qkmxe0e qe0e v 2",
		`"项 目"`:                              "qe0e*",
		"编号:HT-2023":                         "qfme73r q73r ht 2023",
		`"final acceptance test"`:            "final acceptance test",
		"C++":                                "c",
		"(项)":                                "qkmx",
		`"` + strings.Repeat("a ", 50) + `"`: strings.TrimRight(strings.Repeat("a ", 40), " "),
	} {
		q := index.Parse(text)
		if len(q.Terms) != 1 {
			t.Errorf("%s: %d terms", text, len(q.Terms))
			continue
		}
		var got []string
		for _, p := range phrasesOf(&q.Terms[0]) {
			s := strings.Join(p.codes, " ")
			if p.prefix {
				s += "*"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s: %s, want %s", text, s, want)
		}
	}
}

func TestQueryOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "",
		"项目 验收":                          `"qkmxe0e" "ql1oaie"`,
		"项 验收 目":                         `"ql1oaie" qkmx`,
		"验收 -项目 -v2 -通过验收 -款":            `-qkmxe0e "ql1oaie"`,
		"a b c d e f g h i j k longest":  `"longest" "a" "b" "c" "d" "e" "f" "g" "h" "i"`,
		"a b c d e f g h i j k longest*": `"a" "b" "c" "d" "e" "f" "g" "h" "i" longest`,
		"验收 验收*":                         `"ql1oaie"`,
	} {
		q := index.Parse(text)
		if got := queryOf(&index.Query{Terms: q.Terms, Not: q.Not}); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestExact(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, v := range []string{"", "source:share", "source:Share", "Source:share", "华信制造", "華信製造", "ａ", "a", "_a", strings.Repeat("x", 64), strings.Repeat("x", 65), `a"b`, "a b", "2025-08-20"} {
		e := exact(v)
		if have, ok := seen[e]; ok {
			t.Errorf("%q and %q are both %s", have, v, e)
		}
		seen[e] = v
		if strings.ToLower(e) != e || strings.ContainsAny(e, `"\ `) || len(e) > 64 || e == "" {
			t.Errorf("%q: %q", v, e)
		}
	}
	if exact("source:share") != "source:share" {
		t.Error("plain values are not kept as they are")
	}
}

// What is cut out of a text is found in it, by the same rules by which the
// server finds phrases.
func FuzzPhrases(f *testing.F) {
	for _, s := range []string{
		"项目验收会议。合同编号：HT-2023-0815，金额 ¥1,200,000.00 元", "ABC系统v2.3 的 API gateway\n第二行，café менеджер ราคา 𠮷野家",
		"姓 名\t张三 C++ project_plan.xlsx li.na@huaxin.example", "テスト環境 검수 보고서 ＡＢＣ quality-q1 哈哈哈哈 10%-20%", "a\u0301b soft\u00adware x-，y 。项",
	} {
		for from := range 6 {
			f.Add(s, uint16(from*7), uint16(3+from*2))
		}
	}
	f.Fuzz(func(t *testing.T, text string, from, length uint16) {
		if len(text) > 2000 {
			return
		}
		s := []rune(index.Normalise(text))
		if len(s) == 0 {
			return
		}
		a := int(from) % len(s)
		b := min(a+int(length)%60+1, len(s))
		if inside(s, a) || inside(s, b) {
			return
		}
		part := string(s[a:b])
		q := index.Parse(`"` + part + `"`)
		if len(q.Terms) != 1 || !strings.Contains(string(s), q.Terms[0].Text) || strings.TrimSpace(part) != q.Terms[0].Text {
			return // quotes in it, or another text out of its place
		}
		d := &fakeDoc{words: map[string]int{}, pairs: map[[2]string]uint8{}}
		d.index(encode(text), 0)
		for _, p := range phrasesOf(&q.Terms[0]) {
			if p.prefix {
				if _, ok := d.match([]fakeTerm{{p.codes, true}}, nil); !ok {
					t.Errorf("%q: nothing begins with %s: %s", part, p.codes[0], encode(text))
				}
			} else if d.phrase(p.codes) < 0 {
				t.Errorf("%q: no %s in %s", part, p.String(), encode(text))
			}
			for _, c := range p.codes {
				if len(c) > 250 || strings.Trim(c, digits) != "" {
					t.Errorf("code %q", c)
				}
			}
		}
	})
}

// inside says that a cut at i would fall into a word.
func inside(s []rune, i int) bool {
	word := func(r rune) bool {
		wide := r >= 0x2e80 && (unicode.IsLetter(r) || unicode.IsMark(r))
		return !wide && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
	}
	return i > 0 && i < len(s) && word(s[i-1]) && word(s[i])
}
