package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	danglingHan = re(`^(?:的|了|是|也|都|它|这是|这个是|那是|这就是|那就是|他们|她们|还有|或者|以及|和|跟|在这|如果)|(?:的|是|和|跟|在|就|把|被|对|但是|因为|所以|如果|然后|这个|那个|一个|一些|这种|包括|或者)[。]?$`)
	danglingEn  = re(`(?i)\b(?:a|an|the|of|to|and|or|but|so|because|that|which|if|with|for|in|on|at|is|are|was|i|we|you|it's|they|this|these|as|by|from|can|will|would|have|be)[.,?!]*$`)
	pointingEn  = re(`(?i)^(?:that's|that is|it's|it is|this is|they|he|she|those|these|which|or)\b`)
)

// Shorter units are not taken: alone they say nothing that can be understood.
const (
	leastHan   = 10 // characters
	leastLatin = 5  // words
)

// readable is the factor of a unit that stands alone: half for what points out
// of itself or breaks off, nothing for what is too short.
func readable(s string, han bool) float64 {
	f := 1.0
	if questionCue().MatchString(s) {
		f = 0.5
	}
	if procedure().MatchString(s) {
		f *= 0.3
	}
	if han {
		if n := hanCount(s); n < leastHan {
			return 0
		}
		if danglingHan().MatchString(s) {
			f *= 0.5
		}
		return f
	}
	words := strings.Fields(s)
	if len(words) < leastLatin {
		return 0
	}
	if danglingEn().MatchString(s) {
		f *= 0.5
	}
	if pointingEn().MatchString(s) {
		f *= 0.7
	}
	for _, w := range words { // "f five", "want t to": a broken word is a broken sentence
		if w = strings.ToLower(strings.Trim(w, ".,?!")); len(w) == 1 && w != "a" && w != "i" && w[0] > '9' {
			f *= 0.6
		}
	}
	return f
}

// capital begins an English sentence with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
