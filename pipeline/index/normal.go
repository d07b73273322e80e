package index

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"guidang/pipeline/han"
)

// Normalise gives the one form in which text is indexed, asked for and
// compared: NFKC (so that full-width and half-width forms are one), lower case,
// dashes as "-", no thousands separators inside numbers, no invisible
// characters, and white space only where it separates something: runs become
// one space, and a soft line break or space beside a wide character disappears:
// hard-wrapped Chinese text is one word across the break, and 48 小时 or
// 2024 年 3 月 5 日, as typographers set them, are 48小时 and 2024年3月5日 as people
// type them.
//
// A tab or an empty line stays a space even between wide characters: those are
// cells and paragraphs, and 是 in one cell and 否 in the next are not 是否.
//
// Traditional and regional forms of Han characters become simplified ones, see
// han.Fold.
func Normalise(s string) string {
	n := normaliser{out: make([]byte, 0, len(s))}
	n.run(s)
	return string(n.out)
}

// normaliseAt is Normalise with a map: at[i] is where in s the i-th byte of the
// result comes from, and at[len(result)] is len(s).
func normaliseAt(s string) (out string, at []int) {
	n := normaliser{out: make([]byte, 0, len(s)), at: make([]int, 0, len(s)+1), mapped: true}
	n.run(s)
	return string(n.out), append(n.at, len(s))
}

type normaliser struct {
	out    []byte
	at     []int
	mapped bool

	space, hard bool // white space was seen since the last character
	breaks      int  // line breaks in it
	spaceAt     int
	wide        bool // the last character was wide
	digits      int  // digits since the number began or since a separator was dropped
	grouped     bool // a separator was dropped in this number

	scratch []byte
	most    int // bytes of out after which it may end; 0: never
}

func (n *normaliser) run(s string) {
	r, size := decode(s, 0)
	for i := 0; i < len(s) && (n.most == 0 || len(n.out) < n.most); {
		next := i + size
		r2, size2 := decode(s, next)
		switch {
		case isSpace(r):
			n.blank(r, i)
		case stable(r) && (next == len(s) || stable(r2) || isSpace(r2)):
			if r != ',' || !n.separator(s, i) {
				n.emit(foldRune(r), i, isWide(r))
				if more := n.plain(s, next, r); more > next {
					next = more
					r2, size2 = decode(s, next)
				}
			}
		case isInvisible(r):
		default:
			next = n.segment(s, i)
			r2, size2 = decode(s, next)
		}
		i, r, size = next, r2, size2
	}
}

// plain goes on from i with more of what r, the character before it, is: Han
// characters, or Latin letters and single blanks between them, for which nothing has
// to be looked at but the one that follows. Nearly all text is that.
func (n *normaliser) plain(s string, i int, r rune) int {
	end, size, most := i, 1, len(s)
	if n.most > 0 {
		most = min(most, i+n.most)
	}
	switch {
	case '\u4e00' <= r && r <= '\u9fff':
		size = hanBytes
		for end+hanBytes <= most && isHanAt(s, end) {
			end += hanBytes
		}
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		for end < most && (isLatin(s[end]) || s[end] == ' ' && end+1 < most && isLatin(s[end+1])) {
			end++
		}
	}
	if end > i && end < len(s) && !isPlainAt(s, end) {
		end -= size // a mark that is drawn into the last one follows
	}
	from := i // of what is the same in its normal form
	for ; i < end; i += size {
		if size == 1 && (s[i] >= 'a' || s[i] == ' ') || size == hanBytes && !han.Folds(s[i], s[i+1], s[i+2]) {
			continue
		}
		n.copy(s, from, i)
		from = i + size
		r, _ := decode(s, i)
		n.append(foldRune(r), i)
	}
	n.copy(s, from, end)
	return end
}

// copy appends what is the same in its normal form.
func (n *normaliser) copy(s string, from, to int) {
	n.out = append(n.out, s[from:to]...)
	if !n.mapped {
		return
	}
	at := slices.Grow(n.at, to-from)
	for from < to {
		size := 1
		switch {
		case s[from] < utf8.RuneSelf:
		case from+hanBytes <= to && isHanAt(s, from):
			size = hanBytes
		default:
			_, size = decode(s, from)
		}
		for range size {
			at = append(at, from)
		}
		from += size
	}
	n.at = at
}

// hanBytes is how long a character from U+4E00 to U+9FFF is in UTF-8.
const hanBytes = 3

// isHanAt says whether such a character stands at i, behind which there are
// bytes enough.
func isHanAt(s string, i int) bool {
	lead, second := s[i], s[i+1]
	return 0xe4 <= lead && lead <= 0xe9 && second&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 && (lead > 0xe4 || second >= 0xb8)
}

// isPlainAt says whether a character at i leaves the one before it alone: ASCII,
// Han, or one that is stable.
func isPlainAt(s string, i int) bool {
	if s[i] < utf8.RuneSelf || i+hanBytes <= len(s) && isHanAt(s, i) {
		return true
	}
	r, _ := decode(s, i)
	return stable(r) || isSpace(r)
}

func isLatin(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func decode(s string, i int) (rune, int) {
	if i < len(s) && s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// segment takes the slow way for a character that NFKC may change, together
// with the marks that belong to it. Measured, Chinese prose needs it for less
// than one character in a thousand.
func (n *normaliser) segment(s string, i int) (next int) {
	length := norm.NFKC.NextBoundaryInString(s[i:], true)
	if length <= 0 {
		_, length = decode(s, i)
	}
	piece := s[i : i+length]
	n.scratch = norm.NFKC.AppendString(n.scratch[:0], piece)
	lower := make([]byte, 0, len(n.scratch))
	changed := false
	for _, r := range string(n.scratch) {
		l := unicode.ToLower(r)
		changed = changed || l != r
		lower = utf8.AppendRune(lower, l)
	}
	if changed { // J with a caron has no composed capital, but a composed small letter
		lower = norm.NFKC.Bytes(lower)
	}
	first, _ := decode(s, i)
	wide := isWide(first)
	for _, r := range string(lower) {
		switch {
		case isSpace(r):
			n.blank(r, i)
		case !isInvisible(r):
			n.emit(foldRune(r), i, wide)
		}
	}
	return i + length
}

func (n *normaliser) blank(r rune, at int) {
	if !n.space {
		n.space, n.hard, n.breaks, n.spaceAt = true, false, 0, at
	}
	switch r {
	case '\n':
		n.breaks++
		n.hard = n.hard || n.breaks > 1
	case ' ', '\r', '\u3000', '\u00a0':
	default:
		n.hard = true
	}
}

func (n *normaliser) emit(r rune, at int, wide bool) {
	if n.space {
		if len(n.out) > 0 && (n.hard || !n.wide && !wide) {
			n.append(' ', n.spaceAt)
		}
		n.space, n.digits, n.grouped = false, 0, false
	}
	n.wide = wide
	if '0' <= r && r <= '9' {
		n.digits++
	} else {
		n.digits, n.grouped = 0, false
	}
	n.append(r, at)
}

func (n *normaliser) append(r rune, at int) {
	before := len(n.out)
	n.out = utf8.AppendRune(n.out, r)
	if n.mapped {
		for range len(n.out) - before {
			n.at = append(n.at, at)
		}
	}
}

// separator says whether the comma at i only groups the digits of a number
// (1,200,000), so that an amount is found however it is written.
func (n *normaliser) separator(s string, i int) bool {
	if n.space || n.digits == 0 || n.digits > 3 || n.grouped && n.digits != 3 || i+3 >= len(s) {
		return false
	}
	for _, c := range []byte(s[i+1 : i+4]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	if i+4 < len(s) && '0' <= s[i+4] && s[i+4] <= '9' {
		return false
	}
	n.digits, n.grouped = 0, true
	return true
}

// foldRune maps a character in NFKC to the one it is compared as.
func foldRune(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + ('a' - 'A')
	case r < utf8.RuneSelf:
		return r
	case '\uff01' <= r && r <= '\uff5e':
		return foldRune(r - 0xfee0)
	case '\u2010' <= r && r <= '\u2015', r == '\u2212':
		return '-'
	case r >= 0x3400:
		return han.Fold(r)
	}
	return r
}

// stable holds for characters that NFKC and lower case leave alone (but for
// what foldRune does) and that never compose with the character before them.
func stable(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r > ' ' && r != 0x7f
	case '\u4e00' <= r && r <= '\u9fff', '\u3400' <= r && r <= '\u4dbf', '\uff01' <= r && r <= '\uff5e':
		return true
	case '\u3001' <= r && r <= '\u3029', '\u3041' <= r && r <= '\u3096', '\u30a1' <= r && r <= '\u30fe':
		return true
	case '\uac00' <= r && r <= '\ud7a3', 0x20000 <= r && r <= 0x2a6df:
		return true
	case r == '\u2018', r == '\u2019', r == '\u201c', r == '\u201d', r == '\u2014', r == utf8.RuneError:
		return true
	}
	return false
}

// isSpace holds for white space and for control characters, which separate too.
func isSpace(r rune) bool {
	switch {
	case r <= ' ', r == 0x7f, r == '\u3000', r == '\u00a0':
		return true
	case r < utf8.RuneSelf, r > '\u3000':
		return false
	}
	return unicode.IsSpace(r)
}

// isInvisible holds for characters that nobody sees and nobody types, which
// PDF and web pages leave inside words.
func isInvisible(r rune) bool {
	switch {
	case r < 0xad, '\u4e00' <= r && r <= '\u9fff':
		return false
	case '\ufe00' <= r && r <= '\ufe0f', 0xe0100 <= r && r <= 0xe01ef:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// isWide holds for characters between which no space is written: ideographs,
// kana, Hangul and full-width punctuation, but not full-width letters.
func isWide(r rune) bool {
	return r >= '\u2e80' && (r < '\uff10' || r > '\uff5a' || '\uff1a' <= r && r <= '\uff20' || '\uff3b' <= r && r <= '\uff40')
}
