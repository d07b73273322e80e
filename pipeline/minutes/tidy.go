package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What people say while they think. Each list is cut out only where the words
// cannot be a part of what is said: a filler between two marks, a phrase that
// asks for assent, a connective that opens a clause.
var (
	humsHan    = re(`[嗯呃诶唉]+[，、,]?|(^|[，。！？、；,\s])[啊哦哎噢]+[，、,\s]*`)
	assentHan  = re(`(?:，|,|\s)*(?:对吧|是吧|对不对|你知道吧|你知道吗|怎么说呢|就是说|这样子)(?:[，,、啊呢嘛]|\b)?`)
	betweenHan = re(`(^|[，。！？、；,\s])(?:(?:那个|这个|然后呢|然后|好的|对对+|对|OK|ok|是的|所以说|那么|完了之后|就是)[，、,\s]+)+`)
	openingHan = re(`(^|[，。！？；,])(?:然后呢|然后|那么|所以说|完了之后|就是|那(?:我|你|他|咱|就))`)
	doubleHan  = re(`的(?:这个|那个|这种|那种|这样的一个|这么一个)(?:这个|那个|这种|那种|一个)*|的一个`)
	fillersEn  = re(`(?i)(^|[\s,])(?:(?:um+|uh+|uhm|er+|erm|hmm+|mm-hmm|mm|uh-huh)\b[\s,.]*|(?:you know|i mean|sort of|kind of like),\s*)+`)
	openingEn  = re(`(?i)^(?:(?:okay|ok|yeah|yes|yep|right|well|so|and|but|um|alright|anyway|oh|ah|then|also|because|like|now|basically|actually)\b[\s,.]*)+`)
	spaces     = re(`\s+`)
)

// Clean is clean, for what learns from cleaned text.
func Clean(s string) string { return clean(s) }

// clean takes fillers, false starts and repeats out of spoken text. Nothing is
// put in and nothing is put in another order; pronouns and hedges stay.
func clean(s string) string {
	s = spaces().ReplaceAllString(s, " ")
	if hanCount(s) > 0 {
		s = cleanHan(s)
	} else {
		s = unstammer(fillersEn().ReplaceAllString(s, "$1"))
	}
	s = strings.TrimLeft(s, " ，。、,.;；")
	return strings.TrimSpace(s)
}

func cleanHan(s string) string {
	s = humsHan().ReplaceAllString(s, "$1")
	s = assentHan().ReplaceAllStringFunc(s, func(m string) string {
		// A mark before or after it stays one mark; without one the sentence goes on.
		if strings.ContainsAny(m, "，,") {
			return "，"
		}
		return ""
	})
	s = betweenHan().ReplaceAllString(s, "$1")
	s = openingHan().ReplaceAllStringFunc(s, func(m string) string {
		// 那我们 and 那就 lose 那 alone: 那个系统 is a demonstrative and is not matched.
		mark := ""
		if r, n := utf8.DecodeRuneInString(m); strings.ContainsRune("，。！？；,", r) {
			mark, m = m[:n], m[n:]
		}
		if rest, ok := strings.CutPrefix(m, "那"); ok && m != "那么" {
			return mark + rest
		}
		return mark
	})
	s = doubleHan().ReplaceAllString(s, "的")
	s = unrepeat(s)
	for strings.Contains(s, "，，") {
		s = strings.ReplaceAll(s, "，，", "，")
	}
	return strings.NewReplacer("，。", "。", "，？", "？", "。，", "。").Replace(s)
}

// once are single characters that are said twice only by stammering; 人人, 天天
// and 看看 are words.
const once = "我你他她它的了是在就这那一有和对也都要把被从到会能可"

// unrepeat takes out the second of two equal neighbours: 一些一些, 这个这个. Runs
// of digits and numerals are left, since 一百一百 may be what was meant.
func unrepeat(s string) string {
	r := []rune(s)
	out := r[:0:0]
	for i := 0; i < len(r); i++ {
		out = append(out, r[i])
		for n := 8; n >= 1; n-- {
			if len(out) < n || i+n >= len(r) {
				continue
			}
			tail, next := out[len(out)-n:], r[i+1:i+1+n]
			if n == 2 && tail[0] == '一' && tail[1] != '个' && tail[1] != '些' {
				continue // 一页一页: one after the other
			}
			if !sameHan(tail, next) || n == 1 && !strings.ContainsRune(once, tail[0]) {
				continue
			}
			i += n
			n = 9 // once more: said three times
		}
	}
	return string(out)
}

func sameHan(a, b []rune) bool {
	numeral := true
	for i := range a {
		if a[i] != b[i] || !unicode.Is(unicode.Han, a[i]) {
			return false
		}
		numeral = numeral && strings.ContainsRune("零一二三四五六七八九十百千万亿", a[i])
	}
	return !numeral || len(a) == 1 && a[0] == '一'
}

// unstammer takes out an English word or two that are said again at once, and
// the broken beginning of a word: "the the", "we can we can", "th the".
func unstammer(s string) string {
	words := strings.Fields(s)
	out := words[:0:0]
	bare := func(w string) string { return strings.ToLower(strings.Trim(w, ".,;")) }
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+1 < len(words) {
			next := words[i+1]
			// Only a beginning of one or two letters is taken for broken: "real really" is said.
			if b := bare(w); len(b) <= 2 && b != "" && len(bare(next)) > len(b) && strings.HasPrefix(bare(next), b) && !smallWords[b] {
				continue
			}
		}
		out = append(out, w)
		for n := 3; n >= 1; n-- {
			if len(out) < n || i+n >= len(words) {
				continue
			}
			same := true
			for k := range n {
				a, b := bare(out[len(out)-n+k]), bare(words[i+1+k])
				same = same && a == b && a != "" && (a[0] < '0' || a[0] > '9')
			}
			if same && (n > 1 || !doubledWords[bare(w)]) {
				copy(out[len(out)-n:], words[i+1:i+1+n]) // the second has the mark that follows
				i += n
				n = 4
			}
		}
	}
	return strings.Join(out, " ")
}

var smallWords = wordSet("a i an as at am be by do go he if in is it me my no of on or so to up us we oh ok uk pc tv lc id")

// doubledWords are rightly said twice.
var doubledWords = wordSet("had that very no bye really so")

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}
