package pst

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/extractors/mail/outlook"
	"guidang/extractors/mail/pst/psttest"
)

// textOf is all that a document says.
func textOf(doc *document.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		b.WriteString(s.Text + "\n")
	}
	return b.String()
}

func addresses(doc *document.Document) []string {
	var out []string
	for _, p := range doc.People {
		out = append(out, p.Role+" "+p.Name+" "+p.Address)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func contentOf(t testing.TB, c *document.Child) []byte {
	t.Helper()
	data, err := io.ReadAll(c.Content)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSaved writes every item as a saved one and reads it back: it says what the mail
// made of it says, and has as many attachments.
func TestSaved(t *testing.T) {
	t.Parallel()
	for name, layout := range layouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input("office.pst", psttest.Write(office(t, layout, 1)))
			_, all := readAll(t, in)
			files := 0
			for _, g := range all {
				c, err := PST.Open(context.Background(), in, SavedStep(g.step))
				if err != nil {
					t.Fatal(err)
				}
				again, err := PST.Open(context.Background(), in, SavedStep(g.step))
				if err != nil {
					t.Fatal(err)
				}
				data := contentOf(t, c)
				if string(contentOf(t, again)) != string(data) || !strings.HasSuffix(c.Name, ".msg") || strings.Contains(c.Name, ".eml") {
					t.Errorf("%s: %q is not the same twice", g.step, c.Name)
				}
				msg := input(c.Name, data)
				if !outlook.Msg.Detect(msg) {
					t.Fatalf("%s is no saved item", g.step)
				}
				inside := 0
				doc, err := outlook.Msg.Read(context.Background(), msg, func(*document.Child) error { inside++; return nil })
				if err != nil {
					t.Fatal(err)
				}
				mail := eml(t, g)
				files += inside
				if doc.Title != mail.Title || doc.Date != mail.Date || mail.Read == document.Full && doc.Read != document.Full {
					t.Errorf("%s: %q of %s (%s), as a mail %q of %s (%s)", g.step, doc.Title, doc.Date, doc.Read, mail.Title, mail.Date, mail.Read)
				}
				if a, b := addresses(doc), addresses(mail); !slices.Equal(a, b) {
					t.Errorf("%s: %q, as a mail %q", g.step, a, b)
				}
				if a, b := strings.Join(strings.Fields(textOf(doc)), " "), strings.Join(strings.Fields(textOf(mail)), " "); a != b {
					t.Errorf("%s says %q, as a mail %q", g.step, a, b)
				}
				if want := mail.Fields["attachments"]; want != doc.Fields["attachments"] {
					t.Errorf("%s has %s attachments, as a mail %s", g.step, doc.Fields["attachments"], want)
				}
			}
			if files < 3 {
				t.Errorf("%d attachments in all", files)
			}
			if _, err := PST.Open(context.Background(), in, SavedStep("mail:4")); !errors.Is(err, document.ErrNoChild) {
				t.Errorf("what is not there: %v", err)
			}
		})
	}
}
