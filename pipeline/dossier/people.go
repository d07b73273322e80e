package dossier

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/pipeline/ledger"
)

// Gatherer puts the people of an archive together: by address, then by name.
type Gatherer struct {
	words     *Words
	addresses map[string]*someone
	names     map[string]*someone // who is named without an address
}

// someone is a person while he is put together.
type someone struct {
	address string
	names   map[string]int
	title   map[string]int
	phone   map[string]int
	company map[string]int
	n       int
	last    time.Time
}

// NewGatherer makes a gatherer for a list.
func NewGatherer(w *Words) *Gatherer {
	return &Gatherer{words: w, addresses: map[string]*someone{}, names: map[string]*someone{}}
}

func at(m map[string]*someone, key string) *someone {
	s := m[key]
	if s == nil {
		s = &someone{names: map[string]int{}, title: map[string]int{}, phone: map[string]int{}, company: map[string]int{}}
		m[key] = s
	}
	return s
}

// Add takes the people of a document and the signature in it, which is its
// sender's.
func (g *Gatherer) Add(d *Doc, f *Features) {
	var sender *someone
	for line := range strings.SplitSeq(d.People, "\n") {
		who := strings.Split(line, "\t")
		if len(who) != 3 {
			continue
		}
		role, name, address := who[0], strings.TrimSpace(who[1]), strings.ToLower(who[2])
		var s *someone
		switch {
		case strings.Contains(address, "@"):
			s = at(g.addresses, address)
			s.address = address
		case personal(name):
			s = at(g.names, name)
		default:
			continue
		}
		s.n++
		if name != "" && !strings.Contains(name, "@") {
			s.names[strings.Trim(name, `'"“” `)]++
		}
		if d.Date.After(s.last) {
			s.last = d.Date
		}
		if role == "from" {
			sender = s
		}
	}
	sign := f.Signature
	if sign == nil || sender == nil || sign.Address != "" && sign.Address != sender.address {
		return // the foot of somebody who was quoted
	}
	if sign.Name != "" && len(sender.names) > 0 && sender.names[sign.Name] == 0 && sign.Address == "" {
		return
	}
	for _, v := range []struct {
		in map[string]int
		s  string
	}{{sender.names, sign.Name}, {sender.title, sign.Title}, {sender.phone, sign.Phone}, {sender.company, sign.Company}} {
		if v.s != "" {
			v.in[v.s]++
		}
	}
}

// personal says that a name may be a person's: speakers are also called 发言人1.
func personal(name string) bool {
	return hanName(name) || latinName(name)
}

// most is the value that is said most often; the smaller of equals.
func most(in map[string]int) string {
	best := ""
	for s, n := range in {
		if m := in[best]; n > m || n == m && s < best {
			best = s
		}
	}
	return best
}

// People are all that were met, with those of the list, merged: one person for
// several addresses of one customer under one name, and for a name that is
// nobody else's.
func (g *Gatherer) People() []*ledger.Person {
	// Two firms may both have a 王伟: where no customer tells them apart, their
	// domains do.
	type key struct {
		name     string
		customer int
		domain   string
	}
	people := map[key]*ledger.Person{}
	var out []*ledger.Person
	add := func(s *someone, name string, customer int) *ledger.Person {
		k := key{name, customer, ""}
		if s != nil && customer < 0 {
			_, k.domain, _ = strings.Cut(s.address, "@")
		}
		p := people[k]
		if p == nil || name == "" {
			p = &ledger.Person{Name: name}
			if customer >= 0 {
				p.Customer = g.words.Customers[customer].ID
			}
			if name != "" {
				people[k] = p
			}
			out = append(out, p)
		}
		if s != nil {
			p.Documents += s.n
			if day := s.last.Format(time.DateOnly); !s.last.IsZero() && day > p.Last {
				p.Last = day
			}
			p.Title, p.Phone, p.Company = cmp.Or(p.Title, most(s.title)), cmp.Or(p.Phone, most(s.phone)), cmp.Or(p.Company, most(s.company))
			if s.address != "" && !slices.Contains(p.Addresses, s.address) {
				p.Addresses = append(p.Addresses, s.address)
			}
		}
		return p
	}
	for i, c := range g.words.Customers { // what the list says comes first
		for _, contact := range c.Contacts {
			p := add(nil, contact.Name, i)
			p.Title, p.Phone = cmp.Or(p.Title, contact.Role), cmp.Or(p.Phone, contact.Phone)
			if contact.Address != "" && !slices.Contains(p.Addresses, contact.Address) {
				p.Addresses = append(p.Addresses, contact.Address)
			}
		}
	}
	byName := map[string][]*ledger.Person{}
	for _, a := range sortedKeys(g.addresses) {
		s := g.addresses[a]
		customers, _ := g.words.ofAddress(a)
		customer := -1
		if len(customers) == 1 {
			customer = customers[0]
		}
		name := most(s.names)
		if customer < 0 && !personal(name) {
			name = "" // "notification", "noreply": not one person
		}
		p := add(s, name, customer)
		if p.Name == "" {
			p.Name = most(s.names)
		}
	}
	for _, p := range out {
		byName[p.Name] = append(byName[p.Name], p)
	}
	for _, name := range sortedKeys(g.names) {
		s := g.names[name]
		if one := byName[name]; len(one) == 1 {
			one[0].Documents += s.n
			if day := s.last.Format(time.DateOnly); !s.last.IsZero() && day > one[0].Last {
				one[0].Last = day
			}
			continue
		}
		if len(byName[name]) == 0 {
			add(s, name, -1)
		}
	}
	return keyed(out)
}

func sortedKeys(m map[string]*someone) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// keyed names people by the smallest of their addresses, else by their name, and
// drops who would have no name.
func keyed(in []*ledger.Person) []*ledger.Person {
	seen := map[string]bool{}
	return slices.DeleteFunc(in, func(p *ledger.Person) bool {
		slices.Sort(p.Addresses)
		if p.Key = p.Name; len(p.Addresses) > 0 {
			p.Key = p.Addresses[0]
		}
		again := p.Key == "" || seen[p.Key] || utf8.RuneCountInString(p.Key) > 200
		seen[p.Key] = true
		return again
	})
}
