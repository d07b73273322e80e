package msppt

// record is one record: an atom, or a container of records ([MS-PPT] 2.3.1).
type record struct {
	kind     int
	instance int
	holds    bool // a container
	body     []byte
	cut      bool // it claims more than there is
}

// maxDepth is beyond any deck: groups within groups give about 30.
const maxDepth = 64

// parse reads the record at the beginning of b; next is what follows it.
func parse(b []byte) (rec record, next []byte, ok bool) {
	if len(b) < 8 {
		return record{}, nil, false
	}
	head := u16(b, 0)
	rec = record{kind: u16(b, 2), instance: head >> 4}
	// 2.11.14: what programs tag a slide with holds records, but is marked as an atom.
	rec.holds = head&0xf == 0xf || rec.kind == rtTagData
	n := int64(u32(b, 4))
	if rest := int64(len(b) - 8); n > rest {
		n, rec.cut = rest, true
	}
	rec.body = b[8 : 8+n]
	return rec, b[8+n:], true
}

// each hands out the records within a container, one after the other.
func (rec record) each(f func(record)) {
	for b := rec.body; ; {
		c, next, ok := parse(b)
		if !ok {
			return
		}
		f(c)
		b = next
	}
}

// walk hands out all records within a container, also those within others, unless
// f says not to descend.
func (rec record) walk(depth int, f func(record) bool) {
	if depth > maxDepth {
		return
	}
	rec.each(func(c record) {
		if f(c) && c.holds {
			c.walk(depth+1, f)
		}
	})
}

// find gives the first record of a kind right within a container.
func (rec record) find(kind int) (found record, ok bool) {
	rec.each(func(c record) {
		if !ok && c.kind == kind {
			found, ok = c, true
		}
	})
	return found, ok
}
