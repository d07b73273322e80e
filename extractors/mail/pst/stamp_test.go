package pst

import (
	"context"
	"testing"

	"guidang/extractors/document"
)

// stampsOf reads a mailbox and gives the stamps of its items by ordinal, and how many
// came with their bytes.
func stampsOf(t *testing.T, in *document.Input) (stamps map[int]string, made int) {
	t.Helper()
	stamps = map[int]string{}
	_, err := PST.Read(context.Background(), in, func(c *document.Child) error {
		stamps[c.Ordinal] = c.Stamp
		if c.Content != nil {
			made++
		}
		if c.Same == (c.Content != nil) || c.Same && (c.Reason != "" || c.Stamp != in.Known[c.Ordinal]) {
			t.Errorf("%s: same %t, content %v, reason %q", c.Step, c.Same, c.Content != nil, c.Reason)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return stamps, made
}

// Every item has a stamp of its own, and one that is known is not made.
func TestStamps(t *testing.T) {
	t.Parallel()
	const mails = 60
	for name, layout := range layouts {
		data := archive(t, layout, mails)
		in := input("a.pst", data)
		first, _ := stampsOf(t, in)
		different := map[string]bool{}
		for _, s := range first {
			different[s] = len(s) == stampSize
		}
		if len(different) != mails || different[""] {
			t.Errorf("%s: %d stamps of %d mails", name, len(different), mails)
		}
		in.Known = first
		if again, made := stampsOf(t, in); made != 0 || len(again) != mails {
			t.Errorf("%s: %d of %d items were made again", name, made, len(again))
		}
		// A flipped bit of a mail, which the checksum in its trailer does not have, goes
		// unseen until the mail is made, and then it has no stamp.
		s, _, err := open(in)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := s.findNode(firstItem<<kindBits | kindMail)
		x, _ := s.findBlock(n.data)
		data[x.at+20] ^= 1
		if _, made := stampsOf(t, in); made != 0 {
			t.Errorf("%s: %d items were made", name, made)
		}
		in.Known = nil
		if again, made := stampsOf(t, in); made != mails || again[firstItem] != "" || again[firstItem+1] != first[firstItem+1] {
			t.Errorf("%s: a damaged mail has the stamp %x, the next one %x", name, again[firstItem], again[firstItem+1])
		}
		// With another checksum it is another mail.
		data[x.at+s.allocated(int(x.size))-int64(s.trailer)+4] ^= 1
		if in.Known = first; s.wide {
			if _, made := stampsOf(t, in); made != 1 {
				t.Errorf("%s: %d items were made, want the one of another checksum", name, made)
			}
		}
	}
}

// firstItem is the ordinal of the first mail that is written.
const firstItem = 0x10001
