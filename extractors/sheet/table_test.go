package sheet

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"guidang/extractors/document"
)

func TestTable(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"a header and numbers", "名称|数量\n服务器|3\n交换机|12", "名称 | 数量\n名称: 服务器; 数量: 3\n名称: 交换机; 数量: 12\n"},
		{"a header over words only", "姓名|部门|职务\n李雷|研发|经理\n韩梅|市场|专员", "姓名 | 部门 | 职务\n姓名: 李雷; 部门: 研发; 职务: 经理\n姓名: 韩梅; 部门: 市场; 职务: 专员\n"},
		{"a form is no table", "客户名称：|华信\n联系电话：|0571-88\n合同金额：|350,000", "客户名称： | 华信\n联系电话： | 0571-88\n合同金额： | 350,000\n"},
		{"a form without colons", "客户|华信\n金额|350,000\n签订|2024-03-05\n备注|无", "客户 | 华信\n金额 | 350,000\n签订 | 2024-03-05\n备注 | 无\n"},
		{"numbers only", "1|2\n3|4", "1 | 2\n3 | 4\n"},
		{"equal names are no header", "甲|甲\n1|2\n3|4", "甲 | 甲\n1 | 2\n3 | 4\n"},
		{"one row", "甲|乙", "甲 | 乙\n"},
		{"months as columns", "科目|2024年1月|2024年2月\n差旅|100|200\n餐饮|50|60", "科目 | 2024年1月 | 2024年2月\n科目: 差旅; 2024年1月: 100; 2024年2月: 200\n科目: 餐饮; 2024年1月: 50; 2024年2月: 60\n"},
		{"a blank row within a table", "名称|数量\n甲|1\n乙|2\n\n丙|3\n丁|4", "名称 | 数量\n名称: 甲; 数量: 1\n名称: 乙; 数量: 2\n~名称: 丙; 数量: 3\n名称: 丁; 数量: 4\n"},
		{"two tables", "名称|数量\n甲|1\n乙|2\n\n日期|金额|经办\n2024-01-02|100|李\n2024-02-03|300|王", "名称 | 数量\n名称: 甲; 数量: 1\n名称: 乙; 数量: 2\n~日期 | 金额 | 经办\n日期: 2024-01-02; 金额: 100; 经办: 李\n日期: 2024-02-03; 金额: 300; 经办: 王\n"},
		{"English", "Item|Price|Due\nSupport|$1,200|2024-05-01\nLicence|$900|2024-06-01", "Item | Price | Due\nItem: Support; Price: $1,200; Due: 2024-05-01\nItem: Licence; Price: $900; Due: 2024-06-01\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			tab := &table{merges: newMerges(nil), emit: func(_, _ int, _, text string) { got = append(got, text) }}
			for i, l := range strings.Split(tt.in, "\n") {
				tab.add(row{i + 1, strings.Split(l, "|")})
			}
			tab.finish()
			if s := strings.Join(got, "~"); s != tt.want {
				t.Errorf("got\n%s\nwant\n%s", s, tt.want)
			}
		})
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"合同\n金额": "合同金额", "net\r\nprice": "net price", " a\tb ": "a b", "甲\nb": "甲 b", "\n甲": "甲"} {
		if got := oneLine(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestMergeRefsAcrossPieces(t *testing.T) {
	t.Parallel()
	sheet := []byte(strings.Repeat("<row/>", 50) + `<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="C3:C9"/></mergeCells></worksheet>`)
	for cut := range sheet {
		refs, keep := mergeRefs(sheet[:cut], nil, false)
		refs, _ = mergeRefs(sheet[cut-keep:], refs, true)
		if fmt.Sprint(refs) != "[A1:B2 C3:C9]" {
			t.Fatalf("cut at %d: %v", cut, refs)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	text := "客户,金额,备注\r\n华信,\"350,000\",\"分两期\r\n支付\"\r\n中软,120,\r\n"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(text)
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	want := "客户 | 金额 | 备注\n客户: 华信; 金额: 350,000; 备注: 分两期支付\n客户: 中软; 金额: 120"
	for name, data := range map[string]string{
		"utf-8": text, "bom": "\ufeff" + text, "gbk": gbk, "utf-16": wide,
		"tabs": "客户\t金额\t备注\n华信\t350,000\t分两期支付\n中软\t120\t\n", "semicolons": "客户;金额;备注\n华信;350,000;分两期支付\n中软;120;\n",
		"excel's note": "sep=;\n客户;金额;备注\n华信;350,000;分两期支付\n中软;120;\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, CSV, input("a.csv", []byte(data)))
			if len(doc.Sections) != 1 || doc.Sections[0].Text != want || doc.Sections[0].Position.Line != 1 {
				t.Errorf("got %+v", doc.Sections)
			}
		})
	}
}

func TestCSVOddities(t *testing.T) {
	t.Parallel()
	if CSV.Detect(input("a.csv", []byte("PK\x03\x04\x00\x00\x00\x00"))) {
		t.Error("a zip named .csv is detected")
	}
	if CSV.Detect(input("a.txt", []byte("a,b\n1,2\n"))) {
		t.Error("a text with commas is detected")
	}
	doc := read(t, CSV, input("a.csv", []byte("a,b\n1,\"never closed\n2,3\n")))
	if !strings.Contains(doc.Sections[0].Text, "never closed") {
		t.Errorf("got %+v", doc.Sections)
	}
	in := input("a.csv", []byte(strings.Repeat("a,b\n", 100)))
	in.Limits.Rows = 10
	if doc := read(t, CSV, in); doc.Reason != document.TooMany {
		t.Errorf("reason %q", doc.Reason)
	}
	doc = read(t, CSV, input("a.csv", []byte("名称,数量\n甲,1\n乙,2\n\n\n丙,3\n")))
	if n := len(doc.Sections); n != 2 || doc.Sections[1].Position.Line != 6 || doc.Sections[1].Text != "名称: 丙; 数量: 3" {
		t.Errorf("got %+v", doc.Sections)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n\"1\",2\n"))
	f.Add([]byte("sep=;\n客户;金额\n华信;1\n\n;\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := CSV.Read(context.Background(), input("a.csv", data), nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
