// Package ledgertest is the suite that every ledger passes. A new
// implementation calls Run with a function that opens an empty ledger.
package ledgertest

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Run runs the suite. open gives an empty ledger; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) ledger.Ledger) {
	for _, c := range []struct {
		name string
		test func(*testing.T, ledger.Ledger)
	}{
		{"items", items},
		{"known in order of locators", known},
		{"a failed update leaves nothing", rollback},
		{"contents are one per sum", contents},
		{"document ids", documentIDs},
		{"states close", counts},
		{"outbox and acknowledgement", outbox},
		{"an old acknowledgement changes no state", lateAck},
		{"a rebuilt index un-indexes nothing", reacknowledge},
		{"what an index lost is sent again", forget},
		{"what the index refuses is withdrawn", withdraw},
		{"slices", sliced},
		{"stamps of what lies in a container", stamps},
		{"papers and their versions", papers},
		{"forms of one document", forms},
		{"mails in pieces", pieces},
		{"files that rows name", named},
		{"the smallest place is canonical, in any order", settle},
		{"children follow their content", settleChildren},
		{"runs and their events", runs},
		{"notes, and what a night has cost", speech},
		{"customers, projects and whose a content is", dossiers},
		{"whose an item without a content is", bareItems},
		{"what documents are called", naming},
		{"work that is open", work},
		{"kept searches", searches},
		{"what people said of reviews", reviews},
		{"copies have bytes of their own", copies},
		{"corrections by hand", corrections},
		{"answers that refer to nothing", manyLoose},
		{"what people decide", byHand},
		{"threads, in any order", func(t *testing.T, l ledger.Ledger) {
			other := open(t)
			t.Cleanup(func() { _ = other.Close() })
			threads(t, l, other)
		}},
		{"a dump does not depend on order", func(t *testing.T, l ledger.Ledger) {
			other := open(t)
			t.Cleanup(func() { _ = other.Close() })
			dump(t, l, other)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			t.Cleanup(func() {
				if err := l.Close(); err != nil {
					t.Error(err)
				}
			})
			c.test(t, l)
		})
	}
}

func update(t *testing.T, l ledger.Ledger, fn func(tx ledger.Tx) error) {
	t.Helper()
	if err := l.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// item is a new item with the fields that a walk would give it.
func item(locator string) *ledger.Item {
	return &ledger.Item{Source: "s", Locator: locator, Name: locator, Size: 3, Modified: time.Unix(1700000000, 123456789), Inode: 1 << 63, State: ledger.Pending, Todo: true}
}

// content is a new content of the given bytes.
func content(data string) *ledger.Content {
	return &ledger.Content{Sum: sha256.Sum256([]byte(data)), Size: int64(len(data)), Kept: ledger.Copied, Tags: "[]", Terms: "[]",
		Kind: document.KindText, Format: "text", Version: 1, Read: document.Full, Then: ledger.Indexed}
}

// read adds an item with a content as reading it would: published, canonical
// or a duplicate.
func read(tx ledger.Tx, locator, data string) (*ledger.Item, *ledger.Content, error) {
	i, c := item(locator), content(data)
	i.Todo = false
	created, err := tx.AddContent(c)
	if err != nil {
		return nil, nil, err
	}
	i.Content = c.ID
	if !created {
		i.State = ledger.DuplicateOf
	}
	if err := tx.AddItem(i); err != nil {
		return nil, nil, err
	}
	if !created {
		return i, c, tx.Unsettle(c.ID)
	}
	c.Canonical = i.ID
	return i, c, tx.Publish(c)
}

func items(t *testing.T, l ledger.Ledger) {
	a := item("客户/合同.docx")
	update(t, l, func(tx ledger.Tx) error { return tx.AddItem(a) })
	if a.ID == 0 {
		t.Fatal("no id was set")
	}
	got, err := l.At(t.Context(), "s", "客户/合同.docx")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Modified.Equal(a.Modified) || got.Inode != a.Inode || !got.Todo || got.State != ledger.Pending || got.Name != a.Name {
		t.Errorf("got %+v, want %+v", got, a)
	}
	update(t, l, func(tx ledger.Tx) error {
		if err := tx.AddItem(item("客户/合同.docx")); !errors.Is(err, ledger.ErrExists) {
			t.Errorf("a second item at one place: %v, want ErrExists", err)
		}
		return nil
	})
	if _, err := l.At(t.Context(), "s", "nowhere"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if left, err := l.Unread(t.Context()); err != nil || !left {
		t.Errorf("Unread = %v, %v, want true", left, err)
	}
}

func known(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for _, locator := range []string{"b", "a/b", "a.txt", "é", "a"} {
			if err := tx.AddItem(item(locator)); err != nil {
				return err
			}
		}
		newer := item("b")
		newer.Version, newer.Size = 1, 99
		if err := tx.AddItem(newer); err != nil {
			return err
		}
		child := item("a!/x")
		child.Parent, child.Within = 1, 1
		return tx.AddItem(child)
	})
	var got []string
	err := l.Known(t.Context(), "s", func(i *ledger.Item) error {
		got = append(got, i.Locator)
		if i.Locator == "b" && i.Size != 99 {
			t.Errorf("of b an old version was given")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "a.txt", "a/b", "b", "é"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func rollback(t *testing.T, l ledger.Ledger) {
	broken := errors.New("broken")
	err := l.Update(t.Context(), func(tx ledger.Tx) error {
		if err := tx.AddItem(item("a")); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := l.At(t.Context(), "s", "a"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func contents(t *testing.T, l ledger.Ledger) {
	first, second := content("x"), content("x")
	update(t, l, func(tx ledger.Tx) error {
		if created, err := tx.AddContent(first); err != nil || !created {
			t.Errorf("the first: %v, %v", created, err)
		}
		if created, err := tx.AddContent(second); err != nil || created {
			t.Errorf("the second: %v, %v", created, err)
		}
		return nil
	})
	if first.ID == 0 || second.ID != first.ID {
		t.Errorf("ids %d and %d", first.ID, second.ID)
	}
	got, err := l.BySum(t.Context(), first.Sum)
	if err != nil || got.ID != first.ID {
		t.Errorf("BySum: %v, %v", got, err)
	}
}

func documentIDs(t *testing.T, l ledger.Ledger) {
	var a, b *ledger.Content
	update(t, l, func(tx ledger.Tx) (err error) {
		if _, a, err = read(tx, "a", "a"); err != nil {
			return err
		}
		_, b, err = read(tx, "b", "b")
		return err
	})
	for _, id := range []string{a.DocumentID(), a.DocumentID()[:8], a.DocumentID()[:13]} {
		got, err := l.ByDocument(t.Context(), id)
		if err != nil || got.ID != a.ID {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
	for _, id := range []string{"", "ab", "zzzzzzzz", strings.Repeat("!", 26)} {
		if _, err := l.ByDocument(t.Context(), id); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%q: %v, want ErrNotFound", id, err)
		}
	}
	many, err := l.Located(t.Context(), []string{b.DocumentID(), "unknown", a.DocumentID()})
	if err != nil || len(many) != 2 || many[b.DocumentID()].Content.ID != b.ID || many[b.DocumentID()].Item.Locator != "b" {
		t.Errorf("Located: %v, %v", many, err)
	}
}

func counts(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for n, state := range ledger.States() {
			i := item(string(state))
			i.State, i.Todo, i.Gone = state, false, n == 0
			if state == ledger.Waiting {
				i.Reason = "password"
			}
			if err := tx.AddItem(i); err != nil {
				return err
			}
		}
		return nil
	})
	c, err := l.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, state := range ledger.States() {
		sum += c.States[state]
	}
	if c.Found != int64(len(ledger.States())) || sum != c.Found || c.Gone != 1 || c.WaitingFor["password"] != 1 {
		t.Errorf("got %+v", c)
	}
}
