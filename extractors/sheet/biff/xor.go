package biff

import (
	"math/bits"
	"slices"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// XOR obfuscation, method 1 ([MS-OFFCRYPTO] 2.3.7.2): the only sort before Excel
// 97, and what it wrote in some countries later.

var padding = [15]byte{0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00}

// undoXOR decrypts all records behind a place if the password fits.
func (b *Book) undoXOR(from int, password string, key, verifier int) bool {
	for _, secret := range ansi(password) {
		if len(secret) == 0 || len(secret) > 15 || xorVerifier(secret) != verifier {
			continue
		}
		mask := xorMask(secret, key)
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
	return false
}

// ansi gives the forms a password may have had on the machine of its time.
func ansi(password string) (forms [][]byte) {
	if out, err := charmap.Windows1252.NewEncoder().String(password); err == nil {
		return [][]byte{[]byte(out)}
	}
	if out, err := simplifiedchinese.GBK.NewEncoder().String(password); err == nil {
		forms = append(forms, []byte(out))
	}
	// QUIRK: Excel 97 and later take the low bytes of the characters.
	var low []byte
	for _, r := range password {
		if r&0xff != 0 {
			low = append(low, byte(r)) //nolint:gosec // the low byte is what is wanted
		} else {
			low = append(low, byte(r>>8)) //nolint:gosec // as above
		}
	}
	return append(forms, low)
}

// xorVerifier is the check of a password ([MS-OFFCRYPTO] 2.3.7.1).
func xorVerifier(secret []byte) int {
	v := 0
	turn := func(c int) { v = (v>>14&1 | v<<1&0x7fff) ^ c }
	for _, s := range slices.Backward(secret) {
		turn(int(s))
	}
	turn(len(secret))
	return v ^ 0xce4b
}

// xorMask makes the sixteen bytes that are laid over the records.
func xorMask(secret []byte, key int) (mask [16]byte) {
	n := copy(mask[:], secret)
	copy(mask[n:], padding[:])
	for i := range mask {
		half := byte(key) //nolint:gosec // its low half is meant
		if i&1 == 1 {
			half = byte(key >> 8) //nolint:gosec // and its high one
		}
		mask[i] = bits.RotateLeft8(mask[i]^half, 2)
	}
	return mask
}
