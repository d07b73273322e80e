package biff

import (
	"encoding/binary"
)

// Records that are read, by [MS-XLS] 2.3; where BIFF2 to 4 number them
// otherwise, the high byte counts the version.
const (
	idBOF        = 0x0809
	idEOF        = 0x000a
	idContinue   = 0x003c
	idFilepass   = 0x002f
	idCodepage   = 0x0042
	idDateMode   = 0x0022
	idSheetInfo  = 0x0085 // BOUNDSHEET
	idSheetHead  = 0x008f // BIFF4 workspaces
	idShared     = 0x00fc // SST
	idFormat2    = 0x001e
	idFormat     = 0x041e
	idXF2        = 0x0043
	idXF3        = 0x0243
	idXF4        = 0x0443
	idXF         = 0x00e0
	idFont2      = 0x0031
	idFont3      = 0x0231
	idBlank2     = 0x0001
	idInteger    = 0x0002
	idNumber2    = 0x0003
	idLabel2     = 0x0004
	idBool2      = 0x0005
	idFormula    = 0x0006
	idString2    = 0x0007
	idFormula3   = 0x0206
	idFormula4   = 0x0406
	idNumber     = 0x0203
	idLabel      = 0x0204
	idBool       = 0x0205
	idString     = 0x0207
	idRK         = 0x027e
	idMulRK      = 0x00bd
	idRString    = 0x00d6
	idLabelSST   = 0x00fd
	idArray2     = 0x0021
	idArray      = 0x0221
	idTable2     = 0x0036
	idTable      = 0x0236
	idSharedFmla = 0x04bc
	idMerges     = 0x00e5
	idNote       = 0x001c
	idObject     = 0x005d
	idText       = 0x01b6 // TXO
	idLink       = 0x01b8 // HLINK
	idHeader     = 0x0014
	idFooter     = 0x0015
	idSeriesText = 0x100d
)

// Kinds of substreams.
const (
	kindGlobals   = 0x0005
	kindModule    = 0x0006
	kindSheet     = 0x0010
	kindChart     = 0x0020
	kindMacro     = 0x0040
	kindWorkspace = 0x0100
)

// record gives the record at an offset and the offset behind it. ok is false
// when none begins there; cut, when its data goes beyond the end.
func record(b []byte, at int) (id uint16, data []byte, next int, cut, ok bool) {
	if at < 0 || at+4 > len(b) {
		return 0, nil, at, false, false
	}
	id = binary.LittleEndian.Uint16(b[at:])
	n := int(binary.LittleEndian.Uint16(b[at+2:]))
	from := at + 4
	if from+n > len(b) {
		return id, b[from:], len(b), true, true
	}
	return id, b[from : from+n], from + n, false, true
}

// isBOF gives the version and kind that a first record states.
// QUIRK: [MS-XLS] 2.4.21 has one id; BIFF2 to 4 have one each, and BIFF5 files
// written by Excel itself carry the version 8 at their sheets, so that only the
// first of a stream is believed.
func isBOF(id uint16, data []byte) (version, kind int, ok bool) {
	if len(data) >= 4 {
		kind = int(binary.LittleEndian.Uint16(data[2:]))
	}
	switch id {
	case 0x0009:
		return 2, kind, true
	case 0x0209:
		return 3, kind, true
	case 0x0409:
		return 4, kind, true
	case idBOF:
		version = 5
		if len(data) >= 2 {
			switch v := binary.LittleEndian.Uint16(data); {
			case v >= 0x0600:
				version = 8
			case v == 0x0200, v == 0x0002, v == 0x0007:
				version = 2 // QUIRK: other programs' BIFF2 under the newer id
			case v == 0x0300:
				version = 3
			case v == 0x0400:
				version = 4
			}
		}
		return version, kind, true
	}
	return 0, 0, false
}

func u16(b []byte, at int) int {
	if at+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

func u32(b []byte, at int) uint32 {
	if at+4 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[at:])
}
