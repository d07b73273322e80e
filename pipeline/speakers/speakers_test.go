package speakers

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
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

// voice is something like speech: a buzz of a pitch that glides, in syllables of
// irregular length and loudness.
func voice(r *rand.Rand, n int) []float64 {
	out := make([]float64, 0, n)
	phase := 0.0
	for len(out) < n {
		length := rate/20 + r.IntN(rate/5)
		pitch, loud, noise := 90+150*r.Float64(), 10000*math.Pow(10, -r.Float64()), r.Float64()
		if r.IntN(4) == 0 {
			loud = 0
		}
		colour := [4]float64{1, r.Float64(), r.Float64(), r.Float64()}
		for i := range length {
			phase += 2 * math.Pi * pitch * (1 + 0.2*float64(i)/float64(length)) / rate
			v := 0.3 * noise * r.NormFloat64()
			for k, c := range colour {
				v += c * math.Sin(float64(k+1)*phase)
			}
			out = append(out, loud/3*v*math.Sin(math.Pi*float64(i)/float64(length)))
		}
	}
	return out[:n]
}

// echo is how a voice comes to a microphone: late by some samples, with a room's
// answer of a third of a second that is as loud as the voice itself.
func echo(r *rand.Rand, voice []float64, late int) []float64 {
	out := make([]float64, len(voice))
	type tap struct {
		at   int
		gain float64
	}
	taps := []tap{{late, 1}}
	for range 60 {
		at := 60 + r.IntN(rate/3)
		taps = append(taps, tap{late + at, 0.25 * r.NormFloat64() * math.Exp(-float64(at)/(rate/15))})
	}
	for _, t := range taps {
		for i := t.at; i < len(out); i++ {
			out[i] += t.gain * voice[i-t.at]
		}
	}
	return out
}

func stereo(left, right []float64) []byte {
	var out []byte
	for i := range left {
		for _, v := range []float64{left[i], right[i]} {
			out = binary.LittleEndian.AppendUint16(out, uint16(int16(max(-32000, min(32000, v)))))
		}
	}
	return out
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	scaled := func(v []float64, by float64) []float64 {
		out := make([]float64, len(v))
		for i := range v {
			out[i] = by * v[i]
		}
		return out
	}
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 7))
		one, two := voice(r, 5*rate), voice(r, 5*rate)
		hiss := func() []float64 {
			out := make([]float64, 5*rate)
			for i := range out {
				out[i] = 20 * r.NormFloat64()
			}
			return out
		}
		for name, c := range map[string]struct {
			left, right []float64
			apart       bool
		}{
			"two people at once":            {one, two, true},
			"one of them fainter":           {one, scaled(two, 0.4), true},
			"the same twice":                {one, one, false},
			"the same, one channel fainter": {one, scaled(one, 0.5), false},
			"the same, turned over":         {one, scaled(one, -1), false},
			"one room, two microphones":     {echo(r, one, 0), scaled(echo(r, one, 150), 0.7), false},
			"hiss":                          {hiss(), hiss(), false},
		} {
			got, err := Apart(t.Context(), bytes.NewReader(stereo(c.left, c.right)), 2)
			if err != nil || (got != nil) != c.apart {
				t.Errorf("seed %d, %s: %v, %v", seed, name, got, err)
			}
		}
	}
}

func BenchmarkApart(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 7))
	one := voice(r, 60*rate)
	sound := stereo(one, echo(r, one, 150))
	b.SetBytes(int64(len(sound)))
	for b.Loop() {
		if _, err := Apart(b.Context(), bytes.NewReader(sound), 2); err != nil {
			b.Fatal(err)
		}
	}
}
