package index

import (
	"slices"
	"strings"
)

// needle finds a term, or what will do as well, in normalised text.
type needle struct {
	parts  []string // neighbours; white space between them is free
	prefix bool     // may end within a word
	value  string   // any form of this amount or date
	or     []needle
	place  place
	role   string
	scan   *scan // finds it without the normal form; nil: only that tells
}

func needleOf(t *Term) needle {
	n := needle{parts: strings.Fields(t.Text), prefix: t.Prefix, value: t.value, place: t.place, role: t.role}
	for i := range t.or {
		n.or = append(n.or, needleOf(&t.or[i]))
	}
	n.scan = scanOf(&n)
	return n
}

// find gives the first occurrence in s at or after from.
func (n needle) find(s string, from int) (start, end int, ok bool) {
	start, end, ok = n.literal(s, from)
	if n.value != "" {
		if v, found := n.written(s, from); found && (!ok || v.from < start) {
			start, end, ok = v.from, v.to, true
		}
	}
	for _, o := range n.or {
		if a, b, found := o.find(s, from); found && (!ok || a < start) {
			start, end, ok = a, b, true
		}
	}
	return start, end, ok
}

// written finds the needle's value in another form.
func (n needle) written(s string, from int) (value, bool) {
	for {
		v, ok := nextValue(s, from)
		if !ok || v.is(n.value) {
			return v, ok
		}
		from = v.to
	}
}

// literal finds the characters themselves. An occurrence begins and ends where
// a token does: v2 is not in v25, 2025 is in PROJ2025.
func (n needle) literal(s string, from int) (start, end int, ok bool) {
	if len(n.parts) == 0 {
		return 0, 0, false
	}
	first := n.parts[0]
	for from <= len(s) {
		at := strings.Index(s[from:], first)
		if at < 0 {
			return 0, 0, false
		}
		start = from + at
		if end, ok = n.rest(s, start+len(first)); ok && boundary(s, start) && (n.prefix || boundary(s, end)) {
			return start, end, true
		}
		_, size := decode(s, start)
		from = start + size
	}
	return 0, 0, false
}

func (n needle) rest(s string, at int) (end int, ok bool) {
	for _, part := range n.parts[1:] {
		if at < len(s) && s[at] == ' ' {
			at++
		} else if !boundary(s, at) { // "1 2" is not in 12, but 甲 方 is in 甲方
			return 0, false
		}
		if !strings.HasPrefix(s[at:], part) {
			return 0, false
		}
		at += len(part)
	}
	return at, true
}

func (n needle) in(s string) bool {
	_, _, ok := n.find(s, 0)
	return ok
}

// inText is in for the text of a passage, in which a word of the title or a
// person in a role does not count.
func (n needle) inText(s string) bool {
	if n.place != anywhere {
		return slices.ContainsFunc(n.or, func(o needle) bool { return o.inText(s) })
	}
	return n.in(s)
}

// count counts occurrences that do not overlap, at most limit.
func (n needle) count(s string, limit int) (c int) {
	if !n.inText(s) {
		return 0
	}
	for at := 0; c < limit; c++ {
		_, end, ok := n.find(s, at)
		if !ok {
			break
		}
		at = end
	}
	return c
}

// boundary says that no run of letters and no run of digits goes on across at.
func boundary(s string, at int) bool {
	if at == 0 || at == len(s) {
		return true
	}
	r, _ := decode(s, at)
	class := classOf(r)
	if class != letter && class != digit {
		return true
	}
	before := at - 1
	for before > 0 && before > at-4 && s[before]&0xc0 == 0x80 {
		before--
	}
	r, _ = decode(s, before)
	return classOf(r) != class
}
