package transcribe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// answer is what a service heard in a part, as it said it. This is what is
// kept, so that a better check can be made of old answers without paying again.
type answer struct {
	Model    string    `json:"model"` // that was asked for
	Server   string    `json:"server"`
	Language string    `json:"language,omitempty"` // a code
	Text     string    `json:"text"`
	Segments []segment `json:"segments,omitempty"`
	Prompt   string    `json:"prompt,omitempty"` // that went with it

	// Speech is where a neural detector hears somebody speak, start and end in
	// seconds; the local engine tells it. nil: nobody has listened so; empty: nobody
	// speaks.
	Speech [][2]float64 `json:"speech,omitzero"`
}

// segment is a stretch of it. Times are seconds from the part's beginning. What
// a service did not say is nil.
type segment struct {
	Start       float64  `json:"start"`
	End         float64  `json:"end"`
	Text        string   `json:"text"`
	Speaker     string   `json:"speaker,omitempty"`
	LogProb     *float64 `json:"avg_logprob,omitempty"`
	NoSpeech    *float64 `json:"no_speech_prob,omitempty"`
	Compression *float64 `json:"compression_ratio,omitempty"`
	Words       []word   `json:"words,omitempty"`
}

type word struct {
	Start       float64  `json:"start"`
	End         float64  `json:"end"`
	Word        string   `json:"word"`
	Probability *float64 `json:"probability,omitempty"`
}

var errNoAnswer = errors.New("what the service sent is no answer")

// maxAnswer bounds an answer: ten minutes of talk with words are 200 kB.
const maxAnswer = 16 << 20

// decode reads an answer in any form that a service gives it: verbose JSON,
// plain JSON, a JSON string, text. times says whether it has any.
func decode(body []byte) (a *answer, times bool, err error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		return &answer{}, false, nil // a text answer about a part without words
	}
	switch body[0] {
	case '{':
		return decodeObject(body)
	case '"':
		// QUIRK: the FunASR server answers response_format=text with a JSON string.
		var text string
		if err := json.Unmarshal(body, &text); err != nil {
			return nil, false, fmt.Errorf("%w: a JSON string that breaks off", errNoAnswer)
		}
		return &answer{Text: strings.TrimSpace(text)}, false, nil
	case '<':
		// A proxy's login page comes with status 200.
		if low := bytes.ToLower(body[:min(len(body), 256)]); bytes.HasPrefix(low, []byte("<!doctype")) || bytes.HasPrefix(low, []byte("<html")) || bytes.HasPrefix(low, []byte("<?xml")) {
			return nil, false, fmt.Errorf("%w: it is a web page", errNoAnswer)
		}
	case '[':
		if json.Valid(body) {
			return nil, false, fmt.Errorf("%w: it is a JSON list", errNoAnswer)
		}
	}
	return &answer{Text: string(body)}, false, nil
}

// number is a number that some servers write as text, and as null.
type number struct {
	v  float64
	ok bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	n.v, n.ok = v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
	return nil // what is no number was not said
}

func (n number) pointer() *float64 {
	if !n.ok {
		return nil
	}
	return &n.v
}

type wireWord struct {
	Start       number `json:"start"`
	End         number `json:"end"`
	Word        string `json:"word"`
	Text        string `json:"text"`
	Probability number `json:"probability"`
	Score       number `json:"score"`
}

type wireSegment struct {
	Start       number          `json:"start"`
	End         number          `json:"end"`
	Text        string          `json:"text"`
	Speaker     json.RawMessage `json:"speaker"` // a name or a number
	LogProb     number          `json:"avg_logprob"`
	NoSpeech    number          `json:"no_speech_prob"`
	Compression number          `json:"compression_ratio"`
	Words       []wireWord      `json:"words"`
}

func decodeObject(body []byte) (*answer, bool, error) {
	var w struct {
		Text     *string         `json:"text"`
		Language string          `json:"language"`
		Segments []wireSegment   `json:"segments"`
		Words    []wireWord      `json:"words"`
		Speech   json.RawMessage `json:"speech"`
		Error    json.RawMessage `json:"error"`
		Detail   json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, false, fmt.Errorf("%w: it breaks off or is no JSON", errNoAnswer)
	}
	if w.Text == nil && w.Segments == nil {
		if why := complaint(body); why != "" {
			return nil, false, fmt.Errorf("%w: %s", errNoAnswer, why)
		}
		return nil, false, fmt.Errorf("%w: it holds no text", errNoAnswer)
	}
	a := &answer{Language: languageCode(w.Language)}
	if len(w.Speech) > 0 && json.Unmarshal(w.Speech, &a.Speech) != nil {
		a.Speech = nil // somebody else's field of that name
	}
	if w.Text != nil {
		a.Text = strings.TrimSpace(*w.Text)
	}
	timed := 0
	for _, s := range w.Segments {
		text := strings.TrimSpace(s.Text)
		if text == "" {
			continue
		}
		out := segment{Start: s.Start.v, End: s.End.v, Text: text, Speaker: speaker(s.Speaker), LogProb: s.LogProb.pointer(), NoSpeech: s.NoSpeech.pointer(),
			Compression: s.Compression.pointer(), Words: words(s.Words)}
		if s.End.ok && s.End.v > s.Start.v {
			timed++
		}
		a.Segments = append(a.Segments, out)
	}
	// QUIRK: timestamp_granularities ["word"] leaves segments out; the words carry
	// the times then.
	if len(a.Segments) == 0 && len(w.Words) > 0 {
		a.Segments = fromWords(words(w.Words))
		timed = len(a.Segments)
	} else {
		share(a.Segments, words(w.Words))
	}
	if a.Text == "" {
		var all []string
		for _, s := range a.Segments {
			all = append(all, s.Text)
		}
		a.Text = strings.Join(all, " ")
	}
	return a, timed > 0 && timed == len(a.Segments), nil
}

func words(in []wireWord) []word {
	var out []word
	for _, w := range in {
		text := w.Word
		if text == "" {
			text = w.Text
		}
		if strings.TrimSpace(text) == "" || !w.End.ok {
			continue
		}
		p := w.Probability.pointer()
		if p == nil {
			p = w.Score.pointer()
		}
		out = append(out, word{Start: w.Start.v, End: w.End.v, Word: text, Probability: p})
	}
	return out
}

// share gives words that stand beside the segments to the segment in which they
// lie.
func share(segments []segment, all []word) {
	n := 0
	for _, w := range all {
		middle := (w.Start + w.End) / 2
		for n+1 < len(segments) && middle >= segments[n+1].Start {
			n++
		}
		if n < len(segments) && middle >= segments[n].Start && middle <= segments[n].End {
			segments[n].Words = append(segments[n].Words, w)
		}
	}
}

// fromWords makes segments of words alone: a pause or a sentence's end closes one.
func fromWords(all []word) []segment {
	var out []segment
	for n, w := range all {
		last := len(out) - 1
		if n == 0 || w.Start-all[n-1].End > 0.6 || endsSentence(out[last].Text) || len(out[last].Text) > 200 {
			out = append(out, segment{Start: w.Start, End: w.End, Text: strings.TrimSpace(w.Word), Words: []word{w}})
			continue
		}
		s := &out[last]
		s.End = max(s.End, w.End)
		s.Words = append(s.Words, w)
		s.Text = glue(s.Text, w.Word)
	}
	return out
}

// glue joins two words: Han characters without a space between them.
func glue(a, b string) string {
	if strings.HasPrefix(b, " ") || a == "" || !spaced(lastRune(a)) && !spaced(firstRune(b)) {
		return strings.TrimRight(a, " ") + b
	}
	if spaced(lastRune(a)) && spaced(firstRune(b)) {
		return a + " " + b
	}
	return a + b
}

func speaker(raw json.RawMessage) string {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return strings.TrimSpace(name)
	}
	var n int
	if json.Unmarshal(raw, &n) == nil && len(raw) > 0 && string(raw) != "null" {
		return "SPEAKER_" + strconv.Itoa(n)
	}
	return ""
}

// complaint is what an error's body says, short and without the text of what
// was sent: {"error":"…"}, {"error":{"message":"…"}}, {"detail":…}, {"message":"…"}.
func complaint(body []byte) string {
	var w map[string]json.RawMessage
	if json.Unmarshal(body, &w) != nil {
		if text := string(bytes.TrimSpace(body)); len(text) > 0 && text[0] != '<' {
			return short(text)
		}
		return ""
	}
	for _, key := range []string{"error", "detail", "message", "msg"} {
		raw, ok := w[key]
		if !ok {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return short(text)
		}
		var inner struct {
			Message string `json:"message"`
			Param   string `json:"param"`
		}
		if json.Unmarshal(raw, &inner) == nil && inner.Message != "" {
			return short(strings.TrimSpace(inner.Message + " " + inner.Param))
		}
		return short(string(raw))
	}
	return ""
}

func short(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
