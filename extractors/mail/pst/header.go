package pst

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"guidang/extractors/document"
)

const magic = "!BDN"

// Clients, by the two letters behind the header's checksum: a mailbox (SM), the
// copy of one on a server (SO), an address book (AB).
var clients = []string{"SM", "SO", "AB"}

// Encodings of data blocks ([MS-PST] 2.2.2.6, bCryptMethod).
const (
	cryptNone    = 0x00
	cryptPermute = 0x01
	cryptCyclic  = 0x02
	cryptEDP     = 0x10 // Windows Information Protection: real encryption
)

// layout is what differs between the three kinds of files.
type layout struct {
	name    string
	wide    bool // identifiers and places of 64 bits
	page    int64
	sum     int // bytes of a page that its checksum covers; its trailer follows
	meta    int // where a B-tree page says how many entries it has
	align   int64
	trailer int // of a block
	block   int64
}

var (
	ansi      = layout{name: "ansi", page: 512, sum: 500, meta: 496, align: 64, trailer: 12, block: 8192}
	unicode   = layout{name: "unicode", wide: true, page: 512, sum: 496, meta: 488, align: 64, trailer: 16, block: 8192}
	unicode4k = layout{name: "unicode-4k", wide: true, page: 4096, sum: 4072, meta: 4056, align: 512, trailer: 24, block: 65536}
)

// ref is a page or block: its identifier and where it lies.
type ref struct {
	id uint64
	at int64
}

// header is what the file says of itself.
type header struct {
	layout
	crypt   byte
	nodes   ref // roots of the two trees
	blocks  ref
	size    int64 // that it should have
	damaged bool  // its checksum does not fit
	guessed bool  // there is no header; the layout is known by a page
}

// isStore tells a mailbox by its first bytes.
func isStore(head []byte) bool {
	if len(head) < 16 || string(head[:4]) != magic {
		return false
	}
	if slices.Contains(clients, string(head[8:10])) {
		return true
	}
	v := binary.LittleEndian.Uint16(head[10:])
	return v == 14 || v == 15 || v >= 20 && v <= 40
}

// sum is the checksum of [MS-PST] 5.3: CRC-32 begun with zero and not inverted,
// which is the usual one, begun and ended the other way round.
func sum(data []byte) uint32 { return ^crc32.Update(0xffffffff, crc32.IEEETable, data) }

// readHeader reads [MS-PST] 2.2.2.6. reason is set when nothing can be read.
func readHeader(in *document.Input) (h header, reason document.Reason, err error) {
	head := in.Head()
	if !isStore(head) || len(head) < 564 {
		return lostHeader(in)
	}
	u32 := func(at int) int64 { return int64(binary.LittleEndian.Uint32(head[at:])) }
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(head[at:]) }
	switch v := binary.LittleEndian.Uint16(head[10:]); {
	case v == 14 || v == 15:
		h.layout = ansi
		h.size = u32(0xA8)
		h.nodes = ref{uint64(u32(0xB8)), u32(0xBC)}  //nolint:gosec // of 32 bits
		h.blocks = ref{uint64(u32(0xC0)), u32(0xC4)} //nolint:gosec // of 32 bits
		h.crypt = head[0x1CD]
		h.damaged = sum(head[8:8+471]) != uint32(u32(4)) //nolint:gosec // of 32 bits
	case v >= 20:
		h.layout = unicode
		if v >= 36 {
			h.layout = unicode4k
		}
		h.size = place(u64(0xB8))
		h.nodes = ref{u64(0xD8), place(u64(0xE0))}
		h.blocks = ref{u64(0xE8), place(u64(0xF0))}
		h.crypt = head[0x201]
		h.damaged = sum(head[8:8+471]) != uint32(u32(4)) || sum(head[8:8+516]) != uint32(u32(0x20C)) //nolint:gosec // of 32 bits
	default:
		return lostHeader(in)
	}
	switch h.crypt {
	case cryptNone, cryptPermute, cryptCyclic:
	case cryptEDP:
		return h, document.Protected, nil
	default:
		h.damaged = true
		h.crypt = cryptPermute // what Outlook writes unless told otherwise; blocks that are not are found out
	}
	return h, "", nil
}

// place keeps an impossible place from becoming a negative one.
func place(v uint64) int64 {
	if v > 1<<62 {
		return -1
	}
	return int64(v)
}

// firstMap is where every file has its first allocation map ([MS-PST] 2.2.2.7.2).
const firstMap = 0x4400

// lostHeader finds the layout of a file whose header is lost by its first
// allocation map, whose trailer differs in each.
//
// QUIRK: [MS-PST] 2.2.2.6: without a header nothing else can be found. Its loss is
// one sector, and pages and blocks say themselves what they are.
func lostHeader(in *document.Input) (header, document.Reason, error) {
	buf := make([]byte, 4096)
	for _, l := range []layout{unicode, ansi, unicode4k} {
		p := buf[:l.page]
		if n, err := in.Bytes.ReadAt(p, firstMap); int64(n) < l.page {
			if err := fault(err); err != nil {
				return header{}, "", err
			}
			continue
		}
		t := p[l.sum:]
		if t[0] != 0x84 || t[1] != 0x84 {
			continue
		}
		if want, _ := l.pageTrailer(p); sum(p[:l.sum]) == want {
			return header{layout: l, crypt: cryptPermute, damaged: true, guessed: true, nodes: ref{at: -1}, blocks: ref{at: -1}}, "", nil
		}
	}
	return header{}, document.Corrupt, nil
}

// detect knows a mailbox by its mark, or by its name and its first map.
func detect(in *document.Input) bool {
	if isStore(in.Head()) {
		return true
	}
	switch in.Ext() {
	case ".pst", ".ost", ".pab":
	default:
		return false
	}
	if bytes.HasPrefix(in.Head(), []byte(magic)) {
		return true
	}
	_, reason, err := lostHeader(in)
	return reason == "" && err == nil
}
