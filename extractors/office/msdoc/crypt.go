package msdoc

import (
	"bytes"

	"guidang/extractors/offcrypto"
)

// Where the encryption begins: the header is never encrypted ([MS-DOC] 2.2.6.1 to
// 2.2.6.3, and for Word 95 by what it writes).
const (
	plainHead    = 68
	plainOldHead = 0x34
	rekey        = 512
)

// decrypt undoes the encryption, if there is one. The streams that were given are
// not changed.
func (r *reader) decrypt() error {
	if r.fib.flags&flagEncrypted == 0 {
		return nil
	}
	for _, password := range r.in.Passwords {
		if r.fib.version < 8 || r.fib.flags&flagObfuscated != 0 {
			key, verifier := int(r.fib.key&0xffff), int(r.fib.key>>16)
			mask, ok := offcrypto.XOR(password, key, verifier, offcrypto.TurnWord)
			if !ok {
				continue
			}
			head := plainOldHead
			if r.fib.version == 8 {
				head = plainHead
			}
			r.main = unmask(r.main, mask, head)
			if r.fib.version == 8 {
				r.table = unmask(r.table, mask, 0)
			} else {
				r.table = r.main
			}
			return r.again()
		}
		c := offcrypto.RC4(slice(r.table, 0, r.fib.key), password)
		if c == nil {
			continue
		}
		r.main, r.table = bytes.Clone(r.main), bytes.Clone(r.table)
		offcrypto.Apply(c, rekey, min(plainHead, len(r.main)), r.main[min(plainHead, len(r.main)):])
		from := int(min(int64(r.fib.key), int64(len(r.table))))
		offcrypto.Apply(c, rekey, from, r.table[from:])
		return r.again()
	}
	return ErrEncrypted
}

// unmask lays the mask over a stream.
// QUIRK: [MS-OFFCRYPTO] 2.3.7.4 leaves a byte as it is that is zero or would
// become zero.
func unmask(b []byte, mask [16]byte, from int) []byte {
	out := bytes.Clone(b)
	for i := from; i < len(out); i++ {
		if x := out[i] ^ mask[i&15]; out[i] != 0 && x != 0 {
			out[i] = x
		}
	}
	return out
}

// again reads the header anew: all but its first bytes was encrypted.
func (r *reader) again() error {
	f, ok := parseFIB(r.main)
	if !ok {
		return ErrNoText
	}
	r.fib = f
	r.out.Decrypted = true
	return nil
}
