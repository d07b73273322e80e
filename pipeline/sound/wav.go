package sound

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"guidang/extractors/document"
)

// wav reads plain samples out of RIFF, RF64 and BW64 (Microsoft's Multimedia
// Programming Interface 1.0, 3; EBU Tech 3306).
type wav struct {
	r              *io.SectionReader
	rate, channels int
	bytes          int // of a sample
	decode         func([]byte) float32
	buf            []byte
	broken         *Fault
}

func (w *wav) format() (rate, channels int) { return w.rate, w.channels }

// maxChunks bounds the walk to the samples.
const maxChunks = 4096

// Tags of the fmt chunk.
const (
	wavPCM        = 0x0001
	wavFloat      = 0x0003
	wavALaw       = 0x0006
	wavMuLaw      = 0x0007
	wavExtensible = 0xfffe
)

func openWav(b io.ReaderAt, size int64) (pcm, error) {
	w := &wav{}
	var ds64 int64
	at := int64(12)
	for range maxChunks {
		var head [8]byte
		if n, err := b.ReadAt(head[:], at); n < len(head) {
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			break
		}
		length, body := int64(binary.LittleEndian.Uint32(head[4:])), at+8
		switch string(head[:4]) {
		case "ds64":
			var d [16]byte
			if n, _ := b.ReadAt(d[:], body); n == len(d) {
				ds64 = int64(binary.LittleEndian.Uint64(d[8:])) //nolint:gosec // a negative one is not used
			}
		case "fmt ":
			d := make([]byte, 26)
			n, _ := b.ReadAt(d[:min(length, 26)], body)
			if err := w.describe(d[:n]); err != nil {
				return nil, err
			}
		case "data":
			if w.decode == nil {
				return nil, &Fault{document.Corrupt, "its samples come before their description"}
			}
			// QUIRK: recorders that were cut off leave 0 or 0xffffffff as the length of
			// the data chunk, and some claim 4 GB (RIFF 1991, 2-2: ckSize is the size of
			// the data); the file's own end is the truth then.
			left := max(size-body, 0)
			if length == 0xffffffff && ds64 > 0 {
				length = ds64
			}
			if length == 0 || length > left {
				if length > left && length < 0x7fffff00 {
					w.broken = &Fault{document.Truncated, "it ends before its header says"}
				}
				length = left
			}
			frame := int64(w.bytes * w.channels)
			w.r = io.NewSectionReader(b, body, length/frame*frame)
			if w.r.Size() == 0 {
				return nil, &Fault{document.Empty, "there is no sound in it"}
			}
			return w, nil
		}
		next := body + length + length&1
		if next <= at {
			break
		}
		at = next
	}
	return nil, &Fault{document.Corrupt, "there are no samples in it"}
}

// describe reads a fmt chunk.
func (w *wav) describe(b []byte) error {
	if len(b) < 16 {
		return &Fault{document.Corrupt, "its description is cut off"}
	}
	le := binary.LittleEndian
	tag, bits := le.Uint16(b), int(le.Uint16(b[14:]))
	if tag == wavExtensible && len(b) >= 26 {
		tag = le.Uint16(b[24:])
	}
	w.channels, w.rate = int(le.Uint16(b[2:])), int(le.Uint32(b[4:]))
	w.bytes = (bits + 7) / 8
	switch {
	case w.channels < 1 || w.channels > 64 || w.rate < 1:
		return &Fault{document.Corrupt, "its header names no channels or no rate"}
	case tag == wavPCM && w.bytes == 1:
		w.decode = func(b []byte) float32 { return (float32(b[0]) - 128) / 128 }
	case tag == wavPCM && w.bytes == 2:
		w.decode = func(b []byte) float32 { return float32(int16(le.Uint16(b))) / (1 << 15) } //nolint:gosec // signed by its definition
	case tag == wavPCM && w.bytes == 3:
		w.decode = func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31) //nolint:gosec // signed by its definition
		}
	case tag == wavPCM && w.bytes == 4:
		w.decode = func(b []byte) float32 { return float32(int32(le.Uint32(b))) / (1 << 31) } //nolint:gosec // signed by its definition
	case tag == wavFloat && w.bytes == 4:
		w.decode = func(b []byte) float32 { return finite(math.Float32frombits(le.Uint32(b))) }
	case tag == wavFloat && w.bytes == 8:
		w.decode = func(b []byte) float32 { return finite(float32(math.Float64frombits(le.Uint64(b)))) }
	case (tag == wavALaw || tag == wavMuLaw) && (w.bytes == 1 || bits == 0):
		// QUIRK: some telephone recorders leave the bits of a companded sample at 0
		// (the Standards Update of 1994 wants 8).
		table := logLaw(tag == wavALaw)
		w.bytes = 1
		w.decode = func(b []byte) float32 { return table[b[0]] }
	default:
		return &Fault{document.Unsupported, "its samples are compressed"}
	}
	return nil
}

func finite(f float32) float32 {
	if math.IsNaN(float64(f)) || f > 8 || f < -8 {
		return 0
	}
	return f
}

// logLaw is the table of A-law or µ-law (ITU-T G.711).
func logLaw(a bool) (t [256]float32) {
	for i := range t {
		v := i ^ 0xff
		if a {
			v = i ^ 0x55
		}
		exponent, mantissa := v>>4&7, v&15
		var n int
		switch {
		case !a:
			n = (mantissa<<3+0x84)<<exponent - 0x84
		case exponent == 0:
			n = mantissa<<4 + 8
		default:
			n = (mantissa<<4 + 0x108) << (exponent - 1)
		}
		if negative := v&0x80 != 0; negative != a {
			n = -n
		}
		t[i] = float32(n) / (1 << 15)
	}
	return t
}

func (w *wav) read(dst []float32) (int, error) {
	need := len(dst) * w.bytes
	if cap(w.buf) < need {
		w.buf = make([]byte, need)
	}
	n, err := io.ReadFull(w.r, w.buf[:need])
	n /= w.bytes
	for i := range n {
		dst[i] = w.decode(w.buf[i*w.bytes:])
	}
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		if w.broken != nil {
			return n, w.broken
		}
		return n, io.EOF
	}
	return n, &Fault{document.IO, err.Error()}
}
