package dossier

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
)

// assigned runs the rules over a world.
func assigned(w *world, said []*ledger.Word) *Assigner {
	list := Compile(w.customers, w.projects)
	a := NewAssigner(list, said)
	for _, m := range w.docs {
		a.Add(m.doc, ParseFeatures(list.Look(m.parts, m.doc.Kind == "mail").String()))
	}
	a.Decide()
	return a
}

// sureness is how right sure assignments are, and how many of those that could be
// made were.
type sureness struct {
	right, wrong, had, got     int // customers
	pright, pwrong, phad, pgot int // projects
	doubtful                   int
	wrongs                     []string
}

func judge(w *world, a *Assigner) sureness {
	var s sureness
	for _, m := range w.docs {
		got := a.Assignments(m.doc.ID)
		if m.customer >= 0 {
			s.had++
		}
		if m.project >= 0 {
			s.phad++
		}
		found, pfound := false, false
		asked := false
		for _, x := range got {
			if x.Standing == ledger.Doubtful {
				asked = true
				continue
			}
			if int(x.Customer)-1 == m.customer {
				s.right++
				found = true
			} else {
				s.wrong++
				s.wrongs = append(s.wrongs, fmt.Sprintf("%s %q %s is %d, not %d: %v", m.sort, m.doc.Title, m.doc.Places[0].Locator, m.customer, x.Customer-1, x.Evidence))
			}
			if x.Project != 0 {
				if int(x.Project)-1 == m.project {
					s.pright++
					pfound = true
				} else {
					s.pwrong++
					s.wrongs = append(s.wrongs, fmt.Sprintf("%s %q %s is project %d, not %d: %v", m.sort, m.doc.Title, m.doc.Places[0].Locator, m.project, x.Project-1, x.Evidence))
				}
			}
		}
		if found {
			s.got++
		}
		if pfound {
			s.pgot++
		}
		if asked {
			s.doubtful++
		}
	}
	return s
}

// Sure assignments are right, and most that can be made are: 6 customers, 15
// projects, 5,000 documents of which half do not name their customer.
func TestSureAssignments(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		w := newWorld(seed)
		w.fill(5000)
		named, of := 0, 0
		for _, m := range w.docs {
			if m.customer >= 0 {
				of++
				if m.named {
					named++
				}
			}
		}
		if named*2 > of {
			t.Fatalf("%d of %d documents name their customer: the world is too easy", named, of)
		}
		s := judge(w, assigned(w, nil))
		precision, coverage := float64(s.right)/float64(s.right+s.wrong), float64(s.got)/float64(s.had)
		pp, pc := float64(s.pright)/float64(s.pright+s.pwrong), float64(s.pgot)/float64(s.phad)
		t.Logf("seed %d: customers %.2f %% right at %.2f %%, projects %.2f %% right at %.2f %%, %d in doubt; %d of %d name theirs", seed, 100*precision, 100*coverage, 100*pp, 100*pc, s.doubtful, named, of)
		if precision < 0.98 || coverage < 0.85 {
			t.Errorf("seed %d: precision %.4f, coverage %.4f", seed, precision, coverage)
		}
		if pp < 0.98 || pc < 0.85 {
			t.Errorf("seed %d: of projects precision %.4f, coverage %.4f", seed, pp, pc)
		}
		if os.Getenv("WRONG") != "" {
			for _, x := range s.wrongs[:min(len(s.wrongs), 100)] {
				t.Log(x)
			}
			missed := map[string]int{}
			a := assigned(w, nil)
			for _, m := range w.docs {
				if m.project >= 0 && !slices.ContainsFunc(a.Assignments(m.doc.ID), func(x ledger.Assignment) bool { return x.Project-1 == int64(m.project) && x.Standing == ledger.Sure }) {
					missed[fmt.Sprint(m.sort, " ", strings.Split(m.doc.Places[0].Locator, "/")[0], " ", m.customer)]++
				}
			}
			t.Log(missed)
		}
	}
}

// Neither the order of documents nor the numbers of rows change anything.
func TestAssignmentsInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(4)
	w.fill(1500)
	names := func(w *world, a *Assigner, list *Words) map[string]string {
		out := map[string]string{}
		for _, m := range w.docs {
			for _, x := range a.Assignments(m.doc.ID) {
				c, p := "", ""
				for _, one := range list.Customers {
					if one.ID == x.Customer {
						c = one.Name
					}
				}
				for _, one := range list.Projects {
					if one.ID == x.Project {
						p = one.Key
					}
				}
				out[m.doc.Document] += fmt.Sprintf("%s %s %s %d %v\n", c, p, x.Standing, x.Confidence, x.Evidence)
			}
		}
		return out
	}
	list := Compile(w.customers, w.projects)
	want := names(w, assigned(w, nil), list)

	other := newWorld(4)
	other.fill(1500)
	slices.Reverse(other.customers)
	slices.Reverse(other.projects)
	for _, c := range other.customers {
		c.ID += 100
	}
	for _, p := range other.projects {
		p.ID, p.CustomerID = p.ID+7, p.CustomerID+100
	}
	other.r.Shuffle(len(other.docs), func(i, j int) { other.docs[i], other.docs[j] = other.docs[j], other.docs[i] })
	got := names(other, assigned(other, nil), Compile(other.customers, other.projects))
	if len(got) != len(want) {
		t.Errorf("%d assigned, want %d", len(got), len(want))
	}
	for id, one := range want {
		if got[id] != one {
			t.Fatalf("%s:\n%swant\n%s", id, got[id], one)
		}
	}
}

// What a person said is anchor for what is around it, and wins over rules.
func TestSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	list := Compile(w.customers, w.projects)
	place := func(locator string) []Place {
		return []Place{{Source: "s", Locator: locator, Name: locator[strings.LastIndexByte(locator, '/')+1:]}}
	}
	docs := []*Doc{
		{ID: 1, Thread: 1, Kind: "mail", Title: "x", Places: place("a.mbox!/mail:1")},
		{ID: 2, Thread: 1, Kind: "mail", Title: "x", Places: place("a.mbox!/mail:2")},
		{ID: 3, Kind: "document", Places: place("f/安澜水务方案.docx")},
		{ID: 4, Kind: "document", Places: place("f/g/b.docx")},
		{ID: 5, Kind: "document", Places: place("z.zip!/f/c.docx")},
	}
	run := func(words ...*ledger.Word) map[int64]string {
		a := NewAssigner(list, words)
		for _, d := range docs {
			a.Add(d, &Features{})
		}
		a.Decide()
		out := map[int64]string{}
		for _, d := range docs {
			for _, x := range a.Assignments(d.ID) {
				out[d.ID] += fmt.Sprintf("%d/%d %s ", x.Customer, x.Project, x.Standing)
			}
		}
		return out
	}
	check := func(got map[int64]string, want map[int64]string) {
		t.Helper()
		for _, d := range docs {
			if got[d.ID] != want[d.ID] {
				t.Errorf("%d is %q, want %q", d.ID, got[d.ID], want[d.ID])
			}
		}
	}
	check(run(), map[int64]string{3: "3/0 sure "})
	check(run(&ledger.Word{Content: 1, Customer: 1, Project: 2, Belongs: true}), map[int64]string{1: "1/2 confirmed ", 2: "1/2 sure ", 3: "3/0 sure "})
	check(run(&ledger.Word{Content: 3, Customer: 3}), nil)
	check(run(&ledger.Word{Content: 3, Belongs: true}), nil) // nobody's
	check(run(&ledger.Word{Content: 3, Belongs: true}, &ledger.Word{Content: 3, Customer: 2, Belongs: true}), map[int64]string{3: "3/0 sure 2/0 confirmed "})
	check(run(&ledger.Word{Source: "s", Folder: "f", Customer: 6, Belongs: true}), map[int64]string{3: "3/0 sure 6/0 confirmed ", 4: "6/0 confirmed "})
	check(run(&ledger.Word{Source: "s", Folder: "z.zip", Customer: 1, Belongs: true}), map[int64]string{3: "3/0 sure ", 5: "1/0 confirmed "})
	check(run(&ledger.Word{Source: "t", Folder: "f", Customer: 6, Belongs: true}), map[int64]string{3: "3/0 sure "})
	check(run(&ledger.Word{Content: 3, Customer: 99, Belongs: true}), map[int64]string{3: "3/0 sure "}) // of a list before
}

func TestPeopleAreMerged(t *testing.T) {
	t.Parallel()
	w := sampleWords()
	g := NewGatherer(w)
	mail := func(people string, f Features) { g.Add(&Doc{Kind: "mail", People: people}, &f) }
	mail("from\t张建国\tzhang@huaxin.example\nto\t\tli@own.example", Features{Signature: &Signature{Title: "主任", Phone: "0571-5550-1234"}})
	mail("from\t张建国\tjianguo.zhang@huaxin.example", Features{Signature: &Signature{Name: "别人", Title: "经理"}}) // somebody else's foot
	mail("from\t王伟\twang@163.com\ncc\t王伟\twei@other.example\ncc\t王伟\twei@third.example", Features{})
	g.Add(&Doc{Kind: "minutes", People: "attendee\t张建国\t\nattendee\t王伟\t\nspeaker\t发言人 1\t"}, &Features{})
	var got []string
	for _, p := range g.People() {
		got = append(got, fmt.Sprintf("%s %s %v %s %d %d", p.Key, p.Name, p.Addresses, p.Title, p.Customer, p.Documents))
	}
	slices.Sort(got)
	want := []string{
		"jianguo.zhang@huaxin.example 张建国 [jianguo.zhang@huaxin.example zhang@huaxin.example] 主任 1 3",
		"li@own.example  [li@own.example]  0 1",
		"wang@163.com 王伟 [wang@163.com]  2 1",
		"wei@other.example 王伟 [wei@other.example]  0 1",
		"wei@third.example 王伟 [wei@third.example]  0 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
