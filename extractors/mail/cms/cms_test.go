package cms

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"testing"
)

// der writes one element of definite length.
func der(tag byte, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	switch n := len(body); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, body...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, body...)
	default:
		return append([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, body...)
	}
}

// ber writes one of indefinite length.
func ber(tag byte, content ...[]byte) []byte {
	return append(append([]byte{tag, 0x80}, bytes.Join(content, nil)...), 0, 0)
}

func message(oid []byte, octets []byte, element func(byte, ...[]byte) []byte) []byte {
	info := element(tagSequence, der(tagOID, oidData), element(tagContent, octets))
	return element(tagSequence, der(tagOID, oid), element(tagContent, element(tagSequence, der(2, []byte{1}), der(0x31), info, der(0x31))))
}

func TestOpen(t *testing.T) {
	t.Parallel()
	text := []byte("Content-Type: text/plain\n\n" + "合同")
	pieces := ber(tagOctets|constructed, der(tagOctets, text[:5]), der(tagOctets, text[5:20]), ber(tagOctets|constructed, der(tagOctets, text[20:])))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(text)
	_ = z.Close()
	whole := message(oidSigned, der(tagOctets, text), der)
	for _, c := range []struct {
		name string
		data []byte
		want string
		err  error
	}{
		{"definite lengths", whole, string(text), nil},
		{"indefinite lengths, in pieces", message(oidSigned, pieces, ber), string(text), nil},
		{"in base64", []byte(base64.StdEncoding.EncodeToString(whole)), string(text), nil},
		{"in PEM", []byte("-----BEGIN PKCS7-----\n" + base64.StdEncoding.EncodeToString(whole) + "\n-----END PKCS7-----\n"), string(text), nil},
		{"compressed", message(oidCompressed, der(tagOctets, packed.Bytes()), der), string(text), nil},
		{"signed twice", message(oidSigned, der(tagOctets, whole), der), string(text), nil},
		{"enveloped", der(tagSequence, der(tagOID, oidEnveloped), der(tagContent, der(tagSequence))), "", ErrEncrypted},
		{"signed elsewhere", der(tagSequence, der(tagOID, oidSigned), der(tagContent, der(tagSequence, der(2, []byte{1}), der(0x31), der(tagSequence, der(tagOID, oidData))))), "", nil},
		{"cut off within the text", whole[:len(whole)-6], string(text[:len(text)-4]), nil},
		{"a length beyond everything", []byte("\x30\x84\xff\xff\xff\xff\x06"), "", ErrDamaged},
		{"text", []byte("hello"), "", ErrDamaged},
		{"nothing", nil, "", ErrDamaged},
	} {
		got, err := Open(c.data)
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %q %v, want %q %v", c.name, got, err, c.want, c.err)
		}
	}
}

// FuzzOpen: no bytes panic, and what comes out is bounded by what goes in.
func FuzzOpen(f *testing.F) {
	f.Add(message(oidSigned, der(tagOctets, []byte("text")), der))
	f.Add(message(oidSigned, ber(tagOctets|constructed, der(tagOctets, []byte("te")), der(tagOctets, []byte("xt"))), ber))
	f.Add(message(oidCompressed, der(tagOctets, []byte("\x78\x9c\x03\x00\x00\x00\x00\x01")), der))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := Open(data); err == nil && len(got) > maxRatio*len(data)+1<<20 {
			t.Fatalf("%d bytes became %d", len(data), len(got))
		}
	})
}
