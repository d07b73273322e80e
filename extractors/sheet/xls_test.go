package sheet

import (
	"bytes"
	"context"
	little "encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"guidang/extractors/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// xlsBook is a bare workbook of Excel 97 under construction: the part of the format
// that a sheet needs. The reader's own tests have the rest.
type xlsBook struct {
	bytes.Buffer
	sheets []xlsSheet
}

type xlsSheet struct {
	name  string
	state byte
	body  bytes.Buffer
}

func xlsRecord(b *bytes.Buffer, id uint16, parts ...any) {
	var body bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			u := utf16.Encode([]rune(s))
			_ = little.Write(&body, little.LittleEndian, uint16(len(u)))
			body.WriteByte(1)
			_ = little.Write(&body, little.LittleEndian, u)
			continue
		}
		_ = little.Write(&body, little.LittleEndian, p)
	}
	_ = little.Write(b, little.LittleEndian, []uint16{id, uint16(body.Len())})
	b.Write(body.Bytes())
}

// sheet adds a sheet of rows. A cell is text, a number, or a number with a style.
func (x *xlsBook) sheet(name string, state byte, rows ...[]any) *xlsSheet {
	s := xlsSheet{name: name, state: state}
	for r, cells := range rows {
		for c, v := range cells {
			at := []uint16{uint16(r), uint16(c)}
			switch v := v.(type) {
			case string:
				xlsRecord(&s.body, 0x204, at, uint16(0), v)
			case float64:
				xlsRecord(&s.body, 0x203, at, uint16(0), math.Float64bits(v))
			case [2]float64: // style, value
				xlsRecord(&s.body, 0x203, at, uint16(v[0]), math.Float64bits(v[1]))
			}
		}
	}
	x.sheets = append(x.sheets, s)
	return &x.sheets[len(x.sheets)-1]
}

func (s *xlsSheet) merge(top, bottom, left, right uint16) {
	xlsRecord(&s.body, 0xe5, []uint16{1, top, bottom, left, right})
}

// build lays the book down, with number formats for the styles from 1 on.
func (x *xlsBook) build(formats ...string) []byte {
	var out bytes.Buffer
	bof := func(kind uint16) { xlsRecord(&out, 0x809, []uint16{0x600, kind, 0, 0, 0, 0, 0, 0}) }
	bof(5)
	style := func(format int) { xlsRecord(&out, 0xe0, uint16(0), uint16(format), make([]byte, 16)) }
	for i, f := range formats {
		xlsRecord(&out, 0x41e, uint16(164+i), f)
	}
	style(0)
	for i := range formats {
		style(164 + i)
	}
	var places []int
	for _, s := range x.sheets {
		places = append(places, out.Len()+4)
		u := utf16.Encode([]rune(s.name))
		xlsRecord(&out, 0x85, uint32(0), s.state, uint8(0), uint8(len(u)), uint8(1), u)
	}
	xlsRecord(&out, 0x0a)
	for i, s := range x.sheets {
		little.LittleEndian.PutUint32(out.Bytes()[places[i]:], uint32(out.Len()))
		bof(0x10)
		out.Write(s.body.Bytes())
		xlsRecord(&out, 0x0a)
	}
	return out.Bytes()
}

// ledger is a workbook as a sales office keeps it.
func ledger() []byte {
	x := &xlsBook{}
	s := x.sheet("合同", 0,
		[]any{"2024年合同台账"},
		[]any{"客户", "合同编号", "合同金额", "签订日期", "备注"},
		[]any{"华信制造", "HT-2024-001", [2]float64{1, 350000}, [2]float64{2, 45356}, "分三期\n付款"},
		[]any{nil, "HT-2024-002", [2]float64{1, 1200000.5}, [2]float64{2, 45357}, "Phase 2"},
		[]any{"安澜物流", "HT-2024-003", [2]float64{1, 88000}, [2]float64{2, 45400}},
		nil,
		[]any{"经办人", "电话"},
		[]any{"刘芳", 13800138000.0},
		[]any{"吴志强", 13900139000.0})
	s.merge(2, 3, 0, 0)
	s.merge(0, 0, 0, 4)
	xlsRecord(&s.body, 0x14, `&L远航软件&R&P`)
	x.sheet("底价", 1, []any{"最低 28 万"})
	return x.build(`#,##0.00`, `yyyy"年"m"月"d"日"`)
}

func TestXlsGolden(t *testing.T) {
	t.Parallel()
	doc := read(t, Xls, input("台账.xls", ledger()))
	got := all(doc) + fmt.Sprintln(doc.Read, doc.Fields["sheets"], doc.Fields["rows"], doc.Fields["hidden_sheets"], doc.Warnings)
	path := filepath.Join("testdata", "ledger.xls.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestXlsLimits(t *testing.T) {
	t.Parallel()
	x := &xlsBook{}
	rows := [][]any{{"编号", "内容"}}
	for i := range 300 {
		rows = append(rows, []any{float64(i + 1), strings.Repeat("进展", 5)})
	}
	x.sheet("周报", 0, rows...)
	x.sheet("附", 0, []any{"第二张"})
	data := x.build()
	if doc := read(t, Xls, input("a.xls", data)); doc.Read != document.Full || doc.Fields["rows"] != "302" || !strings.Contains(all(doc), "编号: 300; 内容: 进展") {
		t.Errorf("read %s, fields %v", doc.Read, doc.Fields)
	}
	in := input("a.xls", data)
	in.Limits.Rows = 50
	doc := read(t, Xls, in)
	if doc.Reason != document.TooMany || doc.Sections[len(doc.Sections)-1].Position.Rows[1] != 50 || doc.Fields["rows"] != "50" {
		t.Errorf("with a limit of 50 rows: %q, %v", doc.Reason, doc.Fields)
	}
	in = input("a.xls", data)
	in.Limits.TextBytes = 2000
	if doc := read(t, Xls, in); doc.Reason != document.TooLarge {
		t.Errorf("with a limit of text: %q", doc.Reason)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Xls.Read(ctx, input("a.xls", data), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestXlsDamaged(t *testing.T) {
	t.Parallel()
	whole := ledger()
	locked := append([]byte{}, whole[:20]...) // with a FILEPASS that no password fits
	locked = append(locked, 0x2f, 0, 6, 0, 0, 0, 1, 2, 3, 4)
	locked = append(locked, whole[20:]...)
	ole := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1016)...)
	tests := []struct {
		name   string
		data   []byte
		want   string
		read   document.Read
		reason document.Reason
	}{
		{"cut in the first sheet", whole[:len(whole)-350], "合同编号: HT-2024-001", document.Partial, document.Truncated},
		{"encrypted", locked, "", document.None, document.Encrypted},
		{"a directory of zeros", ole, "", document.None, document.Corrupt},
		{"a directory of zeros before a workbook", append(append([]byte{}, ole...), whole...), "合同编号: HT-2024-001", document.Full, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, Xls, input("a.xls", tt.data))
			if !strings.Contains(all(doc), tt.want) || doc.Read != tt.read || doc.Reason != tt.reason {
				t.Errorf("read %s, reason %q, warnings %v, got\n%s", doc.Read, doc.Reason, doc.Warnings, all(doc))
			}
		})
	}
	for name, data := range map[string][]byte{"a.xls": []byte("编号,内容\n1,甲\n"), "b.xls": []byte("PK\x03\x04"), "c.doc": ole, "d.xls": nil} {
		if Xls.Detect(input(name, data)) {
			t.Errorf("%s is taken for a workbook", name)
		}
	}
}

// TestXlsRepeats: one long string in very many cells costs no more than the limit
// on text.
func TestXlsRepeats(t *testing.T) {
	t.Parallel()
	x := &xlsBook{}
	s := x.sheet("s", 0)
	x.build()
	for r := range 200 {
		for c := range 200 {
			xlsRecord(&s.body, 0xfd, []uint16{uint16(r), uint16(c), 0}, uint32(0))
		}
	}
	data := x.build()
	var shared bytes.Buffer
	xlsRecord(&shared, 0xfc, uint32(1), uint32(1), strings.Repeat("长", 4000))
	// The strings stand behind the BOF of the globals; the sheet's place moves.
	data = append(append(append([]byte{}, data[:20]...), shared.Bytes()...), data[20:]...)
	in := input("a.xls", data)
	in.Limits.TextBytes = 1 << 20
	doc := read(t, Xls, in)
	if doc.Reason != document.TooLarge || len(doc.Sections) == 0 {
		t.Errorf("read %s, reason %q, %d sections", doc.Read, doc.Reason, len(doc.Sections))
	}
}

func TestColumnName(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 255: "IV", 16383: "XFD"} {
		if got := columnName(n); got != want {
			t.Errorf("%d is %q, not %q", n, got, want)
		}
	}
}

func FuzzXls(f *testing.F) {
	f.Add(ledger())
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.xls", data)
		in.Limits.TextBytes = 1 << 20
		doc, err := Xls.Read(context.Background(), in, func(*document.Child) error { return nil })
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
		if doc.Read != document.Full && doc.Reason == "" {
			t.Fatal("a loss without a reason")
		}
	})
}

// TestTextCalledXls: what web pages call an export to Excel is often text.
func TestTextCalledXls(t *testing.T) {
	t.Parallel()
	data := []byte("客户\t合同编号\t状态\n华信\tHT-1\t已签\n中软\tHT-2\t已签\n")
	if Xls.Detect(input("导出.xls", data)) || XML2003.Detect(input("导出.xls", data)) {
		t.Error("text is taken for a workbook")
	}
	doc := read(t, CSV, input("导出.xls", data))
	if len(doc.Sections) != 1 || !strings.Contains(doc.Sections[0].Text, "客户: 华信; 合同编号: HT-1; 状态: 已签") {
		t.Errorf("got %+v", doc.Sections)
	}
	if CSV.Detect(input("a.xls", []byte("a letter, with a comma"))) || CSV.Detect(input("a.xls", ledger())) {
		t.Error("what holds no tabs, or is no text, is taken for separated values")
	}
}
