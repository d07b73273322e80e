package offcrypto

import (
	"bytes"
	"crypto/md5"  //nolint:gosec // the format's own
	"crypto/rc4"  //nolint:gosec // the format's own
	"crypto/sha1" //nolint:gosec // the format's own
	"encoding/binary"
	"unicode/utf16"
)

// Cipher makes the RC4 cipher of a block. How long a block is, the format says:
// 1,024 bytes of a workbook's stream, 512 of a Word file's, a record of a
// presentation.
type Cipher interface {
	Block(n uint32) *rc4.Cipher
}

// RC4 checks a password against an encryption header, which begins with its
// version (2.3.6 for 1.1, 2.3.5 for 2.2 to 4.2), and gives the cipher, or nil when
// the password does not fit or the header makes no sense.
func RC4(header []byte, password string) Cipher {
	if len(header) < 8 {
		return nil
	}
	if binary.LittleEndian.Uint16(header) == 1 {
		return checkStandard(header[4:], password)
	}
	return checkCryptoAPI(header[4:], password)
}

// Apply decrypts data that lies at a place of a stream which is encrypted in
// blocks of the given size, each with a cipher of its own.
func Apply(c Cipher, block, at int, data []byte) {
	waste := make([]byte, block)
	for len(data) > 0 {
		n, skip := at/block, at%block
		k := min(len(data), block-skip)
		cipher := c.Block(uint32(n)) //nolint:gosec // a stream in memory has fewer
		cipher.XORKeyStream(waste[:skip], waste[:skip])
		cipher.XORKeyStream(data[:k], data[:k])
		data, at = data[k:], at+k
	}
}

// secretOf is a password as its hashes take it.
func secretOf(password string) []byte {
	units := utf16.Encode([]rune(password))
	secret := make([]byte, 0, 2*len(units))
	for _, u := range units {
		secret = binary.LittleEndian.AppendUint16(secret, u)
	}
	return secret
}

// standard is RC4 with 40 bits and MD5 (2.3.6).
type standard struct{ base [5]byte }

// StandardRC4 is the cipher of 2.3.6 for a salt of sixteen bytes.
func StandardRC4(salt []byte, password string) Cipher {
	first := md5.Sum(secretOf(password)) //nolint:gosec // the format's own
	var salted []byte
	for range 16 {
		salted = append(append(salted, first[:5]...), salt...)
	}
	sum := md5.Sum(salted) //nolint:gosec // the format's own
	s := &standard{}
	copy(s.base[:], sum[:5])
	return s
}

func checkStandard(b []byte, password string) Cipher {
	if len(b) < 48 {
		return nil
	}
	s := StandardRC4(b[:16], password)
	c := s.Block(0)
	var plain, want [16]byte
	c.XORKeyStream(plain[:], b[16:32])
	c.XORKeyStream(want[:], b[32:48])
	if md5.Sum(plain[:]) != want { //nolint:gosec // the format's own
		return nil
	}
	return s
}

// Block is the cipher of a block.
func (s *standard) Block(n uint32) *rc4.Cipher {
	key := md5.Sum(binary.LittleEndian.AppendUint32(s.base[:5:5], n)) //nolint:gosec // the format's own
	c, _ := rc4.NewCipher(key[:])                                     //nolint:gosec // sixteen bytes, so without an error
	return c
}

// cryptoAPI is RC4 with SHA-1 and keys of 40 to 128 bits (2.3.5).
type cryptoAPI struct {
	base [sha1.Size]byte
	key  int // bytes
}

// CryptoAPI is the cipher of 2.3.5 for a salt of sixteen bytes and a key of 40 to
// 128 bits.
func CryptoAPI(salt []byte, password string, bits int) Cipher {
	return &cryptoAPI{base: sha1.Sum(append(bytes.Clone(salt), secretOf(password)...)), key: bits / 8} //nolint:gosec // the format's own
}

func checkCryptoAPI(b []byte, password string) Cipher {
	// Flags and the header's length, then the header, then salt and verifier.
	if len(b) < 8+32 {
		return nil
	}
	head := int64(binary.LittleEndian.Uint32(b[4:]))
	if head < 32 || head > int64(len(b))-8 {
		return nil
	}
	bits := int(binary.LittleEndian.Uint32(b[8+16:]))
	rest := b[8+head:]
	if len(rest) < 4+16+16+4+20 || binary.LittleEndian.Uint32(rest) != 16 {
		return nil
	}
	if bits == 0 {
		bits = 40
	}
	if bits < 40 || bits > 128 {
		return nil
	}
	s := CryptoAPI(rest[4:20], password, bits)
	c := s.Block(0)
	var plain [16]byte
	var want [sha1.Size]byte
	c.XORKeyStream(plain[:], rest[20:36])
	c.XORKeyStream(want[:], rest[40:60])
	if sha1.Sum(plain[:]) != want { //nolint:gosec // the format's own
		return nil
	}
	return s
}

// Block is the cipher of a block.
func (s *cryptoAPI) Block(n uint32) *rc4.Cipher {
	sum := sha1.Sum(binary.LittleEndian.AppendUint32(s.base[:len(s.base):len(s.base)], n)) //nolint:gosec // the format's own
	key := sum[:s.key]
	if s.key == 5 {
		key = append(bytes.Clone(key), make([]byte, 11)...) // 40 bits are filled up with zeros
	}
	c, _ := rc4.NewCipher(key) //nolint:gosec // 5 to 16 bytes, so without an error
	return c
}
