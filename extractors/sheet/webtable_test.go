package sheet

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

const exported = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=ENC"><title>缺陷列表</title><style>td{color:red}</style></head><body>
<table border=1><tr><th colspan="3">OMS 缺陷 2025-09</th></tr><tr><th>编号<th>标题<th>状态</tr>
<tr><td rowspan=2>BUG-001<td>导出<br>超时<td>已关闭
<tr><td>金额&nbsp;&lt;0<td>处理中</tr>
<tr><td>BUG-002</td><td><table><tr><td>内</td><td>表</td></tr></table></td><td>新建</td></tr></table>
<p>说明</p><table><tr><td>合计</td><td>2</td></tr></table></body></html>`

func TestPagesCalledWorkbooks(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(strings.Replace(exported, "ENC", "gb2312", 1))
	want := "[表 1 [1 5]] OMS 缺陷 2025-09\nOMS 缺陷 2025-09\n编号 | 标题 | 状态\n编号: BUG-001; 标题: 导出超时; 状态: 已关闭\n编号: BUG-001; 标题: 金额 <0; 状态: 处理中\n编号: BUG-002; 标题: 内表; 状态: 新建\n[表 2 [1 1]] 表 2\n合计 | 2\n"
	for name, data := range map[string]string{"UTF-8": strings.Replace(exported, "ENC", "utf-8", 1), "GBK": gbk} {
		doc := read(t, HTML, input("缺陷.xls", []byte(data)))
		if got := all(doc); got != want || doc.Title != "缺陷列表" || doc.Fields["rows"] != "6" || doc.Kind != document.KindSheet {
			t.Errorf("%s: %q %v got\n%s\nwant\n%s", name, doc.Title, doc.Fields, got, want)
		}
	}
	if HTML.Detect(input("a.html", []byte(exported))) {
		t.Error("a page under its own name is a workbook")
	}
	if doc := read(t, HTML, input("a.xls", []byte("<html><body><p>没有表格</p></body></html>"))); doc.Kind != document.KindDocument || len(doc.Sections) != 1 {
		t.Errorf("a page without a table: %+v", doc)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add(exported)
	f.Add("<table><tr><td colspan=99999999 rowspan=99999999>a<table><tr><td>")
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := HTML.Read(context.Background(), input("a.xls", []byte(s)), nil)
		if err != nil || doc == nil || doc.Read != document.Full && doc.Reason == "" {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
