package packed

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"guidang/extractors/document"
)

// requirement is the text of 需求.txt in testdata.
func requirement() string {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "第%d行 需求变更 requirement %d\n", i, i*i)
	}
	return b.String()
}

func TestSevenZip(t *testing.T) {
	t.Parallel()
	contract := got{"项目资料/合同/合同.txt", "甲方：华信科技\n合同金额：壹佰万元\n", ""}
	need := got{"项目资料/需求.txt", requirement(), ""}
	locked := func(g got) got { return got{g.step, "", document.Encrypted} }
	tests := []struct {
		file, password string
		want           []got
		read           document.Read
		reason         document.Reason
		warned         string
	}{
		{file: "lzma2.7z", want: []got{contract, {"项目资料/link", "", document.Unsupported}, {"项目资料/空.txt", "", ""}, need}, read: document.Full, warned: "links-skipped"},
		{file: "lzma.7z", want: []got{contract, need}, read: document.Full},
		{file: "ppmd.7z", want: []got{need}, read: document.Full},
		{file: "bzip2.7z", want: []got{need}, read: document.Full},
		{file: "bcj2.7z", want: []got{{"prog.exe", requirement(), ""}}, read: document.Full},
		{file: "password.7z", password: "密码", want: []got{contract, need}, read: document.Full},
		{file: "password.7z", want: []got{locked(contract), locked(need)}, read: document.Full, warned: "encrypted-members"},
		{file: "hidden.7z", password: "密码", want: []got{contract, need}, read: document.Full},
		{file: "hidden.7z", read: document.None, reason: document.Encrypted},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.password, func(t *testing.T) {
			t.Parallel()
			in := input(tt.file, fixture(t, tt.file))
			in.Passwords = []string{"falsch", tt.password}
			doc, have := readAll(t, SevenZip, in)
			byName := map[string]got{}
			for _, g := range have {
				byName[g.step] = g
			}
			for _, w := range tt.want {
				if g := byName[w.step]; g != w {
					t.Errorf("%s: %d bytes, %q; want %d, %q", w.step, len(g.body), g.reason, len(w.body), w.reason)
				}
			}
			if len(have) != len(tt.want) || doc.Read != tt.read || doc.Reason != tt.reason || !strings.Contains(fmt.Sprint(doc.Warnings), tt.warned) {
				t.Errorf("%d children, read %s, reason %q, %v", len(have), doc.Read, doc.Reason, doc.Warnings)
			}
		})
	}
}

func TestSevenZipDamage(t *testing.T) {
	t.Parallel()
	whole := fixture(t, "lzma2.7z")
	flipped := append([]byte{}, whole...)
	flipped[200] ^= 0x55
	start := append([]byte{}, whole...)
	start[15] ^= 1
	tests := []struct {
		name   string
		data   []byte
		read   document.Read
		reason document.Reason
		member document.Reason
	}{
		{"cut off", whole[:len(whole)-40], document.None, document.Truncated, ""},
		{"the first header alone", whole[:20], document.None, document.Truncated, ""},
		{"a damaged first header", start, document.None, document.Corrupt, ""},
		{"a damaged member", flipped, document.Full, "", document.Corrupt},
		{"nothing in it", append(sevenFrameOf(nil), []byte{}...), document.Full, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var reasons []string
			doc, children := readAll(t, SevenZip, input("a.7z", tt.data))
			for _, c := range children {
				reasons = append(reasons, string(c.reason))
			}
			if doc.Read != tt.read || doc.Reason != tt.reason || !strings.Contains(strings.Join(reasons, " "), string(tt.member)) {
				t.Errorf("read %s, reason %q, members %q", doc.Read, doc.Reason, reasons)
			}
		})
	}
}

// sevenFrameOf is a whole 7z of a header without packed bytes.
func sevenFrameOf(header []byte) []byte {
	if len(header) == 0 {
		b := make([]byte, lenSeven)
		copy(b, sevenSignature+"\x00\x04")
		binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[12:]))
		return b
	}
	return append(sevenFrame(header, 0), header...)
}

// sevenStored is a 7z of one stored or packed block.
func sevenStored(packed string, size uint64, coder []byte, names ...string) []byte {
	number := func(b []byte, n uint64) []byte { // the nine-byte form
		return binary.LittleEndian.AppendUint64(append(b, 0xff), n)
	}
	h := []byte{sevenHeader, sevenMainStreams, sevenPackInfo, 0, 1, sevenSize}
	h = append(number(h, uint64(len(packed))), sevenEnd)
	h = append(h, sevenUnpackInfo, sevenFolder, 1, 0, 1)
	h = append(h, coder...)
	h = append(number(append(h, sevenCodersUnpackSize), size), sevenEnd)
	h = append(h, sevenEnd, sevenFilesInfo, byte(len(names)))
	list := []byte{0}
	for _, n := range names {
		for _, u := range append(utf16.Encode([]rune(n)), 0) {
			list = binary.LittleEndian.AppendUint16(list, u)
		}
	}
	h = append(number(append(h, 17), uint64(len(list))), list...)
	h = append(h, sevenEnd, sevenEnd)
	return append(append(sevenFrame(h, int64(len(packed))), packed...), h...)
}

func TestSevenZipClaims(t *testing.T) {
	lzma := func(dictionary uint32) []byte {
		return binary.LittleEndian.AppendUint32([]byte{0x23, 3, 1, 1, 5, 0x5d}, dictionary)
	}
	tests := []struct {
		name   string
		data   []byte
		read   document.Read
		reason document.Reason
		member document.Reason
	}{
		{"stored", sevenStored("content", 7, []byte{1, 0}, "合同.txt"), document.Full, "", ""},
		{"a size of 4 GB from nothing", sevenStored("xxxxxxxxxx", 4<<30, lzma(4<<30-1), "a"), document.Full, "", document.Bomb},
		{"a dictionary of 4 GB for 10 MB", sevenStored("xxxxxxxxxx", 10<<20, lzma(4<<30-1), "a"), document.Full, "", document.Corrupt},
		{"LZMA2, a dictionary of 4 GB", sevenStored("\x00xxxxxxxxx", 10<<20, []byte{0x21, 0x21, 1, 40}, "a"), document.Full, "", document.Truncated},
		{"a model of 2 GB", sevenStored("xxxxxxxxxx", 100, []byte{0x23, 3, 4, 1, 5, 6, 0, 0, 0, 0x80}, "a"), document.Full, "", document.MemoryLimit},
		{"an unknown coder", sevenStored("xxxxxxxxxx", 100, []byte{3, 9, 9, 9}, "a"), document.Full, "", document.Unsupported},
		{"a key of 2^24 rounds", sevenStored("xxxxxxxxxxxxxxxx", 16, []byte{0x24, 6, 0xf1, 7, 1, 2, 0x40 | 24, 15}, "a"), document.Full, "", document.Encrypted},
		{"four billion files", sevenFrameOf([]byte{sevenHeader, sevenFilesInfo, 0xf0, 0xff, 0xff, 0xff, 0xff, sevenEnd, sevenEnd}), document.None, document.Corrupt, ""},
		{"four billion streams", sevenFrameOf([]byte{sevenHeader, sevenMainStreams, sevenPackInfo, 0, 0xf0, 0xff, 0xff, 0xff, 0xff, sevenCRC, 1, sevenEnd}), document.None, document.Corrupt, ""},
		{"properties of 4 GB", sevenFrameOf([]byte{sevenHeader, sevenMainStreams, sevenUnpackInfo, sevenFolder, 1, 0, 1, 0x21, 0x21, 0xf0, 0xff, 0xff, 0xff, 0xff}), document.None, document.Corrupt, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			in := input("a.7z", tt.data)
			in.Passwords = []string{"p"}
			doc, children := readAll(t, SevenZip, in)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("%d MiB were set aside", used>>20)
			}
			var member document.Reason
			for _, c := range children {
				member = c.reason
			}
			if doc.Read != tt.read || doc.Reason != tt.reason || member != tt.member {
				t.Errorf("read %s, reason %q, member %q, %v", doc.Read, doc.Reason, member, doc.Warnings)
			}
		})
	}
}

func FuzzSevenZip(f *testing.F) {
	for _, name := range []string{"lzma2.7z", "ppmd.7z", "bcj2.7z", "password.7z"} {
		f.Add(fixture(f, name))
	}
	f.Add(sevenStored("content", 7, []byte{1, 0}, "a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzed(t, SevenZip, data)
		fuzzed(t, SevenZip, resealSeven(data))
	})
}

// resealSeven makes the sums of both headers right, so that more than the sums is
// tried.
func resealSeven(data []byte) []byte {
	out := append([]byte{}, data...)
	if len(out) < lenSeven {
		return out
	}
	le := binary.LittleEndian
	copy(out, sevenSignature)
	at, n := le.Uint64(out[12:]), le.Uint64(out[20:])
	if rest := uint64(len(out) - lenSeven); at <= rest && n <= rest-at {
		le.PutUint32(out[28:], crc32.ChecksumIEEE(out[lenSeven+at:lenSeven+at+n]))
	}
	le.PutUint32(out[8:], crc32.ChecksumIEEE(out[12:lenSeven]))
	return out
}
