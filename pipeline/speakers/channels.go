package speakers

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

const (
	rate  = 16000
	frame = rate * 30 / 1000 // samples that are compared at once

	// A frame as quiet as this is nobody's.
	leastLevel = -60.0

	// Who is this much louder than the other channels speaks into his own
	// microphone. A stage in stereo, or one room by two microphones, differs by 3 to
	// 6 dB.
	louder = 9.0

	// Of the frames in which anybody is heard, so many have to be one channel's
	// alone, and every channel that counts has to have so many of its own.
	mostlyOne = 0.8
	everyone  = 0.03

	// leastTalk is a second: less sound tells nothing.
	leastTalk = 33
)

// Apart says which channels of a sound have a speaker of their own: nil, if the
// sound is one room's. It reads samples of 16 bits, the channels of a frame
// beside each other, to their end.
//
// People on a telephone and interviews in a studio are recorded so, and so are
// meetings by services that keep tracks.
func Apart(ctx context.Context, sound io.Reader, channels int) ([]int, error) {
	if channels < 2 {
		return nil, nil
	}
	own := make([]int, channels)
	heard, sole := 0, 0
	var both pair
	err := frames(ctx, sound, channels, func(pcm []byte) error {
		if channels == 2 {
			both.add(pcm)
		}
		switch n, ok := loudest(pcm, channels); {
		case !ok:
		case n < 0: // two speak at once, or it is one room
			heard++
		default:
			heard++
			sole++
			own[n]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if heard < leastTalk {
		return nil, nil
	}
	var out []int
	for n, have := range own {
		if float64(have) >= everyone*float64(heard) {
			out = append(out, n)
		}
	}
	if len(out) >= 2 && (float64(sole) >= mostlyOne*float64(heard) || alone(own, heard)) {
		return out, nil
	}
	if channels == 2 && both.atOnce() {
		return []int{0, 1}, nil
	}
	return nil, nil
}

// alone says whether channels are nobody's but their own although people often
// speak at once: a quarter of it for each is enough then.
func alone(own []int, heard int) bool {
	n := 0
	for _, have := range own {
		if 4*have >= heard {
			n++
		}
	}
	return n >= 2
}

// loudest is the channel that is louder than all others, -1 if none is; not ok:
// nobody is heard.
func loudest(pcm []byte, channels int) (n int, ok bool) {
	first, second := math.Inf(-1), math.Inf(-1)
	for c := range channels {
		switch l := level(pcm, channels, c); {
		case l > first:
			first, second, n = l, first, c
		case l > second:
			second = l
		}
	}
	if first < leastLevel {
		return 0, false
	}
	if first-second < louder {
		n = -1
	}
	return n, true
}

// level of one channel, in decibels below full scale.
func level(pcm []byte, channels, c int) float64 {
	squares, n := 0.0, 0
	for at := 2 * c; at+1 < len(pcm); at += 2 * channels {
		s := float64(int16(binary.LittleEndian.Uint16(pcm[at:]))) //nolint:gosec // samples have a sign
		squares += s * s
		n++
	}
	if squares == 0 {
		return math.Inf(-1)
	}
	return 10 * math.Log10(squares/float64(n)/(32768*32768))
}

// frames gives a sound frame by frame, the last one perhaps shorter.
func frames(ctx context.Context, sound io.Reader, channels int, do func(pcm []byte) error) error {
	buf := make([]byte, frame*2*channels)
	for {
		n, err := io.ReadFull(sound, buf)
		if n = n / (2 * channels) * (2 * channels); n > 0 {
			if err := do(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// hushed is by how much what others say is made fainter: 48 dB. Silence itself
// would tell nothing of the room against which a voice is told.
const hushed = 256

// Channel is one channel of a sound. What is much louder in another one is
// somebody else, heard through the air, and is hushed here.
type Channel struct {
	sound    io.ReadCloser
	channels int
	which    int
	in       []byte
	out      []byte
	left     []byte // of out, to be read
	err      error
}

// NewChannel takes a sound over, and closes it with the channel.
func NewChannel(sound io.ReadCloser, channels, which int) *Channel {
	return &Channel{sound: sound, channels: channels, which: which, in: make([]byte, frame*2*channels), out: make([]byte, frame*2)}
}

// Read implements io.Reader.
func (c *Channel) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		n, err := io.ReadFull(c.sound, c.in)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		c.err = err
		c.left = c.take(c.in[:n/(2*c.channels)*2*c.channels])
		if len(c.left) == 0 {
			return 0, c.err
		}
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

func (c *Channel) take(pcm []byte) []byte {
	out := c.out[:len(pcm)/c.channels]
	by := int16(1)
	if n, ok := loudest(pcm, c.channels); ok && n >= 0 && n != c.which {
		by = hushed
	}
	for n := range len(out) / 2 {
		s := int16(binary.LittleEndian.Uint16(pcm[2*(n*c.channels+c.which):])) //nolint:gosec // samples have a sign
		binary.LittleEndian.PutUint16(out[2*n:], uint16(s/by))                 //nolint:gosec // the same
	}
	return out
}

// Close implements io.Closer.
func (c *Channel) Close() error { return c.sound.Close() }
