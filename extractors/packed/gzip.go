package packed

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"path"

	"guidang/extractors/charset"
)

// Gzip reads .gz and .tgz files, over all their members (RFC 1952, 2.2).
var Gzip = codec{
	name: "gzip", version: 2, mediaType: "application/gzip",
	magic: func(h []byte) bool {
		return len(h) >= 10 && h[0] == 0x1f && h[1] == 0x8b && h[2] == 8 && h[3]&0xe0 == 0
	},
	suffixes: [][2]string{{".tgz", ".tar"}, {".taz", ".tar"}, {".svgz", ".svg"}, {".gz", ""}},
	open:     openGzip,
	why:      streamWhy,
}.format()

func openGzip(r *bufio.Reader) (*opened, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	// The stated length (RFC 1952, 2.3.1) is not looked at: it is of the last member
	// only, modulo 4 GiB, and in a file that was cut off any four bytes.
	return &opened{r: gzipTail{z}, name: gzipName(z.Name), modified: z.ModTime}, nil
}

// gzipTail ends where the last member ends. QUIRK: what follows it and is no
// member is ignored, as gzip itself does (RFC 1952, 2.2 allows members only);
// tapes pad with zeros.
type gzipTail struct{ z *gzip.Reader }

// Read is io.Reader.
func (g gzipTail) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// gzipName decodes the stated name. QUIRK: RFC 1952, 2.3.1 says ISO 8859-1; the
// wild writes its own charset, and compress/gzip has widened each byte to a rune.
func gzipName(stated string) string {
	if stated == "" {
		return ""
	}
	raw := make([]byte, 0, len(stated))
	for _, r := range stated {
		raw = append(raw, byte(r)) //nolint:gosec // below 256, as said
	}
	text, _, _ := charset.Decode(raw, "")
	if name := path.Base(tidy(text)); name != "." {
		return name
	}
	return ""
}
