package biff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/bits"
	"strings"
	"testing"

	"guidang/extractors/offcrypto"
	"guidang/extractors/offcrypto/offcryptotest"
)

// encrypted writes a stream anew with a FILEPASS record behind its first: sort 0 is
// XOR, 1 is RC4, 2 is CryptoAPI with 128 bits, 3 with 40. That the sorts are
// Excel's own was tried on 14 public files; these tests keep it so.
func encrypted(raw []byte, password string, sort int) []byte {
	_, _, first, _, _ := record(raw, 0) //nolint:dogsled // where the second record begins
	var pass []byte
	var c offcrypto.Cipher
	key := 0x1234
	switch sort {
	case 0:
		pass = pack(uint16(0), uint16(key), uint16(offcrypto.XORVerifier([]byte(password))))
		if version(raw) < 8 {
			pass = pass[2:]
		}
	default:
		var head []byte
		head, c = offcryptotest.Header(password, []int{0, 0, 128, 40}[sort])
		pass = pack(uint16(1), head)
	}
	var out stream
	out.Write(raw[:first])
	out.rec(idFilepass, pass)
	from, moved := out.Len(), out.Len()-first
	out.Write(raw[first:])
	data := out.Bytes()
	for at := from; ; {
		id, body, next, _, ok := record(data, at)
		if !ok {
			break
		}
		if id == idSheetInfo {
			binary.LittleEndian.PutUint32(body, u32(body, 0)+uint32(moved))
		}
		if sort == 0 {
			mask := offcrypto.XORMask([]byte(password), key, offcrypto.TurnExcel)
			for i := unencrypted(id, len(body)); i < len(body); i++ {
				body[i] = bits.RotateLeft8(body[i]^mask[(at+4+len(body)+i)&15], -3)
			}
		}
		at = next
	}
	if c != nil {
		(&Book{stream: data}).undoRC4(from, c) // the cipher is its own inverse
	}
	return data
}

func TestEncrypted(t *testing.T) {
	t.Parallel()
	raw := everything().bytes()
	five := newBook(5).sheet("s", func(s *stream) {
		s.rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(6), "secret")
	}).bytes()
	tests := []struct {
		name     string
		data     []byte
		password string
		want     string
	}{
		{"XOR", encrypted(raw, "mima", 0), "mima", everythingShown},
		{"XOR in BIFF5", encrypted(five, "mima", 0), "mima", "1: secret"},
		{"RC4", encrypted(raw, "密码", 1), "密码", everythingShown},
		{"CryptoAPI", encrypted(raw, "密码", 2), "密码", everythingShown},
		{"CryptoAPI, 40 bits", encrypted(raw, "mima", 3), "mima", everythingShown},
		{"Excel's own password", encrypted(raw, excelDefault, 2), "", everythingShown},
		{"Excel's own password, XOR", encrypted(raw, excelDefault, 0), "", everythingShown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if bytes.Contains(tt.data, units("直接写的")) || bytes.Contains(tt.data, []byte("secret")) {
				t.Error("the test's file is not encrypted")
			}
			b := open(t, bytes.Clone(tt.data), "falsch", tt.password)
			if got := shown(b); !strings.Contains(got, tt.want) || !b.Decrypted {
				t.Errorf("decrypted %v, got\n%s", b.Decrypted, got)
			}
			if tt.password == "" {
				return
			}
			for _, wrong := range [][]string{nil, {"falsch"}, {""}, {strings.Repeat("长", 40)}} {
				if _, err := Open(context.Background(), bytes.NewReader(tt.data), int64(len(tt.data)), Options{Passwords: wrong}); !errors.Is(err, ErrEncrypted) {
					t.Errorf("with %q: error %v", wrong, err)
				}
			}
		})
	}
}

// TestLongStream: the key changes every 1,024 bytes, in the middle of a record too.
func TestLongStream(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("很长的说明", 500)
	m := newBook(8).sheet("s", func(s *stream) {
		for r := range 20 {
			s.rec(idLabel, uint16(r), uint16(0), uint16(0), wideText(text))
		}
	})
	for sort := range 4 {
		n := 0
		for _, cells := range open(t, encrypted(m.bytes(), "mima", sort), "mima").Sheets[0].Rows() {
			if cells[0] != text {
				t.Fatalf("sort %d: row %d differs", sort, n)
			}
			n++
		}
		if n != 20 {
			t.Errorf("sort %d: %d rows", sort, n)
		}
	}
}

func TestBadFilepass(t *testing.T) {
	t.Parallel()
	raw := everything().bytes()
	_, _, first, _, _ := record(raw, 0) //nolint:dogsled // where the second record begins
	for _, pass := range [][]byte{nil, {1}, pack(uint16(1), uint16(1)), pack(uint16(1), uint16(2), uint16(2), uint32(0), uint32(0xffffffff), make([]byte, 60)), pack(uint16(9), make([]byte, 8))} {
		var out stream
		out.Write(raw[:first])
		out.rec(idFilepass, pass)
		out.Write(raw[first:])
		if _, err := Open(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), Options{Passwords: []string{"a"}}); !errors.Is(err, ErrEncrypted) {
			t.Errorf("%v: error %v", pass, err)
		}
	}
}
