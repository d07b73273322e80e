package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// ledgerOf makes an .xlsx of rows of ten cells: numbers, dates, and strings of
// which three are different in each row.
func ledgerOf(tb testing.TB, rows int) []byte {
	tb.Helper()
	small := book(tb, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", "x") })
	var sheet, texts bytes.Buffer
	sheet.WriteString("<worksheet><sheetData>")
	for r := 1; r <= rows; r++ {
		fmt.Fprintf(&sheet, `<row r="%d">`, r)
		for c := range 10 {
			if c < 3 {
				fmt.Fprintf(&sheet, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+c, r, (r-1)*3+c)
				fmt.Fprintf(&texts, "<si><t>客户%d第%d列</t></si>", r, c)
				continue
			}
			fmt.Fprintf(&sheet, `<c r="%c%d"><v>%d.5</v></c>`, 'A'+c, r, r*c)
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData></worksheet>")
	data := repack(tb, small, func(name string, b []byte) []byte {
		if name == "xl/worksheets/sheet1.xml" {
			return sheet.Bytes()
		}
		return b
	})
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if f.Name != "xl/sharedStrings.xml" {
			_ = w.Copy(f)
		}
	}
	p, _ := w.Create("xl/sharedStrings.xml")
	_, _ = fmt.Fprintf(p, "<sst>%s</sst>", texts.Bytes())
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkXlsx(b *testing.B) {
	data := ledgerOf(b, 20_000)
	b.ReportAllocs()
	for b.Loop() {
		doc, err := Xlsx.Read(context.Background(), input("a.xlsx", data), nil)
		if err != nil || doc.Fields["rows"] != "20000" {
			b.Fatal(doc, err)
		}
	}
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
}

func BenchmarkXls(b *testing.B) {
	x := &xlsBook{}
	rows := make([][]any, 20_000)
	for r := range rows {
		for c := range 10 {
			rows[r] = append(rows[r], float64(r*c)+0.5)
		}
	}
	x.sheet("合同", 0, rows...)
	data := x.build()
	b.ReportAllocs()
	for b.Loop() {
		doc, err := Xls.Read(context.Background(), input("a.xls", data), nil)
		if err != nil || doc.Fields["rows"] != "20000" {
			b.Fatal(doc, err)
		}
	}
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
}
