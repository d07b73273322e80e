package main

import (
	"math/rand/v2"
	"strings"

	"guidang/pipeline/index"
)

// question is a string cut out of a passage and every passage that holds it.
type question struct {
	kind string
	text string
	in   map[int]bool
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
			if seen[s] || strings.IndexFunc(s, func(r rune) bool { return !isHan(r) }) >= 0 {
				continue
			}
			seen[s] = true
			out[kind] = append(out[kind], &question{kind, s, map[int]bool{}})
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
		out["words"] = append(out["words"], &question{"words", w, map[int]bool{}})
	}
	return out
}

func latinWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

// find notes every passage that holds a question, in one pass over all texts.
func find(c *corpus, passages int, all map[string][]*question) {
	byText, byWord := map[string]*question{}, map[string]*question{}
	for kind, list := range all {
		for _, q := range list {
			if kind == "words" {
				byWord[q.text] = q
			} else {
				byText[q.text] = q
			}
		}
	}
	for n := range passages {
		s := index.Normalise(c.text(n))
		for _, w := range latinWords(s) {
			if q := byWord[w]; q != nil {
				q.in[n] = true
			}
		}
		at := make([]int, 0, len(s))
		for i := range s {
			at = append(at, i)
		}
		at = append(at, len(s))
		for _, size := range []int{2, 3, 4, 6} {
			for i := 0; i+size < len(at); i++ {
				if q := byText[s[at[i]:at[i+size]]]; q != nil {
					q.in[n] = true
				}
			}
		}
	}
}
