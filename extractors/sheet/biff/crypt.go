package biff

import (
	"bytes"
	"crypto/md5"  //nolint:gosec // the format's own
	"crypto/rc4"  //nolint:gosec // the format's own
	"crypto/sha1" //nolint:gosec // the format's own
	"encoding/binary"
	"unicode/utf16"
)

// excelDefault is the password with which Excel itself encrypts workbooks that
// are only protected against changes; it opens them without asking.
const excelDefault = "VelvetSweatshop"

// rekey is how many bytes of the stream share a key ([MS-XLS] 2.2.10).
const rekey = 1024

// cipherOf makes the stream cipher of a block, or the XOR of a record.
type cipherOf interface {
	// block gives the cipher of a block of rekey bytes.
	block(n uint32) *rc4.Cipher
}

// decrypt undoes the encryption of the stream, if there is one, in place.
func (b *Book) decrypt(passwords []string) error {
	at, pass := b.filepass()
	if pass == nil {
		return nil
	}
	for _, password := range append([]string{excelDefault}, passwords...) {
		// Before BIFF8 there is only the XOR, and no field for the sort.
		if xor := pass; version(b.stream) < 8 || len(pass) == 6 || u16(pass, 0) == 0 {
			if version(b.stream) >= 8 && len(pass) >= 6 {
				xor = pass[2:]
			}
			if len(xor) >= 4 && b.undoXOR(at, password, u16(xor, 0), u16(xor, 2)) {
				b.Decrypted = true
				return nil
			}
			continue
		}
		c := rc4Of(pass, password)
		if c == nil {
			continue
		}
		b.undoRC4(at, c)
		b.Decrypted = true
		return nil
	}
	return ErrEncrypted
}

func version(stream []byte) int {
	id, data, _, _, _ := record(stream, 0) //nolint:dogsled // of a record, only what it is
	v, _, _ := isBOF(id, data)
	return v
}

// filepass finds the record that says how the stream is encrypted; it stands
// among the first. at is the place behind it.
func (b *Book) filepass() (at int, data []byte) {
	for range 32 {
		id, data, next, cut, ok := record(b.stream, at)
		if !ok || id == idEOF {
			return 0, nil
		}
		if id == idFilepass {
			if cut || len(data) < 4 {
				data = make([]byte, 4) // no password fits it
			}
			return next, data
		}
		at = next
	}
	return 0, nil
}

// unencrypted says how many bytes at the beginning of a record are never encrypted
// ([MS-XLS] 2.2.10).
func unencrypted(id uint16, n int) int {
	switch id {
	case 0x0009, 0x0209, 0x0409, idBOF, idFilepass, 0x00e1, 0x00e2, 0x0194, 0x0195, 0x0138, 0x0196:
		return n
	case idSheetInfo:
		return min(4, n)
	}
	return 0
}

// undoRC4 decrypts all records behind a place. The cipher runs over the records'
// heads and the parts in clear too, so it is kept at the place in the stream.
func (b *Book) undoRC4(from int, c cipherOf) {
	var (
		cipher *rc4.Cipher
		block  = uint32(0xffffffff)
		pos    int // in the stream, where the cipher stands
		waste  [rekey]byte
	)
	apply := func(at int, data []byte) {
		for len(data) > 0 {
			if n := uint32(at / rekey); n != block { //nolint:gosec // below maxStream
				cipher, block, pos = c.block(n), n, at/rekey*rekey
			}
			if skip := at - pos; skip > 0 {
				cipher.XORKeyStream(waste[:skip], waste[:skip])
			}
			k := min(len(data), (at/rekey+1)*rekey-at)
			cipher.XORKeyStream(data[:k], data[:k])
			data, at = data[k:], at+k
			pos = at
		}
	}
	for at := from; ; {
		id, data, next, _, ok := record(b.stream, at)
		if !ok {
			return
		}
		n := unencrypted(id, len(data))
		apply(at+4+n, data[n:])
		at = next
	}
}

// rc4Of checks a password against the FILEPASS record and gives the cipher, or
// nil.
func rc4Of(pass []byte, password string) cipherOf {
	if len(pass) < 6 {
		return nil
	}
	units := utf16.Encode([]rune(password))
	secret := make([]byte, 0, 2*len(units))
	for _, u := range units {
		secret = binary.LittleEndian.AppendUint16(secret, u)
	}
	if u16(pass, 2) == 1 {
		return standardOf(pass[6:], secret)
	}
	return cryptoAPIOf(pass[6:], secret)
}

// standard is RC4 with 40 bits and MD5 ([MS-OFFCRYPTO] 2.3.6).
type standard struct{ base [5]byte }

func standardOf(b, secret []byte) cipherOf {
	if len(b) < 48 {
		return nil
	}
	salt, verifier, hash := b[:16], b[16:32], b[32:48]
	first := md5.Sum(secret) //nolint:gosec // the format's own
	var salted []byte
	for range 16 {
		salted = append(append(salted, first[:5]...), salt...)
	}
	sum := md5.Sum(salted) //nolint:gosec // the format's own
	s := &standard{}
	copy(s.base[:], sum[:5])
	c := s.block(0)
	var plain, want [16]byte
	c.XORKeyStream(plain[:], verifier)
	c.XORKeyStream(want[:], hash)
	if md5.Sum(plain[:]) != want { //nolint:gosec // the format's own
		return nil
	}
	return s
}

func (s *standard) block(n uint32) *rc4.Cipher {
	key := md5.Sum(binary.LittleEndian.AppendUint32(s.base[:5:5], n)) //nolint:gosec // the format's own
	c, _ := rc4.NewCipher(key[:])                                     //nolint:gosec // sixteen bytes, so without an error
	return c
}

// cryptoAPI is RC4 with SHA-1 and keys of 40 to 128 bits ([MS-OFFCRYPTO] 2.3.5).
type cryptoAPI struct {
	base [sha1.Size]byte
	key  int // bytes
}

func cryptoAPIOf(b, secret []byte) cipherOf {
	// Flags and the header's length, then the header, then salt and verifier.
	head := int64(u32(b, 4))
	if len(b) < 8+32 || head < 32 || head > int64(len(b))-8 {
		return nil
	}
	bits := int(u32(b[8:], 16))
	rest := b[8+head:]
	if len(rest) < 4+16+16+4+20 || u32(rest, 0) != 16 {
		return nil
	}
	if bits == 0 {
		bits = 40
	}
	if bits < 40 || bits > 128 {
		return nil
	}
	salt, verifier, hash := rest[4:20], rest[20:36], rest[40:60]
	s := &cryptoAPI{base: sha1.Sum(append(bytes.Clone(salt), secret...)), key: bits / 8} //nolint:gosec // the format's own
	c := s.block(0)
	var plain [16]byte
	var want [sha1.Size]byte
	c.XORKeyStream(plain[:], verifier)
	c.XORKeyStream(want[:], hash)
	if sha1.Sum(plain[:]) != want { //nolint:gosec // the format's own
		return nil
	}
	return s
}

func (s *cryptoAPI) block(n uint32) *rc4.Cipher {
	sum := sha1.Sum(binary.LittleEndian.AppendUint32(s.base[:len(s.base):len(s.base)], n)) //nolint:gosec // the format's own
	key := sum[:s.key]
	if s.key == 5 {
		key = append(bytes.Clone(key), make([]byte, 11)...) // 40 bits are filled up with zeros
	}
	c, _ := rc4.NewCipher(key) //nolint:gosec // 5 to 16 bytes, so without an error
	return c
}
