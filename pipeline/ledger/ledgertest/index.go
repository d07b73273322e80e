package ledgertest

import (
	"testing"

	"guidang/pipeline/ledger"
)

// sent are the contents that the index is still to be told of.
func sent(t *testing.T, l ledger.Ledger) []ledger.Outgoing {
	t.Helper()
	out, err := l.Outgoing(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func acks(out []ledger.Outgoing) []ledger.Ack {
	var list []ledger.Ack
	for _, o := range out {
		list = append(list, ledger.Ack{Seq: o.Seq, Content: o.Content.ID, Revision: o.Content.Revision, Passages: 2})
	}
	return list
}

func stateOf(t *testing.T, l ledger.Ledger, locator string) ledger.State {
	t.Helper()
	i, err := l.At(t.Context(), "s", locator)
	if err != nil {
		t.Fatal(err)
	}
	return i.State
}

func outbox(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for _, locator := range []string{"a", "b"} {
			if _, _, err := read(tx, locator, locator); err != nil {
				return err
			}
		}
		return nil
	})
	out := sent(t, l)
	if len(out) != 2 || out[0].Item.Locator != "a" || len(out[0].Items) != 1 || out[0].Seq >= out[1].Seq {
		t.Fatalf("outgoing %+v", out)
	}
	if s := stateOf(t, l, "a"); s != ledger.Pending {
		t.Errorf("before the engine's word it is %s", s)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("g1", acks(out[:1])) })
	if a, b := stateOf(t, l, "a"), stateOf(t, l, "b"); a != ledger.Indexed || b != ledger.Pending {
		t.Errorf("a is %s, b is %s", a, b)
	}
	if lag, err := l.Lag(t.Context()); err != nil || lag != 1 {
		t.Errorf("lag %d, %v", lag, err)
	}
	c, err := l.Counts(t.Context())
	if err != nil || c.Documents != 1 || c.Passages != 2 || c.Outgoing != 1 {
		t.Errorf("counts %+v, %v", c, err)
	}
}

func lateAck(t *testing.T, l ledger.Ledger) {
	var c *ledger.Content
	update(t, l, func(tx ledger.Tx) (err error) {
		_, c, err = read(tx, "a", "a")
		return err
	})
	old := sent(t, l)
	update(t, l, func(tx ledger.Tx) error { return tx.Publish(c) })
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("g1", acks(old)) })
	if s := stateOf(t, l, "a"); s != ledger.Pending {
		t.Errorf("an old revision's acknowledgement made it %s", s)
	}
	now := sent(t, l)
	if len(now) != 1 || now[0].Content.Revision != old[0].Content.Revision+1 {
		t.Fatalf("outgoing %+v", now)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("g1", acks(now)) })
	if s := stateOf(t, l, "a"); s != ledger.Indexed {
		t.Errorf("it is %s", s)
	}
}

func reacknowledge(t *testing.T, l ledger.Ledger) {
	var changed *ledger.Content
	update(t, l, func(tx ledger.Tx) (err error) {
		if _, _, err = read(tx, "a", "a"); err != nil {
			return err
		}
		_, changed, err = read(tx, "b", "b")
		return err
	})
	rebuilt := acks(sent(t, l))
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("old", rebuilt) })
	update(t, l, func(tx ledger.Tx) error {
		changed.Indexed = changed.Revision
		return tx.Publish(changed)
	})
	update(t, l, func(tx ledger.Tx) error { return tx.Reacknowledge("new", rebuilt) })
	out := sent(t, l)
	if len(out) != 1 || out[0].Content.ID != changed.ID {
		t.Errorf("outgoing after the swap: %+v, want just what changed meanwhile", out)
	}
	if s := stateOf(t, l, "a"); s != ledger.Indexed {
		t.Errorf("a is %s", s)
	}
}

func forget(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for _, locator := range []string{"a", "b", "c"} {
			if _, _, err := read(tx, locator, locator); err != nil {
				return err
			}
		}
		return nil
	})
	out := sent(t, l)
	update(t, l, func(tx ledger.Tx) error { return tx.Acknowledge("g", acks(out)) })
	update(t, l, func(tx ledger.Tx) error {
		n, err := tx.Forget("g", out[1].Seq)
		if n != 1 {
			t.Errorf("forgot %d, want the one after the index's mark", n)
		}
		return err
	})
	if again := sent(t, l); len(again) != 1 || again[0].Content.ID != out[2].Content.ID {
		t.Errorf("outgoing %+v", again)
	}
	update(t, l, func(tx ledger.Tx) error {
		_, err := tx.Forget("another", -1)
		return err
	})
	if again := sent(t, l); len(again) != 3 {
		t.Errorf("a new index is sent %d of 3", len(again))
	}
	if s := stateOf(t, l, "a"); s != ledger.Indexed {
		t.Errorf("losing the index made a %s", s)
	}
}

func withdraw(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		_, c, err := read(tx, "a", "a")
		if err != nil {
			return err
		}
		return tx.Withdraw(c)
	})
	if out := sent(t, l); len(out) != 0 {
		t.Errorf("a withdrawn content is still to be sent: %+v", out)
	}
	if c, err := l.Counts(t.Context()); err != nil || len(c.ByKind) != 0 || c.Outgoing != 0 {
		t.Errorf("counts %+v, %v", c, err)
	}
}
