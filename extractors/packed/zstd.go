package packed

import (
	"bufio"
	"encoding/binary"
	"errors"

	"github.com/klauspost/compress/zstd"

	"guidang/extractors/document"
)

// zstdWindow bounds the window that a frame asks for: what `zstd --long` uses,
// and what zstd itself unpacks without being told to use more.
const zstdWindow = 128 << 20

// Zstd reads .zst files, over all their frames.
var Zstd = codec{
	name: "zstd", version: 1, mediaType: "application/zstd",
	magic: func(h []byte) bool {
		if len(h) < 8 {
			return false
		}
		m := binary.LittleEndian.Uint32(h)
		return m == 0xfd2fb528 || m&^15 == 0x184d2a50 && skippedThen(h, 0xfd2fb528)
	},
	suffixes: [][2]string{{".tzst", ".tar"}, {".tzs", ".tar"}, {".zstd", ""}, {".zst", ""}},
	open: func(r *bufio.Reader) (*opened, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderMaxMemory(1<<40))
		if err != nil {
			return nil, err
		}
		return &opened{r: z, close: z.Close}, nil
	},
	why: func(err error) error {
		if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
			return &failure{document.MemoryLimit, "its window is larger than 128 MiB"}
		}
		return streamWhy(err)
	},
}.format()

// skippedThen says whether the frame behind a skippable one, which zstd and lz4
// have alike, is of that kind. pzstd begins its files with one.
func skippedThen(h []byte, magic uint32) bool {
	le := binary.LittleEndian
	next := uint64(8) + uint64(le.Uint32(h[4:]))
	return next+4 <= uint64(len(h)) && le.Uint32(h[next:]) == magic
}
