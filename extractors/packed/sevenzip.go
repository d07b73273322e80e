package packed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// SevenZip reads 7z archives, also self-extracting ones: LZMA, LZMA2, PPMd,
// bzip2, Deflate, Brotli, LZ4, with the filters for programs, and AES.
var SevenZip = document.Format{
	Name: "7z", Version: 1, Kind: document.KindArchive, MediaType: "application/x-7z-compressed",
	Detect: func(in *document.Input) bool { return sevenOffset(in, false) >= 0 },
	Read:   readSeven, Open: openSeven,
}

func sevenOffset(in *document.Input, known bool) int64 {
	return signatureAt(in, sevenSignature, known, func(b []byte) bool {
		_, _, _, err := sevenStart(b, 0)
		return err == nil
	})
}

// sevenArchive is a 7z whose header was read.
type sevenArchive struct {
	in      *document.Input
	r       io.ReaderAt
	packed  int64 // bytes between start header and header
	info    *sevenInfo
	entries []*sevenEntry
	fault   func() error // what was not the archive's own
	more    bool
	budget  *budget

	opened map[int]string // the password of each block that was opened
	locked map[int]bool   // blocks that none opens
	last   string         // the password that fitted last
	failed int            // blocks in a row that none fitted
	paid   map[int]bool   // blocks that the budget counts
	stream *sevenStream   // the block that is being unpacked
}

// sevenEntry is a file of it, named.
type sevenEntry struct {
	*sevenFile

	step    string
	ordinal int
}

// special says that it is a link or a device, by Windows' mark or by the Unix
// mode that 7-Zip keeps in the high half.
func (e *sevenEntry) special() bool {
	const reparse, unix, unixFile, unixFolder = 0x400, 0x8000, 0x8, 0x4
	kind := e.attributes >> 28
	return e.attributes&reparse != 0 || e.attributes&unix != 0 && kind != 0 && kind != unixFile && kind != unixFolder
}

// openSevenArchive reads the header. A *failure says what is wrong with the
// archive; another error is the disk's or the context's.
func openSevenArchive(ctx context.Context, in *document.Input) (*sevenArchive, error) {
	raw, fault := bytesOf(ctx, in)
	a := &sevenArchive{in: in, r: raw, fault: fault, info: &sevenInfo{}, budget: newBudget(ctx, in.Limits),
		opened: map[int]string{}, locked: map[int]bool{}, paid: map[int]bool{}}
	header, err := a.header(ctx)
	if f := fault(); f != nil {
		return nil, f
	}
	if err != nil || header == nil {
		return a, err
	}
	info, ok := parseSeven(header, a.packed, in.Limits.WithDefaults())
	if !ok {
		return nil, &failure{document.Corrupt, "its list of files is damaged"}
	}
	a.info = info
	a.list()
	return a, nil
}

// header reads the header, unpacked; nil is one of an archive of nothing.
func (a *sevenArchive) header(ctx context.Context) ([]byte, error) {
	head := make([]byte, lenSeven)
	n, _ := a.r.ReadAt(head, 0)
	offset, length, whole, err := sevenStart(head[:n], a.in.Size)
	switch {
	case err != nil:
		return nil, err
	case !whole:
		return nil, &failure{document.Truncated, "its list of files lies behind its end"}
	case length == 0:
		return nil, nil
	}
	a.packed = offset
	header := make([]byte, length)
	if n, _ := a.r.ReadAt(header, lenSeven+offset); n < len(header) {
		return nil, &failure{document.Truncated, "its list of files is cut off"}
	}
	if crc32.ChecksumIEEE(header) != leUint32(head[28:]) {
		return nil, &failure{document.Corrupt, "its list of files is damaged"}
	}
	// 7-Zip itself packs a header once; some writers do it twice.
	for range 4 {
		if header[0] != sevenEncodedHeader {
			break
		}
		if header, err = a.unpackHeader(ctx, header); err != nil {
			return nil, err
		}
	}
	return header, nil
}

// unpackHeader unpacks a packed header.
func (a *sevenArchive) unpackHeader(ctx context.Context, header []byte) ([]byte, error) {
	limits := a.in.Limits.WithDefaults()
	w, info := &sevenWalk{b: header, at: 1}, &sevenInfo{}
	w.streams(info)
	if w.bad || len(info.blocks) != 1 || !info.measure(a.packed, limits) {
		return nil, &failure{document.Corrupt, "its list of files is damaged"}
	}
	f := &info.blocks[0]
	switch {
	case f.unsupported:
		return nil, &failure{document.Unsupported, "its list of files is packed in a way that is not read"}
	case f.memory || f.size > sevenList:
		return nil, &failure{document.TooMany, "its list of files is too large"}
	case f.size > ratioFree+limits.Ratio*f.packed:
		return nil, &failure{document.Bomb, "its list of files unpacks to far more than its size allows for"}
	}
	passwords := []string{""}
	if f.encrypted {
		if passwords = a.in.Passwords; f.costly {
			passwords = nil
		}
	}
	view := f.view(a.r, a.packed)
	for _, p := range passwords {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var out []byte
		err := guarded(func() error {
			r, err := view.open(p)
			if err == nil {
				out, err = io.ReadAll(io.LimitReader(r, f.size))
			}
			return err
		})
		if err == nil && uint64(len(out)) == f.mainSize() && len(out) > 0 &&
			(!f.sum.known || f.sum.crc == crc32.ChecksumIEEE(out)) && (out[0] == sevenHeader || out[0] == sevenEncodedHeader) {
			a.last = p
			return out, nil
		}
	}
	if f.encrypted {
		return nil, &failure{document.Encrypted, "its list of files is encrypted"}
	}
	return nil, &failure{document.Corrupt, "its list of files is damaged"}
}

// list names the files.
func (a *sevenArchive) list() {
	limit := a.in.Limits.WithDefaults().Entries
	steps := newSteps(len(a.info.files))
	for i := range a.info.files {
		f := &a.info.files[i]
		if f.folder {
			continue
		}
		if len(a.entries) >= limit {
			a.more = true
			break
		}
		name := f.name
		if name == "" {
			// QUIRK: 7zFormat.txt gives every file a name; 7-Zip shows one without, as
			// some writers of single files leave it, under the archive's.
			name = strings.TrimSuffix(a.in.Name, path.Ext(a.in.Name))
		}
		a.entries = append(a.entries, &sevenEntry{f, steps.take(strings.TrimSuffix(tidy(name), "/")), len(a.entries) + 1})
	}
}

// unlock finds the password of a block.
func (a *sevenArchive) unlock(ctx context.Context, e *sevenEntry) (password string, ok bool) {
	block := &a.info.blocks[e.block]
	if !block.encrypted {
		return "", true
	}
	if p, ok := a.opened[e.block]; ok {
		return p, true
	}
	// A key takes a tenth of a second; when no password opened three blocks in a
	// row, the others are left alone.
	if a.locked[e.block] || block.costly || a.failed >= 3 {
		return "", false
	}
	for _, p := range append([]string{a.last}, a.in.Passwords...) {
		if p != "" && a.fits(ctx, e, p) {
			a.opened[e.block], a.last, a.failed = p, p, 0
			return p, true
		}
	}
	a.locked[e.block] = true
	a.failed++
	return "", false
}

// fits says whether a password opens a file. 7z keeps no check of the password:
// only the file's sum tells, and of a large file, that its beginning can be
// unpacked at all.
func (a *sevenArchive) fits(ctx context.Context, e *sevenEntry, password string) bool {
	return guarded(func() error {
		s, err := a.start(e.block, password)
		if err == nil {
			err = s.skipTo(ctx.Err, e.offset)
		}
		if err != nil {
			return err
		}
		sum := crc32.NewIEEE()
		n, err := io.Copy(sum, io.LimitReader(s.r, min(e.size, verifyBytes)))
		if err != nil {
			return err
		}
		// A wrong password may also give a stream that ends at once.
		if n != min(e.size, verifyBytes) || n == e.size && e.sum.known && e.sum.crc != sum.Sum32() {
			return io.ErrUnexpectedEOF
		}
		return nil
	}) == nil
}

func (a *sevenArchive) start(block int, password string) (*sevenStream, error) {
	r, err := a.info.blocks[block].view(a.r, a.packed).open(password)
	return &sevenStream{block: block, r: r}, err
}

// sevenContent is a file's content. The block is unpacked up to it when it is
// first read, or on from where the file before it ended.
type sevenContent struct {
	a        *sevenArchive
	e        *sevenEntry
	password string
	s        *sevenStream
}

// Read is io.Reader.
func (c *sevenContent) Read(p []byte) (int, error) {
	if c.s == nil {
		s := c.a.stream
		if s == nil || s.block != c.e.block || s.pos > c.e.offset {
			var err error
			if s, err = c.a.start(c.e.block, c.password); err != nil {
				return 0, err
			}
		}
		c.a.stream = s
		if err := s.skipTo(c.a.budget.stopped, c.e.offset); err != nil {
			c.a.stream = nil
			return 0, err
		}
		c.s = s
	}
	left := c.e.offset + c.e.size - c.s.pos
	if left <= 0 {
		return 0, io.EOF
	}
	n, err := c.s.r.Read(p[:min(int64(len(p)), left)])
	c.s.pos += int64(n)
	if err != nil && err != io.EOF {
		c.a.stream = nil
	}
	return n, err
}

func (a *sevenArchive) child(ctx context.Context, e *sevenEntry) *document.Child {
	c := &document.Child{Step: e.step, Name: path.Base(e.step), Ordinal: e.ordinal, Size: e.size, Modified: e.modified}
	switch {
	case e.special():
		c.Reason = document.Unsupported
		return c
	case e.size == 0:
		c.Content = bytes.NewReader(nil)
		return c
	}
	block, b := &a.info.blocks[e.block], a.budget
	switch {
	case block.unsupported:
		c.Reason = document.Unsupported
	case b.ratio > 0 && block.size > ratioFree+b.ratio*block.packed:
		c.Reason = document.Bomb
	case block.memory:
		c.Reason = document.MemoryLimit
	default:
		c.Reason = b.refuses(e.size, e.size)
	}
	if c.Reason != "" {
		return c
	}
	password, ok := a.unlock(ctx, e)
	if !ok {
		c.Reason = document.Encrypted
		return c
	}
	if !a.paid[e.block] {
		a.paid[e.block] = true
		b.in += block.packed
	}
	u := &unpacked{r: &sevenContent{a: a, e: e, password: password}, budget: b, size: e.size}
	if e.sum.known {
		u.sum, u.want = crc32.NewIEEE(), e.sum.crc
	}
	c.Content = u
	return c
}

func readSeven(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	in = behind(in, sevenOffset(in, true))
	a, err := openSevenArchive(ctx, in)
	if named, ok := errors.AsType[*failure](err); ok {
		doc := document.Unreadable(document.KindArchive, named.reason, named.detail)
		tellVolume(doc, in, false)
		return doc, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the list of files of %q: %w", in.Name, err)
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{"entries": strconv.Itoa(len(a.entries))}}
	if a.more {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d entries are listed", in.Limits.WithDefaults().Entries))
	}
	locked, special, unsafe := 0, 0, 0
	for _, e := range a.entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := a.child(ctx, e)
		switch {
		case c.Reason == document.Encrypted:
			locked++
		case e.special():
			special++
		}
		if leadsOut(e.name) {
			unsafe++
		}
		if emit != nil {
			if err := emit(c); err != nil {
				return nil, err
			}
		}
		if err := a.fault(); err != nil {
			return nil, err
		}
	}
	warnLocked(doc, locked)
	warnSpecial(doc, special)
	warnUnsafe(doc, unsafe)
	return doc, nil
}

func openSeven(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	a, err := openSevenArchive(ctx, behind(in, sevenOffset(in, true)))
	if _, ok := errors.AsType[*failure](err); ok {
		return nil, document.ErrNoChild
	}
	if err != nil {
		return nil, err
	}
	for _, e := range a.entries {
		if e.step == step {
			return a.child(ctx, e), nil
		}
	}
	return nil, document.ErrNoChild
}
