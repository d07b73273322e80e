package transcribe

import (
	"context"
	"slices"
	"strings"
)

const (
	// hole is how many seconds of voice without a word are asked for again: a word
	// or two may be a cough.
	hole = 1.5

	holeEdge  = 0.3 // a segment's times are this far off
	holeApart = 1.0 // less silence between two holes makes them one
	mostHoles = 4   // of a part
)

// looping says whether an answer repeats itself as an engine does that has lost
// its way.
func looping(a *answer) bool {
	if _, loops := collapse(a.Text); loops {
		return true
	}
	times, last := 0, ""
	for _, s := range a.Segments {
		if text := letters(s.Text); text == last && weight(text) >= 5 {
			times++
		} else {
			times, last = 1, text
		}
		if times >= sameTimes {
			return true
		}
	}
	return false
}

// fill asks once more for what a service left out: where there is a voice, and no
// word for it, between words.
//
// QUIRK: Whisper ends a window after a long pause, or where music or noise begins,
// and says nothing of who speaks afterwards. Of 27 clips put together it left out
// two so.
func (h *hearer) fill(ctx context.Context, p *part, a *answer) (*answer, error) {
	if len(a.Segments) == 0 || p.Steady || !trusted(ordered(a.Segments), seconds(p.To-p.From)) {
		return a, nil
	}
	out := a
	voice := p.Voice
	if heard := a.spoken(p); heard != nil {
		voice = heard // music and machines are not asked for again
	}
	for _, s := range holes(p, voice, a.Segments) {
		from, to := int(s.From-p.From)*sampleBytes, int(s.To-p.From)*sampleBytes
		sub := &part{From: s.From, To: s.To, PCM: p.PCM[from:min(to, len(p.PCM))]}
		b, err := h.hear(ctx, sub, 1)
		if err != nil {
			return nil, err
		}
		if b.Text == "" {
			continue
		}
		if out == a {
			whole := *a
			whole.Segments = slices.Clone(a.Segments)
			out = &whole
		}
		for _, found := range timed(b, sub) {
			out.Segments = append(out.Segments, found.moved(seconds(s.From-p.From)))
		}
	}
	if out != a {
		out.Segments = ordered(out.Segments)
		var text []string
		for _, s := range out.Segments {
			text = append(text, strings.TrimSpace(s.Text))
		}
		out.Text = strings.Join(text, " ")
	}
	return out, nil
}

// holes are the stretches of a part in which there is a voice and no segment, with
// a little silence around them.
func holes(p *part, voice []span, segments []segment) []span {
	var open []span
	for _, v := range voice {
		left := []span{v}
		for _, s := range segments {
			from, to := p.From+samplesOf(s.Start-holeEdge), p.From+samplesOf(s.End+holeEdge)
			var rest []span
			for _, l := range left {
				if before := (span{l.From, min(l.To, from)}); before.To > before.From {
					rest = append(rest, before)
				}
				if after := (span{max(l.From, to), l.To}); after.To > after.From {
					rest = append(rest, after)
				}
			}
			left = rest
		}
		open = append(open, left...)
	}
	var out []span
	voiced := int64(0)
	flush := func() {
		if voiced < samplesOf(hole) {
			out = out[:max(0, len(out)-1)]
		}
	}
	for _, o := range open {
		if last := len(out) - 1; last >= 0 && voiced > 0 && o.From-out[last].To < samplesOf(holeApart) && !between(p, segments, out[last].To, o.From) {
			out[last].To = o.To
			voiced += o.To - o.From
			continue
		}
		if voiced > 0 {
			flush()
		}
		out = append(out, o)
		voiced = o.To - o.From
	}
	if voiced > 0 {
		flush()
	}
	for n := range out {
		out[n].From = max(out[n].From-samplesOf(holeEdge), p.From)
		out[n].To = min(out[n].To+samplesOf(holeEdge), p.To)
	}
	return out[:min(len(out), mostHoles)]
}

// between says whether a segment lies between two moments.
func between(p *part, segments []segment, from, to int64) bool {
	return slices.ContainsFunc(segments, func(s segment) bool {
		middle := p.From + samplesOf((s.Start+s.End)/2)
		return middle >= from && middle < to
	})
}

func samplesOf(s float64) int64 { return int64(s * Rate) }
