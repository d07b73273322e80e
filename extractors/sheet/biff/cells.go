package biff

import (
	"encoding/binary"
	"iter"
	"math"
	"sort"
)

// maxColumn is the last column that is believed, from 0. Excel 97 to 2003 has 256,
// WPS and others have written more.
const maxColumn = 1<<14 - 1

// order learns whether the cells of a sheet come row by row.
func (s *substream) order(id uint16, data []byte) {
	if !isCell(id) || len(data) < 4 {
		return
	}
	row := u16(data, 0)
	if row < s.last {
		s.sorted = false
	}
	s.last = row
}

// isCell says whether a record holds cells with something in them.
func isCell(id uint16) bool {
	switch id {
	case idInteger, idNumber2, idLabel2, idBool2, idFormula, idFormula3, idFormula4, idNumber, idLabel, idBool,
		idRK, idMulRK, idRString, idLabelSST:
		return true
	}
	return false
}

// Rows gives the rows that hold something, in order: the number from 1 and the
// cells as shown, from the first column to the last filled one. The cells are
// the caller's to keep.
func (s *Sheet) Rows() iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		if s.sub.kind == kindChart {
			return // what it has of cells are copies
		}
		r := rowReader{book: s.book, yield: yield, row: -1}
		if s.sub.sorted {
			s.sub.each(s.book.stream, r.take)
		} else {
			// QUIRK: [MS-XLS] 2.1.7.20.5 wants the cells row by row; other programs
			// write them by columns or as they were typed.
			for _, c := range s.sub.byRow(s.book.stream) {
				if !r.take(c.at) {
					return
				}
			}
		}
		r.flush()
	}
}

// each gives the places of a sheet's cells. Charts within it have cells of their
// own, which are not the sheet's.
func (s *substream) each(stream []byte, take func(at int) bool) {
	depth := 0
	for at := s.from; at < s.to; {
		id, data, next, _, ok := record(stream, at)
		if !ok {
			return
		}
		if _, _, bof := isBOF(id, data); bof {
			depth++
		} else if id == idEOF {
			depth--
		} else if depth == 0 && isCell(id) && !take(at) {
			return
		}
		at = next
	}
}

type place struct {
	row uint16
	at  int
}

func (s *substream) byRow(stream []byte) []place {
	var all []place
	s.each(stream, func(at int) bool {
		all = append(all, place{uint16(u16(stream, at+4)), at}) //nolint:gosec // two bytes
		return true
	})
	sort.SliceStable(all, func(i, j int) bool { return all[i].row < all[j].row })
	return all
}

// rowReader gathers cells into rows.
type rowReader struct {
	book  *Book
	yield func(int, []string) bool
	row   int
	cells []string
	wide  int // of the rows before, for the next one's room
	done  bool
}

func (r *rowReader) flush() bool {
	if r.done {
		return false
	}
	if len(r.cells) > 0 {
		r.wide = len(r.cells)
		r.done = !r.yield(r.row+1, r.cells)
	}
	r.cells = nil
	return !r.done
}

func (r *rowReader) put(column int, text string) {
	if text == "" || column > maxColumn {
		return
	}
	if r.cells == nil {
		r.cells = make([]string, 0, r.wide)
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, "")
	}
	r.cells[column] = text
}

// take reads the record at a place.
func (r *rowReader) take(at int) bool {
	id, data, next, _, _ := record(r.book.stream, at)
	if len(data) < 6 {
		return true
	}
	if row := u16(data, 0); row != r.row {
		if !r.flush() {
			return false
		}
		r.row = row
	}
	b, column := r.book, u16(data, 2)
	if id == idMulRK {
		for i := 4; i+6 <= len(data)-2 && i < 6*(maxColumn+1); i += 6 {
			r.put(column+(i-4)/6, b.number(rk(u32(data, i+2)), u16(data, i)))
		}
		return true
	}
	r.put(column, b.cell(id, data, next))
	return true
}

// cell gives what one cell shows.
func (b *Book) cell(id uint16, data []byte, next int) string {
	style, value := u16(data, 4), data[6:]
	switch id {
	case idInteger, idNumber2, idLabel2, idBool2:
		return b.cell2(id, data)
	case idFormula:
		if b.Version == 2 {
			if len(data) < 15 {
				return ""
			}
			return b.result(data[7:15], b.style2(data), next)
		}
		fallthrough
	case idFormula3, idFormula4:
		if len(value) < 8 {
			return ""
		}
		return b.result(value[:8], style, next)
	case idNumber:
		if len(value) < 8 {
			return ""
		}
		return b.number(float(value), style)
	case idRK:
		if len(value) < 4 {
			return ""
		}
		return b.number(rk(u32(value, 0)), style)
	case idLabelSST:
		if i := u32(value, 0); len(value) >= 4 && int64(i) < int64(len(b.globals.shared)) {
			return b.globals.shared[i]
		}
	case idLabel, idRString:
		if b.Version == 8 {
			text, _ := newParts(b.stream, value, next).unicode(2)
			return text
		}
		return b.label(value, 2, style)
	case idBool:
		if len(value) >= 2 {
			return boolOrError(value[0], value[1] != 0)
		}
	}
	return ""
}

// cell2 reads the cells of BIFF2, whose style takes three bytes.
func (b *Book) cell2(id uint16, data []byte) string {
	if len(data) < 8 {
		return ""
	}
	value, style := data[7:], b.style2(data)
	switch id {
	case idInteger:
		return b.number(float64(u16(value, 0)), style)
	case idNumber2:
		if len(value) >= 8 {
			return b.number(float(value), style)
		}
	case idLabel2:
		return b.label(value, 1, style)
	case idBool2:
		if len(value) >= 2 {
			return boolOrError(value[0], value[1] != 0)
		}
	}
	return ""
}

// style2 gives a style number for a cell of BIFF2, which names its format
// itself: below zero, so that it is taken for no other.
func (b *Book) style2(data []byte) int { return -1 - int(data[5]&0x3f) }

// label decodes text of a workbook before BIFF8.
func (b *Book) label(value []byte, lengthBytes, style int) string {
	raw := labelBytes(value, lengthBytes)
	font := ""
	if style >= 0 && style < len(b.globals.fontOf) {
		font = b.globals.fontOf[style]
	}
	return b.text.Text(raw, font)
}

func labelBytes(value []byte, lengthBytes int) []byte {
	if len(value) < lengthBytes {
		return nil
	}
	n := int(value[0])
	if lengthBytes == 2 {
		n = u16(value, 0)
	}
	return value[lengthBytes:min(len(value), lengthBytes+n)]
}

// result gives the value a formula had when it was last worked out.
func (b *Book) result(value []byte, style, next int) string {
	if value[6] != 0xff || value[7] != 0xff {
		return b.number(float(value), style)
	}
	switch value[0] {
	case 0:
		return b.resultText(style, next)
	case 1:
		return boolOrError(value[2], false)
	case 2:
		return boolOrError(value[2], true)
	}
	return ""
}

// resultText reads the STRING record behind a formula. The formula itself may go
// on between them.
func (b *Book) resultText(style, next int) string {
	for range 8 {
		id, data, behind, _, ok := record(b.stream, next)
		if !ok {
			return ""
		}
		switch id {
		case idString, idString2:
			if b.Version == 8 {
				text, _ := newParts(b.stream, data, behind).unicode(2)
				return text
			}
			p := newParts(b.stream, data, behind)
			bytes := 2
			if b.Version == 2 || id == idString2 {
				bytes = 1
			}
			n, ok := p.number(bytes)
			if !ok {
				return ""
			}
			raw := p.bytes(int(n))
			font := ""
			if style >= 0 && style < len(b.globals.fontOf) {
				font = b.globals.fontOf[style]
			}
			return b.text.Text(raw, font)
		case idSharedFmla, idArray, idArray2, idTable, idTable2, idContinue, idBlank2:
			next = behind
		default:
			return ""
		}
	}
	return ""
}

var errorNames = map[byte]string{0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}

func boolOrError(v byte, isError bool) string {
	switch {
	case isError:
		return errorNames[v]
	case v != 0:
		return "TRUE"
	}
	return "FALSE"
}

func float(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// rk unpacks a number of four bytes ([MS-XLS] 2.5.217).
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2) //nolint:gosec // the sign is meant
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// number shows a number by the format of its style.
func (b *Book) number(f float64, style int) string {
	l := b.globals.layouts[style]
	if l == nil {
		id, format := b.formatOf(style)
		l = Compile(format)
		if _, own := b.globals.formats[id]; ambiguous[id] && !own && b.Version >= 5 {
			l.day = Compile(wholeDay)
		}
		b.globals.layouts[style] = l
	}
	return l.Value(f, b.globals.epoch)
}

// formatOf gives the number format of a style and its number; an empty one is
// Excel's own choice.
func (b *Book) formatOf(style int) (id int, format string) {
	g := &b.globals
	id = -1 - style
	if style >= 0 {
		if style >= len(g.xfs) {
			return 0, ""
		}
		id = g.xfs[style].format
	}
	if f, ok := g.formats[id]; ok {
		return id, b.string(f)
	}
	if b.Version < 5 {
		return id, ""
	}
	return id, builtIn[id]
}
