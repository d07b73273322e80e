package pdf

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"

	"guidang/extractors/document"
)

// Bounds of looking for signatures: a file is gone through in windows, each with
// the end of the one before it.
const (
	signWindow  = 1 << 20
	signOverlap = 64 << 10 // a signature's dictionary with its certificates is some 30 kB
	maxSigned   = 256 << 20
)

var (
	sigValue = regexp.MustCompile(`/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+`)
	sigField = regexp.MustCompile(`/FT\s*/Sig\b`)
)

// notSignatures are dictionaries of the same form: what Acrobat writes to let its
// Reader fill a form (ISO 32000-1, 12.8.2.3), and time stamps (ISO 32000-2,
// 12.8.5).
var notSignatures = [][]byte{[]byte("/UR3"), []byte("ETSI.RFC3161")}

// signatures tells how many of a file's signature fields are signed, "1/2".
// Nothing is said of whether a signature is valid.
//
// QUIRK: ISO 32000-1, 12.8.1 — a signed value names byte offsets of its own file,
// so it never lies in a compressed object and is found by its bytes. A field may
// lie in one, which is unpacked to find it.
func signatures(ctx context.Context, in *document.Input) (string, error) {
	if in.Bytes == nil || in.Size > maxSigned {
		return "", nil
	}
	signed, fields := 0, fieldSet{seen: map[int]bool{}}
	buf := make([]byte, signOverlap+signWindow)
	kept := 0
	for at := int64(0); at < in.Size; {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		n, err := in.Bytes.ReadAt(buf[kept:min(int64(len(buf)), int64(kept)+in.Size-at)], at)
		if n == 0 && err != nil {
			break
		}
		at += int64(n)
		window := buf[:kept+n]
		// What begins in the last stretch is looked at with the next window.
		end := len(window)
		if at < in.Size && err == nil {
			end = max(0, end-signOverlap)
		}
		for _, m := range sigValue.FindAllIndex(window, -1) {
			if m[0] < end && !other(around(window, m[0], m[1])) {
				signed++
			}
		}
		for _, m := range sigField.FindAllIndex(window, -1) {
			if m[0] < end {
				fields.add(window, m[0])
			}
		}
		for _, m := range packedType.FindAllIndex(window, -1) {
			if m[0] < end {
				fields.packed(in, window, m[0], at-int64(len(window)))
			}
		}
		if err == io.EOF || at >= in.Size {
			break
		}
		kept = copy(buf, window[end:])
	}
	all := max(len(fields.seen)+fields.unnamed, signed)
	if all == 0 {
		return "", nil
	}
	return fmt.Sprintf("%d/%d", signed, all), nil
}

// around is what stands around a byte range: its object, if that says what was
// signed, since the next may be another signature; else what is near.
func around(window []byte, from, to int) []byte {
	before, after := window[max(0, from-signOverlap/2):from], window[to:min(len(window), to+signOverlap)]
	begin, end := bytes.LastIndex(before, []byte("endobj"))+1, bytes.Index(after, []byte("endobj"))
	if end < 0 {
		end = len(after)
	}
	near := window[from-len(before) : to+len(after)]
	if object := near[begin : len(near)-len(after)+end]; bytes.Contains(object, []byte("/TransformMethod")) {
		return object
	}
	return near
}

// other says that what stands around a byte range is no signature of somebody.
func other(around []byte) bool {
	for _, word := range notSignatures {
		if bytes.Contains(around, word) {
			return true
		}
	}
	return false
}
