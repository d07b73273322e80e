package contact

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

func input(data string) *document.Input {
	return &document.Input{Name: "a.vcf", Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func quoted(s string) string {
	var b strings.Builder
	for i, c := range []byte(s) {
		if i > 0 && i%12 == 0 {
			b.WriteString("=\r\n")
		}
		b.WriteString("=" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
	}
	return b.String()
}

func gbk(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func card(lines ...string) string {
	return "BEGIN:VCARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
}

func cards(t testing.TB) map[string]string {
	t.Helper()
	return map[string]string{
		"phone": card("VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+quoted("欧阳;明;;;"), "TEL;CELL;PREF:13800000000", "TEL;WORK;FAX:021-5555", "EMAIL;INTERNET:Ouyang@Huaxin.example",
			"ORG;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:"+quoted(gbk(t, "华信制造;采购部")), "NOTE;ENCODING=QUOTED-PRINTABLE:"+quoted(gbk(t, "老客户，每季度回访一次，注意付款条件")), "PHOTO;ENCODING=BASE64;JPEG:/9j/4AA=", "", "ADR;HOME;CHARSET=UTF-8:;;世纪大道1号;上海;上海市;200120;中国"),
		"raw-gbk":  gbk(t, card("VERSION:3.0", "FN:张伟", "N:张;伟;;;", "ORG:华信", "TITLE:项目经理")) + gbk(t, card("VERSION:3.0", "FN:李娜", "EMAIL;TYPE=WORK:li@example.com", "NOTE:测试\\n第二行\\, 完")),
		"apple":    card("VERSION:3.0", "FN:Pat O'Neil", "N:O'Neil;Pat;;Dr.;", "item1.EMAIL;type=INTERNET:pat@example.com", "item1.X-ABLabel:_$!<Other>!$_", "item2.TEL:+1 555", "item2.X-ABLabel:直线", "BDAY:1980-01-02", "URL:https://example.com", "CATEGORIES:客户,VIP", "PHOTO;ENCODING=b;TYPE=PNG:iVBO\r\n Rw=="),
		"four":     card("VERSION:4.0", "FN:王伟", "EMAIL;TYPE=work;PREF=1:wang@example.com", "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+86-138", "IMPP:xmpp:wang@example.com", "PHOTO:data:image/png;base64,iVBORw==", "X-QQ:12345"),
		"nested":   card("VERSION:2.1", "FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Secretary", "END:VCARD", "TEL:1"),
		"company":  card("VERSION:3.0", "ORG:华信制造", "TEL:021"),
		"no-end":   "BEGIN:VCARD\nFN:甲\nTEL:1\nBEGIN",
		"folded":   "BEGIN:VCARD\nFN:\xd5\n \xc5\xce\xb0\nORG:\xbb\xaa\xd0\xc5\xd6\xc6\xd4\xec\nEND:VCARD\n",
		"separate": card("FN:一") + "\r\n" + card("FN:二"),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, data := range cards(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(data)
			if !VCF.Detect(in) {
				t.Fatal("it is not detected")
			}
			var out struct {
				Document *document.Document
				Children []string `json:",omitempty"`
			}
			doc, err := VCF.Read(context.Background(), in, func(c *document.Child) error {
				if !c.Shown {
					t.Errorf("%s is not part of what is shown", c.Step)
				}
				out.Children = append(out.Children, c.Step)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			out.Document = doc
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(out); err != nil {
				t.Fatal(err)
			}
			path := "testdata/" + name + ".vcf.json"
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("it reads otherwise than %s:\n%s", path, got.Bytes())
			}
		})
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	for want, n := range map[string][5]string{
		"欧阳明": {"欧阳", "明"}, "Dr. Pat O'Neil": {"O'Neil", "Pat", "", "Dr."}, "Wang Wei": {"Wei", "Wang"}, "": {}, "伟 王x": {"王x", "伟"},
	} {
		if got := FullName(n[0], n[1], n[2], n[3], n[4]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestMany: thousands of cards, and more entries in one than are kept.
func TestMany(t *testing.T) {
	t.Parallel()
	doc, err := VCF.Read(context.Background(), input(strings.Repeat(card("FN:张伟", "TEL:1"), 5000)), nil)
	if err != nil || len(doc.Sections) != 5000 || doc.Fields["cards"] != "5000" || doc.Title != "" {
		t.Errorf("%d sections, error %v", len(doc.Sections), err)
	}
	doc, err = VCF.Read(context.Background(), input(card("FN:x", strings.Repeat("TEL:1\r\n", 10_000))), nil)
	if err != nil || doc.Reason != document.TooMany {
		t.Errorf("reason %q, error %v", doc.Reason, err)
	}
	doc, err = VCF.Read(context.Background(), input(strings.Repeat("BEGIN:VCARD\n", 200_000)), nil)
	if err != nil || doc.Reason != document.Truncated {
		t.Errorf("reason %q, error %v", doc.Reason, err)
	}
}

func FuzzVCF(f *testing.F) {
	for _, data := range cards(f) {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := VCF.Read(context.Background(), input(string(data)), func(c *document.Child) error {
			if c.Size > int64(len(data)) {
				t.Errorf("%d bytes came out of %d", c.Size, len(data))
			}
			return nil
		})
		if err != nil || doc.Read == document.Partial && doc.Reason == "" {
			t.Errorf("%+v, error %v", doc, err)
		}
	})
}
