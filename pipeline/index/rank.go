package index

import (
	"math"
	"slices"
)

// What counts in a match, in the order of what people expect: all words in one
// place, in the title, close together, often. The engine's own score breaks ties.
const (
	weightTogether = 10.0 // all terms in one passage with its document's title
	weightTitle    = 3.0  // all terms in the title or name; a part of it for some
	weightHeading  = 1.0
	weightNear     = 2.0 // neighbours; less the further apart
	weightOften    = 0.5 // a doubling of occurrences
	weightEngine   = 1.0
	weightQuoted   = -2.5 // what a mail quotes, and what stands below every mail: somebody wrote it elsewhere

	countMost = 64 // occurrences of a term that count in one passage
)

// isQuoted is true for the parts of a mail that are not what its writer wrote.
func isQuoted(part string) bool {
	switch part {
	case "quote", "signature", "links":
		return true
	}
	return false
}

// head is what belongs to a document as a whole, in the form that is compared.
type head struct {
	title, name string
	also        []string
	people      []person
	inTitle     []bool // by term
	inAlso      []bool
	titled      int
}

func (l *lookup) head(d *Description) *head {
	h := &head{title: Normalise(d.Title), name: Normalise(d.Name)}
	for _, a := range d.Also {
		h.also = append(h.also, Normalise(a))
	}
	for _, p := range d.People {
		h.people = append(h.people, person{p.Role, Normalise(p.Name), Normalise(p.Address)})
	}
	for _, n := range l.needles {
		titled := h.titles(n)
		if titled {
			h.titled++
		}
		h.inTitle = append(h.inTitle, titled)
		h.inAlso = append(h.inAlso, h.mentions(n))
	}
	return h
}

// person is somebody whom a document names, in the form that is compared.
type person struct{ role, name, address string }

// titles says whether a needle that may stand there stands in title or name.
func (h *head) titles(n needle) bool {
	bare := n
	bare.or = nil
	return n.place != inPeople && (bare.in(h.title) || bare.in(h.name)) || slices.ContainsFunc(n.or, h.titles)
}

// mentions says whether a needle that may stand there is a key term or a person.
func (h *head) mentions(n needle) bool {
	bare := n
	bare.or = nil
	if n.place == anywhere && slices.ContainsFunc(h.also, bare.in) {
		return true
	}
	for _, p := range h.people {
		if n.place != inTitle && (n.role == "" || n.role == p.role) && (bare.in(p.name) || bare.in(p.address)) {
			return true
		}
	}
	return slices.ContainsFunc(n.or, h.mentions)
}

func (l *lookup) inHead(d *Description, n needle) bool {
	h := (&lookup{}).head(d)
	return h.titles(n) || h.mentions(n)
}

// scannable says whether holds is all that is to be known of what is in a passage.
func (l *lookup) scannable() bool {
	return !slices.ContainsFunc(l.needles, func(n needle) bool { return n.scan == nil })
}

// holds is false where a scan finds that a term is missing.
func (l *lookup) holds(h *head, p *passage) bool {
	for i := range l.needles {
		if !h.inTitle[i] && !h.inAlso[i] && p.lacks(&l.needles[i]) {
			return false
		}
	}
	return true
}

// judge says whether all terms stand in the passage, with its document's head,
// and how good that is.
func (l *lookup) judge(h *head, p *passage) (score float64, ok bool) {
	if !l.holds(h, p) {
		return 0, false
	}
	score = weightTogether + weightTitle*float64(h.titled)/float64(len(l.needles))
	headed, often := 0, 0.0
	var places []span
	for i, n := range l.needles {
		c, inHeading := p.count(&n, len(l.needles) > 1)
		if c == 0 && !inHeading && !h.inTitle[i] && !h.inAlso[i] {
			return 0, false
		}
		if inHeading {
			headed++
		}
		often += math.Log2(float64(1 + c))
		if c > 0 && len(l.needles) > 1 {
			places = append(places, occurrences(n, p.text, i)...)
		}
	}
	score += weightHeading * float64(headed) / float64(len(l.needles))
	score += weightOften * often / float64(len(l.needles))
	if len(l.needles) > 1 {
		score += weightNear * nearness(places, len(l.needles))
	}
	return score, true
}

func occurrences(n needle, text string, which int) (out []span) {
	for at := 0; len(out) < countMost; {
		start, end, ok := n.find(text, at)
		if !ok {
			break
		}
		out = append(out, span{start, end, which})
		at = end
	}
	return out
}

// nearness is 1 where all terms stand side by side, and falls with the length
// of the shortest piece that holds all of them; 0 where no piece does.
func nearness(places []span, terms int) float64 {
	sortSpans(places)
	last := make([]int, terms)
	for i := range last {
		last[i] = -1
	}
	best := -1
	for i, s := range places {
		last[s.which] = i
		first, words, whole := i, 0, true
		for _, at := range last {
			if at < 0 {
				whole = false
				break
			}
			first = min(first, at)
			words += places[at].to - places[at].from
		}
		if whole {
			gap := max(s.to-places[first].from-words, 0)
			if best < 0 || gap < best {
				best = gap
			}
		}
	}
	if best < 0 {
		return 0
	}
	return 1 / (1 + float64(best)/60) // bytes: 20 Han characters between halve it
}

// scattered is a document whose terms stand in different passages.
type scattered struct {
	head  *head
	about *Description
	have  []bool
	found int
	best  *match
}

// see looks at one more passage of a document.
func (l *lookup) see(st *scattered, id PassageID) {
	p := l.texts[id]
	p.normalise()
	if st.have == nil {
		st.have = make([]bool, len(l.needles))
		for i := range l.needles {
			if st.head.inTitle[i] || st.head.inAlso[i] {
				st.have[i] = true
				st.found++
			}
		}
	}
	here := 0
	for i, n := range l.needles {
		if !n.inText(p.text) && !n.inText(p.heading) {
			continue
		}
		here++
		if !st.have[i] {
			st.have[i] = true
			st.found++
		}
	}
	score, whole := l.judge(st.head, p)
	if !whole {
		score = weightTitle*float64(st.head.titled)/float64(len(l.needles)) + float64(here)/float64(len(l.needles))
	}
	if st.best == nil || score > st.best.score || score == st.best.score && id.Seq < st.best.id.Seq {
		st.best = &match{id: id, about: st.about, passage: &p.Passage, score: score}
	}
}

// match is the document, if all terms were seen.
func (st *scattered) match(terms int) *match {
	if st.found < terms {
		return nil
	}
	return st.best
}
