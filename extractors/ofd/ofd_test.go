package ofd

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
}

func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write([]byte(parts[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// invoice is a small electronic invoice: pieces in no order, a template, a stamp,
// tags that name its fields, an attachment.
func invoice(t testing.TB) []byte {
	t.Helper()
	return pack(t,
		"OFD.xml", `<ofd:OFD><ofd:DocBody><ofd:DocInfo><ofd:Title>电子发票</ofd:Title><ofd:Author>税务局</ofd:Author><ofd:CreationDate>2024-03-05</ofd:CreationDate><ofd:Creator>开票软件</ofd:Creator><ofd:CustomDatas><ofd:CustomData Name="发票代码">050001700111</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
		"Doc_0/Document.xml", `<ofd:Document><ofd:CommonData><ofd:TemplatePage ID="2" BaseLoc="Tpls/T.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:Annotations>/Doc_0/Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>`,
		"Doc_0/Tpls/T.xml", `<ofd:Page><ofd:Content><ofd:Layer><ofd:TextObject ID="20" Boundary="10 20 30 6" Size="4"><ofd:TextCode X="0" Y="4">开票日期：</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>`,
		"Doc_0/Pages/Page_0/Content.xml", `<ofd:Page><ofd:Template TemplateID="2"/><ofd:Content><ofd:Layer>
<ofd:TextObject ID="31" Boundary="40 20 40 6" Size="4"><ofd:TextCode X="0" Y="4">2024年03月05日</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="32" Boundary="100 40 30 6" Size="4"><ofd:TextCode X="0" Y="4">350,000.00</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="30" Boundary="10 10 40 6" Size="4"><ofd:TextCode X="0" Y="4">增值税</ofd:TextCode><ofd:TextCode X="12">电子发票</ofd:TextCode></ofd:TextObject>
<ofd:PageBlock><ofd:TextObject ID="33" Boundary="10 40 40 6" Size="4"><ofd:TextCode X="0" Y="4.2">软件开发服务</ofd:TextCode></ofd:TextObject></ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>`,
		"Doc_0/Annots/Annotations.xml", `<ofd:Annotations><ofd:Page PageID="1"><ofd:FileLoc>Page_0/A.xml</ofd:FileLoc></ofd:Page><ofd:Page PageID="9"><ofd:FileLoc>none.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`,
		"Doc_0/Annots/Page_0/A.xml", `<ofd:PageAnnot><ofd:Annot><ofd:Appearance><ofd:TextObject ID="1" Boundary="10 90 40 6" Size="4"><ofd:TextCode X="0" Y="4">监制章</ofd:TextCode></ofd:TextObject></ofd:Appearance></ofd:Annot></ofd:PageAnnot>`,
		"Doc_0/Attachs/Attachments.xml", `<ofd:Attachments><ofd:Attachment ID="1" Name="original_invoice" Format="xml"><ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachment><ofd:Attachment ID="2" Name="lost"><ofd:FileLoc>lost.bin</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`,
		"Doc_0/Attachs/original_invoice.xml", `<eInvoice/>`,
		"Doc_0/Tags/CustomTags.xml", `<ofd:CustomTags><ofd:CustomTag><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>`,
		"Doc_0/Tags/CustomTag.xml", `<eInvoice><IssueDate><ObjectRef ObjectID="31" PageRef="1">31</ObjectRef></IssueDate><TaxInclusiveTotalAmount><ObjectRef PageRef="1">32</ObjectRef></TaxInclusiveTotalAmount><Unknown><ObjectRef>30</ObjectRef></Unknown></eInvoice>`)
}

func TestInvoice(t *testing.T) {
	t.Parallel()
	in := input("发票.zip", invoice(t))
	if !OFD.Detect(in) {
		t.Error("not detected")
	}
	var children []string
	doc, err := OFD.Read(context.Background(), in, func(c *document.Child) error {
		body := string(c.Reason)
		if c.Content != nil {
			b, _ := io.ReadAll(c.Content)
			body = string(b)
		}
		children = append(children, c.Name+"="+body)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "增值税电子发票\n开票日期：2024年03月05日\n软件开发服务\t350,000.00\n监制章"
	if len(doc.Sections) != 1 || doc.Sections[0].Text != want || doc.Sections[0].Position.Page != 1 {
		t.Errorf("got %+v\nwant %q", doc.Sections, want)
	}
	for field, value := range map[string]string{"invoice_date": "2024年03月05日", "invoice_total": "350,000.00", "invoice_code": "050001700111", "pages": "1", "application": "开票软件"} {
		if doc.Fields[field] != value {
			t.Errorf("%s is %q, want %q", field, doc.Fields[field], value)
		}
	}
	if doc.Title != "电子发票" || doc.Date != "2024-03-05" || doc.People[0].Name != "税务局" || doc.Language != "zh" || doc.Read != document.Full {
		t.Errorf("%+v", doc)
	}
	if got := strings.Join(children, " "); got != "original_invoice.xml=<eInvoice/> lost=corrupt" {
		t.Errorf("children %s", got)
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	whole := invoice(t)
	for _, tt := range []struct {
		name   string
		data   []byte
		reason document.Reason
		read   document.Read
	}{
		{"cut off", whole[:len(whole)/2], document.Truncated, document.None},
		{"no main part", pack(t, "OFD.xml", "<OFD/>"), document.Corrupt, document.None},
		{"pages of pictures", pack(t, "OFD.xml", "<OFD><DocRoot>D.xml</DocRoot></OFD>", "D.xml", `<Document><Pages><Page ID="1" BaseLoc="p.xml"/></Pages></Document>`, "p.xml", "<Page/>"), document.MissingEngine, document.Partial},
		{"a document type", pack(t, "OFD.xml", "<!DOCTYPE x><OFD/>"), document.DTD, document.None},
	} {
		doc, err := OFD.Read(context.Background(), input("a.ofd", tt.data), nil)
		if err != nil || doc.Reason != tt.reason || doc.Read != tt.read {
			t.Errorf("%s: read %s, reason %q, error %v", tt.name, doc.Read, doc.Reason, err)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add(`<Page><TextObject ID="1" Boundary="1 2 3 4" Size="NaN"><TextCode X="Inf" Y="1">a</TextCode></TextObject></Page>`)
	f.Fuzz(func(t *testing.T, page string) {
		data := pack(t, "OFD.xml", "<OFD><DocRoot>D.xml</DocRoot></OFD>", "D.xml", `<Document><Pages><Page ID="1" BaseLoc="p.xml"/></Pages></Document>`, "p.xml", page)
		doc, err := OFD.Read(context.Background(), input("a.ofd", data), nil)
		if err != nil || doc.Read != document.Full && doc.Reason == "" {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
