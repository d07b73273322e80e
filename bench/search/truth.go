package main

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"

	"guidang/pipeline/index"
)

// question is a string cut out of a passage and every passage that holds it, or
// whose title or name does.
type question struct {
	kind string
	text string
	in   []int32 // in order
}

// add notes a passage; they come in order.
func (q *question) add(n int) {
	if l := len(q.in); l == 0 || q.in[l-1] != int32(n) {
		q.in = append(q.in, int32(n))
	}
}

func (q *question) holds(n int) bool {
	_, ok := slices.BinarySearch(q.in, int32(n))
	return ok
}

// cutQuestions cuts strings out of the text, anywhere, across words too.
func cutQuestions(c *corpus, passages, each int) map[string][]*question {
	rng := rand.New(rand.NewPCG(21, 22))
	out := map[string][]*question{}
	seen := map[string]bool{}
	for _, size := range []int{2, 3, 4, 6} {
		kind := string(rune('0'+size)) + " characters"
		for len(out[kind]) < each {
			text := []rune(index.Normalise(c.text(rng.IntN(passages))))
			at := rng.IntN(len(text) - size)
			s := string(text[at : at+size])
			if seen[s] || strings.IndexFunc(s, func(r rune) bool { return !isHan(r) }) >= 0 || isAmount(s) {
				continue
			}
			seen[s] = true
			out[kind] = append(out[kind], &question{kind: kind, text: s})
		}
	}
	for len(out["words"]) < each {
		words := latinWords(index.Normalise(c.text(rng.IntN(passages)/3*3 + 2)))
		if len(words) == 0 {
			continue
		}
		w := words[rng.IntN(len(words))]
		if len(w) < 3 || seen[w] {
			continue
		}
		seen[w] = true
		out["words"] = append(out["words"], &question{kind: "words", text: w})
	}
	return out
}

// isAmount holds for 五万, which also finds 50,000, as it should.
func isAmount(s string) bool {
	return strings.Trim(s, "零一二三四五六七八九十百千万亿两元整") == ""
}

func latinWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

// find notes every passage that holds a question, in one pass over all texts.
func find(c *corpus, passages int, all map[string][]*question) {
	f := &finder{byText: map[string]*question{}, byWord: map[string]*question{}}
	for kind, list := range all {
		for _, q := range list {
			if kind == "words" {
				f.byWord[q.text] = q
			} else {
				f.byText[q.text] = q
			}
		}
	}
	// Texts are made on all cores, and noted in order.
	const block = 1000
	type part struct{ found [][]*question }
	parts := make(chan chan part, runtime.GOMAXPROCS(0))
	go func() {
		defer close(parts)
		for from := 0; from < passages; from += block {
			one := make(chan part, 1)
			parts <- one
			go func() {
				var p part
				for n := from; n < min(from+block, passages); n++ {
					d := c.describe(n)
					p.found = append(p.found, slices.Concat(f.in(index.Normalise(c.text(n))), f.in(index.Normalise(d.Title)), f.in(index.Normalise(d.Name))))
				}
				one <- p
			}()
		}
	}()
	n := 0
	for one := range parts {
		for _, found := range (<-one).found {
			for _, q := range found {
				q.add(n)
			}
			n++
		}
	}
}

// finder looks for all questions in a text at once.
type finder struct{ byText, byWord map[string]*question }

func (f *finder) in(s string) (found []*question) {
	for _, w := range latinWords(s) {
		if q := f.byWord[w]; q != nil {
			found = append(found, q)
		}
	}
	at := make([]int, 0, len(s))
	for i := range s {
		at = append(at, i)
	}
	at = append(at, len(s))
	for _, size := range []int{2, 3, 4, 6} {
		for i := 0; i+size < len(at); i++ {
			if q := f.byText[s[at[i]:at[i+size]]]; q != nil {
				found = append(found, q)
			}
		}
	}
	return found
}
