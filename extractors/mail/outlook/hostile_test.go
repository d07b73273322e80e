package outlook

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// drain reads an original and all its children, and says how many bytes they have.
func drain(t testing.TB, f document.Format, name string, data []byte) (doc *document.Document, total int64) {
	t.Helper()
	doc, err := f.Read(context.Background(), input(name, data), func(c *document.Child) error {
		if c.Content == nil {
			if c.Reason == "" {
				t.Errorf("%s has neither bytes nor a reason", c.Step)
			}
			return nil
		}
		n, err := io.Copy(io.Discard, c.Content)
		total += n
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if doc.Read == "" || doc.Read != document.Full && doc.Reason == "" {
		t.Errorf("%s: read %q, reason %q", name, doc.Read, doc.Reason)
	}
	return doc, total
}

// TestBrokenOffAnywhere: every beginning of a file is read without a fault, and a
// loss is told.
func TestBrokenOffAnywhere(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	saved, packed := all["embedded"].msg(), all["embedded"].tnef(936)
	for n := 8; n < len(saved); n += 97 {
		if !Msg.Detect(input("a.msg", saved[:n])) {
			continue // nothing of its directory is left, and its name is gone
		}
		if doc, _ := drain(t, Msg, "a.msg", saved[:n]); doc.Read == document.Full && n < len(saved)-600 {
			t.Errorf("%d of %d bytes are read as full", n, len(saved))
		}
	}
	for n := 6; n < len(packed); n += 13 {
		drain(t, TNEF, "winmail.dat", packed[:n])
	}
	if doc, _ := drain(t, TNEF, "winmail.dat", packed[:len(packed)-500]); doc.Reason != document.Truncated || doc.Title != "转发：报价" {
		t.Errorf("a shortened winmail.dat: %q, %q", doc.Reason, doc.Title)
	}
}

// TestLostDirectory: a saved item by its name, of which nothing is left.
func TestLostDirectory(t *testing.T) {
	t.Parallel()
	data := fixtures(t)["gbk"].msg()[:1024]
	in := input("邮件.msg", data)
	if !Msg.Detect(in) {
		t.Fatal("it is not detected")
	}
	if doc, _ := drain(t, Msg, in.Name, data); doc.Read != document.None || doc.Reason != document.Corrupt {
		t.Errorf("%+v", doc)
	}
	if Msg.Detect(input("a.doc", data)) {
		t.Error("any compound file is taken for a mail")
	}
	if Msg.Detect(input("a.doc", compound.Write(compound.NewStorage("Root Entry", compound.NewStream("WordDocument", data))))) {
		t.Error("a Word file is taken for a mail")
	}
}

// TestSharedSectors: attachments that all claim the same sectors are not handed
// out again and again.
func TestSharedSectors(t *testing.T) {
	t.Parallel()
	f := &fixture{props: []prop{uni(idClass, "IPM.Note")}}
	big := strings.Repeat("x", 400<<10)
	f.attachments = append(f.attachments, file("big", big))
	for i := range 300 {
		f.attachments = append(f.attachments, file(fmt.Sprint(i), strings.Repeat("y", 4096)))
	}
	data := f.msg()
	// Every stream of an attachment begins where the big one does, and is as long.
	var start, size []byte
	name := utf16le("__substg1.0_37010102")
	for at := 0; ; {
		n := bytes.Index(data[at:], name)
		if n < 0 {
			break
		}
		at += n
		e := data[at : at+128]
		if s := binary.LittleEndian.Uint32(e[120:]); s == uint32(len(big)) {
			start, size = bytes.Clone(e[116:120]), bytes.Clone(e[120:128])
		}
		at += 128
	}
	for at := 0; ; {
		n := bytes.Index(data[at:], name)
		if n < 0 {
			break
		}
		at += n
		copy(data[at+116:], start)
		copy(data[at+120:], size)
		at += 128
	}
	doc, total := drain(t, Msg, "a.msg", data)
	if total > int64(len(data)) || doc.Reason != document.Bomb {
		t.Errorf("%d bytes came out of %d, reason %q", total, len(data), doc.Reason)
	}
}

// TestDeeplyEmbedded: items within items end at a depth, and say so.
func TestDeeplyEmbedded(t *testing.T) {
	t.Parallel()
	f := &fixture{props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "底")}}
	for range 60 {
		f = &fixture{props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "层")}, attachments: []entry{{props: []prop{long(idAttachMethod, 5)}, inner: f}}}
	}
	for name, data := range map[string][]byte{"a.msg": f.msg(), "winmail.dat": f.tnef(0)} {
		format := Msg
		if name == "winmail.dat" {
			format = TNEF
		}
		doc, _ := drain(t, format, name, data)
		if doc.Read != document.Partial || doc.Reason != document.TooDeep {
			t.Errorf("%s: %q %q", name, doc.Read, doc.Reason)
		}
	}
}

// TestLyingLengths changes every word of a TNEF stream to a large number.
func TestLyingLengths(t *testing.T) {
	t.Parallel()
	good := fixtures(t)["gbk"].tnef(936)
	for at := 6; at+4 <= len(good); at++ {
		for _, v := range []uint32{0, 0x7FFFFFFF, 0xFFFFFFFF} {
			data := bytes.Clone(good)
			binary.LittleEndian.PutUint32(data[at:], v)
			drain(t, TNEF, "winmail.dat", data)
		}
	}
}

// TestManyRecipients: a real mail had 1,321, a hostile one has more.
func TestManyRecipients(t *testing.T) {
	t.Parallel()
	f := &fixture{props: []prop{uni(idClass, "IPM.Note")}}
	for i := range maxRecipients + 10 {
		f.recipients = append(f.recipients, entry{props: []prop{uni(idShowName, fmt.Sprintf("人%d", i))}})
	}
	for name, data := range map[string][]byte{"a.msg": f.msg(), "winmail.dat": f.tnef(0)} {
		format := Msg
		if name == "winmail.dat" {
			format = TNEF
		}
		doc, _ := drain(t, format, name, data)
		if len(doc.People) != maxRecipients || !slices.ContainsFunc(doc.Warnings, func(w document.Warning) bool { return w.Code == "too-many" }) {
			t.Errorf("%s: %d people, warnings %v", name, len(doc.People), doc.Warnings)
		}
	}
}

// TestPropertyStreamLost: the streams beside it still give the text.
func TestPropertyStreamLost(t *testing.T) {
	t.Parallel()
	f := fixtures(t)["gbk"]
	root := nodes(32, f.props)
	root[len(root)-1].Data = nil
	root = append(root, compound.NewStorage("__nameid_version1.0"))
	doc, _ := drain(t, Msg, "a.msg", compound.Write(compound.NewStorage("Root Entry", root...)))
	if doc.Title != "需求变更确认" || len(doc.Sections) != 1 {
		t.Errorf("%+v", doc)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := input("a.msg", fixtures(t)["embedded"].msg())
	if _, err := Msg.Read(ctx, in, func(*document.Child) error { return nil }); err == nil {
		t.Error("a cancelled context is no error")
	}
}

// failing fails behind a number of bytes.
type failing struct {
	*bytes.Reader

	from int64
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, io.ErrClosedPipe
	}
	return f.Reader.ReadAt(p, at)
}

// TestFailingDisk: what the disk does is not the file's fault.
func TestFailingDisk(t *testing.T) {
	t.Parallel()
	data := fixtures(t)["embedded"].msg()
	in := input("a.msg", data)
	in.Bytes = failing{bytes.NewReader(data), 256}
	if _, err := Msg.Read(context.Background(), in, nil); err == nil {
		t.Error("a failing disk is no error")
	}
}

func FuzzMsg(f *testing.F) {
	for _, x := range fixtures(f) {
		f.Add(x.msg())
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, Msg, "a.msg", data) })
}

func FuzzTNEF(f *testing.F) {
	all := fixtures(f)
	for _, n := range []string{"gbk", "embedded", "appointment", "packed-html"} {
		f.Add(all[n].tnef(936))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, TNEF, "winmail.dat", data) })
}

// fuzz wants no fault, and no more text and bytes than the input can hold: UTF-16
// and GBK grow by half, and a mail in base64 by a third and its headers.
func fuzz(t *testing.T, f document.Format, name string, data []byte) {
	t.Helper()
	if !f.Detect(input(name, data)) {
		return
	}
	doc, total := drain(t, f, name, data)
	for _, s := range doc.Sections {
		total += int64(len(s.Text))
	}
	if total > 64*int64(len(data))+1<<20 {
		t.Errorf("%d bytes came out of %d", total, len(data))
	}
}
