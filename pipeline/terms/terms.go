// Package terms finds the key terms of a text and tags documents by rule.
//
// It needs no dictionary: Chinese candidates are character n-grams that stand
// between stop characters or beside varying neighbours, English ones are runs
// of words without stop words.
package terms

import (
	"encoding/json"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Term is a key term with its weight and kind.
type Term struct {
	Term  string  `json:"term"`
	Score float64 `json:"score"` // best is 1
	Kind  string  `json:"kind"`
}

// The closed list of kinds.
const (
	Keyword      = "keyword"
	PersonName   = "person"
	Organisation = "organisation"
	Product      = "product"
	Amount       = "amount"
	Date         = "date"
	Project      = "project"
)

// Words are the terms of a JSON list as it is kept. A search looks through
// thousands of lists, and decoding them took a tenth of it: so the words are cut
// out, unless one of them is escaped.
func Words(list string) []string {
	const before, after = `{"term":"`, `","score":`
	var out []string
	if strings.IndexByte(list, '\\') >= 0 {
		var terms []Term
		if err := json.Unmarshal([]byte(list), &terms); err != nil {
			return nil
		}
		for _, t := range terms {
			out = append(out, t.Term)
		}
		return out
	}
	for {
		_, rest, ok := strings.Cut(list, before)
		if !ok {
			return out
		}
		word, rest, ok := strings.Cut(rest, after)
		if !ok {
			return out
		}
		out, list = append(out, word), rest
	}
}

// Options of an extraction.
type Options struct {
	Top      int        // how many terms at most, 0: 10
	Glossary [][]string // the customer's words, those of one meaning together; what occurs comes first
	Talk     bool       // a text of spoken lines, which has no title

	// Learned are the frequencies of an archive; nil: only those that come with the program.
	Learned *Frequencies
}

// factor is how much a candidate is worth by how rare it is, in what came with
// the program and in the archive.
func (o Options) factor(known *Frequencies, term string) float64 {
	f := known.factor(term)
	if o.Learned != nil {
		f = min(f, o.Learned.near(term))
	}
	return f
}

// version is raised when the same text would give other terms.
const version = "terms-5"

// Fingerprint names what makes the terms; equal fingerprints give equal terms.
func Fingerprint(opt Options) string {
	learned := ""
	if opt.Learned != nil {
		learned = opt.Learned.String()
	}
	return document.ID(sumOf(version, opt.top(), opt.Glossary, learned))
}

func (o Options) top() int {
	if o.Top <= 0 {
		return 10
	}
	return o.Top
}

// TextOf is the text of a document that terms are taken from: title, headings
// and sections.
func TextOf(d *document.Document) string {
	var b strings.Builder
	b.WriteString(d.Title)
	for _, s := range d.Sections {
		b.WriteByte('\n')
		if s.Heading != "" {
			b.WriteString(s.Heading)
			b.WriteByte('\n')
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Extract gives the key terms of a text, best first, the same on every run.
func Extract(text string, opt Options) []Term {
	counts := tallyOf(text)
	defer counts.free()
	list := make([]Term, 0, 64)
	known, named := background(), titleOf(text, opt.Talk)
	for i := range counts.list {
		s := &counts.list[i]
		term := counts.term(s)
		score := weigh(term, s)
		if score > 0 {
			score *= opt.factor(&known.Frequencies, term)
			if term[0] >= utf8.RuneSelf {
				// What runs through a text is what it is about; what is said often in one place may not be.
				score *= known.edges(term) * (1 + float64(s.to-s.from)/float64(len(text)))
			}
			if named.holds(s) {
				score *= titleFactor
			}
			list = append(list, Term{term, score, Keyword})
		}
	}
	list = append(bestOf(list, 40*opt.top()), patterns(text)...)
	for i := range list {
		if list[i].Kind == Keyword {
			list[i].Kind = kindOf(list[i].Term, text)
			if list[i].Kind != Keyword {
				list[i].Score *= 1.2
			}
		}
	}
	best := 1.0
	for _, t := range list {
		best = max(best, t.Score)
	}
	for _, words := range opt.Glossary {
		if g, n := oneOf(words, text); n > 0 {
			list = slices.DeleteFunc(list, func(t Term) bool { return slices.Contains(words, t.Term) })
			list = append(list, Term{g, best * (1 + math.Log1p(float64(n))), kindOf(g, text)})
		}
	}
	return finish(merge(inOrder(list), counts, opt.top()))
}

// oneOf is the first of several words of one meaning that a text has, and how
// often it says any of them: UAT and 用户验收测试 are one term.
func oneOf(words []string, text string) (first string, n int) {
	for _, w := range words {
		k := strings.Count(text, w)
		if w == "" || k == 0 {
			continue
		}
		if n == 0 {
			first = w
		}
		n += k
	}
	return first, n
}

// byLength is how much a run of so many characters says. Longer ones say more
// until they are whole clauses. With 2.2 to 2.4 from four on, F1 partial at 5 is
// 55.8 in place of 56.8, exact 26.1 in place of 26.6.
var byLength = [9]float64{0, 0, 1, 1.5, 2.8, 3.1, 3.4, 3.3, 3.2}

// oftenPower flattens counts: what stands ten times is not ten times as telling.
const oftenPower = 0.75

var oftens = func() (t [64]float64) {
	for n := range t {
		t[n] = math.Pow(float64(n), oftenPower)
	}
	return t
}()

func often(n int32) float64 {
	if int(n) < len(oftens) {
		return oftens[n]
	}
	return math.Pow(float64(n), oftenPower)
}

// weigh scores a candidate: often, long, and standing freely. A single
// occurrence counts only when it fills the room between two boundaries.
func weigh(term string, s *stat) float64 {
	if !s.freeL || !s.freeR {
		return 0
	}
	if term[0] < utf8.RuneSelf {
		words := 1 + strings.Count(term, " ")
		if words > 1 && s.n < 2 {
			return 0
		}
		return float64(s.n) * (0.8 + 0.7*float64(words-1)) * math.Min(1.5, 0.5+float64(len(term))/10)
	}
	n := utf8.RuneCountInString(term)
	if common[term] || n > 8 {
		return 0
	}
	score := often(s.n) * byLength[n]
	if s.n == 1 {
		score *= 0.9
	}
	return score
}

// merge drops candidates that lie within a better one, or hold one without
// saying much more.
func merge(list iter.Seq[Term], counts *tally, top int) []Term {
	var out []Term
next:
	for t := range list {
		for _, have := range out {
			if strings.EqualFold(have.Term, t.Term) || strings.Contains(have.Term, t.Term) ||
				strings.Contains(t.Term, have.Term) && counts.count(t.Term)*2 < counts.count(have.Term)+1 {
				continue next
			}
		}
		if out = append(out, t); len(out) == top {
			break
		}
	}
	return out
}

func finish(list []Term) []Term {
	if len(list) == 0 {
		return nil
	}
	best := list[0].Score
	for i := range list {
		list[i].Score = math.Round(1000*list[i].Score/best) / 1000
		list[i].Term = strings.Clone(list[i].Term) // ten words must not hold a text of 30 MB
	}
	return list
}

// scan counts every candidate of a text in one pass.
func (t *tally) scan() {
	text := t.text
	var at []int // byte offsets of the Han run being read
	var word []span
	flushHan := func(end int) {
		if len(at) > 1 {
			t.grams(append(at, end))
		}
		at = at[:0]
	}
	flushWords := func() { t.phrases(word); word = word[:0] }
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r >= firstHan && r <= lastHan || r >= 0x3400 && unicode.Is(unicode.Han, r):
			flushWords()
			if end := cut(text, at, i, r); end > i {
				flushHan(i)
				i = end
				continue
			}
			at = append(at, i)
			i += size
		case r < 0x250 && (unicode.IsLetter(r) || r >= '0' && r <= '9'):
			flushHan(i)
			j := i
			for j < len(text) && (plainByte[text[j]] || wordByte(text, j)) {
				j++
			}
			j = max(j, i+size)
			w := span{i, j}
			if englishStop(text[i:j]) || j-i < 2 || text[i] <= '9' {
				flushWords()
			} else {
				word = append(word, w)
			}
			i = j
		default:
			flushHan(i)
			if r != ' ' {
				flushWords()
			}
			i += size
		}
	}
	flushHan(len(text))
	flushWords()
}

// cut tells where a run of Han that has come to i goes on after a stop: behind
// the stop character or the common word that stands there. 0: nothing stops it.
//
// A stop character within a known word stops nothing: without that 有 and 更 made
// 限公司 and 需求变 of every 有限公司 and 需求变更.
func cut(text string, at []int, i int, r rune) int {
	if r < firstHan || r > lastHan || roles[r-firstHan] == 0 {
		return 0
	}
	// All words of the tables are of characters of three bytes, so a slice of
	// bytes that is equal is a word, and nothing has to be decoded.
	pair, three := text[i:min(i+6, len(text))], text[i:min(i+9, len(text))]
	said, stop := common[pair], roles[r-firstHan]&stops != 0
	if !said && !stop || bound[three] {
		return 0
	}
	if n := len(at); stop {
		before := n > 0 && at[n-1] == i-3
		if bound[pair] || before && (bound[text[i-3:i+3]] || bound[text[i-3:i+len(pair)]]) ||
			before && n > 1 && at[n-2] == i-6 && bound[text[i-6:i+3]] {
			return 0
		}
	}
	if said {
		return i + len(pair)
	}
	return i + 3
}

// plainByte holds for what is a part of a word wherever it stands.
var plainByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0xC3 && c <= 0xC9
	}
	return t
}()

// wordByte says whether another byte belongs to the word around it.
func wordByte(s string, i int) bool {
	c := s[i]
	return (c == '-' || c == '\'') && i+1 < len(s) && (s[i+1]|0x20 >= 'a' && s[i+1]|0x20 <= 'z' || s[i+1] >= '0' && s[i+1] <= '9') ||
		c >= 0x80 && c < 0xC0 && i > 0 && s[i-1] >= 0xC3 && s[i-1] <= 0xC9
}

type span struct{ from, to int }

// grams counts the n-grams of a run; at holds the offsets and the end.
func (t *tally) grams(at []int) {
	text := t.text
	n := len(at) - 1
	for i := range n {
		var left rune
		if i > 0 {
			left, _ = utf8.DecodeRuneInString(text[at[i-1]:])
		}
		for k := 2; k <= 8 && i+k <= n; k++ {
			if k > 4 && k != n && len(text) > 64<<10 { // long n-grams of long texts: whole runs only
				continue
			}
			var right rune
			if i+k < n {
				right, _ = utf8.DecodeRuneInString(text[at[i+k]:])
			}
			t.see(at[i], at[i+k], left, right)
		}
	}
}

// phrases counts words and phrases of up to three words.
func (t *tally) phrases(words []span) {
	for i := range words {
		for k := 0; k < 3 && i+k < len(words); k++ {
			t.see(words[i].from, words[i+k].to, 0, 0)
		}
	}
}
