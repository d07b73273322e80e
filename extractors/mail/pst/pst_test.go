package pst

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/extractors/mail/pst/psttest"
)

var update = flag.Bool("update", false, "write the golden files and the mailbox of the samples anew")

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// got is a child with its bytes.
type got struct {
	step, name string
	ordinal    int
	reason     document.Reason
	data       []byte
}

func readAll(t testing.TB, in *document.Input) (*document.Document, []got) {
	t.Helper()
	var all []got
	doc, err := PST.Read(context.Background(), in, func(c *document.Child) error {
		g := got{step: c.Step, name: c.Name, ordinal: c.Ordinal, reason: c.Reason}
		if c.Content != nil {
			var err error
			if g.data, err = io.ReadAll(c.Content); err != nil || int64(len(g.data)) != c.Size {
				t.Errorf("%s says %d bytes and has %d, error %v", c.Step, c.Size, len(g.data), err)
			}
		}
		all = append(all, g)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	return doc, all
}

// eml reads a written mail.
func eml(t testing.TB, g got) *document.Document {
	t.Helper()
	in := input(g.name, g.data)
	in.Depth = 1
	if !mail.EML.Detect(in) {
		t.Fatalf("%s is not known as a mail", g.step)
	}
	doc, err := mail.EML.Read(context.Background(), in, func(*document.Child) error { return nil })
	if err != nil {
		t.Fatalf("%s: %v", g.step, err)
	}
	return doc
}

var layouts = map[string]psttest.Layout{"ansi": psttest.ANSI, "unicode": psttest.Unicode, "unicode-4k": psttest.Unicode4K}

// TestEveryLayout wants the same mails out of all layouts and encodings, and compares
// them with testdata/office.json, which -update writes.
func TestEveryLayout(t *testing.T) {
	t.Parallel()
	type listed struct {
		Step, Name string
		Document   *document.Document
	}
	var want []listed
	_, all := readAll(t, input("a.pst", psttest.Write(office(t, psttest.Unicode, psttest.Permute))))
	for _, g := range all {
		doc := eml(t, g)
		for i := range doc.Sections {
			if s := &doc.Sections[i]; len(s.Text) > 300 {
				s.Text = s.Text[:300] + fmt.Sprintf("… (%d bytes)", len(s.Text))
			}
		}
		if len(doc.People) > 10 {
			doc.People = append(doc.People[:5:5], document.Person{Name: fmt.Sprintf("and %d more", len(doc.People)-5)})
		}
		want = append(want, listed{g.step, g.name, doc})
	}
	have, err := json.MarshalIndent(want, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "office.json")
	if *update {
		if err := os.WriteFile(golden, append(have, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(kept), have) {
		t.Errorf("the mails are not those of %s; -update writes it anew, have:\n%s", golden, have)
	}

	for name, layout := range layouts {
		for _, crypt := range []byte{psttest.Plain, psttest.Permute, psttest.Cyclic} {
			doc, mails := readAll(t, input(name+".pst", psttest.Write(office(t, layout, crypt))))
			if doc.Read != document.Full || doc.Fields["layout"] != name || doc.Fields["mails"] != "13" || doc.Fields["claimed"] != "12" {
				t.Errorf("%s, encoding %d: %s, %v, %v", name, crypt, doc.Read, doc.Fields, doc.Warnings)
			}
			if len(mails) != len(all) {
				t.Fatalf("%s, encoding %d: %d mails, want %d", name, crypt, len(mails), len(all))
			}
			for i, m := range mails {
				if m.step != all[i].step || m.ordinal != all[i].ordinal || !bytes.Equal(m.data, all[i].data) {
					t.Errorf("%s, encoding %d: %s differs from %s:\n%s\n%s", name, crypt, m.step, all[i].step, m.data, all[i].data)
				}
			}
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for name, layout := range layouts {
		in := input("a.pst", psttest.Write(office(t, layout, psttest.Permute)))
		_, all := readAll(t, in)
		for _, g := range all {
			c, err := PST.Open(context.Background(), in, g.step)
			if err != nil {
				t.Fatalf("%s: open %s: %v", name, g.step, err)
			}
			data, err := io.ReadAll(c.Content)
			if err != nil || !bytes.Equal(data, g.data) || c.Name != g.name || c.Ordinal != g.ordinal {
				t.Errorf("%s: %s opens otherwise than it was read", name, g.step)
			}
		}
		for _, step := range []string{"", "mail:", "mail:2097188", "收件箱/mail:1", "收件箱/mail:2097189", "日历/mail:2097188", "收件箱/mail:4294967268", "收件箱/mail:99999999999", "收件箱"} {
			if _, err := PST.Open(context.Background(), in, step); !errors.Is(err, document.ErrNoChild) {
				t.Errorf("%s: opening %q gives %v, want ErrNoChild", name, step, err)
			}
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for name, layout := range layouts {
		in := input("a.pst", archive(t, layout, 1100))
		doc, all := readAll(t, in)
		if doc.Read != document.Full || len(all) != 1100 {
			t.Fatalf("%s: %d mails, %v", name, len(all), doc.Warnings)
		}
		ranges, err := PST.Cut(context.Background(), in, 300)
		if err != nil || len(ranges) != 4 {
			t.Fatalf("%s: ranges %v, error %v", name, ranges, err)
		}
		at := 0
		for _, r := range ranges {
			part := *in
			part.Range = r
			_, some := readAll(t, &part)
			for _, g := range some {
				if g.step != all[at].step || g.ordinal != all[at].ordinal || !bytes.Equal(g.data, all[at].data) {
					t.Fatalf("%s: the %d-th mail of %v is %s, want %s", name, at, r, g.step, all[at].step)
				}
				at++
			}
		}
		if at != len(all) {
			t.Errorf("%s: the ranges give %d mails of %d", name, at, len(all))
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	some := []document.Range{{From: 0, To: 4}, {From: 4, To: 36}, {From: 36, To: lastItem}}
	if have := join(some, 2); len(have) != 2 || have[0] != (document.Range{From: 0, To: 36}) || have[1] != some[2] {
		t.Errorf("have %v", have)
	}
	if have := join(some, 0); len(have) != 3 {
		t.Errorf("have %v", have)
	}
}

// TestCodePage reads an ANSI file whose mails name a code page that they are not in.
func TestCodePage(t *testing.T) {
	t.Parallel()
	p := pen{t, true}
	m := p.mail("关于合同盖章的说明", "请于周五前把盖章后的合同扫描件发给我，谢谢。", "2023-05-01T02:00:00Z")
	m.Props = append(m.Props, psttest.Long(0x3FFD, 1252), psttest.Long(0x3FF1, 0x409))
	big5 := &psttest.Message{Props: []psttest.Prop{psttest.String8(0x001A, "IPM.Note"), psttest.String8(0x0037, "\xb3\xf8\xc3\xf6\xb3\xe6\xbe\xda\xa9\xef\xc0\x59\xb0\xdd\xc3\x44"), psttest.Long(0x3FF1, 0x404)}}
	box := &psttest.Mailbox{Layout: psttest.ANSI, Encode: encode, Text: func(s string) []byte { return []byte(gbk(t, s)) }, Folders: []*psttest.Folder{{Name: "工作邮件", Messages: []*psttest.Message{m, big5}}}}
	_, all := readAll(t, input("a.pst", psttest.Write(box)))
	if len(all) != 2 || all[0].step != "工作邮件/mail:2097188" {
		t.Fatalf("have %v", all)
	}
	if d := eml(t, all[0]); d.Title != "关于合同盖章的说明" || !strings.Contains(d.Sections[0].Text, "扫描件发给我") || d.People[0].Name != "王伟" {
		t.Errorf("have %q, %v, %v", d.Title, d.People, d.Sections)
	}
	if d := eml(t, all[1]); d.Title != "報關單據抬頭問題" {
		t.Errorf("have %q", d.Title)
	}
}

// TestLongAttachment reads one that needs two levels of blocks, and a mail that is
// written to a temporary file.
func TestLongAttachment(t *testing.T) {
	t.Parallel()
	p := pen{t, false}
	data := bytes.Repeat([]byte("0123456789abcde\n"), 600_000)
	m := p.mail("大附件", "见附件", "2023-05-01T02:00:00Z")
	m.Attachments = []psttest.Attachment{p.file("log.txt", data)}
	box := &psttest.Mailbox{Layout: psttest.Unicode, Crypt: psttest.Cyclic, Encode: encode, Folders: []*psttest.Folder{{Name: "a", Messages: []*psttest.Message{m}}}}
	doc, all := readAll(t, input("a.pst", psttest.Write(box)))
	if len(all) != 1 || doc.Read != document.Full {
		t.Fatalf("%d mails, %v", len(all), doc.Warnings)
	}
	found := false
	_, err := mail.EML.Read(context.Background(), input(all[0].name, all[0].data), func(c *document.Child) error {
		have, err := io.ReadAll(c.Content)
		found = bytes.Equal(have, data)
		return err
	})
	if err != nil || !found {
		t.Errorf("the attachment does not come out as it went in; error %v", err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	p := pen{t, false}
	m := p.mail("零", "见附件", "2023-05-01T02:00:00Z")
	m.Attachments = []psttest.Attachment{p.file("zero.bin", make([]byte, 13<<20))}
	box := &psttest.Mailbox{Layout: psttest.Unicode4K, Encode: encode, Folders: []*psttest.Folder{{Name: "a", Messages: []*psttest.Message{m, p.mail("b", "c", "2023-05-01T02:00:00Z")}}}}
	data := psttest.Write(box)
	for _, c := range []struct {
		limits document.Limits
		reason document.Reason
		mails  int
	}{
		{document.Limits{}, "", 2},
		{document.Limits{Ratio: 20}, document.Bomb, 0},
		{document.Limits{Expanded: 1 << 20}, document.TooLarge, 0},
		{document.Limits{Entries: 1}, document.TooMany, 1},
	} {
		in := input("a.ost", data)
		in.Limits = c.limits.WithDefaults()
		if doc, all := readAll(t, in); len(all) != c.mails || doc.Reason != c.reason {
			t.Errorf("limits %+v: %d mails, reason %q, want %d, %q", c.limits, len(all), doc.Reason, c.mails, c.reason)
		}
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	in := input("a.pst", archive(t, psttest.Unicode, 50))
	calls := 0
	in.Left = func() time.Duration {
		calls++
		return time.Duration(20 - calls)
	}
	if doc, all := readAll(t, in); len(all) != 19 || doc.Reason != document.TimeLimit {
		t.Errorf("%d mails, %s, %v", len(all), doc.Reason, doc.Warnings)
	}
}

// TestSample keeps the mailbox of the samples as the writer writes it.
func TestSample(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "samples", "archive", "邮件导出", "2025_李文博_Outlook.pst")
	data := psttest.Write(sample(t))
	if *update {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, data) {
		t.Errorf("%s is not what the writer writes; -update writes it anew", path)
	}
}
