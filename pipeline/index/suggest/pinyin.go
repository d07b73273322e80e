package suggest

import (
	"regexp"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// reading is what each character of a name may be called: for a Han character
// its syllables without tones, for anything else itself. Characters of more than
// one syllable have all of them, since names use the rarer ones: 单 is Shan, 曾
// is Zeng, 重庆 is Chongqing.
type reading [][]string

// reader makes readings; what it made of a character is kept, for names share
// few characters.
type reader struct {
	args pinyin.Args
	have map[rune][]string
}

func newReader() *reader {
	a := pinyin.NewArgs()
	a.Heteronym = true
	return &reader{a, map[rune][]string{}}
}

// nameMost bounds the length of a name that is read, in characters.
const nameMost = 24

// of gives the reading of a name in the form that is compared; nil if it has no
// Han character.
func (r *reader) of(name string) reading {
	var out reading
	han := false
	for _, c := range name {
		if len(out) == nameMost {
			break
		}
		if c == ' ' || c == '·' {
			continue
		}
		s, ok := r.have[c]
		if !ok {
			s = r.syllables(c)
			r.have[c] = s
		}
		han = han || c >= 0x3000
		out = append(out, s)
	}
	if !han {
		return nil
	}
	return out
}

func (r *reader) syllables(c rune) []string {
	if c < 0x3000 {
		return []string{strings.ToLower(string(c))}
	}
	out := pinyin.SinglePinyin(c, r.args)
	if len(out) == 0 {
		return []string{string(c)}
	}
	for _, s := range out {
		// QUIRK: ü is typed as v, u or yu: passports of 吕 say LYU (GB/T 28039-2011,
		// 4.4), older ones LU or LV.
		if before, after, ok := strings.Cut(s, "v"); ok {
			out = append(out, before+"u"+after, before+"yu"+after)
		}
	}
	return out
}

// fit is how letters match a name.
type fit uint8

const (
	noFit    fit = iota
	initials     // some syllables are only begun
	begun        // whole syllables of its first characters
	whole        // whole syllables of all of it
)

// lettersMost bounds what is looked for in names: places are bits of a word.
const lettersMost = 63

// matches says how letters, lower case and without spaces, spell the name from
// its first character on: each character by its whole syllable, by its first
// letter, or by zh, ch, sh; the last one by any beginning of its syllable.
//
// Ways to spell are followed together, as the places up to which letters are
// used up: one by one they would double with each character.
func (r reading) matches(letters string) (best fit) {
	if letters == "" || len(letters) > lettersMost {
		return noFit
	}
	full, short := uint64(1), uint64(0) // places reached by whole syllables alone, or not
	for i := 0; i < len(r) && full|short != 0; i++ {
		var nextFull, nextShort uint64
		for at := range len(letters) {
			bit := uint64(1) << at
			if (full|short)&bit == 0 {
				continue
			}
			for _, s := range r[i] {
				n, begins := common(s, letters[at:])
				if n == len(s) {
					nextFull |= (full & bit) << n
					nextShort |= (short & bit) << n
				}
				if begins { // the last one, not finished
					best = max(best, initials)
				}
				if len(s) > 1 && n > 0 {
					nextShort |= bit << 1
				}
				if len(s) > 2 && n > 1 && s[1] == 'h' {
					nextShort |= bit << 2
				}
			}
		}
		full, short = nextFull, nextShort
		end := uint64(1) << len(letters)
		switch {
		case full&end != 0 && i == len(r)-1:
			return whole
		case full&end != 0:
			best = max(best, begun)
		case short&end != 0:
			best = max(best, initials)
		}
	}
	return best
}

// common is how many bytes s and letters have in common, and whether letters
// end within s.
func common(s, letters string) (n int, begins bool) {
	for n < len(s) && n < len(letters) && s[n] == letters[n] {
		n++
	}
	return n, n == len(letters) && n < len(s)
}

// syllables is every run of letters that could be the syllables of a name of two
// characters or more: by their parts, not by a list of all 410.
var syllables = regexp.MustCompile(`^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|er|ong|i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|v|ve|ue)){2,}$`)

// Spells says whether letters, lower case, can be the whole syllables of a name.
// No lexicon has to be asked about a word that cannot.
func Spells(letters string) bool {
	return len(letters) <= lettersMost && syllables.MatchString(letters)
}
