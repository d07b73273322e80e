package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"time"

	"guidang/extractors/document"
)

// Matroska reads webm and mkv (RFC 9559): length and tracks out of its
// descriptions, or, when a browser has recorded it and left no length, out of
// the time of its last block.
var Matroska = format("webm", "audio/webm", isMatroska, probeMatroska)

func isMatroska(in *document.Input) bool {
	h := in.Head()
	return bytes.HasPrefix(h, []byte("\x1a\x45\xdf\xa3")) &&
		(bytes.Contains(h[:min(len(h), 128)], []byte("webm")) || bytes.Contains(h[:min(len(h), 128)], []byte("matroska")))
}

// Elements that are looked at.
const (
	ebmlSegment   = 0x18538067
	ebmlInfo      = 0x1549a966
	ebmlScale     = 0x2ad7b1
	ebmlDuration  = 0x4489
	ebmlDate      = 0x4461
	ebmlTitle     = 0x7ba9
	ebmlTracks    = 0x1654ae6b
	ebmlTrack     = 0xae
	ebmlTrackType = 0x83
	ebmlCodec     = 0x86
	ebmlAudio     = 0xe1
	ebmlRate      = 0xb5
	ebmlChannels  = 0x9f
	ebmlCluster   = 0x1f43b675
	ebmlTime      = 0xe7
	ebmlBlock     = 0xa3
	ebmlGroup     = 0xa0
	ebmlGroupBlk  = 0xa1
)

// maxElements bounds the walk: a day of Opus in frames of 20 ms has 4.3 million
// blocks, most browsers pack 60 ms.
const maxElements = 5_000_000

// mkvWalk steps from element to element. Those that hold others are entered, not
// skipped, so their own length, which live recordings leave open, never counts.
type mkvWalk struct {
	in      *document.Input
	s       sound
	buf     []byte
	bufAt   int64
	scale   float64 // nanoseconds of a tick
	length  float64 // ticks, as stated
	cluster int64
	last    int64 // time of the last block, in ticks
	codec   string
	audio   bool
}

func probeMatroska(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	w := &mkvWalk{in: in, scale: 1e6}
	if err := w.walk(ctx); err != nil {
		return w.s, err
	}
	switch {
	case w.length > 0:
		w.s.duration = w.length * w.scale / 1e9
	case w.last > 0:
		w.s.duration = float64(w.last) * w.scale / 1e9
	}
	if w.s.duration > 1e9 || math.IsNaN(w.s.duration) {
		w.s.duration = 0
	}
	if w.s.video {
		doc.MediaType = "video/webm"
	}
	if w.s.duration > 0 {
		w.s.bitrate = int(float64(in.Size) * 8 / w.s.duration)
	}
	return w.s, nil
}

func (w *mkvWalk) walk(ctx context.Context) error {
	at := int64(0)
	for n := range maxElements {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b, err := w.peek(at, 12)
		if err != nil {
			return err
		}
		id, idLen := ebmlNumber(b, 4, false)
		size, sizeLen := ebmlNumber(b[min(idLen, len(b)):], 8, true)
		if idLen == 0 || sizeLen == 0 {
			return nil
		}
		at += int64(idLen + sizeLen)
		switch id {
		case ebmlSegment, ebmlInfo, ebmlTracks, ebmlTrack, ebmlAudio, ebmlGroup:
			continue
		case ebmlCluster:
			// Where the length is stated, the blocks need not be visited.
			if w.length > 0 {
				return nil
			}
			continue
		}
		if size < 0 || size > w.in.Size-at {
			return nil // of unknown length, or cut off: the walk cannot go on
		}
		if err := w.element(id, at, size); err != nil {
			return err
		}
		at += size
	}
	return nil
}

// peek gives bytes at a place, out of a window that moves forward.
func (w *mkvWalk) peek(at int64, n int) ([]byte, error) {
	if at < w.bufAt || at+int64(n) > w.bufAt+int64(len(w.buf)) {
		if w.buf == nil {
			w.buf = make([]byte, 16<<10)
		}
		got, err := w.in.Bytes.ReadAt(w.buf[:cap(w.buf)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		w.buf, w.bufAt = w.buf[:got], at
	}
	from := at - w.bufAt
	return w.buf[from:min(from+int64(n), int64(len(w.buf)))], nil
}

func (w *mkvWalk) element(id, at, size int64) error {
	switch id {
	case ebmlScale, ebmlDuration, ebmlDate, ebmlTitle, ebmlTrackType, ebmlCodec, ebmlRate, ebmlChannels, ebmlTime, ebmlBlock, ebmlGroupBlk:
	default:
		return nil
	}
	b, err := w.peek(at, int(min(size, 256)))
	if err != nil {
		return err
	}
	number := func() (n int64) {
		for _, c := range b[:min(len(b), 8)] {
			n = n<<8 | int64(c)
		}
		return n
	}
	switch id {
	case ebmlScale:
		if n := number(); n > 0 {
			w.scale = float64(n)
		}
	case ebmlDuration:
		w.length = ebmlFloat(b)
	case ebmlDate: // nanoseconds since 2001
		if t := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(number())); len(b) == 8 && t.Year() > 2001 && t.Year() < 2100 {
			w.s.created = t.Format(time.RFC3339)
		}
	case ebmlTitle:
		w.s.title = string(bytes.ToValidUTF8(bytes.TrimRight(b, "\x00"), nil))
	case ebmlTrackType:
		if w.audio = number() == 2; w.audio {
			w.s.tracks++
		}
		w.s.video = w.s.video || number() == 1
		w.takeCodec()
	case ebmlCodec:
		w.codec = string(b)
		w.takeCodec()
	case ebmlRate:
		if f := ebmlFloat(b); f >= 1000 && f < 1e6 {
			w.s.sampleRate = int(f)
		}
	case ebmlChannels:
		w.s.channels = int(min(number(), 255))
	case ebmlTime:
		w.cluster = number()
		w.last = max(w.last, w.cluster)
	case ebmlBlock, ebmlGroupBlk:
		if _, n := ebmlNumber(b, 8, true); n > 0 && len(b) >= n+2 {
			w.last = max(w.last, w.cluster+int64(int16(binary.BigEndian.Uint16(b[n:])))) //nolint:gosec // signed by its definition
		}
	}
	return nil
}

var mkvCodecs = map[string]string{
	"A_OPUS": "opus", "A_VORBIS": "vorbis", "A_AAC": "aac", "A_FLAC": "flac", "A_MPEG/L3": "mp3", "A_MPEG/L2": "mp2",
	"A_AC3": "ac3", "A_PCM/INT/LIT": "pcm", "A_PCM/FLOAT/IEEE": "pcm_float",
}

// takeCodec takes a track's codec when it is sound; type and codec come in any
// order.
func (w *mkvWalk) takeCodec() {
	if name := mkvCodecs[w.codec]; name != "" && (w.audio || w.codec[0] == 'A') {
		w.s.codec = name
	}
}

// ebmlNumber reads a number of variable length (RFC 8794, 4). Sizes lose their
// marker; -1 is the unknown size. n is 0 when there is none.
func ebmlNumber(b []byte, most int, size bool) (v int64, n int) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0
	}
	n = 1
	for mask := byte(0x80); b[0]&mask == 0; mask >>= 1 {
		n++
	}
	if n > most || n > len(b) {
		return 0, 0
	}
	ones := true
	for i, c := range b[:n] {
		if i == 0 && size {
			c &= 0xff >> n
			ones = c == 0xff>>n
		} else {
			ones = ones && c == 0xff
		}
		v = v<<8 | int64(c)
	}
	if size && ones {
		return -1, n
	}
	return v, n
}

func ebmlFloat(b []byte) float64 {
	switch {
	case len(b) == 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case len(b) == 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return 0
}
