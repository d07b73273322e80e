package pipeline

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// spoilt is a zip of one stored member whose checksum is another's.
func spoilt(t *testing.T, name, text string) string {
	t.Helper()
	z := []byte(zipped(t, name, text))
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text)))
	if n := bytes.Count(z, sum); n < 2 {
		t.Fatalf("the checksum stands %d times in the zip", n)
	}
	return string(bytes.ReplaceAll(z, sum, []byte("\x01\x02\x03\x04")))
}

// What comes out of a member before its damage is read and found; what makes no
// sense is quarantined for its damage.
func TestDamagedMember(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var report strings.Builder
	for n := range 400 {
		fmt.Fprintf(&report, "第%d条：仓储系统的验收意见已经记录在案。\n", n)
	}
	long := "长报告" + strings.Repeat("\n", 9<<20) + "完" // stored and read by a job of its own
	o.write("a.zip", spoilt(t, "意见.txt", report.String()))
	o.write("b.zip", spoilt(t, "长.txt", long))
	o.write("c.zip", spoilt(t, "drawing.bin", "\x00\x01\x02AC1018\xff\xfe\x00\x00\x00"))
	o.ingest()
	want := map[string]string{
		"a.zip": "indexed", "a.zip!/意见.txt": "indexed corrupt", "b.zip": "indexed", "b.zip!/长.txt": "indexed corrupt",
		"c.zip": "indexed", "c.zip!/drawing.bin": "quarantined corrupt",
	}
	o.want(want)
	if got := o.find("第399条"); len(got) == 0 {
		t.Error("the text before the damage is not found")
	}
	v, err := o.a.Show(t.Context(), "a.zip!/意见.txt", nil)
	if err != nil || v.Read != document.Partial || v.Reason != document.Corrupt {
		t.Fatalf("%v: %+v", err, v)
	}
	original, _, _, err := o.a.Original(t.Context(), "a.zip!/意见.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	if original.Size() != int64(report.Len()) {
		t.Errorf("%d bytes come out, %d were read", original.Size(), report.Len())
	}
	if err := original.Close(); err != nil {
		t.Fatal(err)
	}
	o.clean("after damage")
	before := o.dump()
	for locator := range want {
		if _, _, err := o.a.Retry(t.Context(), Retry{Refs: []string{locator}}); err != nil {
			t.Fatal(err)
		}
	}
	o.ingest()
	if after := o.dump(); after != before {
		t.Errorf("reading it again changed the dump:\n%s\n---\n%s", before, after)
	}
}

// The same bytes, damaged in a zip and whole beside it, are whole, whichever is
// found first.
func TestDamagedAndWhole(t *testing.T) {
	t.Parallel()
	text := "合同金额为三十五万元，首付款已经到账。"
	for _, first := range []string{"damaged", "whole"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			write := map[string]func(){
				"damaged": func() { o.write("a.zip", spoilt(t, "付款.txt", text)) },
				"whole":   func() { o.write("b.txt", text) },
			}
			write[first]()
			o.ingest()
			for _, all := range write {
				all()
			}
			o.ingest()
			o.want(map[string]string{"a.zip": "indexed", "a.zip!/付款.txt": "indexed", "b.txt": "duplicate-of"})
			v, err := o.a.Show(t.Context(), "b.txt", nil)
			if err != nil || v.Read != document.Full {
				t.Errorf("%v: %+v", err, v)
			}
		})
	}
}

// `extract` reads the same.
func TestExtractDamaged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.zip", spoilt(t, "付款.txt", "合同金额为三十五万元"))
	o.write("c.zip", spoilt(t, "drawing.bin", "\x00\x01\x02AC1018\xff\xfe\x00\x00\x00"))
	for name, want := range map[string]string{"a.zip": "partial corrupt 合同金额为三十五万元", "c.zip": "none corrupt "} {
		got := ""
		err := Extract(t.Context(), o.cfg, filepath.Join(o.source, name), func(d *document.Document) error {
			if d.Parent != "" {
				got = fmt.Sprintf("%s %s ", d.Read, d.Reason)
				for _, s := range d.Sections {
					got += s.Text
				}
			}
			return nil
		})
		if err != nil || got != want {
			t.Errorf("%s: %v, %q, want %q", name, err, got, want)
		}
	}
}

// What a killed process was unpacking is gone at the next start.
func TestTemporaryFilesGo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	left := filepath.Join(o.cfg.Data, "tmp", "spool-1")
	if err := os.WriteFile(left, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.restart()
	if _, err := os.Stat(left); err == nil {
		t.Error("a temporary file of an earlier process is left")
	}
}
