package minutes

import (
	"strconv"
	"strings"
)

var (
	digitNumber = re(`\d+(?:[,，]\d{3})*(?:\.\d+)?`)
	hanNumber   = re(`[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?`)
	wordNumber  = re(`(?i)\b(?:(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|and|point)\b[\s-]?)+`)
)

// numbers are the values that a text names, in one writing: 三十五万, 350,000, 35万
// and "three hundred fifty thousand" are all 350000. Single numerals such as 一
// and "one" are mostly articles: they count in evidence, where loose is true,
// and not as what a claim has to prove.
func numbers(text string, loose bool) []string {
	var out []string
	add := func(v float64) { out = append(out, strconv.FormatFloat(v, 'f', -1, 64)) }
	for _, m := range digitNumber().FindAllStringIndex(text, -1) {
		v, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(text[m[0]:m[1]]), 64)
		if err != nil {
			continue
		}
		rest := strings.TrimLeft(text[m[1]:], " ")
		switch {
		case strings.HasPrefix(rest, "万亿"):
			v *= 1e12
		case strings.HasPrefix(rest, "亿"):
			v *= 1e8
		case strings.HasPrefix(rest, "万"):
			v *= 1e4
		case strings.HasPrefix(rest, "千") && !strings.HasPrefix(rest, "千米"):
			v *= 1e3
		case strings.HasPrefix(rest, "million"):
			v *= 1e6
		case strings.HasPrefix(rest, "thousand"), rest != "" && (rest[0] == 'k' || rest[0] == 'K') && (len(rest) == 1 || rest[1] < '0'):
			v *= 1e3
		}
		add(v)
	}
	for _, s := range hanNumber().FindAllString(text, -1) {
		if r := []rune(s); len(r) == 1 && (!loose || strings.ContainsRune("百千万亿", r[0])) {
			continue
		}
		add(hanValue(s))
	}
	for _, s := range wordNumber().FindAllString(text, -1) {
		words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '\n' || r == '\t' })
		if len(words) == 1 && !loose {
			continue
		}
		if v, ok := wordValue(words); ok {
			add(v)
		}
	}
	return out
}

// hanValue reads 三十五万, 一百二十, 二〇二五 and 三点五.
func hanValue(s string) float64 {
	whole, part, _ := strings.Cut(s, "点")
	var total, section, digit float64
	row, units := "", false
	for _, r := range whole {
		if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
			digit = float64(i / 3)
			row += strconv.Itoa(i / 3)
			continue
		}
		switch r {
		case '〇':
			digit = 0
			row += "0"
			continue
		case '两':
			digit = 2
			row += "2"
			continue
		case '十':
			section += max(digit, 1) * 10
		case '百':
			section += max(digit, 1) * 100
		case '千':
			section += max(digit, 1) * 1000
		case '万':
			total += max(section+digit, 1) * 1e4
			section = 0
		case '亿':
			total = max(total+section+digit, 1) * 1e8
			section = 0
		}
		digit, units = 0, true
	}
	v := total + section + digit
	if !units {
		v, _ = strconv.ParseFloat(row, 64)
	}
	scale := 0.1
	for _, r := range part {
		if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
			v += float64(i/3) * scale
		}
		scale /= 10
	}
	return v
}

var wordValues = func() map[string]float64 {
	m := map[string]float64{"hundred": 100, "thousand": 1000, "million": 1e6}
	for i, w := range strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		m[w] = float64(i)
	}
	for i, w := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		m[w] = float64(20 + 10*i)
	}
	return m
}()

func wordValue(words []string) (float64, bool) {
	total, section, seen := 0.0, 0.0, false
	scale := 0.0
	for _, w := range words {
		if w == "point" && seen {
			scale = 0.1
			continue
		}
		v, ok := wordValues[w]
		if !ok {
			continue // and
		}
		seen = true
		switch {
		case scale > 0 && v < 10:
			section += v * scale
			scale /= 10
		case v == 100:
			section = max(section, 1) * 100
		case v >= 1000:
			total += max(section, 1) * v
			section = 0
		default:
			section += v
		}
	}
	return total + section, seen
}
