package packed

import (
	"bytes"
	"crypto/aes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// rawZip writes a zip of one member from its packed bytes.
func rawZip(name string, flags, method uint16, sum uint32, size int, packed, extra []byte) []byte {
	le := binary.LittleEndian
	fields := func(b []byte) []byte {
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, 20), flags), method)
		b = le.AppendUint32(b, 0x58651234)
		b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, sum), uint32(len(packed))), uint32(size))
		return le.AppendUint16(le.AppendUint16(b, uint16(len(name))), uint16(len(extra)))
	}
	b := append(append(append(fields([]byte(sigLocal)), name...), extra...), packed...)
	start := len(b)
	b = fields(append(b, sigDirectory+"\x14\x00"...))
	b = append(append(append(b, make([]byte, 14)...), name...), extra...)
	size64 := len(b) - start
	b = append(b, sigEnd+"\x00\x00\x00\x00\x01\x00\x01\x00"...)
	b = le.AppendUint32(le.AppendUint32(b, uint32(size64)), uint32(start))
	return append(b, 0, 0)
}

// encryptZipCrypto is the inverse of what the reader does.
func encryptZipCrypto(password string, check byte, plain []byte) []byte {
	z := newZipCrypto(password)
	src := append([]byte("eleven byte"), check)
	src = append(src, plain...)
	out := make([]byte, len(src))
	for i, p := range src {
		t := uint16(z.c) | 2
		out[i] = p ^ byte(t*(t^1)>>8)
		z.update(p)
	}
	return out
}

func encryptAES(password string, strength byte, plain []byte) []byte {
	key := 8 + 8*int(strength)
	salt := bytes.Repeat([]byte{7}, key/2)
	keys, _ := pbkdf2.Key(sha1.New, password, salt, 1000, 2*key+2)
	block, _ := aes.NewCipher(keys[:key])
	body := make([]byte, len(plain))
	(&counterLE{block: block}).XORKeyStream(body, plain)
	mac := hmac.New(sha1.New, keys[key:2*key])
	mac.Write(body)
	return append(append(append(salt, keys[2*key:]...), body...), mac.Sum(nil)[:10]...)
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("保密协议 ", 200)
	sum := crc32.ChecksumIEEE([]byte(text))
	aesExtra := func(version, strength byte) []byte {
		return []byte{0x01, 0x99, 7, 0, version, 0, 'A', 'E', strength, 8, 0}
	}
	damaged := encryptAES("mima", 3, deflated(text))
	damaged[len(damaged)-1] ^= 1
	tests := []struct {
		name   string
		data   []byte
		reason document.Reason
	}{
		{"ZipCrypto, stored", rawZip("a", 1, 0, sum, len(text), encryptZipCrypto("mima", byte(sum>>24), []byte(text)), nil), ""},
		{"ZipCrypto, deflated", rawZip("a", 1, 8, sum, len(text), encryptZipCrypto("mima", byte(sum>>24), deflated(text)), nil), ""},
		{"ZipCrypto, checked by time", rawZip("a", 1|8, 8, sum, len(text), encryptZipCrypto("mima", 0x12, deflated(text)), nil), ""},
		{"AE-1, 128 bits", rawZip("a", 1, 99, sum, len(text), encryptAES("mima", 1, deflated(text)), aesExtra(1, 1)), ""},
		{"AE-2, 256 bits", rawZip("a", 1, 99, 0, len(text), encryptAES("mima", 3, deflated(text)), aesExtra(2, 3)), ""},
		{"AE-2, damaged", rawZip("a", 1, 99, 0, len(text), damaged, aesExtra(2, 3)), document.Corrupt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.zip", tt.data)
			in.Passwords = []string{"falsch", "mima"}
			if _, children := readAll(t, Zip, in); len(children) != 1 || children[0].body != text || children[0].reason != tt.reason {
				t.Errorf("with the password: %.200v", children)
			}
			in = input("a.zip", tt.data)
			in.Passwords = []string{"falsch"}
			doc, children := readAll(t, Zip, in)
			if len(children) != 1 || children[0].reason != document.Encrypted || len(doc.Warnings) != 1 {
				t.Errorf("without: %.200v, %v", children, doc.Warnings)
			}
		})
	}
}

// TestChinesePasswords: Windows in China gives them to the archiver in GBK.
func TestChinesePasswords(t *testing.T) {
	t.Parallel()
	text := "保密协议"
	sum := crc32.ChecksumIEEE([]byte(text))
	for _, password := range []string{"密码", gbk("密码")} {
		for name, data := range map[string][]byte{
			"ZipCrypto": rawZip("a", 1, 0, sum, len(text), encryptZipCrypto(password, byte(sum>>24), []byte(text)), nil),
			"AES":       rawZip("a", 1, 99, sum, len(text), encryptAES(password, 3, deflated(text)), []byte{0x01, 0x99, 7, 0, 1, 0, 'A', 'E', 3, 8, 0}),
		} {
			in := input("a.zip", data)
			in.Passwords = []string{"密码"}
			if _, children := readAll(t, Zip, in); children[0].body != text {
				t.Errorf("%s, %q: reason %q", name, password, children[0].reason)
			}
		}
	}
}

// TestManyPasswords holds one password that only seems to fit: one in 256 does.
func TestManyPasswords(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("secret ", 99)
	sum := crc32.ChecksumIEEE([]byte(text))
	in := input("a.zip", rawZip("a", 1, 8, sum, len(text), encryptZipCrypto("right", byte(sum>>24), deflated(text)), nil))
	for i := range 2000 {
		in.Passwords = append(in.Passwords, strings.Repeat("w", i%40)+string(rune('a'+i%26))+strings.Repeat("z", i/40))
	}
	in.Passwords = append(in.Passwords, "right")
	if _, children := readAll(t, Zip, in); children[0].body != text {
		t.Errorf("got reason %q", children[0].reason)
	}
}
