package versions

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Op says what became of a line.
type Op string

// Ops.
const (
	Same    Op = " "
	Added   Op = "+"
	Removed Op = "-"
)

// Change is a line of a difference. Of a line that was rewritten Parts say which
// words of it are other ones.
type Change struct {
	Op    Op     `json:"op"`
	Old   int    `json:"old,omitempty"` // number of the line in the old text, from 1; 0 for an added one
	New   int    `json:"new,omitempty"`
	Text  string `json:"text"`
	Parts []Part `json:"parts,omitempty"` // nil: all of the line
}

// Part is a stretch of a rewritten line.
type Part struct {
	Text    string `json:"text"`
	Changed bool   `json:"changed,omitempty"`
}

// Bounds of a comparison. What is larger is compared in coarser pieces: still
// right, but a moved paragraph may be called removed and added.
const (
	mostSteps = 600   // edits that Myers' search follows
	mostLines = 60000 // of each text
	mostRunes = 400   // of a line that is compared within
)

// Diff compares two texts line by line.
func Diff(old, now []string) []Change {
	old, now = old[:min(len(old), mostLines)], now[:min(len(now), mostLines)]
	d := differ{old: old, new: now}
	d.compare(0, len(old), 0, len(now), 0)
	d.within()
	return d.out
}

type differ struct {
	old, new []string
	out      []Change
}

// compare handles a piece of both texts: what is the same at both ends, then lines
// that occur once in each (they are where a person sees that it goes on), then
// Myers' greedy search.
func (d *differ) compare(a, aEnd, b, bEnd, depth int) {
	for a < aEnd && b < bEnd && d.old[a] == d.new[b] {
		d.same(a, b)
		a, b = a+1, b+1
	}
	tail := 0
	for aEnd-tail > a && bEnd-tail > b && d.old[aEnd-tail-1] == d.new[bEnd-tail-1] {
		tail++
	}
	d.middle(a, aEnd-tail, b, bEnd-tail, depth)
	for i := tail; i > 0; i-- {
		d.same(aEnd-i, bEnd-i)
	}
}

func (d *differ) middle(a, aEnd, b, bEnd, depth int) {
	if a == aEnd || b == bEnd {
		d.replace(a, aEnd, b, bEnd)
		return
	}
	const deepest = 64
	if pairs := d.anchors(a, aEnd, b, bEnd); len(pairs) > 0 && depth < deepest {
		for _, p := range pairs {
			d.compare(a, p[0], b, p[1], depth+1)
			d.same(p[0], p[1])
			a, b = p[0]+1, p[1]+1
		}
		d.compare(a, aEnd, b, bEnd, depth+1)
		return
	}
	if !d.search(a, aEnd, b, bEnd) {
		d.replace(a, aEnd, b, bEnd)
	}
}

func (d *differ) same(a, b int) {
	d.out = append(d.out, Change{Op: Same, Old: a + 1, New: b + 1, Text: d.new[b]})
}

func (d *differ) replace(a, aEnd, b, bEnd int) {
	for ; a < aEnd; a++ {
		d.out = append(d.out, Change{Op: Removed, Old: a + 1, Text: d.old[a]})
	}
	for ; b < bEnd; b++ {
		d.out = append(d.out, Change{Op: Added, New: b + 1, Text: d.new[b]})
	}
}

// anchors are lines that occur once in each piece, in the longest order that both
// have (patience).
func (d *differ) anchors(a, aEnd, b, bEnd int) (pairs [][2]int) {
	type place struct{ old, new, olds, news int }
	seen := map[string]*place{}
	for i := a; i < aEnd; i++ {
		if strings.TrimSpace(d.old[i]) == "" {
			continue
		}
		p := seen[d.old[i]]
		if p == nil {
			p = &place{}
			seen[d.old[i]] = p
		}
		p.old, p.olds = i, p.olds+1
	}
	for i := b; i < bEnd; i++ {
		if p := seen[d.new[i]]; p != nil {
			p.new, p.news = i, p.news+1
		}
	}
	// The longest rising run of places in the new text, by piles.
	var piles []int // index into list of the top of each pile
	var list [][2]int
	var below []int
	for i := a; i < aEnd; i++ {
		p := seen[d.old[i]]
		if p == nil || p.olds != 1 || p.news != 1 {
			continue
		}
		low, high := 0, len(piles)
		for low < high {
			if mid := (low + high) / 2; list[piles[mid]][1] < p.new {
				low = mid + 1
			} else {
				high = mid
			}
		}
		list = append(list, [2]int{i, p.new})
		under := -1
		if low > 0 {
			under = piles[low-1]
		}
		below = append(below, under)
		if low == len(piles) {
			piles = append(piles, len(list)-1)
		} else {
			piles[low] = len(list) - 1
		}
	}
	if len(piles) == 0 {
		return nil
	}
	pairs = make([][2]int, len(piles))
	for at, n := piles[len(piles)-1], len(piles)-1; n >= 0; n-- {
		pairs[n] = list[at]
		at = below[at]
	}
	return pairs
}

// search is Myers' greedy algorithm (1986), as far as mostSteps edits.
func (d *differ) search(a, aEnd, b, bEnd int) bool {
	n, m := aEnd-a, bEnd-b
	most := min(n+m, mostSteps)
	at := make([]int, 2*most+3)
	var steps [][]int
	for edits := 0; edits <= most; edits++ {
		for k := -edits; k <= edits; k += 2 {
			var x int
			switch {
			case edits == 0:
			case k == -edits || k != edits && at[most+k] < at[most+k+2]:
				x = at[most+k+2]
			default:
				x = at[most+k] + 1
			}
			y := x - k
			for x < n && y < m && y >= 0 && d.old[a+x] == d.new[b+y] {
				x, y = x+1, y+1
			}
			at[most+k+1] = x
			if x >= n && y >= m {
				d.trace(append(steps, append([]int(nil), at[most-edits:most+edits+3]...)), a, b, n, m)
				return true
			}
		}
		steps = append(steps, append([]int(nil), at[most-edits:most+edits+3]...))
	}
	return false
}

// trace walks the steps of a search back and writes its way out. steps[e] holds
// how far each diagonal came with e edits: diagonal k at place k+e+1.
func (d *differ) trace(steps [][]int, a, b, n, m int) {
	var way []Change
	x, y := n, m
	for e := len(steps) - 1; e > 0; e-- {
		k := x - y
		before := steps[e-1]
		came := func(k int) int {
			if i := k + e; i >= 0 && i < len(before) {
				return before[i]
			}
			return -1
		}
		down := k == -e || k != e && came(k-1) < came(k+1)
		from := k - 1
		if down {
			from = k + 1
		}
		px := came(from)
		py := px - from
		for x > px && y > py && (down && y > py+1 || !down && x > px+1) {
			x, y = x-1, y-1
			way = append(way, Change{Op: Same, Old: a + x + 1, New: b + y + 1, Text: d.new[b+y]})
		}
		if down {
			y--
			way = append(way, Change{Op: Added, New: b + y + 1, Text: d.new[b+y]})
		} else {
			x--
			way = append(way, Change{Op: Removed, Old: a + x + 1, Text: d.old[a+x]})
		}
	}
	for x > 0 && y > 0 {
		x, y = x-1, y-1
		way = append(way, Change{Op: Same, Old: a + x + 1, New: b + y + 1, Text: d.new[b+y]})
	}
	for _, c := range slices.Backward(way) {
		d.out = append(d.out, c)
	}
}

// within looks into lines that were rewritten: as many removed as added, one after
// the other.
func (d *differ) within() {
	for i := 0; i < len(d.out); {
		removed := i
		for removed < len(d.out) && d.out[removed].Op == Removed {
			removed++
		}
		added := removed
		for added < len(d.out) && d.out[added].Op == Added {
			added++
		}
		if n := removed - i; n > 0 && n == added-removed {
			for k := range n {
				old, now := &d.out[i+k], &d.out[removed+k]
				old.Parts, now.Parts = rewritten(old.Text, now.Text)
			}
		}
		i = max(added, i+1)
	}
}

// rewritten marks what differs within a line: by its words, each Han character
// being one. Lines that share little are other lines.
func rewritten(old, now string) (was, is []Part) {
	if utf8.RuneCountInString(old) > mostRunes || utf8.RuneCountInString(now) > mostRunes {
		return nil, nil
	}
	a, b := words(old), words(now)
	inner := differ{old: a, new: b}
	inner.compare(0, len(a), 0, len(b), 0)
	same := 0
	add := func(list []Part, text string, changed bool) []Part {
		if n := len(list); n > 0 && list[n-1].Changed == changed {
			list[n-1].Text += text
			return list
		}
		return append(list, Part{text, changed})
	}
	for _, c := range inner.out {
		switch c.Op {
		case Same:
			same += len(c.Text)
			was, is = add(was, c.Text, false), add(is, c.Text, false)
		case Added:
			is = add(is, c.Text, true)
		case Removed:
			was = add(was, c.Text, true)
		}
	}
	if 3*same < max(len(old), len(now)) {
		return nil, nil
	}
	return was, is
}

func words(s string) (out []string) {
	from := 0
	latin := func(r rune) bool { return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	last := rune(-1)
	for i, r := range s {
		if i > from && (!latin(r) || !latin(last)) {
			out = append(out, s[from:i])
			from = i
		}
		last = r
	}
	if from < len(s) {
		out = append(out, s[from:])
	}
	return out
}
