package compound

import (
	"bytes"
	"encoding/binary"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// properties is a stream of one set: code page, title, author, time of the last
// saving.
func properties(page uint16, title []byte) []byte {
	var b bytes.Buffer
	put := func(parts ...any) {
		for _, p := range parts {
			_ = binary.Write(&b, binary.LittleEndian, p)
		}
	}
	n := uint32(len(title))
	put(uint16(0xfffe), uint16(0), make([]byte, 20), uint32(1), make([]byte, 16), uint32(48))
	put(uint32(0), uint32(4), uint32(1), uint32(40), uint32(2), uint32(48), uint32(4), 48+8+n, uint32(13), 48+8+n+8+4)
	put(uint32(2), uint32(page), uint32(30), n, title, uint32(30), uint32(4), []byte("Wei\x00"), uint32(64), uint64(133_540_000_000_000_000))
	return b.Bytes()
}

func TestProperties(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("合同台账登记表"))
	for _, tt := range []struct {
		name  string
		page  uint16
		title []byte
		want  string
	}{
		{"GBK", 936, append(bytes.Clone(gbk), 0, 0), "合同台账登记表"}, {"GBK under 1252", 1252, append(bytes.Clone(gbk), 0, 0), "合同台账登记表"},
		{"UTF-8", 65001, []byte("合同台账\x00"), "合同台账"},
	} {
		data := Write(NewStorage("Root Entry", NewStream("\x05SummaryInformation", properties(tt.page, tt.title))))
		f, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if p := f.Props(); p.Title != tt.want || p.Author != "Wei" || p.Modified.Year() != 2024 {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
	if !FileTime(0).IsZero() || !FileTime(1<<63).IsZero() {
		t.Error("a time that is none")
	}
}

func FuzzProperties(f *testing.F) {
	f.Add(properties(936, []byte("abcd")))
	f.Fuzz(func(_ *testing.T, data []byte) {
		var s string
		readProps(data, map[uint32]*string{2: &s}, nil)
	})
}
