package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

const chineseStyles = `<w:styles` + wordNS + `><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>` +
	`<w:style w:styleId="2"><w:name w:val="标题 2"/></w:style><w:style w:styleId="a3"><w:name w:val="Title"/></w:style>` +
	`<w:style w:styleId="x"><w:name w:val="我的标题"/><w:basedOn w:val="1"/></w:style></w:styles>`

func TestDocx(t *testing.T) {
	t.Parallel()
	table := `<w:tbl><w:tr><w:tc>` + para("", "甲方") + `</w:tc><w:tc>` + para("", "华信") + para("", "科技") + `</w:tc></w:tr>` +
		`<w:tr><w:tc>` + para("", "乙方") + `</w:tc><w:tc><w:tbl><w:tr><w:tc>` + para("", "内1") + `</w:tc><w:tc>` + para("", "内2") + `</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`
	tests := []struct{ name, body, want string }{
		{"paragraphs", para("", "第一段") + para("", "second"), "[body] \n第一段\nsecond\n"},
		{"headings of Chinese Word", para("a3", "技术协议") + para("1", "一、范围") + para("", "内容") + para("2", "1.1") + para("", "细节") + para("x", "二、价格"),
			"[body] 技术协议\n技术协议\n[body] 一、范围\n内容\n[body] 1.1\n细节\n[body] 二、价格\n二、价格\n"},
		{"a table, and one within", table, "[body] \n甲方\t华信 科技\n乙方\t内1 内2\n"},
		{"tracked changes", `<w:p><w:r><w:t>金额 </w:t></w:r><w:del><w:r><w:delText>300</w:delText></w:r></w:del><w:ins><w:r><w:t>350</w:t></w:r></w:ins></w:p>`, "[body] \n金额 350\n[deletions] \n300\n"},
		{"what was moved away is not deleted", `<w:p><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>`, "[body] \n新处\n"},
		{"readings above characters", `<w:p><w:r><w:ruby><w:rt><w:r><w:t>hé</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>合</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>同</w:t></w:r></w:p>`, "[body] \n合同\n"},
		{"old WordArt", `<w:p><w:r><w:pict><v:shape><v:textpath string="样稿"/></v:shape></w:pict><w:t>正文</w:t></w:r></w:p>`, "[body] \n样稿正文\n"},
		{"breaks and tabs", `<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>`, "[body] \na\tb\nc-d\n"},
		{"a text box is not said twice", `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + para("", "框中") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + para("", "框中") + `</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>外</w:t></w:r></w:p>`, "[body] \n框中\n外\n"},
		{"a field's instruction is no text", `<w:p><w:r><w:instrText>PAGE \* MERGEFORMAT</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>`, "[body] \n7\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, _ := read(t, Docx, input("a.docx", word(t, tt.body, part{"word/styles.xml", chineseStyles})))
			if got := all(doc); got != tt.want || doc.Read != document.Full {
				t.Errorf("read %s, got\n%q\nwant\n%q", doc.Read, got, tt.want)
			}
		})
	}
}

func TestDocxSideParts(t *testing.T) {
	t.Parallel()
	doc, children := read(t, Docx, input("a.docx", word(t, para("", "正文"),
		part{"word/header1.xml", `<w:hdr` + wordNS + `>` + para("", "页眉") + `</w:hdr>`},
		part{"word/header2.xml", `<w:hdr` + wordNS + `>` + para("", "页眉") + `</w:hdr>`},
		part{"word/footnotes.xml", `<w:footnotes` + wordNS + `><w:footnote w:type="separator">` + para("", "-") + `</w:footnote><w:footnote>` + para("", "脚注") + `</w:footnote></w:footnotes>`},
		part{"word/comments.xml", `<w:comments` + wordNS + `><w:comment w:author="王伟">` + para("", "请确认") + `</w:comment></w:comments>`},
		part{"word/embeddings/附表.xlsx", "PK-not-really"},
		part{"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>验收报告</dc:title><dc:creator>李雷</dc:creator><dcterms:modified>2024-03-05T02:30:00Z</dcterms:modified></cp:coreProperties>`},
	)))
	want := "[body] \n正文\n[header] \n页眉\n[footnotes] \n脚注\n[comments] \n王伟: 请确认\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if doc.Title != "验收报告" || doc.Date != "2024-03-05T02:30:00Z" || len(doc.People) != 1 || doc.People[0].Name != "李雷" {
		t.Errorf("title %q, date %q, people %v", doc.Title, doc.Date, doc.People)
	}
	if len(children) != 1 || children[0].Step != "word/embeddings/附表.xlsx" || children[0].Name != "附表.xlsx" {
		t.Fatalf("children %+v", children)
	}
}

// TestDocxNumbers: numbers of clauses, by a style's list and by a paragraph's own.
func TestDocxNumbers(t *testing.T) {
	t.Parallel()
	level := func(n int, format, text, style string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:pStyle w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, n, format, style, text)
	}
	lists := `<w:numbering` + wordNS + `><w:abstractNum w:abstractNumId="7">` + level(0, "chineseCountingThousand", "第%1条", "a1") + level(1, "decimal", "%1.%2", "") + level(2, "bullet", "•", "") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="8">` + level(0, "lowerRoman", "(%1)", "") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num></w:numbering>`
	styles := `<w:styles` + wordNS + `><w:style w:styleId="a1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`
	item := func(list, level int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, list, text)
	}
	body := para("a1", "金额") + item(1, 1, "总价") + item(1, 1, "税") + item(1, 2, "点") + para("a1", "付款") + item(1, 1, "首期") + item(0, 0, "不编号") + item(2, 0, "a") + item(2, 0, "b") + item(3, 0, "c") + item(9, 0, "没有的")
	doc, _ := read(t, Docx, input("a.docx", word(t, body, part{"word/numbering.xml", lists}, part{"word/styles.xml", styles})))
	want := "[body] \n第一条 金额\n一.1 总价\n一.2 税\n点\n第二条 付款\n二.1 首期\n不编号\n(i) a\n(ii) b\n(iv) c\n没有的\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	for _, tt := range []struct {
		n            int
		format, want string
	}{{12, "chineseCounting", "十二"}, {20, "chineseCountingThousand", "二十"}, {103, "chineseCounting", "一百〇三"}, {110, "chineseCounting", "一百一十"}, {12, "ideographDigital", "一二"}, {15, "chineseLegalSimplified", "壹拾伍"},
		{28, "lowerLetter", "bb"}, {1994, "upperRoman", "MCMXCIV"}, {3, "decimalEnclosedCircle", "③"}, {5, "decimalZero", "05"}, {12345, "chineseCounting", "12345"}, {7, "unknown", "7"}} {
		if got := counted(tt.n, tt.format); got != tt.want {
			t.Errorf("%d as %s: %q, want %q", tt.n, tt.format, got, tt.want)
		}
	}
}

const chartPart = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:title><c:tx><c:rich><a:p><a:r><a:t>季度</a:t></a:r><a:r><a:t>回款</a:t></a:r></a:p></c:rich></c:tx></c:title>` +
	`<c:ser><c:tx><c:strRef><c:f>Sheet1!A1</c:f><c:strCache><c:pt><c:v>华东</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val><c:numCache><c:pt><c:v>350</c:v></c:pt></c:numCache></c:val></c:ser></c:chartSpace>`

// TestDocxMore has what stands beside the text: a main part by another name, a
// chart, links, a file that Word shows as text, and one wrapped in an object.
func TestDocxMore(t *testing.T) {
	t.Parallel()
	native := append([]byte("\x00\x00\x00\x00\x02\x00a.txt\x00C:\\a.txt\x00\x00\x00\x03\x00\x06\x00\x00\x00C:\\t\\\x00\x05\x00\x00\x00"), "hello"...)
	object := compound.Write(compound.NewStorage("Root Entry", compound.NewStream("\x01Ole10Native", native)))
	data := makePackage(t,
		part{"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document2.xml"/></Relationships>`},
		part{"word/document2.xml", `<w:document` + wordNS + `><w:body>` + para("", "正文") + `</w:body></w:document>`},
		part{"word/_rels/document2.xml.rels", `<Relationships><Relationship Id="b" Type="x/hyperlink" Target="http://huaxin.example/" TargetMode="External"/><Relationship Id="c" Type="x/image" Target="http://evil.example/" TargetMode="External"/></Relationships>`},
		part{"word/charts/chart1.xml", chartPart}, part{"word/afchunk1.html", "<p>chunk"}, part{"word/embeddings/oleObject1.bin", string(object)})
	var children []string
	in := input("a.docx", data)
	doc, err := Docx.Read(context.Background(), in, func(c *document.Child) error {
		b, err := io.ReadAll(c.Content)
		children = append(children, c.Step+" "+c.Name+" "+string(b))
		return err
	})
	if err != nil || !Docx.Detect(in) {
		t.Fatal(err)
	}
	if got := all(doc); got != "[body] \n正文\n[chart] 图表 Chart\n季度回款\n华东\n[links] \nhttp://huaxin.example/\n" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(children, ";"); got != "word/afchunk1.html afchunk1.html <p>chunk;word/embeddings/oleObject1.bin a.txt hello" {
		t.Errorf("children %q", got)
	}
}

func TestDocxEmbeddedContent(t *testing.T) {
	t.Parallel()
	data := word(t, para("", "x"), part{"word/embeddings/a.bin", "bytes within"})
	var got string
	_, err := Docx.Read(context.Background(), input("a.docx", data), func(c *document.Child) error {
		b, err := io.ReadAll(c.Content)
		got = string(b)
		return err
	})
	if err != nil || got != "bytes within" {
		t.Errorf("content %q, error %v", got, err)
	}
}

func TestDocxDamaged(t *testing.T) {
	t.Parallel()
	body := `<?xml version="1.0"?><w:document` + wordNS + `><w:body>` + para("", "前面的话")
	whole := word(t, strings.Repeat(para("", "一段很长的正文"), 400))
	tests := []struct {
		name   string
		data   []byte
		want   string
		read   document.Read
		reason document.Reason
	}{
		{"the XML breaks off", makePackage(t, part{"word/document.xml", body + `<w:p><w:r><w:t>broken <`}), "前面的话", document.Partial, document.Corrupt},
		{"an entity bomb", makePackage(t, part{"word/document.xml", `<!DOCTYPE a [<!ENTITY b "bb">]>` + body}), "", document.None, document.DTD},
		{"nested without end", makePackage(t, part{"word/document.xml", body + strings.Repeat("<w:sdt>", 100_000)}), "前面的话", document.Partial, document.TooDeep},
		{"a part of 20 MB of nothing", makeBig(t, body), "前面的话", document.Partial, document.Bomb},
		{"cut off in the middle", whole[:len(whole)*2/3], "", document.None, document.Truncated},
		{"cut off before its text", whole[:40], "", document.None, document.Truncated},
		{"no main part, but its name", makePackage(t, part{"word/document.xml.bak", body}), "", document.None, document.Corrupt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := Docx.Read(context.Background(), input("a.docx", tt.data), nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.name == "cut off in the middle" {
				// How much comes out depends on the packer; something must.
				if doc.Read != document.Partial || doc.Reason != document.Truncated || !strings.Contains(all(doc), "一段很长的正文") {
					t.Errorf("read %s, reason %q, %d sections", doc.Read, doc.Reason, len(doc.Sections))
				}
				return
			}
			if doc.Read != tt.read || doc.Reason != tt.reason || !strings.Contains(all(doc), tt.want) {
				t.Errorf("read %s, reason %q, warnings %v, text %.100q", doc.Read, doc.Reason, doc.Warnings, all(doc))
			}
		})
	}
}

// makeBig makes a Word file whose main part ends in 20 MB of spaces.
func makeBig(t testing.TB, body string) []byte {
	return makePackage(t, part{"word/document.xml", body + string(bytes.Repeat([]byte(" "), 20<<20))})
}

func TestDocxTextLimit(t *testing.T) {
	t.Parallel()
	in := input("a.docx", word(t, strings.Repeat(para("", "文字文字文字文字"), 3000)))
	in.Limits.TextBytes = 1000
	doc, _ := read(t, Docx, in)
	if doc.Reason != document.TooLarge {
		t.Errorf("reason %q", doc.Reason)
	}
}

func TestDocxCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Docx.Read(ctx, input("a.docx", word(t, strings.Repeat(para("", "x"), 3000))), nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzDocx(f *testing.F) {
	f.Add([]byte(para("1", "标题") + `<w:tbl><w:tr><w:tc>` + para("", "a") + `</w:tc></w:tr></w:tbl>`))
	f.Add([]byte(`<w:p><w:del><w:r><w:t>x</w:t></w:r></w:del><w:ins/><mc:Fallback/></w:p>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		in := input("a.docx", word(t, string(body), part{"word/numbering.xml", string(body)}, part{"word/styles.xml", chineseStyles}, part{"word/comments.xml", string(body)}))
		doc, err := Docx.Read(context.Background(), in, nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
