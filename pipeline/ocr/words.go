package ocr

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastLine is the mean confidence, in percent, of a line below which it is spots,
// a stamp or a picture that were taken for letters. Single words may be worse: the
// amount in a contract came at 12.
const leastLine = 35

// reading is what one call of the engine gave.
type reading struct {
	lines []string
	sure  float64 // sum of confidence over characters
	chars int
	han   int
}

func (r *reading) confidence() float64 {
	if r.chars == 0 {
		return 0
	}
	return r.sure / float64(r.chars) / 100
}

// chinese says whether what was read is in Chinese, mostly.
func (r *reading) chinese() bool { return r.han*5 >= r.chars }

// parse reads tesseract's table of words: level, page, block, paragraph, line,
// word, left, top, width, height, confidence, text. What does not fit is left out.
func parse(table string) *reading {
	r := &reading{}
	key, block := "", ""
	line, of := "", &reading{} // the line at work
	flush := func() {
		if of.chars > 0 && of.sure >= leastLine*float64(of.chars) {
			r.lines = append(r.lines, line)
			r.sure, r.chars, r.han = r.sure+of.sure, r.chars+of.chars, r.han+of.han
		}
		line, of = "", &reading{}
	}
	for row := range strings.Lines(table) {
		f := strings.SplitN(strings.TrimRight(row, "\r\n"), "\t", 12)
		if len(f) < 12 || f[0] != "5" {
			continue
		}
		sure, err := strconv.ParseFloat(f[10], 64)
		word := strings.TrimSpace(f[11])
		if err != nil || !(sure >= 0 && sure <= 100) || word == "" || !utf8.ValidString(word) {
			continue
		}
		if k := strings.Join(f[1:5], "."); k != key {
			flush()
			key = k
		}
		if b := f[2]; b != block {
			if block != "" && len(r.lines) > 0 && r.lines[len(r.lines)-1] != "" {
				r.lines = append(r.lines, "")
			}
			block = b
		}
		line = join(line, word)
		for _, c := range word {
			of.chars++
			of.sure += sure
			if unicode.Is(unicode.Han, c) {
				of.han++
			}
		}
	}
	flush()
	return r
}

// join puts a word behind a line. The engine takes each Chinese character, or a
// few, for a word; between them is no blank.
func join(line, word string) string {
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(word)
	if line == "" || wide(last) || wide(first) {
		return line + word
	}
	return line + " " + word
}

// wide tells characters of Chinese writing, its punctuation too.
func wide(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xffef || r >= 0x20000 && r <= 0x3ffff
}
