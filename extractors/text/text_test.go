package text

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"guidang/extractors/document"
)

func input(name, data string) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func in(t testing.TB, label, s string) string {
	t.Helper()
	var e encoding.Encoding
	switch label {
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		var err error
		if e, err = htmlindex.Get(label); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readDoc(t testing.TB, in *document.Input) *document.Document {
	t.Helper()
	doc, err := Text.Read(context.Background(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	simple := "会议纪要\n时间：2023年8月15日\n决定：九月十五日前交付。"
	traditional := "會議紀要\n時間：2023年8月15日\n決定：九月十五日前交付。"
	for label, want := range map[string]string{"utf-8": simple, "gb18030": simple, "utf-16le": simple, "utf-16be": simple, "big5": traditional} {
		f := input("a.txt", in(t, label, want))
		if !Text.Detect(f) {
			t.Errorf("%s is not detected", label)
		}
		doc := readDoc(t, f)
		if len(doc.Sections) != 1 || doc.Sections[0].Text != want || doc.Fields["charset"] != label || doc.Language != "zh" || doc.Title != "" {
			t.Errorf("%s: %+v", label, doc)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 4000)
	for i := range random {
		random[i] = byte(1 + r.IntN(255))
	}
	for _, c := range []struct {
		name, data string
		want       bool
	}{
		{"a", "hello", true},
		{"a", "\x1b[31mred\x1b[0m log", true},
		{"a", strings.Repeat("合同", 5000)[:cutWithin], true},
		{"a", strings.Repeat(in(t, "gbk", "合a同"), 5000), true},
		{"a.txt", "", false},
		{"a.txt", "a\x00b", false},
		{"a", string(random), false},
		{"a.txt", "PK\x03\x04 and so on", false},
		{"a.txt", "%PDF-1.7\n", false},
		{"a", "\x01\x02\x03\x04\x05\x06", false},
	} {
		if got := Text.Detect(input(c.name, c.data)); got != c.want {
			t.Errorf("%.30q: %v", c.data, got)
		}
	}
}

// cutWithin leaves a character cut in two at the end of the file.
const cutWithin = 6*3*1000 + 1

func TestBlocks(t *testing.T) {
	t.Parallel()
	paragraph := strings.Repeat("这是一段关于合同的话。", 40) // 440 characters
	for _, c := range []struct{ name, file, text, want string }{
		{"lines", "a.txt", "\n\none\r\ntwo\rthree\n\n\nfour\n\x1a", "3 one\ntwo\nthree\n\n\nfour"},
		{"cut at empty lines", "a.txt", paragraph + "\n\n" + paragraph + "\n\nend", "1 " + paragraph + "\n\n" + paragraph + "|5 end"},
		{"long lines", "a.log", strings.Repeat(paragraph+"\n", 5), "1 " + strings.Repeat(paragraph+"\n", 3) + paragraph + "|5 " + paragraph},
		{"headings", "a.md", "intro\n# 背景 #\ntext\n## 范围\n### 空\n```\n# no heading\n```\n", "1 intro|3 [背景] text|4 范围|6 [空] ```\n# no heading\n```"},
		{"no headings in text", "a.txt", "# a\nb", "1 # a\nb"},
		{"tags and numbers", "a.md", "#tag\n#1 first", "1 #tag\n#1 first"},
		{"a heading at the end", "a.md", "# 只有标题", "1 只有标题"},
	} {
		doc := readDoc(t, input(c.file, c.text))
		var got []string
		for _, s := range doc.Sections {
			h := ""
			if s.Heading != "" {
				h = "[" + s.Heading + "] "
			}
			got = append(got, fmt.Sprintf("%d %s%s", s.Position.Line, h, s.Text))
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("%s: got %q, want %q", c.name, g, c.want)
		}
	}
	if doc := readDoc(t, input("a.md", "# 背景\n\nx")); doc.Title != "背景" {
		t.Errorf("title %q", doc.Title)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	f := input("a.txt", strings.Repeat("字", 1000))
	f.Limits.TextBytes = 500
	doc := readDoc(t, f)
	if doc.Read != document.Partial || doc.Reason != document.TooLarge || doc.Sections[0].Text != strings.Repeat("字", 166) {
		t.Errorf("%+v", doc)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("# 背景\n\n```\nx\n```\r\rtext"), true)
	f.Add([]byte("\xba\xcf\xcd\xac\n\n\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, markdown bool) {
		name := "a.txt"
		if markdown {
			name = "a.md"
		}
		file := input(name, string(data))
		Text.Detect(file)
		size := 0
		for _, s := range readDoc(t, file).Sections {
			size += len(s.Text)
			if !utf8.ValidString(s.Text) || s.Position.Line < 1 {
				t.Fatalf("%+v", s)
			}
		}
		if size > 4*len(data)+8 {
			t.Fatalf("%d bytes became %d", len(data), size)
		}
	})
}
