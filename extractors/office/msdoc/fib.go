package msdoc

// fib is the header of a document ([MS-DOC] 2.5).
type fib struct {
	version    int
	flags      int
	lid        int // language
	key        uint32
	chs        int // charset of the font of a document before Word 97
	fcMin      uint32
	fcMac      uint32
	ccp        [8]uint32 // lengths of the stories
	pairs      int       // where the table of places begins
	pairSize   int
	mainLength int
}

// Stories in the order in which they follow each other in a document.
const (
	ccpText = iota
	ccpFootnotes
	ccpHeaders
	ccpMacros
	ccpComments
	ccpEndnotes
	ccpTextboxes
	ccpHeaderTextboxes
)

// Places of tables, by their number in the header (2.5.6).
const (
	fcStyles      = 1
	fcCommentRefs = 4
	fcComments    = 5
	fcHeaders     = 11
	fcCharPages   = 12
	fcParaPages   = 13
	fcFonts       = 15
	fcPieces      = 33
	fcOwners      = 36
)

// Bits of the header.
const (
	flagComplex    = 0x0004
	flagEncrypted  = 0x0100
	flagTable      = 0x0200
	flagExtChar    = 0x1000
	flagObfuscated = 0x8000
)

// magics are the first words of documents, and the version that begins with each.
// QUIRK: [MS-DOC] 2.5.1 knows 0xA5EC alone; East Asian Word 6 and 95 had words of
// their own.
var magics = map[int]int{0xa5ec: 8, 0xa5dc: 6, 0xa697: 6, 0xa698: 6, 0xa699: 6, 0xa5db: 2}

// parseFIB reads the header.
func parseFIB(b []byte) (fib, bool) {
	if len(b) < 0x60 {
		return fib{}, false
	}
	version, known := magics[u16(b, 0)]
	number := u16(b, 2)
	if !known || number == 0 || number > 0x400 {
		return fib{}, false
	}
	f := fib{version: version, flags: u16(b, 10), lid: u16(b, 6), key: u32(b, 14), chs: u16(b, 20), fcMin: u32(b, 24), fcMac: u32(b, 28), mainLength: len(b)}
	// QUIRK: Word 95 and Word 97 share the word with their neighbours in some files;
	// the number of the format decides (2.5.1, nFib).
	switch {
	case number >= 105 && version >= 6:
		f.version = 8
	case number >= 103:
		f.version = 7
	case number >= 100:
		f.version = 6
	default:
		f.version = 2
	}
	at := 0x34
	switch f.version {
	case 8:
		at, f.pairs, f.pairSize = 0x4c, 0x9a, 8
		if csw := u16(b, 0x20); csw > 0 && csw < 64 {
			words := 0x22 + 2*csw
			if cslw := u16(b, words); cslw > 10 && cslw < 64 {
				at = words + 2 + 4*3
				f.pairs = words + 2 + 4*cslw + 2
			}
		}
	case 2:
		f.pairs, f.pairSize = 0x58, 6
	default:
		f.pairs, f.pairSize = 0x58, 8
	}
	for i := range f.ccp {
		if f.version == 2 && i > ccpComments {
			break
		}
		f.ccp[i] = u32(b, at+4*i)
	}
	return f, true
}

// pair gives the place and length of a table.
func (f *fib) pair(main []byte, n int) (at, length uint32) {
	if f.pairSize == 6 {
		return u32(main, f.pairs+6*n), uint32(u16(main, f.pairs+6*n+4)) //nolint:gosec // a word
	}
	return u32(main, f.pairs+8*n), u32(main, f.pairs+8*n+4)
}

func (f *fib) tableName() string {
	if f.flags&flagTable != 0 {
		return "1Table"
	}
	return "0Table"
}

// get gives a table's bytes.
func (r *reader) get(n int) []byte {
	at, length := r.fib.pair(r.main, n)
	return slice(r.table, at, length)
}
