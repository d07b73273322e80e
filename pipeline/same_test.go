package pipeline

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"guidang/extractors/document"
	"guidang/extractors/mail/pst/psttest"
	"guidang/pipeline/sandbox"
)

// countedReader counts the items that are made of mailboxes.
type countedReader struct {
	sandbox.Reader

	made   *atomic.Int64
	forget bool // what was known of the mailbox before
}

func (c countedReader) Read(ctx context.Context, req *sandbox.Request, begin func() sandbox.Visitor) error {
	if c.forget {
		req.Input.Known = nil
	}
	return c.Reader.Read(ctx, req, func() sandbox.Visitor { return countedVisitor{begin(), c.made} })
}

type countedVisitor struct {
	sandbox.Visitor

	made *atomic.Int64
}

func (v countedVisitor) Child(ctx context.Context, c *document.Child) (*sandbox.Next, error) {
	if c.Content != nil {
		v.made.Add(1)
	}
	return v.Visitor.Child(ctx, c)
}

// counted replaces the office's reader by one that counts.
func (o *office) counted(forget bool) *atomic.Int64 {
	made := &atomic.Int64{}
	o.a.reader = countedReader{o.a.reader, made, forget}
	return made
}

// Of a mailbox that changed only those items are made that are new or changed, and
// the ledger is the same as if all of them had been.
func TestOnlyWhatIsNewIsMade(t *testing.T) {
	t.Parallel()
	other := func(n int, m *psttest.Message) {
		if n == 2 {
			m.Props[2] = psttest.Text(0x1000, "第2封：验收推迟一周。") // under the same identifiers
		}
	}
	long := func(_ int, m *psttest.Message) { m.Props = append(m.Props, psttest.Bin(0x6001, make([]byte, 1500))) }
	broken := []byte(outlookBox(7))
	broken[4] ^= 1 // the header's checksum
	for name, c := range map[string]struct {
		first, then string
		made        int64
		found       map[string]int
	}{
		"grown":           {outlookBox(4), outlookBox(7), 3, map[string]int{"第0封": 1, "第3封": 1, "第6封": 1}},
		"grown in slices": {outlookBox(610, long), outlookBox(613, long), 3, map[string]int{"第609封": 1, "第612封": 1}},
		"one changed":     {outlookBox(7), outlookBox(7, other), 1, map[string]int{"验收推迟": 1, "第3封": 1}},
		"two deleted":     {outlookBox(7), outlookBox(5), 0, map[string]int{"第4封": 1}},
		"header damaged":  {outlookBox(4), string(broken), 7, map[string]int{"第0封": 1, "第6封": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var dumps []string
			for _, forget := range []bool{false, true} {
				o := newOffice(t)
				o.write("a/张伟.pst", c.first)
				o.ingest()
				made := o.counted(forget)
				o.write("a/张伟.pst", c.then)
				o.ingest()
				if n := made.Load(); !forget && n != c.made || forget && n < c.made {
					t.Errorf("%d items were made, want %d", n, c.made)
				}
				for query, want := range c.found {
					if found := o.find(query); len(found) != want {
						t.Errorf("%s is found as %q", query, found)
					}
				}
				dumps = append(dumps, strings.ReplaceAll(o.dump(), o.source, ""))
				o.clean(fmt.Sprintf("%s, forgotten: %t", name, forget))
			}
			if dumps[0] != dumps[1] {
				t.Errorf("the dump differs from that of making all:\n%s", firstDifference(dumps[0], dumps[1]))
			}
		})
	}
}

// firstDifference gives the first line of two texts that is not the same.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for n := range min(len(x), len(y)) {
		if x[n] != y[n] {
			return x[n] + "\n" + y[n]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// What was deleted and comes back is in the archive again, and what a damaged state
// could not give is made anew once it can.
func TestMailboxComesBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	whole := outlookBox(7)
	at := strings.LastIndex(whole, string(utf16le("第3封")))
	if at < 0 {
		t.Fatal("the text of a mail is not to be found")
	}
	damaged := []byte(whole)
	damaged[at] ^= 0x40
	for step, c := range []struct {
		data string
		made int64
		gone int
	}{{string(damaged), 7, 0}, {whole, 1, 1}, {outlookBox(5), 0, 3}, {whole, 2, 1}} {
		made := o.counted(false)
		o.write("a/张伟.pst", c.data)
		o.ingest()
		gone := 0
		for _, state := range o.states() {
			gone += strings.Count(state, "gone")
		}
		if made.Load() != c.made || gone != c.gone {
			t.Errorf("step %d: %d items were made and %d are gone, want %d and %d", step, made.Load(), gone, c.made, c.gone)
		}
	}
	o.clean("a mailbox that came back")
}

func utf16le(s string) (out []byte) {
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}
