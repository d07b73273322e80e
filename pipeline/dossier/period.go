package dossier

import (
	"slices"
	"strings"
	"time"
)

// What the time says of a customer's project, per mille: what else was written
// with the customer in those weeks is of one project, or what else one of the
// people of the document wrote with it.
const (
	ofPeriod       = 900
	ofPeriodPerson = 920
	enoughInPeriod = 4
	enoughWhileTwo = 6  // of one person, while another project of the customer runs too
	wellKnown      = 16 // conversations of a project: whoever took part in none has nothing to do with it
	pureInPeriod   = 0.9
)

// reaches are how many days before and after are looked at: where one project
// ends and the next begins, only the next days tell them apart.
var reaches = [...]int32{15, 45}

// periods are the days on which something of a project is known to have been
// written, by customer and by who took part in it. They are counted once, from
// what everything else says: else one guess would be witness of the next.
type periods struct {
	a     *Assigner
	ours  map[int32]bool                  // people of our own firm
	talks map[int32]int                   // known conversations of a project in which any of them took part
	days  map[periodKey]map[int32][]int32 // by project, sorted
	names map[int32]string                // of people
}

// periodKey is a customer with one of the people that write with it; -1: anybody.
type periodKey struct{ customer, person int32 }

// askTheTime adds what the time says to what documents say for themselves.
func (a *Assigner) askTheTime() {
	p := a.periods()
	for i := range a.docs {
		if found := p.facts(&a.docs[i]); len(found) > 0 {
			a.docs[i].own = tidy(append(a.docs[i].own, found...))
		}
	}
}

// dayOf is the day that counts for a document, in days since 1970: a conversation
// is one matter, of the day on which it began. Zero is none.
func (a *Assigner) dayOf(h *held) int32 {
	t := h.day
	if h.thread != 0 {
		t = a.begun[h.thread]
	}
	if t.IsZero() {
		return 0
	}
	return int32(t.Unix() / int64(24*time.Hour/time.Second)) //nolint:gosec // years to come
}

// periods counts what is made now. A conversation is one witness, however long,
// and so are the files of one folder and day: somebody copied them there.
func (a *Assigner) periods() *periods {
	p := &periods{a: a, ours: map[int32]bool{}, talks: map[int32]int{}, days: map[periodKey]map[int32][]int32{}, names: map[int32]string{}}
	domain := "@" + a.ours()
	for name, id := range a.ids {
		p.names[id] = strings.TrimPrefix(name, "=")
		p.ours[id] = strings.HasSuffix(name, domain) && len(domain) > 1
	}
	type witness struct {
		key     periodKey
		project int32
		thread  int64
		folder  int32
		day     int32
	}
	seen := map[witness]bool{}
	for i := range a.docs {
		h := &a.docs[i]
		day := a.dayOf(h)
		if day == 0 || len(h.parents) > 0 && h.thread == 0 { // attached: its mail is the witness
			continue
		}
		for n := range h.decided {
			d := &h.decided[n]
			if !d.made() || d.project < 0 {
				continue
			}
			internal := false
			for _, person := range append([]int32{-1}, h.people...) {
				w := witness{periodKey{d.customer, person}, d.project, h.thread, -1, day}
				if h.thread == 0 && len(h.spots) > 0 {
					w.folder = h.spots[0]
				}
				if seen[w] {
					continue
				}
				seen[w] = true
				if p.ours[person] && !internal {
					internal = true
					p.talks[d.project]++
				}
				if p.days[w.key] == nil {
					p.days[w.key] = map[int32][]int32{}
				}
				p.days[w.key][d.project] = append(p.days[w.key][d.project], day)
			}
		}
	}
	for _, projects := range p.days {
		for _, days := range projects {
			slices.Sort(days)
		}
	}
	return p
}

// facts are what the time says of a document whose customer is known and whose
// project is not. Where the weeks and the people point at different projects they
// say nothing.
func (p *periods) facts(h *held) []fact {
	day := p.a.dayOf(h)
	if day == 0 {
		return nil
	}
	var out []fact
	for i := range h.decided {
		d := &h.decided[i]
		if !d.made() || d.project >= 0 {
			continue
		}
		found := p.of(h, d.customer, day)
		if !slices.ContainsFunc(found, func(f fact) bool { return f.project != found[0].project }) {
			out = append(out, found...)
		}
	}
	return out
}

// of are the facts for the projects of one customer.
func (p *periods) of(h *held, customer, day int32) []fact {
	var found []fact
	enough := enoughInPeriod
	everybody := periodKey{customer, -1}
	for _, reach := range reaches {
		project, n, all := p.around(everybody, day, reach, func(project int32) bool {
			return p.talks[project] < wellKnown || !p.strangers(h, customer, project)
		})
		if all < enoughIn(reach) || float64(n) < pureInPeriod*float64(all) || p.strangers(h, customer, project) {
			continue
		}
		found = append(found, fact{customer: customer, project: project, rule: byPeriod, forProject: ofPeriod, seen: saw(n, all, reach)})
		break
	}
	if len(found) == 0 {
		enough = enoughWhileTwo
	}
	for _, person := range h.people {
		project, n, all := p.around(periodKey{customer, person}, day, reaches[len(reaches)-1], nil)
		if all >= enough && float64(n) >= pureInPeriod*float64(all) {
			found = append(found, fact{customer: customer, project: project, rule: byPeriod, forProject: ofPeriodPerson, detail: p.names[person], seen: saw(n, all, reaches[len(reaches)-1])})
		}
	}
	return found
}

// strangers says that all of our own people in a document have nothing to do with
// a project: then it is a greeting, or of another.
func (p *periods) strangers(h *held, customer, project int32) bool {
	ours := false
	for _, person := range h.people {
		if !p.ours[person] {
			continue
		}
		ours = true
		if len(p.days[periodKey{customer, person}][project]) > 0 {
			return false
		}
	}
	return ours
}

// within counts the days that are in reach of one.
func within(days []int32, day, reach int32) int {
	from, _ := slices.BinarySearch(days, day-reach)
	to, _ := slices.BinarySearch(days, day+reach+1)
	return to - from
}

// around finds the project of most that was written in the weeks around a day,
// how much that is, and of how much.
func (p *periods) around(key periodKey, day, reach int32, may func(project int32) bool) (project int32, most, all int) {
	project = -1
	for of, days := range p.days[key] {
		n := within(days, day, reach)
		if n == 0 || may != nil && !may(of) {
			continue
		}
		all += n
		if n > most || n == most && of < project {
			project, most = of, n
		}
	}
	return project, most, all
}

// enoughIn is how much has to be known of so many days: few days need more, since
// what is next to them is left out.
func enoughIn(reach int32) int {
	if reach < reaches[len(reaches)-1] {
		return 2 * enoughInPeriod
	}
	return enoughInPeriod
}
