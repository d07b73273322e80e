package packed

import (
	"bufio"
	"errors"
	"strings"

	"github.com/mikelolasagasti/xz"

	"guidang/extractors/document"
)

// lzmaMemory bounds the dictionary that a header asks for. `xz -9` asks for 64
// MiB, whatever the file's size, and that much is set aside; twice as much is left
// for archives of whole disks.
const lzmaMemory = 128 << 20

// Xz reads .xz files, over all their streams.
var Xz = codec{
	name: "xz", version: 1, mediaType: "application/x-xz",
	magic:    func(h []byte) bool { return strings.HasPrefix(string(h[:min(len(h), 6)]), "\xfd7zXZ\x00") },
	suffixes: [][2]string{{".txz", ".tar"}, {".xz", ""}},
	open: func(r *bufio.Reader) (*opened, error) {
		z, err := xz.NewReader(r, lzmaMemory)
		if err != nil {
			return nil, err
		}
		return &opened{r: z}, nil
	},
	why: func(err error) error {
		switch {
		case errors.Is(err, xz.ErrMemlimit):
			return &failure{document.MemoryLimit, "its dictionary is larger than 128 MiB"}
		case errors.Is(err, xz.ErrOptions), errors.Is(err, xz.ErrUnsupportedCheck):
			return &failure{document.Unsupported, "packed in a way that is not read"}
		case errors.Is(err, xz.ErrBuf):
			return &failure{document.Truncated, "the file is cut off"}
		}
		return streamWhy(err)
	},
}.format()
