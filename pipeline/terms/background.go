package terms

import (
	_ "embed" // the tables
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// The tables are made by bench/termtable. Of CSL's dev abstracts (Apache-2.0): in
// how many of a thousand texts a run of characters stands freely, from six on, and
// for single characters, in tenths of a natural logarithm, how much more often a key term begins and ends
// with them than any other run does. Of the
// Markdown pages of Go modules: the same of English words, from twenty on.
var (
	//go:embed background_zh.txt
	backgroundHan string
	//go:embed background_en.txt
	backgroundLatin string
	//go:embed edges_zh.txt
	edgesText string

	// background is read at the first use: most commands extract no terms.
	background = sync.OnceValue(readBackground)
)

type tables struct {
	Frequencies
	first, last map[rune]float64 // factor of a character at an end
}

// Powers of the factors. On halves of the abstracts with tables of the other
// half: F1 exact/partial at 5 of 23.7/52.6 without tables, 24.4/52.8 with the
// runs, 24.6/53.5 with the characters too, 25.0/54.0 with the spread.
const (
	rarityPower = 1.5
	edgePower   = 0.3
	rarest      = 3 // of a thousand: what is in fewer texts is as rare as can be told
)

func readBackground() *tables {
	t := &tables{Frequencies{share: map[string]int{}}, map[rune]float64{}, map[rune]float64{}}
	for line := range strings.Lines(backgroundHan + backgroundLatin) {
		term, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		if v, err := strconv.Atoi(n); err == nil {
			t.share[term] = v
		}
	}
	t.weigh()
	for line := range strings.Lines(edgesText) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		r, _ := utf8.DecodeRuneInString(f[0])
		for i, m := range []map[rune]float64{t.first, t.last} {
			if v, err := strconv.Atoi(f[i+1]); err == nil {
				m[r] = math.Exp(edgePower * float64(v) / 10)
			}
		}
	}
	return t
}

// edges is how much a Chinese run is worth by its first and last character.
func (t *tables) edges(term string) float64 {
	f := 1.0
	first, _ := utf8.DecodeRuneInString(term)
	last, _ := utf8.DecodeLastRuneInString(term)
	if v, ok := t.first[first]; ok {
		f *= v
	}
	if v, ok := t.last[last]; ok {
		f *= v
	}
	return f
}

// Candidates are the Chinese runs of a text that stand freely in it, and its
// English words in small letters: what frequencies are counted of.
func Candidates(text string) []string {
	counts := tallyOf(text)
	defer counts.free()
	var out []string
	words := map[string]bool{}
	for i := range counts.list {
		s := &counts.list[i]
		term := counts.term(s)
		switch {
		case !s.freeL || !s.freeR:
		case term[0] >= utf8.RuneSelf:
			out = append(out, term)
		case strings.IndexByte(term, ' ') < 0:
			if w := strings.ToLower(term); !words[w] {
				words[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}
