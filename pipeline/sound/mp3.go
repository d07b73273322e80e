package sound

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/hajimehoshi/go-mp3"

	"guidang/extractors/document"
)

// mpeg reads MPEG 1 and 2, layer 3, where there is no ffmpeg.
type mpeg struct {
	d   *mp3.Decoder
	buf []byte
	any bool
}

func openMP3(b io.ReaderAt, size int64) (pcm, error) {
	// What can seek is read twice by the decoder, for a length that we count.
	d, err := mp3.NewDecoder(struct{ io.Reader }{io.NewSectionReader(b, 0, size)})
	if err != nil {
		// Layers 1 and 2 and MPEG 2.5 end here too: only ffmpeg knows them.
		return nil, &Fault{document.Unsupported, "its beginning cannot be decoded"}
	}
	return &mpeg{d: d}, nil
}

// format is always stereo: the decoder doubles a single channel.
func (m *mpeg) format() (rate, channels int) { return m.d.SampleRate(), 2 }

func (m *mpeg) read(dst []float32) (int, error) {
	need := len(dst) * 2
	if cap(m.buf) < need {
		m.buf = make([]byte, need)
	}
	n, err := io.ReadFull(m.d, m.buf[:need])
	n /= 2
	for i := range n {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(m.buf[i*2:]))) / (1 << 15) //nolint:gosec // signed by its definition
	}
	m.any = m.any || n > 0
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return n, io.EOF
	}
	return n, &Fault{document.Corrupt, "a frame is damaged, and without ffmpeg nothing behind it is decoded"}
}
