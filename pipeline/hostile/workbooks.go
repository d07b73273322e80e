package hostile

import (
	"bytes"
	"strconv"
)

func number(n int) string { return strconv.Itoa(n) }

const sheetNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// xlsx is a workbook of one sheet, whose data and strings may be anything.
func xlsx(sheet, shared string) []byte {
	return zipped(
		packed("[Content_Types].xml", []byte(contentTypes+`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`+
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`+
			`<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`)),
		packed("_rels/.rels", []byte(relations+`<Relationship Id="r1" Type="`+relType+`officeDocument" Target="xl/workbook.xml"/></Relationships>`)),
		packed("xl/workbook.xml", []byte(`<workbook `+sheetNS+` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="合同" sheetId="1" r:id="s"/></sheets></workbook>`)),
		packed("xl/_rels/workbook.xml.rels", []byte(relations+`<Relationship Id="s" Type="`+relType+`worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="`+relType+`sharedStrings" Target="sharedStrings.xml"/></Relationships>`)),
		packed("xl/sharedStrings.xml", []byte(shared)),
		packed("xl/worksheets/sheet1.xml", []byte(sheet)))
}

func cells(dimension, data string) string {
	return `<worksheet ` + sheetNS + `><dimension ref="` + dimension + `"/><sheetData>` + data + `</sheetData></worksheet>`
}

func inline(ref, s string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>`
}

const noStrings = `<sst ` + sheetNS + `/>`

// workbooks are Excel's newer files and CSV.
func workbooks() []File {
	return []File{
		{Class: "workbook that claims every cell there can be", Name: "sheet/dimension.xlsx", Want: []string{"indexed"}, Finds: "最后一格", Make: fixed(func() []byte {
			return xlsx(cells("A1:XFD1048576", `<row r="1">`+inline("A1", "第一格")+`</row><row r="1048576">`+inline("XFD1048576", "最后一格")+`</row>`), noStrings)
		})},
		{Class: "rows and cells numbered beyond what there can be", Name: "sheet/rows.xlsx", Want: []string{"indexed", "partial corrupt", "partial too-many", "quarantined corrupt", "quarantined too-many"}, Make: fixed(func() []byte {
			return xlsx(cells("A1", `<row r="4294967295">`+inline("ZZZZZZZ4294967295", "远处")+`</row><row r="-1">`+inline("A-1", "负数")+`</row>`), noStrings)
		})},
		{Class: "string table that claims 4 billion strings", Name: "sheet/strings.xlsx", Want: []string{"indexed", "partial corrupt"}, Finds: "串表之内", Make: fixed(func() []byte {
			return xlsx(cells("A1:A3", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>999999999</v></c><c r="C1" t="s"><v>-5</v></c></row>`),
				`<sst `+sheetNS+` count="4294967295" uniqueCount="4294967295"><si><t>串表之内的文字</t></si></sst>`)
		})},
		{Class: "60,000 cells of one long string", Name: "sheet/long.xlsx", Want: []string{"partial too-large", "partial time-limit", "partial too-many"}, Make: fixed(func() []byte {
			var b bytes.Buffer
			for n := range 60_000 {
				b.WriteString(`<row r="` + number(n+1) + `"><c r="A` + number(n+1) + `" t="s"><v>0</v></c></row>`)
			}
			return xlsx(cells("A1:A60000", b.String()), `<sst `+sheetNS+`><si><t>`+repeat("长字符串", 5000)+`</t></si></sst>`)
		})},
		{Class: "entities in a workbook's strings", Name: "sheet/laughs.xlsx", Want: []string{"partial dtd", "quarantined dtd", "partial corrupt", "quarantined corrupt"}, Make: fixed(func() []byte {
			return xlsx(cells("A1", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`), laughs()+`<sst `+sheetNS+`><si><t>&a9;</t></si></sst>`)
		})},
		{Class: "merged cells over the whole sheet, ten thousand times", Name: "sheet/merged.xlsx", Want: []string{"indexed", "partial too-many", "partial corrupt"}, Finds: "合并起来", Make: fixed(func() []byte {
			return xlsx(`<worksheet `+sheetNS+`><sheetData><row r="1">`+inline("A1", "合并起来的格")+`</row></sheetData><mergeCells>`+repeat(`<mergeCell ref="A1:XFD1048576"/>`, 10_000)+`</mergeCells></worksheet>`, noStrings)
		})},
		{Class: "workbook whose sheet is not there", Name: "sheet/missing.xlsx", Want: []string{"final"}, Make: fixed(func() []byte {
			z := xlsx(cells("A1", ""), noStrings)
			return bytes.ReplaceAll(z, []byte("xl/worksheets/sheet1.xml"), []byte("xl/worksheets/sheet9.xml"))
		})},
		{Class: "CSV of formulas", Name: "sheet/formulas.csv", Want: []string{"indexed"}, Finds: "公式客户", Make: text("客户,备注\n公式客户,=cmd|' /C calc'!A0\n乙,+1+1\n丙,-2\n丁,@SUM(A1)\n")},
		{Class: "CSV whose quote never closes", Name: "sheet/quote.csv", Want: []string{"indexed", "partial corrupt", "partial truncated"}, Make: text("a,b\n1,\"" + repeat("没有关上的引号,\n", 60_000))},
		{Class: "CSV of one row of a million cells", Name: "sheet/wide.csv", Want: []string{"indexed", "partial too-many", "partial too-large", "partial time-limit"}, Make: fixed(func() []byte { return bytes.Repeat([]byte("1,"), 1_000_000) })},
	}
}
