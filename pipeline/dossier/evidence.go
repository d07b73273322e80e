package dossier

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/index"
)

// rule is a kind of evidence.
type rule uint8

// Rules, in the order in which evidence of one weight is shown.
const (
	byPerson rule = iota
	byFolder
	byNumber
	byDomain
	byContact
	byTitle
	byParty
	byText
	byParent
	byThread
	byChildren
	byPeople
	byNeighbours
	byPeriod
	byOnly
	rules
)

var ruleNames = [rules]string{"person", "folder", "number", "domain", "contact", "title", "party", "text", "parent", "thread", "children", "people", "neighbours", "period", "only"}

// fact is one piece of evidence: how much it says for a customer, and for one of
// its projects (-1: for none).
type fact struct {
	customer, project int32
	forCustomer       int16 // per mille
	forProject        int16
	rule              rule
	detail            string
	seen              seen
}

// seen is how much was seen of what a fact says: count of all, 0 where they only
// seem to say it, within days before and after.
type seen struct{ count, all, days int32 }

// saw makes one.
func saw(count, all int, days int32) seen {
	return seen{int32(count), int32(all), days} //nolint:gosec // fewer than 2 G documents
}

// weights are what a word says by its class (number, full, middle, short,
// initial, project) where it stands, per mille. 900 decides alone. A project's
// name says for its customer what the last column holds, and for the project
// what projectWeights hold.
var weights = map[rule][6]int16{
	byFolder: {980, 950, 920, 800, 600, 300},
	byTitle:  {960, 950, 900, 750, 550, 300},
	byParty:  {960, 960, 900, 800, 600, 200},
	byText:   {870, 700, 550, 400, 250, 100}, // and head
}

// head is what is added to byText where a document begins; a number there decides.
const (
	head       = 150
	headNumber = 950
)

var projectWeights = map[rule]int16{byFolder: 930, byTitle: 850, byParty: 600, byText: 550}

// Other weights.
const (
	fromDomain    = 950 // it was written there
	toDomain      = 900
	addressDomain = 600 // an address in the text
	ofContact     = 930
	nameOfContact = 500 // two customers may both have a 王伟
	wholeFolder   = 960 // a folder that has just the customer's name
)

// several lowers what is said for one of several customers: a document that
// names three is a list, and belongs to none of them for that.
func several(w int16, customers int) int16 {
	switch {
	case customers <= 1:
		return w
	case customers == 2:
		return w * 3 / 4
	}
	return w * 3 / 10
}

// place finds what the folders of a place say. Documents of one folder share it.
func (a *Assigner) place(p *Place, kind document.Kind) []fact {
	path := p.Locator
	if cut := strings.LastIndexByte(path, '/'); cut >= 0 {
		path = path[:cut]
	} else {
		path = ""
	}
	mailbox, folder := "", ""
	if kind == document.KindMail {
		mailbox, folder = mail.Holder(p.Locator)
	}
	key := p.Source + "\x00" + path + "\x00" + mailbox + "\x00" + folder
	if have, ok := a.folders[key]; ok {
		return have
	}
	segments := []string{sourceName(p.Source)}
	for _, step := range document.SplitLocator(path) {
		for s := range strings.SplitSeq(step, "/") {
			if !strings.HasPrefix(s, "mail:") && !strings.HasPrefix(s, "attachment:") {
				segments = append(segments, s)
			}
		}
	}
	for s := range strings.SplitSeq(mailbox+"/"+folder, "/") {
		if !slices.Contains(segments, s) {
			segments = append(segments, s)
		}
	}
	var out []fact
	for _, s := range segments {
		if s == "" {
			continue
		}
		line := index.Normalise(s)
		a.words.find(line, func(word string, from, to int) {
			if a.words.another(word, line, from, to) {
				return
			}
			whole := word == line
			for _, t := range a.words.targets[word] {
				f := a.fact(t, byFolder, s)
				if whole && t.class != project && t.class != number {
					f.forCustomer = wholeFolder
					if t.class == initial {
						f.forCustomer = 850
					}
				}
				out = append(out, f)
			}
		})
	}
	out = a.shared(out)
	a.folders[key] = out
	return out
}

// sourceName is a source's own name, or the last part of the path that names it.
func sourceName(s string) string {
	s = strings.TrimRight(s, `/\`)
	return s[strings.LastIndexAny(s, `/\`)+1:]
}

// fact makes a word's fact.
func (a *Assigner) fact(t target, r rule, detail string) fact {
	f := fact{customer: int32(t.customer), project: int32(t.project), rule: r, detail: detail, forCustomer: weights[r][t.class]} //nolint:gosec // lists are far below 2 G
	switch {
	case t.project < 0:
	case t.class == number:
		f.forProject = f.forCustomer
	default:
		f.forProject = projectWeights[r]
	}
	if t.class == number && (r == byTitle || r == byText || r == byParty) {
		f.rule = byNumber
	}
	return f
}

// shared lowers words that several customers have in common: 华信制造 and
// 华信银行 may both be called 华信.
func (a *Assigner) shared(in []fact) []fact {
	owners := map[string]map[int32]bool{}
	for _, f := range in {
		if owners[f.detail] == nil {
			owners[f.detail] = map[int32]bool{}
		}
		if f.forCustomer > 300 {
			owners[f.detail][f.customer] = true
		}
	}
	for i := range in {
		if n := len(owners[in[i].detail]); n > 1 {
			in[i].forCustomer = several(in[i].forCustomer, n+1)
		}
	}
	return in
}

// own is what a document says for itself.
func (a *Assigner) own(d *Doc, f *Features) []fact {
	var out []fact
	names := []string{}
	for i := range d.Places {
		out = append(out, a.place(&d.Places[i], d.Kind)...)
		if n := d.Places[i].Name; !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if d.Title != "" && !slices.Contains(names, d.Title) {
		names = append(names, d.Title)
	}
	var said []fact
	for _, n := range names {
		line := index.Normalise(n)
		a.words.find(line, func(word string, from, to int) {
			if a.words.another(word, line, from, to) {
				return
			}
			for _, t := range a.words.targets[word] {
				said = append(said, a.fact(t, byTitle, a.words.shown[word]))
			}
		})
	}
	out = append(out, a.dampen(a.shared(said))...)
	if d.Kind != document.KindArchive { // whose text is the names of what lies in it
		out = append(out, a.dampen(append(a.shared(a.text(f)), a.addresses(f)...))...)
	}
	return append(out, a.dampen(a.people(d))...)
}

// text is what the list's words in a text say.
func (a *Assigner) text(f *Features) (out []fact) {
	for _, m := range f.Mentions {
		for _, t := range a.words.targets[m.Word] {
			r := byText
			if m.Zone == inParty && t.class != project {
				r = byParty
			}
			c := a.fact(t, r, a.words.shown[m.Word])
			if r == byText && t.class == number && m.Zone == inHead {
				c.forCustomer, c.forProject = headNumber, headNumber
			}
			if r == byText && t.class != number {
				more := int16(0)
				if m.Zone == inHead {
					more = head
				}
				if m.Times >= 3 {
					more += 50
				}
				c.forCustomer += more
				if c.forProject > 0 {
					c.forProject += more
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// addresses are what addresses in a text say.
func (a *Assigner) addresses(f *Features) (out []fact) {
	for _, address := range f.Addresses {
		customers, contact := a.words.ofAddress(address)
		w, r := int16(addressDomain), byDomain
		if contact {
			w, r = ofContact*3/4, byContact
		}
		for _, c := range customers {
			out = append(out, fact{customer: int32(c), project: -1, rule: r, detail: address, forCustomer: several(w, len(customers))}) //nolint:gosec // as above
		}
	}
	return out
}

// people are what senders, receivers and authors say.
func (a *Assigner) people(d *Doc) (out []fact) {
	for line := range strings.SplitSeq(d.People, "\n") {
		who := strings.Split(line, "\t")
		if len(who) != 3 {
			continue
		}
		role, name, address := who[0], who[1], who[2]
		customers, contact := a.words.ofAddress(address)
		w, r, detail := int16(toDomain), byDomain, address
		switch {
		case contact:
			w, r = ofContact, byContact
		case len(customers) == 0:
			if customers = a.words.byName[name]; len(customers) == 0 || address != "" {
				continue
			}
			w, r, detail = nameOfContact, byContact, name
		case role == "from":
			w = fromDomain
		}
		for _, c := range customers {
			out = append(out, fact{customer: int32(c), project: -1, rule: r, detail: detail, forCustomer: several(w, len(customers))}) //nolint:gosec // as above
		}
	}
	return out
}

// dampen lowers what names several customers, or several projects of one.
func (a *Assigner) dampen(in []fact) []fact {
	customers, projects := map[int32]int16{}, map[int32]map[int32]bool{}
	for _, f := range in {
		customers[f.customer] = max(customers[f.customer], f.forCustomer)
		if f.forProject > 0 {
			if projects[f.customer] == nil {
				projects[f.customer] = map[int32]bool{}
			}
			projects[f.customer][f.project] = true
		}
	}
	n := 0
	for _, w := range customers {
		if w >= 400 { // a project's name that others have too names nobody
			n++
		}
	}
	for i := range in {
		in[i].forCustomer = several(in[i].forCustomer, n)
		in[i].forProject = several(in[i].forProject, max(n, len(projects[in[i].customer])))
	}
	return in
}

// tidy puts facts into their order and keeps the strongest of each rule for one
// dossier: ten mentions are one reason.
func tidy(in []fact) []fact {
	slices.SortFunc(in, func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.customer, b.customer), cmp.Compare(a.project, b.project), cmp.Compare(a.rule, b.rule),
			cmp.Compare(b.forProject, a.forProject), cmp.Compare(b.forCustomer, a.forCustomer), cmp.Compare(a.detail, b.detail), cmp.Compare(b.seen.count, a.seen.count))
	})
	out := in[:0]
	for _, f := range in {
		if n := len(out); n > 0 && out[n-1].customer == f.customer && out[n-1].project == f.project && out[n-1].rule == f.rule {
			out[n-1].forCustomer = max(out[n-1].forCustomer, f.forCustomer)
			continue
		}
		out = append(out, f)
	}
	return out
}

// manyOwners says that a document names people or firms of three customers and
// more: who else stands in it or lies beside it tells nothing of whose it is.
func manyOwners(facts []fact) bool {
	n, last := 0, int32(-1)
	for _, f := range facts { // by customer
		if f.customer != last && (f.rule == byDomain || f.rule == byContact || f.rule == byText || f.rule == byNumber) {
			last = f.customer
			n++
		}
	}
	return n >= 3
}

// shortened bounds a detail that is shown.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= 80 {
		return s
	}
	return string([]rune(s)[:79]) + "…"
}
