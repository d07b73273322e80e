package diagram

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"

	"guidang/extractors/document"
)

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

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
}

func TestVisio(t *testing.T) {
	t.Parallel()
	in := input("架构.vsdx", pack(t, "[Content_Types].xml", "<Types/>", "visio/document.xml", "<VisioDocument/>",
		"visio/pages/pages.xml", `<Pages xmlns:r="x"><Page ID="0" NameU="Page-1" Name="总体架构"><Rel r:id="rId2"/></Page><Page NameU="Page-2"><Rel r:id="rId1"/></Page></Pages>`,
		"visio/pages/_rels/pages.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/page" Target="page1.xml"/><Relationship Id="rId2" Type="http://x/page" Target="page2.xml"/></Relationships>`,
		"visio/pages/page1.xml", `<PageContents><Shapes><Shape><Text>部署<cp IX="0"/>图
</Text></Shape></Shapes></PageContents>`,
		"visio/pages/page2.xml", `<PageContents><Shapes><Shape><Cell V="x"/><Text>网关</Text></Shape><Shape><Text>数据库</Text></Shape></Shapes></PageContents>`))
	if !Visio.Detect(in) {
		t.Error("not detected")
	}
	doc, err := Visio.Read(context.Background(), in, nil)
	if err != nil || len(doc.Sections) != 2 || doc.Sections[0].Heading != "总体架构" || doc.Sections[0].Text != "网关\n数据库" || doc.Sections[1].Text != "部署图" || doc.Sections[1].Position.Page != 2 {
		t.Errorf("%+v, error %v", doc, err)
	}
}

func TestXMind(t *testing.T) {
	t.Parallel()
	want := "项目计划\n  需求\n    备注 Notes: 三月底前\n    访谈 [高]\n  游离\n"
	now := pack(t, "content.json", `[{"title":"画布 1","rootTopic":{"title":"项目\n计划","children":{"attached":[{"title":"需求","notes":{"plain":{"content":"三月底前"}},"children":{"attached":[{"title":"访谈","labels":["高"]}]}}],"detached":[{"title":"游离"}]}}}]`, "metadata.json", "{}")
	before := pack(t, "content.xml", `<xmap-content><sheet><topic><title>项目计划</title><children><topics><topic><title>需求</title><notes><plain>三月底前</plain></notes><children><topics><topic><title>访谈</title></topic></topics></children></topic></topics></children></topic><title>画布 1</title></sheet></xmap-content>`)
	for name, data := range map[string][]byte{"now": now, "before": before} {
		in := input("计划.xmind", data)
		if !XMind.Detect(in) {
			t.Errorf("%s: not detected", name)
		}
		doc, err := XMind.Read(context.Background(), in, nil)
		if err != nil || len(doc.Sections) != 1 {
			t.Fatalf("%s: %+v, error %v", name, doc, err)
		}
		got := doc.Sections[0].Text + "\n"
		switch name {
		case "now":
			if got != strings.Replace(want, "项目计划", "项目 计划", 1) || doc.Title != "项目\n计划" {
				t.Errorf("%s: got\n%s", name, got)
			}
		default:
			if got != "项目计划\n  需求\n    备注 Notes: 三月底前\n    访谈\n" || doc.Sections[0].Heading != "" && doc.Sections[0].Heading != "画布 1" {
				t.Errorf("%s: %q got\n%s", name, doc.Sections[0].Heading, got)
			}
		}
	}
	if doc, err := XMind.Read(context.Background(), input("a.xmind", pack(t, "content.json", "[{", "metadata.json", "")), nil); err != nil || doc.Reason != document.Corrupt {
		t.Errorf("damaged: %+v, %v", doc, err)
	}
	if XMind.Detect(input("a.zip", pack(t, "content.json", "[]"))) {
		t.Error("any content.json is a map")
	}
	deep := strings.Repeat(`{"title":"a","children":{"attached":[`, 3000) + strings.Repeat(`]}}`, 3000)
	if doc, err := XMind.Read(context.Background(), input("a.xmind", pack(t, "content.json", `[{"rootTopic":`+deep+`}]`, "metadata.json", "")), nil); err != nil || len(doc.Sections) != 1 {
		t.Errorf("deep: %+v, %v", doc, err)
	}
}

func FuzzXMind(f *testing.F) {
	f.Add(`[{"rootTopic":{"title":"a"}}]`, "<sheet><topic><title>a")
	f.Fuzz(func(t *testing.T, j, x string) {
		for _, data := range [][]byte{pack(t, "content.json", j, "metadata.json", ""), pack(t, "content.xml", x)} {
			doc, err := XMind.Read(context.Background(), input("a.xmind", data), nil)
			if err != nil || doc.Read != document.Full && doc.Reason == "" {
				t.Fatalf("%+v, %v", doc, err)
			}
		}
	})
}
