package minutes

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Who leads a meeting says what comes next: 下面说财务接口, "the second topic is the
// pilot". That names a topic better than any words counted in it.
var (
	nextHan = re(`^(?:好的?，|嗯，|行，|那么?，?|然后，?)*(?:我们|咱们)?(?:下面|接下来|接着|再|现在|最后)(?:我们|咱们)?(?:来|再|就|先)?(?:说|讲|谈|聊|看|讨论|确认|过|评审|进入)(?:一下|一说|一看|到)?(?:关于)?(\p{Han}[\p{Han}A-Za-z0-9]{1,13})$|` +
		`^(?:好的?，)?第[一二三四五六七八九十]个?(?:议题|话题|议程|主题)(?:是|就是|，|：)?(\p{Han}[\p{Han}A-Za-z0-9]{1,13})$|^关于(\p{Han}[\p{Han}A-Za-z0-9]{1,11})$`)
	tailHan   = re(`(?:这(?:一)?(?:块|个|部分|方面)|的?(?:问题|情况|事情|事|部分|环节))$`)
	noNameHan = re(`[我你他她它们谁吗呢吧这那]|怎么|什么|如何|一点|几[个句点]|大家|刚才|各位|嘉宾|老师|请`)
	nextEn    = re(`(?i)^(?:okay,? |ok,? |so,? |well,? |and |now,? )*(?:the )?(?:first|second|third|fourth|fifth|next|last|final|other) (?:topic|item|point|issue|subject) (?:is|:) (?:the |our |about )?(.+)$|` +
		`^(?:okay,? |ok,? |so,? |well,? |and |now,? )*(?:let's|let us) (?:talk about|discuss|move on to|turn to|start with|go on to|look at) (?:the |our )?(.+)$|^(?:now )?(?:about|regarding) (?:the |our )?([a-z]+(?: [a-z]+){0,3})$`)
	noNameEn = re(`(?i)\b(?:it|this|that|them|these|those|i|you|we|what|how|something|one)\b`)
)

// Lengths of a title that somebody said.
const (
	mostTitleHan   = 12 // characters
	mostTitleWords = 7
)

// announced is the subject that a sentence says to come next, empty if it says none.
func announced(text string) string {
	for _, s := range sentences(text)[:min(2, len(sentences(text)))] {
		s = clean(s)
		if hanCount(s) > 0 {
			s, _, _ = strings.Cut(strings.TrimRight(s, "。！？；，："), "：")
			for _, part := range []string{s, before(s, "，")} {
				for _, g := range nextHan().FindAllStringSubmatch(part, -1) {
					name := tailHan().ReplaceAllString(or(or(g[1], g[2]), g[3]), "")
					if n := utf8.RuneCountInString(name); n >= 2 && n <= mostTitleHan && !noNameHan().MatchString(name) {
						return name
					}
				}
			}
			continue
		}
		for _, g := range nextEn().FindAllStringSubmatch(strings.TrimRight(s, " .!?"), -1) {
			name := strings.TrimSpace(or(or(g[1], g[2]), g[3]))
			if n := len(strings.Fields(name)); n > 0 && n <= mostTitleWords && !noNameEn().MatchString(name) {
				return name
			}
		}
	}
	return ""
}

func before(s, mark string) string {
	s, _, _ = strings.Cut(s, mark)
	return s
}

// heading is what the first utterances of a topic announce.
func heading(t *document.Transcript, from, to int) string {
	for i := from; i < min(from+2, to); i++ {
		if name := announced(t.Utterances[i].Text); name != "" {
			return name
		}
	}
	return ""
}

// begin moves a cut to the utterance that announces what follows, where that is
// the one before it or the one after.
func begin(t *document.Transcript, starts []int) []int {
	for k := 1; k < len(starts); k++ {
		at := starts[k]
		if announced(t.Utterances[at].Text) != "" {
			continue
		}
		for _, i := range []int{at - 1, at + 1} {
			if i > starts[k-1] && i < len(t.Utterances)-1 && (k+1 == len(starts) || i < starts[k+1]) && announced(t.Utterances[i].Text) != "" {
				starts[k] = i
				break
			}
		}
	}
	return starts
}
