package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                         "",
		"  Final  Acceptance \n":   "final acceptance",
		"ＡＢＣ１２３":                   "abc123",
		"项目\n验收":                   "项目验收",
		"项目 验收":                    "项目验收",
		"项目\t验收":                   "项目 验收",
		"项目\n\n验收":                 "项目 验收",
		"项目\r\n  验收":               "项目验收",
		"你好，\n验收":                  "你好,验收",
		"项目 plan":                  "项目plan",
		"锁库 48 小时":                 "锁库48小时",
		"2024 年 3 月\n5 日":          "2024年3月5日",
		"合同\t48":                   "合同 48",
		"ＡＢ ＣＤ":                    "ab cd",
		"1,200,000.00":             "1200000.00",
		"1,200":                    "1200",
		"1,20":                     "1,20",
		"1,2000":                   "1,2000",
		"1234,567":                 "1234,567",
		"a,200":                    "a,200",
		"ＨＴ－2023—0815":             "ht-2023-0815",
		"HT\u20132023":             "ht-2023",
		"so\u00adft\u200bware":     "software",
		"cafe\u0301":               "café",
		"J\u030c":                  "ǰ",
		"か\u3099":                  "が",
		"ｶﾞ":                       "ガ",
		"①㎡℃":                      "1m2°c",
		"ÄÖÜ straße ΑΒΓ МОСКВА":    "äöü straße αβγ москва",
		"\xff\xfe验":                "\ufffd\ufffd验",
		"a\x00b":                   "a b",
		"𠮷\n野":                     "𠮷野",
		"（甲方）：":                    "(甲方):",
		"\ufeff验收":                 "验收",
		"검수 보고":                    "검수보고",
		"100 200":                  "100 200",
		"12\n,345":                 "12 ,345",
		"\u1112\u1161\u11ab":       "한",
		strings.Repeat("\n", 1000): "",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                      "",
		"税":                     "税",
		"付款条件":                  "付款 款条 条件 件",
		"a付b":                   "a 付 b",
		"𠮷野家":                   "𠮷野 野家 家",
		"ht-2023-0815":          "ht 2023 0815",
		"proj20250801":          "proj 20250801 proj20250801",
		"2v2":                   "2 v 2v 2 v2",
		"li.na@huaxin.example":  "li na huaxin example",
		"café москва":           "café москва",
		"テスト环境":                 "テス スト ト环 环境 境",
		"项目v2版":                 "项目 目 v 2 v2 版",
		"。，!😀":                  "",
		"3月15日":                 "3 月 15 日 0315",
		strings.Repeat("x", 99): strings.Repeat("x", maxToken),
	} {
		if got := texts(Tokens(nil, in)); got != want {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

func texts(grams []Gram) string {
	var out []string
	for _, g := range grams {
		out = append(out, g.Text)
	}
	return strings.Join(out, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                   "",
		"   \t　":             "",
		"验收":                 "验收[验收]",
		"项目 验收":              "项目[项目] 验收[验收]",
		"项目，验收。":             "项目[项目] 验收[验收]",
		"付款条件":               "付款条件[付款 款条 条件]",
		"税":                  "税[税*]",
		"A座":                 "a座[a 座*]",
		"座A":                 "座a[座 a]",
		"v2":                 "v2[v2]",
		"2v2":                "2v2[2v v2]",
		"HT-2023-0815":       "ht-2023-0815[ht 2023 0815]",
		"PROJ-2025*":         "proj-2025[proj 2025*]",
		"v2*":                "v2[v2*]",
		`"final  test"`:      "final test[final test]",
		"“项目 验收”":            "项目 验收[项目 验收]",
		`"甲 方"`:              "甲 方[方*]",
		`a"b c"d`:            "a[a] b c[b c] d[d]",
		`"open end`:          "open end[open end]",
		"-风险 进度":             "进度[进度] -风险[风险]",
		"-\"a b\"":           "-a b[a b]",
		"a-b":                "a-b[a b]",
		"- -- *":             "nothing",
		"😀":                  "nothing",
		"a a A":              "a[a]",
		`""`:                 "nothing",
		"项目v2验收 李na@x":       "项目v2验收[项目 目 v2 验收] 李na@x[李 na x]",
		"\xff":               "nothing",
		"1,200,000":          "1200000[1200000]",
		"关于“验收”的":            "关于[关于] 验收[验收] 的[的*]",
		"\"1,200 a\" 第，2，3 ": "1200 a[1200 a] 第[第*] 2[2] 3[3]",
	} {
		q := Parse(in)
		var got []string
		for _, t := range q.Terms {
			got = append(got, show(t))
		}
		for _, t := range q.Not {
			got = append(got, "-"+show(t))
		}
		if q.Nothing {
			got = append(got, "nothing")
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("Parse(%q) = %s, want %s", in, s, want)
		}
	}
	if q := Parse(strings.Repeat("很多字 ", 5000)); len(q.Terms) != 1 {
		t.Errorf("long query: %d terms", len(q.Terms))
	}
}

func show(t Term) string {
	s := t.Text + "[" + strings.Join(t.Tokens, " ")
	if t.Prefix {
		s += "*"
	}
	return s + "]"
}

// What stands in a text at token boundaries is found by its tokens: for any
// text and any query that the verification accepts, all tokens of the query, or
// of the value that it may stand for, are among the text's tokens. This is what
// makes recall 1.
func FuzzRecall(f *testing.F) {
	f.Add("合同编号：HT-2023-0815，金额 1,200,000.00 元", 5, 9)
	f.Add("合同编号：HT-2023-0815，金额 1,200,000.00 元", 21, 9) // 1200000.0 is there as a value only
	f.Add("2023-8-5", 0, 8)                             // its token 20230805 stands nowhere in it
	f.Add("项目\n验收 v2.3 PROJ20250801 final\tacceptance", 0, 30)
	f.Add("テスト環境 한글 J\u030c 𠮷野", 2, 7)
	f.Add("a\u0301\u200b,200,300 \xff\xfe①㎡", 1, 4)
	f.Fuzz(func(t *testing.T, text string, from, length int) {
		if len(text) > 2000 {
			return
		}
		normal, at := normaliseAt(text)
		if plain := Normalise(text); plain != normal {
			t.Fatalf("with a map %q, without %q", normal, plain)
		}
		if !utf8.ValidString(normal) || strings.Contains(normal, "  ") || len(at) != len(normal)+1 || !slices.IsSorted(at) {
			t.Fatalf("normal %q, map %v", normal, at)
		}
		have := map[string]bool{}
		for _, g := range Tokens(nil, normal) {
			if g.Text == "" || int(g.End) > len(normal) || g.Kind != Value && !strings.HasPrefix(normal[g.Start:g.End], g.Text) {
				t.Fatalf("gram %+v of %q", g, normal)
			}
			have[g.Text] = true
		}
		runes := []rune(normal)
		if len(runes) == 0 {
			return
		}
		from = min(max(from, 0), len(runes)-1)
		length = min(max(length, 1), len(runes)-from)
		for _, star := range []bool{false, true} {
			whole := termOf(string(runes[from:from+length]), star)
			for _, term := range whole.alternatives() {
				if n := needleOf(&term); !n.in(normal) {
					continue
				}
				for n, token := range term.Tokens {
					if !holds(have, token, term.Prefix && n == len(term.Tokens)-1) {
						t.Fatalf("%q holds %q but not its token %q", normal, term.Text, token)
					}
				}
			}
		}
		mark(text, marks(text, []needle{needleOf(&Term{Text: string(runes[from : from+length])})}))
	})
}

func holds(have map[string]bool, token string, prefix bool) bool {
	if !prefix {
		return have[token]
	}
	for h := range have {
		if strings.HasPrefix(h, token) {
			return true
		}
	}
	return false
}

func FuzzParse(f *testing.F) {
	f.Add("项目 -\"a b\" x* “”")
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s)
		for _, term := range append(q.Terms, q.Not...) {
			if len(term.Tokens) == 0 || term.Text == "" {
				t.Fatalf("%q: term %+v", s, term)
			}
		}
		Highlight(s, Words(s))
	})
}

func prose(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "第%d次会议讨论了合同付款条件，验收报告由华信制造确认后签署。项目编号 PROJ-2025%04d，", i, i%900)
		b.WriteString("需求变更须经评审；系统上线前完成性能测试、安全测试和数据迁移演练！\n")
	}
	return strings.ToValidUTF8(b.String()[:n], "")
}
