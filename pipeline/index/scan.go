package index

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"guidang/pipeline/han"
)

// scan looks for Han characters in a text as it is written, without normalising
// it first. An engine's candidates for three and more characters hold all pairs
// of them but mostly not side by side: normalising 2,000 texts to find that out
// was two fifths of such a search.
type scan struct {
	needle string
	second rune
	ways   []string // in which the first character may be written
	counts bool     // occurrences cannot overlap, so that each beginning is one
}

// scanOf gives the scan for a needle of Han characters that stand side by side;
// nil for any other.
func scanOf(n *needle) *scan {
	if len(n.parts) != 1 || n.value != "" || len(n.or) > 0 || n.place != anywhere || utf8.RuneCountInString(n.parts[0]) < 2 {
		return nil
	}
	s := &scan{needle: n.parts[0]}
	for i, r := range s.needle {
		if r < '\u4e00' || r > '\u9fff' {
			return nil
		}
		if i == hanBytes {
			s.second = r
		}
	}
	first, _ := decode(s.needle, 0)
	s.ways = append([]string{string(first)}, writings()[first]...)
	s.counts = !strings.ContainsRune(s.needle[hanBytes:], first)
	return s
}

// in says whether the needle is in the normal form of a text.
func (s *scan) in(text string) bool { return s.count(text, 1) > 0 }

// count counts beginnings of the needle, at most limit.
func (s *scan) count(text string, limit int) (c int) {
	for _, way := range s.ways {
		one := isHan(way)
		for at := 0; c < limit; {
			i := strings.Index(text[at:], way)
			if i < 0 {
				break
			}
			at += i
			if s.begins(text[at:], len(way), one) {
				c++
			}
			at += len(way)
		}
	}
	return c
}

// begins says whether the needle begins where a way to write its first character
// stands, or within what that becomes if it is not one Han character.
func (s *scan) begins(text string, way int, one bool) bool {
	if one && way+hanBytes <= len(text) && isHanAt(text, way) {
		if r, _ := decode(text, way); han.Fold(r) != s.second {
			return false // by far the most
		}
	}
	n := normaliser{most: len(s.needle)}
	if !one {
		n.most += longestForm
	}
	n.out = make([]byte, 0, n.most+utf8.UTFMax)
	n.run(text)
	if one {
		return strings.HasPrefix(string(n.out), s.needle)
	}
	at := strings.Index(string(n.out), s.needle)
	return at >= 0 && at < len(Normalise(text[:way]))
}

func isHan(way string) bool { return len(way) == hanBytes && isHanAt(way, 0) }

// longestForm is the length of the longest normal form of one character, U+FDFA.
const longestForm = 33

// writings are the characters whose normal form holds another character and is
// not that alone: traditional and regional forms, radicals, squared words.
var writings = sync.OnceValue(func() map[rune][]string {
	out := map[rune][]string{}
	for r := rune(utf8.RuneSelf); r <= lastWide; r++ {
		if '\u4e00' <= r && r <= '\u9fff' {
			if to := han.Fold(r); to != r {
				out[to] = append(out[to], string(r))
			}
			continue
		}
		written := string(r)
		if foldRune(r) == r && (isWhole(r) || norm.NFKC.QuickSpanString(written) == len(written)) {
			continue // nearly all: their normal form, but for their case, is what they are
		}
		for _, to := range Normalise(written) {
			if '\u4e00' <= to && to <= '\u9fff' && !slices.Contains(out[to], written) {
				out[to] = append(out[to], written)
			}
		}
	}
	return out
})

// isWhole holds for ranges in which no character decomposes, to save looking: Yi, Hangul,
// surrogates and private use, and the extensions of Han.
func isWhole(r rune) bool {
	return '\u3400' <= r && r < 0xf900 || 0x20000 <= r && r < 0x2f800 || r >= 0x30000
}

const lastWide = 0x323af // behind it no character has a form that is Han
