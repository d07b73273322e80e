package packed

import (
	"bufio"
	"compress/bzip2"
)

// Bzip2 reads .bz2 files, over all their streams.
var Bzip2 = codec{
	name: "bzip2", version: 1, mediaType: "application/x-bzip2",
	magic: func(h []byte) bool {
		// "BZh", the level, and the first block's number, which is pi; or, of an
		// empty file, the end's, the root of pi.
		return len(h) >= 10 && string(h[:3]) == "BZh" && h[3] >= '1' && h[3] <= '9' &&
			(string(h[4:10]) == "1AY&SY" || string(h[4:10]) == "\x17\x72\x45\x38\x50\x90")
	},
	suffixes: [][2]string{{".tbz2", ".tar"}, {".tbz", ".tar"}, {".tb2", ".tar"}, {".bz2", ""}},
	open: func(r *bufio.Reader) (*opened, error) {
		return &opened{r: bzip2.NewReader(r)}, nil
	},
	why: streamWhy,
}.format()
