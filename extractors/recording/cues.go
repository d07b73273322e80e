package recording

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// cueTimes finds a cue's times. It takes what WebVTT and SRT write and what the
// wild makes of them: hours left out, a comma or a point, one to three digits.
var cueTimes = regexp.MustCompile(`^\s*((?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)`)

var (
	voiceTag = regexp.MustCompile(`<v(?:\.[^\s>]*)?\s+([^>]*)>`)
	anyTag   = regexp.MustCompile(`</?[a-zA-Z0-9][^<>]*>|\{\\[^{}]*\}`)
)

// maxCues bounds a transcript; a day of talk has about 30,000.
const maxCues = 200_000

// parseCues reads WebVTT and SRT, which differ in less than what tools make of
// them: whatever stands behind a line of times, up to a blank line, is a cue;
// numbers, NOTE, STYLE and REGION blocks lie outside of cues and so drop out.
func parseCues(text string) []document.Utterance {
	var out []document.Utterance
	lines := splitLines(text)
	for i := 0; i < len(lines) && len(out) < maxCues; i++ {
		m := cueTimes.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		start, end := seconds(m[1]), seconds(m[2])
		if end < start {
			end = start
		}
		var body []string
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" && !cueTimes.MatchString(lines[i+1]) {
			i++
			body = append(body, strings.TrimSpace(lines[i]))
		}
		// QUIRK: without a blank line between cues, the next cue's number is the
		// last line read.
		if n := len(body); n > 0 && i+1 < len(lines) && cueTimes.MatchString(lines[i+1]) {
			if _, err := strconv.Atoi(body[n-1]); err == nil {
				body = body[:n-1]
			}
		}
		for _, v := range voices(joinLines(body)) {
			out = append(out, document.Utterance{Start: start, End: end, Speaker: v.name, Text: v.text})
		}
	}
	takePrefixes(out)
	return number(joinBroken(out))
}

type voice struct{ name, text string }

// voices parts a cue by its voice spans (WebVTT 3.5, `<v Name>`); Teams puts
// one in every cue. Other tags are dropped, entities resolved.
func voices(body string) []voice {
	marks := voiceTag.FindAllStringSubmatchIndex(body, -1)
	plain := func(s string) string {
		return strings.TrimSpace(html.UnescapeString(anyTag.ReplaceAllString(s, "")))
	}
	var out []voice
	add := func(name, text string) {
		if text = plain(text); text != "" {
			out = append(out, voice{strings.TrimSpace(html.UnescapeString(name)), text})
		}
	}
	if len(marks) == 0 {
		add("", body)
		return out
	}
	add("", body[:marks[0][0]])
	for i, m := range marks {
		end := len(body)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		add(body[m[2]:m[3]], body[m[1]:end])
	}
	return out
}

// takePrefixes turns "Name: text" into a speaker where the transcript as a whole
// is written so: half of the cues without a voice, or the same name three times.
// One "注意：…" in a talk without names is no speaker.
func takePrefixes(us []document.Utterance) {
	counts, with, without := map[string]int{}, 0, 0
	for _, u := range us {
		if u.Speaker != "" {
			continue
		}
		without++
		if name, _, ok := prefix(u.Text); ok {
			with++
			counts[name]++
		}
	}
	for i := range us {
		if us[i].Speaker != "" {
			continue
		}
		if name, rest, ok := prefix(us[i].Text); ok && (with*2 >= without && without >= 2 || counts[name] >= 3) {
			us[i].Speaker, us[i].Text = name, rest
		}
	}
}

// prefix parts "Name: text"; the colon may be full-width.
func prefix(s string) (name, rest string, ok bool) {
	at := strings.IndexAny(s, ":：")
	if at <= 0 {
		return "", "", false
	}
	name = strings.TrimSpace(s[:at])
	rest = strings.TrimSpace(strings.TrimLeft(s[at:], ":："))
	return name, rest, rest != "" && plausibleName(name)
}

// plausibleName says whether a word before a colon or a time can be a speaker.
func plausibleName(name string) bool {
	if name == "" || len([]rune(name)) > 32 || len(strings.Fields(name)) > 5 {
		return false
	}
	if strings.ContainsAny(name, "，。！？；、,!?;\"“”<>=/\\|") || clockOnly.MatchString(name) || dateLike.MatchString(name) {
		return false
	}
	return !logWord(name)
}

// logWord is what stands in a log where a talk has a name.
func logWord(s string) bool {
	switch strings.ToUpper(s) {
	case "INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL", "NOTICE", "HTTP", "HTTPS":
		return true
	}
	return false
}

var (
	clockOnly = regexp.MustCompile(`^[\d\s:：.,-]+$`)
	dateLike  = regexp.MustCompile(`\d{4}[-/.年]\d{1,2}`)
)

// joinBroken joins cues that cut one speaker's sentence in two: same named
// speaker, at most two seconds between, and no end of a sentence before. Cues
// without a speaker stay as they are, since nothing says who goes on.
func joinBroken(us []document.Utterance) []document.Utterance {
	out := us[:0]
	for _, u := range us {
		if n := len(out); n > 0 && u.Speaker != "" {
			p := &out[n-1]
			if p.Speaker == u.Speaker && u.Start-p.End <= 2 && u.Start >= p.Start &&
				!endsSentence(p.Text) && len(p.Text)+len(u.Text) <= 600 {
				p.Text = joinText(p.Text, u.Text)
				p.End = max(p.End, u.End)
				continue
			}
		}
		out = append(out, u)
	}
	return out
}

func endsSentence(s string) bool {
	r := []rune(strings.TrimRight(s, " \"”’)）"))
	return len(r) > 0 && strings.ContainsRune("。！？.!?…", r[len(r)-1])
}

func number(us []document.Utterance) []document.Utterance {
	for i := range us {
		us[i].ID = i + 1
	}
	return us
}

// seconds reads [H:]MM:SS[.mmm].
func seconds(s string) float64 {
	s = strings.ReplaceAll(s, ",", ".")
	total := 0.0
	for part := range strings.SplitSeq(s, ":") {
		n, _ := strconv.ParseFloat(part, 64)
		total = total*60 + n
	}
	return total
}

func splitLines(s string) []string {
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n")
}

func joinLines(lines []string) string {
	out := ""
	for _, l := range lines {
		out = joinText(out, l)
	}
	return out
}

// joinText joins two pieces with a space, but none between Chinese.
func joinText(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	ra, rb := []rune(a), []rune(b)
	if isWide(ra[len(ra)-1]) || isWide(rb[0]) {
		return a + b
	}
	return a + " " + b
}

// isWide is true for Han, kana and their punctuation.
func isWide(r rune) bool { return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xffef }
