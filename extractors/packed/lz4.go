package packed

import (
	"bufio"
	"encoding/binary"

	"github.com/pierrec/lz4/v4"
)

// Lz4 reads .lz4 files: frames of the format 1.6 and of the one before it. Its
// blocks are 8 MiB at most, so there is no memory to bound.
var Lz4 = codec{
	name: "lz4", version: 1, mediaType: "application/x-lz4",
	magic: func(h []byte) bool {
		if len(h) < 8 {
			return false
		}
		m := binary.LittleEndian.Uint32(h)
		return m == 0x184d2204 || m == 0x184c2102 || m&^15 == 0x184d2a50 && skippedThen(h, 0x184d2204)
	},
	suffixes: [][2]string{{".tlz4", ".tar"}, {".lz4", ""}},
	open: func(r *bufio.Reader) (*opened, error) {
		return &opened{r: lz4.NewReader(r)}, nil
	},
	why: streamWhy,
}.format()
