package packed

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Gzip reads .gz files: one child, whose name comes from the header or from the
// file's own name.
var Gzip = document.Format{
	Name: "gzip", Version: 1, Kind: document.KindArchive, MediaType: "application/gzip",
	Detect: func(in *document.Input) bool {
		h := in.Head()
		return len(h) >= 10 && h[0] == 0x1f && h[1] == 0x8b && h[2] == 8 && h[3]&0xe0 == 0
	},
	Read: readGzip,
}

// gzipStep is the only step of a gzip file. The header's name does not stand in
// it: it may be a whole path, or missing.
const gzipStep = "content"

func readGzip(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(in.Reader(), 64<<10))
	if err != nil {
		return document.Unreadable(document.KindArchive, document.Corrupt, "its header is damaged"), nil //nolint:nilerr // told in the document
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{"entries": "1"}}
	// The stated length (RFC 1952, 2.3.1) is not looked at: it is of the last member
	// only, modulo 4 GiB, and in a file that was cut off any four bytes.
	b := newBudget(in.Limits)
	b.in = in.Size
	c := &document.Child{Step: gzipStep, Name: gzipName(z.Name, in.Name), Ordinal: 1, Size: -1, Modified: z.ModTime,
		Content: &gzipReader{z: z, b: b}}
	if emit == nil {
		return doc, nil
	}
	return doc, emit(c)
}

func gzipName(stated, own string) string {
	if stated != "" {
		// QUIRK: RFC 1952, 2.3.1 says ISO 8859-1; the wild writes its own charset,
		// and compress/gzip has widened each byte to a rune.
		raw := make([]byte, 0, len(stated))
		for _, r := range stated {
			raw = append(raw, byte(r))
		}
		text, _, _ := charset.Decode(raw, "")
		if name := path.Base(tidy(text)); name != "" && name != "." {
			return name
		}
	}
	lower := strings.ToLower(own)
	switch {
	case strings.HasSuffix(lower, ".tgz"):
		return own[:len(own)-4] + ".tar"
	case strings.HasSuffix(lower, ".gz") && len(own) > 3:
		return own[:len(own)-3]
	}
	return own
}

// gzipReader counts what comes out.
type gzipReader struct {
	z   *gzip.Reader
	b   *budget
	err error
}

// Read is io.Reader.
func (g *gzipReader) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.z.Read(p)
	if over := g.b.spend(int64(n)); over != nil {
		err = over
	}
	var named *failure
	switch {
	case err == nil || err == io.EOF || errors.As(err, &named):
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = &failure{document.Truncated, "the file is cut off"}
	// QUIRK: what follows the last member and is no member is ignored, as gzip
	// itself does (RFC 1952, 2.2 allows members only); tapes pad with zeros.
	case errors.Is(err, gzip.ErrHeader):
		err = io.EOF
	default:
		err = &failure{document.Corrupt, "the file cannot be unpacked to its end"}
	}
	g.err = err
	return n, err
}
