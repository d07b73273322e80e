package suggest

import (
	"cmp"
	"slices"

	"guidang/pipeline/index"
)

// namedMost bounds how many names a word in pinyin stands for.
const namedMost = 8

// Named gives people, customers or projects whose names the letters spell in
// pinyin: all syllables of a whole name, or with short also its beginning and
// first letters. Only names of documents within the scopes; those in most
// documents first.
func (l *Lexicon) Named(letters string, scopes []string, short bool, wanted ...Kind) (out []string) {
	if !isLetters(letters) {
		return nil
	}
	v := l.view(scopes)
	counts := map[string]uint32{}
	for i := range l.entries {
		e := &l.entries[i]
		if e.reading == nil || !slices.Contains(wanted, kinds[e.kind]) {
			continue
		}
		if f := e.reading.matches(letters); f != whole && (!short || f == noFit) {
			continue
		}
		if n := v.count(e.uses); n > 0 {
			counts[e.key] += n
		}
	}
	return commonest(counts, namedMost)
}

// Like gives customers or projects that a word of a filter means: the one that
// is called so, else those whose names hold it or are spelt so in pinyin.
func (l *Lexicon) Like(word string, scopes []string, kind Kind) []string {
	key := index.Normalise(word)
	if key == "" {
		return nil
	}
	v := l.view(scopes)
	counts := map[string]uint32{}
	for i := range l.entries {
		e := &l.entries[i]
		if kinds[e.kind] != kind {
			continue
		}
		n := v.count(e.uses)
		if n == 0 {
			continue
		}
		if e.key == key {
			return []string{e.text}
		}
		if e.score(key, letters(key), v) > 0 {
			counts[e.text] += n
		}
	}
	return commonest(counts, namedMost)
}

// Near gives the known Latin word that a misspelt one was most likely meant to
// be; empty if it is known itself or nothing is near. Up to seven letters one
// may be wrong, missing, too much or changed with its neighbour, above that two.
// The first letter is taken for right: of typing errors few are there, and words
// that differ in it are seldom meant.
func (l *Lexicon) Near(word string, scopes []string) string {
	if !isLetters(word) || len(word) < wordLeast || len(word) > wordMost {
		return ""
	}
	v := l.view(scopes)
	if v.count(l.words[word]) > 0 {
		return ""
	}
	most := 1
	if len(word) > 7 {
		most = 2
	}
	best, at, often := "", most+1, uint32(0)
	for w, uses := range l.words {
		if w[0] != word[0] || len(w) < len(word)-most || len(w) > len(word)+most {
			continue
		}
		d := distance(word, w, most)
		if d > most || d > at {
			continue
		}
		n := v.count(uses)
		if n > 0 && (d < at || n > often || n == often && w < best) {
			best, at, often = w, d, n
		}
	}
	return best
}

// distance is the least number of letters that have to be put in, taken out,
// changed, or exchanged with their neighbours, as far as it is at most most
// (optimal string alignment). Words have at most wordMost letters.
func distance(a, b string, most int) int {
	var rows [3][wordMost + 4]int
	before, last, row := rows[0][:len(b)+1], rows[1][:len(b)+1], rows[2][:len(b)+1]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// commonest are the names that stand in most documents.
func commonest(counts map[string]uint32, most int) (out []string) {
	for name := range counts {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), most)]
}

// letters is what can be pinyin: a letter alone is everybody's initial.
func letters(key string) string {
	if isLetters(key) && len(key) > 1 {
		return key
	}
	return ""
}
