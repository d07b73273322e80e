package biff

import (
	"math/bits"

	"guidang/extractors/offcrypto"
)

// undoXOR decrypts all records behind a place if the password fits
// ([MS-OFFCRYPTO] 2.3.7.2): the only sort before Excel 97, and what it wrote in
// some countries later.
func (b *Book) undoXOR(from int, password string, key, verifier int) bool {
	mask, ok := offcrypto.XOR(password, key, verifier, offcrypto.TurnExcel)
	if !ok {
		return false
	}
	for at := from; ; {
		id, data, next, _, ok := record(b.stream, at)
		if !ok {
			return true
		}
		// QUIRK: [MS-OFFCRYPTO] 2.3.7.3 turns the bits the other way round; this is
		// what Excel does. The place in the mask counts from the end of the record.
		for i := unencrypted(id, len(data)); i < len(data); i++ {
			data[i] = bits.RotateLeft8(data[i], 3) ^ mask[(at+4+len(data)+i)&15]
		}
		at = next
	}
}
