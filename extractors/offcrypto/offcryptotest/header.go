// Package offcryptotest writes the headers of encrypted files for tests.
package offcryptotest

import (
	"bytes"
	"crypto/md5"  //nolint:gosec // the format's own
	"crypto/sha1" //nolint:gosec // the format's own
	"encoding/binary"

	"guidang/extractors/offcrypto"
)

// Header makes the encryption header of a password and the cipher that goes with
// it: [MS-OFFCRYPTO] 2.3.6 for 0 bits, else 2.3.5.
func Header(password string, bits int) ([]byte, offcrypto.Cipher) {
	salt, plain := []byte("saltsaltsaltsalt"), []byte("verifierverifier")
	var b bytes.Buffer
	put := func(parts ...any) {
		for _, p := range parts {
			_ = binary.Write(&b, binary.LittleEndian, p)
		}
	}
	if bits == 0 {
		c := offcrypto.StandardRC4(salt, password)
		hash := md5.Sum(plain) //nolint:gosec // the format's own
		both := append(bytes.Clone(plain), hash[:]...)
		c.Block(0).XORKeyStream(both, both)
		put(uint16(1), uint16(1), salt, both)
		return b.Bytes(), c
	}
	c := offcrypto.CryptoAPI(salt, password, bits)
	hash := sha1.Sum(plain) //nolint:gosec // the format's own
	both := append(bytes.Clone(plain), hash[:]...)
	c.Block(0).XORKeyStream(both, both)
	name := []byte("R\x00C\x004\x00\x00\x00")
	put(uint16(2), uint16(2), uint32(4), uint32(32+len(name)), //nolint:gosec // 40
		uint32(4), uint32(0), uint32(0x6801), uint32(0x8004), uint32(bits), uint32(1), uint32(0), uint32(0), name, //nolint:gosec // 40 to 128
		uint32(16), salt, both[:16], uint32(20), both[16:])
	return b.Bytes(), c
}
