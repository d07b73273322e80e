package speakers

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"guidang/engines"
	"guidang/extractors/document"
)

// talk is stereo sound of n seconds: loud gives how loud each channel is in each
// half second, of 32,768.
func talk(n int, loud func(half int) (left, right float64)) []byte {
	var out []byte
	for i := range n * rate {
		l, r := loud(i / (rate / 2))
		wave := math.Sin(2 * math.Pi * 300 * float64(i) / rate)
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(l*wave)))
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(r*wave)))
	}
	return out
}

func TestApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		loud func(half int) (float64, float64)
		want []int
	}{
		"a telephone":       {func(h int) (float64, float64) { return float64(9000 * (h % 2)), float64(9000 * (1 - h%2)) }, []int{0, 1}},
		"heard through air": {func(h int) (float64, float64) { return float64(900 + 8000*(h%2)), float64(8900 - 8000*(h%2)) }, []int{0, 1}},
		"often at once":     {func(h int) (float64, float64) { return []float64{9000, 0, 9000}[h%3], []float64{0, 9000, 9000}[h%3] }, []int{0, 1}},
		"one room":          {func(int) (float64, float64) { return 9000, 6000 }, nil},
		"the same twice":    {func(h int) (float64, float64) { return float64(9000 * (h % 2)), float64(9000 * (h % 2)) }, nil},
		"one dead channel":  {func(int) (float64, float64) { return 9000, 0 }, nil},
		"nobody":            {func(int) (float64, float64) { return 3, 0 }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Apart(t.Context(), bytes.NewReader(talk(6, c.loud)), 2)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	if got, err := Apart(t.Context(), bytes.NewReader(make([]byte, 64)), 1); got != nil || err != nil {
		t.Errorf("one channel: %v, %v", got, err)
	}
}

func TestChannel(t *testing.T) {
	t.Parallel()
	sound := talk(2, func(h int) (float64, float64) { return float64(900 + 8000*(h%2)), float64(8900 - 8000*(h%2)) })
	sound = sound[:len(sound)-100*4] // the last frame is not whole
	for which := range 2 {
		got, err := io.ReadAll(NewChannel(io.NopCloser(bytes.NewReader(sound)), 2, which))
		if err != nil || len(got) != len(sound)/2 {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		for half := range 4 {
			middle := got[half*rate+4*frame : half*rate+rate-4*frame]
			if loud := level(middle, 1, 0) > -30; loud != (half%2 != which) {
				t.Errorf("channel %d, half second %d: %.0f dB", which, half, level(middle, 1, 0))
			}
		}
	}
}

func TestByVoice(t *testing.T) {
	t.Parallel()
	// The voice of each second is told by its level.
	ask := func(_ context.Context, wave io.Reader, spans [][2]float64) ([]engines.Window, error) {
		data, err := io.ReadAll(wave)
		if err != nil {
			return nil, err
		}
		var out []engines.Window
		for _, s := range spans {
			for at := s[0]; at+1 <= s[1]; at++ {
				pcm := data[44+int(at*rate)*2 : 44+int((at+1)*rate)*2]
				voice := []float32{1, 0}
				if level(pcm, 1, 0) < -20 {
					voice = []float32{0, 1}
				}
				out = append(out, engines.Window{Start: at, End: at + 1, Voice: voice})
			}
		}
		return out, nil
	}
	pcm := make([]byte, 0, 620*rate*2)
	for i := range 620 * rate { // two people by turns of ten seconds
		v := 12000.0
		if i/(10*rate)%2 == 1 {
			v = 1500
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v*math.Sin(float64(i)/8))))
	}
	tr := &document.Transcript{}
	for n := range 62 {
		tr.Utterances = append(tr.Utterances, document.Utterance{ID: n + 1, Start: float64(10*n) + 0.5, End: float64(10*n) + 9.5})
	}
	tr.Utterances[29].End = 300.5 // over the edge of a piece
	err := ByVoice(t.Context(), ask, bytes.NewReader(pcm), tr, func(n int) string { return fmt.Sprint("speaker ", n) })
	if err != nil {
		t.Fatal(err)
	}
	for n, u := range tr.Utterances {
		if want := fmt.Sprint("speaker ", n%2+1); u.Speaker != want {
			t.Errorf("utterance %d: %q", n, u.Speaker)
		}
	}
	alone := &document.Transcript{Utterances: []document.Utterance{{ID: 1, End: 9}, {ID: 2, Start: 20, End: 29}}}
	if err := ByVoice(t.Context(), ask, bytes.NewReader(pcm), alone, func(int) string { return "x" }); err != nil || alone.Utterances[0].Speaker != "" {
		t.Errorf("one person alone: %+v, %v", alone.Utterances, err)
	}
}
