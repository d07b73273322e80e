package pipeline

import (
	"archive/zip"
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/config"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// office is a source folder and a data directory, as a test uses them.
type office struct {
	t      *testing.T
	source string
	cfg    *config.Config
	a      *Archive
}

func newOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	cfg, err := config.Load(config.LoadOptions{Dir: dir, Getenv: func(string) string { return "" }, Environ: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data, cfg.SettleTime, cfg.Disk.MinFree, cfg.Sandbox = filepath.Join(dir, "data"), 0, 0, withSandbox
	cfg.OCR.Program = "off" // what this machine has is none of a test's business
	o := &office{t: t, source: filepath.Join(dir, "source"), cfg: cfg}
	if err := os.MkdirAll(o.source, 0o755); err != nil {
		t.Fatal(err)
	}
	o.open()
	t.Cleanup(func() { _ = o.a.Close() })
	return o
}

func (o *office) open() {
	o.t.Helper()
	a, err := Open(o.t.Context(), o.cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		o.t.Fatal(err)
	}
	o.a = a
}

// restart closes the archive and opens it again, as another process would.
func (o *office) restart() {
	o.t.Helper()
	if err := o.a.Close(); err != nil {
		o.t.Fatal(err)
	}
	o.open()
}

// write puts a file into the source, last changed an hour ago.
func (o *office) write(name, data string) {
	o.t.Helper()
	path := filepath.Join(o.source, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) remove(name string) {
	o.t.Helper()
	if err := os.Remove(filepath.Join(o.source, filepath.FromSlash(name))); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) ingest() *Account {
	o.t.Helper()
	account, err := o.a.Ingest(o.t.Context(), Run{Kind: "ingest", Paths: []string{o.source}})
	if err != nil {
		o.t.Fatal(err)
	}
	if !account.Closed {
		o.t.Fatalf("the ledger does not close: %+v", account)
	}
	return account
}

func (o *office) dump() string {
	o.t.Helper()
	var out bytes.Buffer
	if err := o.a.Dump(o.t.Context(), &out); err != nil {
		o.t.Fatal(err)
	}
	return out.String()
}

// states are the states of all items by locator, with a mark for what is gone.
func (o *office) states() map[string]string {
	o.t.Helper()
	out := map[string]string{}
	err := o.a.Items(o.t.Context(), ledger.Filter{}, func(i *ItemView) error {
		s := string(i.State)
		if i.Reason != "" {
			s += " " + i.Reason
		}
		if i.Gone {
			s += " gone"
		}
		out[i.Locator] = strings.TrimSpace(out[i.Locator] + "; " + s)
		out[i.Locator] = strings.TrimPrefix(out[i.Locator], "; ")
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

func (o *office) want(want map[string]string) {
	o.t.Helper()
	got := o.states()
	for locator, state := range want {
		if got[locator] != state {
			o.t.Errorf("%s is %q, want %q", locator, got[locator], state)
		}
	}
	if len(got) != len(want) {
		o.t.Errorf("items %v, want %v", got, want)
	}
}

// find gives the locators that a search finds, best first.
func (o *office) find(query string) []string {
	o.t.Helper()
	r, err := o.a.Search(o.t.Context(), index.Request{Text: query, Unfolded: true}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Locator)
	}
	return out
}

func (o *office) clean(want string) {
	o.t.Helper()
	r, err := o.a.Reconcile(o.t.Context(), false)
	if err != nil {
		o.t.Fatal(err)
	}
	if !r.Clean() {
		o.t.Errorf("%s: %+v", want, r)
	}
}

// zipped makes a zip of the given names and bytes.
func zipped(t *testing.T, members ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for n := 0; n < len(members); n += 2 {
		w, err := z.Create(members[n])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(members[n+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// box is an mbox of mails from..to-1.
func box(from, to int) string {
	var b strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "From a@example.com Mon Jan  2 15:04:05 2023\nFrom: 张伟 <a@example.com>\nTo: b@example.com\nSubject: 第%d号邮件\nDate: Mon, 02 Jan 2023 15:04:05 +0800\nMessage-ID: <%d@example.com>\n\n需求变更第%d条已经确认。\n\n", n, n, n)
	}
	return b.String()
}

const talk = `WEBVTT

00:00:01.000 --> 00:00:05.000
<v 王磊>我们决定九月十五日之前交付订单系统。

00:00:06.000 --> 00:00:10.000
<v 李娜>好的，我负责周五之前把测试报告发给客户。
`

// soundFile is a WAV of one second of silence; n makes different ones.
func soundFile(n byte) string {
	const rate = 8000
	head := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"
	return head + strings.Repeat(string(rune(n)), rate)
}
