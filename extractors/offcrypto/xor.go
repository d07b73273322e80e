package offcrypto

import (
	"math/bits"
	"slices"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// padding fills a short password up (2.3.7.2).
var padding = [15]byte{0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00}

// How far a byte of the mask is turned: by Excel (2.3.7.2), and by Word, of which
// the specification says nothing.
const (
	TurnExcel = 2
	TurnWord  = 7
)

// XOR gives the mask that is laid over a file obfuscated by XOR (2.3.7), if the
// password fits the verifier.
func XOR(password string, key, verifier, turn int) (mask [16]byte, ok bool) {
	for _, secret := range ansi(password) {
		if len(secret) > 0 && len(secret) <= 15 && XORVerifier(secret) == verifier {
			return XORMask(secret, key, turn), true
		}
	}
	return mask, false
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

// XORVerifier is the check of a password (2.3.7.1).
func XORVerifier(secret []byte) int {
	v := 0
	turn := func(c int) { v = (v>>14&1 | v<<1&0x7fff) ^ c }
	for _, s := range slices.Backward(secret) {
		turn(int(s))
	}
	turn(len(secret))
	return v ^ 0xce4b
}

// XORMask makes the sixteen bytes of the mask.
func XORMask(secret []byte, key, turn int) (mask [16]byte) {
	n := copy(mask[:], secret)
	copy(mask[n:], padding[:])
	for i := range mask {
		half := byte(key) //nolint:gosec // its low half is meant
		if i&1 == 1 {
			half = byte(key >> 8) //nolint:gosec // and its high one
		}
		mask[i] = bits.RotateLeft8(mask[i]^half, turn)
	}
	return mask
}
