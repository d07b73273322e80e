package suggest

import (
	"slices"
	"strings"

	"guidang/pipeline/index"
)

// Synonyms are words and phrases of one meaning, as a glossary says. The zero
// value has none.
type Synonyms struct {
	of map[string][]string
}

// synonymsMost bounds what one word stands for: each is a query of its own.
const synonymsMost = 8

// ReadGlossary reads the lines of a glossary: a term each, or several of one
// meaning with = between them, as in "UAT = 用户验收测试". It gives the terms, those
// of one meaning together, and what means the same.
func ReadGlossary(lines []string) (terms [][]string, s Synonyms) {
	s.of = map[string][]string{}
	for _, line := range lines {
		var group []string
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == '=' || r == '＝' }) {
			if word = strings.TrimSpace(word); word != "" && !slices.Contains(group, word) {
				group = append(group, word)
			}
		}
		if len(group) > 0 {
			terms = append(terms, group)
		}
		for i, word := range group {
			key := index.Normalise(word)
			for j, other := range group {
				if i != j && !slices.Contains(s.of[key], other) && len(s.of[key]) < synonymsMost {
					s.of[key] = append(s.of[key], other)
				}
			}
		}
	}
	return terms, s
}

// Of gives what means the same as a word in the form that is compared.
func (s Synonyms) Of(word string) []string { return s.of[word] }
