package web

import (
	"mime"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

func TestOriginals(t *testing.T) {
	t.Parallel()
	f := sample(t)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("合同金额三十五万元")
	if err != nil {
		t.Fatal(err)
	}
	add := func(name, mediaType, data string) string {
		return f.add("s", name, []byte(data), &document.Document{Kind: document.KindOther, MediaType: mediaType}).ID
	}
	for _, c := range []struct{ name, id, how, kind, csp string }{
		{"pdf", add("验收.pdf", "application/pdf", "%PDF-1.4 x"), "inline", "application/pdf", originalPolicy},
		{"a pdf that is none", add("a.pdf", "application/pdf", "<html><script>"), "attachment", "application/octet-stream", originalPolicy},
		{"html", add("a.html", "text/html", "<script>"), "attachment", "application/octet-stream", originalPolicy},
		{"html with a charset", add("a2.html", "text/html; charset=gbk", "<script>"), "attachment", "application/octet-stream", originalPolicy},
		{"svg", add("a.svg", "image/svg+xml", "<svg>"), "attachment", "application/octet-stream", originalPolicy},
		{"xml", add("a.xml", "application/xhtml+xml", "<x>"), "attachment", "application/octet-stream", originalPolicy},
		{"playlist", add("a.m3u", "audio/x-mpegurl", "http://evil.example"), "attachment", "application/octet-stream", originalPolicy},
		{"no type", add("a.bin", "", "x"), "attachment", "application/octet-stream", originalPolicy},
		{"nonsense", add("b.bin", "///\r\n;", "x"), "attachment", "application/octet-stream", originalPolicy},
		{"word", add("a.doc", "application/msword", "x"), "attachment", "application/octet-stream", originalPolicy},
		{"png", add("a.png", "image/png", "x"), "inline", "image/png", originalPolicy},
		{"text", add("a.txt", "text/plain", "验收"), "inline", "text/plain; charset=utf-8", originalPolicy},
		{"text in GBK", add("b.txt", "text/plain", gbk), "inline", "text/plain; charset=gb18030", originalPolicy},
		{"text in UTF-16", add("c.txt", "text/plain", "\xff\xfea\x00"), "inline", "text/plain; charset=utf-16", originalPolicy},
		{"long text cut in a character", add("d.txt", "text/plain", "a"+strings.Repeat("验", 3000)), "inline", "text/plain; charset=utf-8", originalPolicy},
		{"sound", add("a.m4a", "audio/x-m4a", "x"), "inline", "audio/mp4", playerPolicy},
	} {
		client := newClient(t, f, Options{})
		r := client.get("/o/"+c.id).want(t, 200)
		how, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || how != c.how || params["filename"] == "" {
			t.Errorf("%s: disposition %q: %v", c.name, r.Header.Get("Content-Disposition"), err)
		}
		if r.Header.Get("Content-Type") != c.kind || r.Header.Get("Content-Security-Policy") != c.csp || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %q, %q", c.name, r.Header.Get("Content-Type"), r.Header.Get("Content-Security-Policy"))
		}
		if how, _, _ := strings.Cut(client.get("/o/"+c.id+"?download=1").Header.Get("Content-Disposition"), ";"); how != "attachment" {
			t.Errorf("%s: a download is %q", c.name, how)
		}
	}
	for _, p := range []string{originalPolicy, playerPolicy} {
		if !strings.HasPrefix(p, "sandbox") || strings.Contains(p, "allow-scripts") || strings.Contains(p, "script-src") {
			t.Errorf("policy %q", p)
		}
	}
}

// What lies in a mailbox of Outlook can be had as Outlook saves it.
func TestSavedItem(t *testing.T) {
	t.Parallel()
	f := sample(t)
	mail := f.add("s", "张伟.pst!/收件箱/mail:2097188", []byte("saved"), &document.Document{Kind: document.KindMail, MediaType: "message/rfc822", Title: "报价", Fields: map[string]string{"made": "yes"}})
	other := f.add("s", "报价.eml", []byte("x"), &document.Document{Kind: document.KindMail, MediaType: "message/rfc822"})
	c := newClient(t, f, Options{})
	c.get("/d/"+mail.ID).want(t, 200, "下载为 .msg", "/o/"+mail.ID+"?as=msg")
	c.get("/d/"+other.ID).want(t, 200, "!下载为 .msg")
	r := c.get("/o/"+mail.ID+"?as=msg").want(t, 200, "saved")
	if how := r.Header.Get("Content-Disposition"); !strings.HasPrefix(how, "attachment; ") || !strings.HasSuffix(how, ".msg") {
		t.Errorf("disposition %q", how)
	}
	c.get("/o/"+other.ID+"?as=msg").want(t, http.StatusNotFound)
}

func TestOriginalInRanges(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	d := f.docs[3]
	r := c.get("/o/"+d.view.ID, "Range", "bytes=40-47").want(t, http.StatusPartialContent)
	if r.body != string(d.data[40:48]) || r.Header.Get("Content-Range") != "bytes 40-47/760044" || r.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("%q, %q", r.body, r.Header.Get("Content-Range"))
	}
	c.get("/o/"+d.view.ID, "Range", "bytes=9999999-").want(t, http.StatusRequestedRangeNotSatisfiable)
	tag := r.Header.Get("ETag")
	c.get("/o/"+d.view.ID, "If-None-Match", tag).want(t, http.StatusNotModified)
	head := c.do(http.MethodHead, "/o/"+d.view.ID, nil).want(t, 200)
	if head.body != "" || head.Header.Get("Content-Length") != "760044" {
		t.Errorf("HEAD: %d bytes, length %s", len(head.body), head.Header.Get("Content-Length"))
	}
	whole := c.get("/o/"+d.view.ID).want(t, 200)
	if whole.body != string(d.data) {
		t.Error("the whole original differs")
	}
	if f.closed != 5 {
		t.Errorf("%d of 5 originals were closed", f.closed)
	}
	lost := f.add("s", "lost.doc", nil, &document.Document{Kind: document.KindDocument})
	c.get("/o/"+lost.ID).want(t, http.StatusNotFound, "error.original")
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, mediaType, want string }{
		{"合同.docx", "", "合同.docx"}, {"Re: 验收/报价", "message/rfc822", "Re_ 验收_报价.eml"}, {"", "message/rfc822", "original.eml"}, {"..", "", "original"},
		{"../../etc/passwd", "", "_.._etc_passwd"}, {"合同\u202efdp.exe", "", "合同_fdp.exe"}, {"a\r\nb\x00.txt", "text/plain", "a__b_.txt"}, {"no. 5 版本", "text/plain", "no. 5 版本.txt"},
		{"\xff\xfe.doc", "", "_.doc"}, {strings.Repeat("长", 200) + ".xlsx", "", strings.Repeat("长", 60) + ".xlsx"},
	} {
		if got := fileName(c.name, c.mediaType); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
	if got := disposition("attachment", `验收 "a";b%.pdf`); got != `attachment; filename="__ _a_;b_.pdf"; filename*=UTF-8''%E9%AA%8C%E6%94%B6%20%22a%22%3Bb%25.pdf` {
		t.Error(got)
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("Re: 合同\r\n.docx", "message/rfc822")
	f.Add("\xff/..\\", "")
	f.Fuzz(func(t *testing.T, name, mediaType string) {
		got := fileName(name, mediaType)
		if got == "" || len(got) > 255 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\r\n\x00\"") || got == "." || got == ".." {
			t.Errorf("%q: %q", name, got)
		}
		header := disposition("attachment", got)
		how, params, err := mime.ParseMediaType(header)
		if err != nil || how != "attachment" || params["filename"] != got {
			t.Errorf("%q: header %q gives %q, %v", name, header, params["filename"], err)
		}
		_ = servedAs(mediaType)
		if c := charsetOf([]byte(name)); c == "" {
			t.Error("no charset")
		}
	})
}
