package packed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nwaples/rardecode/v2"

	"guidang/extractors/document"
)

// Rar reads RAR archives from 1.5 to 7, also self-extracting ones and single
// volumes of a set.
var Rar = document.Format{
	Name: "rar", Version: 1, Kind: document.KindArchive, MediaType: "application/vnd.rar",
	Detect: func(in *document.Input) bool { return rarOffset(in, false) >= 0 },
	Read:   readRar, Open: openRar,
}

// rarDictionary is the largest window; WinRAR 5 writes 32 MiB unless told
// otherwise, RAR 7 up to 64 GiB.
const rarDictionary = 256 << 20

// rarProof is how much of a file is read to see whether a password fits, in RAR
// 5, which mostly keeps a check of the password. RAR 4 keeps none: there the
// file's sum must tell.
const rarProof = 64 << 10

func rarOffset(in *document.Input, known bool) int64 {
	return signatureAt(in, rarSignature, known, func(b []byte) bool {
		return len(b) > 9 && (b[6] == 0 && b[9] == 0x73 || b[6] == 1 && b[7] == 0)
	})
}

// rarArchive is a rar whose blocks were walked.
type rarArchive struct {
	in     *document.Input
	m      *rarMap
	view   rarView
	files  fs.FS // the archive, or the volumes of a set, as the decoder opens them
	name   string
	set    bool
	fault  func() error
	budget *budget

	lists  map[string][]*rardecode.File // by password
	last   string
	failed int
	steps  *steps
	names  *nameCharset

	entries, locked, specials, unsafe int
	lost                              *failure // what ended a walk too early
}

func openRarArchive(ctx context.Context, in *document.Input) (*rarArchive, error) {
	raw, fault := bytesOf(ctx, in)
	m, err := scanRar(ctx, raw, in.Size, in.Limits.WithDefaults().Entries)
	if f := fault(); f != nil {
		err = f
	}
	if err != nil {
		return nil, fmt.Errorf("read the headers of %q: %w", in.Name, err)
	}
	a := &rarArchive{in: in, m: m, view: rarView{raw, in.Size, m}, name: rarName, fault: fault, budget: newBudget(ctx, in.Limits),
		names: &nameCharset{}, lists: map[string][]*rardecode.File{}}
	a.files = a.view
	if err := a.asSet(ctx, raw); err != nil {
		return nil, fmt.Errorf("read the volumes of %q: %w", in.Name, err)
	}
	a.steps = newSteps(a.m.files)
	return a, nil
}

// asSet sees whether the bytes are a set's volumes, joined.
func (a *rarArchive) asSet(ctx context.Context, raw io.ReaderAt) error {
	if !a.m.goesOn && !a.m.locked || a.m.later {
		return nil
	}
	starts, err := rarVolumes(ctx, raw, a.in.Size)
	if err == nil && len(starts) > 1 {
		a.name, a.set = rarSetName, true
		a.m, a.files, err = scanRarSet(ctx, raw, a.in.Size, starts, a.in.Limits.WithDefaults().Entries)
	}
	if f := a.fault(); f != nil {
		return f
	}
	return err
}

func rarOptions(v fs.FS, password string) []rardecode.Option {
	o := []rardecode.Option{rardecode.FileSystem(v), rardecode.MaxDictionarySize(rarDictionary), rardecode.BufferSize(16 << 10)}
	if password != "" {
		o = append(o, rardecode.Password(password))
	}
	return o
}

// list gives the files, with the keys of a password.
func (a *rarArchive) list(password string) (files []*rardecode.File, err error) {
	if files, ok := a.lists[password]; ok {
		return files, nil
	}
	err = guarded(func() (err error) {
		files, err = rardecode.List(a.name, rarOptions(a.files, password)...)
		return err
	})
	if err == nil {
		a.lists[password] = files
	}
	return files, err
}

// walk calls fn for each file. What is solid, or hides its headers, is read from
// the front; of anything else each file is opened for itself, because the
// decoder wipes its window, as large as the largest file's, between two files:
// 60,000 small ones behind a large one take three minutes so.
func (a *rarArchive) walk(ctx context.Context, fn func(c *document.Child, h *rardecode.FileHeader) error) error {
	if a.m.solid || a.m.locked {
		return a.sequence(ctx, fn)
	}
	files, err := a.list("")
	if err != nil {
		a.lost = asFailure(err)
		return nil
	}
	for _, f := range files {
		a.names.add(f.Name)
	}
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.IsDir {
			continue
		}
		c := a.child(&f.FileHeader)
		if c.Reason == "" && c.Content == nil {
			a.open(c, i, a.m.cutLast && i == len(files)-1)
		}
		if err := a.give(c, &f.FileHeader, fn); err != nil {
			return err
		}
	}
	return nil
}

// give counts a child and hands it out.
func (a *rarArchive) give(c *document.Child, h *rardecode.FileHeader, fn func(*document.Child, *rardecode.FileHeader) error) error {
	if c.Reason == document.Encrypted {
		a.locked++
	}
	if err := fn(c, h); err != nil {
		return err
	}
	return a.fault()
}

// child makes a file's child, without its content.
func (a *rarArchive) child(h *rardecode.FileHeader) *document.Child {
	a.entries++
	name := h.Name
	if !utf8.ValidString(name) {
		name = a.names.decode(name)
	}
	if leadsOut(name) {
		a.unsafe++
	}
	step := a.steps.take(strings.TrimSuffix(tidy(name), "/"))
	c := &document.Child{Step: step, Name: path.Base(step), Ordinal: a.entries, Size: h.UnPackedSize, Modified: h.ModificationTime.UTC()}
	if h.UnKnownSize || c.Size < 0 {
		c.Size = -1
	}
	switch {
	case h.LinkType != rardecode.LinkTypeNone, h.Mode()&fs.ModeSymlink != 0:
		a.specials++
		c.Reason = document.Unsupported
	case h.PackedSize < 0 || h.UnPackedSize < 0 && !h.UnKnownSize:
		c.Reason = document.Corrupt
	case c.Size == 0:
		c.Content = bytes.NewReader(nil)
	default:
		c.Reason = a.budget.refuses(max(c.Size, 0), h.PackedSize)
	}
	return c
}

// open opens file i for its child.
func (a *rarArchive) open(c *document.Child, i int, cut bool) {
	files, h := a.lists[""], &a.lists[""][i].FileHeader
	if h.Encrypted {
		if files = a.unlock(i); files == nil {
			c.Reason = document.Encrypted
			return
		}
	}
	var r io.Reader
	if err := guarded(func() (err error) {
		r, err = files[i].Open()
		return err
	}); err != nil {
		c.Reason = asFailure(err).reason
		return
	}
	a.content(c, h, r, cut)
}

func (a *rarArchive) content(c *document.Child, h *rardecode.FileHeader, r io.Reader, cut bool) {
	a.budget.in += h.PackedSize
	c.Content = &unpacked{r: r, budget: a.budget, size: c.Size, why: func(err error) error {
		if f := asFailure(err); !cut || f.reason == document.Encrypted {
			return f
		}
		return &failure{document.Truncated, "the member goes on behind this file's end"}
	}}
}

// unlock finds the password of a file.
func (a *rarArchive) unlock(i int) []*rardecode.File {
	if a.m.costly || a.failed >= 3 {
		return nil // as in sevenArchive.reader
	}
	for _, p := range append([]string{a.last}, a.in.Passwords...) {
		if p == "" {
			continue
		}
		files, err := a.list(p)
		if err != nil || i >= len(files) {
			continue
		}
		if guarded(func() error {
			r, err := files[i].Open()
			if err != nil {
				return err
			}
			return a.proof(r)
		}) == nil {
			a.last, a.failed = p, 0
			return files
		}
	}
	a.failed++
	return nil
}

// proof reads so much that a wrong password is noticed.
func (a *rarArchive) proof(r io.Reader) error {
	most := int64(verifyBytes)
	if a.m.modern {
		most = rarProof
	}
	_, err := io.Copy(io.Discard, io.LimitReader(r, most))
	return err
}

// sequence reads an archive from the front.
func (a *rarArchive) sequence(ctx context.Context, fn func(*document.Child, *rardecode.FileHeader) error) error {
	if a.m.solid && a.m.later {
		a.lost = &failure{document.Truncated, "what it is packed with stands in an earlier volume"}
		return nil
	}
	z, err := a.begin(ctx)
	if err != nil {
		return err
	}
	limit := a.in.Limits.WithDefaults().Entries
	for z != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		var h *rardecode.FileHeader
		if err := guarded(func() (err error) {
			h, err = z.Next()
			return err
		}); err != nil {
			if !errors.Is(err, io.EOF) {
				a.lost = asFailure(err)
			}
			return a.fault()
		}
		if h.IsDir {
			continue
		}
		if a.entries >= limit {
			a.m.more = true
			return nil
		}
		a.names.add(h.Name)
		c := a.child(h)
		switch {
		case c.Reason != "" || c.Content != nil:
		case h.Encrypted && a.last == "":
			c.Reason = document.Encrypted
		default:
			a.content(c, h, z, a.m.cutLast && a.entries == a.m.files)
		}
		if err := a.give(c, h, fn); err != nil {
			return err
		}
		// What was not read of a solid archive is unpacked all the same: let it count.
		if c.Content != nil && a.m.solid {
			_, _ = io.Copy(io.Discard, c.Content)
		}
		if a.budget.refuses(0, 0) != "" {
			a.lost = &failure{a.budget.refuses(0, 0), "it unpacks to more than the limits allow for"}
			return nil
		}
	}
	return nil
}

// begin opens the archive from the front, with the password that fits. Nil: none
// opens it at all.
func (a *rarArchive) begin(ctx context.Context) (*rardecode.Reader, error) {
	open := func(password string) (z *rardecode.Reader, err error) {
		err = guarded(func() (err error) {
			if a.set {
				// It is never closed: its file is a view and holds nothing.
				c, err := rardecode.OpenReader(a.name, rarOptions(a.files, password)...)
				if err == nil {
					z = &c.Reader
				}
				return err
			}
			z, err = rardecode.NewReader(io.NewSectionReader(a.view, 0, a.view.length()), rarOptions(a.view, password)...)
			return err
		})
		return z, err
	}
	if !a.m.costly {
		for _, p := range a.in.Passwords {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if p == "" {
				continue
			}
			if z, err := open(p); err != nil || !a.fitsFirst(z) {
				if f := a.fault(); f != nil {
					return nil, f
				}
				continue
			}
			a.last = p
			return open(p)
		}
	}
	if a.m.locked {
		a.lost = &failure{document.Encrypted, "its list of files is encrypted"}
		return nil, nil
	}
	z, err := open("")
	if err != nil {
		a.lost = asFailure(err)
		return nil, a.fault()
	}
	return z, nil
}

// fitsFirst says whether the first encrypted file comes out. With hidden headers
// the header itself is the proof.
func (a *rarArchive) fitsFirst(z *rardecode.Reader) bool {
	return guarded(func() error {
		for {
			h, err := z.Next()
			if err != nil {
				return err
			}
			if a.m.locked {
				return nil
			}
			if h.Encrypted && !h.IsDir && h.UnPackedSize != 0 {
				return a.proof(z)
			}
		}
	}) == nil
}

// asFailure names an error of the decoder.
func asFailure(err error) *failure {
	if named, ok := errors.AsType[*failure](err); ok {
		return named
	}
	for _, k := range []struct {
		reason document.Reason
		detail string
		errs   []error
	}{
		{document.Encrypted, "the member is encrypted", []error{rardecode.ErrBadPassword, rardecode.ErrArchiveEncrypted, rardecode.ErrArchivedFileEncrypted}},
		{document.Truncated, "it goes on in the next volume", []error{rardecode.ErrMultiVolume, rardecode.ErrBadVolumeNumber}},
		{document.Truncated, "it is cut off", []error{io.ErrUnexpectedEOF, rardecode.ErrUnexpectedArcEnd}},
		{document.MemoryLimit, "its dictionary is larger than 256 MiB", []error{rardecode.ErrDictionaryTooLarge, rardecode.ErrPlatformIntSize}},
		{document.Unsupported, "packed in a way that is not read", []error{rardecode.ErrUnknownVersion, rardecode.ErrUnknownDecoder, rardecode.ErrUnsupportedDecoder, rardecode.ErrMultipleDecoders, rardecode.ErrUnknownEncryptMethod}},
	} {
		for _, one := range k.errs {
			if errors.Is(err, one) {
				return &failure{k.reason, k.detail}
			}
		}
	}
	return &failure{document.Corrupt, "it cannot be unpacked to its end"}
}

func readRar(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	in = behind(in, rarOffset(in, true))
	a, err := openRarArchive(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := a.walk(ctx, func(c *document.Child, _ *rardecode.FileHeader) error {
		if emit == nil {
			return nil
		}
		return emit(c)
	}); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{"entries": strconv.Itoa(a.entries)}}
	a.tell(doc)
	return doc, nil
}

// tell puts what went wrong into the document.
func (a *rarArchive) tell(doc *document.Document) {
	read := document.Partial
	if a.entries == 0 {
		read = document.None
	}
	if a.lost != nil {
		doc.Lose(read, a.lost.reason, a.lost.detail)
	}
	switch m := a.m; {
	case m.locked, m.more:
	case m.goesOn || m.later:
		doc.Lose(read, document.Truncated, alone)
	case m.cutLast, m.modern && !m.ended && !m.damaged, !m.modern && a.entries == 0 && !m.ended && !m.damaged:
		doc.Lose(read, document.Truncated, "it ends before its end block")
	case m.damaged:
		doc.Lose(read, document.Corrupt, "a header is damaged; what stands behind it is lost")
	}
	if a.m.more {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d entries are listed", a.in.Limits.WithDefaults().Entries))
	}
	tellVolume(doc, a.in, a.m.goesOn || a.m.later)
	warnLocked(doc, a.locked)
	warnSpecial(doc, a.specials)
	warnUnsafe(doc, a.unsafe)
}

func openRar(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	a, err := openRarArchive(ctx, behind(in, rarOffset(in, true)))
	if err != nil {
		return nil, err
	}
	var found *document.Child
	stop := errors.New("found")
	err = a.walk(ctx, func(c *document.Child, _ *rardecode.FileHeader) error {
		if c.Step != step {
			return nil
		}
		found = c
		return stop
	})
	switch {
	case errors.Is(err, stop):
		return found, nil
	case err != nil:
		return nil, err
	}
	return nil, document.ErrNoChild
}
