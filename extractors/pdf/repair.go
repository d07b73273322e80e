package pdf

import (
	"bytes"
	"context"
	"fmt"
	"regexp"

	"guidang/extractors/document"
)

// maxRepair bounds a damaged file that is mended in memory.
const maxRepair = 64 << 20

var catalog = regexp.MustCompile(`(\d{1,9})[ \r\n]+(\d{1,5})[ \r\n]+obj[ \r\n]*<<[^>]{0,400}?/Type[ \r\n]*/Catalog\b`)

// repair makes a file without its end readable again. QUIRK: ISO 32000-1, 7.5.5
// puts the trailer, and with it the way to everything, at the end. pdfium finds
// objects without a table, but gives up without a trailer; so the catalog is
// looked for and a trailer written. nil when the catalog is lost too, or is
// within an object stream.
func repair(ctx context.Context, in *document.Input) (*document.Input, error) {
	if in.Size > maxRepair || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	data, _, err := in.All(maxRepair)
	if err != nil {
		return nil, err
	}
	found := catalog.FindAllSubmatch(data, -1)
	if len(found) == 0 {
		return nil, nil
	}
	last := found[len(found)-1] // the newest revision
	data = fmt.Appendf(data, "\nendobj\ntrailer\n<</Size 8388607 /Root %s %s R>>\nstartxref\n0\n%%%%EOF\n", last[1], last[2])
	return &document.Input{Name: in.Name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Depth: in.Depth, Limits: in.Limits, Passwords: in.Passwords}, nil
}
