package biff

import (
	"crypto/rc4" //nolint:gosec // the format's own

	"guidang/extractors/offcrypto"
)

// excelDefault is the password with which Excel itself encrypts workbooks that
// are only protected against changes; it opens them without asking.
const excelDefault = "VelvetSweatshop"

// rekey is how many bytes of the stream share a key ([MS-XLS] 2.2.10).
const rekey = 1024

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
		c := offcrypto.RC4(pass[2:], password)
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
func (b *Book) undoRC4(from int, c offcrypto.Cipher) {
	var (
		cipher *rc4.Cipher
		block  = uint32(0xffffffff)
		pos    int // in the stream, where the cipher stands
		waste  [rekey]byte
	)
	apply := func(at int, data []byte) {
		for len(data) > 0 {
			if n := uint32(at / rekey); n != block { //nolint:gosec // below maxStream
				cipher, block, pos = c.Block(n), n, at/rekey*rekey
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
