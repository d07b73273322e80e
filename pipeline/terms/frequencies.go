package terms

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Frequencies tell in how many of a thousand texts of an archive a run of
// characters or a word stands. They are counted once and kept under a number, so
// that the terms of a text change when somebody wants them to, and not by
// themselves whenever something is added.
type Frequencies struct {
	Number int // 0: those that come with the program
	Texts  int // how many were counted
	share  map[string]int
	rare   map[string]float64
}

// Bounds of a count. Of a thousand texts the share of a candidate is known well
// enough, and one text must not fill the table.
const (
	LearnedTexts = 1000
	leastLearned = 50
	learnedText  = 8 << 10
	leastShare   = 6 // of a thousand, as in the table that comes with the program
)

// Learn counts texts. The same texts give the same frequencies in any order.
// ok is false when there are too few to tell anything.
func Learn(number int, texts []string) (f *Frequencies, ok bool) {
	if len(texts) < leastLearned {
		return nil, false
	}
	in := map[string]int{}
	for _, text := range texts {
		text = text[:min(len(text), learnedText)]
		for _, c := range Candidates(text) {
			in[strings.Clone(c)]++
		}
	}
	f = &Frequencies{Number: number, Texts: len(texts), share: map[string]int{}}
	for term, n := range in {
		if share := n * 1000 / len(texts); n > 1 && share >= leastShare {
			f.share[term] = share
		}
	}
	f.weigh()
	return f, true
}

// String is how frequencies are kept; ReadFrequencies reads it.
func (f *Frequencies) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d\n", f.Number, f.Texts)
	for _, term := range slices.SortedFunc(maps.Keys(f.share), cmp.Compare[string]) {
		fmt.Fprintf(&b, "%s\t%d\n", term, f.share[term])
	}
	return b.String()
}

// ReadFrequencies reads what String has written.
func ReadFrequencies(s string) (*Frequencies, error) {
	head, rest, _ := strings.Cut(s, "\n")
	f := &Frequencies{share: map[string]int{}}
	if _, err := fmt.Sscanf(head, "%d %d", &f.Number, &f.Texts); err != nil || f.Number < 1 {
		return nil, fmt.Errorf("frequencies of terms begin with %.40q", head)
	}
	for line := range strings.Lines(rest) {
		term, n, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		share, err := strconv.Atoi(n)
		if !ok || err != nil || share < 0 {
			return nil, fmt.Errorf("frequencies of terms have a line %.40q", line)
		}
		f.share[term] = share
	}
	f.weigh()
	return f, nil
}

func (f *Frequencies) weigh() {
	f.rare = make(map[string]float64, len(f.share))
	for term, n := range f.share {
		f.rare[term] = rarity(n)
	}
}

// factor is how much a candidate is worth by how rare it is in the archive; a
// phrase of several words counts as its rarest word.
func (f *Frequencies) factor(term string) float64 {
	if v, ok := f.rare[term]; ok {
		return v
	}
	if term[0] >= utf8.RuneSelf || !strings.ContainsFunc(term, func(r rune) bool { return r == ' ' || unicode.IsUpper(r) }) {
		return 1
	}
	best := 0.0
	for w := range strings.FieldsSeq(strings.ToLower(term)) {
		v, ok := f.rare[w]
		if !ok {
			return 1
		}
		best = max(best, v)
	}
	return best
}

// near is factor, where a run of Han that the archive does not know is worth no
// more than a known one that it lengthens by a character: of an archive full of
// 批量导出 the rare 批量导出晚 was a term.
func (f *Frequencies) near(term string) float64 {
	v := f.factor(term)
	if _, known := f.rare[term]; known || term[0] < utf8.RuneSelf {
		return v
	}
	_, first := utf8.DecodeRuneInString(term)
	_, last := utf8.DecodeLastRuneInString(term)
	for _, part := range []string{term[first:], term[:len(term)-last]} {
		if common, ok := f.rare[part]; ok {
			v = min(v, common)
		}
	}
	return v
}

// rarity is the factor of what stands in n of a thousand texts.
func rarity(n int) float64 {
	return min(1, math.Pow(math.Log(1000/float64(min(n, 999)))/math.Log(1000.0/rarest), rarityPower))
}
