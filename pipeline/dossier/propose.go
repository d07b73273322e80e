package dossier

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Proposal is a customer that an archive seems to have: a firm with which mails
// go both ways.
type Proposal struct {
	Name      string            `json:"name"`
	Aliases   []string          `json:"aliases,omitempty"` // folders that are called like it
	Domains   []string          `json:"domains"`
	Projects  []ProposedProject `json:"projects,omitempty"`
	Documents int               `json:"documents"` // mails with it
}

// ProposedProject is a project by the number and name of a folder.
type ProposedProject struct {
	Number    string `json:"number"`
	Name      string `json:"name,omitempty"`
	Documents int    `json:"documents"`
}

// Bounds of proposals.
const (
	leastMails   = 2 // each way together; one mail is a stranger's
	leastFiles   = 2 // in a project's folder
	maxProposals = 200
)

// projectFolder is a folder of one project: "PROJ-20250801 订单管理系统".
var projectFolder = regexp.MustCompile(`^([A-Z]{2,8}-\d{6,8})(?:[ _-]+(\S.*))?$`)

// Proposer finds customers and projects in an archive without a list, and what
// the list lacks in one with it.
type Proposer struct {
	words   *Words
	home    *Assigner // counts whose domain is our own
	domains map[string]*partner
	folders map[string]int            // names of folders by documents
	under   map[string]map[string]int // project folder to the folders around it, by documents
}

// partner is a domain with which mails are exchanged.
type partner struct {
	from, to int // mails that were written there, and that went there
	names    map[string]int
	numbers  map[string]int
}

// NewProposer makes a proposer for what a list lacks.
func NewProposer(w *Words) *Proposer {
	return &Proposer{words: w, home: NewAssigner(w, nil), domains: map[string]*partner{}, folders: map[string]int{}, under: map[string]map[string]int{}}
}

// Add takes a document.
func (p *Proposer) Add(d *Doc, f *Features) {
	for i := range d.Places {
		p.place(d.Places[i].Locator)
	}
	if d.Kind != document.KindMail {
		return
	}
	for line := range strings.SplitSeq(d.People, "\n") {
		who := strings.Split(line, "\t")
		if len(who) != 3 {
			continue
		}
		_, domain, ok := strings.Cut(strings.ToLower(who[2]), "@")
		if !ok || domain == "" {
			continue
		}
		p.home.home[domain]++
		if customers, _ := p.words.ofAddress(strings.ToLower(who[2])); len(customers) > 0 || PublicMail(domain) {
			continue
		}
		one := p.domains[domain]
		if one == nil {
			one = &partner{names: map[string]int{}, numbers: map[string]int{}}
			p.domains[domain] = one
		}
		if who[0] != "from" {
			one.to++
			continue
		}
		one.from++
		if s := f.Signature; s != nil && s.Company != "" {
			one.names[s.Company] += 3
		}
		for _, o := range f.Orgs {
			one.names[o]++
		}
	}
}

// place counts the folders of a locator, and those of projects with what is
// around them.
func (p *Proposer) place(locator string) {
	steps := strings.Split(strings.ReplaceAll(locator, document.Separator, "/"), "/")
	for i, s := range steps[:len(steps)-1] {
		s = document.UnescapeStep(s)
		p.folders[s]++
		if !projectFolder.MatchString(s) {
			continue
		}
		if p.under[s] == nil {
			p.under[s] = map[string]int{}
		}
		p.under[s][""]++
		for _, around := range steps[:i] {
			p.under[s][document.UnescapeStep(around)]++
		}
	}
}

// Proposals are the customers that were found, those with most mails first.
func (p *Proposer) Proposals() []Proposal {
	ours := p.home.ours()
	byName := map[string]*Proposal{}
	own := map[string]bool{}
	if o := p.domains[ours]; o != nil {
		own[most(o.names)] = true
	}
	for domain, one := range p.domains {
		if domain == ours || one.from == 0 || one.to == 0 || one.from+one.to < leastMails {
			continue
		}
		for name := range one.names {
			if own[name] {
				delete(one.names, name)
			}
		}
		name := cmp.Or(most(one.names), domain)
		if byName[name] == nil {
			byName[name] = &Proposal{Name: name}
		}
		byName[name].Domains = append(byName[name].Domains, domain)
		byName[name].Documents += one.from + one.to
	}
	known := map[string]bool{}
	for _, pr := range p.words.Projects {
		known[same(pr.Number)] = true
	}
	out := make([]Proposal, 0, len(byName))
	for _, one := range byName {
		slices.Sort(one.Domains)
		for folder := range p.folders {
			if likeName(folder, one.Name) {
				one.Aliases = append(one.Aliases, folder)
			}
		}
		slices.Sort(one.Aliases)
		p.projects(one, known)
		out = append(out, *one)
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), maxProposals)]
}

// projects are the project folders that lie in a folder called like the customer.
func (p *Proposer) projects(one *Proposal, known map[string]bool) {
	for folder, around := range p.under {
		m := projectFolder.FindStringSubmatch(folder)
		if around[""] < leastFiles || known[same(m[1])] {
			continue
		}
		if slices.ContainsFunc(one.Aliases, func(a string) bool { return around[a] > 0 }) {
			one.Projects = append(one.Projects, ProposedProject{m[1], m[2], around[""]})
		}
	}
	slices.SortFunc(one.Projects, func(a, b ProposedProject) int { return cmp.Compare(a.Number, b.Number) })
}

// likeName says that a folder is called by the beginning of a firm's name.
func likeName(folder, name string) bool {
	f, n := same(folder), same(name)
	runes := utf8.RuneCountInString(f)
	return runes >= 2 && f != n && strings.HasPrefix(n, f) && (f[0] >= utf8.RuneSelf || runes >= 4)
}
