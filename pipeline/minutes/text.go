package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
)

// clause is a readable piece of one utterance.
type clause struct {
	utterance int // index into the transcript
	id        int
	speaker   string
	text      string
	grams     []string // content bigrams or words, each once
	size      int      // characters, or words in English
}

// clauses cuts a transcript into sentences, and long Chinese ones at commas.
func clauses(t *document.Transcript) []clause {
	var out []clause
	for i, u := range t.Utterances {
		for _, s := range sentences(u.Text) {
			if s = clean(s); s == "" || instruction().MatchString(s) {
				continue
			}
			c := clause{utterance: i, id: u.ID, speaker: u.Speaker, text: s, size: length(s)}
			c.grams = grams(s)
			if len(c.grams) > 0 {
				out = append(out, c)
			}
		}
	}
	return out
}

// shortened ends with a title, whose stop ends no sentence.
var shortened = re(`(?:^|[^A-Za-z])(?:Mr|Mrs|Ms|Dr|Prof|Hon|St)$`)

func sentences(s string) []string {
	var out []string
	start, runes := 0, 0
	for i, r := range s {
		runes++
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			end = i + 1
		}
		stop := strings.ContainsRune("。！？!?；;\n", r) || r == '.' && (end == len(s) || s[end] == ' ') && !shortened().MatchString(s[start:i])
		if stop || runes > 60 && r == '，' {
			out = append(out, s[start:end])
			start, runes = end, 0
		}
	}
	return append(out, s[start:])
}

// length counts Han characters, or words where there are none.
func length(s string) int {
	if hanCount(s) > 0 {
		n := 0
		for _, r := range s {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				n++
			}
		}
		return n
	}
	return len(strings.Fields(s))
}

func hanCount(s string) (n int) {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

const weak = "的了是在就也都而这那我你他她它们吗呢吧啊哦呀个么什很说有不要会去来着过"

// grams are the content words of a text: Han bigrams and Latin words.
func grams(s string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	prev, word := -1, -1
	flush := func(end int) {
		if word >= 0 {
			if w := strings.ToLower(s[word:end]); len(w) > 2 && !stopEnglish[w] || w[0] <= '9' {
				add(w)
			}
		}
		word = -1
	}
	for i, r := range s {
		if unicode.Is(unicode.Han, r) {
			flush(i)
			if strings.ContainsRune(weak, r) {
				prev = -1
				continue
			}
			if prev >= 0 {
				add(s[prev : i+utf8.RuneLen(r)])
			}
			prev = i
			continue
		}
		prev = -1
		if r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			if word < 0 {
				word = i
			}
			continue
		}
		flush(i)
	}
	flush(len(s))
	return out
}

var stopEnglish = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`the and but for with from are was were been being have has had will would can could should not that this these those you she
they him her his our their your its what which who when where why how there here all any some just very also about into over then than too now okay yeah yes
like know think going get got one say said really right want need make see let don well because maybe thing things lot bit gonna it's that's i'm we're don't`) {
		m[w] = true
	}
	return m
}()
