package hostile

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// containers are tar, 7z and rar.
func containers() []File {
	return []File{
		{Class: "links, devices, pipes and ways out in a tar", Name: "tar/links.tar", Want: []string{"indexed"}, Member: []string{"quarantined unsupported"}, Finds: "磁带上的好文件", Make: func(w World) []byte {
			return tarred(
				tar.Header{Name: "../../" + Marker + "-5.txt"}, tar.Header{Name: w.Outside + "/" + Marker + "-6.txt"},
				tar.Header{Name: "link", Typeflag: tar.TypeSymlink, Linkname: w.Secret}, tar.Header{Name: "hard", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"},
				tar.Header{Name: "sda", Typeflag: tar.TypeBlock, Devmajor: 8}, tar.Header{Name: "null", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 3},
				tar.Header{Name: "pipe", Typeflag: tar.TypeFifo}, tar.Header{Name: "dir/", Typeflag: tar.TypeDir}, tar.Header{Name: "good.txt"})
		}},
		{Class: "tar whose member claims 8 GB", Name: "tar/claims.tar", Want: []string{"partial truncated"}, Finds: "磁带上的好文件", Make: fixed(func() []byte {
			t := tarred(tar.Header{Name: "good.txt"})
			return append(t[:1024], header(tar.Header{Name: "big.bin", Size: 8 << 30})...)
		})},
		{Class: "tar whose member claims a negative size", Name: "tar/negative.tar", Want: []string{"final"}, Finds: "磁带上的好文件", Make: fixed(func() []byte {
			t, h := tarred(tar.Header{Name: "good.txt"}), header(tar.Header{Name: "neg.bin", Size: 5})
			copy(h[124:136], "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00")
			return append(t[:1024], seal(h)...)
		})},
		{Class: "sparse file of terabytes in a tar", Name: "tar/sparse.tar", Want: []string{"final"}, Make: fixed(sparse)},
		{Class: "image of a disc whose folder holds itself, with a file of 4 GB", Name: "iso/cycle.iso", Want: []string{"partial truncated"}, Finds: "光盘上的好文件", Make: fixed(disc)},
		{Class: "image of a disc that is noise", Name: "iso/noise.iso", Want: []string{"quarantined corrupt", "quarantined truncated", "partial corrupt", "partial truncated"}, Make: fixed(func() []byte {
			return join(make([]byte, 16*2048), []byte("\x01CD001\x01"), noise(9, 60_000))
		})},
		{Class: "7z whose header is of many gigabytes", Name: "7z/header.7z", Want: []string{"quarantined corrupt", "quarantined truncated", "quarantined memory-limit", "quarantined too-large"}, Make: fixed(seven)},
		{Class: "7z of noise", Name: "7z/noise.7z", Want: []string{"quarantined corrupt", "quarantined truncated"}, Make: fixed(func() []byte {
			return join([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), noise(5, 4000))
		})},
		{Class: "rar of noise", Name: "rar/noise.rar", Want: []string{"quarantined corrupt", "quarantined truncated", "partial corrupt", "indexed"}, Make: fixed(func() []byte {
			return join([]byte("Rar!\x1a\x07\x01\x00"), noise(6, 4000))
		})},
	}
}

// tarred writes a tar; each plain file holds a sentence.
func tarred(headers ...tar.Header) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	body := []byte("磁带上的好文件")
	for _, h := range headers {
		h.Mode = 0o644
		if h.Typeflag == 0 {
			h.Typeflag, h.Size = tar.TypeReg, int64(len(body))
		}
		check(w.WriteHeader(&h))
		if h.Typeflag == tar.TypeReg {
			must(w.Write(body))
		}
	}
	check(w.Close())
	return b.Bytes()
}

// header is a lone header, whose member may be missing.
func header(h tar.Header) []byte {
	var b bytes.Buffer
	h.Typeflag, h.Mode, h.Format = tar.TypeReg, 0o644, tar.FormatGNU
	check(tar.NewWriter(&b).WriteHeader(&h))
	return b.Bytes()
}

// seal writes a header's checksum anew.
func seal(h []byte) []byte {
	copy(h[148:156], "        ")
	sum := 0
	for _, c := range h[:512] {
		sum += int(c)
	}
	digits := []byte("000000\x00 ")
	for i := 5; i >= 0; i-- {
		digits[i] = byte('0' + sum&7)
		sum >>= 3
	}
	copy(h[148:156], digits)
	return h
}

// sparse is a GNU sparse member: one piece at 4 TB.
func sparse() []byte {
	h := header(tar.Header{Name: "sparse.txt", Size: 512})
	h[156] = 'S'
	for i := range h[386:483] {
		h[386+i] = 0
	}
	copy(h[386:398], "43000000000\x00") // some 4.8 GB, in octal digits
	copy(h[398:410], "00000001000\x00")
	h[482] = 0
	copy(h[483:495], "\x80\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00")
	return join(seal(h), bytes.Repeat([]byte("x"), 512), make([]byte, 1024))
}

// disc is an ISO 9660 image: its root (block 18) holds a good file (block 19), one
// that claims 4 GB, and itself as a folder.
func disc() []byte {
	twice := func(n uint32) []byte {
		return binary.BigEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, n), n)
	}
	record := func(name string, at, size uint32, flags byte) []byte {
		b := join([]byte{0, 0}, twice(at), twice(size), []byte{124, 3, 5, 10, 30, 0, 32, flags, 0, 0, 1, 0, 0, 1, byte(len(name))}, []byte(name)) //nolint:gosec // short
		b = append(b, make([]byte, len(b)%2)...)
		b[0] = byte(len(b)) //nolint:gosec // short
		return b
	}
	body := "光盘上的好文件"
	root := join(record("\x00", 18, 2048, 2), record("\x01", 18, 2048, 2), record("GOOD.TXT;1", 19, uint32(len(body)), 0), //nolint:gosec // short
		record("BIG.TXT;1", 19, 1<<32-1, 0), record("SELF", 18, 2048, 2), record("FAR", 1<<31, 1<<31, 2))
	b := make([]byte, 20*2048)
	copy(b[16*2048:], "\x01CD001\x01")
	copy(b[16*2048+128:], "\x00\x08\x08\x00")
	copy(b[16*2048+156:], record("\x00", 18, 2048, 2))
	copy(b[17*2048:], "\xffCD001\x01")
	copy(b[18*2048:], root)
	copy(b[19*2048:], body)
	return b
}

// seven is a 7z whose end header would be of 2^40 bytes.
func seven() []byte {
	next := binary.LittleEndian.AppendUint64(nil, 32)
	next = binary.LittleEndian.AppendUint64(next, 1<<40)
	next = binary.LittleEndian.AppendUint32(next, 0x12345678)
	head := append([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(next))...)
	return join(head, next, noise(7, 2000))
}
