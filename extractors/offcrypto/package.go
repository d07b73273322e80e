package offcrypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"  //nolint:gosec // the format's own
	"crypto/sha1" //nolint:gosec // the format's own
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"hash"
	"strconv"
)

// Errors of Unlock and Open.
var (
	ErrPassword    = errors.New("the password does not fit")
	ErrUnsupported = errors.New("it is encrypted in a way that is not known")
)

// maxSpin bounds how often a password is hashed. Office writes 100,000; the format
// allows 10,000,000, which costs seconds for every password.
const maxSpin = 1_000_000

// spinsOfStandard is how often standard encryption hashes a password (2.3.4.7).
const spinsOfStandard = 50_000

// segment is how many bytes of an agile package are encrypted together (2.3.4.15).
const segment = 4096

// Package is an encrypted document of Office 2007 and later whose password is
// known.
type Package struct {
	block cipher.Block // of standard encryption
	key   []byte       // of agile encryption
	how   agile
}

// Unlock checks a password against the stream EncryptionInfo. The error is one of
// this package's.
func Unlock(info []byte, password string) (*Package, error) {
	if len(info) < 8 {
		return nil, ErrUnsupported
	}
	major, minor := binary.LittleEndian.Uint16(info), binary.LittleEndian.Uint16(info[2:])
	var p Package
	var err error
	switch {
	case major == 4 && minor == 4:
		p.key, p.how, err = agileKey(info[8:], password)
	case minor == 2 && major >= 2 && major <= 4:
		p.block, err = standardKey(info[8:], password)
	default:
		err = ErrUnsupported
	}
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// Open gives what is within the stream EncryptedPackage, which it overwrites.
func (p *Package) Open(data []byte) ([]byte, error) {
	if len(data) < 8 {
		return nil, ErrUnsupported
	}
	size := binary.LittleEndian.Uint64(data)
	body := data[8:]
	body = body[:len(body)/aes.BlockSize*aes.BlockSize]
	if p.block == nil {
		if err := p.how.open(p.key, body); err != nil {
			return nil, err
		}
	} else {
		for at := 0; at < len(body); at += aes.BlockSize {
			p.block.Decrypt(body[at:], body[at:])
		}
	}
	return body[:min(size, uint64(len(body)))], nil
}

// standardKey checks a password against a header of standard encryption (2.3.4.5
// to 2.3.4.9): AES in single blocks, SHA-1.
func standardKey(b []byte, password string) (cipher.Block, error) {
	if len(b) < 4 {
		return nil, ErrUnsupported
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n < 32 || n+4+72 > int64(len(b)) {
		return nil, ErrUnsupported
	}
	bits := int(binary.LittleEndian.Uint32(b[4+16:]))
	if alg := binary.LittleEndian.Uint32(b[4+8:]); alg < 0x660e || alg > 0x6610 || bits != 128 && bits != 192 && bits != 256 {
		return nil, ErrUnsupported
	}
	rest := b[4+n:]
	salt, verifier, want := rest[4:20], rest[20:36], rest[40:72]
	sum := sha1.Sum(append(bytes.Clone(salt), secretOf(password)...)) //nolint:gosec // the format's own
	var buf [4 + sha1.Size]byte
	for i := range uint32(spinsOfStandard) {
		binary.LittleEndian.PutUint32(buf[:], i)
		copy(buf[4:], sum[:])
		sum = sha1.Sum(buf[:]) //nolint:gosec // the format's own
	}
	sum = sha1.Sum(append(sum[:], 0, 0, 0, 0)) //nolint:gosec // the format's own
	var key []byte
	for _, pad := range []byte{0x36, 0x5c} {
		block := bytes.Repeat([]byte{pad}, 64)
		subtle.XORBytes(block, block, sum[:])
		half := sha1.Sum(block) //nolint:gosec // the format's own
		key = append(key, half[:]...)
	}
	block, err := aes.NewCipher(key[:bits/8])
	if err != nil {
		return nil, ErrUnsupported
	}
	var plain [16]byte
	var hashed [32]byte
	block.Decrypt(plain[:], verifier)
	block.Decrypt(hashed[:], want)
	block.Decrypt(hashed[16:], want[16:])
	if sum := sha1.Sum(plain[:]); !bytes.Equal(sum[:], hashed[:sha1.Size]) { //nolint:gosec // the format's own
		return nil, ErrPassword
	}
	return block, nil
}

// agile is one set of algorithms of an agile header (2.3.4.10).
type agile struct {
	salt      []byte
	hash      func() hash.Hash
	blockSize int
	keyBytes  int
	spins     int
	input     []byte // encryptedVerifierHashInput
	value     []byte // encryptedVerifierHashValue
	key       []byte // encryptedKeyValue
}

var hashes = map[string]func() hash.Hash{"SHA1": sha1.New, "SHA-1": sha1.New, "SHA256": sha256.New, "SHA-256": sha256.New, "SHA384": sha512.New384, "SHA-384": sha512.New384, "SHA512": sha512.New, "SHA-512": sha512.New, "MD5": md5.New}

func parseAgile(e xml.StartElement) (a agile, err error) {
	at := map[string]string{}
	for _, x := range e.Attr {
		at[x.Name.Local] = x.Value
	}
	number := func(name string, most int) int {
		n, e := strconv.Atoi(at[name])
		if e != nil || n < 0 || n > most {
			err = ErrUnsupported
		}
		return n
	}
	raw := func(name string) []byte {
		b, e := base64.StdEncoding.DecodeString(at[name])
		if e != nil {
			err = ErrUnsupported
		}
		return b
	}
	a = agile{salt: raw("saltValue"), hash: hashes[at["hashAlgorithm"]], blockSize: number("blockSize", 256), keyBytes: number("keyBits", 512) / 8}
	if a.hash == nil || at["cipherAlgorithm"] != "AES" || at["cipherChaining"] != "ChainingModeCBC" || a.blockSize != aes.BlockSize {
		return a, ErrUnsupported
	}
	if e.Name.Local == "encryptedKey" {
		a.spins = number("spinCount", maxSpin)
		a.input, a.value, a.key = raw("encryptedVerifierHashInput"), raw("encryptedVerifierHashValue"), raw("encryptedKeyValue")
	}
	return a, err
}

// Keys of the purposes that a password is hashed for (2.3.4.12, 2.3.4.13).
var (
	forInput = []byte{0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79}
	forValue = []byte{0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e}
	forKey   = []byte{0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6}
)

// agileKey checks a password against an agile header; it gives the package's key,
// and how the package is encrypted.
func agileKey(header []byte, password string) (key []byte, data agile, err error) {
	var by agile
	found := 0
	d := xml.NewDecoder(bytes.NewReader(header))
	d.Strict = false
	for found < 2 {
		tok, err := d.RawToken()
		if err != nil {
			return nil, data, ErrUnsupported
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "keyData":
			if data, err = parseAgile(e); err != nil {
				return nil, data, err
			}
			found++
		case "encryptedKey":
			if by, err = parseAgile(e); err != nil {
				return nil, data, err
			}
			found++
		}
	}
	sum := by.sum(by.salt, secretOf(password))
	var count [4]byte
	for i := range uint32(by.spins) { //nolint:gosec // at most maxSpin
		binary.LittleEndian.PutUint32(count[:], i)
		sum = by.sum(count[:], sum)
	}
	open := func(purpose, value []byte) ([]byte, error) {
		out := bytes.Clone(value)
		return out, cbc(fit(by.sum(sum, purpose), by.keyBytes, 0x36), fit(by.salt, by.blockSize, 0), out)
	}
	input, err := open(forInput, by.input)
	if err != nil {
		return nil, data, err
	}
	value, err := open(forValue, by.value)
	if err != nil {
		return nil, data, err
	}
	input = input[:min(len(input), max(len(by.salt), 1))]
	if want := by.sum(input); len(value) < len(want) || !bytes.Equal(value[:len(want)], want) {
		return nil, data, ErrPassword
	}
	if key, err = open(forKey, by.key); err != nil || len(key) < data.keyBytes {
		return nil, data, ErrUnsupported
	}
	return key[:data.keyBytes], data, nil
}

func (a *agile) sum(parts ...[]byte) []byte {
	h := a.hash()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// open decrypts a package segment by segment.
func (a *agile) open(key, body []byte) error {
	for n := uint32(0); len(body) > 0; n++ {
		part := body[:min(segment, len(body))]
		iv := fit(a.sum(a.salt, binary.LittleEndian.AppendUint32(nil, n)), a.blockSize, 0x36)
		if err := cbc(key, iv, part); err != nil {
			return err
		}
		body = body[len(part):]
	}
	return nil
}

func cbc(key, iv, data []byte) error {
	block, err := aes.NewCipher(key)
	if err != nil || len(data)%aes.BlockSize != 0 || len(iv) != aes.BlockSize {
		return ErrUnsupported
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(data, data)
	return nil
}

// fit cuts a hash to a length, or fills it up (2.3.4.11).
func fit(b []byte, n int, pad byte) []byte {
	if len(b) >= n {
		return b[:n]
	}
	return append(bytes.Clone(b), bytes.Repeat([]byte{pad}, n-len(b))...)
}
