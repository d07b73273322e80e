package speakers

import (
	"encoding/binary"
	"math"
	"slices"
)

// Two people who speak into a microphone each, and at once, are told by two
// things that differ far: the waves of their channels have nothing in common, and
// neither do their levels. Measured on ten pairs of voices and on twenty rooms
// with echo, by two microphones three metres apart:
//
//	               likeness of waves (median)   of levels
//	two people     0.10–0.21                    −0.27–0.23
//	one room       0.43–0.88                    0.85–0.99
const (
	mostAlike  = 0.33
	mostInStep = 0.6

	// Waves are compared in windows of 120 ms at a quarter of the rate, shifted by
	// up to 20 ms either way: sound goes seven metres in that time.
	slower = 4
	window = rate / slower * 120 / 1000
	shift  = rate / slower * 20 / 1000

	// What is this much fainter than a channel's loud parts is a pause in it.
	pause = 25.0

	// A channel whose loud parts are no louder than this is a hiss, or nothing.
	leastLoud = -50.0

	// leastAtOnce windows, a second of both, tell.
	leastAtOnce = 8
)

// pair compares two channels over a whole recording: four hours of windows are
// two megabytes.
type pair struct {
	rest   []byte // less than a whole sample at the slower rate
	a, b   []float64
	levels [2][]float64
	alike  []float64
}

// add takes more sound of two channels.
func (p *pair) add(pcm []byte) {
	const whole = slower * 4 // bytes
	p.rest = append(p.rest, pcm...)
	for ; len(p.rest) >= whole; p.rest = p.rest[whole:] {
		var sum [2]int
		for at := 0; at < whole; at += 2 {
			sum[at/2%2] += int(int16(binary.LittleEndian.Uint16(p.rest[at:]))) //nolint:gosec // samples have a sign
		}
		p.a, p.b = append(p.a, float64(sum[0])/slower), append(p.b, float64(sum[1])/slower)
		if len(p.a) == window {
			p.close()
		}
	}
}

func (p *pair) close() {
	level := func(w []float64) float64 {
		mean, squares := 0.0, 0.0
		for _, v := range w {
			mean += v / window
		}
		for i := range w {
			w[i] -= mean
			squares += w[i] * w[i]
		}
		return 10 * math.Log10(squares/window/(32768*32768)+1e-12)
	}
	a, b := level(p.a), level(p.b)
	p.levels[0], p.levels[1] = append(p.levels[0], a), append(p.levels[1], b)
	alike := -1.0 // one of them is silent
	if min(a, b) >= leastLevel {
		alike = likeness(p.a, p.b)
	}
	p.alike = append(p.alike, alike)
	p.a, p.b = p.a[:0], p.b[:0]
}

// likeness is the greatest correlation of two waves over all shifts, 0 to 1.
func likeness(a, b []float64) float64 {
	middle := b[shift : window-shift]
	own, squares := 0.0, 0.0
	for i, v := range middle {
		own += v * v
		squares += a[i] * a[i]
	}
	best := 0.0
	for from := range 2*shift + 1 {
		if from > 0 {
			left, came := a[from-1], a[from-1+len(middle)]
			squares += came*came - left*left
		}
		sum := 0.0
		for i, v := range a[from : from+len(middle)] {
			sum += v * middle[i]
		}
		if n := math.Sqrt(own * squares); n > 0 {
			best = max(best, math.Abs(sum)/n)
		}
	}
	return best
}

// atOnce says whether the two channels are two people's.
func (p *pair) atOnce() bool {
	if len(p.alike) == 0 {
		return false
	}
	var loud [2]float64
	for c, l := range p.levels {
		sorted := slices.Sorted(slices.Values(l))
		if loud[c] = sorted[len(sorted)*19/20]; loud[c] < leastLoud {
			return false
		}
	}
	var waves, a, b []float64
	for i, alike := range p.alike {
		x, y := p.levels[0][i]-loud[0]+pause, p.levels[1][i]-loud[1]+pause
		if x < 0 && y < 0 {
			continue // nobody speaks
		}
		a, b = append(a, max(x, 0)), append(b, max(y, 0))
		if x >= 0 && y >= 0 && alike >= 0 {
			waves = append(waves, alike)
		}
	}
	if len(waves) < leastAtOnce {
		return false
	}
	slices.Sort(waves)
	return waves[len(waves)/2] < mostAlike && inStep(a, b) < mostInStep
}

// inStep is the correlation of two series.
func inStep(a, b []float64) float64 {
	var ma, mb float64
	for i := range a {
		ma += a[i] / float64(len(a))
		mb += b[i] / float64(len(a))
	}
	var ab, aa, bb float64
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	if aa == 0 || bb == 0 {
		return 1 // of a level that never changes nothing is known
	}
	return ab / math.Sqrt(aa*bb)
}
