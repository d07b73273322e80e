package sheet

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

// slab is how much text is kept in one piece. One piece for all would be copied as
// it grows, and took twice the room.
const slab = 4 << 20

// texts is a workbook's table of strings, so that a table of a million costs no
// more than its text and four bytes each.
type texts struct {
	slabs []string // full ones
	open  strings.Builder
	ends  []uint32 // where each string ends: slab times its size and the place in it
	used  int64
	most  int64
	full  bool // what is beyond most was left out
}

// add puts a string behind the others. One that finds no room is empty, so that
// the numbers of the others stay.
func (t *texts) add(s []byte) {
	if len(t.ends) >= 1<<28 {
		return
	}
	if len(s) >= slab || t.used+int64(len(s)) > t.most {
		t.full, s = true, nil
	}
	if t.open.Len()+len(s) >= slab {
		t.close()
	}
	if t.open.Cap() == 0 && len(t.slabs) > 0 {
		t.open.Grow(slab)
	}
	t.open.Write(s)
	t.used += int64(len(s))
	t.ends = append(t.ends, uint32(len(t.slabs)*slab+t.open.Len())) //nolint:gosec // most is below 4 GiB
}

// close ends a slab, and the filling.
func (t *texts) close() {
	t.slabs = append(t.slabs, t.open.String())
	t.open = strings.Builder{}
}

// at is string n, empty where there is none.
func (t *texts) at(n int) string {
	if n < 0 || n >= len(t.ends) {
		return ""
	}
	end := int(t.ends[n])
	in, from := end/slab, 0
	if n > 0 && int(t.ends[n-1])/slab == in {
		from = int(t.ends[n-1]) % slab
	}
	return t.slabs[in][from : end%slab]
}

// sharedStrings reads the table of an .xlsx (ECMA-376 part 1, 18.4.9). A string
// is one t, or runs with one each; rPh says how to pronounce it and is left out.
func sharedStrings(r io.Reader, limit int64, t *texts, stop func() error) error {
	m := newMarkup(utf8Of(r), limit)
	var b []byte
	reading, ruby, n := false, 0, 0
	for {
		k, err := m.next()
		if n++; err == nil && n&0xfff == 0 {
			err = stop()
		}
		if err != nil || k == ended {
			return err
		}
		switch name := string(m.name); k { //nolint:exhaustive // ended is taken above
		case opening:
			switch name {
			case "si":
				b = b[:0]
			case "t":
				reading = ruby == 0
			case "rPh":
				ruby++
			}
		case lone:
			if name == "si" {
				t.add(nil)
			}
		case closing:
			switch name {
			case "si":
				t.add(unmask(b))
			case "t":
				reading = false
			case "rPh":
				ruby--
			}
		case words:
			if reading && len(b) < maxCell*4 {
				b = m.add(b)
			}
		}
	}
}

// unmask undoes what ST_Xstring (ECMA-376 part 1, 22.9.2.19) does to characters
// that XML cannot hold: _x000D_.
func unmask(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '_' && i+7 <= len(b) && b[i+1] == 'x' && b[i+6] == '_' {
			if n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16); err == nil {
				if n >= 0x20 || n == '\n' || n == '\t' || n == '\r' {
					out = append(out, string(rune(n))...)
				}
				i += 6
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
