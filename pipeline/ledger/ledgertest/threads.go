package ledgertest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// letter is a mail of the suite.
type letter struct {
	name    string
	keys    string // ids it refers to
	day     int
	subject string
	people  string
	loose   bool
}

// letters are five threads: by references, by a reference that joins two of
// them, by a conversation's name, by subject and time, and mails alone.
var letters = []letter{
	{name: "a1", day: 1, subject: "offer", people: "ann bob"},
	{name: "a2", keys: "a1", day: 2, subject: "offer", people: "bob ann"},
	{name: "a4", keys: "a3 gone", day: 4},
	{name: "a3", keys: "a2", day: 3},
	{name: "b1", keys: "conversation", day: 5},
	{name: "b2", keys: "conversation", day: 500},
	{name: "c1", day: 10, subject: "report", people: "ann bob"},
	{name: "c2", day: 39, subject: "report", people: "bob carl", loose: true},
	{name: "c3", day: 60, subject: "report", people: "carl", loose: true},
	{name: "c4", day: 62, subject: "report", people: "carl"},
	{name: "d1", day: 11, subject: "report", people: "dora"}, // nobody in common
	{name: "d2", day: 200, subject: "report", people: "ann", loose: true},
	{name: "e1", day: 300, subject: "report", people: "bob"},
	{name: "e2", day: 301, subject: "report", people: "bob"}, // the same subject alone connects nobody
}

var threadsOfLetters = []string{"a1 a2 a3 a4", "b1 b2", "c1 c2 c3 c4", "d1", "d2", "e1", "e2"}

func addLetter(tx ledger.Tx, m *letter) error {
	c, err := addContent(tx, m)
	if err != nil {
		return err
	}
	return tx.Thread([]ledger.Mail{mailOf(m, c)})
}

// addContent adds a letter without saying what it is.
func addContent(tx ledger.Tx, m *letter) (int64, error) {
	i, c := item(m.name), content(m.name)
	i.Todo, c.Kind = false, document.KindMail
	if _, err := tx.AddContent(c); err != nil {
		return 0, err
	}
	i.Content = c.ID
	if err := tx.AddItem(i); err != nil {
		return 0, err
	}
	c.Canonical = i.ID
	if err := tx.SetContent(c); err != nil {
		return 0, err
	}
	return c.ID, nil
}

func mailOf(m *letter, content int64) ledger.Mail {
	return ledger.Mail{Content: content, Message: m.name, Keys: strings.Fields(m.keys), Sent: time.Date(2024, 1, m.day, 8, 0, 0, 0, time.UTC),
		Subject: m.subject, People: strings.Fields(m.people), Loose: m.loose}
}

// threadsIn lists the threads of a ledger, each as its mails' names by date.
func threadsIn(t *testing.T, l ledger.Ledger) []string {
	t.Helper()
	var out []string
	for _, m := range letters {
		i, err := l.At(t.Context(), "s", m.name)
		if err != nil {
			t.Fatal(err)
		}
		mails, err := l.Thread(t.Context(), i.Content, 100)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range mails {
			at, err := l.Item(t.Context(), one.Content.Canonical)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, at.Name)
			if one.Same != (at.Name == m.name) {
				t.Errorf("%s has the same id as %s: %v", at.Name, m.name, one.Same)
			}
		}
		out = append(out, strings.Join(names, " "))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func threads(t *testing.T, l, other ledger.Ledger) {
	shuffled := slices.Clone(letters)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	var dumps []string
	for _, c := range []struct {
		l     ledger.Ledger
		order []letter
		batch int
	}{{l, letters, 1}, {other, shuffled, 5}} {
		for some := range slices.Chunk(c.order, c.batch) {
			update(t, c.l, func(tx ledger.Tx) error {
				var mails []ledger.Mail
				for i := range some {
					id, err := addContent(tx, &some[i])
					if err != nil {
						return err
					}
					mails = append(mails, mailOf(&some[i], id))
				}
				return tx.Thread(mails)
			})
		}
		if got := threadsIn(t, c.l); !slices.Equal(got, threadsOfLetters) {
			t.Errorf("%d at a time: threads %q, want %q", c.batch, got, threadsOfLetters)
		}
		var out strings.Builder
		if err := c.l.Dump(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		dumps = append(dumps, out.String())
	}
	if dumps[0] != dumps[1] || strings.Count(dumps[0], `"thread":`) != 10 {
		t.Errorf("the order of mails changes the dump, or not ten of them are in threads:\n%s\n%s", dumps[0], dumps[1])
	}

	// Read again, by a reader that sees more, a mail joins two threads.
	a, err := l.At(t.Context(), "s", "a4")
	if err != nil {
		t.Fatal(err)
	}
	more := letters[2]
	more.keys += " b1"
	update(t, l, func(tx ledger.Tx) error { return tx.Thread([]ledger.Mail{mailOf(&more, a.Content)}) })
	if got := threadsIn(t, l); got[0] != "a1 a2 a3 a4 b1 b2" {
		t.Errorf("after a1 and b1 became one: %q", got)
	}
	if none, err := l.Thread(t.Context(), 999, 10); err != nil || len(none) != 0 {
		t.Errorf("the thread of what is no mail: %v, %v", none, err)
	}
	if few, err := l.Thread(t.Context(), a.Content, 2); err != nil || len(few) != 2 {
		t.Errorf("%d mails of at most 2, %v", len(few), err)
	}
}

// manyLoose adds answers of one subject that refer to nothing, in any order: they
// are a chain as long as no gap is longer than the reach.
func manyLoose(t *testing.T, l ledger.Ledger) {
	const days = 60
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range r.Perm(days) {
		day := n * 10
		if n >= days/2 {
			day += ledger.LooseDays // the gap
		}
		m := letter{name: fmt.Sprintf("m%02d", n), day: day, subject: "alarm", people: "machine", loose: n%3 == 0}
		update(t, l, func(tx ledger.Tx) error { return addLetter(tx, &m) })
	}
	for name, want := range map[string]int{"m00": days / 2, "m59": days / 2} {
		i, err := l.At(t.Context(), "s", name)
		if err != nil {
			t.Fatal(err)
		}
		mails, err := l.Thread(t.Context(), i.Content, 1000)
		if err != nil || len(mails) != want {
			t.Errorf("%s is in a thread of %d, want %d; %v", name, len(mails), want, err)
		}
	}
}

// copies have one content and bytes of their own.
func copies(t *testing.T, l ledger.Ledger) {
	a, b := item("a"), item("b")
	c := content("mail")
	update(t, l, func(tx ledger.Tx) error {
		if _, err := tx.AddContent(c); err != nil {
			return err
		}
		a.Content, b.Content = c.ID, c.ID
		a.Bytes, a.Marks = ledger.Sum{1, 2, 3}, `{"flags":["read"]}`
		if err := tx.AddItem(a); err != nil {
			return err
		}
		c.Canonical = a.ID
		if err := tx.SetContent(c); err != nil {
			return err
		}
		b.Within, b.State = c.ID, ledger.DuplicateOf
		return tx.AddItem(b)
	})
	got, err := l.At(t.Context(), "s", "a")
	if err != nil || got.OwnSum(c) != a.Bytes || got.Marks != a.Marks {
		t.Errorf("own bytes %x, marks %q, %v", got.Bytes, got.Marks, err)
	}
	if got, err = l.At(t.Context(), "s", "b"); err != nil || got.OwnSum(c) != c.Sum || got.Marks != "" {
		t.Errorf("of the other: %x, %q, %v", got.Bytes, got.Marks, err)
	}
	states, err := l.InnerStates(t.Context(), c.ID)
	if err != nil || len(states) != 1 || states[ledger.DuplicateOf] != 1 {
		t.Errorf("what lies within: %v, %v", states, err)
	}
}
