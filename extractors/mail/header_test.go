package mail

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"guidang/extractors/document"
)

func TestDecodeText(t *testing.T) {
	t.Parallel()
	gbk := func(s string) string { return bytesIn(t, "gbk", s) }
	for _, c := range []struct{ name, raw, hint, want string }{
		{"plain", " Hello ", "", "Hello"},
		{"folded", " one\r\n two\n\tthree", "", "one two three"},
		{"raw GBK", gbk("报价单"), "", "报价单"},
		{"raw GBK under a western label", gbk("合同"), "us-ascii", "合同"},
		{"raw Latin under its label", "Forma\xe7\xe3o", "iso-8859-1", "Formação"},
		{"raw Big5 by the body's label", bytesIn(t, "big5", "合約"), "big5", "合約"},
		{"raw UTF-8 under a GB label", "合同通知", "gb2312", "合同通知"},
		{"raw GBK and an encoded word", gbk("合同") + " =?gb2312?B?" + b64(gbk("附件")) + "?=", "gbk", "合同 附件"},
		{"raw ISO-2022-JP", "\x1b$B2q5D\x1b(B", "", "会議"},
		{"blanks between words are nothing", "=?utf-8?B?" + b64("合") + "?= \r\n =?utf-8?B?" + b64("同") + "?=", "", "合同"},
		{"blanks beside a word stay", "a =?utf-8?Q?b?= c", "", "a b c"},
		{"cut within a character", "=?utf-8?B?" + b64("合同"[:4]) + "?= =?utf-8?B?" + b64("合同"[4:]) + "?=", "", "合同"},
		{"cut within a character, Q after B", "=?gbk?B?" + b64(gbk("合同")[:3]) + "?= =?GBK?Q?=AC?=", "", "合同"},
		{"cut within a base64 group", "=?utf-8?B?" + b64("合同评审")[:6] + "?= =?utf-8?B?" + b64("合同评审")[6:] + "?=", "", "合同评审"},
		{"no padding", "=?utf-8?b?" + strings.TrimRight(b64("合同a"), "=") + "?=", "", "合同a"},
		{"blanks in a word", "=?utf-8?Q?Hello World?=", "", "Hello World"},
		{"a question mark in a word", "=?utf-8?Q?Why?=20me?=", "", "Why? me"},
		{"language", "=?utf-8*zh-cn?Q?=E5=90=88?=", "", "合"},
		{"no end", "=?utf-8?Q?=E5=90=88=E5=90=8C", "", "合同"},
		{"unknown charset", "=?x-unknown?B?" + b64(gbk("报价单")) + "?=", "gbk", "报价单"},
		{"no encoded word", "=?what?X?is?= =? this", "", "=?what?X?is?= =? this"},
		{"an encoded line end", "=?utf-8?Q?a=0D=0ABcc:_x@y?=", "", "a  Bcc: x@y"},
		{"turned writing", "=?utf-8?Q?a=E2=80=AEtxt.exe?=", "", "atxt.exe"},
		{"two charsets", "=?gbk?B?" + b64(gbk("合同")) + "?= =?utf-8?B?" + b64("通过") + "?=", "", "合同通过"},
		{"word in a word's place", "=?utf-8?B?" + b64("合同") + "?==?utf-8?B?" + b64("通过") + "?=", "", "合同通过"},
	} {
		if got := decodeText([]byte(c.raw), c.hint); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	word := "=?gb2312?B?" + b64(bytesIn(t, "gbk", "王伟")) + "?="
	for _, c := range []struct{ raw, want string }{
		{"a@b.example", "<a@b.example>"},
		{"Wang Wei <W@B.example>", "Wang Wei<w@b.example>"},
		{`"Wei, Wang" <w@b.example>, c@d.example`, "Wei, Wang<w@b.example> <c@d.example>"},
		{word + " <w@b.example>", "王伟<w@b.example>"},
		{`"` + word + `" <w@b.example>`, "王伟<w@b.example>"},
		{"=?utf-8?Q?a,b?= <w@b.example>", "a,b<w@b.example>"},
		{"w@b.example (" + word + ")", "王伟<w@b.example>"},
		{"a@b.example; c@d.example;", "<a@b.example> <c@d.example>"},
		{"团队: a@b.example, 李娜 <c@d.example>;, e@f.example", "<a@b.example> 李娜<c@d.example> <e@f.example>"},
		{"undisclosed-recipients:;", ""},
		{"王伟 w@b.example", "王伟<w@b.example>"},
		{`"'w@b.example'" <w@b.example>`, "<w@b.example>"},
		{"<mailto:w@b.example>", "<w@b.example>"},
		{"Wei <w@b.example", "Wei<w@b.example>"},
		{`Wei "the <w@b.example>`, "Wei the<w@b.example>"},
		{`"a\"b" <w@b.example>`, `a"b<w@b.example>`},
		{"许功盖", "许功盖<>"},
		{"", ""},
		{",,;", ""},
	} {
		var got []string
		for _, p := range addresses(nil, "to", c.raw, "") {
			got = append(got, p.Name+"<"+p.Address+">")
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: got %q, want %q", c.raw, s, c.want)
		}
	}
	// The second byte of 許 and 功 in Big5 is a backslash.
	in := input("a.eml", "From: \""+bytesIn(t, "big5", "許功")+"\" <x@y.example>\nSubject: s\n\n")
	if p := readAll(t, EML, in).Document.People[0]; p.Name != "許功" || p.Address != "x@y.example" {
		t.Errorf("Big5 in quotes: %+v", p)
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"Tue, 15 Aug 2023 10:30:00 +0800":       "2023-08-15T10:30:00+08:00",
		"Tue, 15 Aug 2023 10:30:00 +0800 (CST)": "2023-08-15T10:30:00+08:00",
		"15 Aug 2023 10:30 -0330":               "2023-08-15T10:30:00-03:30",
		"Tue,15 Aug 23 10:30:00 GMT":            "2023-08-15T10:30:00Z",
		"Tue, 15 Aug 99 10:30:00 EST":           "1999-08-15T10:30:00-05:00",
		"15 Aug 103 10:30:00 +0000":             "2003-08-15T10:30:00Z",
		"Tue Aug 15 10:30:00 CST 2023":          "2023-08-15T10:30:00+08:00",
		"Tue, 15 Aug 2023 10:30:00 CST":         "2023-08-15T10:30:00-06:00",
		"Tue Aug 15 10:30:00 +0000 2023":        "2023-08-15T10:30:00Z",
		"Tue, 15 Aug 2023 10:30:00 GMT+8":       "2023-08-15T10:30:00+08:00",
		"2023-08-15T10:30:22+08:00":             "2023-08-15T10:30:22+08:00",
		"2023-08-15T10:30:22Z":                  "2023-08-15T10:30:22Z",
		"2023-08-15 10:30:22.123 +0800":         "2023-08-15T10:30:22+08:00",
		"2023年8月15日 10:30 +0800":                "2023-08-15T10:30:00+08:00",
		"2023年8月15日(星期二) 下午3:20":                "2023-08-15T15:20:00Z no zone",
		"星期二, 15 Aug 2023 10:30:00 +0800":       "2023-08-15T10:30:00+08:00",
		"15/08/2023 10:30":                      "2023-08-15T10:30:00Z no zone",
		"15-Aug-2023 10:30:00 +0800":            "2023-08-15T10:30:00+08:00",
		"Tuesday, August 15, 2023 3:20 PM":      "2023-08-15T15:20:00Z no zone",
		"Tue, 31 Feb 2023 10:30:00 +0800":       "",
		"Tue, 15 Aug 1623 10:30:00 +0800":       "",
		"Tue, 15 Aug 2023 99:30:00 +0800":       "",
		"Tue, 15t-T Aug 2023 10:00:00 +0800":    "",
		"1-T":                                   "",
		"yesterday":                             "",
		"":                                      "",
	} {
		got := ""
		if d, zoned, ok := parseDate(raw); ok {
			if got = formatDate(d); !zoned {
				got += " no zone"
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, value, name, want string }{
		{`text/plain; charset=gbk`, "text/plain", "charset", "gbk"},
		{`TEXT/Plain ; charset = "gbk" ; x=y`, "text/plain", "charset", "gbk"},
		{`text/plain charset=gbk`, "text/plain", "charset", "gbk"},
		{`a/b; name="x;y=z"; q=1`, "a/b", "name", "x;y=z"},
		{`a/b; name="x" q="1"`, "a/b", "q", "1"},
		{`a/b; name="never closed`, "a/b", "name", "never closed"},
		{`a/b; name=合同 终稿.doc; q=1`, "a/b", "name", "合同 终稿.doc"},
		{`a/b; name="a\"b"`, "a/b", "name", `a"b`},
		{`a/b (comment); name=x`, "a/b", "name", "x"},
		{`a/b; name*1=two; name*0=one`, "a/b", "name", "onetwo"},
		{`a/b; name*=utf-8''%E5%90%88; name=fallback`, "a/b", "name", "合"},
		{`a/b; name*="utf-8''%E5%90%88"`, "a/b", "name", "合"},
		{`a/b; name*=%E5%90%88`, "a/b", "name", "合"},
		{`a/b; name*=gb2312''%BA%CF%CD%AC.doc`, "a/b", "name", "合同.doc"},
		{`a/b; name="50% off.doc"`, "a/b", "name", "50% off.doc"},
		{`a/b; name="it's mine's.doc"`, "a/b", "name", "it's mine's.doc"},
		{``, "", "name", ""},
	} {
		p := parseParams([]byte(c.raw), "")
		if got := p.text(c.name, ""); p.value != c.value || got != c.want {
			t.Errorf("%q: got %q %q, want %q %q", c.raw, p.value, got, c.value, c.want)
		}
	}
	var many strings.Builder
	many.WriteString("a/b")
	for i := range 10000 {
		fmt.Fprintf(&many, "; name*%d=x", i)
	}
	if got := parseParams([]byte(many.String()), "").text("name", ""); len(got) != maxSegments {
		t.Errorf("10,000 pieces give %d characters", len(got))
	}
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, encoding, in, out, tail string }{
		{"base64", "base64", "5ZCI\r\n5ZCM\r\n", "合同", ""},
		{"no padding", "base64", "5ZCI5ZCMYQ", "合同a", ""},
		{"blanks and foreign characters", "base64", "5ZC I5Z\tCM!", "合同", ""},
		{"two texts joined", "base64", "YQ==\nYg==\n", "ab", ""},
		{"a footer behind", "base64", "5ZCI5ZCM\n--\nlist footer here\n", "合同", "--\nlist footer here"},
		{"a footer behind padding", "base64", "YQ==\n____\nlist\n", "a", "____\nlist"},
		{"plain text under the label", "base64", "well this is text\nof two lines\n", "", "well this is text\nof two lines"},
		{"QP", "quoted-printable", "=E5=90=88=e5=90=8c", "合同", ""},
		{"soft breaks", "quoted-printable", "a=\r\nb= \nc=", "abc", ""},
		{"no escape", "quoted-printable", "1=1 =ZZ 100%", "1=1 =ZZ 100%", ""},
		{"uuencode", "uuencode", "begin 644 a.txt\n#86)C\n`\nend\n", "abc", ""},
		{"nothing", "", "a=20b", "a=20b", ""},
	} {
		out, tail, _ := undo([]byte(c.in), c.encoding)
		if string(out) != c.out || string(tail) != c.tail {
			t.Errorf("%s: got %q %q, want %q %q", c.name, out, tail, c.out, c.tail)
		}
	}
}

func TestUnflow(t *testing.T) {
	t.Parallel()
	got := unflow("a \nb\n> q \n> r\n>> s\n-- \nname \n stuffed", false)
	if want := "a b\n> q r\n>> s\n-- \nname stuffed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHostile reads mails made to cost much: none may, and none is refused.
func TestHostile(t *testing.T) {
	t.Parallel()
	top := "From: a@b.example\nSubject: s\n"
	var nested strings.Builder
	nested.WriteString(top)
	for i := range 20000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for _, c := range []struct {
		name, data string
		reason     document.Reason
	}{
		{"nested 20,000 deep", nested.String(), document.Truncated},
		{"100,000 parts", top + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100000) + "--b--\n", document.TooMany},
		{"100,000 lines like the boundary", top + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + strings.Repeat("--bb\n", 100000) + "--b--\n", ""},
		{"120,000 header fields", strings.Repeat("X-A: b\n", 120000) + top + "\nbody", document.TooLarge},
		{"one field of a million folds", "From: a@b.example\nX-A: b" + strings.Repeat("\n x", 1000000) + "\nSubject: s\n\nbody", ""},
		{"100,000 encoded words", "From: a@b.example\nSubject: " + strings.Repeat("=?utf-8?Q?a?= ", 100000) + "\n\nbody", ""},
		{"unclosed words", "From: a@b.example\nSubject: " + strings.Repeat("=?a?q? ", 100000) + "@\n\nbody", ""},
		{"100,000 recipients", "From: a@b.example\nTo: " + strings.Repeat("a@b.example, ", 100000) + "\n\nbody", ""},
		{"colons and brackets", "From: a@b.example\nTo: @" + strings.Repeat(":<(", 100000) + "\n\nbody", ""},
		{"HTML of open tags", top + "Content-Type: text/html\n\n" + strings.Repeat("<div>", 200000), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readAll(t, EML, input("a.eml", c.data)).Document
			if doc.Reason != c.reason {
				t.Errorf("reason %q, want %q", doc.Reason, c.reason)
			}
			if len(doc.People) == 0 && c.name != "120,000 header fields" {
				t.Error("nobody is named")
			}
			if utf8.RuneCountInString(doc.Title) > maxSubject {
				t.Error("its title is too long")
			}
		})
	}
}

// FuzzEML: no mail panics, its text is valid UTF-8 and not much more than the
// bytes it came from, and every attachment opens by its step.
func FuzzEML(f *testing.F) {
	for _, m := range makeMails(f, 5) {
		f.Add([]byte(m))
	}
	f.Add([]byte("From: =?a?b?c?= <(\"\nContent-Type: multipart/alternative; boundary=\"x\ny\"\n\n--x y\n\n--x y--"))
	f.Add([]byte("Content-Type: a; name*0*=x''%; name*1=\"\nDate: 1-1-1\n\nbegin 644 x\n#86)C\nend"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("f.eml", string(data))
		detectEML(in)
		r := readAll(t, EML, in)
		size := len(r.Document.Title)
		for _, s := range r.Document.Sections {
			size += len(s.Text)
			if !utf8.ValidString(s.Text) {
				t.Fatalf("invalid text %q", s.Text)
			}
		}
		if !utf8.ValidString(r.Document.Title) {
			t.Fatalf("invalid title %q", r.Document.Title)
		}
		if size > 4*len(data)+100 {
			t.Fatalf("%d bytes became %d", len(data), size)
		}
		seen := map[string]bool{}
		for _, c := range r.Children {
			if seen[c.Step] {
				t.Fatalf("two children are called %q", c.Step)
			}
			seen[c.Step] = true
			if _, err := EML.Open(t.Context(), in, c.Step); err != nil {
				t.Fatalf("%s: %v", c.Step, err)
			}
		}
	})
}
