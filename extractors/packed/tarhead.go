package packed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
)

// The headers are read by our own reader, because archive/tar stops for good at
// the first damaged one, cannot say where a member lies, and hands out raw names
// without a word about their charset (all three checked on Go 1.26).

const (
	tarBlock = 512
	// paxMost bounds the records before one header; archive/tar's own bound.
	paxMost = 1 << 20
)

// tarEntry is one entry of a tar.
type tarEntry struct {
	name     string // decoded and unique, once named
	raw      string // as it stands in the file
	size     int64  // of the content; -1 when only reading tells
	packed   int64  // bytes in the file
	typ      byte
	modified time.Time
	start    int64 // of its first header
	data     int64
	head     []byte // the headers of a sparse file, for archive/tar
	utf8     bool   // its name is UTF-8 for sure: pax says so
	unsafe   bool   // its name leads out of the archive
	cut      bool
	ordinal  int
}

// folder and special tell what is no file.
func (e *tarEntry) folder() bool  { return e.typ == '5' || e.typ == 'D' }
func (e *tarEntry) special() bool { return strings.IndexByte("12346", e.typ) >= 0 || e.typ == 'M' }

// isTar knows a tar by its first header's check sum. POSIX 1003.1 has "ustar" at
// 257; what was written before 1988 has not, so there the name must look like one.
func isTar(block []byte) bool {
	if len(block) < tarBlock || !tarSum(block) {
		return false
	}
	if string(block[257:262]) == "ustar" {
		return true
	}
	if _, ok := tarNumber(block[124:136]); !ok || block[0] == 0 || strings.IndexByte("\x00012345", block[156]) < 0 {
		return false
	}
	return strings.IndexFunc(cString(block[:100]), func(r rune) bool { return r < ' ' }) < 0
}

// tarSum checks a header's sum. QUIRK: POSIX 1003.1 adds unsigned bytes; old Sun
// and BSD programs added signed ones.
func tarSum(block []byte) bool {
	want, ok := tarNumber(block[148:156])
	if !ok {
		return false
	}
	var unsigned, signed int64
	for i, c := range block[:tarBlock] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		unsigned += int64(c)
		signed += int64(int8(c))
	}
	return want == unsigned || want == signed
}

// tarNumber reads an octal field, or a binary one as GNU tar writes it for what
// does not fit.
func tarNumber(b []byte) (int64, bool) {
	if b[0]&0x80 != 0 {
		if b[0] != 0x80 {
			return 0, false // below zero, or beyond any file
		}
		var n int64
		for _, c := range b[1:] {
			if n >= 1<<54 {
				return 0, false
			}
			n = n<<8 | int64(c)
		}
		return n, true
	}
	s := strings.Trim(string(b), " \x00")
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 8, 64)
	return n, err == nil && n >= 0
}

func cString(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// tape is where a tar comes from: a file, or a stream that is unpacked meanwhile.
type tape struct {
	r    io.Reader
	seek io.Seeker // nil: what is skipped must be read
	size int64     // with seek
	pos  int64
}

// Read is io.Reader.
func (t *tape) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.pos += int64(n)
	return n, err
}

// skipTo goes on to a place; short says that the tape ends before it.
func (t *tape) skipTo(pos int64) error {
	if t.seek == nil {
		_, err := io.CopyN(io.Discard, t, pos-t.pos)
		return err
	}
	if pos > t.size {
		t.pos = t.size
		return io.EOF
	}
	_, err := t.seek.Seek(pos, io.SeekStart)
	t.pos = pos
	return err
}

// pending is what the headers before a file's own say about it.
type pending struct {
	pax   map[string]string
	name  string // GNU's long name
	start int64  // -1: there is none
	raw   []byte
}

// next reads the headers of one entry; io.EOF is the end. Between damaged headers
// it looks for the next whole one.
func (w *tarWalk) next(ctx context.Context) (*tarEntry, error) {
	p := pending{start: -1}
	zeros, lost := 0, false
	for n := 0; ; n++ {
		if n&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		at := w.tape.pos
		block := make([]byte, tarBlock)
		if got, err := io.ReadFull(w.tape, block); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, err
			}
			// QUIRK: POSIX 1003.1 ends with two blocks of zeros; many writers leave them
			// out, so a tar without them is whole.
			w.short = w.short || got > 0 && !allZero(block[:got]) && !w.ended || p.start >= 0
			return nil, io.EOF
		}
		if allZero(block) {
			if zeros++; zeros >= 2 {
				w.ended = true
			}
			continue
		}
		if !tarSum(block) {
			// QUIRK: what stands behind the end is not looked at, but another tar may
			// (`cat a.tar b.tar`), as with GNU tar's -i.
			if w.ended {
				return nil, io.EOF
			}
			w.bad, lost = true, true
			continue
		}
		if lost && string(block[257:262]) != "ustar" {
			continue // among damage, a sum alone is too weak a sign
		}
		zeros, lost, w.ended = 0, false, false
		if p.start < 0 {
			p.start = at
		}
		e, err := w.header(block, &p)
		if err != nil || e != nil {
			return e, err
		}
	}
}

// header reads one header with a good sum. It gives nil for one that only
// describes what follows.
func (w *tarWalk) header(block []byte, p *pending) (*tarEntry, error) {
	size, ok := tarNumber(block[124:136])
	if !ok {
		w.bad, *p = true, pending{start: -1}
		return nil, nil
	}
	p.raw = append(p.raw, block...)
	switch typ := block[156]; typ {
	case 'x', 'X', 'L', 'K', 'g', 'V', 'N':
		return nil, w.extended(typ, size, p)
	default:
		return w.entry(block, typ, size, p)
	}
}

// extended reads what describes the next header, or all of them.
func (w *tarWalk) extended(typ byte, size int64, p *pending) error {
	end := w.tape.pos + padded(size)
	if size > paxMost || len(p.raw) > 4*paxMost || typ == 'g' || typ == 'V' || typ == 'N' {
		// Global headers (comments of git archive), volume labels.
		w.bad = w.bad || size > paxMost && typ != 'g'
		return w.skip(end)
	}
	body := make([]byte, padded(size))
	if _, err := io.ReadFull(w.tape, body); err != nil {
		return w.cut(err)
	}
	p.raw = append(p.raw, body...)
	body = body[:size]
	switch typ {
	case 'L':
		p.name = cString(body)
	case 'x', 'X':
		p.pax = paxRecords(body)
	}
	return nil
}

// skip and cut turn an end that comes too early into a mark.
func (w *tarWalk) skip(pos int64) error { return w.cut(w.tape.skipTo(pos)) }

func (w *tarWalk) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		w.short = true
		return io.EOF
	}
	return err
}

func padded(n int64) int64 { return (n + tarBlock - 1) / tarBlock * tarBlock }

// entry makes an entry of its own header and of those before it.
func (w *tarWalk) entry(block []byte, typ byte, size int64, p *pending) (*tarEntry, error) {
	e := &tarEntry{typ: typ, start: p.start, raw: cString(block[:100])}
	if string(block[257:263]) == "ustar\x00" {
		prefix := block[345:500]
		if string(block[508:512]) == "tar\x00" {
			prefix = block[345:476] // star keeps times behind 131 bytes
		}
		if s := cString(prefix); s != "" {
			e.raw = s + "/" + e.raw
		}
	}
	if seconds, ok := tarNumber(block[136:148]); ok && seconds > 0 && seconds < 1<<40 {
		e.modified = time.Unix(seconds, 0).UTC()
	}
	if p.name != "" {
		e.raw = p.name
	}
	sparse := typ == 'S'
	for _, key := range []string{"path", "GNU.sparse.name"} {
		if v, ok := p.pax[key]; ok {
			// QUIRK: pax names are UTF-8, but bsdtar writes what it cannot convert as it
			// is and says so.
			e.raw, e.utf8 = v, p.pax["hdrcharset"] != "BINARY" && utf8.ValidString(v)
		}
	}
	if n, err := strconv.ParseInt(p.pax["size"], 10, 64); err == nil && n >= 0 {
		size = n
	}
	if f, err := strconv.ParseFloat(p.pax["mtime"], 64); err == nil && f > 0 && f < 1<<40 {
		e.modified = time.Unix(int64(f), 0).UTC()
	}
	for key := range p.pax {
		sparse = sparse || strings.HasPrefix(key, "GNU.sparse.")
	}
	if e.raw != "" && strings.HasSuffix(e.raw, "/") && (typ == 0 || typ == '0') {
		e.typ = '5' // before POSIX there was no type for folders
	}
	// QUIRK: POSIX 1003.1 lets a size stand in the headers of links and folders;
	// there are no bytes behind them all the same.
	if strings.IndexByte("123456", e.typ) >= 0 {
		size = 0
	}
	if size > 1<<55 {
		w.bad = true
		return nil, nil
	}
	if typ == 'S' {
		for more := block[482] != 0; more; {
			ext := make([]byte, tarBlock)
			if _, err := io.ReadFull(w.tape, ext); err != nil {
				return nil, w.cut(err)
			}
			p.raw = append(p.raw, ext...)
			more = ext[504] != 0 && len(p.raw) < 4*paxMost
		}
	}
	e.size, e.packed, e.data = size, size, w.tape.pos
	if sparse && !e.special() && !e.folder() {
		e.head, e.size = p.raw, -1
	}
	return e, nil
}

// paxRecords reads "length key=value\n" (POSIX 1003.1, pax, extended header). What
// follows a damaged record is left out.
func paxRecords(b []byte) map[string]string {
	out := map[string]string{}
	for len(b) > 0 {
		sp := bytes.IndexByte(b, ' ')
		if sp <= 0 {
			break
		}
		n, err := strconv.Atoi(string(b[:sp]))
		if err != nil || n <= sp+1 || n > len(b) {
			break
		}
		key, value, ok := strings.Cut(strings.TrimSuffix(string(b[sp+1:n]), "\n"), "=")
		if ok {
			out[key] = value
		}
		b = b[n:]
	}
	return out
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// tell puts what went wrong into the document.
func (w *tarWalk) tell(doc *document.Document) {
	doc.Fields["entries"] = strconv.Itoa(w.files)
	switch {
	case w.over != nil:
		doc.Lose(document.Partial, w.over.reason, w.over.detail)
	case w.short:
		doc.Lose(document.Partial, document.Truncated, "it ends in the middle of an entry")
	}
	if w.bad {
		doc.Lose(document.Partial, document.Corrupt, "some headers are damaged; the entries behind them were found again")
	}
	if w.more {
		doc.Lose(document.Partial, document.TooMany, "only the first "+strconv.Itoa(w.limits.Entries)+" entries are listed")
	}
	warnSpecial(doc, w.specials)
	warnUnsafe(doc, w.unsafe)
}
