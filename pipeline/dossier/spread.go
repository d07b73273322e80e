package dossier

import (
	"slices"
	"strings"

	"guidang/extractors/document"
)

// What is around a document, per mille.
const (
	ofParent       = 950
	ofChild        = 850
	ofThread       = 930
	ofFolder       = 900 // at least four neighbours, and all of them
	ofSmallFolder  = 800
	ofHint         = 700 // what another mail of the thread seems to be
	ofPerson       = 850 // somebody whose mails are all one customer's
	ofWellKnown    = 910 // the same of somebody of whom many are known
	ofColleague    = 450 // the same of somebody of our own firm: he has a life beside it
	enoughInFolder = 3
	manyInFolder   = 4
	enoughOfPerson = 4
	manyOfPerson   = 12
	purity         = 0.9
	pureInFolder   = 0.98
	pureOfPerson   = 0.95
	generalParents = 3 // what is attached for three customers is a brochure
)

// dossierKey is a customer with one of its projects; -1: whatever project.
type dossierKey struct{ customer, project int32 }

// tally counts what is made of some documents: those of a thread, a folder, a
// person.
type tally struct {
	all  int                // documents that are somebody's
	of   map[dossierKey]int // with {c, -1} for the customer
	with map[int32]int      // documents of a customer whose project is known

	hinted int           // documents that seem to be somebody's
	hints  map[int32]int // by customer
}

func (t *tally) add(made []decision, by int) {
	if c := hint(made); c >= 0 {
		t.hinted += by
		t.hints[c] += by
		return
	}
	t.all += by
	seen := map[int32]bool{}
	known := map[int32]bool{}
	for i := range made {
		d := &made[i]
		if !d.made() {
			continue
		}
		if !seen[d.customer] {
			seen[d.customer] = true
			t.of[dossierKey{d.customer, -1}] += by
		}
		if d.project >= 0 {
			t.of[dossierKey{d.customer, d.project}] += by
			if !known[d.customer] {
				known[d.customer] = true
				t.with[d.customer] += by
			}
		}
	}
}

// hint is the one customer that a document in doubt points at, -1 if none. By
// itself it decides nothing; where it says what all around it say, it counts half.
func hint(made []decision) int32 {
	c := int32(-1)
	for i := range made {
		d := &made[i]
		if d.made() || d.confidence < ofHint || c >= 0 && c != d.customer {
			return -1
		}
		c = d.customer
	}
	return c
}

// around is what is made of everything, by what connects documents.
type around struct {
	a        *Assigner
	threads  map[int64]*tally
	people   map[int32]*tally
	folders  map[int32]*tally
	names    map[int32]string // of people and folders
	children map[int32][]int32
	ours     string // the domain of our own firm
}

func anyMade(ds []decision) bool {
	return slices.ContainsFunc(ds, func(d decision) bool { return d.made() })
}

// gather counts what is made now.
func (a *Assigner) gather() *around {
	s := &around{a: a, threads: map[int64]*tally{}, people: map[int32]*tally{}, folders: map[int32]*tally{}, names: map[int32]string{}, children: map[int32][]int32{}, ours: a.ours()}
	for name, id := range a.ids {
		s.names[id] = name
	}
	for i := range a.docs {
		h := &a.docs[i]
		if !anyMade(h.decided) {
			if hint(h.decided) >= 0 {
				if h.thread != 0 {
					count(s.threads, h.thread, h.decided)
				}
				for _, f := range h.spots {
					count(s.folders, f, h.decided)
				}
			}
			continue
		}
		for _, p := range h.parents {
			if at, ok := a.at[p]; ok && a.docs[at].kind != document.KindArchive {
				s.children[at] = append(s.children[at], int32(i))
			}
		}
		if h.thread != 0 {
			count(s.threads, h.thread, h.decided)
		}
		for _, p := range h.people {
			count(s.people, p, h.decided)
		}
		for _, f := range h.spots {
			count(s.folders, f, h.decided)
		}
	}
	return s
}

func count[K comparable](in map[K]*tally, key K, made []decision) {
	t := in[key]
	if t == nil {
		t = &tally{of: map[dossierKey]int{}, with: map[int32]int{}, hints: map[int32]int{}}
		in[key] = t
	}
	t.add(made, 1)
}

// ours is the domain of most mails that is no customer's and no public service's.
func (a *Assigner) ours() string {
	best, most := "", 0
	for domain, n := range a.home {
		if c, _ := a.words.ofAddress("x@" + domain); len(c) > 0 || PublicMail(domain) {
			continue
		}
		if n > most || n == most && domain < best {
			best, most = domain, n
		}
	}
	return best
}

// spots are the folders in which a place has neighbours: its own, and the one
// around it. What is attached to a mail has none.
func (a *Assigner) spots(have []int32, p *Place) []int32 {
	path := p.Locator
	if strings.Contains(path[strings.LastIndex(path, document.Separator)+1:], "attachment:") {
		return have
	}
	for range 2 {
		cut := strings.LastIndexByte(path, '/')
		if cut <= 0 {
			break
		}
		path = path[:cut]
		if id := a.number("/" + p.Source + "\x00" + path); !slices.Contains(have, id) && len(have) < 8 {
			have = append(have, id)
		}
	}
	return have
}

// facts are what is around a document. It does not count itself.
func (s *around) facts(h *held) []fact {
	out := s.parents(h)
	self := anyMade(h.decided) || hint(h.decided) >= 0
	less := func(t *tally) *tally {
		if t == nil || !self {
			return t
		}
		t.add(h.decided, -1)
		return t
	}
	back := func(t *tally) {
		if t != nil && self {
			t.add(h.decided, 1)
		}
	}
	if t := s.threads[h.thread]; h.thread != 0 && t != nil {
		less(t)
		out = append(out, shares(t, byThread, "", func(share float64, _ int) float64 { return ofThread * share })...)
		if t.all == 0 && len(h.decided) > 0 {
			for c, n := range t.hints {
				if n > 0 && n == t.hinted {
					out = append(out, fact{customer: c, project: -1, rule: byThread, seen: saw(n, 0, 0), forCustomer: ofHint})
				}
			}
		}
		back(t)
	}
	if h.many {
		return out
	}
	for _, f := range h.spots {
		t := s.folders[f]
		if t == nil {
			continue
		}
		less(t)
		name := s.names[f]
		mailbox := strings.HasSuffix(name, "!") // somebody's, who has a life beside his customers
		out = append(out, shares(t, byNeighbours, name[strings.LastIndexByte(name, '/')+1:], func(share float64, n int) float64 {
			switch {
			case n >= manyInFolder && share >= pureInFolder && !mailbox:
				return ofFolder
			case n >= enoughInFolder && share >= purity:
				return ofSmallFolder
			}
			return 0
		})...)
		back(t)
	}
	for _, p := range h.people {
		t := s.people[p]
		if t == nil || t.all < enoughOfPerson {
			continue
		}
		less(t)
		from := len(out)
		name := strings.TrimPrefix(s.names[p], "=")
		w := float64(ofPerson)
		if _, domain, ok := strings.Cut(name, "@"); ok && domain == s.ours || !ok {
			w = ofColleague
		}
		out = append(out, shares(t, byPeople, name, func(share float64, n int) float64 {
			switch {
			case n < enoughOfPerson || share < pureOfPerson:
				return 0
			case n >= manyOfPerson && w == ofPerson:
				return ofWellKnown
			}
			return w
		})...)
		for i := range out[from:] { // next year he writes of the next project
			out[from+i].forProject = min(out[from+i].forProject, ofPerson)
		}
		back(t)
	}
	return out
}

// shares turns a tally into facts: for customers by their share of all, for
// projects by their share of what is known of their customer.
func shares(t *tally, r rule, detail string, weigh func(share float64, n int) float64) []fact {
	var out []fact
	for key, n := range t.of {
		if n <= 0 || t.all <= 0 {
			continue
		}
		c := t.of[dossierKey{key.customer, -1}]
		f := fact{customer: key.customer, project: key.project, rule: r, detail: detail}
		half, halves := t.hints[key.customer], t.hinted
		customer := weigh((float64(c)+float64(half)/2)/(float64(t.all)+float64(halves)/2), c+half/2)
		f.forCustomer = int16(customer)
		if key.project >= 0 {
			f.forProject = int16(min(weigh(float64(n)/float64(t.with[key.customer]), n), customer))
		}
		if r == byThread {
			f.seen = saw(n, t.all, 0)
		}
		if f.forCustomer > 0 || f.forProject > 0 {
			out = append(out, f)
		}
	}
	return out
}

// parents are what a document lies in and what lies in it.
func (s *around) parents(h *held) []fact {
	var out []fact
	owners := map[int32]bool{}
	for _, p := range h.parents {
		at, ok := s.a.at[p]
		if !ok {
			continue
		}
		parent := &s.a.docs[at]
		// A mailbox or an archive says what its name says, and its members have that
		// in their way already. An archive that came with a mail is one matter.
		if parent.kind == document.KindArchive && len(parent.parents) == 0 && !h.bare {
			continue
		}
		for i := range parent.decided {
			d := &parent.decided[i]
			if !d.made() {
				continue
			}
			owners[d.customer] = true
			f := fact{customer: d.customer, project: d.project, rule: byParent, detail: parent.name, forCustomer: ofParent}
			if d.project >= 0 {
				f.forProject = ofParent
			}
			out = append(out, f)
		}
	}
	if n := len(owners); n > 1 {
		for i := range out {
			out[i].forCustomer, out[i].forProject = several(out[i].forCustomer, n), several(out[i].forProject, n)
		}
	}
	if h.bare {
		return out
	}
	for _, c := range s.children[s.a.at[h.id]] {
		child := &s.a.docs[c]
		if len(child.parents) >= generalParents {
			continue
		}
		for i := range child.decided {
			d := &child.decided[i]
			if !d.made() {
				continue
			}
			f := fact{customer: d.customer, project: d.project, rule: byChildren, detail: child.name, forCustomer: ofChild}
			if d.project >= 0 {
				f.forProject = ofChild
			}
			out = append(out, f)
		}
	}
	return out
}
