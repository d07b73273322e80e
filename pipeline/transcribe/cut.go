package transcribe

import (
	"context"
	"errors"
	"io"
)

// part is a piece of a recording that is sent at once.
type part struct {
	From, To int64    // samples from the recording's beginning
	Own      [2]int64 // what it answers for; it overlaps its neighbours outside
	Voice    []span   // where somebody speaks in it, samples from the recording's beginning
	Steady   bool     // it sounds like music or a machine: the level hardly moves
	PCM      []byte
}

// span is samples From to To (not included).
type span struct{ From, To int64 }

// forced says whether a part was cut within the talk at its end or beginning.
func (p *part) forced() (begin, end bool) { return p.Own[0] > p.From, p.Own[1] < p.To }

// cutting says how a recording is cut.
type cutting struct {
	longest int // frames of a part
	soonest int // frames after which a silence ends it, where there is one
	overlap int // frames of a forced cut, on each side
	pause   int // a silence of so many frames ends a part that is not tiny; 0: none does
}

const (
	padFrames = 10 // 300 ms of silence stay around the voice

	// A silence of ten seconds is left out: it costs money, and engines put words
	// into it.
	leaveOut = 333

	shortestGap = 5 // 150 ms: a breath

	// Who is silent for 0.9 s has ended, and the next one may speak another
	// language. Shorter parts than six seconds would cost more than they are worth:
	// an engine works for half a minute on any of them.
	turnPause = 30
	leastTurn = 200

	advanceEvery = 16 // frames
)

// wholeCut cuts for a service that gives times. Where parts are about as long as
// what Whisper hears at once, the longest pause of nearly the whole part is taken:
// it is where speakers and languages change.
func wholeCut(longest int) cutting {
	if longest > framesOf(40) {
		return cutting{longest: longest, soonest: longest * 8 / 10, overlap: 33}
	}
	return cutting{longest: longest, soonest: longest * 35 / 100, overlap: 33, pause: turnPause}
}

// shortCut cuts for one that gives none.

func shortCut(longest int) cutting {
	return cutting{longest: longest, soonest: longest * 3 / 10, overlap: 33}
}

// cutter cuts sound into parts while it comes in.
type cutter struct {
	cutting
	voice *voice
	give  func(*part) error

	pcm   []byte // from frame base on
	base  int
	frame []byte // the beginning of one

	from, own int  // of the part that is being filled
	filling   bool // there is one
	samples   int64
}

// cut reads sound to its end and gives parts in order. Sound without any voice
// gives none. It returns the number of samples.
func cut(ctx context.Context, sound io.Reader, c cutting, give func(*part) error) (int64, *voice, error) {
	r := &cutter{cutting: c, voice: newVoice(), give: give}
	buf := make([]byte, 64*frame*sampleBytes)
	for {
		n, err := io.ReadFull(sound, buf)
		if takeErr := r.take(buf[:n]); takeErr != nil {
			return r.samples, r.voice, takeErr
		}
		if ctxErr := ctx.Err(); ctxErr != nil {
			return r.samples, r.voice, ctxErr
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return r.samples, r.voice, r.end()
		}
		if err != nil {
			// What came before a damaged place is heard; the caller says what is missing.
			return r.samples, r.voice, errors.Join(err, r.end())
		}
	}
}

func (r *cutter) take(data []byte) error {
	r.samples += int64(len(data) / sampleBytes)
	for len(data) > 0 {
		n := min(frame*sampleBytes-len(r.frame), len(data))
		r.frame = append(r.frame, data[:n]...)
		data = data[n:]
		if len(r.frame) < frame*sampleBytes {
			return nil
		}
		r.pcm = append(r.pcm, r.frame...)
		r.voice.add(r.frame)
		r.frame = r.frame[:0]
		if len(r.voice.levels)%advanceEvery != 0 {
			continue
		}
		if err := r.advance(); err != nil {
			return err
		}
	}
	return nil
}

// end cuts what is left.
func (r *cutter) end() error {
	if n := len(r.frame) / sampleBytes * sampleBytes; n > 0 {
		r.pcm = append(r.pcm, r.frame[:n]...)
		r.voice.add(r.frame[:n])
		r.frame = nil
	}
	r.voice.end()
	return r.advance()
}

// advance gives every part of which the end is known.
func (r *cutter) advance() error {
	for {
		if !r.filling && !r.begin() {
			return nil
		}
		done, err := r.close()
		if err != nil || !done {
			return err
		}
	}
}

// begin finds where the next part begins, and lets go of the silence before it.
func (r *cutter) begin() bool {
	s, ok := r.voice.speaking(r.own)
	if !ok {
		r.forget(max(r.own, r.voice.known()-padFrames-leastFrames))
		return false
	}
	r.from = max(r.own, s.From-padFrames)
	r.own = r.from
	r.filling = true
	r.forget(r.from)
	return true
}

// forget drops the sound before a frame.
func (r *cutter) forget(before int) {
	n := min((before-r.base)*frame*sampleBytes, len(r.pcm))
	if n >= forgetFrom {
		// Copied down, not re-sliced: the array would grow with the recording.
		r.pcm = r.pcm[:copy(r.pcm, r.pcm[n:])]
		r.base = before
	}
}

// forgetFrom is how much is dropped at once: a frame at a time, an hour of
// silence would be copied for minutes.
const forgetFrom = 1 << 20

// close ends the part that is being filled, if its end is known.
func (r *cutter) close() (bool, error) {
	known := r.voice.known()
	limit := r.from + r.longest
	heard := r.voice.between(r.own, min(known, limit))
	// A long silence ends it.
	for n, s := range heard {
		next := known
		if n+1 < len(heard) {
			next = heard[n+1].From
		}
		if r.pause > 0 && s.To-r.from >= leastTurn && next-s.To >= r.pause && next-s.To < leaveOut && n+1 < len(heard) {
			at := (s.To + next) / 2
			return true, r.emit(at, at, at)
		}
		if s.To+leaveOut <= next && r.voice.quiet(s.To+padFrames, next) {
			return true, r.emit(s.To+padFrames, s.To+padFrames, s.To+padFrames)
		}
	}
	if known < limit {
		if !r.voice.ended {
			return false, nil
		}
		to := known
		if len(heard) > 0 {
			if last := heard[len(heard)-1].To; r.voice.quiet(last, known) {
				to = min(known, last+padFrames)
			}
		}
		return true, r.emit(to, to, to)
	}
	// Cut in the longest silence late in the part, else anywhere in its second
	// half, else within the talk.
	for _, from := range []int{r.from + r.soonest, r.from + r.longest/2} {
		if from > r.from+r.soonest {
			continue
		}
		if at := r.gap(heard, from, limit); at > 0 {
			return true, r.emit(at, at, at)
		}
	}
	at := r.dip(limit-r.overlap-r.longest/5, limit-r.overlap)
	return true, r.emit(at+r.overlap, at, at-r.overlap)
}

// gap is the middle of the longest silence between two frames, 0 if there is none.
func (r *cutter) gap(heard []stretch, from, to int) int {
	longest, at := shortestGap-1, 0
	end := r.from
	for _, s := range append(heard, stretch{to, to}) {
		a, b := max(end, from), min(s.From, to)
		if b-a > longest {
			longest, at = b-a, (a+b)/2
		}
		end = s.To
	}
	return at
}

// dip is the quietest tenth of a second between two frames.
func (r *cutter) dip(from, to int) int {
	from = max(from, r.from+r.longest/2)
	best, at := 3*len(r.voice.counts), from
	for f := from; f+2 < to; f++ {
		if sum := int(r.voice.levels[f]) + int(r.voice.levels[f+1]) + int(r.voice.levels[f+2]); sum < best {
			best, at = sum, f+1
		}
	}
	return at
}

// emit gives the part up to frame to. It answers for what lies before own, and
// the next one begins at next.
func (r *cutter) emit(to, own, next int) error {
	at := func(f int) int64 { return min(int64(f)*frame, r.samples) }
	p := &part{From: at(r.from), To: at(to), Own: [2]int64{at(r.own), at(own)}, Steady: r.steady(r.from, to)}
	for _, s := range r.voice.between(r.from, to) {
		p.Voice = append(p.Voice, span{at(s.From), at(s.To)})
	}
	from, end := (r.from-r.base)*frame*sampleBytes, int(p.To-int64(r.base)*frame)*sampleBytes
	p.PCM = append(make([]byte, 0, end-from), r.pcm[from:end]...)
	r.from, r.own, r.filling = next, own, false
	if next < own { // a forced cut: the talk goes on
		r.filling = true
		r.forget(next)
	}
	if len(p.Voice) == 0 {
		return nil // a click, or the end of an overlap
	}
	return r.give(p)
}

// steady says whether the level hardly moves, as it does in music and beside
// machines. Talk goes up and down with every syllable: measured on clips of 20
// speakers its levels have a standard deviation of 8 to 15 dB.
func (r *cutter) steady(from, to int) bool { return r.voice.spread(from, to) < steadyBelow }
