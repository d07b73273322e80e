package transcribe

import (
	"fmt"
	"testing"

	"guidang/extractors/document"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	track := func(language, quality string, us ...document.Utterance) *Heard {
		return &Heard{Sent: 1, Parts: 2, Transcript: &document.Transcript{Language: language, Quality: quality, Confidence: 0.8, Duration: 60, Utterances: us, Engine: &document.Engine{Model: "m"}}}
	}
	got := Merge([]*Heard{
		track("zh", QualityGood, document.Utterance{ID: 1, Start: 1, End: 4, Text: "一"}, document.Utterance{ID: 2, Start: 9, End: 12, Text: "三"}),
		track("en", QualityLow), // nobody speaks
		track("zh", QualityFair, document.Utterance{ID: 1, Start: 3, End: 8, Text: "二"}),
	}, func(n int, language string) string { return fmt.Sprint(language, n) })
	if got.Sent != 3 || got.Parts != 6 || got.Transcript.Language != "zh" || got.Transcript.Quality != QualityLow || got.Transcript.Confidence != 0.8 {
		t.Errorf("%+v", got.Transcript)
	}
	text := ""
	for _, u := range got.Transcript.Utterances {
		text += fmt.Sprint(u.ID, u.Speaker, u.Text, " ")
	}
	if text != "1zh1一 2zh2二 3zh1三 " {
		t.Errorf("%q", text)
	}
}

// The speakers of one part are not those of another, unless they have names.
func TestSpeakersOfParts(t *testing.T) {
	t.Parallel()
	at := func(from int64, speakers ...string) *heard {
		h := &heard{part: part{From: from * Rate, To: (from + 10) * Rate, Own: [2]int64{from * Rate, (from + 10) * Rate}, Voice: []span{{from * Rate, (from + 10) * Rate}}}, answer: &answer{}}
		for n, s := range speakers {
			h.answer.Segments = append(h.answer.Segments, segment{Start: float64(3 * n), End: float64(3*n + 2), Text: "好的", Speaker: s})
		}
		return h
	}
	text := ""
	for _, p := range join([]*heard{at(0, "A", "B"), at(20, "A", "张建国"), at(40, "")}) {
		text += p.speaker + " "
	}
	if text != "A·1 B·1 A·2 张建国  " {
		t.Errorf("%q", text)
	}
	if got := join([]*heard{at(0, "A", "B")}); got[0].speaker != "A" {
		t.Errorf("one part alone: %q", got[0].speaker)
	}
}
