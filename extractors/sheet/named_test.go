package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
)

func TestFilesIn(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, cell, want string }{
		{"one", "采购合同.docx", "采购合同.docx"},
		{"with blanks and brackets", "采购合同 (1).docx", "采购合同 (1).docx"},
		{"a list", "a.docx,b.pdf；c.xlsx、d.jpg|e.7z", "a.docx b.pdf c.xlsx d.jpg e.7z"},
		{"lines folded into one", "合同.docx 报价 v1.2.pdf", "合同.docx 报价 v1.2.pdf"},
		{"sizes behind the names", "合同.docx(12.3KB),报价.pdf（1.2 MB）", "合同.docx 报价.pdf"},
		{"a path", `D:\导出\附件\合同.docx`, "合同.docx"},
		{"two suffixes", "备份.tar.gz", "备份.tar.gz"},
		{"an address behind a name", "合同.docx https://x.dingtalk.com/a?b=1", "合同.docx=https://x.dingtalk.com/a?b=1"},
		{"an address alone", "https://oss.example.com/f/%E5%90%88%E5%90%8C.docx?sign=1", "合同.docx=https://oss.example.com/f/%E5%90%88%E5%90%8C.docx?sign=1"},
		{"an address that says the name", "https://x.example.com/dl?fileName=%E5%90%88%E5%90%8C.docx", "合同.docx=https://x.example.com/dl?fileName=%E5%90%88%E5%90%8C.docx"},
		{"an address of a page", "https://x.feishu.cn/docx/abc", "=https://x.feishu.cn/docx/abc"},
		{"two addresses", "https://a.example/1.pdf,https://a.example/2.pdf", "1.pdf=https://a.example/1.pdf 2.pdf=https://a.example/2.pdf"},
		{"numbers", "版本 1.2，合计 3.50", ""},
		{"an address of a person", "li@example.com", ""},
		{"words", "见纸质件", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range filesIn(tt.cell) {
			if f.url != "" {
				f.name += "=" + f.url
			}
			got = append(got, f.name)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q", tt.name, s)
		}
	}
}

// told writes the files that a document's rows name.
func namedIn(d *document.Document) string {
	var b strings.Builder
	for _, n := range d.Named {
		at := fmt.Sprint(n.Position.Line)
		if n.Position.Rows != nil {
			at = fmt.Sprintf("%s %d", n.Position.Sheet, n.Position.Rows[0])
		}
		sign := "?"
		if n.Attached {
			sign = "+"
		}
		fmt.Fprintf(&b, "%s%s %s %s\n", sign, at, n.Name, n.URL)
	}
	return b.String()
}

// TestNamedFiles reads lists as DingTalk, WeCom and Feishu export approvals.
func TestNamedFiles(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) error {
		err := fill(f, "Sheet1",
			[]any{"审批编号", "标题", "金额", "附件名称", "文件名"},
			[]any{"202401", "采购", "350,000", "采购合同.docx\n报价单.pdf", "main.go"},
			[]any{"202402", "差旅", "1,200", "点击下载", ""},
			[]any{"202403", "用章", "0", "盖章.pdf", ""})
		if err == nil {
			err = f.SetCellHyperLink("Sheet1", "D3", `附件\发票.ofd`, "External")
		}
		if err == nil {
			err = f.SetCellHyperLink("Sheet1", "D4", "https://x.dingtalk.com/1", "External")
		}
		return err
	})
	d := read(t, Xlsx, input("审批.xlsx", data))
	want := "+Sheet1 2 采购合同.docx \n+Sheet1 2 报价单.pdf \n?Sheet1 2 main.go \n+Sheet1 4 盖章.pdf https://x.dingtalk.com/1\n+Sheet1 3 发票.ofd \n"
	if got := namedIn(d); got != want {
		t.Errorf("xlsx: %s", got)
	}
	if got := all(d); !strings.Contains(got, "D3: 附件\\发票.ofd\nD4: https://x.dingtalk.com/1") {
		t.Errorf("addresses: %s", got)
	}
	d = read(t, CSV, input("审批.csv", []byte("审批编号,标题,附件\n1,采购,\"a.docx\nb.pdf\"\n2,差旅,\n3,用章,c.pdf\n")))
	if got := namedIn(d); got != "+2 a.docx \n+2 b.pdf \n+5 c.pdf \n" {
		t.Errorf("csv: %s", got)
	}
	d = read(t, HTML, input("审批.xls", []byte(`<html><table><tr><th>编号</th><th>附件</th></tr><tr><td>1</td><td><a href="files/a.docx">下载</a></td></tr><tr><td>2</td><td><a href="https://x.example/b.pdf">b.pdf</a></td></tr></table>`)))
	if got := namedIn(d); got != "+表 1 3 b.pdf https://x.example/b.pdf\n+表 1 2 a.docx \n" {
		t.Errorf("html: %s", got)
	}
	d = read(t, CSV, input("审批.csv", []byte("审批编号,附件名称,附件链接\n1,a.docx,https://x.example/f?id=1\n2,b.docx,\n")))
	if got := namedIn(d); got != "+2 a.docx https://x.example/f?id=1\n+3 b.docx \n" {
		t.Errorf("addresses in a column of their own: %s", got)
	}
	d = read(t, CSV, input("审批单.csv", []byte("审批单,,\n申请人,张三,\n附件,合同.docx,\n")))
	if got := namedIn(d); got != "+3 合同.docx \n" {
		t.Errorf("a form: %s", got)
	}
}
