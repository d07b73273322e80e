package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// maxTranscript bounds a transcript in memory: a year of talk.
const maxTranscript = 64 << 20

// VTT reads WebVTT.
var VTT = transcript("vtt", "text/vtt", isVTT)

// SRT reads SubRip.
var SRT = transcript("srt", "application/x-subrip", isSRT)

// TranscriptJSON reads this program's own transcripts and the verbose JSON of
// speech services.
var TranscriptJSON = transcript("transcript-json", "application/json", isTranscriptJSON)

// TranscriptText reads text transcripts with names and times. Its detection
// reads the text as a whole where that is cheap, so it stands after every format
// with a signature and right before plain text.
var TranscriptText = transcript("transcript-txt", "text/plain", isTranscriptText)

func transcript(name, mediaType string, detect func(*document.Input) bool) document.Format {
	return document.Format{
		Name: name, Version: 1, Kind: document.KindTranscript, MediaType: mediaType, Detect: detect,
		Read: readTranscript,
	}
}

func readTranscript(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(maxTranscript)
	if err != nil {
		return nil, fmt.Errorf("read the transcript %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindTranscript, Read: document.Full}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, "only its beginning was read")
	}
	t, ok := ParseTranscript(in.Name, data)
	if !ok {
		// What looked like a transcript holds no talk: it is still its text, and no
		// transcript, which would wait for a recording and its utterances.
		doc.Kind = document.KindText
		text := decode(data)
		doc.AddText(document.Position{Line: 1}, "", text)
		doc.Warn("no-utterances", "no times and texts were found in it")
		return doc, nil
	}
	doc.Transcript, doc.Title, doc.Date, doc.Language = t, t.Title, t.Date, t.Language
	doc.People = Speakers(t)
	doc.Sections = Sections(t)
	return doc, nil
}

// ParseTranscript reads a transcript in any form that is known: WebVTT, SRT, this
// program's JSON and speech services' JSON, text with names and times. The form
// is told by content; the name is only for what content leaves open. ok is false
// when it is none.
func ParseTranscript(name string, data []byte) (t *document.Transcript, ok bool) {
	text := decode(data)
	trimmed := strings.TrimLeft(text, "\ufeff \t\r\n")
	if strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[{") {
		return parseJSON([]byte(trimmed))
	}
	var us []document.Utterance
	if strings.Contains(text, "-->") {
		us = parseCues(text)
	}
	if len(us) == 0 {
		us, _ = parseDialogue(text)
	}
	if len(us) == 0 {
		return nil, false
	}
	return complete(&document.Transcript{Source: "import", Utterances: us}), true
}

// parseJSON reads the contract's transcript, or whatever list of things said at
// times speech services answer.
func parseJSON(data []byte) (*document.Transcript, bool) {
	var t document.Transcript
	if json.Unmarshal(data, &t) != nil || len(t.Utterances) == 0 || t.Utterances[0].Text == "" {
		us, ok := parseAnyJSON(data)
		if !ok {
			return nil, false
		}
		t = document.Transcript{Utterances: us}
	}
	if t.Source == "" {
		t.Source = "import"
	}
	number(t.Utterances)
	return complete(&t), true
}

// complete fills what follows from the utterances.
func complete(t *document.Transcript) *document.Transcript {
	var text strings.Builder
	for _, u := range t.Utterances {
		t.Duration = max(t.Duration, u.End)
		if text.Len() < 16<<10 {
			text.WriteString(u.Text)
		}
	}
	if t.Language == "" {
		t.Language = Language(text.String())
	}
	return t
}

// Language tells Chinese from English by the share of Han; anything else stays
// open.
func Language(s string) string {
	var han, kana, latin int
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			kana++
		case r < 0x80 && unicode.IsLetter(r):
			latin++
		}
	}
	switch {
	case kana*10 > han+latin:
		return ""
	case han > 0 && han*4 >= latin:
		return "zh"
	case latin > 0:
		return "en"
	}
	return ""
}

// Speakers lists who speaks, in the order of their first words.
func Speakers(t *document.Transcript) []document.Person {
	var out []document.Person
	seen := map[string]bool{}
	for _, u := range t.Utterances {
		if u.Speaker != "" && !seen[u.Speaker] {
			seen[u.Speaker] = true
			out = append(out, document.Person{Role: "speaker", Name: u.Speaker})
		}
	}
	return out
}

// sectionRunes is where a section of talk ends: about two minutes.
const sectionRunes = 600

// Sections gathers utterances into sections with a start and an end, a line an
// utterance, so that a hit opens at the right minute and shows who speaks.
func Sections(t *document.Transcript) []document.Section {
	doc := &document.Document{}
	var text strings.Builder
	var start, end float64
	runes := 0
	flush := func() {
		from, to := start, end
		doc.AddText(document.Position{Start: &from, End: &to}, "", text.String())
		text.Reset()
		runes = 0
	}
	for _, u := range t.Utterances {
		line := u.Text
		if u.Speaker != "" {
			line = u.Speaker + ": " + u.Text
		}
		if n := len([]rune(line)); runes > 0 && runes+n > sectionRunes+sectionRunes/2 {
			flush()
		}
		if runes == 0 {
			start, end = u.Start, u.End
		}
		end = max(end, u.End)
		text.WriteString(line + "\n")
		if runes += len([]rune(line)); runes >= sectionRunes {
			flush()
		}
	}
	flush()
	return doc.Sections
}

func isVTT(in *document.Input) bool {
	h := bytes.TrimPrefix(in.Head(), []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(h, []byte("WEBVTT")) && (len(h) == 6 || strings.IndexByte(" \t\r\n", h[6]) >= 0) ||
		in.Ext() == ".vtt" && bytes.Contains(h, []byte("-->"))
}

// isSRT wants a number, a line of times, and text, at the very beginning; or the
// name and a line of times.
func isSRT(in *document.Input) bool {
	if !bytes.Contains(in.Head(), []byte("-->")) && in.Ext() != ".srt" {
		return false
	}
	lines := splitLines(decode(in.Head()))
	for i, l := range lines {
		if cueTimes.MatchString(l) {
			return in.Ext() == ".srt" || i == 1 && clockOnly.MatchString(lines[0])
		}
		if i > 8 && in.Ext() != ".srt" {
			return false
		}
	}
	return false
}

// talkKeys are lists of things said; timeKeys what each of them has. Both have to
// stand near the beginning: other programs' data has text and times too.
var (
	talkKeys = [][]byte{[]byte(`"utterances"`), []byte(`"segments"`), []byte(`"sentences"`), []byte(`"paragraphs"`), []byte(`"Paragraphs"`), []byte(`"sentence_info"`), []byte(`"onebest"`), []byte(`"Sentences"`)}
	timeKeys = [][]byte{[]byte(`"start"`), []byte(`"start_time"`), []byte(`"begin_time"`), []byte(`"bg"`), []byte(`"Start"`), []byte(`"StartTime"`), []byte(`"begin"`), []byte(`"startTime"`), []byte(`"BeginTime"`)}
)

func isTranscriptJSON(in *document.Input) bool {
	h := bytes.TrimLeft(bytes.TrimPrefix(in.Head(), []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.HasPrefix(h, []byte("{")) && !bytes.HasPrefix(h, []byte("[")) {
		return false
	}
	h = bytes.ReplaceAll(h, []byte(`\"`), []byte(`"`)) // a list that is given as a string
	holds := func(keys [][]byte) bool {
		return slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Contains(h, k) })
	}
	return holds(talkKeys) && holds(timeKeys) && (bytes.Contains(bytes.ToLower(h), []byte(`"text"`)) || bytes.Contains(h, []byte(`"onebest"`)))
}

// isTranscriptText judges by the beginning, cut at a line.
func isTranscriptText(in *document.Input) bool {
	h := in.Head()
	if len(h) < 20 || bytes.IndexByte(h, ':') < 0 && bytes.IndexByte(h, 0) < 0 {
		return false
	}
	switch in.Ext() {
	case ".csv", ".log", ".go", ".c", ".h", ".java", ".py", ".sql", ".html", ".xml", ".eml":
		return false
	}
	text := decode(h)
	if in.Size > int64(len(h)) {
		if at := strings.LastIndexByte(text, '\n'); at > 0 {
			text = text[:at]
		}
	}
	_, ok := parseDialogue(text)
	return ok
}

// decode is a transcript's text, in whatever charset it was written.
func decode(data []byte) string {
	text, _, _ := charset.Decode(data, "")
	return text
}
