package packed

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// tarFile is an entry to be written.
type tarFile struct {
	name, body, link string
	typ              byte
	format           tar.Format
	change           func(h *tar.Header)
}

func makeTar(t testing.TB, files ...tarFile) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Linkname: f.link, Typeflag: f.typ, Size: int64(len(f.body)), Mode: 0o644, Format: f.format,
			ModTime: time.Date(2024, 3, 5, 10, 30, 0, 0, time.UTC)}
		if f.typ == 0 {
			h.Typeflag = tar.TypeReg
		}
		if f.change != nil {
			f.change(h)
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatalf("%q: %v", f.name, err)
		}
		_, _ = w.Write([]byte(f.body))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawTar writes an old header with a raw name, as v7 and GNU tar do in GBK.
func rawTar(name, body string) []byte {
	b := make([]byte, tarBlock)
	copy(b, name)
	copy(b[100:], "0000644\x000000000\x000000000\x00")
	copy(b[124:], octal(int64(len(body)), 11)+" ")
	copy(b[136:], "14571713610 ")
	b[156] = '0'
	copy(b[257:], "ustar  \x00")
	return append(sealTar(b), padTar(body)...)
}

func octal(n int64, digits int) string {
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = '0' + byte(n&7)
		n >>= 3
	}
	return string(out)
}

func sealTar(b []byte) []byte {
	copy(b[148:156], "        ")
	var sum int64
	for _, c := range b[:tarBlock] {
		sum += int64(c)
	}
	copy(b[148:], octal(sum, 6)+"\x00 ")
	return b
}

func padTar(body string) []byte {
	b := make([]byte, padded(int64(len(body))))
	copy(b, body)
	return b
}

// random is text that hardly packs, the same on every run.
func random(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(64)) + ' '
	}
	return string(b)
}

// helloBzip2 is "合同正文 contract " ten times, packed by bzip2 1.0.8: the standard library
// reads bzip2 and does not write it.
const helloBzip2 = "QlpoOTFBWSZTWUTDRhEAAF6R8UAAKAGUAADEQQAIAgMAIABIKlQH6oaAFSoZNGg9KioqNEaoqN0bIyRUYRgj0ikUjZGUfIpFI0LuSKcKEgiYaMIg"

func packStream(t testing.TB, kind string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "gzip":
		w := gzip.NewWriter(&b)
		_, _ = w.Write(body)
		err = w.Close()
	case "xz":
		var w *xz.Writer
		if w, err = (xz.WriterConfig{DictCap: 1 << 16}).NewWriter(&b); err == nil {
			_, _ = w.Write(body)
			err = w.Close()
		}
	case "zstd":
		var w *zstd.Encoder
		if w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1)); err == nil {
			_, _ = w.Write(body)
			err = w.Close()
		}
	case "lz4":
		w := lz4.NewWriter(&b)
		_, _ = w.Write(body)
		err = w.Close()
	case "bzip2":
		var data []byte
		data, err = base64.StdEncoding.DecodeString(helloBzip2)
		b.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rarFileOf is a stored file to be written into a rar.
type rarFileOf struct {
	name, body    string
	size          int64  // the stated one; 0: as it is
	before, after bool   // it is split
	whole         string // of a last part: what the sum is of
	link          byte   // RAR 5: kind of a redirection
	rounds        byte   // RAR 5: an encryption record with that exponent
	password      string
	folder        bool
	dictionary    bool // RAR 5: packed, with a dictionary of 4 GiB
}

// rarOptionsOf is what the archive's own headers say.
type rarOptionsOf struct {
	solid, volume, notLast, noEnd bool
	number                        uint64
	hidden                        string // RAR 5: the password of the headers
}

// rarKeys makes the keys of RAR 5: for AES, and the check of the password.
func rarKeys(password string, salt []byte, rounds int) (key, check []byte) {
	key, _ = pbkdf2.Key(sha256.New, password, salt, rounds, 32)
	fold, _ := pbkdf2.Key(sha256.New, password, salt, rounds+32, 32)
	var short [8]byte
	for i, c := range fold {
		short[i%8] ^= c
	}
	sum := sha256.Sum256(short[:])
	return key, append(append(check, short[:]...), sum[:4]...)
}

// rarAES encrypts and pads.
func rarAES(key, iv, plain []byte) []byte {
	out := make([]byte, (len(plain)+15)/16*16)
	copy(out, plain)
	block, _ := aes.NewCipher(key)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out
}

// block5 writes a RAR 5 block of the format's technote.
func block5(typ, flags uint64, body, extra, data []byte) []byte {
	h := binary.AppendUvarint(nil, typ)
	if len(extra) > 0 {
		flags |= 1
	}
	if data != nil {
		flags |= 2
	}
	h = binary.AppendUvarint(h, flags)
	if len(extra) > 0 {
		h = binary.AppendUvarint(h, uint64(len(extra)))
	}
	if data != nil {
		h = binary.AppendUvarint(h, uint64(len(data)))
	}
	h = append(append(h, body...), extra...)
	b := append(binary.AppendUvarint(make([]byte, 4), uint64(len(h))), h...)
	binary.LittleEndian.PutUint32(b, crc32.ChecksumIEEE(b[4:]))
	return append(b, data...)
}

// extra5 is a record of a RAR 5 header's extra area.
func extra5(typ uint64, body ...byte) []byte {
	r := append(binary.AppendUvarint(nil, typ), body...)
	return append(binary.AppendUvarint(nil, uint64(len(r))), r...)
}

func makeRar5(o rarOptionsOf, files ...rarFileOf) []byte {
	b := []byte(rarSignature + "\x01\x00")
	salt, iv := bytes.Repeat([]byte{3}, 16), bytes.Repeat([]byte{9}, 16)
	hide := func(block []byte, _ int) []byte { return block }
	if o.hidden != "" {
		key, check := rarKeys(o.hidden, salt, 1<<4)
		b = append(b, block5(4, 0, append(append([]byte{0, 1, 4}, salt...), check...), nil, nil)...)
		hide = func(block []byte, data int) []byte {
			head := block[:len(block)-data]
			return append(append(append([]byte{}, iv...), rarAES(key, iv, head)...), block[len(block)-data:]...)
		}
	}
	var flags uint64
	var main []byte
	if o.volume {
		flags |= 1
	}
	if o.number > 0 {
		flags |= 2
	}
	if o.solid {
		flags |= 4
	}
	main = binary.AppendUvarint(main, flags)
	if o.number > 0 {
		main = binary.AppendUvarint(main, o.number)
	}
	b = append(b, hide(block5(1, 0, main, nil, nil), 0)...)
	for _, f := range files {
		fileFlags, flags, size := uint64(4|2), uint64(0), f.size
		if f.folder {
			fileFlags |= 1
		}
		if size == 0 {
			size = int64(len(f.body))
		}
		if f.before {
			flags |= 8
		}
		if f.after {
			flags |= 16
		}
		body := binary.AppendUvarint(nil, fileFlags)
		body = binary.AppendUvarint(body, uint64(size))
		body = binary.AppendUvarint(body, 0o100644)
		body = binary.LittleEndian.AppendUint32(body, 1709634600)
		body = binary.LittleEndian.AppendUint32(body, crc32.ChecksumIEEE([]byte(cmp.Or(f.whole, f.body))))
		var compression uint64
		if o.solid {
			compression |= 0x40
		}
		if f.dictionary {
			compression |= 1<<7 | 15<<10
		}
		body = binary.AppendUvarint(body, compression)
		body = binary.AppendUvarint(body, 1)
		body = binary.AppendUvarint(body, uint64(len(f.name)))
		body = append(body, f.name...)
		var extra []byte
		if f.link > 0 {
			extra = append(extra, extra5(5, append([]byte{f.link, 0, 11}, "/etc/passwd"...)...)...)
		}
		if f.rounds > 0 {
			extra = append(extra, extra5(1, append([]byte{0, 0, f.rounds}, make([]byte, 32)...)...)...)
		}
		data := []byte(f.body)
		if f.password != "" {
			key, check := rarKeys(f.password, salt, 1<<4)
			record := append(append([]byte{0, 1, 4}, salt...), iv...)
			extra = append(extra, extra5(1, append(record, check...)...)...)
			data = rarAES(key, iv, data)
		}
		b = append(b, hide(block5(2, flags, body, extra, data), len(data))...)
	}
	if o.noEnd {
		return b
	}
	end := []byte{0}
	if o.notLast {
		end[0] = 1
	}
	return append(b, hide(block5(5, 0, end, nil, nil), 0)...)
}

// block4 writes a block of the older format; body begins behind the size.
func block4(typ byte, flags uint16, body, data []byte) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16([]byte{0, 0, typ}, flags)
	b = append(le.AppendUint16(b, uint16(7+len(body))), body...)
	le.PutUint16(b, uint16(crc32.ChecksumIEEE(b[2:])))
	return append(b, data...)
}

func makeRar4(o rarOptionsOf, files ...rarFileOf) []byte {
	le := binary.LittleEndian
	var flags uint16
	if o.volume {
		flags |= 1 | 0x10
		if o.number == 0 {
			flags |= 0x100
		}
	}
	b := append([]byte(rarSignature+"\x00"), block4(0x73, flags, make([]byte, 6), nil)...)
	for _, f := range files {
		size, flags := f.size, uint16(0x8000)
		if size == 0 {
			size = int64(len(f.body))
		}
		if f.before {
			flags |= 1
		}
		if f.after {
			flags |= 2
		}
		body := le.AppendUint32(nil, uint32(len(f.body)))
		body = append(le.AppendUint32(body, uint32(size)), 2) // made on Windows
		body = le.AppendUint32(body, crc32.ChecksumIEEE([]byte(cmp.Or(f.whole, f.body))))
		body = append(le.AppendUint32(body, 0x58651234), 29, 0x30)
		body = le.AppendUint32(le.AppendUint16(body, uint16(len(f.name))), 0x20)
		b = append(b, block4(0x74, flags, append(body, f.name...), []byte(f.body))...)
	}
	if o.noEnd {
		return b
	}
	var end uint16 = 0x4000
	if o.notLast {
		end |= 1
	}
	return append(b, block4(0x7b, end, nil, nil)...)
}
