package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
	"guidang/extractors/packed"
)

const (
	workbookPart = "xl/workbook.xml"
	// maxPacked bounds the packed parts that are held in memory while a workbook is
	// read. Pictures and the like are never among them.
	maxPacked = 128 << 20
	// chunk is how much of a sheet is looked through at a time.
	chunk = 256 << 10
)

// sheetInfo is one sheet as the workbook lists it.
type sheetInfo struct {
	name   string
	part   string
	hidden bool
	merges []string
	size   int64
}

// workbook is the part of a package that cells are read from, checked and made
// whole: a copy without pictures, in which every part opens and is as long as
// it says. excelize refuses a whole file for one damaged picture, and takes
// damage within a sheet for its end without a word, so both are settled here.
type workbook struct {
	z      *zip.Reader
	sheets []*sheetInfo
	copied *bytes.Buffer
	size   int64 // of all copied parts unpacked
}

// openPackage opens the zip. A zip without a directory is rebuilt from its local
// headers; ok is false when nothing is left.
func openPackage(ctx context.Context, in *document.Input, doc *document.Document) (z *zip.Reader, ok bool, err error) {
	if z, err := ooxml.Open(in); err == nil {
		return z, true, nil
	}
	entries, err := packed.Salvage(ctx, in)
	if err != nil {
		return nil, false, fmt.Errorf("read %q: %w", in.Name, err)
	}
	out := &bytes.Buffer{}
	w := zip.NewWriter(out)
	for _, e := range entries {
		if !needed(strings.ToLower(e.Name)) || out.Len() > maxPacked {
			continue
		}
		r, err := e.Open(in, in.Limits.Expanded)
		if err != nil {
			continue
		}
		part, err := w.Create(e.Name)
		if err != nil {
			return nil, false, nil //nolint:nilerr // a name that cannot be written is no part of a workbook
		}
		_, _ = io.Copy(part, io.LimitReader(r, max(16<<20, e.Packed*in.Limits.Ratio))) // up to the damage
	}
	if err := w.Close(); err != nil {
		return nil, false, nil //nolint:nilerr // as above
	}
	doc.Lose(document.Partial, document.Truncated, "its end is lost; what was there was read")
	z, err = zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	return z, err == nil && len(z.File) > 0, nil
}

// needed says whether a part (in lower case) holds cells or what they need.
func needed(part string) bool {
	switch part {
	case "[content_types].xml", "_rels/.rels", workbookPart, "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml":
		return true
	}
	return strings.HasPrefix(part, "xl/worksheets/") && strings.HasSuffix(part, ".xml")
}

// load lists the sheets, looks through their parts and copies what is needed.
func load(ctx context.Context, in *document.Input, z *zip.Reader, doc *document.Document) (*workbook, error) {
	w := &workbook{z: z, copied: &bytes.Buffer{}}
	if err := w.list(in, doc); err != nil {
		return nil, err
	}
	of := map[string]*sheetInfo{}
	for _, s := range w.sheets {
		of[strings.ToLower(s.part)] = s
	}
	out := zip.NewWriter(w.copied)
	done := map[string]bool{}
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/")
		key := strings.ToLower(name)
		if done[key] || !needed(key) && of[key] == nil {
			continue
		}
		done[key] = true
		if f.CompressedSize64 > maxPacked || int64(w.copied.Len())+int64(f.CompressedSize64) > maxPacked {
			doc.Lose(document.Partial, document.TooLarge, "a part of it is too large to be read")
			continue
		}
		info := of[key]
		if info != nil {
			name = info.part
		}
		if err := w.copyPart(ctx, in, out, f, name, info, doc); err != nil {
			return nil, err
		}
	}
	return w, out.Close()
}

// list reads the sheets' names, order and state, and where their parts are.
func (w *workbook) list(in *document.Input, doc *document.Document) error {
	targets := map[string]string{}
	for _, r := range ooxml.Relations(w.z, workbookPart) {
		if r.Type == "worksheet" {
			targets[r.ID] = r.Target
		}
	}
	f := ooxml.Part(w.z, workbookPart)
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return nil // told by the caller: no sheets
	}
	defer r.Close()
	err = ooxml.Walk(r, ooxml.PartLimit(f, in.Limits), func(tok xml.Token) error {
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "sheet" {
			return nil
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" && targets[a.Value] != "" {
				state := ooxml.Attr(e, "state")
				w.sheets = append(w.sheets, &sheetInfo{name: ooxml.Attr(e, "name"), part: targets[a.Value], hidden: state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	if err != nil {
		ooxml.Lose(doc, workbookPart, err, len(w.sheets) > 0)
	}
	return nil
}

// copyPart looks through a part and copies it. A whole one is copied as it is
// packed; a damaged one is packed anew up to the damage, which is told.
func (w *workbook) copyPart(ctx context.Context, in *document.Input, out *zip.Writer, f *zip.File, name string, info *sheetInfo, doc *document.Document) error {
	limit := min(ooxml.PartLimit(f, in.Limits), in.Limits.Expanded-w.size)
	size, refs, damage := look(ctx, f, limit, info != nil)
	if err := ctx.Err(); err != nil {
		return err
	}
	w.size += size
	label := path.Base(name)
	if info != nil {
		info.size, info.merges = size, refs
		label = "sheet " + info.name
	}
	if damage == nil {
		raw, err := f.OpenRaw()
		if err != nil {
			return fmt.Errorf("read %q: %w", in.Name, err)
		}
		// The length is the one that was seen: readers allocate by it.
		h := &zip.FileHeader{Name: name, Method: f.Method, CRC32: f.CRC32, CompressedSize64: f.CompressedSize64, UncompressedSize64: uint64(size)} //nolint:gosec // counted, so never negative
		part, err := out.CreateRaw(h)
		if err == nil {
			_, err = io.Copy(part, raw)
		}
		return err
	}
	ooxml.Lose(doc, label, damage, size > 0)
	if errors.Is(damage, ooxml.ErrDTD) {
		return nil
	}
	part, err := out.Create(name)
	if err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return nil // told already
	}
	defer r.Close()
	_, _ = io.CopyN(part, r, size)
	return nil
}

// look reads a part to its end: its true length, the references of merged
// cells, and what is wrong with it. It searches bytes instead of walking XML:
// that way a sheet is looked through at the speed of unpacking.
func look(ctx context.Context, f *zip.File, limit int64, sheet bool) (size int64, refs []string, damage error) {
	r, err := f.Open()
	if err != nil {
		return 0, nil, err
	}
	defer r.Close()
	buf := make([]byte, 0, chunk+1024)
	for {
		if ctx.Err() != nil {
			return size, refs, ctx.Err()
		}
		n, err := io.ReadFull(r, buf[len(buf):chunk])
		if size == 0 && bytes.Contains(buf[:n], []byte("<!DOCTYPE")) {
			return 0, nil, ooxml.ErrDTD
		}
		buf = buf[:len(buf)+n]
		if size += int64(n); size > limit {
			return limit, refs, ooxml.ErrTooBig
		}
		last := err != nil
		keep := 0
		if sheet && len(refs) < maxMerges {
			refs, keep = mergeRefs(buf, refs, last)
		}
		buf = append(buf[:0], buf[len(buf)-keep:]...)
		switch {
		case err == io.EOF, err == io.ErrUnexpectedEOF && uint64(size) == f.UncompressedSize64: //nolint:gosec // counted, so never negative
			return size, refs, nil
		case err != nil:
			return size, refs, err
		}
	}
}

// mergeRefs finds the merged ranges in a piece of a sheet. keep is how many
// bytes at its end may belong to one that goes on in the next piece.
func mergeRefs(b []byte, refs []string, last bool) (out []string, keep int) {
	const mark, longest = "mergeCell ", 200
	for {
		at := bytes.Index(b, []byte(mark))
		if at < 0 {
			break
		}
		b = b[at:]
		end := bytes.IndexByte(b[:min(len(b), longest)], '>')
		if end < 0 {
			if !last && len(b) < longest {
				return refs, len(b)
			}
			b = b[len(mark):]
			continue
		}
		if _, ref, ok := bytes.Cut(b[:end], []byte(`ref="`)); ok {
			if ref, _, ok := bytes.Cut(ref, []byte(`"`)); ok {
				refs = append(refs, string(ref))
			}
		}
		b = b[end:]
	}
	if last {
		return refs, 0
	}
	return refs, min(len(b), len(mark)-1)
}
