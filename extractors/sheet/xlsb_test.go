package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	little "encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"guidang/extractors/document"
)

// brt writes a record of [MS-XLSB]: numbers as they are typed, text with its
// length before it.
func brt(b *bytes.Buffer, id int, parts ...any) {
	var body bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			u := utf16.Encode([]rune(s))
			_ = little.Write(&body, little.LittleEndian, uint32(len(u)))
			_ = little.Write(&body, little.LittleEndian, u)
			continue
		}
		_ = little.Write(&body, little.LittleEndian, p)
	}
	seven := func(n int) {
		for ; n > 0x7f; n >>= 7 {
			b.WriteByte(byte(n) | 0x80)
		}
		b.WriteByte(byte(n))
	}
	seven(id)
	seven(body.Len())
	b.Write(body.Bytes())
}

// binaryLedger is a small workbook with every kind of cell.
func binaryLedger(t testing.TB) []byte {
	t.Helper()
	var book, styles, texts, one, two, notes bytes.Buffer
	brt(&book, brtBundleSh, uint32(0), uint32(1), "rId1", "合同")
	brt(&book, brtBundleSh, uint32(2), uint32(2), "rId2", "底价")
	brt(&styles, brtFmt, uint16(170), `yyyy"年"m"月"d"日"`)
	brt(&styles, brtXF, uint16(0), uint16(4)) // a style that cells do not use
	brt(&styles, brtBeginXFs, uint32(3))
	for _, format := range []uint16{0, 170, 4} {
		brt(&styles, brtXF, uint16(0), format, make([]byte, 12))
	}
	brt(&styles, brtEndXFs)
	for _, s := range []string{"客户", "合同金额", "签订日期", "已验收", "华信"} {
		brt(&texts, brtSSTItem, byte(0), s)
	}
	for i := range 4 {
		if i == 0 {
			brt(&one, brtRowHdr, uint32(0), make([]byte, 13))
		}
		brt(&one, brtCellIsst, uint32(i), uint32(0), uint32(i))
	}
	brt(&one, brtRowHdr, uint32(1), make([]byte, 13))
	brt(&one, brtCellIsst, uint32(0), uint32(0), uint32(4))
	brt(&one, brtCellReal, uint32(1), uint32(2), math.Float64bits(350000))
	brt(&one, brtCellRk, uint32(2), uint32(1), uint32(45356<<2|2))
	brt(&one, brtCellBool, uint32(3), uint32(0), byte(1))
	brt(&one, brtRowHdr, uint32(2), make([]byte, 13))
	brt(&one, brtFmlaNum, uint32(1), uint32(2), math.Float64bits(1200000.5), uint16(0))
	brt(&one, brtShortFirst+1, uint32(1), uint32(45357<<2|2)) // RK without a column
	brt(&one, brtFmlaError, uint32(3), uint32(0), byte(0x2a))
	brt(&one, brtMergeCell, []uint32{1, 2, 0, 0})
	brt(&one, brtHeaderFooter, uint16(0), "&L&\"宋体,常规\"机密", "", uint32(math.MaxUint32))
	brt(&two, brtRowHdr, uint32(6), make([]byte, 13))
	brt(&two, brtCellSt, uint32(0), uint32(0), "最低 28 万")
	brt(&notes, brtAuthor, "赵")
	brt(&notes, brtComment, uint32(0), []uint32{1, 1, 1, 1})
	brt(&notes, brtCommentText, byte(0), "价格再谈")
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	rels := func(entries ...string) []byte {
		s := "<Relationships>"
		for i := 0; i+2 < len(entries); i += 3 {
			s += `<Relationship Id="` + entries[i] + `" Type="http://x/` + entries[i+1] + `" Target="` + entries[i+2] + `"/>`
		}
		return []byte(s + "</Relationships>")
	}
	for _, p := range []struct {
		name string
		body []byte
	}{
		{"[Content_Types].xml", []byte("<Types/>")},
		{"xl/workbook.bin", book.Bytes()},
		{"xl/_rels/workbook.bin.rels", rels("rId1", "worksheet", "worksheets/sheet1.bin", "rId2", "worksheet", "worksheets/sheet2.bin", "rId3", "sharedStrings", "sharedStrings.bin")},
		{"xl/styles.bin", styles.Bytes()},
		{"xl/sharedStrings.bin", texts.Bytes()},
		{"xl/worksheets/sheet1.bin", one.Bytes()},
		{"xl/worksheets/_rels/sheet1.bin.rels", rels("rId1", "comments", "../comments1.bin")},
		{"xl/comments1.bin", notes.Bytes()},
		{"xl/worksheets/sheet2.bin", two.Bytes()},
	} {
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write(p.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestXlsb(t *testing.T) {
	t.Parallel()
	doc := read(t, Xlsb, input("台账.xlsb", binaryLedger(t)))
	want := "[合同 [1 1]] 页眉页脚 Header and footer\n机密\n" +
		"[合同 [1 3]] 合同\n客户 | 合同金额 | 签订日期 | 已验收\n客户: 华信; 合同金额: 350,000.00; 签订日期: 2024年3月5日; 已验收: TRUE\n" +
		"客户: 华信; 合同金额: 1,200,000.50; 签订日期: 2024年3月6日; 已验收: #N/A\n" +
		"[底价 [7 7]] 底价（隐藏 hidden）\n最低 28 万\n[合同 [2 2]] 批注 Comment B2\n赵: 价格再谈\n"
	if got := strings.ReplaceAll(all(doc), "\n\n", "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Fields["hidden_sheets"] != "底价" || doc.Fields["rows"] != "4" || doc.Read != document.Full {
		t.Errorf("fields %v, read %s, warnings %v", doc.Fields, doc.Read, doc.Warnings)
	}
}

func TestXlsbCut(t *testing.T) {
	t.Parallel()
	whole := binaryLedger(t)
	for n := 0; n < len(whole); n += 17 {
		doc, err := Xlsb.Read(context.Background(), input("a.xlsb", whole[:n]), nil)
		if err != nil || doc.Read == document.Full {
			t.Fatalf("cut at %d: %v, error %v", n, doc, err)
		}
	}
}

func FuzzXlsb(f *testing.F) {
	f.Add(binaryLedger(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Xlsb.Read(context.Background(), input("a.xlsb", data), nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
		if doc.Read != document.Full && doc.Reason == "" {
			t.Fatal("a loss without a reason")
		}
	})
}
