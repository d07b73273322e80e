package text

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

func TestXML(t *testing.T) {
	t.Parallel()
	page := "<?xml version=\"1.0\" encoding=\"ENC\"?>\n<合同 xmlns:a=\"x\" 编号=\"HT-1\">\n <!-- draft -->\n <金额 币种=\"CNY\">350000</金额>\n <w:t>甲方</w:t><b>混<i>合</i>文</b>\n</合同>\n"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(strings.Replace(page, "ENC", "GB2312", 1))
	want := "[2] 编号: HT-1\n币种: CNY\n金额: 350000\n甲方\n混\n合\n文\n"
	for name, data := range map[string]string{"UTF-8": strings.Replace(page, "ENC", "UTF-8", 1), "GBK": gbk, "cut off": strings.TrimSuffix(strings.Replace(page, "ENC", "UTF-8", 1), "</合同>\n")} {
		in := &document.Input{Name: "a.xml", Size: int64(len(data)), Bytes: bytes.NewReader([]byte(data))}
		if !XML.Detect(in) {
			t.Errorf("%s: not detected", name)
		}
		doc, err := XML.Read(context.Background(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, s := range doc.Sections {
			got += fmt.Sprintf("[%d] %s\n", s.Position.Line, s.Text)
		}
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	in := &document.Input{Name: "a.xml", Size: 20, Bytes: bytes.NewReader([]byte("<?xml version='1.0' <"))}
	if doc, err := XML.Read(context.Background(), in, nil); err != nil || len(doc.Sections) != 1 {
		t.Errorf("no XML after all: %+v, %v", doc, err)
	}
	if XML.Detect(&document.Input{Name: "a.txt", Size: 7, Bytes: bytes.NewReader([]byte("<a> b c"))}) {
		t.Error("any text with a tag is XML")
	}
	deep := strings.Repeat("<a>", 5000)
	in = &document.Input{Name: "a.xml", Size: int64(len(deep)), Bytes: bytes.NewReader([]byte(deep))}
	if doc, err := XML.Read(context.Background(), in, nil); err != nil || doc.Reason != document.TooDeep {
		t.Errorf("deep: %+v, %v", doc, err)
	}
}

func FuzzXML(f *testing.F) {
	f.Add("<?xml version='1.0'?><a b='c'>d<e/></a>")
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := XML.Read(context.Background(), &document.Input{Name: "a.xml", Size: int64(len(s)), Bytes: strings.NewReader(s)}, nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
