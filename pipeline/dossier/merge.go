package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// Report is what an import did and did not do.
type Report struct {
	Rows             int        `json:"rows"`
	Columns          []Column   `json:"columns"`
	CustomersAdded   int        `json:"customers_added"`
	CustomersChanged int        `json:"customers_changed"`
	ProjectsAdded    int        `json:"projects_added"`
	ProjectsChanged  int        `json:"projects_changed"`
	Conflicts        []Conflict `json:"conflicts"`
}

// Conflict is something that the list says and that was not taken, for a person
// to decide.
type Conflict struct {
	Code     string `json:"code"` // value, name-taken, domain-taken, domain-public, number-taken, contract-taken
	Sheet    string `json:"sheet,omitempty"`
	Row      int    `json:"row,omitempty"`
	Customer string `json:"customer"`
	Project  string `json:"project,omitempty"`
	Field    string `json:"field,omitempty"`
	Kept     string `json:"kept"`    // what stays
	Listed   string `json:"listed"`  // what the list says
	Written  bool   `json:"written"` // it was told to overwrite
}

// Codes of conflicts.
const (
	ConflictValue    = "value"          // another value stands there
	ConflictName     = "name-taken"     // another customer has this name or alias: it will decide nothing alone
	ConflictDomain   = "domain-taken"   // another customer has this mail domain
	ConflictPublic   = "domain-public"  // everybody may have an address there
	ConflictNumber   = "number-taken"   // the project is another customer's
	ConflictContract = "contract-taken" // another project has this contract
)

// Book is customers and projects while a list is merged into them.
type Book struct {
	Customers []*ledger.Customer
	Projects  []*ledger.Project
	Overwrite bool // take the list's value where another stands
	Origin    ledger.Origin

	report  *Report
	changed map[any]bool
	row     *Row
}

// Merge brings rows into the book. Nothing is overwritten silently: what the
// list says otherwise is a conflict. The same list again changes nothing.
func (b *Book) Merge(l *List) *Report {
	b.report = &Report{Rows: len(l.Rows), Columns: l.Columns, Conflicts: []Conflict{}}
	b.changed = map[any]bool{}
	for i := range l.Rows {
		b.row = &l.Rows[i]
		c := b.customer(&b.row.Customer)
		if p := &b.row.Project; p.Number != "" || p.Name != "" {
			b.project(c, p)
		}
	}
	for thing := range b.changed {
		switch thing := thing.(type) {
		case *ledger.Customer:
			if thing.ID != 0 {
				b.report.CustomersChanged++
			}
		case *ledger.Project:
			if thing.ID != 0 {
				b.report.ProjectsChanged++
			}
		}
	}
	return b.report
}

// Changed says whether something of the book is not as it was.
func (b *Book) Changed(thing any) bool { return b.changed[thing] }

// same is the form in which names are compared: without blanks and marks.
func same(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, index.Normalise(s))
}

func (b *Book) customer(in *ledger.Customer) *ledger.Customer {
	var c *ledger.Customer
	for _, have := range b.Customers {
		if same(have.Name) == same(in.Name) {
			c = have
		}
	}
	if c == nil { // a list that uses short names
		for _, have := range b.Customers {
			if slices.ContainsFunc(have.Aliases, func(a string) bool { return same(a) == same(in.Name) }) {
				c = have
				break
			}
		}
	}
	if c == nil {
		c = &ledger.Customer{Name: strings.TrimSpace(in.Name), Origin: b.Origin}
		b.Customers = append(b.Customers, c)
		b.report.CustomersAdded++
		b.note(c)
	}
	for _, alias := range in.Aliases {
		if same(alias) != same(c.Name) && union(&c.Aliases, alias) {
			b.note(c)
			if other := b.named(alias, c); other != "" {
				b.conflict(ConflictName, c.Name, "", "aliases", other, alias)
			}
		}
	}
	for _, d := range in.Domains {
		switch other := b.ofDomain(d, c); {
		case PublicMail(d):
			b.conflict(ConflictPublic, c.Name, "", "domains", "", d)
		case other != "" && !slices.Contains(c.Domains, d):
			b.conflict(ConflictDomain, c.Name, "", "domains", other, d)
		case union(&c.Domains, d):
			b.note(c)
		}
	}
	for _, p := range in.Contacts {
		b.contact(c, p)
	}
	for _, f := range []struct {
		name string
		have *string
		list string
	}{{"industry", &c.Industry, in.Industry}, {"size", &c.Size, in.Size}, {"maturity", &c.Maturity, in.Maturity}, {"history", &c.History, in.History},
		{"responsible", &c.Responsible, in.Responsible}, {"paper", &c.Paper, in.Paper}} {
		if (f.name == "responsible" || f.name == "paper") && b.row != nil && b.row.Project.Number+b.row.Project.Name != "" && *f.have != "" {
			continue // each project may have its own
		}
		b.scalar(c, f.have, f.list, c.Name, "", f.name)
	}
	return c
}

// scalar brings one value in.
func (b *Book) scalar(thing any, have *string, list, customer, project, field string) {
	switch {
	case list == "" || list == *have:
		return
	case *have == "":
		*have = list
	default:
		b.conflict(ConflictValue, customer, project, field, *have, list)
		if !b.Overwrite {
			return
		}
		*have = list
	}
	b.note(thing)
}

func (b *Book) contact(c *ledger.Customer, in ledger.Contact) {
	for i := range c.Contacts {
		have := &c.Contacts[i]
		if in.Address != "" && have.Address == in.Address || have.Name == in.Name && (in.Address == "" || have.Address == "") {
			b.scalar(c, &have.Name, in.Name, c.Name, "", "contact")
			b.scalar(c, &have.Role, in.Role, c.Name, "", "role")
			b.scalar(c, &have.Phone, in.Phone, c.Name, "", "phone")
			b.scalar(c, &have.Address, in.Address, c.Name, "", "address")
			return
		}
	}
	c.Contacts = append(c.Contacts, in)
	b.note(c)
}

func (b *Book) project(c *ledger.Customer, in *ledger.Project) {
	var p *ledger.Project
	for _, have := range b.Projects {
		if in.Number != "" && same(have.Number) == same(in.Number) || (in.Number == "" || have.Number == "") && have.Customer == c.Name && in.Name != "" && same(have.Name) == same(in.Name) {
			p = have
		}
	}
	if p != nil && p.Customer != c.Name {
		b.conflict(ConflictNumber, c.Name, p.Key, "number", p.Customer, in.Number)
		return
	}
	if p == nil {
		p = &ledger.Project{Customer: c.Name, CustomerID: c.ID, Number: strings.TrimSpace(in.Number), Name: in.Name, Key: KeyOf(c.Name, in.Number, in.Name), Origin: b.Origin}
		b.Projects = append(b.Projects, p)
		b.report.ProjectsAdded++
		b.note(p)
	}
	for _, n := range in.Contracts {
		if other := b.ofContract(n, p); other != "" && !slices.Contains(p.Contracts, n) {
			b.conflict(ConflictContract, c.Name, p.Key, "contracts", other, n)
			continue
		}
		if union(&p.Contracts, n) {
			b.note(p)
		}
	}
	for _, f := range []struct {
		name string
		have *string
		list string
	}{{"project", &p.Name, in.Name}, {"number", &p.Number, in.Number}, {"kind", &p.Kind, in.Kind}, {"phase", &p.Phase, in.Phase}, {"start", &p.Start, in.Start}, {"end", &p.End, in.End},
		{"manager", &p.Manager, in.Manager}, {"responsible", &p.Responsible, in.Responsible}, {"paper", &p.Paper, in.Paper}} {
		b.scalar(p, f.have, f.list, c.Name, p.Key, f.name)
	}
	state := string(p.State)
	b.scalar(p, &state, string(in.State), c.Name, p.Key, "state")
	p.State = ledger.ProjectState(state)
}

// KeyOf names a project: by its number, or by its customer and name where the
// office gave it none.
func KeyOf(customer, number, name string) string {
	if number = strings.TrimSpace(number); number != "" {
		return number
	}
	sum := sha256.Sum256([]byte(same(customer) + "\x00" + same(name)))
	return "P-" + strings.ToUpper(hex.EncodeToString(sum[:4]))
}

func (b *Book) note(thing any) { b.changed[thing] = true }

func (b *Book) conflict(code, customer, project, field, kept, listed string) {
	c := Conflict{Code: code, Customer: customer, Project: project, Field: field, Kept: kept, Listed: listed, Written: code == ConflictValue && b.Overwrite}
	if b.row != nil {
		c.Sheet, c.Row = b.row.Sheet, b.row.Number
	}
	b.report.Conflicts = append(b.report.Conflicts, c)
}

// named is another customer that has a name.
func (b *Book) named(name string, but *ledger.Customer) string {
	for _, c := range b.Customers {
		if c != but && (same(c.Name) == same(name) || slices.ContainsFunc(c.Aliases, func(a string) bool { return same(a) == same(name) })) {
			return c.Name
		}
	}
	return ""
}

func (b *Book) ofDomain(domain string, but *ledger.Customer) string {
	for _, c := range b.Customers {
		if c != but && slices.Contains(c.Domains, domain) {
			return c.Name
		}
	}
	return ""
}

func (b *Book) ofContract(n string, but *ledger.Project) string {
	for _, p := range b.Projects {
		if p != but && slices.ContainsFunc(p.Contracts, func(x string) bool { return same(x) == same(n) }) {
			return p.Key
		}
	}
	return ""
}

func union(list *[]string, s string) bool {
	if slices.Contains(*list, s) {
		return false
	}
	*list = append(*list, s)
	return true
}
