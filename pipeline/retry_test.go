package pipeline

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
)

// locked is a zip whose members are stored and encrypted the traditional way
// (APPNOTE 6.1), the password being the third of each member's three words.
func locked(t *testing.T, members ...[3]string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range members {
		sum := crc32.ChecksumIEEE([]byte(m[1]))
		plain := append(make([]byte, 11), byte(sum>>24))
		plain = append(plain, m[1]...)
		a, b, c := uint32(0x12345678), uint32(0x23456789), uint32(0x34567890)
		update := func(p byte) {
			a = crc32.IEEETable[byte(a)^p] ^ a>>8
			b = (b+a&0xff)*134775813 + 1
			c = crc32.IEEETable[byte(c)^byte(b>>24)] ^ c>>8
		}
		for _, p := range []byte(m[2]) {
			update(p)
		}
		for n, p := range plain {
			k := uint16(c) | 2
			plain[n] = p ^ byte(k*(k^1)>>8)
			update(p)
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: m[0], Flags: 1, CRC32: sum, CompressedSize64: uint64(len(plain)), UncompressedSize64: uint64(len(m[1]))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Somebody adds a password to the settings and does nothing else.
func TestPasswordAddedLater(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	members := [][3]string{{"报价.txt", "给华信的报价是三十万元", "旧密码"}}
	for n := range gatherFrom + 2 {
		members = append(members, [3]string{fmt.Sprintf("附件%02d.txt", n), fmt.Sprintf("第%02d号附件的内容", n), "gd2019"})
	}
	o.write("锁.zip", locked(t, members...))
	o.write("外.zip", zipped(t, "里.zip", locked(t, [3]string{"深.txt", "藏在里面的合同", "gd2019"})))
	o.cfg.Passwords = []string{"wrong"}
	o.restart()
	waiting := func() int { return int(o.ingest().WaitingFor[ForPassword]) }
	if n := waiting(); n != len(members)+1 {
		t.Fatalf("%d items wait for a password", n)
	}
	if again := o.ingest(); len(again.Changed) != 0 {
		t.Errorf("a run with the same passwords changed %v", again.Changed)
	}
	o.cfg.Passwords = []string{"wrong", "another"}
	o.restart()
	if again := o.ingest(); len(again.Changed) != 0 || again.WaitingFor[ForPassword] != int64(len(members)+1) {
		t.Errorf("a password that opens nothing changed %v", again.Changed)
	}
	o.cfg.Passwords = []string{"wrong", "gd2019"}
	o.restart()
	account := o.ingest()
	if account.WaitingFor[ForPassword] != 1 || account.Incomplete() || account.Changed[ledger.Indexed] != int64(len(members)) {
		t.Errorf("with one password of two: waiting %v, changed %v", account.WaitingFor, account.Changed)
	}
	for query, want := range map[string]string{"第03号附件": "锁.zip!/附件03.txt", "藏在里面的合同": "外.zip!/里.zip!/深.txt"} {
		if got := o.find(query); len(got) != 1 || got[0] != want {
			t.Errorf("%s finds %q", query, got)
		}
	}
	o.cfg.Passwords = []string{"gd2019", "旧密码"}
	o.restart()
	if n := waiting(); n != 0 || len(o.find("报价是三十万")) != 1 {
		t.Errorf("%d items still wait", n)
	}
	o.clean("after passwords were added")
	kept, err := os.ReadFile(filepath.Join(o.cfg.Data, passwordsFile))
	if err != nil || len(kept) != 48 || strings.Contains(string(kept), "gd2019") {
		t.Errorf("kept of the passwords: %d bytes, %v", len(kept), err)
	}
	// A ledger that had the passwords from the start says the same.
	whole := newOffice(t)
	whole.source, whole.cfg.Passwords = o.source, o.cfg.Passwords
	whole.restart()
	whole.ingest()
	if a, b := o.dump(), whole.dump(); a != b {
		t.Errorf("passwords now and passwords later differ:\n%s\n---\n%s", a, b)
	}
}

func TestRetryChooses(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("坏.zip", "PK\x03\x04 and then nothing of a zip")
	o.write("锁.zip", locked(t, [3]string{"a.txt", "a", "x"}))
	o.write("图纸.bin", "\x00\x01\x02AC1018\xff\xfe\x00\x00\x00")
	o.ingest()
	corrupt := ""
	for locator, s := range o.states() {
		if reason, ok := strings.CutPrefix(s, "quarantined "); ok {
			t.Log(locator, s)
			corrupt = reason
		}
	}
	for _, tt := range []struct {
		name string
		r    Retry
		want int
	}{
		{"a reason", Retry{Reason: corrupt}, 1},
		{"a reason that nothing has", Retry{Reason: "bomb"}, 0},
		{"the reason of what waits", Retry{Reason: ForPassword}, 1},
		{"the reason of its document", Retry{Reason: "encrypted"}, 1},
		{"what no reader knew", Retry{Reason: "unsupported"}, 1},
		{"a source", Retry{Source: o.source}, 2},
		{"another source", Retry{Source: "other"}, 0},
		{"a state of a source", Retry{State: ledger.Quarantined, Source: o.source}, 1},
		{"an item, named twice", Retry{Refs: []string{"坏.zip", "坏.zip"}}, 1},
	} {
		before := o.dump()
		account, n, err := o.a.Retry(t.Context(), tt.r)
		if err != nil || n != tt.want {
			t.Errorf("%s: %d items, %v; want %d", tt.name, n, err, tt.want)
		}
		if account.Incomplete() || o.dump() != before {
			t.Errorf("%s: retrying what is as it was is news: %v", tt.name, account.Changed)
		}
	}
	reasons, err := o.a.Reasons(t.Context(), ledger.Filter{State: ledger.Quarantined, Source: o.source})
	if err != nil || len(reasons) != 1 || reasons[corrupt] != 1 {
		t.Errorf("reasons %v, %v", reasons, err)
	}
}

// What no reader knew is offered again when there is a new one, and so are the
// members that an older reader of their archive failed on.
func TestNewReadersAreAsked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("图纸.bin", "\x00\x01\x02AC1018\xff\xfe\x00\x00\x00")
	o.write("空.txt", "")
	o.ingest()
	if n, err := o.a.outdated(t.Context(), nil); err != nil || n != 0 {
		t.Fatalf("%d outdated, %v", n, err)
	}
	for n := range o.a.formats {
		if o.a.formats[n].Name == "zip" {
			o.a.formats[n].Version++ // as a newer program would bring it
		}
	}
	if n, err := o.a.outdated(t.Context(), nil); err != nil || n != 1 {
		t.Errorf("%d outdated, %v", n, err)
	}
	if _, n, err := o.a.Retry(t.Context(), Retry{Outdated: true}); err != nil || n != 1 {
		t.Errorf("%d read again, %v", n, err)
	}
	if n, err := o.a.outdated(t.Context(), nil); err != nil || n != 0 {
		t.Errorf("%d outdated afterwards, %v", n, err)
	}
}
