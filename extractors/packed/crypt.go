package packed

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // what WinZip's AE-2 uses
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// verifyBytes is up to which length a password that fits the short check is
// tried on the whole member, when another one fits too: ZipCrypto's check is one
// byte, so one wrong password in 256 passes it.
const verifyBytes = 64 << 20

// decrypt finds the password and gives the member's packed bytes in the clear,
// and how they are packed.
func (e *Entry) decrypt(in *document.Input, length int64) (io.Reader, uint16, error) {
	var fits []string
	for _, p := range spellings(in.Passwords) {
		r, _, err := e.decryptWith(in, length, p)
		if err != nil {
			return nil, 0, err
		}
		if r != nil {
			fits = append(fits, p)
		}
	}
	for i, p := range fits {
		r, method, err := e.decryptWith(in, length, p)
		if err != nil || r == nil {
			return nil, 0, err
		}
		if i == len(fits)-1 && len(fits) == 1 || e.Size > verifyBytes || e.proves(r, method) {
			r, method, err := e.decryptWith(in, length, p)
			return r, method, err
		}
	}
	return nil, 0, &failure{document.Encrypted, "the member is encrypted"}
}

// spellings are the bytes that passwords may stand for. QUIRK: APPNOTE 6.1.5 takes
// a password as bytes and names no charset; programs on a Chinese Windows give it
// in GBK, the others in UTF-8.
func spellings(passwords []string) []string {
	out := make([]string, 0, len(passwords))
	for _, p := range passwords {
		out = append(out, p)
		if b, err := simplifiedchinese.GBK.NewEncoder().String(p); err == nil && b != p {
			out = append(out, b)
		}
	}
	return out
}

// proves reads the whole member to see whether the password was the right one.
func (e *Entry) proves(r io.Reader, method uint16) bool {
	m, err := e.unpack(r, method, &budget{left: verifyBytes})
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, m)
	return err == nil
}

// decryptWith gives nil when the password does not fit.
func (e *Entry) decryptWith(in *document.Input, length int64, password string) (io.Reader, uint16, error) {
	if e.Method == methodAES {
		return e.decryptAES(in, length, password)
	}
	if e.flags&(1<<6) != 0 {
		return nil, 0, &failure{document.Unsupported, "encrypted in a way that is not read"}
	}
	head := make([]byte, 12)
	if n, err := in.Bytes.ReadAt(head[:min(int64(len(head)), length)], e.data); n < len(head) {
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		return nil, 0, &failure{document.Truncated, "the member is cut off"}
	}
	c := newZipCrypto(password)
	c.XORKeyStream(head, head)
	want := byte(e.CRC >> 24)
	if e.flags&flagDescriptor != 0 {
		want = byte(e.dosTime >> 8)
	}
	if head[11] != want {
		return nil, 0, nil
	}
	return cipher.StreamReader{S: c, R: io.NewSectionReader(in.Bytes, e.data+12, length-12)}, e.Method, nil
}

// zipCrypto is the traditional PKWARE encryption (APPNOTE 6.1), reading only.
type zipCrypto struct{ a, b, c uint32 }

func newZipCrypto(password string) *zipCrypto {
	z := &zipCrypto{0x12345678, 0x23456789, 0x34567890}
	for _, p := range []byte(password) {
		z.update(p)
	}
	return z
}

func (z *zipCrypto) update(p byte) {
	crc := func(c uint32, b byte) uint32 { return crc32.IEEETable[byte(c)^b] ^ c>>8 } //nolint:gosec // the low byte is meant
	z.a = crc(z.a, p)
	z.b = (z.b+z.a&0xff)*134775813 + 1
	z.c = crc(z.c, byte(z.b>>24))
}

// XORKeyStream is cipher.Stream: it decrypts.
func (z *zipCrypto) XORKeyStream(dst, src []byte) {
	for i, x := range src {
		t := uint16(z.c) | 2 //nolint:gosec // the low half is meant
		x ^= byte(t * (t ^ 1) >> 8)
		z.update(x)
		dst[i] = x
	}
}

// aesField is the extra field of a member encrypted by WinZip's AES.
type aesField struct {
	version  uint16 // 1: the CRC stands; 2: it is zero, and only the HMAC checks
	strength byte   // 1 to 3: 128, 192, 256 bits
	method   uint16 // how it is packed
}

func (a *aesField) read(b []byte) {
	if len(b) >= 7 {
		a.version, a.strength, a.method = binary.LittleEndian.Uint16(b), b[4], binary.LittleEndian.Uint16(b[5:])
	}
}

func (a *aesField) second() bool { return a.version == 2 }

// decryptAES reads WinZip AE-1 and AE-2: salt, two bytes to check the password,
// AES in counter mode with a little-endian counter from 1, ten bytes of
// HMAC-SHA1 over the ciphertext.
func (e *Entry) decryptAES(in *document.Input, length int64, password string) (io.Reader, uint16, error) {
	if e.aes.strength < 1 || e.aes.strength > 3 {
		return nil, 0, &failure{document.Unsupported, "encrypted in a way that is not read"}
	}
	key := 8 + 8*int(e.aes.strength)
	salt := make([]byte, key/2+2)
	tail := make([]byte, 10)
	body := length - int64(len(salt)+len(tail))
	if body < 0 {
		return nil, 0, &failure{document.Truncated, "the member is cut off"}
	}
	if _, err := in.Bytes.ReadAt(salt, e.data); err != nil && err != io.EOF {
		return nil, 0, err
	}
	if _, err := in.Bytes.ReadAt(tail, e.data+length-10); err != nil && err != io.EOF {
		return nil, 0, err
	}
	keys, err := pbkdf2.Key(sha1.New, password, salt[:key/2], 1000, 2*key+2)
	if err != nil || !bytes.Equal(keys[2*key:], salt[key/2:]) {
		return nil, 0, nil //nolint:nilerr // a key that cannot be made opens nothing
	}
	block, err := aes.NewCipher(keys[:key])
	if err != nil {
		return nil, 0, nil //nolint:nilerr // as above
	}
	mac := hmac.New(sha1.New, keys[key:2*key])
	r := &aesReader{r: io.NewSectionReader(in.Bytes, e.data+int64(len(salt)), body), mac: mac, want: tail,
		s: &counterLE{block: block}}
	return r, e.aes.method, nil
}

// aesReader decrypts and, at the end, checks the HMAC.
type aesReader struct {
	r    io.Reader
	s    *counterLE
	mac  hash.Hash
	want []byte
}

// Read is io.Reader.
func (a *aesReader) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	_, _ = a.mac.Write(p[:n])
	a.s.XORKeyStream(p[:n], p[:n])
	if err == io.EOF && !hmac.Equal(a.mac.Sum(nil)[:10], a.want) {
		return n, &failure{document.Corrupt, "the member's authentication is wrong"}
	}
	return n, err
}

// counterLE is counter mode with a little-endian counter, which crypto/cipher
// does not have.
type counterLE struct {
	block cipher.Block
	n     uint64
	pad   [aes.BlockSize]byte
	used  int
}

// XORKeyStream is cipher.Stream.
func (c *counterLE) XORKeyStream(dst, src []byte) {
	for i, x := range src {
		if c.used%aes.BlockSize == 0 {
			var ctr [aes.BlockSize]byte
			c.n++
			binary.LittleEndian.PutUint64(ctr[:], c.n)
			c.block.Encrypt(c.pad[:], ctr[:])
			c.used = 0
		}
		dst[i] = x ^ c.pad[c.used]
		c.used++
	}
}
