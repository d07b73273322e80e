package hostile

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// zips are what is done to and with zip.
func zips() []File {
	return []File{
		{Class: "zip whose members lie in each other", Name: "zip/overlapping.zip", Want: []string{"quarantined bomb"},
			Make: fixed(func() []byte { return quoted(120, 4) })},
		{Class: "zip of 5,000 names for one member", Name: "zip/same-header.zip", Want: []string{"quarantined bomb"}, Make: fixed(sameHeader)},
		{Class: "zip that unpacks to a thousand times its size", Name: "zip/flat.zip", Want: []string{"indexed"}, Member: []string{"quarantined bomb"},
			Make: fixed(func() []byte { return zipped(zeros("zeros.txt", nil, 64)) })},
		{Class: "zips in zips, 16 each, five deep", Name: "zip/42.zip", Want: []string{"indexed"}, Member: []string{"duplicate-of"},
			Make: fixed(func() []byte { return layers(5, zipped(zeros("0.dll", nil, 10))) })},
		{Class: "zips in a zip that together unpack beyond the limit", Name: "zip/many-bombs.zip", Want: []string{"indexed"}, Member: []string{"quarantined too-large", "quarantined bomb", "skipped unsupported"},
			Make: fixed(manyBombs)},
		{Class: "a hundred zips in each other", Name: "zip/deep.zip", Want: []string{"indexed"}, Member: []string{"quarantined too-deep"}, Finds: "层层之外",
			Make: fixed(func() []byte { return deepZip(100) })},
		{Class: "member that says 10 bytes and holds 50 MB", Name: "zip/lying-size.zip", Want: []string{"indexed"}, Member: []string{"quarantined bomb", "indexed corrupt", "partial corrupt"}, Finds: "谎言旁边",
			Make: fixed(func() []byte {
				lie := packed("report.txt", bytes.Repeat([]byte("谎"), 16<<20))
				lie.size = 10
				return zipped(plain("好.txt", "谎言旁边的文件"), lie)
			})},
		{Class: "15,000 members", Name: "zip/entries.zip", Want: []string{"partial too-many"}, Member: []string{"skipped empty", "duplicate-of"}, Make: fixed(func() []byte {
			var all []entry
			for n := range 15_000 {
				all = append(all, plain(fmt.Sprintf("%05d.txt", n), ""))
			}
			return zipped(all...)
		})},
		{Class: "names that lead out of a zip", Name: "zip/traversal.zip", Want: []string{"indexed"}, Finds: "越界旁边", Make: func(w World) []byte {
			return zipped(plain("../../../../"+Marker+"-1.txt", "向上走"), plain(w.Outside+"/"+Marker+"-2.txt", "绝对路径"), plain(`..\..\`+Marker+`-3.txt`, "反斜杠"),
				plain(`C:\`+Marker+`-4.txt`, "盘符"), plain("good.txt", "越界旁边的文件"))
		}},
		{Class: "symbolic link in a zip", Name: "zip/link.zip", Want: []string{"indexed"}, Member: []string{"quarantined unsupported"}, Finds: "链接旁边", Make: func(w World) []byte {
			link := plain("link.txt", w.Secret)
			link.mode = 0o120777
			return zipped(link, plain("good.txt", "链接旁边的文件"))
		}},
		{Class: "names in GBK without a word of it", Name: "zip/gbk.zip", Want: []string{"indexed"}, Finds: "名字是国标码",
			Make: fixed(func() []byte { return zipped(plain("\xba\xcf\xcd\xac\xb8\xb1\xb1\xbe.txt", "名字是国标码")) })},
		{Class: "Unicode path that belongs to another name", Name: "zip/7075.zip", Want: []string{"indexed"}, Finds: "名字有两个", Make: fixed(func() []byte {
			e := plain("real.txt", "名字有两个")
			path := append([]byte{1, 0xde, 0xad, 0xbe, 0xef}, "fake.exe"...)
			e.extra = append([]byte{0x75, 0x70, byte(len(path)), 0}, path...) //nolint:gosec // short
			return zipped(e)
		})},
		{Class: "name that reads backwards, name with NUL", Name: "zip/names.zip", Want: []string{"indexed"}, Finds: "倒写的名字", Make: fixed(func() []byte {
			e, z := plain("合同\u202etxt.exe", "倒写的名字"), plain("a.txt\x00.exe", "有空字节")
			e.flags, z.flags = 0x800, 0x800
			return zipped(e, z, plain("", "没有名字"), plain("a.txt\x00.exe", "同名"), plain(repeat("长", 20_000), "名字太长"), plain("con\n\x1b[31mred", "控制字符"))
		})},
		{Class: "encrypted member", Name: "zip/encrypted.zip", Want: []string{"indexed"}, Member: []string{"waiting password"}, Make: fixed(func() []byte {
			e := entry{name: "secret.txt", flags: 1, body: noise(1, 40), sum: crc32.ChecksumIEEE([]byte("x")), size: 28, at: -1}
			return zipped(e)
		})},
		{Class: "zip that is cut off", Name: "zip/truncated.zip", Want: []string{"partial truncated", "partial corrupt"}, Finds: "截断之前", Make: fixed(func() []byte {
			z := zipped(plain("a.txt", "截断之前的文件"), packed("b.bin", noise(2, 60_000)))
			return z[:len(z)/2]
		})},
		{Class: "zip behind foreign bytes", Name: "zip/prefix.zip", Want: []string{"indexed", "partial corrupt", "partial truncated", "skipped unsupported"},
			Make: fixed(func() []byte { return join(noise(3, 3000), zipped(plain("a.txt", "前面有别的"))) })},
		{Class: "zip64 that claims 2^60 members", Name: "zip/zip64.zip", Want: []string{"quarantined corrupt", "quarantined bomb", "partial corrupt", "partial truncated"}, Make: fixed(zip64)},
		{Class: "zip of which one of two volumes is there", Name: "zip/spanned.z01", Want: []string{"final"}, Make: fixed(func() []byte {
			return join([]byte("PK\x07\x08"), zipped(packed("a.bin", noise(4, 9000)))[:4000])
		})},
	}
}

func sameHeader() []byte {
	first := zeros("0.txt", nil, 10)
	all := []entry{first}
	for n := 1; n < 5000; n++ {
		e := first
		e.name, e.at = fmt.Sprintf("%d.txt", n), 0
		all = append(all, e)
	}
	return zipped(all...)
}

// layers wraps a zip 16 times over, so often.
func layers(n int, inner []byte) []byte {
	for range n {
		var all []entry
		for i := range 16 {
			e := packed(fmt.Sprintf("lib %x.zip", i), inner)
			all = append(all, e)
		}
		inner = zipped(all...)
	}
	return inner
}

// manyBombs are small ones, each other's bytes, which stay below the ratio's
// least size one by one.
func manyBombs() []byte {
	var all []entry
	for n := range 48 {
		all = append(all, plain(fmt.Sprintf("%d.zip", n), string(zipped(zeros("x.bin", []byte{byte(n)}, 12)))))
	}
	return zipped(all...)
}

func deepZip(n int) []byte {
	z := zipped(plain("最里.txt", "最里面的文字"))
	for range n {
		z = zipped(plain("next.zip", string(z)), plain("这一层.txt", "层层之外的文字"))
	}
	return z
}

func zip64() []byte {
	z := zipped(plain("a.txt", "x"))
	at := bytes.LastIndex(z, []byte("PK\x05\x06"))
	dir := z[:at]
	record := append([]byte("PK\x06\x06"), 44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	record = le.AppendUint64(le.AppendUint64(record, 1<<60), 1<<60)
	record = le.AppendUint64(le.AppendUint64(record, 1<<62), uint64(len(dir)-50)) //nolint:gosec // small
	locator := append([]byte("PK\x06\x07"), 0, 0, 0, 0)
	locator = le.AppendUint64(locator, uint64(at)) //nolint:gosec // small
	locator = append(locator, 1, 0, 0, 0)
	last := append([]byte("PK\x05\x06\x00\x00\x00\x00"), bytes.Repeat([]byte{0xff}, 12)...)
	return join(dir, record, locator, last, []byte{0, 0})
}
