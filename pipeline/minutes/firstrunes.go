package minutes

import (
	"regexp/syntax"
	"sync"
)

// partBegins are the characters that a form of partNames can begin with. Most
// lines begin otherwise, and trying thirteen forms on each cost more than all
// else that is done with written minutes.
var partBegins = sync.OnceValue(func() map[rune]bool {
	set := map[rune]bool{}
	for _, n := range partNames {
		form, err := syntax.Parse(n.form().String(), syntax.Perl)
		if err != nil {
			panic(err) // it was compiled from the same text
		}
		if firstRunes(form, set) {
			panic("minutes: a form of partNames may be empty: " + n.form().String())
		}
	}
	return set
})

// firstRunes adds what a match of an expression may begin with, and says whether
// a match may be empty, so that what follows may begin it too.
func firstRunes(form *syntax.Regexp, set map[rune]bool) (empty bool) {
	switch form.Op {
	case syntax.OpLiteral:
		set[form.Rune[0]] = true
		return false
	case syntax.OpCharClass:
		for i := 0; i+1 < len(form.Rune); i += 2 {
			for r := form.Rune[i]; r <= form.Rune[i+1]; r++ {
				set[r] = true
			}
		}
		return false
	case syntax.OpAlternate:
		for _, sub := range form.Sub {
			empty = firstRunes(sub, set) || empty
		}
		return empty
	case syntax.OpConcat:
		for _, sub := range form.Sub {
			if !firstRunes(sub, set) {
				return false
			}
		}
		return true
	case syntax.OpCapture, syntax.OpPlus:
		return firstRunes(form.Sub[0], set)
	case syntax.OpQuest, syntax.OpStar:
		firstRunes(form.Sub[0], set)
		return true
	case syntax.OpRepeat:
		return firstRunes(form.Sub[0], set) || form.Min == 0
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpEndText, syntax.OpEndLine, syntax.OpWordBoundary:
		return true
	default:
		panic("minutes: a form of partNames begins with " + form.String())
	}
}
