package recording

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Keys under which services put the parts of an utterance, best first. No
// standard names them: these are Whisper's and OpenAI's (segments, start, end,
// text, speaker), Tingwu's (Paragraphs, Words, SpeakerId), Feishu's (paragraphs,
// sentences, start_time), iFlytek's (onebest, bg, ed), FunASR's (sentence_info,
// spk) and those of the services that copy them.
var (
	jsonText    = []string{"text", "onebest", "content", "sentence", "transcript", "display_text", "word"}
	jsonStart   = []string{"start", "bg", "begin", "start_time", "begin_time", "starttime", "begintime", "start_ms", "offset", "from"}
	jsonEnd     = []string{"end", "ed", "finish", "end_time", "endtime", "end_ms", "to"}
	jsonSpeaker = []string{"speaker", "speaker_name", "speakername", "spk", "speaker_id", "speakerid", "role", "user_name", "username", "name"}
	jsonInner   = []string{"words", "sentences", "segments", "items"}
	jsonNames   = []string{"name", "user_name", "username", "speaker_name", "nick_name", "nickname", "id", "speaker_id"}
)

// maxJSONDepth bounds the search for the list of utterances.
const maxJSONDepth = 8

// parseAnyJSON reads the longest list of things said, wherever it stands.
func parseAnyJSON(data []byte) ([]document.Utterance, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var whole any
	if d.Decode(&whole) != nil {
		return nil, false
	}
	best := longest(whole, 0)
	if len(best) == 0 {
		return nil, false
	}
	scale, last := 1.0, 0.0
	round := true
	for _, s := range best {
		round = round && s.start == math.Trunc(s.start) && s.end == math.Trunc(s.end)
		last = max(last, s.start, s.end)
	}
	// Whole numbers are milliseconds when an utterance on average would last more
	// than five minutes as seconds.
	if round && last/float64(len(best)) > 300 {
		scale = 1000
	}
	var out []document.Utterance
	for i, s := range best {
		u := document.Utterance{Start: s.start / scale, End: s.end / scale, Speaker: s.speaker, Text: s.text}
		if u.End < u.Start {
			u.End = u.Start
			if i+1 < len(best) {
				u.End = max(best[i+1].start/scale, u.Start)
			}
		}
		out = append(out, u)
	}
	return number(joinBroken(out)), true
}

type saidThing struct {
	start, end    float64
	speaker, text string
}

// longest is the longest list of things said in a value.
func longest(v any, depth int) []saidThing {
	if depth > maxJSONDepth {
		return nil
	}
	var best []saidThing
	take := func(list []saidThing) {
		if len(list) > len(best) {
			best = list
		}
	}
	switch v := v.(type) {
	case []any:
		var own []saidThing
		for _, e := range v[:min(len(v), maxCues)] {
			if m, ok := e.(map[string]any); ok {
				if s, ok := thing(lowered(m)); ok {
					own = append(own, s)
					continue
				}
			}
			take(longest(e, depth+1))
		}
		if len(own) > 0 { // what lies in its elements is the same in smaller pieces
			return own
		}
	case map[string]any:
		for _, e := range v {
			take(longest(e, depth+1))
		}
	case string:
		// QUIRK: iFlytek gives the list as a string within its answer (its long-form
		// API, "data").
		if strings.HasPrefix(strings.TrimSpace(v), "[{") {
			var inner any
			d := json.NewDecoder(strings.NewReader(v))
			d.UseNumber()
			if d.Decode(&inner) == nil {
				take(longest(inner, depth+1))
			}
		}
	}
	return best
}

// lowered is an object with small keys.
func lowered(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

// thing is an object that says something at a time. One that holds words or
// sentences instead of a text is put together from them.
func thing(m map[string]any) (s saidThing, ok bool) {
	var timed bool
	s.start, timed = numberOf(m, jsonStart)
	s.end, _ = numberOf(m, jsonEnd)
	for _, key := range jsonText {
		if t, ok := m[key].(string); ok && strings.TrimSpace(t) != "" {
			s.text = strings.TrimSpace(t)
			break
		}
	}
	s.speaker = speakerOf(m)
	if s.text == "" || !timed {
		for _, key := range jsonInner {
			list, ok := m[key].([]any)
			if !ok || len(list) == 0 {
				continue
			}
			text, first := "", true
			for _, e := range list {
				inner, ok := e.(map[string]any)
				if !ok {
					continue
				}
				part, ok := thing(lowered(inner))
				if !ok {
					continue
				}
				if first && !timed {
					s.start, timed = part.start, true
				}
				first = false
				text = joinText(text, part.text)
				s.end = max(s.end, part.end)
			}
			if s.text == "" {
				s.text = text
			}
			break
		}
	}
	return s, timed && s.text != "" && s.start >= 0 && s.start < 1e9
}

// numberOf reads a number that may be written as a string or as a clock.
func numberOf(m map[string]any, keys []string) (float64, bool) {
	for _, key := range keys {
		var text string
		switch v := m[key].(type) {
		case json.Number:
			text = v.String()
		case string:
			text = strings.TrimSpace(v)
		default:
			continue
		}
		if n, err := strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n, true
		}
		if clockOnly.MatchString(text) && strings.Contains(text, ":") {
			return seconds(text), true
		}
	}
	return 0, false
}

func speakerOf(m map[string]any) string {
	for _, key := range jsonSpeaker {
		switch v := m[key].(type) {
		case string:
			if s := strings.TrimSpace(v); s != "" {
				return s
			}
		case json.Number:
			return v.String()
		case map[string]any:
			inner := lowered(v)
			for _, k := range jsonNames {
				switch n := inner[k].(type) {
				case string:
					if n != "" {
						return n
					}
				case json.Number:
					return n.String()
				}
			}
		}
	}
	return ""
}
