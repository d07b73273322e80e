package transcribe

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// join puts the pieces of all parts in a row. Where the talk itself was cut, both
// sides have heard the same second or two, and what both heard stays once.
func join(parts []*heard) []*piece {
	var out []*piece
	heardTo := int64(0)
	several := labelled(parts) > 1
	for n, p := range parts {
		pieces := place(p)
		if several {
			tellApart(pieces, n+1)
		}
		if begin, _ := p.forced(); begin && heardTo > p.From {
			out, pieces = seam(out, pieces, seconds(p.Own[0]), seconds(heardTo-p.From)/2)
		}
		heardTo = p.To
		out = append(out, pieces...)
	}
	return out
}

// numberedSpeaker is a speaker without a name.
var numberedSpeaker = regexp.MustCompile(`(?i)^(?:speaker|spk|说话人|发言人)?[ _-]*(?:[a-z]|\d+)$`)

// labelled is how many parts came back with speakers.
func labelled(parts []*heard) (n int) {
	for _, p := range parts {
		if slices.ContainsFunc(p.answer.Segments, func(s segment) bool { return s.Speaker != "" }) {
			n++
		}
	}
	return n
}

// tellApart keeps the speakers of one part apart from those of the others.
//
// QUIRK: services that tell speakers call them A, B, C anew in each request
// (OpenAI's diarized_json, FunASR's spk): the A of the next part is anybody.
//
// Names stay: they are the same people's.
func tellApart(pieces []*piece, part int) {
	for _, p := range pieces {
		if numberedSpeaker.MatchString(p.speaker) {
			p.speaker = fmt.Sprintf("%s·%d", p.speaker, part)
		}
	}
}

// slack is how far a service's times are off at a cut.
const slack = 0.7

// seam joins what lies before and after a forced cut. First the words that both
// sides heard are looked for; where there are none, the middle of a word or of an
// utterance decides whose it is.
func seam(a, b []*piece, at, overlap float64) (before, after []*piece) {
	tail := tailOf(a, at-overlap-slack)
	head := headOf(b, at+overlap+slack)
	if x, y, ok := common(tail, head); ok {
		cutTail(a, tail[x])
		return trim(a), trim(cutHead(b, head[y]))
	}
	return trim(ownTail(a, at)), trim(ownHead(b, at))
}

// seamLetters is more than anybody says in the seconds around a cut; it bounds
// what is compared when a service answers with a book.
const seamLetters = 400

// letter is a letter of some pieces, with its place in them.
type letter struct {
	r         rune
	piece, at int  // byte of the piece's text, behind the letter
	begins    bool // a word, where words are parted
}

// tailOf are the letters that may have been said after a moment.
func tailOf(pieces []*piece, after float64) (out []letter) {
	first := len(pieces)
	for n := len(pieces) - 1; n >= 0 && pieces[n].end > after; n-- {
		first = n
	}
	for n := first; n < len(pieces); n++ {
		all := lettersOf(pieces[n], n)
		out = append(out, all[pieces[n].letterAt(after, len(all)):]...)
	}
	return out[max(0, len(out)-seamLetters):]
}

// headOf are the letters that may have been said before a moment.
func headOf(pieces []*piece, before float64) (out []letter) {
	for n, p := range pieces {
		if p.start >= before {
			break
		}
		all := lettersOf(p, n)
		out = append(out, all[:len(all)-p.lettersAfter(before, len(all))]...)
		if len(out) > seamLetters {
			return out[:seamLetters]
		}
	}
	return out
}

func lettersOf(p *piece, n int) []letter {
	var out []letter
	in := false
	for at, r := range p.text {
		ok := said(r)
		if ok {
			out = append(out, letter{unicode.ToLower(r), n, at + len(string(r)), !in || wide(r)})
		}
		in = ok && !wide(r)
	}
	return out
}

// letterAt is about how many of a piece's letters were said before a moment.
func (p *piece) letterAt(t float64, letters int) int {
	if p.end <= p.start {
		return 0
	}
	share := (t - p.start) / (p.end - p.start)
	// Speed changes: some letters more are looked at than the share says.
	return min(max(int(share*float64(letters))-8, 0), letters)
}

func (p *piece) lettersAfter(t float64, letters int) int {
	if p.end <= p.start {
		return 0
	}
	share := (p.end - t) / (p.end - p.start)
	return min(max(int(share*float64(letters))-8, 0), letters)
}

// common finds the longest run of letters that both sides have, at least four
// characters of Chinese or two words, and gives the last letter of it in each. Of
// runs of the same length the one counts that leaves least out: what a cut left
// of a word stands at the very end of one side and the very beginning of the other.
func common(tail, head []letter) (x, y int, ok bool) {
	best, waste := 0, 0
	lengths := make([]int, len(head)+1)
	for i := range tail {
		for j, h := range slices.Backward(head) {
			if tail[i].r != h.r {
				lengths[j+1] = 0
				continue
			}
			n := lengths[j] + 1
			lengths[j+1] = n
			lost := len(tail) - 1 - i + (j + 1 - n)
			if n > best || n == best && lost < waste {
				best, waste, x, y = n, lost, i, j
			}
		}
	}
	if best == 0 {
		return 0, 0, false
	}
	size := 0.0
	for _, l := range head[y+1-best : y+1] {
		switch {
		case wide(l.r):
			size++
		case l.begins:
			size += 2
		}
	}
	return x, y, size >= 4
}

// cutTail ends the pieces behind a letter.
func cutTail(pieces []*piece, l letter) {
	p := pieces[l.piece]
	if strings.IndexFunc(p.text[l.at:], said) >= 0 { // else the sign that ends its sentence stays
		p.end = p.timeAt(l.at)
		p.text = p.text[:l.at]
	}
	p.words = nil
	for _, q := range pieces[l.piece+1:] {
		q.text = ""
	}
}

// said holds for what is spoken: letters and digits.
func said(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cutHead begins the pieces behind a letter.
func cutHead(pieces []*piece, l letter) []*piece {
	for _, q := range pieces[:l.piece] {
		q.text = ""
	}
	p := pieces[l.piece]
	p.start = p.timeAt(l.at)
	// What follows may begin with the sign that ends the other side's sentence.
	p.text = strings.TrimLeftFunc(p.text[l.at:], func(r rune) bool { return !said(r) })
	p.words = nil
	return pieces
}

// timeAt is about when a byte of a piece's text was said.
func (p *piece) timeAt(at int) float64 {
	if p.text == "" {
		return p.start
	}
	return p.start + (p.end-p.start)*float64(at)/float64(len(p.text))
}

// ownTail keeps what was said before a cut, by the middle of each word.
func ownTail(pieces []*piece, at float64) []*piece {
	for _, p := range pieces {
		if p.end > at {
			p.keep(func(middle float64) bool { return middle < at })
		}
	}
	return pieces
}

func ownHead(pieces []*piece, at float64) []*piece {
	for _, p := range pieces {
		if p.start < at {
			p.keep(func(middle float64) bool { return middle >= at })
		}
	}
	return pieces
}

// keep keeps the words of a piece whose middle is right; a piece without words
// as a whole.
func (p *piece) keep(right func(middle float64) bool) {
	if len(p.words) == 0 {
		if !right((p.start + p.end) / 2) {
			p.text = ""
		}
		return
	}
	kept := slices.DeleteFunc(slices.Clone(p.words), func(w word) bool { return !right((w.Start + w.End) / 2) })
	if len(kept) == len(p.words) {
		return
	}
	p.words, p.text = kept, ""
	for n, w := range kept {
		if n == 0 {
			p.start = max(p.start, w.Start)
			p.text = strings.TrimSpace(w.Word)
			continue
		}
		p.text = glue(p.text, w.Word)
	}
	if len(kept) > 0 {
		p.end = min(p.end, kept[len(kept)-1].End)
	}
}

// trim drops pieces of which nothing is left.
func trim(pieces []*piece) []*piece {
	return slices.DeleteFunc(pieces, func(p *piece) bool {
		p.text = strings.TrimSpace(p.text)
		return strings.IndexFunc(p.text, said) < 0
	})
}
