package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
	"guidang/extractors/packed"
)

const (
	workbookPart = "xl/workbook.xml"
	binaryPart   = "xl/workbook.bin"
	// maxPacked bounds the packed parts that are held in memory while a workbook
	// without a directory is put together again.
	maxPacked = 128 << 20
	// chunk is how much of a sheet is looked through at a time.
	chunk = 256 << 10
	// maxSheets and maxNames bound what a workbook lists. Excel names 65,472 at most.
	maxSheets = 10_000
	maxNames  = 5_000
)

// sheetInfo is one sheet as the workbook lists it.
type sheetInfo struct {
	name   string
	part   string
	hidden bool // a very hidden one too, which only a macro can show
}

// workbook is an opened .xlsx or .xlsb.
type workbook struct {
	z       *zip.Reader
	part    string // the main one
	sheets  []*sheetInfo
	targets map[string]string // of sheets, by the relation's id
	names   []string          // defined names and what they stand for
	styles  *numberStyles
	strings texts
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
	case "[content_types].xml", "_rels/.rels", workbookPart, "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml",
		binaryPart, "xl/_rels/workbook.bin.rels", "xl/sharedstrings.bin", "xl/styles.bin":
		return true
	}
	return strings.HasPrefix(part, "xl/worksheets/") && (strings.HasSuffix(part, ".xml") || strings.HasSuffix(part, ".bin"))
}

// newWorkbook looks up where the parts are. Relations lead to them; their usual
// names serve when those are lost.
func newWorkbook(z *zip.Reader, part string, l document.Limits) *workbook {
	w := &workbook{z: z, part: part, targets: map[string]string{}, styles: newStyles()}
	w.strings.most = min(l.TextBytes, 1<<30)
	for _, r := range ooxml.Relations(z, part) {
		switch r.Type {
		case "worksheet", "dialogsheet", "xlMacrosheet":
			w.targets[r.ID] = r.Target
		}
	}
	return w
}

// related is the part that the workbook names as its strings or styles.
func (w *workbook) related(relation, usual string) *zip.File {
	for _, r := range ooxml.Relations(w.z, w.part) {
		if r.Type == relation {
			if f := ooxml.Part(w.z, r.Target); f != nil {
				return f
			}
		}
	}
	return ooxml.Part(w.z, usual)
}

// list reads the sheets' names, order and state, the defined names and the epoch.
func (w *workbook) list(in *document.Input, doc *document.Document) {
	f := ooxml.Part(w.z, w.part)
	if f == nil {
		return
	}
	r, err := f.Open()
	if err != nil {
		return // told by the caller: no sheets
	}
	defer r.Close()
	name, text := "", strings.Builder{}
	err = ooxml.Walk(r, ooxml.PartLimit(f, in.Limits), func(tok xml.Token) error {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "workbookPr":
				switch ooxml.Attr(t, "date1904") {
				case "1", "true":
					w.styles.epoch = true
				}
			case "sheet":
				w.sheet(t)
			case "definedName":
				// Excel keeps print areas and filters under names of its own.
				if name = ooxml.Attr(t, "name"); strings.HasPrefix(name, "_xl") || ooxml.Attr(t, "hidden") == "1" {
					name = ""
				}
				text.Reset()
			}
		case xml.CharData:
			if name != "" && text.Len() < maxCell {
				text.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local == "definedName" && name != "" && len(w.names) < maxNames {
				if v := strings.TrimSpace(text.String()); v != "" && !strings.Contains(v, "#REF!") {
					w.names = append(w.names, name+" = "+v)
				}
				name = ""
			}
		}
		return nil
	})
	if err != nil {
		ooxml.Lose(doc, w.part, err, len(w.sheets) > 0)
	}
}

func (w *workbook) sheet(e xml.StartElement) {
	for _, a := range e.Attr {
		if a.Name.Local != "id" || a.Name.Space == "" || w.targets[a.Value] == "" || len(w.sheets) >= maxSheets {
			continue
		}
		state := ooxml.Attr(e, "state")
		w.sheets = append(w.sheets, &sheetInfo{name: ooxml.Attr(e, "name"), part: w.targets[a.Value], hidden: state == "hidden" || state == "veryHidden"})
	}
}

// mergedIn finds a sheet's merged cells, which stand behind the cells that they
// change. It searches bytes instead of walking XML: that way a sheet is looked
// through at the speed of unpacking. What is wrong with it is told when its
// cells are read.
func mergedIn(ctx context.Context, f *zip.File, limit int64) (refs []string) {
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	buf := make([]byte, 0, chunk+1024)
	for size := int64(0); size <= limit && ctx.Err() == nil; {
		n, err := io.ReadFull(r, buf[len(buf):chunk])
		buf = buf[:len(buf)+n]
		size += int64(n)
		var keep int
		if refs, keep = mergeRefs(buf, refs, err != nil); err != nil || len(refs) >= maxMerges {
			break
		}
		buf = append(buf[:0], buf[len(buf)-keep:]...)
	}
	return refs
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
