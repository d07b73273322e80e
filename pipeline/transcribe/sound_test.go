package transcribe

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
)

// alphabet are the words of the made-up talk: a tone each, told apart by its
// frequency, so that a fake engine hears what is really in the sound.
var alphabet = []rune("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜")

func pitch(word int) float64 { return 400 + 60*float64(word) }

// spokenWord is what was said and when.
type spokenWord struct {
	r          rune
	start, end float64
}

// maker makes sound.
type maker struct {
	pcm   []byte
	words []spokenWord
	rng   *rand.Rand
}

func newMaker() *maker { return &maker{rng: rand.New(rand.NewPCG(1, 2))} }

func (m *maker) add(v float64) {
	m.pcm = binary.LittleEndian.AppendUint16(m.pcm, uint16(int16(max(min(v, 32767), -32768))))
}

func (m *maker) now() float64 { return float64(len(m.pcm)/2) / Rate }

// pause is a room in which nobody speaks.
func (m *maker) pause(s float64) *maker {
	for range int(s * Rate) {
		m.add(m.rng.NormFloat64() * 12)
	}
	return m
}

// zeros is digital silence.
func (m *maker) zeros(s float64) *maker {
	m.pcm = append(m.pcm, make([]byte, 2*int(s*Rate))...)
	return m
}

// noise is a loud machine.
func (m *maker) noise(s float64) *maker {
	for range int(s * Rate) {
		m.add(m.rng.NormFloat64() * 2500)
	}
	return m
}

// music is a chord that goes on.
func (m *maker) music(s float64) *maker {
	for n := range int(s * Rate) {
		t := float64(n) / Rate
		m.add(2000*math.Sin(2*math.Pi*220*t) + 2000*math.Sin(2*math.Pi*277*t) + 2000*math.Sin(2*math.Pi*330*t))
	}
	return m
}

// say says n words without a breath, from the alphabet at random.
func (m *maker) say(n int) *maker {
	for range n {
		k := m.rng.IntN(len(alphabet))
		length := 0.18 + 0.1*m.rng.Float64()
		begin := m.now()
		samples := int(length * Rate)
		for i := range samples {
			fade := min(1, float64(min(i, samples-i))/160)
			m.add(fade*8000*math.Sin(2*math.Pi*pitch(k)*float64(i)/Rate) + m.rng.NormFloat64()*12)
		}
		m.words = append(m.words, spokenWord{alphabet[k], begin, m.now()})
		m.pause(0.05 + 0.03*m.rng.Float64())
	}
	return m
}

func (m *maker) text() string {
	var b strings.Builder
	for _, w := range m.words {
		b.WriteRune(w.r)
	}
	return b.String()
}

func (m *maker) input(name string) Input {
	return Input{Name: name, Sound: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.pcm)), nil }}
}

// hearWords is the fake engine's ear: tones of at least 100 ms.
func hearWords(pcm []byte) []word {
	const hop = Rate / 50
	var out []word
	last, began := -1, 0
	flush := func(at int) {
		if last >= 0 && at-began >= 5 {
			p := 0.9
			out = append(out, word{Start: float64(began) / 50, End: float64(at) / 50, Word: string(alphabet[last]), Probability: &p})
		}
		last = -1
	}
	hops := len(pcm) / 2 / hop
	for h := range hops {
		k := tone(pcm[h*hop*2 : (h+1)*hop*2])
		if k != last {
			flush(h)
			last, began = k, h
		}
	}
	flush(hops)
	return out
}

// tone is the word that sounds in twenty milliseconds, -1 for none (Goertzel).
func tone(pcm []byte) int {
	n := len(pcm) / 4 // every other sample will do
	x := make([]float64, n)
	energy := 0.0
	for i := range x {
		x[i] = float64(int16(binary.LittleEndian.Uint16(pcm[4*i:])))
		energy += x[i] * x[i]
	}
	if energy/float64(n) < 1000*1000 {
		return -1
	}
	best, at := 0.0, -1
	for k := range alphabet {
		c := goertzel(k)
		s1, s2 := 0.0, 0.0
		for _, v := range x {
			s1, s2 = v+c*s1-s2, s1
		}
		if p := s1*s1 + s2*s2 - c*s1*s2; p > best {
			best, at = p, k
		}
	}
	if best < energy*float64(n)/8 {
		return -1 // loud, but no tone of ours
	}
	return at
}

var goertzel = func() func(int) float64 {
	table := sync.OnceValue(func() []float64 {
		out := make([]float64, len(alphabet))
		for k := range out {
			out[k] = 2 * math.Cos(2*math.Pi*2*pitch(k)/Rate)
		}
		return out
	})
	return func(k int) float64 { return table()[k] }
}()

// memory is Results and Memory of tests.
type memory struct {
	mu      sync.Mutex
	results map[string][]byte
	known   map[string]string
	keeps   int
}

func newMemory() *memory { return &memory{results: map[string][]byte{}, known: map[string]string{}} }

func (m *memory) Result(_ context.Context, sum Sum, fingerprint string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.results[string(sum[:])+fingerprint]
	return data, ok, nil
}

func (m *memory) Keep(_ context.Context, sum Sum, fingerprint string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keeps++
	m.results[string(sum[:])+fingerprint] = data
	return nil
}

func (m *memory) Recall(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[key], nil
}

func (m *memory) Remember(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[key] = value
	return nil
}
