package sound

import (
	"errors"
	"io"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"

	"guidang/extractors/document"
)

// lossless reads native FLAC (RFC 9639), where there is no ffmpeg.
type lossless struct {
	s     *flac.Stream
	f     *frame.Frame
	at    int // samples of f that are read
	scale float32
}

func openFlac(b io.ReaderAt, size int64) (pcm, error) {
	s, err := flac.New(io.NewSectionReader(b, 0, size))
	if err != nil || s.Info.NChannels == 0 || s.Info.BitsPerSample == 0 {
		return nil, &Fault{document.Corrupt, "its header cannot be read"}
	}
	return &lossless{s: s, scale: 1 / float32(uint64(1)<<(s.Info.BitsPerSample-1))}, nil
}

func (l *lossless) format() (rate, channels int) {
	return int(l.s.Info.SampleRate), int(l.s.Info.NChannels)
}

func (l *lossless) read(dst []float32) (int, error) {
	channels := int(l.s.Info.NChannels)
	n := 0
	for n < len(dst) {
		if l.f == nil || l.at >= int(l.f.BlockSize) {
			f, err := l.s.ParseNext()
			switch {
			case err == nil && len(f.Subframes) != channels:
				return n, &Fault{document.Corrupt, "the number of its channels changes"}
			case errors.Is(err, io.EOF):
				return n, io.EOF
			case errors.Is(err, io.ErrUnexpectedEOF):
				return n, &Fault{document.Truncated, "it ends within a frame"}
			case err != nil:
				return n, &Fault{document.Corrupt, "a frame is damaged, and without ffmpeg nothing behind it is decoded"}
			}
			l.f, l.at = f, 0
		}
		for ; l.at < int(l.f.BlockSize) && n < len(dst); l.at++ {
			for _, sub := range l.f.Subframes {
				dst[n] = float32(sub.Samples[l.at]) * l.scale
				n++
			}
		}
	}
	return n, nil
}
