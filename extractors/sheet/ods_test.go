package sheet

import (
	"context"
	"strings"
	"testing"

	"guidang/extractors/document"
)

const flatLedger = `<?xml version="1.0" encoding="UTF-8"?><office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="合同" table:style-name="ta1"><table:shapes><draw:custom-shape><text:p>流程图</text:p></draw:custom-shape></table:shapes>
<table:table-column table:number-columns-repeated="1024"/>
<table:table-row><table:table-cell office:value-type="string"><text:p>客户</text:p></table:table-cell><table:table-cell><text:p>编号</text:p></table:table-cell><table:table-cell><text:p>金额</text:p></table:table-cell><table:table-cell table:number-columns-repeated="1021"/></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>华信</text:p></table:table-cell><table:table-cell><text:p>HT-1</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="350000"><text:p>350,000</text:p><office:annotation><dc:creator>赵</dc:creator><text:p>再谈</text:p></office:annotation></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:covered-table-cell/><table:table-cell><text:p>HT-2<text:s text:c="2"/>A</text:p><text:p>B</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="7"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:named-expressions><table:named-range table:name="总额" table:cell-range-address="$合同.$C$2"/></table:named-expressions></table:table>
<table:table table:name="底价" table:style-name="ta2"><table:table-row table:number-rows-repeated="4"/><table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2"><text:p>28 万</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>`

func TestOds(t *testing.T) {
	t.Parallel()
	doc := read(t, Ods, input("a.fods", []byte(flatLedger)))
	want := "[合同 [1 4]] 合同\n客户 | 编号 | 金额\n客户: 华信; 编号: HT-1; 金额: 350,000\n客户: 华信; 编号: HT-2  A B; 金额: 7\n编号: HT-2  A B; 金额: 7\n" +
		"[合同 [1 1]] 图形 Shapes\n流程图\n[合同 [2 2]] 批注 Comment C2\n赵: 再谈\n[底价 [5 5]] 底价（隐藏 hidden）\n28 万 | 28 万\n[ [0 0]] 定义名称 Defined names\n总额 = $合同.$C$2\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Fields["sheets"] != "2" || doc.Fields["hidden_sheets"] != "底价" || doc.Fields["rows"] != "5" || doc.Read != document.Full {
		t.Errorf("fields %v, read %s", doc.Fields, doc.Read)
	}
	in := input("a.fods", []byte(flatLedger))
	in.Limits.Rows = 2
	if doc := read(t, Ods, in); doc.Reason != document.TooMany || doc.Fields["rows"] != "2" {
		t.Errorf("with a limit of rows: %q, %v", doc.Reason, doc.Fields)
	}
	cut := flatLedger[:strings.Index(flatLedger, "HT-2")]
	if doc := read(t, Ods, input("a.fods", []byte(cut))); doc.Read != document.Partial || !strings.Contains(all(doc), "HT-1") {
		t.Errorf("cut off: %s\n%s", doc.Read, all(doc))
	}
}

// TestOdsOfRepeats: a few bytes may say that a cell stands there 17 thousand
// million times.
func TestOdsOfRepeats(t *testing.T) {
	t.Parallel()
	bomb := strings.Replace(flatLedger, `<table:table-row table:number-rows-repeated="2"><table:covered-table-cell/>`, `<table:table-row table:number-rows-repeated="99999999"><table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell>`, 1)
	in := input("a.fods", []byte(bomb))
	in.Limits.TextBytes = 1 << 20
	if doc := read(t, Ods, in); doc.Reason != document.TooLarge {
		t.Errorf("reason %q", doc.Reason)
	}
}

func FuzzOds(f *testing.F) {
	f.Add(flatLedger)
	f.Fuzz(func(t *testing.T, s string) {
		in := input("a.fods", []byte(s))
		in.Limits.Rows, in.Limits.TextBytes = 10_000, 1<<20
		doc, err := Ods.Read(context.Background(), in, nil)
		if err != nil || doc == nil || doc.Read != document.Full && doc.Reason == "" {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
