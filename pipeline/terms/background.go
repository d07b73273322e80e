package terms

import (
	_ "embed" // the tables
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// The tables are made by bench/termtable of CSL's dev abstracts (Apache-2.0): in
// how many of a thousand texts a run of characters stands freely, from six on, and
// for single characters, in tenths of a natural logarithm, how much more often a key term begins and ends
// with them than any other run does.
var (
	//go:embed background_zh.txt
	backgroundText string
	//go:embed edges_zh.txt
	edgesText string

	// background is read at the first use: most commands extract no terms.
	background = sync.OnceValue(readBackground)
)

type tables struct {
	rare        map[string]float64 // factor of a common run; others count in full
	first, last map[rune]float64   // factor of a character at an end
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
	t := &tables{map[string]float64{}, map[rune]float64{}, map[rune]float64{}}
	top := math.Log(1000.0 / rarest)
	for line := range strings.Lines(backgroundText) {
		term, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		if v, err := strconv.Atoi(n); err == nil && v >= rarest {
			t.rare[term] = math.Pow(math.Log(1000/float64(min(v, 999)))/top, rarityPower)
		}
	}
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

// factor is how much a Chinese run is worth beside what it counts in its text.
func (t *tables) factor(term string) float64 {
	f := 1.0
	if v, ok := t.rare[term]; ok {
		f = v
	}
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

// Candidates are the Chinese runs of a text that stand freely in it, for what
// makes the tables.
func Candidates(text string) []string {
	counts := tallyOf(text)
	defer counts.free()
	var out []string
	for i := range counts.list {
		s := &counts.list[i]
		if term := counts.term(s); s.freeL && s.freeR && term[0] >= utf8.RuneSelf {
			out = append(out, term)
		}
	}
	return out
}
