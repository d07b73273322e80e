package recording

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"guidang/extractors/document"
)

// AMR reads what telephones record: AMR and AMR-WB in their own files (RFC 4867,
// 5). Their frames are counted: nothing states a length.
var AMR = format("amr", "audio/amr", isAMR, probeAMR)

// Silk reads voice notes of WeChat and QQ, which are frames of Skype's codec
// behind each other.
var Silk = format("silk", "audio/silk", isSilk, probeSilk)

var (
	amrMagic     = []byte("#!AMR\n")
	amrWideMagic = []byte("#!AMR-WB\n")
	silkMagic    = []byte("#!SILK_V3")
)

func isAMR(in *document.Input) bool {
	h := in.Head()
	return bytes.HasPrefix(h, amrMagic) || bytes.HasPrefix(h, amrWideMagic) || bytes.HasPrefix(h, []byte("#!AMR_MC1.0\n"))
}

// Bytes of a frame behind its first, by frame type (3GPP TS 26.101 and 26.201,
// storage format). -1: no such type.
var (
	amrSizes     = [16]int{12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, -1, -1, -1, 0}
	amrWideSizes = [16]int{17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0}
)

const voiceFrame = 0.02 // seconds, of AMR and of Silk

func probeAMR(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	s, sizes, skip := sound{codec: "amr_nb", channels: 1, sampleRate: 8000}, amrSizes, len(amrMagic)
	switch h := in.Head(); {
	case bytes.HasPrefix(h, amrWideMagic):
		s.codec, s.sampleRate, sizes, skip = "amr_wb", 16000, amrWideSizes, len(amrWideMagic)
	case !bytes.HasPrefix(h, amrMagic):
		doc.Lose(document.Partial, document.Unsupported, "AMR of several channels is not read")
		return s, nil
	}
	r := bufio.NewReaderSize(io.NewSectionReader(in.Bytes, int64(skip), max(in.Size-int64(skip), 0)), 64<<10)
	frames, strange := 0, 0
	for ; ; frames++ {
		if frames&0xfff == 0 && ctx.Err() != nil {
			return s, ctx.Err()
		}
		b, err := r.ReadByte()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return s, err
			}
			break
		}
		size := sizes[b>>3&15]
		if size < 0 {
			// QUIRK: recorders that ran out of space leave garbage behind the last
			// frame; RFC 4867, 5.3 has only frames there. It is looked for a little.
			if strange++; strange > maxResync {
				break
			}
			frames--
			continue
		}
		if n, err := r.Discard(size); n < size {
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			doc.Warn("truncated", "the last frame is cut off")
			break
		}
	}
	if strange > 0 {
		doc.Warn("resynced", "foreign bytes between the frames were skipped")
	}
	s.withFrames(frames, in.Size)
	return s, nil
}

// withFrames takes a count of voice frames for the duration.
func (s *sound) withFrames(n int, size int64) {
	if n > 0 {
		s.duration = float64(n) * voiceFrame
		s.bitrate = int(float64(size) * 8 / s.duration)
	}
}

// isSilk takes both beginnings.
//
// QUIRK: WeChat puts a byte 2 before Skype's own signature, and leaves the end
// mark out; no standard has it (draft-vos-silk-01 describes packets only).
func isSilk(in *document.Input) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(in.Head(), []byte{2}), silkMagic)
}

func probeSilk(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	s := sound{codec: "silk", channels: 1}
	skip := int64(len(silkMagic))
	if bytes.HasPrefix(in.Head(), []byte{2}) {
		skip++
	}
	r := bufio.NewReaderSize(io.NewSectionReader(in.Bytes, skip, max(in.Size-skip, 0)), 64<<10)
	frames := 0
	for ; ; frames++ {
		if frames&0xfff == 0 && ctx.Err() != nil {
			return s, ctx.Err()
		}
		var b [2]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return s, err
			}
			break
		}
		size := int(binary.LittleEndian.Uint16(b[:]))
		if size == 0xffff {
			break
		}
		if n, err := r.Discard(size); n < size {
			if err != nil && !errors.Is(err, io.EOF) {
				return s, err
			}
			doc.Warn("truncated", "the last frame is cut off")
			break
		}
	}
	s.withFrames(frames, in.Size)
	return s, nil
}
