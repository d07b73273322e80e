package recording

import (
	"regexp"
	"strings"

	"guidang/extractors/document"
)

// Text transcripts as the meeting services export them. No service documents
// its form, so these take a line's shape, not a service's name:
//
//	[00:01:02] Name: text      00:01:02 Name: text      (00:01:02) text
//	[00:00.000 --> 00:04.000] text
//	名字(00:01:02): text       Name 00:01:02            (text on the next lines)
const clock = `(\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)`

var (
	timeFirst   = regexp.MustCompile(`^\s*[\[(【（]?` + clock + `(?:\s*(?:-->|-|–|~|至)\s*` + clock + `)?[\])】）]?\s*(.*)$`)
	timeBracket = regexp.MustCompile(`^\s*[\[(【（]`)
	nameFirst   = regexp.MustCompile(`^\s*(\S[^:：\[\]]{0,40}?)\s*[\[(【（ \t]\s*` + clock + `\s*[\])】）]?\s*(?:[:：]\s*(.*))?$`)
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
	if m := nameFirst.FindStringSubmatch(line); m != nil && plausibleName(m[1]) {
		return turn{start: seconds(m[2]), name: strings.TrimSpace(m[1]), text: strings.TrimSpace(m[3])}, true
	}
	return t, false
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
		if strings.TrimSpace(line) == "" {
			blank = true
			continue
		}
		if len(turns) >= maxCues {
			break
		}
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
		return nil, false
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
