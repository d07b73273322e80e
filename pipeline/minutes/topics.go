package minutes

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// topics cuts a meeting and names the pieces.
func topics(t *document.Transcript, all []clause) []Topic {
	starts := segments(t, all)
	out := []Topic{}
	at := 0
	for i, from := range starts {
		to := len(t.Utterances)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		topic := Topic{First: t.Utterances[from].ID, Last: t.Utterances[to-1].ID}
		var text strings.Builder
		for ; at < len(all) && all[at].utterance < to; at++ {
			text.WriteString(all[at].text + "\n")
		}
		if text.Len() == 0 { // nobody said anything that says anything
			if len(out) > 0 {
				out[len(out)-1].Last = topic.Last
			}
			continue
		}
		if len(out) == 0 {
			topic.First = t.Utterances[0].ID
		}
		topic.Title = title(text.String())
		out = append(out, topic)
	}
	return out
}

// titleTerms is how many terms name a topic.
const titleTerms = 3

// noTitle are numbers and days, which say nothing of what a topic is about.
var noTitle = re(`^[\d.,%]+$|^[零一二三四五六七八九十百千两\d]+(?:分钟|小时|天|周|年|次|遍)|[一两几每]次$|^[零一二三四五六七八九十百千万亿两]+[个条万元]?$|日前|月底|年底|^(?:明年|今年|去年|下周|本周|上午|下午|afternoon|morning|everybody|everyone|meeting|today|january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday)`)

// broken tells a piece of a longer expression, such as 版测试环境 of 第一版测试环境.
func broken(term, text string) bool {
	r, n := utf8.DecodeRuneInString(term)
	if n < 3 || !strings.ContainsRune("版期批次条项点轮份台后", r) {
		return false
	}
	i := strings.Index(text, term)
	if r == '后' {
		return i > 0 && strings.HasSuffix(text[:i], "最")
	}
	return i > 0 && strings.HasSuffix(strings.TrimRight(text[:i], "零一二三四五六七八九十百两0123456789"), "第") || i > 0 && text[i-1] <= '9'
}

// title names a topic by its first key terms.
func title(text string) string {
	var words []string
	for _, t := range terms.Extract(text, terms.Options{Top: 2 * titleTerms, Talk: true}) {
		if len(words) < titleTerms && !noTitle().MatchString(t.Term) && !broken(t.Term, text) {
			words = append(words, t.Term)
		}
	}
	if hanCount(text) > 0 {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}
