package msdoc

// flags of characters and paragraphs.
type flags uint16

const (
	deleted flags = 1 << iota
	inserted
	hidden
	inTable
	rowEnd
	innerCell
	innerRowEnd
	known // the paragraph's properties were found
	eightBit
)

// props are what a list of properties says.
type props struct {
	flags flags
	font  int16 // -1: not said
	sym   rune  // of a symbol
	style int16 // -1: not said
	level int8  // outline level from 1; 0: not said, 10: body text
}

func noProps() props { return props{font: -1, style: -1} }

func (p *props) set(f flags, on byte) {
	if on&1 != 0 {
		p.flags |= f
	} else {
		p.flags &^= f
	}
}

// apply reads the modifiers of Word 97 and later ([MS-DOC] 2.6).
func (p *props) apply(b []byte) {
	for len(b) >= 3 {
		op := u16(b, 0)
		b = b[2:]
		n := 0
		switch op >> 13 {
		case 0, 1:
			n = 1
		case 2, 4, 5:
			n = 2
		case 3:
			n = 4
		case 7:
			n = 3
		case 6:
			switch {
			case op == 0xd608: // the definition of a table counts its length in two bytes
				n = u16(b, 0) + 1
			case op == 0xc615 && b[0] == 255: // tabs, too many for one byte
				if len(b) < 2 {
					return
				}
				del := int(b[1]) * 4
				if 2+del >= len(b) {
					return
				}
				n = 2 + del + 1 + int(b[2+del])*3
			default:
				n = 1 + int(b[0])
			}
		}
		if n > len(b) {
			return
		}
		arg := b[:n]
		b = b[n:]
		switch op {
		case 0x0800:
			p.set(deleted, arg[0])
		case 0x0801:
			p.set(inserted, arg[0])
		case 0x083c:
			// Toggles of a style (128 and above) are not followed: they are rare for
			// hidden text.
			p.set(hidden, arg[0]&^0x80)
		case 0x4a4f:
			p.font = int16(u16(arg, 0)) //nolint:gosec // a word, compared with the fonts' number
		case 0x6a09:
			p.sym = rune(u16(arg, 2)) //nolint:gosec // a word
		case 0x2416:
			p.set(inTable, arg[0])
		case 0x2417:
			p.set(rowEnd, arg[0])
		case 0x244b:
			p.set(innerCell, arg[0])
		case 0x244c:
			p.set(innerRowEnd, arg[0])
		case 0x6649:
			if u32(arg, 0) > 0 {
				p.flags |= inTable
			}
		case 0x2640:
			p.level = int8(min(arg[0], 9)) + 1
		case 0x4600:
			p.style = int16(u16(arg, 0)) //nolint:gosec // a word
		}
	}
}

// oldLengths are the lengths of the modifiers of Word 6 and 95 by their number;
// -1 is one byte of length before. Where a number is missing, the rest of a list
// is not read.
var oldLengths = map[byte]int{
	2: 2, 3: -1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1, 12: -1, 13: 1, 14: 1, 15: -1, 16: 2, 17: 2, 18: 2, 19: 2, 20: 4, 21: 2, 22: 2, 23: -1, 24: 1, 25: 1,
	26: 2, 27: 2, 28: 2, 29: 1, 30: 2, 31: 2, 32: 2, 33: 2, 34: 2, 35: 2, 36: 2, 37: 1, 38: 2, 39: 2, 40: 2, 41: 2, 42: 2, 43: 2, 44: 1, 45: 2, 46: 2, 47: 2, 48: 2, 49: 2,
	50: 1, 51: 1, 52: -1, 53: 1, 54: 1, 55: 1, 56: 1, 57: 1, 58: 1, 59: 1, 60: 1, 61: 1, 62: 1, 63: 1, 64: 1,
	65: 1, 66: 1, 67: 1, 68: -1, 69: 2, 70: 4, 71: 1, 72: 2, 73: 3, 74: -1, 75: 1, 80: 2, 81: -1, 82: -1, 83: 0, 85: 1, 86: 1, 87: 1, 88: 1, 89: 1, 90: 1, 91: 1, 92: 1,
	93: 2, 94: 1, 95: 3, 96: 2, 97: 2, 98: 1, 99: 2, 100: 1, 101: 1, 102: 1, 103: -1, 104: 1, 105: -1, 106: -1, 107: 2, 108: -1, 109: 2, 110: 2, 111: 1, 112: 1, 113: 2,
	117: 1, 118: 1, 119: 1, 120: -1, 121: 2, 122: 2,
}

// applyOld reads the modifiers of Word 6 and 95.
func (p *props) applyOld(b []byte) {
	for len(b) >= 1 {
		op := b[0]
		b = b[1:]
		n, ok := oldLengths[op]
		if !ok {
			return
		}
		if n < 0 {
			if len(b) == 0 {
				return
			}
			n = 1 + int(b[0])
		}
		if n > len(b) {
			return
		}
		arg := b[:n]
		b = b[n:]
		p.old(op, arg)
	}
}

func (p *props) old(op byte, arg []byte) {
	switch op {
	case 65:
		p.set(deleted, arg[0])
	case 66:
		p.set(inserted, arg[0])
	case 92:
		p.set(hidden, arg[0]&^0x80)
	case 93:
		p.font = int16(u16(arg, 0)) //nolint:gosec // a word, compared with the fonts' number
	case 24:
		p.set(inTable, arg[0])
	case 25:
		p.set(rowEnd, arg[0])
	case 2:
		p.style = int16(u16(arg, 0)) //nolint:gosec // a word
	}
}

// prm lays over a piece what its descriptor says (2.9.214): one modifier, or the
// number of a list.
func (r *reader) prm(p *props, prm int) {
	if prm == 0 {
		return
	}
	if prm&1 == 0 {
		// The numbers of single modifiers are those of Word 6.
		p.old(byte(prm>>1&0x7f), []byte{byte(prm >> 8), 0}) //nolint:gosec // halves of a word
		return
	}
	i := prm >> 1
	if i >= len(r.prcs) {
		return
	}
	if r.fib.version == 8 {
		p.apply(r.prcs[i])
	} else {
		p.applyOld(r.prcs[i])
	}
}
