package ledgertest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

func sliced(t *testing.T, l ledger.Ledger) {
	box := item("box")
	var ids []int64
	update(t, l, func(tx ledger.Tx) (err error) {
		box.Todo = false
		if err = tx.AddItem(box); err != nil {
			return err
		}
		ids, err = tx.AddSlices(box.ID, []document.Range{{From: 0, To: 10}, {From: 10, To: 20}})
		return err
	})
	s, err := l.Slice(t.Context(), ids[1])
	if err != nil || s.Item != box.ID || s.Range != (document.Range{From: 10, To: 20}) {
		t.Errorf("got %+v, %v", s, err)
	}
	for n, id := range ids {
		update(t, l, func(tx ledger.Tx) error {
			left, err := tx.SliceDone(id)
			if left != 1-n {
				t.Errorf("%d slices left, want %d", left, 1-n)
			}
			return err
		})
	}
	update(t, l, func(tx ledger.Tx) error {
		if _, err := tx.SliceDone(ids[0]); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("a slice done twice: %v, want ErrNotFound", err)
		}
		return nil
	})
	if left, err := l.Unread(t.Context()); err != nil || left {
		t.Errorf("Unread = %v, %v, want false", left, err)
	}
}

func settleAll(t *testing.T, l ledger.Ledger) {
	t.Helper()
	for n := 1; n > 0; {
		update(t, l, func(tx ledger.Tx) (err error) {
			n, err = tx.Settle(1)
			return err
		})
	}
}

func settle(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for _, locator := range []string{"m", "z", "a"} {
			if _, _, err := read(tx, locator, "same"); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("g", acks(sent(t, l))) })
	settleAll(t, l)
	for locator, want := range map[string]ledger.State{"a": ledger.Indexed, "m": ledger.DuplicateOf, "z": ledger.DuplicateOf} {
		if got := stateOf(t, l, locator); got != want {
			t.Errorf("%s is %s, want %s", locator, got, want)
		}
	}
	// The original leaves its source: the next place stands for the content.
	update(t, l, func(tx ledger.Tx) error {
		i, err := tx.At("s", "a")
		if err != nil {
			return err
		}
		i.Gone = true
		if err := tx.SetItem(i); err != nil {
			return err
		}
		return tx.Unsettle(i.Content)
	})
	settleAll(t, l)
	if a, m := stateOf(t, l, "a"), stateOf(t, l, "m"); a != ledger.DuplicateOf || m != ledger.Indexed {
		t.Errorf("a (gone) is %s, m is %s", a, m)
	}
}

func settleChildren(t *testing.T, l ledger.Ledger) {
	var box *ledger.Content
	update(t, l, func(tx ledger.Tx) error {
		i, c, err := read(tx, "m.zip", "box")
		if err != nil {
			return err
		}
		box = c
		child, inner := item("m.zip!/x"), content("x")
		child.Todo, child.Parent, child.Within, child.Ordinal = false, i.ID, c.ID, 1
		if _, err := tx.AddContent(inner); err != nil {
			return err
		}
		child.Content = inner.ID
		if err := tx.AddItem(child); err != nil {
			return err
		}
		inner.Canonical = child.ID
		if err := tx.Publish(inner); err != nil {
			return err
		}
		_, _, err = read(tx, "a.zip", "box")
		return err
	})
	settleAll(t, l)
	children, err := l.Children(t.Context(), box.ID)
	if err != nil || len(children) != 1 || children[0].Locator != "a.zip!/x" {
		t.Fatalf("children %+v, %v", children, err)
	}
	parent, err := l.Item(t.Context(), children[0].Parent)
	if err != nil || parent.Locator != "a.zip" {
		t.Errorf("the child's parent is %+v, %v", parent, err)
	}
}

func runs(t *testing.T, l ledger.Ledger) {
	r := &ledger.Run{Kind: "ingest", Sources: []string{"s"}}
	update(t, l, func(tx ledger.Tx) error { return tx.BeginRun(r) })
	update(t, l, func(tx ledger.Tx) error {
		i := item("a")
		if err := tx.AddItem(i); err != nil {
			return err
		}
		i.State, i.Reason = ledger.Quarantined, "corrupt"
		return tx.SetItem(i)
	})
	got, err := l.Changes(t.Context(), r.ID)
	if err != nil || got[ledger.Quarantined] != 1 || got[ledger.Pending] != 0 {
		t.Errorf("changes %v, %v: an item counts once, in the state it ended in", got, err)
	}
	last, err := l.LastRun(t.Context(), "s")
	if err != nil || last.ID != r.ID || !last.Ended.IsZero() {
		t.Errorf("a run in progress: %+v, %v", last, err)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.EndRun(r.ID, "done", "{}") })
	last, err = l.LastRun(t.Context(), "s")
	if err != nil || last.Outcome != "done" || last.Ended.IsZero() {
		t.Errorf("a run that ended: %+v, %v", last, err)
	}
	if _, err := l.LastRun(t.Context(), "other"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// dumped adds the same occurrences in the given order and gives the dump.
func dumped(t *testing.T, l ledger.Ledger, order ...string) string {
	t.Helper()
	update(t, l, func(tx ledger.Tx) error {
		for _, locator := range order {
			if _, _, err := read(tx, locator, "same"); err != nil {
				return err
			}
		}
		return nil
	})
	settleAll(t, l)
	var out bytes.Buffer
	if err := l.Dump(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func dump(t *testing.T, l, other ledger.Ledger) {
	first := dumped(t, l, "b", "a", "c")
	if n := strings.Count(first, "\n"); n != 3 {
		t.Errorf("%d lines of 3:\n%s", n, first)
	}
	for _, want := range []string{`"locator":"b","name":"b","state":"duplicate-of"`, `"duplicate_of":"a"`} {
		if !strings.Contains(first, want) {
			t.Errorf("no %s in\n%s", want, first)
		}
	}
	if second := dumped(t, other, "c", "b", "a"); second != first {
		t.Errorf("another order gives another dump:\n%s", second)
	}
}
