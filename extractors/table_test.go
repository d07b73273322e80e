package extractors

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// input is an original of that name.
func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// pack makes a zip of names and bodies.
func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := w.CreateHeader(&zip.FileHeader{Name: parts[i]})
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

// tarOf makes a tar of one file.
func tarOf(name, body string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	_ = w.WriteHeader(&tar.Header{Name: name, Size: int64(len(body)), Mode: 0o644})
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	return b.String()
}

// stored is pack without packing, as the first entry of OpenDocument is.
func stored(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := w.CreateRaw(&zip.FileHeader{Name: parts[i], CRC32: crc32.ChecksumIEEE([]byte(parts[i+1])), CompressedSize64: uint64(len(parts[i+1])), UncompressedSize64: uint64(len(parts[i+1]))})
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

// random is noise, the same every time.
func random(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b)
	return b
}

func TestTableIsSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range All(Options{}) {
		if f.Name == "" || seen[f.Name] || f.Version < 1 || f.Kind == "" || f.MediaType == "" || f.Detect == nil || f.Read == nil {
			t.Errorf("format %+v", f)
		}
		seen[f.Name] = true
	}
	if ByName(All(Options{}), "zip") == nil || ByName(All(Options{}), "nothing") != nil {
		t.Error("ByName does not find by name")
	}
}

// TestFormatsAreDocumented: docs/formats.md has a row for every format of the
// table, in its order, and for no other.
func TestFormatsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| .* \\| `?[a-z ]+`? \\|").FindAllStringSubmatch(string(page), -1) {
		have = append(have, m[1])
	}
	for _, f := range All(Options{}) {
		want = append(want, f.Name)
	}
	if !slices.Equal(have, want) {
		t.Errorf("the page has %q, the table %q", have, want)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("客户：华信\n内容：关于合同的说明，请查收。\n")
	types := "[Content_Types].xml"
	mail := "From: wang@example.com\r\nTo: li@example.com\r\nSubject: =?gb2312?B?us/NrA==?=\r\nDate: Tue, 5 Mar 2024 10:30:00 +0800\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n"
	tests := []struct{ name, file, data, want string }{
		{"word", "a.docx", string(pack(t, types, "", "word/document.xml", "<w/>")), "docx"},
		{"a workbook without its name", "download", string(pack(t, types, "", "xl/workbook.xml", "<w/>")), "xlsx"},
		{"slides named .zip", "a.zip", string(pack(t, types, "", "ppt/presentation.xml", "<w/>")), "pptx"},
		{"zip", "a.zip", string(pack(t, "a.txt", "x")), "zip"},
		{"gzip", "a.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "gzip"},
		{"a tar of a mail", "a.tar", tarOf("a.eml", mail), "tar"},
		{"a tar of a page", "a.tar", tarOf("a.html", "<!DOCTYPE html><html><head><title>x</title></head><body>y</body></html>"), "tar"},
		{"a tar of a mailbox", "backup", tarOf("mail/Inbox", "From wang@example.com Tue Mar  5 10:30:00 2024\n"+mail), "tar"},
		{"7z", "a.zip", "7z\xbc\xaf\x27\x1c\x00\x04" + strings.Repeat("\x00", 24), "7z"},
		{"an image of a disc", "a.bin", strings.Repeat("\x00", 32<<10) + "\x01CD001\x01" + strings.Repeat("\x00", 4<<10), "iso"},
		{"rar", "a.bin", "Rar!\x1a\x07\x01\x00", "rar"},
		{"xz", "a.xz", "\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4\x46", "xz"},
		{"a later volume", "合同.7z.002", strings.Repeat("\x00\x01\xfe\x80\x9f\x03", 200), "volume"},
		{"pdf", "a.bin", "%PDF-1.4\n", "pdf"},
		{"a mail that quotes a PDF", "a.eml", mail + "%PDF-1.4\n", "eml"},
		{"foxmail", "in.BOX", "\x10\x10\x10\x10\x10\x10\x10\x11\x11\x11\x11\x11\x11S\r\n" + mail, "foxmail-box"},
		{"mbox", "inbox", "From wang@example.com Tue Mar  5 10:30:00 2024\n" + strings.ReplaceAll(mail, "\r\n", "\n"), "mbox"},
		{"html", "a.html", "<!DOCTYPE html><html><head><title>x</title></head><body>y</body></html>", "html"},
		{"csv", "a.csv", "a,b\n1,2\n", "csv"},
		{"subtitles", "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", "vtt"},
		{"talk", "a.txt", "[00:00:01] 张三: 一\n[00:00:05] 李四: 二\n[00:01:10] 张三: 三\n", "transcript-txt"},
		{"text in GBK", "a.txt", gbk, "text"},
		{"text", "readme", "plain words\n", "text"},
		{"a binary workbook", "a.xlsb", string(pack(t, types, "", "xl/workbook.bin", "x")), "xlsb"},
		{"a Visio drawing", "a.bin", string(pack(t, types, "", "visio/document.xml", "<w/>")), "vsdx"},
		{"an OFD called .zip", "a.zip", string(pack(t, "OFD.xml", "<OFD/>", "Doc_0/Document.xml", "<w/>")), "ofd"},
		{"an archive with an OFD's folder", "a.zip", string(pack(t, "发票/OFD.xml", "<OFD/>")), "zip"},
		{"a picture", "a.txt", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00", "image"},
		{"OneNote", "a.one", "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3" + strings.Repeat("\x00", 40), "known"},
		{"Axure", "a.rp", string(pack(t, "a", "x")), "known"},
		{"a saved page", "a.mht", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n\r\n--x--\r\n", "mht"},
		{"protected by its header", "合同.docx", "%TSD-Header-###%" + strings.Repeat("\x00\x01\xfe", 200), "protected"},
		{"protected text", "a.txt", "b\x14#e\x0bE-SafeNet\x00\x00\x00LOCK" + strings.Repeat("\x9f\x01\xfe", 200), "protected"},
		{"noise under an office's name", "合同.xlsx", string(random(4096)), "protected"},
		{"a shortcut", "需求.url", "[InternetShortcut]\r\nURL=https://example.feishu.cn/docx/abc\r\n", "link"},
		{"a conversation", "a.txt", "2024-03-05 10:23:11 张三\n报价发了吗\n\n2024-03-05 10:24:02 李四\n发了\n\n2024-03-06 09:00:00 张三\n收到\n", "chat-txt"},
		{"a conversation as a table", "a.csv", "发送人,发送时间,消息内容\n张三,2024-03-05 10:23,好\n", "chat-csv"},
		{"a page called a workbook", "a.xls", "<html><body><table><tr><td>x</td></tr></table></body></html>", "html-table"},
		{"XML", "a.dat", "<?xml version=\"1.0\"?><合同><金额>1</金额></合同>", "xml"},
		{"a log", "a.log", "2024-03-05 10:23:11 INFO started\n2024-03-05 10:23:12 WARN slow\n2024-03-05 10:23:13 INFO done\n2024-03-05 10:23:14 INFO x\n", "text"},
		{"an OpenDocument sheet", "a.zip", string(stored(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x")), "ods"},
		{"an EPUB", "a.epub", string(stored(t, "mimetype", "application/epub+zip", "content.opf", "x")), ""},
		{"noise", "a.bin", strings.Repeat("\x00\x01\xfe\x80\x9f\x03", 200), ""},
	}
	formats := All(Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if f := Detect(formats, input(tt.file, []byte(tt.data))); f != nil {
				got = f.Name
			}
			if got != tt.want {
				t.Errorf("detected as %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDetectTouchesLittle: every original passes by every format.
func TestDetectTouchesLittle(t *testing.T) {
	t.Parallel()
	c := &counting{Reader: bytes.NewReader(bytes.Repeat([]byte("plain words without a signature\n"), 1<<20))}
	in := &document.Input{Name: "a.txt", Size: c.Size(), Bytes: c}
	if f := Detect(All(Options{}), in); f == nil || f.Name != "text" {
		t.Fatalf("detected %v", f)
	}
	if c.n > 256<<10 {
		t.Errorf("%d bytes were read", c.n)
	}
}

type counting struct {
	*bytes.Reader
	n int
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(p, at)
	c.n += n
	return n, err
}

func TestNested(t *testing.T) {
	t.Parallel()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(pack(t, "深/合同.txt", "合同正文"))
	_ = w.Close()
	outer := pack(t, "备份.zip.gz", z.String())
	formats := All(Options{})
	in := input("外.zip", outer)
	for _, step := range []string{"备份.zip.gz", "content", "深/合同.txt"} {
		f := Detect(formats, in)
		if f == nil {
			t.Fatalf("%s is not known", in.Name)
		}
		c, err := Open(context.Background(), f, in, step)
		if err != nil {
			t.Fatalf("open %s: %v", step, err)
		}
		data, err := io.ReadAll(c.Content)
		if err != nil {
			t.Fatal(err)
		}
		in = input(c.Name, data)
	}
	doc, err := Read(context.Background(), Detect(formats, in), in, nil)
	if err != nil || len(doc.Sections) != 1 || doc.Sections[0].Text != "合同正文" {
		t.Errorf("document %+v, error %v", doc, err)
	}
}

// fake is a format made for a test.
func fake(read func(emit func(*document.Child) error) (*document.Document, error)) *document.Format {
	return &document.Format{Name: "fake", Version: 1, Kind: document.KindText, MediaType: "x/y",
		Detect: func(*document.Input) bool { panic("detect") },
		Read: func(_ context.Context, _ *document.Input, emit func(*document.Child) error) (*document.Document, error) {
			return read(emit)
		}}
}

func TestReadFillsAndGuards(t *testing.T) {
	t.Parallel()
	in := input("a", []byte("x"))
	ctx := context.Background()
	if Detect([]document.Format{*fake(nil)}, in) != nil {
		t.Error("a Detect that panics has detected")
	}

	doc, err := Read(ctx, fake(func(func(*document.Child) error) (*document.Document, error) {
		d := &document.Document{Title: " 题\x00 "}
		d.AddText(document.Position{Line: 1}, "h\xff", "a\x00b\xff")
		return d, nil
	}), in, nil)
	if err != nil || doc.Read != document.Full || doc.Kind != document.KindText || doc.MediaType != "x/y" || doc.Fields["format"] != "fake" ||
		doc.Title != "题" || doc.Sections[0].Text != "ab\uFFFD" || doc.Sections[0].Heading != "h\uFFFD" {
		t.Errorf("document %+v, error %v", doc, err)
	}

	doc, err = Read(ctx, fake(func(func(*document.Child) error) (*document.Document, error) { panic("secret text") }), in, nil)
	if err != nil || doc.Read != document.None || doc.Reason != document.Crash || strings.Contains(fmt.Sprint(doc.Warnings), "secret") {
		t.Errorf("a crash: %+v, error %v", doc, err)
	}

	if _, err = Read(ctx, fake(func(func(*document.Child) error) (*document.Document, error) { return nil, nil }), in, nil); err == nil {
		t.Error("neither document nor error is no error")
	}

	if doc, _ := Read(ctx, fake(nil), input("a", nil), nil); doc.Reason != document.Empty {
		t.Errorf("no bytes: %+v", doc)
	}

	stop := errors.New("stop")
	_, err = Read(ctx, fake(func(emit func(*document.Child) error) (*document.Document, error) {
		return nil, emit(&document.Child{})
	}), in,
		func(*document.Child) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("the caller's error became %v", err)
	}

	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the caller's panic was swallowed")
			}
		}()
		_, _ = Read(ctx, fake(func(emit func(*document.Child) error) (*document.Document, error) {
			return nil, emit(&document.Child{})
		}), in,
			func(*document.Child) error { panic("mine") })
	}()
}

func TestTextLimit(t *testing.T) {
	t.Parallel()
	in := input("a", []byte("x"))
	in.Limits.TextBytes = 10
	doc, err := Read(context.Background(), fake(func(func(*document.Child) error) (*document.Document, error) {
		d := &document.Document{}
		for range 3 {
			d.AddText(document.Position{Line: 1}, "", "合同金额")
		}
		return d, nil
	}), in, nil)
	if err != nil || len(doc.Sections) != 1 || doc.Sections[0].Text != "合同金" || doc.Reason != document.TooLarge {
		t.Errorf("document %+v, error %v", doc, err)
	}
}

func TestOpenByWalking(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", spoolMemory+5)
	f := fake(func(emit func(*document.Child) error) (*document.Document, error) {
		for _, c := range []*document.Child{{Step: "a", Content: strings.NewReader("small")}, {Step: "b", Content: strings.NewReader(big)}, {Step: "c", Reason: document.Encrypted}} {
			if err := emit(c); err != nil {
				return nil, err
			}
		}
		return &document.Document{}, nil
	})
	in := input("x", []byte("x"))
	for step, want := range map[string]string{"a": "small", "b": big} {
		c, err := Open(context.Background(), f, in, step)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c.Content); err != nil || string(got) != want || c.Size != int64(len(want)) {
			t.Errorf("%s: %d bytes, error %v", step, len(got), err)
		}
		if closer, ok := c.Content.(io.Closer); ok {
			_ = closer.Close()
		}
	}
	if c, err := Open(context.Background(), f, in, "c"); err != nil || c.Content != nil || c.Reason != document.Encrypted {
		t.Errorf("a child without bytes: %+v, %v", c, err)
	}
	if _, err := Open(context.Background(), f, in, "d"); !errors.Is(err, document.ErrNoChild) {
		t.Errorf("error %v", err)
	}
	if _, err := Open(context.Background(), fake(func(func(*document.Child) error) (*document.Document, error) { panic("x") }), in, "a"); err == nil {
		t.Error("a crash is no error")
	}
}
