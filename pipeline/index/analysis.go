package index

import (
	"unicode"
	"unicode/utf8"
)

// GramKind says what a token is.
type GramKind uint8

// Kinds of tokens.
const (
	Bigram GramKind = iota // two neighbours of a CJK run
	Lone                   // the last character of a CJK run
	Word                   // a run of letters
	Number                 // a run of digits
	Pair                   // two neighbouring parts of a run that mixes letters and digits
	Value                  // an amount or a date in digits, where it is written otherwise
)

// Analysis is the version of Normalise and Tokens together. An index of another
// one cannot answer and is built anew.
const Analysis = "3"

// Gram is one thing that is looked up in an index. Start and End are bytes of
// the normalised text.
type Gram struct {
	Text       string
	Start, End int32
	Kind       GramKind
}

// maxToken bounds a token: base64 and garbage would otherwise make terms of any
// length. Query and text are cut alike, and the true text decides.
const maxToken = 96 // bytes

// Tokens appends the tokens of s, which is what Normalise returned, to dst.
//
// Runs of Han, kana and Hangul give overlapping bigrams and, at the end of each
// run, the last character alone, so that one single character is findable: it
// begins a bigram or ends a run. Dictionary segmenters lose words (recall 0.67
// to 0.82 at three to four characters); bigrams lose none.
//
// Letters and digits give words and numbers. A run that mixes them, as v2 or
// PROJ20250801, gives its parts and each two neighbouring parts, so that it is
// found whole and in parts and no lookup for "v2" has to read all of "v".
// Everything else separates: HT-2023-0815 and li@huaxin.example are their parts,
// and a query for the whole asks for all of them and is verified on the text.
//
// At the end come amounts and dates in digits, so that 350000 finds 35万.
func Tokens(dst []Gram, s string) []Gram {
	dst = textTokens(dst, s)
	var buf [3]string
	for at := 0; ; {
		v, ok := nextValue(s, at)
		if !ok {
			return dst
		}
		for _, t := range v.tokens(buf[:0]) {
			dst = append(dst, gram(t, v.from, v.to, Value))
		}
		at = v.to
	}
}

func textTokens(dst []Gram, s string) []Gram {
	for i := 0; i < len(s); {
		r, size := decode(s, i)
		switch classOf(r) {
		case cjk:
			dst, i = cjkTokens(dst, s, i)
		case letter, digit:
			dst, i = wordTokens(dst, s, i)
		default:
			i += size
		}
	}
	return dst
}

func cjkTokens(dst []Gram, s string, i int) ([]Gram, int) {
	_, size := decode(s, i)
	for {
		next := i + size
		r, nextSize := decode(s, next)
		if next == len(s) || classOf(r) != cjk {
			return append(dst, gram(s[i:next], i, next, Lone)), next
		}
		dst = append(dst, gram(s[i:next+nextSize], i, next+nextSize, Bigram))
		i, size = next, nextSize
	}
}

func wordTokens(dst []Gram, s string, i int) ([]Gram, int) {
	before := -1 // where the part before this one began
	for {
		end, class := partEnd(s, i)
		if class != letter && class != digit {
			return dst, i
		}
		kind := Word
		if class == digit {
			kind = Number
		}
		dst = append(dst, cutToken(s, i, end, kind))
		if before >= 0 {
			dst = append(dst, cutToken(s, before, end, Pair))
		}
		before, i = i, end
	}
}

// partEnd finds the end of the characters of one class that begin at i.
func partEnd(s string, i int) (end int, class class) {
	if i == len(s) {
		return i, other
	}
	r, size := decode(s, i)
	class = classOf(r)
	end = i + size
	for end < len(s) && s[end] < utf8.RuneSelf && asciiClass[s[end]] == class {
		end++
	}
	for ; end < len(s); end += size {
		if r, size = decode(s, end); classOf(r) != class {
			break
		}
	}
	return end, class
}

func cutToken(s string, from, to int, kind GramKind) Gram {
	end := to
	if end-from > maxToken {
		for end = from + maxToken; !utf8.RuneStart(s[end]); {
			end--
		}
	}
	return gram(s[from:end], from, to, kind)
}

// gram makes a token that stands at from to to.
func gram(text string, from, to int, kind GramKind) Gram {
	return Gram{text, int32(from), int32(to), kind} //nolint:gosec // what is cut into tokens is a passage, a title or a query, never 2 GB
}

// askTokens are the tokens that a text must have to hold s, which is
// normalised: every one is required. prefix says that the last of them is only
// the beginning of a token. whole says that s is not followed by more of the
// same phrase.
func askTokens(dst []string, s string, open, whole bool) (out []string, prefix bool) {
	for i := 0; i < len(s); {
		r, size := decode(s, i)
		switch classOf(r) {
		case cjk:
			from := i
			for {
				next := i + size
				r, nextSize := decode(s, next)
				if next == len(s) || classOf(r) != cjk {
					last := next == len(s)
					switch {
					case !last: // the run ends here in the text too
						dst = append(dst, s[i:next])
					case i == from && whole: // one character: begins a bigram, or ends a run
						dst, prefix = append(dst, s[i:next]), true
					}
					i = next
					break
				}
				dst = append(dst, s[i:next+nextSize])
				i, size = next, nextSize
			}
		case letter, digit:
			first, parts := i, 0
			for {
				end, class := partEnd(s, i)
				if class != letter && class != digit {
					break
				}
				if parts > 0 {
					dst = append(dst, cutToken(s, first, end, Pair).Text)
				}
				if next, class := partEnd(s, end); parts == 0 && (next == end || class != letter && class != digit) {
					dst = append(dst, cutToken(s, i, end, Word).Text)
				}
				first, i, parts = i, end, parts+1
			}
			prefix = open && i == len(s)
		default:
			i += size
		}
	}
	return dst, prefix
}

// class is what a character is to search.
type class uint8

const (
	other class = iota
	cjk
	letter
	digit
)

var asciiClass = func() (t [utf8.RuneSelf]class) {
	for r := range t {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			t[r] = letter
		case '0' <= r && r <= '9':
			t[r] = digit
		}
	}
	return t
}()

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass[r&(utf8.RuneSelf-1)]
	case '\u4e00' <= r && r <= '\u9fff':
		return cjk
	case r < '\u2e80':
		return alphabetic(r)
	case '\u3041' <= r && r <= '\u3096', '\u30a1' <= r && r <= '\u30fa', '\u30fc' <= r && r <= '\u30fe':
		return cjk
	case '\u3005' <= r && r <= '\u3007', '\u3105' <= r && r <= '\u312f', '\u31a0' <= r && r <= '\u31bf', '\u31f0' <= r && r <= '\u31ff':
		return cjk
	case '\u3400' <= r && r <= '\u4dbf', '\uac00' <= r && r <= '\ud7a3', '\uf900' <= r && r <= '\ufaff', 0x20000 <= r && r <= 0x323af:
		return cjk
	}
	return alphabetic(r)
}

func alphabetic(r rune) class {
	switch {
	case unicode.IsLetter(r), unicode.IsMark(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return other
}
