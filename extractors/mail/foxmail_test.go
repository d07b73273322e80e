package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

const foxMark = "\x10\x10\x10\x10\x10\x10\x10\x11\x11\x11\x11\x11\x11S\r\n"

func foxBox(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sFrom: a@b.example\r\nSubject: \xba\xcf\xcd\xac %d\r\nDate: Tue, 5 Mar 2002 10:00:00 +0800\r\n\r\n%s\r\n", foxMark, i, strings.Repeat("text ", i*37%500))
	}
	return b.String()
}

func TestFoxmailBox(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3, 3000} {
		data := foxBox(n)
		in := &document.Input{Name: "in.BOX", Size: int64(len(data)), Bytes: strings.NewReader(data)}
		if !FoxmailBox.Detect(in) || Mbox.Detect(in) || EML.Detect(in) {
			t.Fatal("it is taken for something else")
		}
		var whole, parts []string
		take := func(into *[]string) func(*document.Child) error {
			return func(c *document.Child) error {
				body, err := io.ReadAll(c.Content)
				*into = append(*into, c.Step+" "+c.Name+" "+string(body))
				return err
			}
		}
		doc, err := FoxmailBox.Read(context.Background(), in, take(&whole))
		if err != nil || len(whole) != n || doc.Fields["mails"] != fmt.Sprint(n) {
			t.Fatalf("%d mails of %d, %v, %v", len(whole), n, doc, err)
		}
		if !strings.Contains(whole[0], "合同 0 From: a@b.example\r\n") {
			t.Errorf("the first is %.80q", whole[0])
		}
		ranges, err := FoxmailBox.Cut(context.Background(), in, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ranges {
			part := *in
			part.Range = r
			if _, err := FoxmailBox.Read(context.Background(), &part, take(&parts)); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(whole, parts) {
			t.Errorf("%d mails as a whole, %d in ranges", len(whole), len(parts))
		}
		for _, i := range []int{0, n / 2, n - 1} {
			step, _, _ := strings.Cut(whole[i], " ")
			c, err := FoxmailBox.Open(context.Background(), in, step)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(c.Content)
			if err != nil || step+" "+c.Name+" "+string(body) != whole[i] {
				t.Errorf("%s opened alone is another mail, %v", step, err)
			}
		}
		if _, err := FoxmailBox.Open(context.Background(), in, "mail:1"); !errors.Is(err, document.ErrNoChild) {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzFoxmailBox(f *testing.F) {
	f.Add([]byte(foxBox(2)))
	f.Add([]byte("\x10\x10\x10\x10\x11\x11\x11\x11\n\x10\x10\x10\x10\x10\x10"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &document.Input{Name: "x.box", Size: int64(len(data)), Bytes: bytes.NewReader(data)}
		total := 0
		_, err := FoxmailBox.Read(context.Background(), in, func(c *document.Child) error {
			n, err := io.Copy(io.Discard, c.Content)
			total += int(n)
			return err
		})
		if err != nil || total > len(data) {
			t.Fatalf("%d bytes of %d, %v", total, len(data), err)
		}
	})
}
