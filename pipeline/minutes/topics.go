package minutes

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// topics cuts a meeting and names the pieces.
func topics(t *document.Transcript, all []clause) []Topic {
	starts := begin(t, segments(t, all))
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
		topic.Title = title(heading(t, from, to), text.String())
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
	if n < 3 || !strings.ContainsRune("版期批次条项点轮份台后日号月年周天个", r) {
		return false
	}
	i := strings.Index(text, term)
	if r == '周' {
		before, _ := utf8.DecodeLastRuneInString(text[:max(i, 0)])
		return i > 0 && strings.ContainsRune("这本下上每", before) // 这周开发票
	}
	if r == '后' {
		return i > 0 && strings.HasSuffix(text[:i], "最")
	}
	return i > 0 && strings.HasSuffix(strings.TrimRight(text[:i], "零一二三四五六七八九十百两0123456789"), "第") || i > 0 && text[i-1] >= '0' && text[i-1] <= '9'
}

// talkWords are said in every meeting and name nothing.
var talkWords = re(`^(?:自己|里面|过程|过程当?中|当中|刚才|真正|肯定|希望|参与|嘉宾|各位\p{Han}{0,3}|[一二两三四五几]位\p{Han}{0,3}|时候|时间点|方面|内容|情况|东西|地方|事情|机会|想法|部分|之间|本身|所谓|包括|尤其|目前|未来|大量|很多\p{Han}{0,2}|更多|所有\p{Han}{0,2}|重要|关注|负责|准备好|双方\p{Han}*|确认\p{Han}*|\p{Han}*确认|\p{Han}+负责|\p{Han}*日内\p{Han}+)$|` +
	`(?i)'|^(?:gonna|wanna|mean|little bit|bit|something|somebody|someone|anything|everything|nothing|completely|actually|basically|probably|obviously|definitely|interesting|alright|question|stuff|guys|kind|okay|idea|wants?|whatever|trying|talking|picking|chose|equals|wonderful|great|first|second|third|last|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|hundred|thousand)$`)

// title names a topic by what was said to come, else by its first key terms. One
// term beside a name that was said says more of it.
func title(name, text string) string {
	var words []string
	most := titleTerms
	if name != "" {
		words, most = append(words, name), titleTerms-1
	}
	for _, t := range terms.Extract(text, terms.Options{Top: 3 * titleTerms, Talk: true}) {
		if name != "" && (strings.Contains(name, t.Term) || strings.Contains(t.Term, name)) {
			continue
		}
		if len(words) < most && !noTitle().MatchString(t.Term) && !talkWords().MatchString(t.Term) && !broken(t.Term, text) {
			words = append(words, t.Term)
		}
	}
	if hanCount(text) > 0 {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}
