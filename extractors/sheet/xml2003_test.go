package sheet

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

const xmlLedger = `<?xml version="1.0" encoding="ENC"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
 <DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Title>合同台账</Title><Author>王伟</Author><LastSaved>2024-03-06T01:02:03Z</LastSaved></DocumentProperties>
 <Styles><Style ss:ID="d"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></Style><Style ss:ID="m"><NumberFormat ss:Format="Standard"/></Style></Styles>
 <Worksheet ss:Name="合同"><Table>
  <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">2024年合同台账</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">客户</Data></Cell><Cell><Data ss:Type="String">编号</Data></Cell><Cell><Data ss:Type="String">金额</Data></Cell><Cell><Data ss:Type="String">签订日期</Data></Cell></Row>
  <Row><Cell ss:MergeDown="1"><Data ss:Type="String">华信</Data><Comment ss:Author="赵"><ss:Data xmlns="http://www.w3.org/TR/REC-html40"><B>价格</B>再谈</ss:Data></Comment></Cell><Cell><Data ss:Type="String">HT-1</Data></Cell><Cell ss:StyleID="m"><Data ss:Type="Number">350000</Data></Cell><Cell ss:StyleID="d"><Data ss:Type="DateTime">2024-03-05T00:00:00.000</Data></Cell></Row>
  <Row><Cell ss:Index="2"><Data ss:Type="String">HT-2</Data></Cell><Cell ss:Index="4"><Data ss:Type="DateTime">2024-03-06T14:30:00.000</Data></Cell></Row>
  <Row ss:Index="9"><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><Font>已</Font><B>验收</B></ss:Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="底价"><Table><Row><Cell><Data ss:Type="String">最低 28 万</Data></Cell></Row></Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>`

const xmlLedgerShown = `[合同 [1 4]] 2024年合同台账
2024年合同台账
客户 | 编号 | 金额 | 签订日期
客户: 华信; 编号: HT-1; 金额: 350,000.00; 签订日期: 2024年3月5日
客户: 华信; 编号: HT-2; 签订日期: 2024-03-06 14:30:00
[合同 [9 9]] 合同
客户: 已验收; 编号: TRUE
[底价 [1 1]] 底价（隐藏 hidden）
最低 28 万
[合同 [3 3]] 批注 Comment A3
赵: 价格再谈
`

func TestXML2003(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(strings.Replace(xmlLedger, "ENC", "GB2312", 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"UTF-8": strings.Replace(xmlLedger, "ENC", "UTF-8", 1), "GBK": gbk, "prefix": strings.NewReplacer("ENC", "UTF-8", "<Workbook ", "<ss:Workbook ", "</Workbook>", "</ss:Workbook>").Replace(xmlLedger)} {
		doc := read(t, XML2003, input("a.xls", []byte(data)))
		if got := all(doc); got != xmlLedgerShown {
			t.Errorf("%s: got\n%s", name, got)
		}
		if doc.Title != "合同台账" || doc.People[0].Name != "王伟" || doc.Date != "2024-03-06T01:02:03Z" || doc.Read != document.Full || doc.Fields["hidden_sheets"] != "底价" || doc.Fields["rows"] != "6" {
			t.Errorf("%s: %+v", name, doc)
		}
	}
	whole := strings.Replace(xmlLedger, "ENC", "UTF-8", 1)
	in := input("a.xml", []byte(whole))
	in.Limits.Rows = 3
	if doc := read(t, XML2003, in); doc.Reason != document.TooMany || doc.Fields["rows"] != "3" {
		t.Errorf("with a limit of rows: %q, %v", doc.Reason, doc.Fields)
	}
	if doc := read(t, XML2003, input("a.xml", []byte(strings.Replace(whole, "<Workbook", `<!DOCTYPE x [<!ENTITY a "b">]><Workbook`, 1)))); doc.Reason != document.DTD || doc.Read != document.None {
		t.Errorf("with a document type: %s %q", doc.Read, doc.Reason)
	}
	odd := strings.Replace(whole, "HT-1", "H\x01T&#x1;-&#10;1", 1)
	if doc := read(t, XML2003, input("a.xml", []byte(odd))); doc.Read != document.Full || !strings.Contains(all(doc), "编号: H T - 1;") {
		t.Errorf("with control characters: %s %q\n%s", doc.Read, doc.Reason, all(doc))
	}
	cut := whole[:strings.Index(whole, "HT-2")]
	if doc := read(t, XML2003, input("a.xml", []byte(cut))); !strings.Contains(all(doc), "350,000.00") || doc.Reason != document.Truncated {
		t.Errorf("cut off: %s %q\n%s", doc.Read, doc.Reason, all(doc))
	}
	for _, other := range []string{"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "<?xml version=\"1.0\"?><project/>", "序号,urn:schemas-microsoft-com:office:spreadsheet"} {
		if XML2003.Detect(input("a.xls", []byte(other))) {
			t.Errorf("%q is taken for a workbook", other)
		}
	}
}

func TestDayNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"1900-01-01T00:00:00.000": 1, "1900-03-01T00:00:00.000": 61, "1899-12-31T12:00:00.000": 0.5, "2024-03-05": 45356} {
		if got, ok := dayNumber(text); !ok || got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func FuzzXML2003(f *testing.F) {
	f.Add([]byte(xmlLedger))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.xml", data)
		in.Limits.TextBytes = 1 << 20
		doc, err := XML2003.Read(context.Background(), in, nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
		if doc.Read != document.Full && doc.Reason == "" {
			t.Fatal("a loss without a reason")
		}
	})
}
