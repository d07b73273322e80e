package sound

import (
	"bufio"
	"math"
)

// converter brings decoded sound to Rate and to the channels wanted, and writes
// it as decoders do: header first, then samples.
type converter struct {
	in     int // channels that come
	tracks []*resampler
	mix    bool
	w      *bufio.Writer
	begun  bool
	one    []float32
	out    [][]float32
}

func newConverter(rate, channels int, apart bool, w *bufio.Writer) *converter {
	c := &converter{in: channels, mix: !apart, w: w}
	tracks := 1
	if apart {
		tracks = min(channels, maxChannels)
	}
	for range tracks {
		c.tracks = append(c.tracks, newResampler(rate, Rate))
	}
	c.out = make([][]float32, tracks)
	return c
}

// put takes whole frames.
func (c *converter) put(frames []float32) error {
	n := len(frames) / c.in
	if cap(c.one) < n {
		c.one = make([]float32, n)
	}
	one := c.one[:n]
	for t, r := range c.tracks {
		if c.mix {
			// All channels count the same, as ffmpeg mixes two.
			for i := range one {
				sum := float32(0)
				for _, v := range frames[i*c.in : (i+1)*c.in] {
					sum += v
				}
				one[i] = sum / float32(c.in)
			}
		} else {
			for i := range one {
				one[i] = frames[i*c.in+t]
			}
		}
		c.out[t] = r.put(one, c.out[t][:0])
	}
	return c.write()
}

// flush ends it.
func (c *converter) flush() error {
	for t, r := range c.tracks {
		c.out[t] = r.end(c.out[t][:0])
	}
	if err := c.write(); err != nil {
		return err
	}
	return c.w.Flush()
}

func (c *converter) write() error {
	if !c.begun {
		c.begun = true
		if _, err := c.w.Write(waveHeader(len(c.tracks))); err != nil {
			return err
		}
	}
	for i := range c.out[0] {
		for _, t := range c.out {
			v := int16(math.RoundToEven(float64(min(max(t[i]*(1<<15), -1<<15), 1<<15-1))))
			_ = c.w.WriteByte(byte(v))                          //nolint:gosec // two halves of one number; the last write tells
			if err := c.w.WriteByte(byte(v >> 8)); err != nil { //nolint:gosec // as above
				return err
			}
		}
	}
	return nil
}

// resampler changes the rate of one channel by the ratio up/down, with a
// windowed sinc that is kept as one row of weights for each of the up phases.
//
// 16 zero crossings on each side and a Kaiser window of beta 8 keep what folds
// back below -80 dB; 44,100 to 16,000 takes 3 ms a second of sound. Half of the
// delay is taken off at the beginning and put on at the end, so that times stay
// what they were.
type resampler struct {
	up, down int
	taps     int
	weights  [][]float32
	hist     []float32 // input that is still needed
	base     int64     // number of hist[0] in the input; negative: before it
	next     int64     // number of the output sample that comes next
	fed      int64     // input samples
}

const (
	zeroCrossings = 16
	kaiserBeta    = 8
	maxPhases     = 16000 // of odd rates, beyond which the ratio is rounded
)

func newResampler(from, to int) *resampler {
	g := gcd(from, to)
	r := &resampler{up: to / g, down: from / g}
	if from == to {
		return r
	}
	if r.up > maxPhases {
		r.up, r.down = maxPhases, int(math.Round(float64(from)*maxPhases/float64(to)))
	}
	// The cut-off is the lower of both bands, a little below it.
	cut := 0.95 * min(1, float64(r.up)/float64(r.down))
	half := int(math.Ceil(zeroCrossings / cut))
	r.taps = 2 * half
	r.weights = make([][]float32, r.up)
	for p := range r.weights {
		row := make([]float32, r.taps)
		frac := float64(p) / float64(r.up)
		sum := 0.0
		for i := range row {
			x := float64(i-half+1) - frac // distance from the output sample, in input samples
			w := cut * sinc(cut*x) * kaiser(x/float64(half))
			row[i] = float32(w)
			sum += w
		}
		for i := range row { // the same loudness in all phases
			row[i] /= float32(sum)
		}
		r.weights[p] = row
	}
	r.hist = make([]float32, half-1)
	r.base = -int64(half - 1)
	return r
}

// put takes input and appends what comes of it to out.
func (r *resampler) put(in, out []float32) []float32 {
	r.fed += int64(len(in))
	if r.weights == nil {
		return append(out, in...)
	}
	r.hist = append(r.hist, in...)
	return r.drain(out, math.MaxInt64)
}

// end appends the rest: the output is as long as the input, to the sample.
func (r *resampler) end(out []float32) []float32 {
	if r.weights == nil {
		return out
	}
	r.hist = append(r.hist, make([]float32, r.taps)...)
	return r.drain(out, (r.fed*int64(r.up)+int64(r.down)-1)/int64(r.down))
}

func (r *resampler) drain(out []float32, most int64) []float32 {
	half := int64(r.taps / 2)
	for r.next < most {
		pos := r.next * int64(r.down)
		first := pos/int64(r.up) - half + 1 - r.base
		if first+int64(r.taps) > int64(len(r.hist)) {
			break
		}
		row := r.weights[pos%int64(r.up)]
		h := r.hist[first : first+int64(r.taps)]
		var a, b, c, d float32
		i := 0
		for ; i+4 <= len(row) && i+4 <= len(h); i += 4 {
			a += row[i] * h[i]
			b += row[i+1] * h[i+1]
			c += row[i+2] * h[i+2]
			d += row[i+3] * h[i+3]
		}
		for ; i < len(row); i++ {
			a += row[i] * h[i]
		}
		out = append(out, a+b+c+d)
		r.next++
	}
	// What no later output needs goes.
	if done := r.next*int64(r.down)/int64(r.up) - half + 1 - r.base; done > 4096 {
		done = min(done, int64(len(r.hist)))
		r.hist = append(r.hist[:0], r.hist[done:]...)
		r.base += done
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x from -1 to 1.
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(kaiserBeta*math.Sqrt(1-x*x)) / bessel(kaiserBeta)
}

// bessel is the modified Bessel function of the first kind, order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
