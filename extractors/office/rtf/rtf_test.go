package rtf

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"guidang/extractors/html"
)

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"plain", `{\rtf1\ansi hello\par world}`, "hello\nworld"},
		{"GBK by the code page", `{\rtf1\ansi\ansicpg936 \'d1\'e9\'ca\'d5\'b1\'a8\'b8\'e6}`, "验收报告"},
		{"GBK by the font", `{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}\f0 caf\'e9 \f1 \'d1\'e9\'ca\'d5\f0 ok}`, "café 验收ok"},
		{"Big5 by the font", `{\rtf1\ansi{\fonttbl{\f0\fcharset136 x;}}\f0\'b8\'ea\'ae\'c6}`, "資料"},
		{"a second byte that is a letter", "{\\rtf1\\ansi\\ansicpg936 \\'87@\\'e9A}", "嘆锳"},
		{"a star in the middle", `{\rtf1 {\loch\i0\*\cs7\cf0 quick}{\*\xyz gone} fox}`, "quick fox"},
		{"raw GBK", "{\\rtf1\\ansi\\ansicpg936 \xd1\xe9\xca\xd5}", "验收"},
		{"raw UTF-8", "{\\rtf1\\ansi 验收报告已经提交}", "验收报告已经提交"},
		{"GBK under 1252", `{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 x;}}{\'cf\'ee}{\'c4\'bf}\par{\'d1\'e9\'ca\'d5}\par{\'ba\'cf\'cd\'ac\'b1\'a8\'b8\'e6}}`, "项目\n验收\n合同报告"},
		{"Latin under 1252", `{\rtf1\ansi\ansicpg1252 \'c4rger \'fcber Gr\'f6\'dfe}`, "Ärger über Größe"},
		{"Unicode with a replacement", `{\rtf1\ansi\uc1 \u39564?\u25910?}`, "验收"},
		{"Unicode, negative", `{\rtf1\u-26993?}`, "随"},
		{"Unicode with two bytes of replacement", `{\rtf1\ansi\uc2 \u39564\'d1\'e9\u25910\'ca\'d5x}`, "验收x"},
		{"Unicode without", `{\rtf1\uc0 \u39564 \u25910 x}`, "验收x"},
		{"a pair of surrogates", `{\rtf1\u-10179?\u-8950?}`, "\U0001f50a"},
		{"a control word as the replacement", `{\rtf1\u8226\bullet x}`, "•x"},
		{"a table", `{\rtf1\trowd\pard\intbl a\cell b\cell\row\trowd\intbl c\cell d\cell\row\pard e}`, "a\tb\nc\td\ne"},
		{"a field", `{\rtf1{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt the link}}}`, "the link"},
		{"pictures and unknown groups", `{\rtf1 a{\pict\pngblip 89504e47}{\*\unknown zzz}{\*\shppict{\pict 00}}b}`, "ab"},
		{"binary data", "{\\rtf1 a{\\pict\\bin5 {{}}\\}b}", "ab"},
		{"a lying \\bin", `{\rtf1 a\bin999999999 b}`, "a"},
		{"hidden and deleted", `{\rtf1 a{\v secret}{\deleted gone}\v on\v0 b}`, "ab"},
		{"marks", `{\rtf1 \ldblquote x\rdblquote\emdash y\~z\_w\{\}\\}`, "“x”—y z-w{}\\"},
		{"the Unicode half of \\upr", `{\rtf1{\upr{ansi}{\*\ud{\u39564?}}}}`, "验"},
		{"a text box", `{\rtf1 a{\shp{\*\shpinst\shpleft0{\sp{\sn n}{\sv 1}}{\shptxt in the box}}}}`, "ain the box"},
		{"a list", `{\rtf1{\listtext 1.\tab}one\par{\pntext\'b7\tab}two}`, "1.\tone\n·\ttwo"},
		{"behind the end", "{\\rtf1 a}\r\ngarbage", "a"},
		{"without an end", `{\rtf1 a{\b b`, "ab"},
		{"backslash and line end", "{\\rtf1 a\\\r\nb}", "a\nb"},
		{"empty groups and lines", `{\rtf1 a\par\par\par{}\par b }`, "a\n\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Read(context.Background(), []byte(tt.data), 1<<20)
			if err != nil || got.Body != tt.want {
				t.Errorf("%q, want %q, error %v", got.Body, tt.want, err)
			}
		})
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	got, err := Read(context.Background(), []byte(`{\rtf1\ansi\ansicpg936{\info{\upr{\title ??}{\*\ud{\title \u39564?\u25910?}}}{\author \'cd\'f5\'ce\'b0}{\creatim\yr2012\mo3\dy5\hr9\min1}{\company X}}{\header top}body{\footnote note}}`), 1<<20)
	if err != nil || got.Title != "验收" || got.Author != "王伟" || got.Created != "2012-03-05" || got.Body != "body" || got.Notes != "top\nnote" || got.Truncated {
		t.Errorf("%+v, error %v", got, err)
	}
	got, _ = Read(context.Background(), []byte(`{\rtf1 {\object{\*\objdata 00}{\result{\pict 1}shown}}{a`), 1<<20)
	if got.Objects != 1 || got.Pictures != 1 || !got.Truncated || got.Body != "showna" {
		t.Errorf("%+v", got)
	}
}

// TestDeep: groups a million deep cost no stack.
func TestDeep(t *testing.T) {
	t.Parallel()
	n := 1_000_000
	got, err := Read(context.Background(), []byte(`{\rtf1 `+strings.Repeat("{", n)+"x"+strings.Repeat("}", n)+"y}"), 1<<20)
	if err != nil || got.Body != "xy" || got.Truncated {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestLimitAndCancel(t *testing.T) {
	t.Parallel()
	data := []byte(`{\rtf1 ` + strings.Repeat(`word\par `, 100_000) + "}")
	got, err := Read(context.Background(), data, 1000)
	if err != nil || !got.Cut || len(got.Body) > 1100 {
		t.Errorf("%d bytes, cut %v, error %v", len(got.Body), got.Cut, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, data, 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, _, err := HTML(ctx, append([]byte(`{\rtf1\fromhtml1 `), data...), 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	// The second line is the example of [MS-OXRTFEX] 4: the RTF twin of a tag is
	// switched off, and the paragraph's end is a tag too.
	data := `{\rtf1\ANSI\ansicpg1251\fromhtml1 \deff0
{\fonttbl {\f0\fmodern Courier New;}{\f1\fswiss Arial;}{\f2\fswiss\fcharset0 Arial;}{\f3\fnil\fcharset134 SimSun;}}
{\colortbl\red0\green0\blue0;\red0\green0\blue255;}
{\*\htmltag64}
\uc1\pard\plain\deftab360 \f0\fs24
{\*\htmltag19 <html>\par }{\*\htmltag50 <body lang=EN>}
{\*\htmltag64 <p class="a \{b\}">}\htmlrtf {\htmlrtf0 caf\'e5 {\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 bold{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0
\htmlrtf {\f3 \htmlrtf0 \'cf\'ee\'c4\'bf\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\tab\u8364?\lquote x\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}
{\*\mhtmltag84 <img src="no">}{\pict 00}{\*\htmltag58 </body>}{\*\htmltag27 </html>}}`
	got, ok, err := HTML(context.Background(), []byte(data), 1<<20)
	want := "<html>\r\n<body lang=EN><p class=\"a {b}\">cafе <b>bold</b>项目&nbsp;\t€&lsquo;x</p></body></html>"
	if err != nil || !ok || got != want {
		t.Errorf("%q\nwant %q, error %v", got, want, err)
	}
	if text := html.Text([]byte(got)); !strings.Contains(text, "项目") {
		t.Errorf("text %q", text)
	}
	if _, ok, _ := HTML(context.Background(), []byte(`{\rtf1\ansi\fromtext x}`), 1<<20); ok {
		t.Error("RTF made of text is taken for HTML")
	}
	lies := `{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\'cf\'ee\'c4\'bf\'d1\'e9\'ca\'d5\'cd\'a8\'b9\'fd{\*\htmltag72 </p>}}`
	if got, _, _ := HTML(context.Background(), []byte(lies), 1<<20); got != "<p>项目验收通过</p>" {
		t.Errorf("under a wrong code page: %q", got)
	}
}

// TestDecompress: the examples of [MS-OXRTFCP] 3, and what the wild does to them.
func TestDecompress(t *testing.T) {
	t.Parallel()
	simple := []byte("\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125\x42\x32\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0")
	plain := "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
	got, err := Decompress(simple, 1<<20)
	if err != nil || string(got) != plain {
		t.Errorf("%q, error %v", got, err)
	}
	cross := []byte("\x1a\x00\x00\x00\x1c\x00\x00\x00LZFu\xe2\xd4\x4b\x51\x41\x00\x04\x20WXYZ\x0d\x6e\x7d\x01\x0e\xb0")
	got, err = Decompress(cross, 1<<20)
	if err != nil || string(got) != "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}" {
		t.Errorf("a reference into itself: %q, error %v", got, err)
	}
	stored := append(binary.LittleEndian.AppendUint32(nil, 15), "\x03\x00\x00\x00MELA\x00\x00\x00\x00abc"...)
	if got, err = Decompress(stored, 1<<20); err != nil || string(got) != "abc" {
		t.Errorf("stored: %q, error %v", got, err)
	}
	bad := bytes.Clone(simple)
	bad[12]++
	if got, err = Decompress(bad, 1<<20); !errors.Is(err, ErrChecksum) || string(got) != plain {
		t.Errorf("a wrong checksum: %q, error %v", got, err)
	}
	if got, err = Decompress(simple[:30], 1<<20); !errors.Is(err, ErrShort) || !strings.HasPrefix(plain, string(got)) || len(got) == 0 {
		t.Errorf("broken off: %q, error %v", got, err)
	}
	if got, err = Decompress(simple, 10); !errors.Is(err, ErrLong) || len(got) != 10 {
		t.Errorf("limited: %q, error %v", got, err)
	}
	if _, err = Decompress([]byte("{\\rtf1 plain text}"), 10); !errors.Is(err, ErrCompressed) {
		t.Errorf("not compressed: %v", err)
	}
	huge := bytes.Clone(simple)
	binary.LittleEndian.PutUint32(huge[4:], 0xFFFFFFFF)
	binary.LittleEndian.PutUint32(huge[12:], ^crc32.Update(0xffffffff, crc32.IEEETable, huge[16:]))
	if got, _ = Decompress(huge, 1<<30); string(got) != plain || cap(got) > 1000 {
		t.Errorf("a lying size: %q, %d bytes allocated", got, cap(got))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 x;}}{\info{\title x}}\f0\'d1\'e9\u39564?{\upr{a}{\*\ud{b}}}\bin3 abc}`))
	f.Add([]byte(`{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'d1\'e9}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(context.Background(), data, 1<<20)
		if err != nil || len(got.Body)+len(got.Notes) > 3*len(data)+16 {
			t.Errorf("%d bytes of %d, error %v", len(got.Body), len(data), err)
		}
		page, _, err := HTML(context.Background(), data, 1<<20)
		if err != nil || len(page) > 4*len(data)+16 {
			t.Errorf("%d bytes of %d, error %v", len(page), len(data), err)
		}
	})
}

func FuzzDecompress(f *testing.F) {
	f.Add([]byte("\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125\x42\x32\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if out, _ := Decompress(data, 1<<20); len(out) > 9*len(data) {
			t.Errorf("%d bytes of %d", len(out), len(data))
		}
	})
}
