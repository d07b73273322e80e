package transcribe

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

// TestSharpen places an utterance by what a neural detector heard: the level says
// that a fan is a voice.
func TestSharpen(t *testing.T) {
	t.Parallel()
	loud := []span{{samplesOf(100), samplesOf(120)}}
	for name, c := range map[string]struct {
		speech     [][2]float64
		start, end float64
		hollow     bool
	}{
		"nobody has listened":    {nil, 100.5, 112, false},
		"a fan before and after": {[][2]float64{{2.5, 5}, {5.6, 9.5}}, 102.4, 109.7, false},
		"it begins within":       {[][2]float64{{0, 5}}, 100.5, 105.2, false},
		"its neighbours' ends":   {[][2]float64{{0, 0.7}, {6, 9}, {11.8, 15}}, 105.9, 109.2, false},
		"a short word":           {[][2]float64{{3, 3.2}}, 102.9, 103.4, false},
		"other talk beside":      {[][2]float64{{13, 15}}, 100.5, 112, true},
		"nobody speaks":          {[][2]float64{}, 100.5, 112, true},
		"beyond the sound":       {[][2]float64{{3, 500}}, 102.9, 112, false},
	} {
		h := &heard{part: part{From: samplesOf(100), To: samplesOf(120), Voice: loud},
			answer: &answer{Text: "好的", Segments: []segment{{Start: 0.5, End: 12, Text: "好的，我们开会。"}}, Speech: c.speech}}
		p := place(h)[0]
		if math.Abs(p.start-c.start) > 0.01 || math.Abs(p.end-c.end) > 0.01 || p.hollow != c.hollow {
			t.Errorf("%s: %.2f–%.2f, hollow %v", name, p.start, p.end, p.hollow)
		}
	}
}

// TestSpeechIsKept reads what the local engine says of speech, keeps it with the
// answer, and tells nobody speaking from nobody listening.
func TestSpeechIsKept(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][][2]float64{
		`{"text":"好","speech":[[0.5,1.25],[2,3]]}`: {{0.5, 1.25}, {2, 3}},
		`{"text":"","segments":[],"speech":[]}`:    {},
		`{"text":"好"}`:                             nil,
		`{"text":"好","speech":"yes"}`:              nil,
		`{"text":"好","speech":null}`:               nil,
	} {
		a, _, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		again := &answer{}
		if err := json.Unmarshal(data, again); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Speech, want) || (again.Speech == nil) != (want == nil) {
			t.Errorf("%s: %v", text, again.Speech)
		}
	}
}
