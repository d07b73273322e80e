package dossier

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Thresholds of confidence, per mille.
const (
	sureFrom     = 900
	doubtfulFrom = 500 // below it a person is not asked
	projectFrom  = 600 // the same for the project of a customer that is known
	maxDoubts    = 3
	maxEvidence  = 6
)

// rounds is how far an assignment spreads: from what says it to the mails of its
// thread and its folder, from these to their attachments, and once more.
// moreRounds is how far what the time says spreads after them.
const (
	rounds     = 3
	moreRounds = 2
)

// Doc is one content as rules see it.
type Doc struct {
	ID       int64
	Document string // its id for the outside: stands in evidence
	Kind     document.Kind
	Title    string
	Date     time.Time // zero: unknown
	Thread   int64     // 0: no mail
	People   string    // role, name and address by tabs, one a line
	Places   []Place
}

// Place is where it was found.
type Place struct {
	Source  string
	Locator string
	Name    string
	Parent  int64 // the content that it lies in, 0: none
}

// Assigner assigns documents. Add them all in an order of their contents, then
// Decide, then ask for each.
type Assigner struct {
	words *Words
	said  *said

	docs    []held
	at      map[int64]int32     // content to doc
	folders map[string][]fact   // what a folder says
	ids     map[string]int32    // names of people and folders as numbers
	begun   map[int64]time.Time // the first day of a thread
	home    map[string]int      // domains by how many mails name them: the first is our own firm's
	settled *around             // what is made of everything in the end
}

// held is a document while it is being assigned.
type held struct {
	id      int64
	name    string
	kind    document.Kind
	day     time.Time
	thread  int64
	own     []fact
	parents []int64
	people  []int32
	spots   []int32 // folders
	many    bool    // it went to people of several customers, or names several
	bare    bool    // an item without a content
	spoken  []verdict
	decided []decision
}

// decision is one assignment.
type decision struct {
	customer, project int32
	standing          ledger.Standing
	confidence        int
	facts             []fact
}

func (d *decision) made() bool { return d.standing != ledger.Doubtful }

// NewAssigner makes an assigner for a list and what people said.
func NewAssigner(w *Words, words []*ledger.Word) *Assigner {
	return &Assigner{words: w, said: newSaid(w, words), at: map[int64]int32{}, folders: map[string][]fact{}, ids: map[string]int32{}, begun: map[int64]time.Time{}, home: map[string]int{}}
}

// Add takes a document with its features.
func (a *Assigner) Add(d *Doc, f *Features) {
	h := held{id: d.ID, name: d.Document, kind: d.Kind, day: d.Date, thread: d.Thread, own: tidy(a.own(d, f)), spoken: a.said.of(d)}
	h.many = manyOwners(h.own)
	for _, p := range d.Places {
		if p.Parent != 0 && !slices.Contains(h.parents, p.Parent) {
			h.parents = append(h.parents, p.Parent)
		}
		h.spots = a.spots(h.spots, &p)
	}
	for line := range strings.SplitSeq(d.People, "\n") {
		who := strings.Split(line, "\t")
		if len(who) != 3 {
			continue
		}
		key := who[2]
		if _, domain, ok := strings.Cut(key, "@"); ok && d.Kind == document.KindMail {
			a.home[domain]++
		}
		if key == "" {
			key = "=" + who[1]
		}
		if id := a.number(key); len(h.people) < 24 && !slices.Contains(h.people, id) {
			h.people = append(h.people, id)
		}
	}
	if t, ok := a.begun[h.thread]; h.thread != 0 && !h.day.IsZero() && (!ok || h.day.Before(t)) {
		a.begun[h.thread] = h.day
	}
	h.own = slices.Clone(h.own)
	a.at[d.ID] = int32(len(a.docs)) //nolint:gosec // fewer than 2 G documents
	a.docs = append(a.docs, h)
}

func (a *Assigner) number(s string) int32 {
	id, ok := a.ids[s]
	if !ok {
		id = int32(len(a.ids)) //nolint:gosec // as above
		a.ids[s] = id
	}
	return id
}

// Decide assigns everything that was added.
func (a *Assigner) Decide() {
	for i := range a.docs {
		a.docs[i].decided = a.decide(&a.docs[i], nil)
	}
	for round := range rounds + moreRounds {
		if round == rounds {
			a.askTheTime()
		}
		s := a.gather()
		next := make([][]decision, len(a.docs))
		for i := range a.docs {
			next[i] = a.decide(&a.docs[i], s.facts(&a.docs[i]))
		}
		for i := range a.docs {
			a.docs[i].decided = next[i]
		}
	}
}

// Assignments are those of a document, by confidence.
func (a *Assigner) Assignments(content int64) []ledger.Assignment {
	i, ok := a.at[content]
	if !ok {
		return nil
	}
	return a.assignments(content, a.docs[i].decided)
}

func (a *Assigner) assignments(content int64, decided []decision) (out []ledger.Assignment) {
	for _, d := range decided {
		n := ledger.Assignment{Content: content, Customer: a.words.Customers[d.customer].ID, Standing: d.standing, Confidence: d.confidence}
		if d.project >= 0 {
			n.Project = a.words.Projects[d.project].ID
		}
		for _, f := range d.facts[:min(len(d.facts), maxEvidence)] {
			w := int(f.forCustomer)
			if d.project >= 0 && f.forProject > 0 {
				w = int(f.forProject)
			}
			n.Evidence = append(n.Evidence, ledger.Evidence{Rule: ruleNames[f.rule], Detail: shortened(f.detail), Count: int(f.seen.count), Of: int(f.seen.all), Days: int(f.seen.days), Weight: w})
		}
		out = append(out, n)
	}
	return out
}

// score is what facts say together: what is left of doubt when each rule has had
// its say. Rules are taken for independent; within one rule only the strongest
// fact counts.
func score(facts []fact, weigh func(*fact) int16) int {
	var best [rules]int16
	for i := range facts {
		f := &facts[i]
		best[f.rule] = max(best[f.rule], weigh(f))
	}
	doubt := 1.0
	for _, w := range best {
		doubt *= 1 - float64(w)/1000
	}
	return int(math.Round(1000 * (1 - doubt)))
}

func forCustomer(f *fact) int16 { return f.forCustomer }
func forProject(f *fact) int16  { return f.forProject }

// candidate is a customer with what is said for it.
type candidate struct {
	customer int32
	own, all int
	facts    []fact
}

// decide says whose a document is, by what it says for itself and what is around
// it.
func (a *Assigner) decide(h *held, around []fact) []decision {
	facts := h.own
	if len(around) > 0 {
		facts = tidy(append(slices.Clone(h.own), around...))
	}
	var list []candidate
	for i := 0; i < len(facts); {
		j := i
		for j < len(facts) && facts[j].customer == facts[i].customer {
			j++
		}
		list = append(list, candidate{customer: facts[i].customer, own: score(ofCustomer(h.own, facts[i].customer), forCustomer), all: score(facts[i:j], forCustomer), facts: facts[i:j]})
		i = j
	}
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(y.all, x.all) })
	var out []decision
	own := 0 // what says it of itself is not joined by what only stands near
	for _, c := range list {
		own = max(own, c.own)
	}
	for _, c := range list {
		if c.all >= sureFrom && (c.own >= projectFrom || own < sureFrom) {
			out = append(out, a.ofCustomer(h, &c, ledger.Sure)...)
		}
	}
	if len(out) == 0 {
		for n, c := range list {
			if n < maxDoubts && c.all >= doubtfulFrom {
				out = append(out, a.ofCustomer(h, &c, ledger.Doubtful)...)
			}
		}
	}
	return a.spoken(h, out)
}

func ofCustomer(facts []fact, customer int32) []fact {
	from := 0
	for from < len(facts) && facts[from].customer != customer {
		from++
	}
	to := from
	for to < len(facts) && facts[to].customer == customer {
		to++
	}
	return facts[from:to]
}

// ofCustomer finds the projects of a customer whose a document is or may be.
func (a *Assigner) ofCustomer(h *held, c *candidate, standing ledger.Standing) []decision {
	type chosen struct {
		project int32
		score   int
		facts   []fact
	}
	facts := c.facts
	if only, w := a.only(c.customer, h.day); only >= 0 {
		facts = append(slices.Clone(facts), fact{customer: c.customer, project: only, rule: byOnly, forProject: w})
	}
	var list []chosen
	for i := range facts {
		p := facts[i].project
		if p < 0 || slices.ContainsFunc(list, func(x chosen) bool { return x.project == p }) {
			continue
		}
		var of []fact
		for _, f := range facts {
			if f.project == p {
				of = append(of, f)
			}
		}
		list = append(list, chosen{p, score(of, forProject), of})
	}
	slices.SortStableFunc(list, func(x, y chosen) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.project, y.project))
	})
	var out []decision
	for _, p := range list {
		if p.score >= sureFrom {
			out = append(out, decision{c.customer, p.project, standing, min(p.score, c.all), evidence(facts, p.project)})
		}
	}
	if len(out) > 0 {
		return out
	}
	if standing == ledger.Sure {
		out = append(out, decision{c.customer, -1, ledger.Sure, c.all, evidence(facts, -1)})
	}
	// A person is asked for the project only where the document itself points at
	// one: that its sender mostly writes of it would ask for every second mail.
	for n, p := range list {
		if n < maxDoubts-1 && p.score >= projectFrom && (standing != ledger.Sure || slices.ContainsFunc(p.facts, func(f fact) bool { return f.rule < byParent })) {
			out = append(out, decision{c.customer, p.project, ledger.Doubtful, min(p.score, c.all), evidence(facts, p.project)})
		}
	}
	if len(out) == 0 {
		out = append(out, decision{c.customer, -1, ledger.Doubtful, c.all, evidence(facts, -1)})
	}
	return out
}

// evidence are the facts that speak for a customer and one of its projects,
// strongest first, one of each rule.
func evidence(facts []fact, project int32) []fact {
	var out []fact
	for _, f := range facts {
		if f.project == project || f.project < 0 || project < 0 && f.forCustomer > 0 {
			out = append(out, f)
		}
	}
	weight := func(f *fact) int16 {
		if project >= 0 && f.project == project {
			return max(f.forProject, f.forCustomer)
		}
		return f.forCustomer
	}
	slices.SortStableFunc(out, func(x, y fact) int {
		return cmp.Or(cmp.Compare(weight(&y), weight(&x)), cmp.Compare(x.rule, y.rule), cmp.Compare(x.detail, y.detail))
	})
	var seen [rules]bool
	return slices.DeleteFunc(out, func(f fact) bool {
		again := seen[f.rule] || weight(&f) == 0
		seen[f.rule] = true
		return again
	})
}

// only is the one project of a customer that has one: what is the customer's is
// that project's, unless it is from long before.
func (a *Assigner) only(customer int32, day time.Time) (project int32, weight int16) {
	project = -1
	for i, c := range a.words.customerOf {
		if int32(c) != customer { //nolint:gosec // as above
			continue
		}
		if project >= 0 {
			return -1, 0
		}
		project = int32(i)
	}
	if project < 0 {
		return -1, 0
	}
	if begun := beginOf(a.words.Projects[project]); !day.IsZero() && !begun.IsZero() && day.Before(begun.AddDate(0, -6, 0)) {
		return project, 300
	}
	return project, sureFrom
}

// beginOf is when a project began: by the list, or by the day in its number.
func beginOf(p *ledger.Project) time.Time {
	if t, err := time.Parse(time.DateOnly, p.Start); err == nil {
		return t
	}
	run := ""
	for _, r := range p.Number + " " {
		if digit(r) {
			run += string(r)
			continue
		}
		if len(run) == 8 && (run[:2] == "19" || run[:2] == "20") {
			if t, err := time.Parse("20060102", run); err == nil {
				return t
			}
		}
		run = ""
	}
	return time.Time{}
}
