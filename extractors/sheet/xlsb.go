package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	little "encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
	"guidang/extractors/sheet/biff"
)

// Xlsb reads the binary workbooks of Excel 2007 and later ([MS-XLSB]): a package
// like .xlsx, whose parts are records. Dashboards and big ledgers are kept so,
// since they open faster.
var Xlsb = document.Format{
	Name: "xlsb", Version: 2, Kind: document.KindSheet,
	MediaType: "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
	Detect:    func(in *document.Input) bool { return ooxml.DetectPart(in, binaryPart) },
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		return readPackage(ctx, in, binaryPart, emit)
	},
}

// Records that are read ([MS-XLSB] 2.3).
const (
	brtRowHdr       = 0
	brtCellRk       = 2
	brtCellError    = 3
	brtCellBool     = 4
	brtCellReal     = 5
	brtCellSt       = 6
	brtCellIsst     = 7
	brtFmlaString   = 8
	brtFmlaNum      = 9
	brtFmlaBool     = 10
	brtFmlaError    = 11
	brtShortFirst   = 12 // the cells 1 to 7 without a column: they follow the one before
	brtShortLast    = 18
	brtSSTItem      = 19
	brtFmt          = 44
	brtXF           = 47
	brtCellRString  = 62
	brtWbProp       = 153
	brtBundleSh     = 156
	brtMergeCell    = 176
	brtHeaderFooter = 479
	brtHLink        = 494
	brtBeginXFs     = 617
	brtEndXFs       = 618
	brtAuthor       = 632
	brtComment      = 635
	brtCommentText  = 637
)

// maxRecord bounds what is kept of a record; the longest that count are strings
// of 32,767 characters.
const maxRecord = 1 << 20

// records hands each record of a part to each, at most limit bytes of them.
func records(f *zip.File, limit int64, each func(id int, b []byte) error) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	in := bufio.NewReaderSize(r, 64<<10)
	var buf []byte
	for total := int64(0); ; {
		id, err := varint(in, 2)
		if err == io.EOF { //nolint:errorlint // only a bare one is the end
			return nil
		}
		if err != nil {
			return err
		}
		size, err := varint(in, 4)
		if err == io.EOF { //nolint:errorlint // as above
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if total += int64(size) + 3; total > limit {
			return ooxml.ErrTooBig
		}
		keep := min(size, maxRecord)
		if cap(buf) < keep {
			buf = make([]byte, keep)
		}
		buf = buf[:keep]
		if _, err = io.ReadFull(in, buf); err == nil && size > keep {
			_, err = io.CopyN(io.Discard, in, int64(size-keep))
		}
		if err == io.EOF { //nolint:errorlint // as above
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if err := each(id, buf); err != nil {
			return err
		}
	}
}

// varint reads seven bits a byte, the lowest first ([MS-XLSB] 2.1.4).
func varint(r io.ByteReader, most int) (n int, err error) {
	for i := range most {
		b, err := r.ReadByte()
		if err != nil {
			if i > 0 && err == io.EOF { //nolint:errorlint // as above
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		n |= int(b&0x7f) << (7 * i)
		if b < 0x80 {
			break
		}
	}
	return n, nil
}

func long(b []byte, at int) int {
	if at+4 > len(b) {
		return 0
	}
	return int(little.LittleEndian.Uint32(b[at:]))
}

func short(b []byte, at int) int {
	if at+2 > len(b) {
		return 0
	}
	return int(little.LittleEndian.Uint16(b[at:]))
}

// wideString reads an XLWideString and says where it ends; the nullable kind
// has a length of -1 for none ([MS-XLSB] 2.5.168).
func wideString(b []byte, at int) (text string, end int) {
	n := long(b, at)
	at += 4
	if n == math.MaxUint32 || at > len(b) {
		return "", min(at, len(b))
	}
	n = min(n, (len(b)-at)/2)
	u := make([]uint16, n)
	for i := range u {
		u[i] = little.LittleEndian.Uint16(b[at+2*i:])
	}
	return string(utf16.Decode(u)), at + 2*n
}

// binaryBook reads the list of sheets, styles and strings.
func (x *xlsx) binaryBook() error {
	w := x.book
	if f := ooxml.Part(w.z, binaryPart); f != nil {
		err := records(f, ooxml.PartLimit(f, x.in.Limits), func(id int, b []byte) error {
			switch id {
			case brtWbProp:
				w.styles.epoch = long(b, 0)&1 != 0
			case brtBundleSh:
				relation, end := wideString(b, 8)
				name, _ := wideString(b, end)
				if target := w.targets[relation]; target != "" && len(w.sheets) < maxSheets {
					w.sheets = append(w.sheets, &sheetInfo{name: name, part: target, hidden: long(b, 0) != 0})
				}
			}
			return x.ctx.Err()
		})
		if err != nil && x.ctx.Err() == nil {
			ooxml.Lose(x.doc, "the workbook", err, len(w.sheets) > 0)
		}
	}
	if f := w.related("styles", "xl/styles.bin"); f != nil {
		inCells := false
		_ = records(f, ooxml.PartLimit(f, x.in.Limits), func(id int, b []byte) error {
			switch id {
			case brtFmt:
				if len(w.styles.own) < maxStyles {
					w.styles.own[short(b, 0)], _ = wideString(b, 2)
				}
			case brtBeginXFs, brtEndXFs:
				inCells = id == brtBeginXFs
			case brtXF:
				if inCells && len(w.styles.formats) < maxStyles {
					w.styles.formats = append(w.styles.formats, short(b, 2))
				}
			}
			return x.ctx.Err()
		})
	}
	f := w.related("sharedStrings", "xl/sharedStrings.bin")
	if f == nil {
		return nil
	}
	n := 0
	return x.stringsRead(records(f, ooxml.PartLimit(f, x.in.Limits), func(id int, b []byte) error {
		if id == brtSSTItem {
			text, _ := wideString(b, 1)
			w.strings.add([]byte(text))
		}
		if n++; n&0xfff == 0 {
			return x.ctx.Err()
		}
		return nil
	}))
}

// binarySheet reads the cells of one sheet.
func (x *xlsx) binarySheet(s *sheetInfo, f *zip.File, limit int64) error {
	t := x.begin(s.name, s.hidden, x.binaryMerges(f, limit))
	defer t.finish()
	var to map[string]string // where the sheet's hyperlinks lead
	row, column, last := 0, 0, 0
	var cells []string
	width := 0 // of the row before
	flush := func() error {
		done := cells
		cells, width = nil, min(len(done), 256)
		if len(done) == 0 {
			return nil
		}
		last = row
		return x.row(t, row, done)
	}
	err := records(f, limit, func(id int, b []byte) error {
		head := 8
		switch {
		case id == brtRowHdr:
			if err := flush(); err != nil {
				return err
			}
			row, column, cells = max(min(long(b, 0), maxRows-1)+1, last+1), -1, make([]string, 0, width)
			return nil
		case id == brtHLink: // [MS-XLSB] 2.4.682: cells, then the relation's id
			if to == nil {
				to = ooxml.Addresses(x.book.z, s.part)
			}
			if rel, _ := wideString(b, 16); len(b) > 16 {
				x.files.link(place{s.name, min(long(b, 0), maxRows-1) + 1, min(long(b, 8), maxColumns-1)}, to[rel])
			}
			return nil
		case id == brtHeaderFooter:
			for at, i := 2, 0; i < 6 && at < len(b); i++ {
				var text string
				text, at = wideString(b, at)
				if text = biff.PlainHeader(text); text != "" {
					x.at(s.name, 1, "页眉页脚 Header and footer", text)
				}
			}
			return nil
		case id >= brtShortFirst && id <= brtShortLast:
			column, head, id = column+1, 4, id-brtShortFirst+1
		case id >= 1 && id <= brtFmlaError, id == brtCellRString:
			column = long(b, 0)
		default:
			return nil
		}
		if len(b) < head || row == 0 || column < 0 || column >= maxColumns {
			return nil
		}
		if shown := x.binaryCell(id, b, head); shown != "" {
			for len(cells) <= column {
				cells = append(cells, "")
			}
			cells[column] = shown
		}
		return nil
	})
	if full := flush(); err == nil {
		err = full
	}
	return err
}

// errorNames are the values of cells that are errors ([MS-XLSB] 2.5.97.2).
var errorNames = map[byte]string{0: "#NULL!", 7: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A", 0x2b: "#GETTING_DATA"}

// binaryCell gives what a cell shows; its value begins at head.
func (x *xlsx) binaryCell(id int, b []byte, head int) string {
	style := long(b, head-4) & 0xffffff
	v := b[head:]
	switch id {
	case brtCellRk:
		if len(v) >= 4 {
			return x.book.styles.show(rk(little.LittleEndian.Uint32(v)), style)
		}
	case brtCellReal, brtFmlaNum:
		if len(v) >= 8 {
			return x.book.styles.show(math.Float64frombits(little.LittleEndian.Uint64(v)), style)
		}
	case brtCellSt, brtFmlaString:
		text, _ := wideString(v, 0)
		return text
	case brtCellRString:
		text, _ := wideString(v, 1)
		return text
	case brtCellIsst:
		return x.book.strings.at(long(v, 0))
	case brtCellBool, brtFmlaBool:
		if len(v) > 0 && v[0] != 0 {
			return "TRUE"
		}
		return "FALSE"
	case brtCellError, brtFmlaError:
		if len(v) > 0 {
			return errorNames[v[0]]
		}
	}
	return ""
}

// rk reads a number packed into 30 bits ([MS-XLSB] 2.5.122).
func rk(v uint32) float64 {
	f := math.Float64frombits(uint64(v&^3) << 32)
	if v&2 != 0 {
		f = float64(int32(v) >> 2) //nolint:gosec // the sign is meant
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// binaryMerges finds a sheet's merged cells, which stand behind its cells.
func (x *xlsx) binaryMerges(f *zip.File, limit int64) *merges {
	m := &merges{}
	n := 0
	_ = records(f, limit, func(id int, b []byte) error {
		if id == brtMergeCell && len(b) >= 16 && len(m.all) < maxMerges {
			g := merge{top: long(b, 0) + 1, bottom: long(b, 4) + 1, left: long(b, 8), right: long(b, 12)}
			if g.left <= g.right && g.top <= g.bottom && g.right < maxColumns && g.bottom <= maxRows {
				m.all = append(m.all, g)
			}
		}
		if n++; n&0xfff == 0 {
			return x.ctx.Err()
		}
		return nil
	})
	m.sort()
	return m
}

// binaryComments adds a section for each commented cell.
func (x *xlsx) binaryComments(s *sheetInfo, part string) error {
	f := ooxml.Part(x.book.z, part)
	if f == nil {
		return nil
	}
	var authors []string
	author, row, column := -1, 0, 0
	err := records(f, ooxml.PartLimit(f, x.in.Limits), func(id int, b []byte) error {
		switch id {
		case brtAuthor:
			name, _ := wideString(b, 0)
			if len(authors) < maxStyles {
				authors = append(authors, name)
			}
		case brtComment:
			author, row, column = long(b, 0), min(long(b, 4), maxRows-1)+1, min(long(b, 12), maxColumns-1)
		case brtCommentText:
			text, _ := wideString(b, 1)
			if author >= 0 && author < len(authors) && authors[author] != "" && !strings.HasPrefix(text, authors[author]) {
				text = authors[author] + ": " + text
			}
			if x.bytes <= x.in.Limits.TextBytes {
				x.at(s.name, row, fmt.Sprintf("批注 Comment %s%d", columnName(column), row), text)
			}
		}
		return x.ctx.Err()
	})
	if x.ctx.Err() != nil {
		return fmt.Errorf("read %q: %w", x.in.Name, x.ctx.Err())
	}
	if err != nil {
		ooxml.Lose(x.doc, part, err, true)
	}
	return nil
}
