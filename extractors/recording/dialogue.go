package recording

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"guidang/extractors/document"
)

// Text transcripts as the meeting services export them. No service documents
// its form, so these take a line's shape, not a service's name:
//
//	[00:01:02] Name: text      00:01:02 Name: text      (00:01:02) text
//	[00:00.000 --> 00:04.000] text
//	名字(00:01:02): text       Name 00:01:02            (text on the next lines)
//	[Name] 00:01:02            Name | 00:01:02          (text on the next lines)
//	00:05:00                   (alone; "Name: text" on the lines behind it: Google Meet)
const clock = `(\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)`

var (
	timeFirst   = regexp.MustCompile(`^\s*[\[(【（]?` + clock + `(?:\s*(?:-->|-|–|~|至)\s*` + clock + `)?[\])】）]?\s*(.*)$`)
	timeBracket = regexp.MustCompile(`^\s*[\[(【（]`)
	nameBracket = regexp.MustCompile(`^\s*\[([^\[\]]{1,40})\]\s*` + clock + `\s*(?:[:：]\s*(.*))?$`)
	clockAlone  = regexp.MustCompile(`^[\s#*>-]*[\[(【（]?` + clock + `[\])】）]?[\s*]*$`)
	markdown    = regexp.MustCompile(`^[\s#>]+|\*\*`)
	nameFirst   = regexp.MustCompile(`^\s*(\S[^:：\[\]]{0,40}?)\s*[\[(【（ \t|·,，]\s*` + clock + `\s*[\])】）]?\s*(?:[:：]\s*(.*))?$`)
)

// turn is the beginning of a speaker's turn in a text transcript.
type turn struct {
	start, end float64
	name, text string
}

// parseTurn reads a line that begins a turn.
func parseTurn(line string) (t turn, ok bool) {
	if m := timeFirst.FindStringSubmatch(line); m != nil {
		t.start = seconds(m[1])
		if m[2] != "" {
			t.end = seconds(m[2])
		}
		rest := strings.TrimSpace(m[3])
		if name, text, ok := prefix(rest); ok {
			t.name, t.text = name, text
			return t, true
		}
		if strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "：") {
			t.name = strings.TrimSpace(strings.TrimRight(rest, ":："))
			return t, plausibleName(t.name)
		}
		// A time without a name counts only in brackets: "10:30 开会" is an
		// agenda's line. "[10:30:00] [INFO] started" is a log's.
		if first, _, _ := strings.Cut(rest, " "); logWord(strings.Trim(first, "[]():：|")) {
			return t, false
		}
		t.text = rest
		return t, timeBracket.MatchString(line) && rest != ""
	}
	for _, form := range []*regexp.Regexp{nameBracket, nameFirst} {
		if m := form.FindStringSubmatch(line); m != nil {
			if name := strings.TrimRight(strings.TrimSpace(m[1]), " |·,，-–"); plausibleName(name) {
				return turn{start: seconds(m[2]), name: name, text: strings.TrimSpace(m[3])}, true
			}
		}
	}
	return t, false
}

// plainLine is a line without the marks of Markdown, in which some services and
// many people write.
func plainLine(line string) string {
	if !strings.ContainsAny(line, "#*>") {
		return line
	}
	return markdown.ReplaceAllString(line, "")
}

// parseBlocks reads talk in which times stand alone, above lines of "Name: text"
// (Google Meet gives one every few minutes). Speakers of a block share its time by
// the length of what they say.
func parseBlocks(lines []string) []turn {
	type block struct {
		start float64
		turns []turn
	}
	var blocks []block
	named, unnamed := 0, 0
	for _, line := range lines {
		line = strings.TrimSpace(plainLine(line))
		if m := clockAlone.FindStringSubmatch(line); m != nil {
			blocks = append(blocks, block{start: seconds(m[1])})
			continue
		}
		if line == "" || len(blocks) == 0 {
			continue
		}
		b := &blocks[len(blocks)-1]
		if name, text, ok := prefix(line); ok {
			named++
			b.turns = append(b.turns, turn{name: name, text: text})
		} else if n := len(b.turns); n > 0 {
			b.turns[n-1].text = joinText(b.turns[n-1].text, line)
			unnamed++
		}
	}
	// An agenda is written the same way, but begins in the morning.
	if len(blocks) == 0 || blocks[0].start > 60 || named < leastTurns || named < unnamed {
		return nil
	}
	var out []turn
	for i, b := range blocks {
		total := 0
		for _, t := range b.turns {
			total += len([]rune(t.text))
		}
		span := float64(total) / 5 // of the last block, by the length of what is said
		if i+1 < len(blocks) && blocks[i+1].start > b.start {
			span = blocks[i+1].start - b.start
		}
		at := b.start
		for _, t := range b.turns {
			t.start = math.Round(at*10) / 10
			at += span * float64(len([]rune(t.text))) / float64(max(total, 1))
			t.end = math.Round(at*10) / 10
			out = append(out, t)
		}
	}
	return out
}

const (
	leastTurns    = 3    // fewer could be chance
	leastCovered  = 0.6  // of the lines or paragraphs
	preambleLines = 12   // title, date and attendees before the first turn
	clockTimes    = 3600 // a first turn later than this is told by the wall's clock
)

// parseDialogue reads a text transcript. It is strict, because every plain text
// passes by here: at least three turns, most of the text within turns, and times
// that go forward.
func parseDialogue(text string) ([]document.Utterance, bool) {
	var turns []turn
	var lines, paragraphs, covered, opened, backward int
	blank := true
	for i, line := range splitLines(text) {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "Transcribed by http") { // Otter signs
			blank = true
			continue
		}
		if len(turns) >= maxCues {
			break
		}
		line = plainLine(line)
		t, ok := parseTurn(line)
		if !ok && len(turns) == 0 && i < preambleLines {
			continue
		}
		lines++
		if blank {
			paragraphs++
		}
		switch {
		case ok:
			if n := len(turns); n > 0 && t.start < turns[n-1].start {
				backward++
			}
			turns = append(turns, t)
			covered++
			if t.text == "" {
				covered++ // its text is the next line
			}
			if blank {
				opened++
			}
		case len(turns) > 0:
			last := &turns[len(turns)-1]
			last.text = joinText(last.text, strings.TrimSpace(line))
		}
		blank = false
	}
	share := max(float64(covered)/float64(max(lines, 1)), float64(opened)/float64(max(paragraphs, 1)))
	if len(turns) < leastTurns || share <= leastCovered || backward*10 > len(turns) {
		if turns = parseBlocks(splitLines(text)); len(turns) < leastTurns || !slices.IsSortedFunc(turns, func(a, b turn) int { return cmp.Compare(a.start, b.start) }) {
			return nil, false
		}
	}
	return number(utterances(turns)), true
}

// utterances gives turns their ends: the next turn's beginning, and for the last
// a guess by the length of what is said (five characters a second).
func utterances(turns []turn) []document.Utterance {
	zero := 0.0
	if turns[0].start >= clockTimes {
		zero = turns[0].start
	}
	var out []document.Utterance
	for i, t := range turns {
		if t.text == "" {
			continue
		}
		end := t.end
		if end <= t.start {
			end = t.start + max(2, float64(len([]rune(t.text)))/5)
			if i+1 < len(turns) && turns[i+1].start >= t.start {
				end = turns[i+1].start
			}
		}
		out = append(out, document.Utterance{Start: max(t.start-zero, 0), End: max(end-zero, 0), Speaker: t.name, Text: t.text})
	}
	return out
}
