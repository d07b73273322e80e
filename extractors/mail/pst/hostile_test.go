package pst

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail/pst/psttest"
)

// TestSharedBlocks reads a file in which a list of blocks names one block over and
// over, and many items share the list: which is no end of reading.
func TestSharedBlocks(t *testing.T) {
	t.Parallel()
	p := pen{t, false}
	var mails []*psttest.Message
	m := p.mail("一", "见附件", "2023-05-01T02:00:00Z")
	m.Attachments = []psttest.Attachment{p.file("a.bin", bytes.Repeat([]byte("0123456789abcdef"), 80_000))}
	for range 200 {
		mails = append(mails, p.mail("二", "见附件", "2023-05-01T02:00:00Z"))
	}
	box := &psttest.Mailbox{Layout: psttest.Unicode, Encode: encode, Folders: []*psttest.Folder{{Name: "a", Messages: append(mails, m)}}}
	data := psttest.Write(box)
	in := input("a.pst", data)
	s, _, err := open(in)
	if err != nil {
		t.Fatal(err)
	}
	var last node
	s.walkNodes(0, 1<<32, func(n node) bool {
		if n.id&kindMask == kindMail {
			last = n
		}
		return true
	})
	// All other mails become the one with the attachment.
	changed := 0
	for at := int64(0); at+s.page <= int64(len(data)); at += 512 {
		pg, ok := s.parsePage(data[at : at+s.page])
		if !ok || !pg.sound || pg.kind != pageNodes || pg.level != 0 {
			continue
		}
		for i := range pg.count {
			if n := s.node(&pg, i); n.id&kindMask == kindMail {
				binary.LittleEndian.PutUint64(pg.data[i*pg.width+8:], last.data)
				binary.LittleEndian.PutUint64(pg.data[i*pg.width+16:], last.subs)
				changed++
			}
		}
	}
	if changed != 201 {
		t.Fatalf("%d nodes were changed", changed)
	}
	begin := time.Now()
	doc, err := PST.Read(context.Background(), in, func(*document.Child) error { return nil })
	if err != nil || doc.Read != document.Partial || doc.Reason != document.Bomb {
		t.Errorf("%s, %s, %v, error %v", doc.Read, doc.Reason, doc.Warnings, err)
	}
	if d := time.Since(begin); d > time.Minute {
		t.Errorf("it took %v", d)
	}
}

// TestCircles reads a file whose trees lead back into themselves.
func TestCircles(t *testing.T) {
	t.Parallel()
	whole := archive(t, psttest.Unicode, 300)
	h, _, err := readHeader(input("a.pst", whole))
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range []ref{h.nodes, h.blocks} {
		data := bytes.Clone(whole)
		pg, ok := h.parsePage(data[root.at : root.at+h.page])
		if !ok || pg.level == 0 {
			t.Fatal("the root has no pages below it")
		}
		for i := range pg.count {
			binary.LittleEndian.PutUint64(pg.data[i*pg.width+8:], root.id)
			binary.LittleEndian.PutUint64(pg.data[i*pg.width+16:], uint64(root.at))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := PST.Read(ctx, input("a.pst", data), func(*document.Child) error { return nil }); err != nil {
			t.Error(err)
		}
		if _, err := PST.Cut(ctx, input("a.pst", data), 10); err != nil {
			t.Error(err)
		}
	}
}
