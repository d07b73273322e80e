package transcribe

import (
	"math"
	"slices"
	"strings"
)

// piece is an utterance on its way: what a service heard, placed in the
// recording, with the evidence of the sound.
type piece struct {
	start, end float64 // seconds from the recording's beginning
	text       string
	speaker    string
	confidence float64 // 0: not said
	noSpeech   float64 // 0: not said
	logProb    float64 // 0: not said
	dense      float64 // compression ratio, 0: not said
	voiced     float64 // the share of its time in which there is a voice
	speaking   float64 // the seconds of voice in it
	steady     bool
	hollow     bool   // a neural detector hears nobody in it
	words      []word // from the recording's beginning
	flags      []string
	forced     bool // of a part that was cut within the talk
}

func (p *piece) flag(name string) {
	if !slices.Contains(p.flags, name) {
		p.flags = append(p.flags, name)
	}
}

// place puts what was heard in a part where it was said.
func place(h *heard) []*piece {
	length := seconds(h.To - h.From)
	base := seconds(h.From)
	segments := h.answer.Segments
	if len(segments) == 0 && h.answer.Text != "" {
		segments = sentences(h.answer.Text)
	} else {
		segments = ordered(segments)
	}
	if !trusted(segments, length) {
		segments = spread(segments, h)
	}
	begin, end := h.forced()
	out := make([]*piece, 0, len(segments))
	for _, s := range segments {
		s = s.moved(base)
		p := &piece{start: s.Start, end: s.End, text: strings.TrimSpace(s.Text), speaker: s.Speaker, words: s.Words, steady: h.Steady, forced: begin || end}
		p.start = min(max(p.start, base), base+length)
		p.end = min(max(p.end, p.start), base+length)
		p.confidence = sure(&s)
		p.noSpeech, p.logProb, p.dense = value(s.NoSpeech), value(s.LogProb), value(s.Compression)
		p.snap(h.Voice)
		p.sharpen(h)
		if p.text != "" {
			out = append(out, p)
		}
	}
	return out
}

func value(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// sure is how sure a service was: the mean of its words' probabilities, or what
// the mean of its tokens' logarithms says.
func sure(s *segment) float64 {
	sum, n := 0.0, 0
	for _, w := range s.Words {
		if w.Probability != nil && *w.Probability >= 0 && *w.Probability <= 1 {
			sum += *w.Probability
			n++
		}
	}
	switch {
	case n > 0:
		return sum / float64(n)
	case s.LogProb != nil && *s.LogProb <= 0:
		return math.Exp(*s.LogProb)
	}
	return 0
}

// ordered gives segments by their beginnings; equal ones keep their order.
func ordered(in []segment) []segment {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b segment) int {
		switch {
		case a.Start < b.Start:
			return -1
		case a.Start > b.Start:
			return 1
		}
		return 0
	})
	return out
}

// trusted says whether a service's times can be what it heard.
//
// QUIRK: FunASR spreads the times of text-only models by counting characters;
// others give a part's end beyond its sound, or no times at all.
func trusted(segments []segment, length float64) bool {
	even, least, most := 0, math.Inf(1), 0.0
	for _, s := range segments {
		if s.End <= s.Start || s.Start < -0.5 || s.Start > length || s.End > length+1.5 {
			return false
		}
		n := len([]rune(s.Text))
		if n < 2 {
			continue
		}
		rate := float64(n) / (s.End - s.Start)
		even++
		least, most = min(least, rate), max(most, rate)
	}
	// Nobody speaks five sentences at exactly the same speed.
	return even < 5 || most > least*1.03
}

// spread places texts by how long they take to say, counting only the time in
// which there is a voice.
func spread(segments []segment, h *heard) []segment {
	total := 0.0
	for _, s := range segments {
		total += max(weight(s.Text), 1)
	}
	voice := h.spoken()
	if len(voice) == 0 {
		voice = h.Voice
	}
	all := int64(0)
	for _, v := range voice {
		all += v.To - v.From
	}
	if total == 0 || all == 0 {
		return segments
	}
	at := func(share float64, end bool) float64 {
		left := int64(share * float64(all))
		for n, v := range voice {
			// An end lies at the end of a stretch, a beginning at the next one's.
			if d := v.To - v.From; left < d || left == d && (end || n+1 == len(voice)) {
				return seconds(v.From + left - h.From)
			}
			left -= v.To - v.From
		}
		return seconds(voice[len(voice)-1].To - h.From)
	}
	out := slices.Clone(segments)
	done := 0.0
	for n := range out {
		out[n].Start = at(done/total, false)
		done += max(weight(out[n].Text), 1)
		out[n].End = max(at(done/total, true), out[n].Start)
		out[n].Words = nil
	}
	return out
}

// sentences cuts a text without times.
func sentences(text string) []segment {
	var out []segment
	from := 0
	runes := []rune(text)
	for n, r := range runes {
		last := n+1 == len(runes)
		stop := strings.ContainsRune("。！？!?；;…", r) || r == '.' && (last || runes[n+1] == ' ') || r == '\n'
		if !last && (!stop || strings.ContainsRune("。！？!?；;….\"”’』」", runes[n+1])) {
			continue
		}
		if s := strings.TrimSpace(string(runes[from : n+1])); s != "" {
			out = append(out, segment{Text: s})
		}
		from = n + 1
	}
	return out
}

const (
	before = 0.1 // seconds of silence that may stay before the voice
	after  = 0.2
)

// snap takes the silence off an utterance's ends, and measures its voice.
//
// QUIRK: Whisper lets the first segment begin at 0.00 and the last one end with
// the sound, whatever lies in between.
func (p *piece) snap(voice []span) {
	first, last, total := math.Inf(1), 0.0, 0.0
	for _, v := range voice {
		from, to := seconds(v.From), seconds(v.To)
		if to <= p.start || from >= p.end {
			continue
		}
		first, last = min(first, from), max(last, to)
		total += min(to, p.end) - max(from, p.start)
	}
	length := p.end - p.start
	p.speaking = total
	if length > 0 {
		p.voiced = total / length
	}
	if total > 0 {
		p.start = max(p.start, first-before)
		p.end = max(p.start, min(p.end, last+after))
	}
}

// spoken is where a neural detector hears somebody in a part, from the recording's
// beginning; nil where none has listened.
func (h *heard) spoken() []span { return h.answer.spoken(&h.part) }

func (a *answer) spoken(p *part) []span {
	if a.Speech == nil {
		return nil
	}
	out := make([]span, 0, len(a.Speech))
	for _, s := range a.Speech {
		from, to := max(p.From+samplesOf(s[0]), p.From), min(p.From+samplesOf(s[1]), p.To)
		if from < to {
			out = append(out, span{from, to})
		}
	}
	return out
}

// sharpen takes off an utterance's ends what is loud and no speech, where a neural
// detector has listened: a fan that begins, a door, the music before a talk. What
// it does not hear at all stays where it is: it misses a whisper, too.
func (p *piece) sharpen(h *heard) {
	speech := h.spoken()
	if speech == nil {
		return
	}
	// The end of the sentence before is not this one's beginning, though a segment's
	// times may be so far off: what hardly lies in it counts only where nothing else does.
	first, last := p.within(speech, sliver)
	if last == 0 {
		first, last = p.within(speech, 0)
	}
	if p.hollow = last == 0; !p.hollow {
		p.start = max(p.start, first-before)
		p.end = max(p.start, min(p.end, last+after))
	}
}

// sliver is how many seconds of speech in an utterance may be its neighbour's.
const sliver = 0.3

// within is from when to when speech is heard in a piece, in stretches of which
// more than least lies in it; last is 0 if there is none.
func (p *piece) within(speech []span, least float64) (first, last float64) {
	first = math.Inf(1)
	for _, v := range speech {
		from, to := seconds(v.From), seconds(v.To)
		if min(to, p.end)-max(from, p.start) > least {
			first, last = min(first, from), max(last, to)
		}
	}
	return first, last
}
