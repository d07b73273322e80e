package html

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"guidang/extractors/document"
)

func input(name, data string) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func in(t testing.TB, label, s string) string {
	t.Helper()
	e, err := htmlindex.Get(label)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, page, want string }{
		{"inline tags join", "合<b>同</b>评<span>审</span>", "合同评审"},
		{"wrapped Chinese joins", "<p>合同\n评审\n and more\ntext</p>", "合同评审 and more text"},
		{"blocks", "<div>a</div><div>b<br>c</div><p>d", "a\nb\nc\nd"},
		{"table", "<table><tr><td>品名</td><td>金额</td></tr><tr><td></td><td>350,000</td></tr></table>", "品名\t金额\n\t350,000"},
		{"paragraphs in cells", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a b\tc"},
		{"nested tables", "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table>", "a\nb\tc"},
		{"hidden", "a<div style='display: none'>x<div>y</div></div>b<p hidden>z<p>c", "ab\nc"},
		{"script and style", "a<script>x<y</script><style>p{}</style>b<noscript>c</noscript>", "ab"},
		{"entities", "&lt;a&gt;&nbsp;&amp;&#21512;&hellip;", "<a> &合…"},
		{"zero width", "合\u200b同&#8203;<wbr>书", "合同书"},
		{"pre", "<pre>a\n  b</pre>c", "a\n  b\nc"},
		{"headings", "<h1>标题</h1><p>正文</p><h2>二</h2>更多", "标题\n正文\n二\n更多"},
		{"title left out", "<title>T</title><p>x</p>", "x"},
		{"alt", "见<img alt='图一'>后", "见 图一 后"},
		{"comments", "a<!-- x -->b<!--[if mso]>c<![endif]-->", "ab"},
		{"no end", "<p>a<b>b<div", "ab"},
		{"plain", "a < b & c", "a < b & c"},
		{"list", "<ul><li>一<li>二</ul>", "一\n二"},
		{"empty", "", ""},
	} {
		if got := Text([]byte(c.page)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	page := `<!DOCTYPE html><html><head><meta http-equiv=Content-Type content="text/html; charset=CHARSET"><title>验收 报告</title><meta name="author" content="王伟"></head>` +
		`<body><p>前言</p><h1>一、范围</h1><p>客户管理系统</p><h2>附录</h2></body></html>`
	for _, label := range []string{"gb2312", "utf-8", "big5"} {
		data := strings.Replace(page, "CHARSET", label, 1)
		if label == "big5" {
			data = strings.NewReplacer("验", "驗", "报", "報", "王伟", "王偉", "范围", "範圍", "户", "戶", "统", "統", "录", "錄").Replace(data)
		}
		doc, err := HTML.Read(context.Background(), input("a.html", in(t, map[string]string{"gb2312": "gb18030"}[label]+map[string]string{"utf-8": "utf-8", "big5": "big5"}[label], data)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if label == "big5" {
			if doc.Title != "驗收 報告" || doc.Fields["charset"] != "big5" {
				t.Errorf("big5: %q %v", doc.Title, doc.Fields)
			}
			continue
		}
		if doc.Title != "验收 报告" || doc.Language != "zh" || !reflect.DeepEqual(doc.People, []document.Person{{Role: "author", Name: "王伟"}}) {
			t.Errorf("%s: %q %q %v", label, doc.Title, doc.Language, doc.People)
		}
		var got []string
		for _, s := range doc.Sections {
			got = append(got, s.Heading+"|"+s.Text)
		}
		if want := []string{"|前言", "一、范围|客户管理系统", "|附录"}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q", label, got)
		}
	}
}

func TestCharset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, label, used string }{
		{"meta that lies", "<meta charset=utf-8><p>" + in(t, "gbk", "客户管理系统"), "", "gb18030"},
		{"meta that says gbk on UTF-8", "<meta charset=gbk><p>客户管理系统", "", "utf-8"},
		{"meta says UTF-16", "<meta charset=utf-16><p>客户管理系统", "", "utf-8"},
		{"label beats meta", "<meta charset=iso-8859-1><p>" + in(t, "big5", "客戶"), "big5", "big5"},
		{"XML declaration", "<?xml version='1.0' encoding='GBK'?><p>" + in(t, "gbk", "镕"), "", "gb18030"},
		{"none", "<p>" + in(t, "gbk", "客户管理系统"), "", "gb18030"},
	} {
		if _, used, lossy := Decode([]byte(c.data), c.label); used != c.used || lossy {
			t.Errorf("%s: %s, lossy %v", c.name, used, lossy)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data string
		want       bool
	}{
		{"a", "<!DOCTYPE HTML PUBLIC \"x\"><p>", true},
		{"a", "\ufeff \n<!-- saved -->\n<html>", true},
		{"a.xls", "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", true},
		{"a.xls", "<table border=1><tr>", true},
		{"a", "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html>", true},
		{"a.html", "text and <p>mark-up", true},
		{"a.html", in(t, "gbk", "正文<br>"), true},
		{"a.htm", "<\x00p\x00>\x00h\x00i\x00", true},
		{"a.txt", "text and <p>mark-up", false},
		{"a.xml", "<?xml version=\"1.0\"?><project><div/></project>", false},
		{"a.vue", "<template><div>", false},
		{"a.md", "<div align=center>\n\n# Title", false},
		{"a.html", "\x89PNG\r\n\x00<p>\x00", false},
		{"a.html", "no mark-up", false},
		{"a", "", false},
	} {
		if got := HTML.Detect(input(c.name, c.data)); got != c.want {
			t.Errorf("%s %q: %v", c.name, c.data, got)
		}
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	page := input("a.html", "<html><p>"+strings.Repeat("字", 1000))
	page.Limits.TextBytes = 500
	doc, err := HTML.Read(context.Background(), page, nil)
	if err != nil || doc.Read != document.Partial || doc.Reason != document.TooLarge || len(doc.Sections) != 1 {
		t.Errorf("%+v %v", doc, err)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("<table><tr><td>a<td hidden>b<h1>c<script/>d<p style=display:none>"))
	f.Add([]byte("<!DOCTYPE html><title>合</title><pre>\n<svg><a></svg></pre>&#x0;&#xD800;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		page := input("a.html", string(data))
		HTML.Detect(page)
		doc, err := HTML.Read(context.Background(), page, nil)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, s := range doc.Sections {
			size += len(s.Text) + len(s.Heading)
			if !utf8.ValidString(s.Text) {
				t.Fatalf("invalid text %q", s.Text)
			}
		}
		if size > 8*len(data)+100 {
			t.Fatalf("%d bytes became %d", len(data), size)
		}
	})
}

func BenchmarkText(b *testing.B) {
	page := []byte("<html><body>" + strings.Repeat("<div class=MsoNormal><p><span style='font-size:10pt'>请确认验收标准 and the change request.</span></p><table><tr><td>a</td><td>b</td></tr></table></div>\n", 500))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Text(page)
	}
}
