package recording

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// lookLines is how far into a document its first turns are looked for: services
// put a summary before, which is left by its heading.
const lookLines = 60

// talkHeading begins the talk itself in what services export as documents:
// Feishu's 文字记录, Tingwu's 原文, Google Meet's Transcript.
var talkHeading = regexp.MustCompile(`^[#*\s]*(?:文字记录|会议转写|转写内容|转写结果|转写原文|语音转写|逐字稿|原文|原文记录|会议记录全文|Transcript|Transcription|Meeting transcript)[*\s:：]*$`)

// mayBeHeading tells from the first letters whether a line may be a talkHeading.
func mayBeHeading(line string) bool {
	line = strings.TrimLeft(line, "#* \t\r\f")
	return strings.HasPrefix(line, "Transcript") || strings.HasPrefix(line, "Meeting transcript") || line != "" && line[0] >= utf8.RuneSelf
}

// longestHeading bounds what is looked at as a heading: large documents have a
// million lines.
const longestHeading = 60

// Recognise makes a document that is the transcript of a meeting one: Word files,
// PDFs and pages as the meeting services export them. What was read of it as a
// document stays, but its text stands under times now.
func Recognise(doc *document.Document) {
	switch doc.Kind {
	case document.KindDocument, document.KindText:
	default:
		return
	}
	if doc.Transcript != nil || len(doc.Sections) == 0 {
		return
	}
	text, ok := talkText(doc)
	if !ok {
		return
	}
	us, ok := parseDialogue(text)
	if !ok {
		return
	}
	t := complete(&document.Transcript{Source: "import", Title: doc.Title, Date: doc.Date, Utterances: us})
	doc.Kind, doc.Transcript, doc.Sections = document.KindTranscript, t, Sections(t)
	if doc.Language == "" {
		doc.Language = t.Language
	}
	for _, p := range Speakers(t) {
		if !slices.Contains(doc.People, p) {
			doc.People = append(doc.People, p)
		}
	}
}

// talkText is the text from the talk's heading on, or all of it. ok is false when
// there are no three turns near its beginning: documents are many, and reading
// each as a transcript would cost more than reading it.
func talkText(doc *document.Document) (string, bool) {
	var all []string
	start := 0
	for _, s := range doc.Sections {
		if talkHeading.MatchString(strings.TrimSpace(s.Heading)) {
			start = len(all)
		}
		for line := range strings.SplitSeq(s.Text, "\n") {
			if len(line) <= longestHeading && mayBeHeading(line) && talkHeading.MatchString(line) {
				start = len(all) + 1
			}
			all = append(all, strings.TrimPrefix(line, "\ufeff"))
		}
		all = append(all, "")
	}
	all = all[min(start, len(all)):]
	turns, seen := 0, 0
	for _, line := range all {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if seen++; seen > lookLines {
			break
		}
		if !strings.Contains(line, ":") { // no clock
			continue
		}
		if _, ok := parseTurn(plainLine(line)); ok {
			turns++
		}
		if clockAlone.MatchString(line) {
			turns++
		}
	}
	if turns < 2 {
		return "", false
	}
	return strings.Join(all, "\n"), true
}
