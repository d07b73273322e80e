package packed

import (
	"encoding/binary"
	"time"
	"unicode/utf16"
)

// filesInfo reads the list of files.
func (w *sevenWalk) filesInfo(h *sevenInfo) {
	n := w.count(min(w.left(), sevenFiles))
	h.files = make([]sevenFile, n)
	var emptyFiles []byte
	for {
		id := w.byte()
		if w.bad || id == sevenEnd {
			break
		}
		p := &sevenWalk{b: w.skip(w.number())}
		switch id {
		case sevenEmptyStream:
			bits := p.flags(n, false)
			for i := range h.files {
				h.files[i].empty = flagged(bits, uint64(i))
			}
		case sevenEmptyFile:
			emptyFiles = p.b
		case sevenName:
			p.names(h.files)
		case sevenModified:
			bits := p.flags(n, true)
			p.byte()
			for i := range h.files {
				if flagged(bits, uint64(i)) {
					h.files[i].modified = fileTime(p.skip(8))
				}
			}
		case sevenAttributes:
			bits := p.flags(n, true)
			p.byte()
			for i := range h.files {
				if !flagged(bits, uint64(i)) {
					continue
				}
				if b := p.skip(4); b != nil {
					h.files[i].attributes = leUint32(b)
				}
			}
		default: // other times, comments, padding
		}
		w.bad = w.bad || p.bad
	}
	if emptyFiles == nil {
		emptyFiles = []byte{}
	}
	w.bad = w.bad || !h.place(emptyFiles)
}

// place gives each file with bytes its place in a block.
func (h *sevenInfo) place(emptyFiles []byte) bool {
	empty, next, block, in := uint64(0), 0, 0, uint64(0)
	var offset int64
	for i := range h.files {
		f := &h.files[i]
		f.folder = f.attributes&0x10 != 0 && f.empty
		if f.empty {
			f.folder = f.folder || !flagged(emptyFiles, empty)
			empty++
			continue
		}
		for block < len(h.blocks) && in >= h.blocks[block].files {
			block, in, offset = block+1, 0, 0
		}
		if block >= len(h.blocks) || next >= len(h.subSizes) || h.subSizes[next] > 1<<55 {
			return false
		}
		f.block, f.offset, f.size, f.sum = block, offset, int64(h.subSizes[next]), h.subSums[next]
		offset += f.size
		next, in = next+1, in+1
	}
	return true
}

// names reads UTF-16 names that end with a zero each.
func (w *sevenWalk) names(files []sevenFile) {
	w.byte()
	le := binary.LittleEndian
	var name []uint16
	for i := range files {
		for name = name[:0]; ; {
			b := w.skip(2)
			if b == nil {
				return
			}
			c := le.Uint16(b)
			if c == 0 {
				break
			}
			name = append(name, c)
		}
		files[i].name = string(utf16.Decode(name))
	}
}

// fileTime reads a Windows FILETIME: 100 ns since 1601.
func fileTime(b []byte) time.Time {
	if len(b) < 8 {
		return time.Time{}
	}
	n := binary.LittleEndian.Uint64(b)
	if n == 0 || n > 1<<62 {
		return time.Time{}
	}
	const to1970 = 11_644_473_600
	return time.Unix(int64(n/1e7)-to1970, int64(n%1e7)*100).UTC()
}
