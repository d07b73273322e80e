package packed

import (
	"bytes"
	"io"

	"guidang/extractors/document"
)

// stubMost is how far a signature is looked for behind a self-extracting
// program: the modules of WinRAR and 7-Zip take 100 to 500 kB.
const stubMost = 1 << 20

// signatureAt finds where an archive begins: at the file's beginning, or behind
// the program of a self-extracting one, where good must agree. -1: nowhere. Once an
// archive is known as one, its name no longer counts: it may have got another.
func signatureAt(in *document.Input, sig string, known bool, good func(b []byte) bool) int64 {
	head := in.Head()
	if bytes.HasPrefix(head, []byte(sig)) {
		return 0
	}
	if !known && in.Ext() != ".exe" {
		return -1
	}
	buf := make([]byte, min(in.Size, stubMost))
	n, _ := in.Bytes.ReadAt(buf, 0)
	buf = buf[:n]
	for at := 0; ; at++ {
		k := bytes.Index(buf[at:], []byte(sig))
		if k < 0 {
			return -1
		}
		if at += k; good(buf[at:]) {
			return int64(at)
		}
	}
}

// behind is the input without its first bytes.
func behind(in *document.Input, at int64) *document.Input {
	if at <= 0 {
		return in
	}
	rest := *in
	rest.Bytes, rest.Size = io.NewSectionReader(in.Bytes, at, in.Size-at), in.Size-at
	return &rest
}
