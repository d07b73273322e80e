//go:build !light

package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// format is shared: compiling the engine takes 5 s once, and nothing of a file
// stays in it.
var (
	format document.Format
	cache  string
)

// cacheDir is the cache of the shared engine, filled.
func cacheDir(t *testing.T) string {
	t.Helper()
	read(t, format, input("a.pdf", makePDF(&maker{}, page{content: show("F1", "x")})))
	return cache
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "guidang-pdf-")
	if err != nil {
		panic(err)
	}
	format, cache = New(dir), dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func gbk(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRead(t *testing.T) {
	t.Parallel()
	image := "q 100 0 0 100 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
	tests := []struct {
		name   string
		make   func(m *maker) []byte
		want   []string // in the text of the pages
		pages  []int
		read   document.Read
		reason document.Reason
		check  func(t *testing.T, d *document.Document, children []*document.Child)
	}{
		{name: "Latin and Chinese on two pages", make: func(m *maker) []byte {
			return makePDF(m, page{content: show("F1", "Contract 2024-031")}, page{content: show("U1", utf16be("合同金额：350,000 元"), utf16be("甲方：华信科技"))})
		}, want: []string{"Contract 2024-031", "合同金额：350,000 元\n甲方：华信科技"}, pages: []int{1, 2}, read: document.Full},
		{name: "GBK-EUC-H without an embedded font", make: func(m *maker) []byte {
			return makePDF(m, page{content: show("G1", gbk(t, "项目验收报告"))})
		}, want: []string{"项目验收报告"}, pages: []int{1}, read: document.Full},
		{name: "a page that is an image", make: func(m *maker) []byte {
			return makePDF(m, page{content: show("F1", "cover")}, page{content: image}, page{content: ""}, page{content: image})
		}, want: []string{"cover"}, pages: []int{1}, read: document.Partial, reason: document.MissingEngine,
			check: func(t *testing.T, d *document.Document, _ []*document.Child) {
				if d.Fields["pages_ocr"] != "2,4" || d.Fields["pages"] != "4" {
					t.Errorf("fields %v", d.Fields)
				}
			}},
		{name: "a form field and a text box", make: func(m *maker) []byte {
			look := m.stream
			m.add("")
			m.add("")
			form := look("/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 6 0 R>>>>", "BT /F1 12 Tf 2 5 Td (filled in value) Tj ET")
			box := look("/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 6 0 R>>>>", "BT /F1 12 Tf 2 5 Td (free text box) Tj ET")
			c := look("", show("F1", "printed label"))
			m.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
			m.add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 6 0 R>>>>/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(filled in value)/F 4/Rect[50 500 250 520]/AP<</N %d 0 R>>>><</Type/Annot/Subtype/FreeText/F 4/Contents(free text box)/Rect[50 400 250 420]/AP<</N %d 0 R>>>><</Type/Annot/Subtype/Text/F 4/Contents(%s)/Rect[10 10 20 20]>>]>>",
				c, form, box, "\xfe\xff"+strings.NewReplacer("\\", "\\\\", "(", "\\(", ")", "\\)").Replace(utf16be("请核对税率"))))
			m.objects[0] = "<</Type/Catalog/Pages 2 0 R>>"
			m.objects[1] = "<</Type/Pages/Count 1/Kids[7 0 R]>>"
			return m.bytes()
		}, want: []string{"printed label", "filled in value", "free text box", "请核对税率"}, pages: []int{1}, read: document.Full},
		{name: "a form field and a text box that a viewer has to draw", make: func(m *maker) []byte {
			return makePDF(m, page{content: show("F1", "printed label"), extra: "/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(filled in value)/F 4/Rect[50 500 250 520]>><</Type/Annot/Subtype/Widget/FT/Btn/T(b)/V/Yes/F 4/Rect[50 450 60 460]>><</Type/Annot/Subtype/Widget/FT/Tx/T(c)/V(Yes secret)/Ff 8192/F 4/Rect[50 450 60 460]>><</Type/Annot/Subtype/Widget/FT/Tx/T(d)/V(Yes hidden)/F 2/Rect[50 450 60 460]>><</Type/Annot/Subtype/FreeText/F 4/Contents(free text box)/Rect[50 400 250 420]>>]"})
		}, want: []string{"printed label", "filled in value", "free text box"}, pages: []int{1}, read: document.Full,
			check: func(t *testing.T, d *document.Document, _ []*document.Child) {
				if len(d.Sections) > 0 && strings.Contains(d.Sections[0].Text, "Yes") {
					t.Errorf("a button's state, a password or what is hidden is told: %q", d.Sections[0].Text)
				}
			}},
		{name: "properties", make: func(m *maker) []byte {
			m.trailer = "/Info 4 0 R"
			m.objects = []string{"<</Type/Catalog/Pages 2 0 R>>", "", "null", ""}
			m.objects[3] = "<</Title<feff" + fmt.Sprintf("%x", utf16be("年度维护合同")) + ">/Author(" + gbk(t, "王伟") + ")/CreationDate(D:20240305103000+08'00')>>"
			return withPages(m, page{content: show("F1", "x")})
		}, want: []string{"x"}, pages: []int{1}, read: document.Full,
			check: func(t *testing.T, d *document.Document, _ []*document.Child) {
				if d.Title != "年度维护合同" || d.Date != "2024-03-05T10:30:00+08:00" || len(d.People) != 1 || d.People[0].Name != "王伟" {
					t.Errorf("title %q, date %q, people %v", d.Title, d.Date, d.People)
				}
			}},
		{name: "an embedded file", make: func(m *maker) []byte {
			m.add("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) <</Type/Filespec/F(a.txt)/UF<feff" + fmt.Sprintf("%x", utf16be("报价.txt")) + ">/EF<</F 3 0 R>>>>]>>>>>>")
			m.add("")
			m.stream("/Type/EmbeddedFile", "price list")
			m.stream("", show("F1", "see attachment"))
			m.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
			m.objects[1] = "<</Type/Pages/Count 1/Kids[5 0 R]>>"
			return m.bytes()
		}, want: []string{"see attachment"}, pages: []int{1}, read: document.Full,
			check: func(t *testing.T, _ *document.Document, children []*document.Child) {
				if len(children) != 1 || children[0].Step != "attachment:1:报价.txt" {
					t.Fatalf("children %+v", children)
				}
				if b, err := io.ReadAll(children[0].Content); err != nil || string(b) != "price list" {
					t.Errorf("content %q, %v", b, err)
				}
			}},
		{name: "two columns", make: func(m *maker) []byte {
			column := func(x int, lines ...string) string {
				return strings.Replace(show("U1", lines...), "50 780 Td", fmt.Sprintf("%d 780 Td", x), 1)
			}
			left := []string{utf16be("甲方应在合同签订后十日内支付首付款项"), utf16be("余款于验收通过之后支付")}
			right := []string{utf16be("乙方应在九月十五日之前完成全部交付"), utf16be("并提交测试报告")}
			return makePDF(m, page{content: column(50, left...) + column(310, right...)})
		}, want: []string{"甲方应在合同签订后十日内支付首付款项\n余款于验收通过之后支付\n乙方应在九月十五日之前完成全部交付\n并提交测试报告"}, pages: []int{1}, read: document.Full},
		{name: "no xref table", make: func(m *maker) []byte {
			b := makePDF(m, page{content: show("F1", "still here")})
			return b[:strings.LastIndex(string(b), "xref\n0 ")]
		}, want: []string{"still here"}, pages: []int{1}, read: document.Partial, reason: document.Truncated},
		{name: "a cycle in the page tree", make: func(m *maker) []byte {
			b := makePDF(m, page{content: show("F1", "once")})
			return []byte(strings.Replace(string(b), "/Kids[9 0 R]", "/Kids[2 0 R]", 1))
		}, read: document.None, reason: document.Corrupt},
		{name: "not a PDF behind its header", make: func(*maker) []byte { return []byte("%PDF-1.4\n" + strings.Repeat("nonsense ", 300)) },
			read: document.None, reason: document.Corrupt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.pdf", tt.make(&maker{}))
			if !isPDF(in) {
				t.Error("not detected")
			}
			doc, children := read(t, format, in)
			if doc.Read != tt.read || doc.Reason != tt.reason {
				t.Errorf("read %s, reason %q, warnings %v", doc.Read, doc.Reason, doc.Warnings)
			}
			var all []string
			var at []int
			for _, s := range doc.Sections {
				all = append(all, s.Text)
				at = append(at, s.Position.Page)
			}
			for _, w := range tt.want {
				if !strings.Contains(strings.Join(all, "\f"), w) {
					t.Errorf("%q is not in %q", w, all)
				}
			}
			if fmt.Sprint(at) != fmt.Sprint(tt.pages) {
				t.Errorf("pages %v, want %v", at, tt.pages)
			}
			if tt.check != nil {
				tt.check(t, doc, children)
			}
		})
	}
}

// hanging is a file whose second page of three would draw 3^30 times.
func hanging() []byte {
	m := &maker{objects: []string{"<</Type/Catalog/Pages 2 0 R>>", ""}}
	last := m.stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 1 1 re f")
	for range 30 {
		last = m.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>", last), "/X Do /X Do /X Do")
	}
	return withPages(m, page{content: show("F1", "before")},
		page{content: "/X Do", resources: fmt.Sprintf("/XObject<</X %d 0 R>>", last)}, page{content: show("F1", "after")})
}

// A page that hangs is stopped, and the pages around it are read: by the clock,
// or by half of the time that the reader is given.
func TestHangingPage(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]time.Duration{"the clock": 0, "the time left": 6 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &pdfiumEngine{cacheDir: cacheDir(t), pageTime: 3 * time.Second}
			in := input("a.pdf", hanging())
			if left > 0 {
				e.pageTime = time.Hour
				end := time.Now().Add(left)
				in.Left, in.Careful = func() time.Duration { return time.Until(end) }, true
			}
			doc, err := (&reader{engine: e}).read(context.Background(), in, nil)
			if err != nil || doc.Read != document.Partial || doc.Reason != document.TimeLimit && doc.Reason != document.Crash {
				t.Fatalf("document %+v, error %v", doc, err)
			}
			if left == 0 && (len(doc.Sections) != 2 || doc.Sections[1].Text != "after") {
				t.Errorf("sections %+v", doc.Sections)
			}
		})
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	m := &maker{}
	encrypted(m, "mima2024")
	data := makePDF(m, page{content: show("F1", "secret terms")})
	doc, _ := read(t, format, input("a.pdf", data))
	if doc.Read != document.None || doc.Reason != document.Encrypted {
		t.Errorf("without a password: %s %q", doc.Read, doc.Reason)
	}
	in := input("a.pdf", data)
	in.Passwords = []string{"wrong", "mima2024"}
	doc, _ = read(t, format, in)
	if doc.Read != document.Full || len(doc.Sections) != 1 || doc.Sections[0].Text != "secret terms" {
		t.Errorf("with the password: %+v", doc)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	var pages []page
	for i := range 5 {
		pages = append(pages, page{content: show("F1", fmt.Sprintf("page number %d with some text", i+1))})
	}
	data := makePDF(&maker{}, pages...)
	in := input("a.pdf", data)
	in.Limits.Pages = 2
	if doc, _ := read(t, format, in); len(doc.Sections) != 2 || doc.Reason != document.TooMany {
		t.Errorf("pages: %d sections, reason %q", len(doc.Sections), doc.Reason)
	}
	in = input("a.pdf", data)
	in.Limits.TextBytes = 60
	if doc, _ := read(t, format, in); len(doc.Sections) != 3 || doc.Reason != document.TooLarge {
		t.Errorf("text: %d sections, reason %q", len(doc.Sections), doc.Reason)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := format.Read(ctx, input("a.pdf", makePDF(&maker{}, page{content: show("F1", "x")})), nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(makePDF(&maker{}, page{content: show("F1", "x")}, page{content: show("U1", utf16be("合同"))}))
	m := &maker{}
	encrypted(m, "a")
	f.Add(makePDF(m, page{content: show("F1", "x")}))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj"))
	// The fuzzer takes ten seconds without an answer for a hang; starting the
	// engine may take as long.
	if _, err := format.Read(context.Background(), input("a.pdf", makePDF(&maker{}, page{content: show("F1", "x")})), nil); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.pdf", data)
		in.Limits.Pages = 20
		isPDF(in)
		doc, err := format.Read(context.Background(), in, func(*document.Child) error { return nil })
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
		if doc.Read != document.Full && doc.Reason == "" {
			t.Fatal("a loss without a reason")
		}
	})
}

// failing is bytes whose disk has gone.
type failing struct{}

var errDisk = errors.New("disk gone")

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

func TestReadAtFails(t *testing.T) {
	t.Parallel()
	_, err := format.Read(context.Background(), &document.Input{Name: "a.pdf", Size: 5000, Bytes: failing{}, Limits: document.Limits{}.WithDefaults()}, nil)
	if !errors.Is(err, errDisk) {
		t.Errorf("error %v", err)
	}
}
