package hostile

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"hash/crc32"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// bzip2Zeros are 45 MB of zeros, packed by bzip2 1.0.8: the standard library
// reads bzip2 and does not write it.
const bzip2Zeros = "QlpoOTFBWSZTWckBtsgBWKtAIMAAEAAACCAAMMwFKaZSSFJsVJIUni7kinChIZIDbZA="

// streams are packed streams of one file.
func streams() []File {
	return []File{
		{Class: "gzip of a gigabyte, over many members", Name: "stream/bomb.gz", Want: []string{"indexed"}, Member: []string{"quarantined bomb"},
			Make: fixed(func() []byte { return bytes.Repeat(gz("", make([]byte, 16<<20)), 64) })},
		{Class: "gzip of zeros in gzip in gzip", Name: "stream/nested.gz", Want: []string{"indexed"}, Member: []string{"quarantined bomb", "skipped unsupported"},
			Make: fixed(func() []byte { return gz("", gz("", gz("", make([]byte, 32<<20)))) })},
		{Class: "bzip2 of gigabytes", Name: "stream/bomb.bz2", Want: []string{"indexed"}, Member: []string{"quarantined bomb", "quarantined time-limit"},
			Make: fixed(func() []byte { return bytes.Repeat(must(base64.StdEncoding.DecodeString(bzip2Zeros)), 40) })},
		{Class: "xz of gigabytes, over many streams", Name: "stream/bomb.xz", Want: []string{"indexed"}, Member: []string{"quarantined bomb"}, Make: fixed(func() []byte {
			var b bytes.Buffer
			w := must((xz.WriterConfig{DictCap: 1 << 16}).NewWriter(&b))
			must(w.Write(make([]byte, 4<<20)))
			check(w.Close())
			return bytes.Repeat(b.Bytes(), 256)
		})},
		{Class: "xz that asks for a dictionary of 4 GB", Name: "stream/dictionary.xz", Want: []string{"final"}, Make: fixed(dictionary)},
		{Class: "zstd of gigabytes", Name: "stream/bomb.zst", Want: []string{"indexed"}, Member: []string{"quarantined bomb"}, Make: fixed(func() []byte {
			var b bytes.Buffer
			w := must(zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1)))
			must(w.Write(make([]byte, 64<<20)))
			check(w.Close())
			return bytes.Repeat(b.Bytes(), 16)
		})},
		{Class: "lz4 of a gigabyte", Name: "stream/bomb.lz4", Want: []string{"indexed"}, Member: []string{"quarantined bomb", "quarantined too-large", "skipped unsupported"}, Make: fixed(func() []byte {
			var b bytes.Buffer
			w := lz4.NewWriter(&b)
			must(w.Write(make([]byte, 32<<20)))
			check(w.Close())
			return bytes.Repeat(b.Bytes(), 8)
		})},
		{Class: "tgz whose tar is garbage", Name: "stream/garbage.tgz", Want: []string{"indexed", "quarantined corrupt", "partial corrupt"},
			Make: fixed(func() []byte { return gz("garbage.tar", noise(8, 20_000)) })},
		{Class: "gzip that names a way out", Name: "stream/name.gz", Want: []string{"indexed"}, Finds: "流里的文字",
			Make: fixed(func() []byte { return gz("../../"+Marker+"-7.txt", []byte("流里的文字")) })},
		{Class: "gzip with a header that never ends", Name: "stream/header.gz", Want: []string{"final"},
			Make: fixed(func() []byte {
				return join([]byte("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"), bytes.Repeat([]byte("n"), 4<<20))
			})},
		{Class: "gzip that is cut off", Name: "stream/cut.tgz", Want: []string{"partial truncated", "partial corrupt"}, Finds: "磁带上的好文件", Make: fixed(func() []byte {
			z := gz("", join(tarred(tar.Header{Name: "good.txt"})[:1024], noise(9, 90_000)))
			return z[:len(z)/2]
		})},
		{Class: "compress and other old packers", Name: "stream/old.Z", Want: []string{"final"},
			Make: fixed(func() []byte { return join([]byte("\x1f\x9d\x90"), noise(10, 3000)) })},
	}
}

func gz(name string, body []byte) []byte {
	var b bytes.Buffer
	w := must(gzip.NewWriterLevel(&b, gzip.BestCompression))
	w.Name = name
	must(w.Write(body))
	check(w.Close())
	return b.Bytes()
}

// dictionary is a whole xz with another dictionary size in its block header.
func dictionary() []byte {
	var b bytes.Buffer
	w := must((xz.WriterConfig{DictCap: 1 << 16}).NewWriter(&b))
	must(w.Write(bytes.Repeat([]byte("字典"), 1000)))
	check(w.Close())
	z := b.Bytes()
	// The block header: its size, its flags, the filter (0x21, one byte of
	// properties), padding and a CRC-32.
	at := 12
	size := int(z[at]+1) * 4
	if i := bytes.Index(z[at:at+size], []byte{0x21, 1}); i > 0 {
		z[at+i+2] = 40 // 4 GiB - 1
		resum(z[at : at+size])
	}
	return z
}

// resum writes the checksum of an xz block header anew.
func resum(head []byte) {
	le.PutUint32(head[len(head)-4:], crc32.ChecksumIEEE(head[:len(head)-4]))
}
