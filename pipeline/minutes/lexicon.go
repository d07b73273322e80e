package minutes

import (
	_ "embed" // the tables
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// The tables hold, in tenths of a natural logarithm, how much more often a
// Chinese character or an English word is written in minutes than it is said in
// meetings: 我 -20, 提 +11. bench/lexicon makes them.
var (
	//go:embed lexicon_zh.txt
	tableHan string
	//go:embed lexicon_en.txt
	tableLatin string

	// Read when minutes are made: most processes make none.
	lexiconHan   = sync.OnceValue(func() map[string]float64 { return lexicon(tableHan) })
	lexiconLatin = sync.OnceValue(func() map[string]float64 { return lexicon(tableLatin) })
)

func lexicon(table string) map[string]float64 {
	m := make(map[string]float64, strings.Count(table, "\n"))
	for line := range strings.Lines(table) {
		word, weight, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(weight); err == nil {
			m[word] = float64(n) / 10
		}
	}
	return m
}

// LexiconWords are what the tables are made of: single Han characters, or
// English words in lower case.
func LexiconWords(s string, han bool) []string {
	var out []string
	if han {
		for _, r := range s {
			if unicode.Is(unicode.Han, r) {
				out = append(out, string(r))
			}
		}
		return out
	}
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
}

// lexical is the factor of a concept: how much it belongs to written minutes.
// Measured on halves of VCSum's dev meetings with a table of the other half:
// without it R1 35.4, R2 12.2, RL 15.5, with it 41.2, 15.8, 18.4.
func lexical(g string, han bool, k knobs) float64 {
	sum, n := 0.0, 0.0
	if han {
		for _, r := range g {
			sum += lexiconHan()[string(r)]
			n++
		}
	} else {
		for w := range strings.SplitSeq(g, " ") {
			sum += lexiconLatin()[w]
			if stopEnglish[w] || len(w) < 2 {
				sum--
			}
			n++
		}
	}
	return math.Exp(k.lexicon * sum / n)
}
