package transcribe

import (
	"cmp"
	"slices"
	"strings"

	"guidang/extractors/document"
)

// Merge makes one transcript of those of the tracks of one recording, each with
// one speaker; name names the n-th, from 1.
func Merge(tracks []*Heard, name func(n int, language string) string) *Heard {
	if len(tracks) == 1 {
		return tracks[0]
	}
	out := &Heard{Transcript: &document.Transcript{Source: "engine"}}
	t := out.Transcript
	spoken := map[string]float64{}
	sum, time := 0.0, 0.0
	for _, h := range tracks {
		out.Sent += h.Sent
		out.Parts += h.Parts
		out.Damage = cmp.Or(out.Damage, h.Damage)
		t.Duration = max(t.Duration, h.Transcript.Duration)
		if t.Engine == nil || len(t.Engine.Model) == 0 {
			t.Engine = h.Transcript.Engine
		}
		t.Quality = worse(t.Quality, h.Transcript.Quality)
		length := 0.0
		for _, u := range h.Transcript.Utterances {
			length += u.End - u.Start
		}
		spoken[h.Transcript.Language] += length
		if spoken[h.Transcript.Language] > spoken[t.Language] || t.Language == "" {
			t.Language = h.Transcript.Language
		}
		if h.Transcript.Confidence > 0 {
			sum += h.Transcript.Confidence * length
			time += length
		}
	}
	if time > 0 {
		t.Confidence = round(sum / time)
	}
	n := 0
	for _, h := range tracks {
		if len(h.Transcript.Utterances) == 0 {
			continue
		}
		n++
		for _, u := range h.Transcript.Utterances {
			u.Speaker = name(n, t.Language)
			t.Utterances = append(t.Utterances, u)
		}
		t.Dropped = append(t.Dropped, h.Transcript.Dropped...)
	}
	inTime(t.Utterances)
	inTime(t.Dropped)
	return out
}

// inTime orders utterances by their beginning and numbers them.
func inTime(all []document.Utterance) {
	slices.SortStableFunc(all, func(a, b document.Utterance) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), strings.Compare(a.Speaker, b.Speaker))
	})
	for n := range all {
		all[n].ID = n + 1
	}
}

// worse is the lower of two levels of quality.
func worse(a, b string) string {
	order := []string{QualityLow, QualityFair, QualityGood, ""}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}
