package index

import (
	"html"
	"sort"
	"strings"
	"unicode/utf8"
)

const (
	snippetRunes = 160
	snippetLead  = 30   // characters shown before the first match
	maxMarks     = 5000 // matches marked in one text
)

// span is a piece of a text, in bytes, and the needle that was found there.
type span struct{ from, to, which int }

// Highlight escapes a text for HTML and marks the words, as Words or
// Result.Words gave them, wherever they stand: case, width and line breaks make
// no difference.
func Highlight(text string, words []string) string {
	return mark(text, marks(text, needles(words)))
}

func needles(words []string) []needle {
	var out []needle
	for _, w := range words {
		if token, ok := strings.CutPrefix(w, valueMark); ok {
			out = append(out, needle{value: token})
			continue
		}
		text, star := strings.CutSuffix(w, "*")
		if n := needleOf(&Term{Text: text, Prefix: star}); len(n.parts) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// marks finds the needles in the text as it is written. Overlapping and
// touching spans are joined.
func marks(text string, find []needle) []span {
	if len(find) == 0 {
		return nil
	}
	normal, at := normaliseAt(text)
	var found []span
	for which, n := range find {
		for from := 0; len(found) < maxMarks; {
			start, end, ok := n.find(normal, from)
			if !ok {
				break
			}
			found = append(found, span{at[start], original(text, at, end), which})
			from = end
		}
	}
	sortSpans(found)
	out := found[:0]
	for _, s := range found {
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

func sortSpans(s []span) {
	sort.Slice(s, func(i, j int) bool {
		if s[i].from != s[j].from {
			return s[i].from < s[j].from
		}
		return s[i].which < s[j].which
	})
}

// original is where in the text the match that ends at end of the normalised
// text ends: after the character that its last byte comes from, and after the
// marks that were drawn into that character.
func original(text string, at []int, end int) int {
	last, to := at[end-1], at[end]
	if to == last { // one character became several and the match ends among them
		_, size := utf8.DecodeRuneInString(text[last:])
		return last + size
	}
	// White space and invisible characters before the next one are not part of it.
	for to > last {
		r, size := utf8.DecodeLastRuneInString(text[last:to])
		if !isSpace(r) && !isInvisible(r) || to-size <= last {
			break
		}
		to -= size
	}
	return to
}

func mark(text string, found []span) string {
	var b strings.Builder
	b.Grow(len(text) + 13*len(found))
	at := 0
	for _, s := range found {
		b.WriteString(html.EscapeString(text[at:s.from]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(text[s.from:s.to]))
		b.WriteString("</mark>")
		at = s.to
	}
	b.WriteString(html.EscapeString(text[at:]))
	return b.String()
}

// snippet cuts about snippetRunes characters out of the text, where most
// different needles stand closest together, and marks them.
func snippet(text string, find []needle) string {
	found := marks(text, find)
	from, to := window(text, found)
	inside := found[:0]
	for _, s := range found {
		if s.from >= from && s.to <= to {
			inside = append(inside, span{s.from - from, s.to - from, s.which})
		}
	}
	piece := text[from:to]
	out := strings.Join(strings.Fields(mark(piece, inside)), " ")
	if from > 0 && strings.TrimSpace(text[:from]) != "" {
		out = "…" + out
	}
	if to < len(text) && strings.TrimSpace(text[to:]) != "" {
		out += "…"
	}
	return out
}

// window chooses what of the text a snippet shows.
func window(text string, found []span) (from, to int) {
	if whole := forward(text, 0, snippetRunes); len(found) == 0 || whole == len(text) {
		return 0, whole
	}
	// Lengths are bytes here: a Han character counts three times, which is about
	// what it is worth beside a Latin letter.
	best, bestScore := 0, -1
	for i, j := 0, 0; i < len(found); i++ {
		for j = max(j, i+1); j < len(found) && found[j].to-found[i].from <= 2*snippetRunes; {
			j++
		}
		score, seen := 0, uint64(0)
		for _, s := range found[i:j] {
			score += s.to - s.from
			if bit := uint64(1) << (s.which & 63); seen&bit == 0 {
				seen |= bit
				score += 10 * snippetRunes
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	from = back(text, found[best].from, snippetLead)
	least := utf8.RuneCountInString(text[from:found[best].to])
	return from, forward(text, from, max(snippetRunes, least))
}

// back goes n characters back, or to the beginning of the sentence if that is
// nearer, and never starts inside a word.
func back(text string, at, n int) int {
	word := at
	for ; n > 0 && at > 0; n-- {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if r == '\n' || strings.ContainsRune("。！？", r) {
			return at
		}
		at -= size
		if boundary(text, at) {
			word = at
		}
	}
	return word
}

// forward goes n characters on, to the end of a word.
func forward(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	for reach := 20; reach > 0 && at < len(text) && !boundary(text, at); reach-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
