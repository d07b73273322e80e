package terms

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

func sumOf(parts ...any) [sha256.Size]byte { return sha256.Sum256([]byte(fmt.Sprintf("%q", parts))) }

// patterned is what is known by its form alone.
var patterned = regexp.MustCompile(`([A-Z]{2,8}-\d{4,8}(?:-\d{2,6})?)|` +
	`((?:19|20)\d\d年\d{1,2}月(?:\d{1,2}[日号])?|(?:19|20)\d\d-\d\d-\d\d)|` +
	`((?:[¥￥$€]|RMB |USD )\d[\d,]*(?:\.\d+)?(?:万|亿)?|\d[\d,]*(?:\.\d+)?(?:万元|亿元|元))`)

// Every pattern begins at most so many bytes before its first digit, and none
// that matters is longer than the second figure.
const (
	beforeDigit = 9 // eight letters and a hyphen
	afterDigit  = 64
)

// maxPatterns bounds what one text may say by form: a price list of a million
// lines has no million key terms.
const maxPatterns = 5000

// patterns gives project numbers, dates and amounts. The expression is tried
// around digits only: over whole mails it took more time than all the rest.
func patterns(text string) []Term {
	seen := map[string]int{}
	var out []Term
	for i, n := 0, 0; n < maxPatterns; n++ {
		d := strings.IndexAny(text[i:], "0123456789")
		if d < 0 {
			break
		}
		d += i
		left := max(i, d-beforeDigit)
		for left < d && !utf8.RuneStart(text[left]) {
			left++
		}
		end := d
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		if !telling(text, left, d, end) {
			i = end
			continue
		}
		window := text[left:min(len(text), d+afterDigit)]
		m := patterned.FindStringSubmatchIndex(window)
		if m == nil || left+m[0] > d {
			i = end
			continue
		}
		i = left + m[1]
		term := window[m[0]:m[1]]
		kind, weight := Project, 3.0
		switch {
		case m[4] >= 0:
			kind, weight = Date, 0.8
		case m[6] >= 0:
			kind, weight = Amount, 1.2
		}
		if have, ok := seen[term]; ok {
			out[have].Score += weight
			continue
		}
		seen[term] = len(out)
		out = append(out, Term{term, weight, kind})
	}
	return out
}

// telling says whether digits from d to end can belong to what patterned finds,
// by what stands beside them: most numbers of a mail or a table are only numbers.
func telling(text string, left, d, end int) bool {
	before := text[left:d]
	for _, s := range []string{"$", "¥", "￥", "€", "RMB ", "USD "} {
		if strings.HasSuffix(before, s) {
			return true
		}
	}
	if n := len(before); n > 2 && before[n-1] == '-' && before[n-2] >= 'A' && before[n-2] <= 'Z' {
		return true
	}
	if end-d >= 4 && (text[d:d+2] == "19" || text[d:d+2] == "20") && (strings.HasPrefix(text[d+4:], "-") || strings.HasPrefix(text[d+4:], "年")) {
		return true
	}
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ',' || text[end] == '.') {
		end++
	}
	return strings.HasPrefix(text[end:], "万") || strings.HasPrefix(text[end:], "亿") || strings.HasPrefix(text[end:], "元")
}

var organisations = []string{"有限公司", "股份公司", "集团", "公司", "银行", "大学", "研究院", "委员会", "医院", "事务所", " Ltd", " Inc", " Corp", " GmbH", " LLC"}

var products = []string{"系统", "平台", "软件", "小程序", "引擎", "中间件"}

var titles = []string{"总", "经理", "工", "先生", "女士", "老师", "主任", "博士"}

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"

// Surname tells whether a Chinese name of two or three characters begins with a
// surname.
func Surname(name string) bool {
	r := []rune(name)
	return len(r) >= 2 && len(r) <= 3 && strings.ContainsRune(surnames, r[0])
}

// kindOf decides by suffix; a person needs a surname and a title beside it,
// since a surname alone begins thousands of ordinary words.
func kindOf(term, text string) string {
	for _, s := range organisations {
		if strings.HasSuffix(term, s) && len(term) > len(s) {
			return Organisation
		}
	}
	for _, s := range products {
		if strings.HasSuffix(term, s) && len(term) > len(s) {
			return Product
		}
	}
	n := utf8.RuneCountInString(term)
	first, size := utf8.DecodeRuneInString(term)
	if n < 2 || n > 4 || !strings.ContainsRune(surnames, first) {
		return Keyword
	}
	for _, t := range titles {
		if n <= 4 && len(term) > len(t) && strings.HasSuffix(term, t) && (t != "工" && t != "总" || len(term) == size+len(t)) {
			return PersonName
		}
	}
	for _, t := range titles[1:] {
		if t != "工" && n <= 3 && strings.Contains(text, term+t) {
			return PersonName
		}
	}
	return Keyword
}
