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
		if pp < 0.98 {
			t.Errorf("seed %d: precision of projects %.4f", seed, pp)
		}
		if os.Getenv("WRONG") != "" {
			for _, x := range s.wrongs[:min(len(s.wrongs), 25)] {
				t.Log(x)
			}
			missed := map[string]int{}
			a := assigned(w, nil)
			for _, m := range w.docs {
				if m.customer >= 0 && !slices.ContainsFunc(a.Assignments(m.doc.ID), func(x ledger.Assignment) bool { return x.Project-1 == int64(m.project) && x.Standing == ledger.Sure }) {
					missed[m.sort+" "+strings.Split(m.doc.Places[0].Locator, "/")[0]]++
				}
			}
			t.Log(missed)
		}
	}
}
