package pst

import (
	"context"
	"testing"

	"guidang/extractors/mail/pst/psttest"
)

// A mailbox that is read in ranges says of itself what it says when it is read whole.
func TestAbout(t *testing.T) {
	t.Parallel()
	for name, layout := range layouts {
		in := input("a.pst", psttest.Write(office(t, layout, 1)))
		whole, _ := readAll(t, in)
		doc, err := PST.About(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{"mails", "folders", "claimed", "layout"} {
			if doc.Fields[f] == "" || doc.Fields[f] != whole.Fields[f] {
				t.Errorf("%s: %s is %q, read whole %q", name, f, doc.Fields[f], whole.Fields[f])
			}
		}
		if textOf(doc) != textOf(whole) {
			t.Errorf("%s says %q, read whole %q", name, textOf(doc), textOf(whole))
		}
	}
	if doc, _ := PST.About(context.Background(), input("a.pst", []byte("!BDN no more"))); doc != nil {
		t.Errorf("of nothing: %+v", doc)
	}
}
