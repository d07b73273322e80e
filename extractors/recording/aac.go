package recording

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"guidang/extractors/document"
)

// AAC reads AAC frames behind each other (ADTS, ISO/IEC 13818-7, 6.2), as voice
// recorders and stream rippers leave them. Frames are counted.
var AAC = format("aac", "audio/aac", isAAC, probeAAC)

var aacRates = [16]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// adts is a decoded header.
type adts struct{ size, rate, channels, samples int }

func parseADTS(b []byte) (f adts, ok bool) {
	if len(b) < 7 || b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return f, false
	}
	f.rate = aacRates[b[2]>>2&15]
	f.channels = int(b[2]&1)<<2 | int(b[3]>>6)
	f.size = int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5]>>5)
	f.samples = (int(b[6]&3) + 1) * 1024
	return f, f.rate > 0 && f.size >= 7
}

// isAAC wants three frames that follow each other, or fewer that fill the file.
func isAAC(in *document.Input) bool {
	h, at, rate := in.Head(), 0, 0
	for i := range 3 {
		f, ok := parseADTS(h[min(at, len(h)):])
		if !ok || i > 0 && f.rate != rate {
			return i > 0 && int64(at) == in.Size
		}
		rate = f.rate
		at += f.size
	}
	return true
}

func probeAAC(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	s := sound{codec: "aac"}
	r := bufio.NewReaderSize(in.Reader(), 64<<10)
	seconds, skipped, synced := 0.0, 0, false
	for n := 0; skipped <= maxResync; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return s, ctx.Err()
		}
		b, err := r.Peek(7)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return s, err
			}
			break
		}
		f, ok := parseADTS(b)
		if ok && !synced { // noise gives no duration: a second frame has to stand behind
			next, err := r.Peek(f.size + 7)
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			_, behind := parseADTS(next[min(f.size, len(next)):])
			ok = behind || len(next) == f.size
		}
		if !ok {
			synced = false
			at := max(bytes.IndexByte(b[1:], 0xff)+1, 1)
			skipped += at
			_, _ = r.Discard(at)
			continue
		}
		if k, err := r.Discard(f.size); k < f.size {
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			doc.Warn("truncated", "the last frame is cut off")
			break
		}
		synced = true
		s.sampleRate, s.channels = f.rate, f.channels
		seconds += float64(f.samples) / float64(f.rate)
	}
	if skipped > 0 && seconds > 0 {
		doc.Warn("resynced", "foreign bytes between the frames were skipped")
	}
	if seconds > 0 {
		s.duration, s.bitrate = seconds, int(float64(in.Size)*8/seconds)
	}
	return s, nil
}
