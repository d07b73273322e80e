package transcribe

import (
	"encoding/binary"
	"math"
	"slices"
)

// frame is what one look at the level is taken of: 30 ms.
const frame = Rate * 30 / 1000

const (
	// A voice is told from its surroundings by what they sound like for half a
	// minute on either side: a fan that starts is soon the new silence.
	aroundFrames = 1000

	// Less than this below full scale is silence, whatever lies around it: gates and
	// padding make a silence of zeros, beside which a room's hiss would be a voice.
	leastVoice = -66.0

	hangFrames  = 10 // 300 ms: shorter gaps belong to the talk
	leastFrames = 3  // 90 ms: shorter ones are clicks
)

// How loud a frame is, beside what lies around it.
const (
	silent = iota
	faint  // more than the floor: somebody far away, perhaps
	loud   // a voice, or anything as loud
)

// stretch is frames From to To (not included) of voice.
type stretch struct{ From, To int }

// voice tells where somebody speaks, by level alone and while the sound comes
// in. It keeps two bytes for every 30 ms: 2 MB for four hours.
type voice struct {
	levels []uint8 // half decibels above -100
	state  []uint8
	counts [201]int // of levels around the frame that is judged next
	within int      // frames in counts
	ended  bool

	run   []stretch // finished, in order
	open  int       // where the one that goes on began; -1: none
	last  int       // its last loud frame
	burst int       // loud frames in a row before it counts as begun
}

func newVoice() *voice { return &voice{open: -1} }

// level is how loud a frame is. The mean is taken off: a cheap sound card's
// constant offset is no sound.
func level(pcm []byte) uint8 {
	n := len(pcm) / sampleBytes
	if n == 0 {
		return 0
	}
	var sum, squares int64
	for i := 0; i+1 < len(pcm); i += sampleBytes {
		s := int64(int16(binary.LittleEndian.Uint16(pcm[i:]))) //nolint:gosec // samples have a sign
		sum += s
		squares += s * s
	}
	power := float64(squares)/float64(n) - math.Pow(float64(sum)/float64(n), 2)
	if power < 1e-3 {
		return 0
	}
	db := 10 * math.Log10(power/(32768*32768))
	return uint8(math.Round(2 * min(max(db+100, 0), 100)))
}

// add takes the next frame.
func (v *voice) add(pcm []byte) {
	l := level(pcm)
	v.levels = append(v.levels, l)
	v.count(l, 1)
	for len(v.state)+aroundFrames < len(v.levels) {
		v.judge()
	}
}

// end says that no more sound comes.
func (v *voice) end() {
	v.ended = true
	for len(v.state) < len(v.levels) {
		v.judge()
	}
	if v.open >= 0 {
		v.finish()
	}
}

// known is up to which frame it is told where the voice is.
func (v *voice) known() int { return len(v.state) }

// QUIRK: digital silence (a gate, a gap filled by a converter) is not what a
// room's silence sounds like, so it does not count for the floor.
const digital = 20 // -90 dB

func (v *voice) count(l uint8, by int) {
	if l > digital {
		v.counts[l] += by
		v.within += by
	}
}

// judge says of the next frame how loud it is.
func (v *voice) judge() {
	at := len(v.state)
	if leaves := at - aroundFrames - 1; leaves >= 0 {
		v.count(v.levels[leaves], -1)
	}
	floor, top := v.around()
	// Talk over noise has a small range, talk in a quiet room a large one.
	above := min(max(0.3*(top-floor), 6), 12)
	db := float64(v.levels[at])/2 - 100
	s := uint8(silent)
	switch {
	case db < leastVoice:
	case db > floor+above:
		s = loud
	case db > floor+min(5, above-1):
		s = faint
	}
	v.state = append(v.state, s)
	v.follow(at, s)
}

// around gives the level of the silence and of the talk around a frame: the
// tenth and the ninety-fifth percentile.
func (v *voice) around() (floor, top float64) {
	if v.within == 0 {
		return -100, -100
	}
	low, high, seen := v.within/10, v.within*95/100, 0
	first := true
	for l, n := range v.counts {
		seen += n
		if first && seen > low {
			floor, first = float64(l)/2-100, false
		}
		if seen > high {
			return floor, float64(l)/2 - 100
		}
	}
	return floor, floor
}

// follow builds stretches of the frames as they are judged.
func (v *voice) follow(at int, s uint8) {
	if s != loud {
		v.burst = 0
		if v.open >= 0 && at-v.last > hangFrames {
			v.finish()
		}
		return
	}
	v.burst++
	if v.open < 0 {
		if v.burst < leastFrames {
			return
		}
		v.open = at - v.burst + 1
	}
	v.last = at
}

func (v *voice) finish() {
	v.run = append(v.run, stretch{v.open, v.last + 1})
	v.open = -1
}

// speaking says where the next voice at or after a frame begins and how far it
// is known to go; ok is false when none is known yet.
func (v *voice) speaking(from int) (s stretch, ok bool) {
	if n := v.firstAfter(from); n < len(v.run) {
		return v.run[n], true
	}
	if v.open >= 0 {
		return stretch{max(v.open, from), v.last + 1}, true
	}
	return stretch{}, false
}

// firstAfter is the place in run of the first stretch that ends after a frame.
func (v *voice) firstAfter(from int) int {
	lo, hi := 0, len(v.run)
	for lo < hi {
		if mid := (lo + hi) / 2; v.run[mid].To <= from {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// quiet says whether there is nothing at all between two frames, not even
// something faint. Clicks do not count.
func (v *voice) quiet(from, to int) bool {
	n := 0
	for _, s := range v.state[from:min(to, len(v.state))] {
		if s != silent {
			n++
		}
	}
	return n*50 <= to-from
}

// between gives the stretches that lie in frames [from, to), cut at its ends.
func (v *voice) between(from, to int) []stretch {
	var out []stretch
	all := v.run[v.firstAfter(from):]
	if v.open >= 0 {
		all = append(slices.Clip(all), stretch{v.open, v.last + 1})
	}
	for _, s := range all {
		if s.From >= to {
			break
		}
		s.From, s.To = max(s.From, from), min(s.To, to)
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

// steadyBelow is the spread, in decibels, of what no one speaks.
const steadyBelow = 3.0

// spread is the standard deviation of the level between two frames, in decibels.
func (v *voice) spread(from, to int) float64 {
	to = min(to, len(v.levels))
	if from >= to {
		return 0
	}
	var sum, squares float64
	for _, l := range v.levels[from:to] {
		db := float64(l) / 2
		sum += db
		squares += db * db
	}
	n := float64(to - from)
	return math.Sqrt(max(0, squares/n-(sum/n)*(sum/n)))
}
