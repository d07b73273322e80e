package msdoc

// piece is a run of characters that lie together ([MS-DOC] 2.8.35).
type piece struct {
	from, to uint32 // characters
	fc       uint32 // where they lie in the main stream
	wide     bool   // two bytes each
	prm      int    // properties laid over them
}

// maxPieces is more than Word makes: it consolidates a document that was saved
// fast some hundred times.
const maxPieces = 1 << 18

// readPieces reads the piece table; a document without one is one piece.
func (r *reader) readPieces() {
	if r.fib.version == 8 || r.fib.flags&flagComplex != 0 && r.fib.version > 2 {
		r.parseClx(r.get(fcPieces))
	}
	if len(r.pieces) > 0 {
		return
	}
	var n uint32
	for _, c := range r.fib.ccp {
		n += min(c, 1<<28)
	}
	end := min(int64(r.fib.fcMac), int64(len(r.main)))
	if r.fib.version == 8 {
		// Without a table nothing says how wide the characters are; the length does.
		r.out.Salvaged = true
		wide := r.fib.flags&flagExtChar != 0 && int64(n)*2 <= end-int64(r.fib.fcMin)+2
		r.pieces = []piece{{to: n, fc: r.fib.fcMin, wide: wide}}
		return
	}
	// Word 2 keeps the pieces of a document that was saved fast in another way.
	r.out.Salvaged = r.fib.version == 2 && r.fib.flags&flagComplex != 0
	if n == 0 && end > int64(r.fib.fcMin) {
		n = uint32(end) - r.fib.fcMin //nolint:gosec // within the stream
		r.fib.ccp[ccpText] = n
	}
	r.pieces = []piece{{to: n, fc: r.fib.fcMin, wide: r.oldWide(r.fib.fcMin, n)}}
}

// oldWide says whether a piece of n characters is of two bytes each.
// QUIRK: that bit of the header is Word 97's; East Asian Word 95 sets it too and
// means it.
func (r *reader) oldWide(fc, n uint32) bool {
	return r.fib.version == 7 && r.fib.flags&flagExtChar != 0 && int64(fc)+2*int64(n) <= int64(len(r.main))
}

// parseClx reads properties and pieces (2.9.38).
func (r *reader) parseClx(b []byte) {
	for len(b) > 0 {
		switch b[0] {
		case 1:
			if len(b) < 3 {
				return
			}
			n := u16(b, 1)
			r.prcs = append(r.prcs, b[3:min(3+n, len(b))])
			b = b[min(3+n, len(b)):]
		case 2:
			if len(b) < 5 {
				return
			}
			r.parsePieces(slice(b, 5, u32(b, 1)))
			return
		default:
			// QUIRK: Word 6 pads the properties with zeros.
			b = b[1:]
		}
	}
}

func (r *reader) parsePieces(b []byte) {
	n := (len(b) - 4) / 12
	for i := range min(n, maxPieces) {
		p := piece{from: u32(b, 4*i), to: u32(b, 4*i+4)}
		pcd := 4*(n+1) + 8*i
		p.fc, p.prm = u32(b, pcd+2), u16(b, pcd+6)
		if p.from >= p.to || p.to > 1<<30 {
			continue // an empty piece, or a lie
		}
		if r.fib.version == 8 {
			// 2.9.73: a bit says that the characters are of one byte, and then the
			// place is doubled.
			if p.wide = p.fc&0x40000000 == 0; !p.wide {
				p.fc = p.fc & 0x3fffffff / 2
			}
		} else {
			p.wide = r.oldWide(p.fc, p.to-p.from)
		}
		r.pieces = append(r.pieces, p)
	}
}
