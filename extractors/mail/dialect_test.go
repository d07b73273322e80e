package mail

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"guidang/extractors/document"
)

// A body that every dialect has to bring through: lines that look like a
// separator with a date and a header after it, quoted lines, git's date.
const trickyBody = "Hello,\n\nFrom zhang@example.com Tue Mar  5 10:00:00 2024\nSubject: quoted in the text\n\n>From a letter\n\nFrom 0123456 Mon Sep 17 00:00:00 2001\nFrom: me\nend\n"

var fromLine = regexp.MustCompile(`(?m)^(>*From )`)

func inDialect(dialect string, mails []string) string {
	var b strings.Builder
	for i, m := range mails {
		head, body, _ := strings.Cut(m, "\n\n")
		switch dialect {
		case "mboxo":
			body = strings.ReplaceAll("\n"+body, "\nFrom ", "\n>From ")[1:]
		case "mboxrd", "mboxcl":
			body = fromLine.ReplaceAllString(body, ">$1")
		}
		if strings.HasPrefix(dialect, "mboxcl") {
			head += fmt.Sprintf("\nContent-Length: %d", len(body))
		}
		fmt.Fprintf(&b, "From a@b.example Tue Mar  5 10:%02d:00 2024\n%s\n\n%s\n", i, head, body)
	}
	return b.String()
}

// TestDialects: the same mails in four dialects, with both kinds of line ends, are
// the same mails.
func TestDialects(t *testing.T) {
	t.Parallel()
	var mails []string
	for i := range 5 {
		mails = append(mails, fmt.Sprintf("From: a@b.example\nDate: Tue, 5 Mar 2024 10:00:00 +0800\nSubject: %d\nMessage-ID: <%d@b.example>\n\n%s", i, i, trickyBody))
	}
	for _, dialect := range []string{"mboxo", "mboxrd", "mboxcl", "mboxcl2"} {
		for _, ends := range []string{"\n", "\r\n"} {
			if dialect == "mboxcl2" && ends == "\r\n" {
				continue // its counts are of other bytes: no reader can tell a quoted mail from a real one
			}
			data := strings.ReplaceAll(inDialect(dialect, mails), "\n", ends)
			all := children(t, input("x.mbox", data))
			if len(all) != len(mails) {
				t.Errorf("%s with %q: %d mails of %d", dialect, ends, len(all), len(mails))
				continue
			}
			for i, c := range all {
				want := mails[i]
				if dialect == "mboxo" || dialect == "mboxcl2" { // their one loss: a mark that the author wrote looks like the mailbox's
					want = strings.Replace(want, "\n>From a letter", "\nFrom a letter", 1)
				}
				if identityOf(c.data) != identityOf(want) {
					t.Errorf("%s with %q: mail %d is another one:\n%q\n%q", dialect, ends, i, c.data, want)
				}
			}
		}
	}
}

func identityOf(data string) [32]byte {
	d := NewIdentity()
	_, _ = d.Write([]byte(data))
	return d.Sum(sha256.Sum256([]byte(data)))
}

// endless is a mailbox of 10 GiB that nobody wrote: the same mails again and
// again. It counts what is read of it.
type endless struct {
	block string
	size  int64
	read  atomic.Int64
}

func (e *endless) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && off+int64(n) < e.size {
		n += copy(p[n:], e.block[(off+int64(n))%int64(len(e.block)):])
	}
	n = min(n, int(max(e.size-off, 0)))
	e.read.Add(int64(n))
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

// TestResumeFarInside: a slice behind 9 GiB is read from its offset on, and a mail
// there is opened, without what lies before.
func TestResumeFarInside(t *testing.T) {
	t.Parallel()
	e := &endless{block: inDialect("mboxrd", makeMails(t, 40))}
	blocks := (int64(10)<<30)/int64(len(e.block)) + 1
	e.size = blocks * int64(len(e.block))
	from := (blocks - 20) * int64(len(e.block))
	in := &document.Input{Name: "huge.mbox", Size: e.size, Bytes: e, Range: document.Range{From: from, To: from + 2*int64(len(e.block))}}
	all := children(t, in)
	if len(all) != 80 || all[0].step != fmt.Sprintf("mail:%d", from) || all[0].data != all[40].data {
		t.Fatalf("%d mails of 80 behind 9 GiB", len(all))
	}
	c, err := Mbox.Open(context.Background(), &document.Input{Name: "huge.mbox", Size: e.size, Bytes: e}, all[41].step)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c.Content); err != nil || string(got) != all[41].data {
		t.Errorf("opened it is another mail, %v", err)
	}
	if n := e.read.Load(); n > 16<<20 {
		t.Errorf("%d bytes were read for two slices of %d", n, len(e.block))
	}
}
