package sheet

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
)

func TestNamesHeadersAndCharts(t *testing.T) {
	t.Parallel()
	doc := read(t, Xlsx, input("a.xlsx", book(t, func(f *excelize.File) error {
		err := fill(f, "Sheet1", []any{"月份", "金额"}, []any{"一月", 100}, []any{"二月", 200})
		_ = f.SetDefinedName(&excelize.DefinedName{Name: "合同总额", RefersTo: "Sheet1!$B$2:$B$3"})
		_ = f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddHeader: `&C&"宋体,常规"华信公司 内部资料`, OddFooter: "&C第 &P 页"})
		_ = f.AddChart("Sheet1", "D2", &excelize.Chart{Type: excelize.Col, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: "月度回款"}}}, Series: []excelize.ChartSeries{{Name: "Sheet1!$B$1", Values: "Sheet1!$B$2:$B$3"}}})
		return err
	})))
	for _, w := range []string{"定义名称 Defined names\n合同总额 = Sheet1!$B$2:$B$3", "页眉页脚 Header and footer\n华信公司 内部资料", "图表 Chart\n月度回款"} {
		if !strings.Contains(all(doc), w) {
			t.Errorf("%q is not in\n%s", w, all(doc))
		}
	}
	if strings.Contains(all(doc), "第") || doc.Read != document.Full {
		t.Errorf("read %s\n%s", doc.Read, all(doc))
	}
}

// TestOddCells: rows and cells without numbers, text in place, dates as text,
// a string of runs, 1904.
func TestOddCells(t *testing.T) {
	t.Parallel()
	data := repack(t, book(t, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", "x") }), func(n string, b []byte) []byte {
		switch n {
		case "xl/worksheets/sheet1.xml":
			return []byte(`<worksheet><sheetData><row><c t="inlineStr"><is><r><t>合</t></r><r><t>同</t></r><rPh><t>ignored</t></rPh></is></c><c t="d"><v>2024-03-05</v></c><c/><c t="b"><v>0</v></c></row>` +
				`<row r="5"><c r="B5" s="0"><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>x</f><v>a_x000D_b</v></c></row><row r="3"><c><v>0.30000000000000004</v></c></row></sheetData></worksheet>`)
		case "xl/workbook.xml":
			return []byte(strings.Replace(string(b), "<workbookPr", `<workbookPr date1904="1"`, 1))
		}
		return b
	})
	want := "[Sheet1 [1 1]] Sheet1\n合同 | 2024-03-05 | FALSE\n[Sheet1 [5 6]] Sheet1\n2 | #N/A | a b\n0.3\n"
	if got := all(read(t, Xlsx, input("a.xlsx", data))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
