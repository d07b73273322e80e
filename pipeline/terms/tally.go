package terms

import (
	"hash/maphash"
	"sync"
)

// tally counts the candidates of one text. It holds where they stand instead of
// themselves and hashes each occurrence once: a map of strings took half of the
// time of Extract and a seventh of all that reading a mail allocates.
type tally struct {
	text  string
	slots []int32 // 1 + the place in list, by hash; a power of two of them
	list  []stat
}

// stat counts a candidate and how freely it stands.
type stat struct {
	hash        uint32
	n           int32
	left, right rune // the first neighbour seen; 0 is an edge
	freeL       bool // stood at an edge, or beside different neighbours
	freeR       bool
	size        int32 // bytes
	from, to    int32 // where it stands first and last
}

const (
	fewSlots  = 1 << 10
	mostSlots = 1 << 16 // of a tally that is kept for the next text
)

var (
	tallySeed = maphash.MakeSeed()
	tallies   sync.Pool
)

// tallyOf counts all candidates of a text; whoever has read it frees it.
func tallyOf(text string) *tally {
	t, kept := tallies.Get().(*tally)
	if !kept {
		t = &tally{slots: make([]int32, fewSlots)}
	}
	t.text = text
	t.scan()
	return t
}

func (t *tally) free() {
	if len(t.slots) > mostSlots {
		return
	}
	clear(t.slots)
	t.text, t.list = "", t.list[:0]
	tallies.Put(t)
}

// term is the candidate that a stat counts.
func (t *tally) term(s *stat) string { return t.text[s.from : s.from+s.size] }

// count is how often a term stands in the text as a candidate.
func (t *tally) count(term string) int32 {
	if at := t.slots[t.slot(hashOf(term), term)]; at > 0 {
		return t.list[at-1].n
	}
	return 0
}

// see counts one more of text[from:to].
func (t *tally) see(from, to int, left, right rune) {
	term := t.text[from:to]
	hash := hashOf(term)
	slot := t.slot(hash, term)
	at := t.slots[slot]
	if at == 0 {
		//nolint:gosec // a text is far below 2 GB
		t.list = append(t.list, stat{hash: hash, left: left, right: right, size: int32(to - from), from: int32(from)})
		at = int32(len(t.list)) //nolint:gosec // fewer than eight for each byte
		if t.slots[slot] = at; len(t.list) > len(t.slots)/2 {
			t.grow()
		}
	}
	s := &t.list[at-1]
	s.to = int32(from) //nolint:gosec // as above
	s.n++
	s.freeL = s.freeL || left == 0 || left != s.left
	s.freeR = s.freeR || right == 0 || right != s.right
}

// slot is where a term is, or where it belongs.
func (t *tally) slot(hash uint32, term string) int {
	mask := len(t.slots) - 1
	for at := int(hash) & mask; ; at = (at + 1) & mask {
		have := t.slots[at]
		if have == 0 {
			return at
		}
		if s := &t.list[have-1]; s.hash == hash && t.term(s) == term {
			return at
		}
	}
}

func (t *tally) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	mask := len(t.slots) - 1
	for i := range t.list {
		at := int(t.list[i].hash) & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = int32(i + 1)
	}
}

func hashOf(term string) uint32 {
	return uint32(maphash.String(tallySeed, term)) //nolint:gosec // half of it is enough
}
