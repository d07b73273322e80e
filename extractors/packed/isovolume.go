package packed

import (
	"encoding/binary"
	"io"
	"time"
	"unicode/utf16"
)

// Numbers of ECMA-119 (2nd edition), which is ISO 9660.
const (
	isoSector      = 2048           // 6.1.2
	isoFirst       = 16 * isoSector // 6.2.1: the system area lies before the descriptors
	isoDescriptors = 64             // the standard has no end of them; images have 3 to 6
	isoRecordFixed = 33             // 9.1: what comes before a record's name
)

// Flags of a record (9.1.6).
const (
	isoFolderFlag = 1 << 1
	isoMoreFlag   = 1 << 7 // the file goes on in the next record
)

// isoVolume is what a primary or supplementary descriptor says (8.4, 8.5).
type isoVolume struct {
	block  int64
	root   isoRecord
	joliet bool
	label  string // as it stands
}

// isoVolumes are the descriptors of an image that matter here.
type isoVolumes struct {
	primary, joliet *isoVolume
	udf             bool // a UDF file system lies beside (ECMA-167 part 3, 9.1)
}

// readIsoVolumes reads the descriptors. Those of UDF stand behind the terminator,
// so that is no end.
func readIsoVolumes(r io.ReaderAt) isoVolumes {
	var v isoVolumes
	b := make([]byte, isoSector)
	for i := range int64(isoDescriptors) {
		if n, _ := r.ReadAt(b, isoFirst+i*isoSector); n < isoSector {
			break
		}
		switch string(b[1:6]) {
		case "CD001":
			switch {
			case b[0] == 1 && v.primary == nil:
				v.primary = isoDescriptor(b)
			// Joliet: UCS-2 of level 1, 2 or 3, by escape sequence.
			case b[0] == 2 && v.joliet == nil && b[88] == '%' && b[89] == '/' && (b[90] == '@' || b[90] == 'C' || b[90] == 'E'):
				v.joliet = isoDescriptor(b)
				v.joliet.joliet = true
			}
		case "NSR02", "NSR03":
			v.udf = true
		case "BEA01", "TEA01", "BOOT2":
		default:
			return v
		}
	}
	return v
}

func isoDescriptor(b []byte) *isoVolume {
	v := &isoVolume{block: int64(binary.LittleEndian.Uint16(b[128:])), label: string(b[40:72])}
	// QUIRK: 6.2.2 allows 512, 1024 and 2048; some writers leave the field empty.
	if v.block != 512 && v.block != 1024 {
		v.block = isoSector
	}
	v.root, _ = isoRecordOf(b[156:190], v.block)
	return v
}

// isoRecord is a directory record (9.1).
type isoRecord struct {
	name     string
	at, size int64 // in bytes
	flags    byte
	woven    bool // interleaved with other files (6.4.3)
	modified time.Time
	system   []byte // the system use field
}

// isoRecordOf reads the record at the beginning of b. What is no record is not
// ok: numbers stand in it twice, so that other bytes are hardly taken for one.
func isoRecordOf(b []byte, block int64) (rec isoRecord, ok bool) {
	if len(b) <= isoRecordFixed || int(b[0]) > len(b) || int(b[0]) <= isoRecordFixed {
		return rec, false
	}
	b = b[:b[0]]
	at, okAt := isoBoth(b[2:])
	size, okSize := isoBoth(b[10:])
	name := int(b[32])
	if !okAt || !okSize || name == 0 || isoRecordFixed+name > len(b) {
		return rec, false
	}
	rec = isoRecord{
		name: string(b[isoRecordFixed : isoRecordFixed+name]),
		at:   (at + int64(b[1])) * block, // an extended attribute record lies before the data (9.1.2)
		size: size, flags: b[25], woven: b[26] != 0, modified: isoTime(b[18:25]),
	}
	if system := isoRecordFixed + name + (name+1)%2; system < len(b) { // 9.1.12
		rec.system = b[system:]
	}
	return rec, true
}

// isoBoth reads a number that stands in both orders of bytes. QUIRK: 7.3.3 wants
// both; some writers fill one.
func isoBoth(b []byte) (n int64, ok bool) {
	le, be := binary.LittleEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if le == 0 {
		return int64(be), true
	}
	return int64(le), be == le || be == 0
}

// isoTime is a record's date (9.1.5), its zone in quarters of an hour.
func isoTime(b []byte) time.Time {
	if b[1] == 0 || b[1] > 12 || b[2] == 0 || b[2] > 31 {
		return time.Time{}
	}
	zone := time.FixedZone("", int(int8(b[6]))*15*60) //nolint:gosec // signed by its definition
	return time.Date(1900+int(b[0]), time.Month(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5]), 0, zone).UTC()
}

// ucs2 reads Joliet's strings. QUIRK: Joliet says UCS-2; writers put surrogates.
func ucs2(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(units))
}
