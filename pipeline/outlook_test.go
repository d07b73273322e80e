package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guidang/extractors/compound"
	"guidang/extractors/mail/pst/psttest"
	"guidang/pipeline/ledger"
)

// outlookBox is a mailbox of Outlook with so many mails. Change, where it is given,
// sees each before it is written.
func outlookBox(mails int, change ...func(n int, m *psttest.Message)) string {
	inbox := &psttest.Folder{Name: "收件箱"}
	for n := range mails {
		sent := time.Date(2024, 3, 5, 10, n, 0, 0, time.UTC)
		inbox.Messages = append(inbox.Messages, &psttest.Message{
			Props: []psttest.Prop{
				psttest.Text(0x001A, "IPM.Note"), psttest.Text(0x0037, fmt.Sprintf("周报 %d", n)), psttest.Text(0x1000, fmt.Sprintf("第%d封：验收安排照旧。", n)),
				psttest.Time(0x0039, sent), psttest.Text(0x0C1A, "王伟"), psttest.Text(0x0C1E, "SMTP"), psttest.Text(0x0C1F, "wang@yuanhang.example"),
			},
			Recipients: [][]psttest.Prop{{psttest.Long(0x0C15, 1), psttest.Text(0x3001, "李文博"), psttest.Text(0x3002, "SMTP"), psttest.Text(0x3003, "li@yuanhang.example")}},
		})
		for _, c := range change {
			c(n, inbox.Messages[n])
		}
	}
	return string(psttest.Write(&psttest.Mailbox{Layout: psttest.Unicode, Folders: []*psttest.Folder{inbox}}))
}

// A mailbox of Outlook that grew has the same mails and some more: only these are
// read, and nothing is lost or found twice.
func TestOutlookMailboxGrows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a/张伟.pst", outlookBox(4))
	if account := o.ingest(); !account.Closed {
		t.Errorf("the account does not close: %+v", account)
	}
	before, _ := o.a.Find(t.Context(), o.find("第2封")[0])
	o.write("a/张伟.pst", outlookBox(7))
	account := o.ingest()
	if !account.Closed || account.Changed[ledger.Indexed] != 3 {
		t.Errorf("account %+v", account)
	}
	for n := range 7 {
		if found := o.find(fmt.Sprintf("第%d封", n)); len(found) != 1 {
			t.Errorf("mail %d is found as %q", n, found)
		}
	}
	after, err := o.a.Find(t.Context(), o.find("第2封")[0])
	if err != nil || after.ID != before.ID || after.Revision != before.Revision {
		t.Errorf("an old mail was read again: %+v, %+v, %v", before, after, err)
	}
	if again := o.ingest(); len(again.Changed) != 0 {
		t.Errorf("nothing changed, and the account says %+v", again)
	}
}

// A mailbox that is cut into slices is found by its folders too.
func TestLongOutlookMailbox(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a/张伟.pst", outlookBox(1300))
	if account := o.ingest(); !account.Closed || account.States[ledger.Indexed] != 1301 {
		t.Errorf("account %+v", account)
	}
	v, err := o.a.Show(t.Context(), "a/张伟.pst", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Size <= cutBytes || len(v.Sections) != 1 || !strings.Contains(v.Sections[0].Text, "收件箱: 1300") || v.Fields["mails"] != "1300" {
		t.Errorf("a mailbox of %d bytes says %+v, %v", v.Size, v.Sections, v.Fields)
	}
	if found := o.find("收件箱"); len(found) != 1 || found[0] != "a/张伟.pst" {
		t.Errorf("by its folder is found %q", found)
	}
	o.clean("a mailbox in slices")
}

// An item of such a mailbox is given as Outlook saves it to whom may see it, and
// nothing else is.
func TestSavedItem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a/张伟.pst", outlookBox(1))
	o.write("b/报价.eml", offer)
	o.ingest()
	id := o.find("第0封")[0]
	all, err := o.a.Scopes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, name, err := o.a.SavedItem(t.Context(), id, all)
	if err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 8)
	if _, err := s.ReadAt(head, 0); err != nil || !compound.Is(head) || !strings.HasSuffix(name, ".eml") {
		t.Errorf("%q begins with %x: %v", name, head, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := o.a.SavedItem(t.Context(), id, []string{Scope("another")}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("who may not see it gets %v", err)
	}
	if _, _, err := o.a.SavedItem(t.Context(), o.find("请确认价格")[0], nil); !errors.Is(err, ErrNotSaved) {
		t.Errorf("of a mail that lies by itself: %v", err)
	}
}
