package ledgertest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

// dossiers is what a ledger keeps of customers, projects and whose a content is.
func dossiers(t *testing.T, l ledger.Ledger) {
	b := &ledger.Customer{Name: "安澜物流集团有限公司", Domains: []string{"anlan.example"}, Origin: ledger.FromList}
	a := &ledger.Customer{Name: "Harbour & Pine", Aliases: []string{"HP"}, Contacts: []ledger.Contact{{Name: "Tom", Address: "tom@hp.example"}}, Paper: "B-12"}
	p := &ledger.Project{Key: "PROJ-1", Number: "PROJ-1", Contracts: []string{"HT-1"}, State: ledger.Running}
	var c1, c2, c3 *ledger.Content
	update(t, l, func(tx ledger.Tx) (err error) {
		if err := errors.Join(tx.PutCustomer(b), tx.PutCustomer(a)); err != nil {
			return err
		}
		p.CustomerID = b.ID
		if err := tx.PutProject(p); err != nil {
			return err
		}
		if err := tx.PutCustomer(&ledger.Customer{Name: a.Name}); !errors.Is(err, ledger.ErrExists) {
			t.Errorf("a second customer of one name: %v, want ErrExists", err)
		}
		if err := tx.PutProject(&ledger.Project{Key: p.Key, CustomerID: a.ID}); !errors.Is(err, ledger.ErrExists) {
			t.Errorf("a second project of one key: %v, want ErrExists", err)
		}
		if _, c1, err = read(tx, "客户/a", "a"); err == nil {
			_, c2, err = read(tx, "b", "b")
		}
		if err == nil {
			_, c3, err = read(tx, "c", "c")
		}
		return err
	})
	customers, err := l.Customers(t.Context())
	if err != nil || len(customers) != 2 || customers[0].Name != a.Name || customers[0].Contacts[0].Address != "tom@hp.example" || customers[1].ID != b.ID {
		t.Fatalf("Customers: %v, %v", customers, err)
	}
	projects, err := l.Projects(t.Context())
	if err != nil || len(projects) != 1 || projects[0].Customer != b.Name || projects[0].CustomerID != b.ID || projects[0].State != ledger.Running {
		t.Fatalf("Projects: %v, %v", projects, err)
	}
	why := []ledger.Evidence{{Rule: "folder", Detail: "客户", Weight: 950}}
	update(t, l, func(tx ledger.Tx) error {
		p.State = ledger.Closed
		return errors.Join(tx.PutProject(p),
			tx.SetAssignments(c1.ID, []ledger.Assignment{{Customer: a.ID, Standing: ledger.Doubtful, Confidence: 600}}),
			tx.SetAssignments(c1.ID, []ledger.Assignment{
				{Customer: a.ID, Standing: ledger.Doubtful, Confidence: 999},
				{Customer: b.ID, Project: p.ID, Standing: ledger.Sure, Confidence: 950, Evidence: why},
			}),
			tx.SetAssignments(c2.ID, []ledger.Assignment{{Customer: a.ID, Standing: ledger.Doubtful, Confidence: 500}}))
	})
	assigned(t, l, []*ledger.Content{c1, c2, c3}, b, p)
	words(t, l, c1, b, p)
	features(t, l, []*ledger.Content{c1, c2, c3})
}

func assigned(t *testing.T, l ledger.Ledger, c []*ledger.Content, b *ledger.Customer, p *ledger.Project) {
	got, err := l.Assigned(t.Context(), []int64{c[0].ID, c[1].ID, c[2].ID})
	if err != nil || len(got) != 2 || len(got[c[0].ID]) != 2 {
		t.Fatalf("Assigned: %v, %v", got, err)
	}
	if first := got[c[0].ID][0]; first.Name != b.Name || first.Key != p.Key || first.Standing != ledger.Sure || len(first.Evidence) != 1 || first.Evidence[0].Weight != 950 {
		t.Errorf("what is made comes first, with its evidence: %+v", first)
	}
	var seen []int64
	err = l.Assignments(t.Context(), ledger.OfDossier{Standing: ledger.Doubtful, Limit: 1}, func(b *ledger.Belonging) error {
		seen = append(seen, b.Content)
		return nil
	})
	if err != nil || !slices.Equal(seen, []int64{c[0].ID}) {
		t.Errorf("the first page of doubt: %v, %v", seen, err)
	}
	seen = nil
	err = l.Assignments(t.Context(), ledger.OfDossier{Project: p.ID}, func(b *ledger.Belonging) error {
		seen = append(seen, b.Content)
		return nil
	})
	if err != nil || !slices.Equal(seen, []int64{c[0].ID}) {
		t.Errorf("of a project: %v, %v", seen, err)
	}
	by, without, err := l.AssignedCounts(t.Context())
	if err != nil || by[ledger.Sure] != 1 || by[ledger.Doubtful] != 1 || without != 1 {
		t.Errorf("AssignedCounts: %v, %d, %v", by, without, err)
	}
	if n, err := l.Doubtful(t.Context()); err != nil || n != 2 {
		t.Errorf("Doubtful: %d, %v", n, err)
	}
	customers, projects, err := l.DossierCounts(t.Context())
	if err != nil || len(customers) != 1 || customers[b.ID] != 1 || projects[p.ID] != 1 {
		t.Errorf("DossierCounts: %v, %v, %v", customers, projects, err)
	}
}

func words(t *testing.T, l ledger.Ledger, c *ledger.Content, b *ledger.Customer, p *ledger.Project) {
	at := time.Unix(1700000000, 0)
	update(t, l, func(tx ledger.Tx) error {
		return errors.Join(tx.AddWord(&ledger.Word{Source: "s", Folder: "客户", Customer: b.ID, Project: p.ID, Belongs: true, Who: "何嘉", At: at}),
			tx.AddWord(&ledger.Word{Content: c.ID, Customer: b.ID, Who: "何嘉", At: at}),
			tx.SetPeople([]*ledger.Person{{Key: "a@x", Name: "A", Documents: 9}, {Key: "b@x", Name: "B", Documents: 10, Customer: b.ID}}),
			tx.SetPeople([]*ledger.Person{{Key: "c@x", Name: "C", Documents: 9, Customer: b.ID}, {Key: "b@x", Name: "B", Documents: 11, Customer: b.ID}}))
	})
	said, err := l.Words(t.Context())
	if err != nil || len(said) != 2 || said[0].Folder != "客户" || !said[0].Belongs || said[1].Belongs || said[1].Content != c.ID || !said[1].At.Equal(at) {
		t.Errorf("Words: %v, %v", said, err)
	}
	people, err := l.People(t.Context(), b.ID)
	if err != nil || len(people) != 2 || people[0].Name != "B" || people[0].Documents != 11 || people[1].Customer != b.ID {
		t.Errorf("People: %v, %v", people, err)
	}
	if all, err := l.People(t.Context(), 0); err != nil || len(all) != 2 {
		t.Errorf("People of all: %v, %v", all, err)
	}
}

func features(t *testing.T, l ledger.Ledger, c []*ledger.Content) {
	update(t, l, func(tx ledger.Tx) error {
		return errors.Join(tx.SetFeatures(&ledger.Features{Content: c[0].ID, Made: "1", Words: "w"}),
			tx.SetFeatures(&ledger.Features{Content: c[0].ID, Made: "2", Words: "v", Found: "{}"}), tx.SetAssignedAt("x"), tx.SetAssignedAt("y"),
			tx.KeepFeatures([]int64{c[0].ID, c[1].ID}, "u"), tx.SetLookedFor([]string{"甲", "b\t"}))
	})
	if words, err := l.LookedFor(t.Context()); err != nil || !slices.Equal(words, []string{"甲", "b\t"}) {
		t.Errorf("looked for %q, %v", words, err)
	}
	n := 0
	err := l.EachFeatures(t.Context(), func(f *ledger.Features) error {
		if n++; *f != (ledger.Features{Content: c[0].ID, Made: "2", Words: "u", Found: "{}"}) {
			t.Errorf("features %+v", f)
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Errorf("%d features, %v", n, err)
	}
	ids := map[int64]bool{}
	var last ledger.Sum
	err = l.EachBasis(t.Context(), func(b *ledger.Basis) error {
		if ids[b.ID] = b.Findable; slices.Compare(b.Sum[:], last[:]) <= 0 {
			t.Error("not in order of sums")
		}
		last = b.Sum
		return nil
	})
	if err != nil || len(ids) != 3 || !ids[c[1].ID] {
		t.Errorf("bases %v, %v", ids, err)
	}
	var places []string
	err = l.EachSpot(t.Context(), func(s *ledger.Spot) error {
		places = append(places, s.Locator)
		return nil
	})
	if err != nil || !slices.Equal(places, []string{"b", "c", "客户/a"}) {
		t.Errorf("spots %q, %v", places, err)
	}
	mark, err := l.AssignedAt(t.Context())
	last2, err2 := l.LastEvent(t.Context())
	if err != nil || err2 != nil || mark != "y" || last2 != 3 {
		t.Errorf("mark %q, %d, %v, %v", mark, last2, err, err2)
	}
}
