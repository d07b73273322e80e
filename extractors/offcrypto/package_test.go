package offcrypto_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/compound"
	"guidang/extractors/offcrypto"
)

// streams takes the two streams of an encrypted package.
func streams(t *testing.T, file []byte) (info, data []byte) {
	t.Helper()
	f, err := compound.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	info, _, _ = f.Bytes(f.Root.Stream("EncryptionInfo"), 1<<20)
	data, _, _ = f.Bytes(f.Root.Stream("EncryptedPackage"), 1<<20)
	return info, data
}

// TestOtherProgram opens what another program encrypted, in the standard way.
func TestOtherProgram(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("PK\x03\x04 合同"), 1000)
	file, err := excelize.Encrypt(want, &excelize.Options{Password: "归档guidang"})
	if err != nil {
		t.Fatal(err)
	}
	info, data := streams(t, file)
	opens(t, info, data, "归档guidang", want)
}

// opens checks that one password opens a package, and another does not.
func opens(t *testing.T, info, data []byte, password string, want []byte) {
	t.Helper()
	if _, err := offcrypto.Unlock(info, "wrong"); !errors.Is(err, offcrypto.ErrPassword) {
		t.Errorf("a wrong password: %v", err)
	}
	p, err := offcrypto.Unlock(info, password)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Open(bytes.Clone(data)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, error %v", len(got), err)
	}
}

// agile encrypts a package as 2.3.4.10 to 2.3.4.15 say, with AES-256 and SHA-512.
// That the reader opens what Office itself encrypts so was tried on public files.
func agile(plain []byte, password string) (info, data []byte) {
	put := binary.LittleEndian
	sum := func(parts ...[]byte) []byte {
		h := sha512.Sum512(bytes.Join(parts, nil))
		return h[:]
	}
	cbc := func(key, iv, b []byte) []byte {
		out := make([]byte, (len(b)+15)/16*16)
		copy(out, b)
		block, _ := aes.NewCipher(key)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
		return out
	}
	salt, other, key := []byte("saltsaltsaltsalt"), []byte("SALTSALTSALTSALT"), bytes.Repeat([]byte("k"), 32)
	var secret []byte
	for _, r := range password {
		secret = put.AppendUint16(secret, uint16(r))
	}
	base := sum(salt, secret)
	for i := range uint32(1000) {
		base = sum(put.AppendUint32(nil, i), base)
	}
	wrap := func(purpose string, b []byte) string {
		raw, _ := hex.DecodeString(purpose)
		return base64.StdEncoding.EncodeToString(cbc(sum(base, raw)[:32], salt, b))
	}
	verifier := []byte("verifierverifier")
	how := `saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="`
	info = append([]byte("\x04\x00\x04\x00\x40\x00\x00\x00"), `<?xml version="1.0"?><encryption xmlns="x" xmlns:p="y"><keyData `+how+base64.StdEncoding.EncodeToString(other)+`"/><keyEncryptors><keyEncryptor uri="y"><p:encryptedKey spinCount="1000" `+
		how+base64.StdEncoding.EncodeToString(salt)+`" encryptedVerifierHashInput="`+wrap("fea7d2763b4b9e79", verifier)+`" encryptedVerifierHashValue="`+wrap("d7aa0f6d3061344e", sum(verifier))+
		`" encryptedKeyValue="`+wrap("146e0be7abacd0d6", key)+`"/></keyEncryptor></keyEncryptors></encryption>`...)
	data = put.AppendUint64(nil, uint64(len(plain)))
	for n := 0; n*4096 < len(plain); n++ {
		data = append(data, cbc(key, sum(other, put.AppendUint32(nil, uint32(n)))[:16], plain[4096*n:min(4096*n+4096, len(plain))])...)
	}
	return info, data
}

func TestAgile(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("PK\x03\x04 合同"), 1000)
	info, data := agile(want, "归档")
	opens(t, info, data, "归档", want)
	for name, change := range map[string][2]string{"another cipher": {`"AES"`, `"DES"`}, "spins without end": {`spinCount="1000"`, `spinCount="100000000"`}, "another hash": {"SHA512", "XYZ"}, "a broken salt": {`saltValue="`, `saltValue="!`}} {
		broken := bytes.ReplaceAll(info, []byte(change[0]), []byte(change[1]))
		if _, err := offcrypto.Unlock(broken, "归档"); !errors.Is(err, offcrypto.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// standard encrypts a package as [MS-OFFCRYPTO] 2.3.4.7 says, with AES of 128 bits.
func standard(plain []byte, password string) (info, data []byte) {
	put := binary.LittleEndian
	salt := []byte("saltsaltsaltsalt")
	var secret []byte
	for _, r := range password {
		secret = put.AppendUint16(secret, uint16(r))
	}
	sum := sha1.Sum(append(bytes.Clone(salt), secret...))
	for i := range uint32(50_000) {
		sum = sha1.Sum(append(put.AppendUint32(nil, i), sum[:]...))
	}
	sum = sha1.Sum(append(sum[:], 0, 0, 0, 0))
	pad := bytes.Repeat([]byte{0x36}, 64)
	for i := range sum {
		pad[i] ^= sum[i]
	}
	key := sha1.Sum(pad)
	block, _ := aes.NewCipher(key[:16])
	encrypt := func(b []byte) []byte {
		out := make([]byte, (len(b)+15)/16*16)
		copy(out, b)
		for i := 0; i < len(out); i += 16 {
			block.Encrypt(out[i:], out[i:])
		}
		return out
	}
	verifier := []byte("verifierverifier")
	hashed := sha1.Sum(verifier)
	for _, v := range []uint32{0x00020003, 0x24, 32, 0x24, 0, 0x660e, 0x8004, 128, 0x18, 0, 0, 16} {
		info = put.AppendUint32(info, v)
	}
	info = append(append(append(info, salt...), encrypt(verifier)...), put.AppendUint32(nil, 20)...)
	info = append(info, encrypt(hashed[:])...)
	return info, append(put.AppendUint64(nil, uint64(len(plain))), encrypt(plain)...)
}

func TestStandard(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("PK\x03\x04 合同"), 1000)
	info, data := standard(want, "归档")
	opens(t, info, data, "归档", want)
	for n := range info {
		if _, err := offcrypto.Unlock(info[:n], "归档"); err == nil {
			t.Errorf("opened with %d bytes of the header", n)
		}
	}
}

func FuzzUnlock(f *testing.F) {
	info, data := standard([]byte("PK"), "x")
	f.Add(info, data)
	info, data = agile([]byte("PK"), "x")
	f.Add(info, data)
	f.Fuzz(func(_ *testing.T, info, data []byte) {
		if p, err := offcrypto.Unlock(info, "x"); err == nil {
			_, _ = p.Open(data)
		}
		offcrypto.RC4(info, "x")
	})
}
