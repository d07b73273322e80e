package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strconv"

	"guidang/extractors/document"
)

// MP3 reads MPEG audio, layers 1 to 3.
var MP3 = format("mp3", "audio/mpeg", isMP3, probeMP3)

// frame is a decoded MPEG audio frame header (ISO/IEC 11172-3, 2.4.1.3).
type frame struct {
	size, samples, rate, channels, bitrate, layer int
	mpeg1                                         bool
}

var mp3Bitrates = [2][3][16]int{ // [mpeg1][layer-1], kbit/s
	{{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256}, {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}, {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
	{{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448}, {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384}, {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
}

var mp3Rates = [4]int{44100, 48000, 32000}

func parseFrame(b []byte) (f frame, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return f, false
	}
	version, layer := b[1]>>3&3, 4-int(b[1]>>1&3)
	rate := mp3Rates[b[2]>>2&3]
	if version == 1 || layer == 4 || rate == 0 || b[2]>>4 == 15 {
		return f, false
	}
	f.layer, f.mpeg1 = layer, version == 3
	mpeg := 0
	switch version {
	case 3:
		mpeg = 1
	case 2:
		rate /= 2
	case 0:
		rate /= 4
	}
	f.rate, f.channels = rate, 2
	if b[3]>>6 == 3 {
		f.channels = 1
	}
	f.bitrate = mp3Bitrates[mpeg][layer-1][b[2]>>4] * 1000
	if f.bitrate == 0 { // free format: its length cannot be told from the header
		return f, false
	}
	pad := int(b[2] >> 1 & 1)
	switch {
	case layer == 1:
		f.samples, f.size = 384, (12*f.bitrate/rate+pad)*4
	case layer == 3 && mpeg == 0:
		f.samples, f.size = 576, 72*f.bitrate/rate+pad
	default:
		f.samples, f.size = 1152, 144*f.bitrate/rate+pad
	}
	return f, f.size >= 4
}

// isMP3 wants an ID3 tag, or three frames that follow each other: two bytes of
// sync alone stand in every tenth binary file.
func isMP3(in *document.Input) bool {
	h := in.Head()
	if bytes.HasPrefix(h, []byte("ID3")) {
		return len(h) > 10 && h[3] < 5
	}
	at, first := 0, frame{}
	for i := range 3 {
		f, ok := parseFrame(h[min(at, len(h)):])
		if !ok || i > 0 && (f.rate != first.rate || f.layer != first.layer) {
			return i > 0 && int64(at) == in.Size
		}
		if i == 0 {
			first = f
		}
		at += f.size
	}
	return true
}

// id3Size returns the length of an ID3v2 tag at b, or 0.
func id3Size(b []byte) int64 {
	if len(b) < 10 || string(b[:3]) != "ID3" {
		return 0
	}
	n := int64(b[6]&0x7f)<<21 | int64(b[7]&0x7f)<<14 | int64(b[8]&0x7f)<<7 | int64(b[9]&0x7f)
	if b[5]&0x10 != 0 {
		n += 10 // a footer
	}
	return n + 10
}

// maxResync is how much foreign data between frames is skipped in search of the
// next one.
const maxResync = 1 << 20

func probeMP3(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	s := sound{codec: "mp3"}
	var head [10]byte
	at := int64(0)
	for { // QUIRK: tags come one after another when a program adds instead of replaces
		n, _ := in.Bytes.ReadAt(head[:], at)
		size := id3Size(head[:n])
		if size == 0 {
			break
		}
		readID3(&s, in.Bytes, at, size)
		at += size
	}
	if at >= in.Size {
		doc.Lose(document.None, document.Truncated, "the file ends within its ID3 tag")
		return s, nil
	}
	end := in.Size
	var tag [128]byte
	if n, _ := in.Bytes.ReadAt(tag[:], in.Size-128); n == len(tag) && string(tag[:3]) == "TAG" {
		readID3v1(&s, tag[:])
		end -= 128
	}
	w := &frameWalk{r: io.NewSectionReader(in.Bytes, at, max(end-at, 0)), buf: make([]byte, 0, 64<<10)}
	first, body, err := w.next(ctx)
	if err != nil || first.size == 0 {
		return s, err
	}
	s.channels, s.sampleRate = first.channels, first.rate
	if first.layer < 3 {
		s.codec = "mp" + strconv.Itoa(first.layer)
	}
	if frames := vbrFrames(body, first); frames > 0 {
		s.duration = float64(frames) * float64(first.samples) / float64(first.rate)
		// An Xing header survives when a file is cut off: believe it only while
		// the bytes are there to fill it.
		if least := s.duration * 8000 / 8 * 0.9; float64(end-at) >= least {
			s.bitrate = int(float64(end-at) * 8 / s.duration)
			return s, nil
		}
		doc.Lose(document.Partial, document.Truncated, "the file is shorter than its header says")
		s.duration = 0
	}
	seconds := float64(first.samples) / float64(first.rate)
	for {
		f, _, err := w.next(ctx)
		if err != nil {
			return s, err
		}
		if f.size == 0 {
			break
		}
		seconds += float64(f.samples) / float64(f.rate)
	}
	if w.skipped > 0 {
		doc.Warn("resynced", "foreign bytes between the frames were skipped")
	}
	if w.cut {
		doc.Warn("truncated", "the last frame is cut off")
	}
	s.duration = seconds
	s.bitrate = int(float64(end-at) * 8 / seconds)
	return s, nil
}

// vbrFrames returns the number of frames that an Xing, Info or VBRI header in
// the first frame states, or 0.
func vbrFrames(b []byte, f frame) uint32 {
	side := 17
	if f.mpeg1 && f.channels == 2 {
		side = 32
	} else if !f.mpeg1 && f.channels == 1 {
		side = 9
	}
	if x := 4 + side; len(b) >= x+12 && (string(b[x:x+4]) == "Xing" || string(b[x:x+4]) == "Info") && b[x+7]&1 != 0 {
		return binary.BigEndian.Uint32(b[x+8:])
	}
	if len(b) >= 36+18 && string(b[36:40]) == "VBRI" {
		return binary.BigEndian.Uint32(b[36+14:])
	}
	return 0
}

// frameWalk steps from frame to frame through a buffer.
type frameWalk struct {
	r       io.Reader
	buf     []byte
	eof     bool
	count   int
	steps   int
	skipped int
	cut     bool
}

// fill makes n bytes available, or all that are left.
func (w *frameWalk) fill(n int) error {
	for len(w.buf) < n && !w.eof {
		if cap(w.buf)-len(w.buf) < 32<<10 {
			grown := make([]byte, len(w.buf), max(64<<10, n+32<<10))
			copy(grown, w.buf)
			w.buf = grown
		}
		k, err := w.r.Read(w.buf[len(w.buf):cap(w.buf)])
		w.buf = w.buf[:len(w.buf)+k]
		if err == io.EOF {
			w.eof = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// next returns the next frame and its bytes; size 0 means the end. Away from a
// known frame it wants a second one behind, so that noise gives no duration.
func (w *frameWalk) next(ctx context.Context) (frame, []byte, error) {
	synced, skipped := w.count > 0, 0
	for {
		if w.steps++; w.steps&0xfff == 0 && ctx.Err() != nil {
			return frame{}, nil, ctx.Err()
		}
		if err := w.fill(4); err != nil {
			return frame{}, nil, err
		}
		if len(w.buf) < 4 || skipped > maxResync {
			return frame{}, nil, nil
		}
		f, ok := parseFrame(w.buf)
		if ok {
			if err := w.fill(f.size + 4); err != nil {
				return frame{}, nil, err
			}
			if len(w.buf) < f.size {
				w.cut = true
				return frame{}, nil, nil
			}
			_, behind := parseFrame(w.buf[f.size:])
			if synced || behind || len(w.buf) == f.size {
				body := w.buf[:f.size]
				w.buf = w.buf[f.size:]
				w.count++
				w.skipped += skipped
				return f, body, nil
			}
		}
		synced = false
		skip := bytes.IndexByte(w.buf[1:], 0xff)
		if skip < 0 {
			skip = len(w.buf) - 1
		}
		skipped += skip + 1
		w.buf = w.buf[skip+1:]
	}
}
