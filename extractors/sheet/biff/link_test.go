package biff

import (
	"fmt"
	"strings"
	"testing"
)

// TestLinks reads hyperlinks as [MS-XLS] 2.4.140 has them: an address, a file by its
// path in the code page and in Unicode, a place within the workbook.
func TestLinks(t *testing.T) {
	t.Parallel()
	zero := func(text string) []byte { return append(units(text), 0, 0) }
	counted := func(text string) []byte { return pack(uint32(len(zero(text))/2), zero(text)) }
	head := func(row, column uint16, flags uint32) []byte {
		return pack(row, row, column, column, make([]byte, 16), uint32(2), flags)
	}
	path := []byte{'.', '\\', 0xba, 0xcf, 0xcd, 0xac, '.', 'd', 'o', 'c', 0} // 合同.doc in GBK
	file := func(wide string) []byte {
		out := pack(fileMoniker, uint16(1), uint32(len(path)), path, uint16(0xffff), uint16(0xdead), make([]byte, 20))
		if wide == "" {
			return pack(out, uint32(0))
		}
		return pack(out, uint32(len(units(wide))+6), uint32(len(units(wide))), uint16(3), units(wide))
	}
	m := newBook(8)
	m.sheet("s", func(s *stream) {
		s.rec(idLabel, uint16(0), uint16(0), uint16(0), wideText("x"))
		web := zero("https://x.example/合同?a=1")
		s.rec(idLink, head(0, 1, 0x17), counted("下载"), urlMoniker, uint32(len(web)), web)
		s.rec(idLink, head(1, 2, 0x01), file(""))
		s.rec(idLink, head(2, 3, 0x01), file(`附件\合同.doc`))
		s.rec(idLink, head(3, 4, 0x103), counted(`\\server\x.doc`))
		s.rec(idLink, head(4, 5, 0x08), counted("s!A1"))
		s.rec(idLink, head(5, 6, 0x17), uint32(0xffffffff))
	})
	var got strings.Builder
	for _, l := range open(t, m.bytes()).Sheets[0].Links {
		fmt.Fprintf(&got, "%d %d %s\n", l.Row, l.Column, l.To)
	}
	want := "1 1 https://x.example/合同?a=1\n2 2 ..\\.\\合同.doc\n3 3 附件\\合同.doc\n4 4 \\\\server\\x.doc\n"
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
}

func FuzzLink(f *testing.F) {
	f.Add(pack(make([]byte, 28), uint32(1), fileMoniker, uint16(0), uint32(1), "a"))
	f.Fuzz(func(_ *testing.T, data []byte) { linkTarget(data) })
}
