package odf

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// pack makes a package as the standard wants it: the media type first, stored.
func pack(t testing.TB, kind string, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	mime := []byte(prefix + kind)
	p, err := w.CreateRaw(&zip.FileHeader{Name: "mimetype", CRC32: crc32.ChecksumIEEE(mime), CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime))})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = p.Write(mime)
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

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
}

func all(doc *document.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "[%s%v] %s\n%s\n", s.Position.Part, s.Position.Slide, s.Heading, s.Text)
	}
	return b.String()
}

const contract = `<office:document-content><office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>旧条款</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:h text:outline-level="1">软件开发合同</text:h>
<text:p>甲方：<text:span>华信
   公司</text:span><text:s text:c="3"/>乙方<text:tab/>中软<text:change-start/>（新）<text:change-end/><text:change/><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>见附件一</text:p></text:note-body></text:note></text:p>
<text:h text:outline-level="2">付款</text:h>
<table:table><table:table-row><table:table-cell><text:p>阶段</text:p></table:table-cell><table:table-cell><text:p>金额</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>首付款</text:p><text:p>签约后</text:p></table:table-cell><table:table-cell><text:p>350,000</text:p></table:table-cell></table:table-row></table:table>
<text:list><text:list-item><text:p>验收后付清<office:annotation><dc:creator>王伟</dc:creator><dc:date>2024-03-05T10:00:00</dc:date><text:p>改为三期</text:p></office:annotation></text:p></text:list-item></text:list>
<text:p><draw:frame draw:name="a"><draw:text-box><text:p>框内文字</text:p></draw:text-box></draw:frame>框后</text:p>
</office:text></office:body></office:document-content>`

const meta = `<office:document-meta><office:meta><dc:title>合同</dc:title><meta:initial-creator>李雷</meta:initial-creator><dc:creator>韩梅</dc:creator><dc:date>2024-03-06T09:10:11.123</dc:date><meta:creation-date>2024-03-01T08:00:00</meta:creation-date><meta:keyword>合同</meta:keyword><meta:keyword>开发</meta:keyword></office:meta></office:document-meta>`

func TestText(t *testing.T) {
	t.Parallel()
	styles := `<office:document-styles><office:master-styles><style:master-page><style:header><text:p>内部资料</text:p></style:header><style:footer><text:p>第 1 页</text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`
	in := input("a.odt", pack(t, KindText, "content.xml", contract, "meta.xml", meta, "styles.xml", styles))
	if !Text.Detect(in) || Slides.Detect(in) {
		t.Error("not detected as a text")
	}
	doc, err := Text.Read(context.Background(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "[body0] 软件开发合同\n甲方：华信 公司   乙方\t中软（新）\n[body0] 付款\n阶段\t金额\n首付款 签约后\t350,000\n验收后付清\n框内文字\n框后\n" +
		"[footnotes0] \n见附件一\n[comments0] 批注 Comment 王伟\n改为三期\n[header0] \n内部资料\n[footer0] \n第 1 页\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Title != "合同" || doc.Date != "2024-03-06" || doc.People[0].Name != "李雷" || doc.Fields["keywords"] != "合同, 开发" || doc.Fields["last_saved_by"] != "韩梅" ||
		doc.Fields["tracked_insertions"] != "1" || doc.Fields["tracked_deletions"] != "1" || doc.Language != "zh" || doc.Read != document.Full {
		t.Errorf("%+v", doc)
	}
	flat := strings.Replace(contract, "<office:document-content>", `<?xml version="1.0"?><office:document office:mimetype="`+prefix+KindText+`">`, 1)
	in = input("a.fodt", []byte(strings.Replace(flat, "</office:document-content>", "</office:document>", 1)))
	if doc, err = Text.Read(context.Background(), in, nil); err != nil || !Text.Detect(in) || !strings.HasPrefix(all(doc), want[:60]) {
		t.Errorf("flat: %v\n%s", err, all(doc))
	}
}

func TestSlides(t *testing.T) {
	t.Parallel()
	deck := `<office:document-content><office:body><office:presentation>
<draw:page draw:name="p1"><draw:frame presentation:class="title"><draw:text-box><text:p>项目汇报</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:list><text:list-item><text:p>进度正常</text:p></text:list-item></text:list></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>先讲结论</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
<draw:page draw:name="p2"><draw:custom-shape><text:p>风险</text:p></draw:custom-shape></draw:page>
</office:presentation></office:body></office:document-content>`
	in := input("a.odp", pack(t, KindSlides, "content.xml", deck))
	doc, err := Slides.Read(context.Background(), in, nil)
	if err != nil || !Slides.Detect(in) {
		t.Fatal(err)
	}
	want := "[1] 项目汇报\n进度正常\n[1] 备注 Notes\n先讲结论\n[2] \n风险\n"
	if got := all(doc); got != want || doc.Title != "项目汇报" || doc.Fields["slides"] != "2" {
		t.Errorf("got\n%s\nwant\n%s, title %q", got, want, doc.Title)
	}
	in.Limits.Pages = 1
	if doc, _ := Slides.Read(context.Background(), in, nil); doc.Reason != document.TooMany || strings.Contains(all(doc), "风险") {
		t.Errorf("with a limit of one slide: %s\n%s", doc.Reason, all(doc))
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	locked := pack(t, KindText, "content.xml", "noise", "META-INF/manifest.xml", `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`)
	whole := pack(t, KindText, "content.xml", contract)
	for _, tt := range []struct {
		name   string
		data   []byte
		reason document.Reason
		read   document.Read
	}{
		{"encrypted", locked, document.Encrypted, document.None},
		{"cut off", whole[:len(whole)/2], document.Truncated, document.None},
		{"a document type", pack(t, KindText, "content.xml", "<!DOCTYPE a>"+contract), document.DTD, document.None},
		{"content that ends", pack(t, KindText, "content.xml", contract[:strings.Index(contract, "付款")+8]), document.Corrupt, document.Partial},
	} {
		doc, err := Text.Read(context.Background(), input("a.odt", tt.data), nil)
		if err != nil || doc.Reason != tt.reason || doc.Read != tt.read {
			t.Errorf("%s: read %s, reason %q, error %v", tt.name, doc.Read, doc.Reason, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	long := pack(t, KindText, "content.xml", strings.Replace(contract, "<text:list>", strings.Repeat("<text:p>长</text:p>", 2000)+"<text:list>", 1))
	if _, err := Text.Read(ctx, input("a.odt", long), nil); err == nil {
		t.Error("a cancelled reading has no error")
	}
}

func TestPackedByHand(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range [][2]string{{"content.xml", contract}, {"mimetype", prefix + KindText}} {
		f, _ := w.Create(p[0])
		_, _ = f.Write([]byte(p[1]))
	}
	_ = w.Close()
	if !Text.Detect(input("a.odt", b.Bytes())) || Text.Detect(input("a.zip", b.Bytes())) {
		t.Error("known by its name only")
	}
}

func FuzzText(f *testing.F) {
	f.Add(contract)
	f.Add("<a><text:p>x<office:annotation><text:p>y")
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range []document.Format{Text, Slides} {
			doc, err := format.Read(context.Background(), input("a.fodt", []byte(s)), nil)
			if err != nil || doc == nil || doc.Read != document.Full && doc.Reason == "" {
				t.Fatalf("document %v, error %v", doc, err)
			}
		}
	})
}
