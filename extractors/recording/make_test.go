package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"guidang/extractors/document"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func read(t testing.TB, f document.Format, in *document.Input) *document.Document {
	t.Helper()
	doc, err := f.Read(context.Background(), in, nil)
	if err != nil {
		t.Fatalf("read %s: %v", in.Name, err)
	}
	return doc
}

// riff writes a wave file's chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func chunk(id string, size uint32, body []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(id), size), body...)
}

// pcm is a fmt chunk of 16-bit samples.
func pcm(channels uint16, rate uint32) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint16(nil, 1), channels)
	b = le.AppendUint32(le.AppendUint32(b, rate), rate*uint32(channels)*2)
	return chunk("fmt ", 16, le.AppendUint16(le.AppendUint16(b, channels*2), 16))
}

// mp3Frames is n frames of MPEG 1 layer 3, 128 kbit/s, 44,100 Hz, stereo:
// 417 bytes and 1,152 samples each.
func mp3Frames(n int) []byte {
	return bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...), n)
}

func id3(size int) []byte {
	return append([]byte{'I', 'D', '3', 3, 0, 0, byte(size >> 21), byte(size >> 14 & 0x7f), byte(size >> 7 & 0x7f), byte(size & 0x7f)}, make([]byte, size)...)
}

// xing is one frame that states how many follow.
func xing(frames uint32) []byte {
	f := mp3Frames(1)
	copy(f[36:], "Xing\x00\x00\x00\x01")
	binary.BigEndian.PutUint32(f[44:], frames)
	return f
}

// box is an MP4 box.
func box(kind string, body ...[]byte) []byte {
	b := bytes.Join(body, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(b)+8)), kind...), b...)
}

// mvhd is a movie header of that many milliseconds, made in 2024.
func mvhd(ms uint32) []byte {
	be := binary.BigEndian
	b := be.AppendUint32(make([]byte, 4), 3792463200) // 2024-03-05T06:00:00Z
	return box("mvhd", be.AppendUint32(be.AppendUint32(be.AppendUint32(b, 0), 1000), ms), make([]byte, 80))
}

// stsd describes sound of AAC at 48 kHz.
func stsd() []byte {
	e := make([]byte, 36)
	binary.BigEndian.PutUint32(e, 36)
	copy(e[4:], "mp4a")
	binary.BigEndian.PutUint16(e[24:], 2)
	binary.BigEndian.PutUint32(e[32:], 48000<<16)
	return box("stsd", []byte{0, 0, 0, 0, 0, 0, 0, 1}, e, make([]byte, 8))
}

func handler(kind string) []byte {
	return box("hdlr", make([]byte, 8), []byte(kind), make([]byte, 12))
}

func flac(rate, channels int, samples uint64) []byte {
	b := append([]byte("fLaC\x80\x00\x00\x22"), make([]byte, 34)...)
	binary.BigEndian.PutUint64(b[18:], uint64(rate)<<44|uint64(channels-1)<<41|15<<36|samples)
	return append(b, make([]byte, 1000)...)
}

// ogg is an Opus stream of two pages.
func ogg(granule uint64) []byte {
	head := append([]byte("OggS\x00\x02"), make([]byte, 20)...)
	head = append(head, 1, 19)
	head = append(head, "OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"...)
	last := append([]byte("OggS\x00\x04"), make([]byte, 22)...)
	binary.LittleEndian.PutUint64(last[6:], granule)
	return append(append(head, make([]byte, 300)...), last...)
}
