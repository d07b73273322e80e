package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"guidang/extractors/document"
)

// Stream is a recording's sound as it is decoded. It is read by one goroutine;
// Close may be called from others and twice.
type Stream struct {
	channels int
	r        *bufio.Reader
	end      func() error // waits for the decoder and says how it ended; called once
	stop     func()       // ends the decoder; may be called often
	most     int64        // frames that are decoded at the utmost

	frames atomic.Int64
	half   []byte // of a frame that a Read could not take whole
	over   bool
	once   sync.Once
	lost   *Fault
	fail   error
}

// Channels is how many channels a frame has: 1 unless they were to be kept apart.
func (s *Stream) Channels() int { return s.channels }

// Samples is how many samples of each channel were read up to now; after io.EOF
// it is the recording's length, exactly.
func (s *Stream) Samples() int64 { return s.frames.Load() }

// Seconds is Samples as a time.
func (s *Stream) Seconds() float64 { return float64(s.Samples()) / Rate }

// Lost says, after io.EOF, why the sound ends before the recording does, or nil.
// What came before it is good.
func (s *Stream) Lost() *Fault { return s.lost }

// Read implements io.Reader: little-endian signed 16-bit samples, the channels
// of a frame beside each other. Only whole frames are given, so p has to hold at
// least one. Damage ends with io.EOF and is told by Lost; the error is the
// context's or the system's.
func (s *Stream) Read(p []byte) (int, error) {
	size := 2 * s.channels
	want := len(p) / size * size
	if want == 0 {
		return 0, io.ErrShortBuffer
	}
	if s.over {
		return 0, s.ended()
	}
	if left := (s.most - s.Samples()) * int64(size); int64(want) > left {
		if left <= 0 {
			s.over = true
			s.stop()
			s.once.Do(func() { _ = s.end() })
			s.lost = &Fault{document.TooLarge, fmt.Sprintf("it is longer than %d hours", s.most/Rate/3600)}
			return 0, io.EOF
		}
		want = int(left)
	}
	n := copy(p[:want], s.half)
	s.half = s.half[:0]
	for n < size || n%size != 0 {
		m, err := s.r.Read(p[n:want])
		n += m
		if err != nil {
			s.over = true
			s.once.Do(func() { s.finish(err) })
			break
		}
		if n >= size {
			s.half = append(s.half, p[n/size*size:n]...)
			n -= len(s.half)
		}
	}
	n = n / size * size
	s.frames.Add(int64(n / size))
	if n == 0 {
		return 0, s.ended()
	}
	return n, nil
}

func (s *Stream) ended() error {
	if s.fail != nil {
		return s.fail
	}
	return io.EOF
}

// finish asks the decoder how it ended.
func (s *Stream) finish(err error) {
	ended := s.end()
	var f *Fault
	switch {
	case errors.As(ended, &f):
		s.lost = f
	case ended != nil:
		s.fail = ended
	case !errors.Is(err, io.EOF):
		s.fail = err
	}
}

// Close ends the decoder and waits for it.
func (s *Stream) Close() error {
	s.stop()
	s.once.Do(func() { _ = s.end() })
	return nil
}

// maxChannels is how many channels are kept apart.
const maxChannels = 8

// waveHeader is what stands before the samples on their way from a decoder: the
// wave header of a stream without length, as ffmpeg writes it to a pipe.
func waveHeader(channels int) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF\xff\xff\xff\xffWAVEfmt "), 16, 0, 0, 0, 1, 0)
	b = le.AppendUint16(b, uint16(channels)) //nolint:gosec // at most eight
	b = le.AppendUint32(b, Rate)
	b = le.AppendUint32(b, uint32(Rate*2*channels)) //nolint:gosec // at most eight
	b = le.AppendUint16(b, uint16(2*channels))      //nolint:gosec // at most eight
	b = le.AppendUint16(b, 16)
	return append(b, "data\xff\xff\xff\xff"...)
}

var errHeader = errors.New("a decoder did not begin with a wave header")

// readHeader reads that header.
func readHeader(r io.Reader) (channels int, err error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, err
	}
	if string(b[:4]) != "RIFF" || string(b[8:]) != "WAVE" {
		return 0, errHeader
	}
	for range 8 {
		if _, err := io.ReadFull(r, b[:8]); err != nil {
			return 0, err
		}
		size := int64(binary.LittleEndian.Uint32(b[4:8]))
		switch string(b[:4]) {
		case "data":
			if channels == 0 {
				return 0, errHeader
			}
			return channels, nil
		case "fmt ":
			body := make([]byte, 16)
			if size < 16 || size > 64 {
				return 0, errHeader
			}
			if _, err := io.ReadFull(r, body); err != nil {
				return 0, err
			}
			channels = int(binary.LittleEndian.Uint16(body[2:]))
			if rate, bits := binary.LittleEndian.Uint32(body[4:]), binary.LittleEndian.Uint16(body[14:]); rate != Rate || bits != 16 || channels < 1 || channels > maxChannels {
				return 0, errHeader
			}
			size -= 16
		}
		if size > 4096 {
			return 0, errHeader
		}
		if _, err := io.CopyN(io.Discard, r, size+size&1); err != nil {
			return 0, err
		}
	}
	return 0, errHeader
}
