package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// book makes a workbook in memory.
func book(t testing.TB, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fill writes rows from A1 down.
func fill(f *excelize.File, sheet string, rows ...[]any) error {
	for i, r := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &r); err != nil {
			return err
		}
	}
	return nil
}

func read(t testing.TB, f document.Format, in *document.Input) *document.Document {
	t.Helper()
	if !f.Detect(in) {
		t.Errorf("%s is not detected as %s", in.Name, f.Name)
	}
	doc, err := f.Read(context.Background(), in, nil)
	if err != nil {
		t.Fatalf("read %s: %v", in.Name, err)
	}
	return doc
}

func all(doc *document.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		var rows [2]int
		if s.Position.Rows != nil {
			rows = *s.Position.Rows
		}
		fmt.Fprintf(&b, "[%s %v] %s\n%s\n", s.Position.Sheet, rows, s.Heading, s.Text)
	}
	return b.String()
}

func TestTableWithTitleAndHeader(t *testing.T) {
	t.Parallel()
	doc := read(t, Xlsx, input("台账.xlsx", book(t, func(f *excelize.File) error {
		_ = f.SetSheetName("Sheet1", "合同")
		_ = f.SetDocProps(&excelize.DocProperties{Title: "合同台账", Creator: "王伟"})
		if err := fill(f, "合同", []any{"2024年合同台账"}, []any{"序号", "客户", "合同金额", "签订日期"},
			[]any{1, "华信", 350000, 45356}, []any{2, "中软", 1200000.5, 45357}); err != nil {
			return err
		}
		money, _ := f.NewStyle(&excelize.Style{NumFmt: 4})
		chinese := `yyyy"年"m"月"d"日"`
		day, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &chinese})
		_ = f.SetCellStyle("合同", "C3", "C4", money)
		return f.SetCellStyle("合同", "D3", "D4", day)
	})))
	want := "[合同 [1 4]] 2024年合同台账\n2024年合同台账\n序号 | 客户 | 合同金额 | 签订日期\n" +
		"序号: 1; 客户: 华信; 合同金额: 350,000.00; 签订日期: 2024年3月5日\n" +
		"序号: 2; 客户: 中软; 合同金额: 1,200,000.50; 签订日期: 2024年3月6日\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Title != "合同台账" || len(doc.People) != 1 || doc.Read != document.Full || doc.Fields["rows"] != "4" {
		t.Errorf("title %q, people %v, read %s, fields %v", doc.Title, doc.People, doc.Read, doc.Fields)
	}
}

func TestBuiltInChineseDates(t *testing.T) {
	t.Parallel()
	for _, format := range []int{14, 27, 31, 57, 58} {
		doc := read(t, Xlsx, input("a.xlsx", book(t, func(f *excelize.File) error {
			style, err := f.NewStyle(&excelize.Style{NumFmt: format})
			if err != nil {
				return err
			}
			_ = f.SetCellValue("Sheet1", "A1", 45356)
			return f.SetCellStyle("Sheet1", "A1", "A1", style)
		})))
		if got := all(doc); strings.Contains(got, "45356") || !strings.ContainsAny(got, "年月-") {
			t.Errorf("format %d shows %q", format, got)
		}
	}
}

func TestMergedCells(t *testing.T) {
	t.Parallel()
	doc := read(t, Xlsx, input("a.xlsx", book(t, func(f *excelize.File) error {
		err := fill(f, "Sheet1", []any{"客户", "联系人"}, []any{nil, "姓名", "电话"}, []any{"华信", "李雷", "0571-1"}, []any{nil, "韩梅", "0571-2"})
		_ = f.MergeCell("Sheet1", "B1", "C1")
		_ = f.MergeCell("Sheet1", "A1", "A2")
		_ = f.MergeCell("Sheet1", "A3", "A4")
		return err
	})))
	for _, w := range []string{"客户: 华信; 联系人/姓名: 李雷; 联系人/电话: 0571-1", "客户: 华信; 联系人/姓名: 韩梅; 联系人/电话: 0571-2"} {
		if !strings.Contains(all(doc), w) {
			t.Errorf("%q is not in\n%s", w, all(doc))
		}
	}
}

func TestHiddenSheetsCommentsAndShapes(t *testing.T) {
	t.Parallel()
	doc := read(t, Xlsx, input("a.xlsx", book(t, func(f *excelize.File) error {
		_, _ = f.NewSheet("底价")
		_ = f.SetCellValue("Sheet1", "A1", "公开")
		_ = f.SetCellValue("底价", "A1", "最低 28 万")
		_ = f.AddComment("底价", excelize.Comment{Cell: "A1", Author: "赵", Paragraph: []excelize.RichTextRun{{Text: "不要外发"}}})
		_ = f.AddShape("Sheet1", &excelize.Shape{Cell: "B2", Type: "rect", Paragraph: []excelize.RichTextRun{{Text: "流程图"}}})
		return f.SetSheetVisible("底价", false)
	})))
	for _, w := range []string{"公开", "底价（隐藏 hidden）\n最低 28 万", "批注 Comment A1", "不要外发", "流程图"} {
		if !strings.Contains(all(doc), w) {
			t.Errorf("%q is not in\n%s", w, all(doc))
		}
	}
	if doc.Fields["hidden_sheets"] != "底价" || doc.Fields["sheets"] != "2" {
		t.Errorf("fields %v", doc.Fields)
	}
}

func TestLongSheetIsCut(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) error {
		_ = f.SetSheetRow("Sheet1", "A1", &[]any{"编号", "内容"})
		for i := range 200 {
			_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{i + 1, strings.Repeat("进展", 5)})
		}
		return nil
	})
	doc := read(t, Xlsx, input("a.xlsx", data))
	last := 0
	for _, s := range doc.Sections {
		if s.Position.Rows[0] != last+1 || s.Position.Rows[1]-s.Position.Rows[0] >= sectionRows {
			t.Errorf("rows %v follow %d", *s.Position.Rows, last)
		}
		last = s.Position.Rows[1]
		if !strings.Contains(s.Text, "内容: 进展") {
			t.Errorf("section %v does not name its columns", *s.Position.Rows)
		}
	}
	if last != 201 {
		t.Errorf("the last row is %d", last)
	}
	in := input("a.xlsx", data)
	in.Limits.Rows = 50
	if doc := read(t, Xlsx, in); doc.Reason != document.TooMany || doc.Sections[len(doc.Sections)-1].Position.Rows[1] != 50 {
		t.Errorf("with a limit of 50 rows: %q, %v", doc.Reason, *doc.Sections[len(doc.Sections)-1].Position.Rows)
	}
	in = input("a.xlsx", data)
	in.Limits.TextBytes = 2000
	if doc := read(t, Xlsx, in); doc.Reason != document.TooLarge {
		t.Errorf("with a limit of text: %q", doc.Reason)
	}
}

// repack writes a package anew with changes to its parts; nil drops a part.
func repack(t testing.TB, data []byte, change func(name string, body []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, _ := f.Open()
		body, _ := io.ReadAll(r)
		if body = change(f.Name, body); body == nil {
			continue
		}
		p, _ := w.Create(f.Name)
		_, _ = p.Write(body)
	}
	_ = w.Close()
	return out.Bytes()
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	whole := book(t, func(f *excelize.File) error {
		_, _ = f.NewSheet("第二")
		_ = f.SetCellValue("第二", "A1", "第二张表")
		return fill(f, "Sheet1", []any{"甲方", "乙方"}, []any{"华信", "中软"}, []any{"华信", "东软"})
	})
	tests := []struct {
		name   string
		data   []byte
		want   string
		reason document.Reason
		read   document.Read
	}{
		{"a picture that does not unpack", damagePicture(t, whole), "甲方: 华信", "", document.Full},
		{"the sheet ends in the middle", repack(t, whole, func(n string, b []byte) []byte {
			if n == "xl/worksheets/sheet1.xml" {
				return b[:bytes.Index(b, []byte(`<row r="3"`))]
			}
			return b
		}), "第二张表", document.Truncated, document.Partial},
		{"one sheet is missing", repack(t, whole, func(n string, b []byte) []byte {
			if n == "xl/worksheets/sheet1.xml" {
				return nil
			}
			return b
		}), "第二张表", document.Corrupt, document.Partial},
		{"the workbook is missing", repack(t, whole, func(n string, b []byte) []byte {
			if n == "xl/workbook.xml" {
				return nil
			}
			return b
		}), "", document.Corrupt, document.None},
		{"a document type", repack(t, whole, func(n string, b []byte) []byte {
			if n == "xl/worksheets/sheet1.xml" {
				return append([]byte(`<!DOCTYPE x [<!ENTITY a "aaa">]>`), b...)
			}
			return b
		}), "", document.DTD, document.None},
		{"a string that is not there", repack(t, whole, func(n string, b []byte) []byte {
			if n == "xl/worksheets/sheet1.xml" {
				return bytes.Replace(b, []byte("<v>2</v>"), []byte("<v>999999</v>"), 1)
			}
			return b
		}), "东软", "", document.Full},
		{"the directory is lost", whole[:bytes.LastIndex(whole, []byte("PK\x01\x02"))][:len(whole)-900], "", document.Truncated, document.Partial},
		{"the beginning only", whole[:60], "", document.Truncated, document.None},
		{"not a workbook", append([]byte("PK\x03\x04"), bytes.Repeat([]byte("x"), 500)...), "", document.Truncated, document.None},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := Xlsx.Read(context.Background(), input("a.xlsx", tt.data), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(all(doc), tt.want) {
				t.Errorf("%q is not in\n%s", tt.want, all(doc))
			}
			if doc.Reason != tt.reason || doc.Read != tt.read {
				t.Errorf("read %s, reason %q, warnings %v", doc.Read, doc.Reason, doc.Warnings)
			}
		})
	}
}

// damagePicture adds a picture whose packed bytes are damaged.
func damagePicture(t testing.TB, data []byte) []byte {
	t.Helper()
	marker := []byte("MARKER-OF-THE-PICTURE")
	out := repack(t, data, func(_ string, b []byte) []byte { return b })
	z, _ := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		_ = w.Copy(f)
	}
	p, _ := w.CreateHeader(&zip.FileHeader{Name: "xl/media/image1.png", Method: zip.Store, Modified: time.Unix(0, 0)})
	_, _ = p.Write(marker)
	_ = w.Close()
	broken := b.Bytes()
	copy(broken[bytes.Index(broken, marker):], "BROKEN")
	return broken
}

func TestBomb(t *testing.T) {
	t.Parallel()
	data := repack(t, book(t, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", "x") }), func(n string, b []byte) []byte {
		if n == "xl/worksheets/sheet1.xml" {
			return append(b, bytes.Repeat([]byte(" "), 40<<20)...)
		}
		return b
	})
	in := input("a.xlsx", data)
	doc := read(t, Xlsx, in)
	if doc.Reason != document.Bomb {
		t.Errorf("reason %q, warnings %v", doc.Reason, doc.Warnings)
	}
}

func TestHugeDimension(t *testing.T) {
	t.Parallel()
	data := repack(t, book(t, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "XFD1048576", "最后一格") }), func(n string, b []byte) []byte {
		if n == "xl/worksheets/sheet1.xml" {
			return bytes.Replace(b, []byte("<sheetData>"), []byte(`<dimension ref="A1:XFD1048576"/><sheetData>`), 1)
		}
		return b
	})
	doc := read(t, Xlsx, input("a.xlsx", data))
	if !strings.Contains(all(doc), "[Sheet1 [1048576 1048576]] Sheet1\n最后一格") {
		t.Errorf("got %s", all(doc))
	}
}

func TestEncrypted(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_ = f.SetCellValue("Sheet1", "A1", "机密报价")
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "mima"}); err != nil {
		t.Fatal(err)
	}
	format := ooxml.Unwrap(Xlsx)
	doc := read(t, format, input("a.xlsx", b.Bytes()))
	if doc.Reason != document.Encrypted || doc.Kind != document.KindSheet {
		t.Errorf("without a password: %+v", doc)
	}
	in := input("a.xlsx", b.Bytes())
	in.Passwords = []string{"falsch", "mima"}
	if doc := read(t, format, in); !strings.Contains(all(doc), "机密报价") || doc.MediaType != Xlsx.MediaType {
		t.Errorf("with the password: %+v", doc)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Xlsx.Read(ctx, input("a.xlsx", book(t, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", "x") })), nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzXlsx(f *testing.F) {
	whole := book(f, func(f *excelize.File) error {
		_ = f.MergeCell("Sheet1", "A2", "A3")
		return fill(f, "Sheet1", []any{"甲方", "乙方"}, []any{"华信", 1}, []any{"", 2.5})
	})
	stored := repackStored(f, whole)
	f.Add(whole)
	f.Add(stored)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Xlsx.Read(context.Background(), input("a.xlsx", data), nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
		if doc.Read != document.Full && doc.Reason == "" {
			t.Fatal("a loss without a reason")
		}
	})
}

// repackStored keeps the parts unpacked, so that a fuzzer can reach the XML.
func repackStored(t testing.TB, data []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if !needed(strings.ToLower(f.Name)) {
			continue
		}
		r, _ := f.Open()
		p, _ := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		_, _ = io.Copy(p, r)
	}
	_ = w.Close()
	return out.Bytes()
}
