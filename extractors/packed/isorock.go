package packed

import (
	"encoding/binary"
	"io"
)

// isoRock reads the system use fields of Rock Ridge (RRIP 1.12) as SUSP 1.12
// frames them.
type isoRock struct {
	r     io.ReaderAt
	block int64
	skip  int // bytes before the fields (SUSP 5.3)
}

// Bounds on what one record may make us read. A chain of continuations that
// points to itself would have no end.
const (
	isoContinued = 16
	isoNameMost  = 1024
)

// rockOf says whether the root's own record begins with the SP field (SUSP 5.3);
// nil: it does not.
func rockOf(r io.ReaderAt, v *isoVolume) *isoRock {
	b := make([]byte, 255)
	n, _ := r.ReadAt(b, v.root.at)
	rec, ok := isoRecordOf(b[:n], v.block)
	if !ok {
		return nil
	}
	// QUIRK: images of CD-ROM XA have 14 bytes of it before.
	for _, at := range []int{0, 14} {
		if s := rec.system; len(s) >= at+7 && string(s[at:at+2]) == "SP" && s[at+4] == 0xbe && s[at+5] == 0xef {
			return &isoRock{r, v.block, int(s[at+6])}
		}
	}
	return nil
}

// rockFields are what is taken from the fields of one record.
type rockFields struct {
	name          string // NM
	mode          uint32 // PX
	link, device  bool   // SL, PN
	packed        bool   // ZF: zisofs
	moved         bool   // RE: a folder that is shown elsewhere
	child         int64  // CL: where the folder lies that belongs here
	continued, at int64  // CE
}

// special says that it is a link or a device.
func (f *rockFields) special() bool {
	const kind, file, folder = 0xf000, 0x8000, 0x4000
	k := f.mode & kind
	return f.link || f.device || k != 0 && k != file && k != folder
}

func (k *isoRock) fields(system []byte) (f rockFields) {
	if k.skip < len(system) {
		f.take(system[k.skip:], k.block)
	}
	for range isoContinued {
		if f.continued == 0 {
			break
		}
		b := make([]byte, min(f.continued, isoSector))
		n, _ := k.r.ReadAt(b, f.at)
		f.continued = 0
		f.take(b[:n], k.block)
	}
	return f
}

func (f *rockFields) take(b []byte, block int64) {
	le := binary.LittleEndian
	for len(b) >= 4 && int(b[2]) >= 4 && int(b[2]) <= len(b) {
		field := b[:b[2]]
		b = b[b[2]:]
		switch body := field[4:]; string(field[:2]) {
		case "ST":
			return
		case "CE": // SUSP 5.1
			if len(body) >= 24 {
				f.at = int64(le.Uint32(body))*block + int64(le.Uint32(body[8:]))
				f.continued = int64(le.Uint32(body[16:]))
			}
		case "NM": // RRIP 4.1.4; names of "." and ".." have flags and no text
			if len(body) > 1 && body[0]&6 == 0 && len(f.name)+len(body) <= isoNameMost {
				f.name += string(body[1:])
			}
		case "PX": // 4.1.1
			if len(body) >= 4 {
				f.mode = le.Uint32(body)
			}
		case "SL":
			f.link = true
		case "PN":
			// QUIRK: 4.1.2 is for devices; some writers give it to all files, so the mode decides if there is one.
			f.device = f.mode == 0
		case "ZF":
			f.packed = true
		case "RE": // 4.1.5.3
			f.moved = true
		case "CL": // 4.1.5.1
			if len(body) >= 4 {
				f.child = int64(le.Uint32(body)) * block
			}
		}
	}
}
