package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Sort is what a finding is about.
type Sort string

// Sorts of findings, in the order in which reports show them.
const (
	SortMissing    Sort = "missing"    // a document that the project must have
	SortUnsigned   Sort = "unsigned"   // there, but not signed
	SortCloud      Sort = "cloud"      // only named by a link to a service
	SortExpiring   Sort = "expiring"   // a contract that ends within the notice
	SortExpired    Sort = "expired"    // one that has ended lately, with nothing after it
	SortAction     Sort = "action"     // an action item of a meeting that is not done
	SortSensitive  Sort = "sensitive"  // identity numbers, passwords and the like
	SortUnassigned Sort = "unassigned" // documents of no customer
)

// Sorts are all of them.
var Sorts = []Sort{SortMissing, SortUnsigned, SortCloud, SortExpiring, SortExpired, SortAction, SortSensitive, SortUnassigned}

// Finding is one thing that somebody should look at.
type Finding struct {
	ID          string        `json:"id"` // the same in every quarter
	Sort        Sort          `json:"sort"`
	Customer    string        `json:"customer"`
	Project     string        `json:"project,omitempty"` // its key
	Subject     string        `json:"subject"`           // a type of document, a title, what is to be done
	Type        document.Type `json:"type,omitempty"`
	Document    string        `json:"document,omitempty"`
	Day         string        `json:"day,omitempty"` // on which it ends or is due
	Detail      string        `json:"detail,omitempty"`
	Responsible string        `json:"responsible,omitempty"`
	Told        string        `json:"told,omitempty"` // when who is responsible was told, RFC 3339
	Confirmed   *Confirmation `json:"confirmed,omitempty"`
}

// Confirmation is what a person said of a finding.
type Confirmation struct {
	Decision Decision `json:"decision"`
	Who      string   `json:"who"`
	At       string   `json:"at"` // RFC 3339
	Note     string   `json:"note,omitempty"`
	Quarter  string   `json:"quarter"`
}

// Decision is what a person decided of a finding.
type Decision string

// Decisions.
const (
	Seen          Decision = "seen"           // known and left as it is; asked again next quarter
	Done          Decision = "done"           // put right
	NotApplicable Decision = "not-applicable" // it need not be: not asked again
)

// Decisions are all of them.
var Decisions = []Decision{Seen, Done, NotApplicable}

// Report is a quarter's review.
type Report struct {
	Quarter   string         `json:"quarter"` // 2026Q1
	Made      string         `json:"made"`    // RFC 3339
	From      string         `json:"from"`
	To        string         `json:"to"`
	Customers []CustomerLine `json:"customers"`
	Findings  []Finding      `json:"findings"`
	Counts    map[Sort]int   `json:"counts"` // of findings that nobody has confirmed yet
	Open      int            `json:"open"`   // their sum
}

// CustomerLine is a customer in the table of all.
type CustomerLine struct {
	Name        string        `json:"name"`
	Responsible string        `json:"responsible,omitempty"`
	Documents   int64         `json:"documents"`
	Projects    []ProjectLine `json:"projects"`
	Open        int           `json:"open"`
}

// ProjectLine is a project in it.
type ProjectLine struct {
	Key       string     `json:"key"`
	Name      string     `json:"name,omitempty"`
	Phase     string     `json:"phase,omitempty"`
	State     string     `json:"state,omitempty"`
	Documents int64      `json:"documents"`
	Required  []Required `json:"required"`
	There     int        `json:"there"` // of the required ones
}

// Quarter names the quarter of a day: 2026Q1.
func Quarter(t time.Time) string { return fmt.Sprintf("%dQ%d", t.Year(), (int(t.Month())-1)/3+1) }

// Span gives a quarter's first day and the first day after it.
func Span(quarter string) (from, after time.Time, err error) {
	var year, q int
	if n, err := fmt.Sscanf(strings.ToUpper(quarter), "%4dQ%1d", &year, &q); err != nil || n != 2 || q < 1 || q > 4 || len(quarter) != 6 {
		return from, after, fmt.Errorf("%q is no quarter such as 2026Q1", quarter)
	}
	from = time.Date(year, time.Month(3*q-2), 1, 0, 0, 0, 0, time.UTC)
	return from, from.AddDate(0, 3, 0), nil
}

// name gives a finding its ID: what it is about and not when it was found. The
// number of unassigned documents may change and it is still the same finding.
func (f *Finding) name() {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(f.Sort), f.Customer, f.Project, f.Document, string(f.Type), f.identity()}, "\x00")))
	f.ID = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

func (f *Finding) identity() string {
	switch f.Sort {
	case SortAction, SortUnassigned:
		return f.Subject
	case SortExpiring, SortExpired:
		return f.Day
	default: // its type or document says it
		return ""
	}
}

// Finish names the findings, puts them in order, lays what people said beside
// them, oldest first, and counts what is open.
func (r *Report) Finish(said map[string][]Confirmation) {
	r.Counts = map[Sort]int{}
	open := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.name()
		for _, c := range said[f.ID] {
			switch {
			case c.Quarter > r.Quarter: // said later than this review
			case c.Quarter == r.Quarter, c.Decision == NotApplicable:
				f.Confirmed = &c
			default: // of an earlier quarter; it takes a "not applicable" before it back
				f.Confirmed = nil
			}
		}
		if f.Confirmed == nil {
			r.Counts[f.Sort]++
			r.Open++
			open[f.Customer]++
		}
	}
	for i := range r.Customers {
		r.Customers[i].Open = open[r.Customers[i].Name]
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(emptyLast(a.Customer, b.Customer), emptyLast(a.Project, b.Project), cmp.Compare(slices.Index(Sorts, a.Sort), slices.Index(Sorts, b.Sort)),
			cmp.Compare(a.Day, b.Day), cmp.Compare(slices.Index(document.Types, a.Type), slices.Index(document.Types, b.Type)), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.ID, b.ID))
	})
}

// emptyLast puts what is of no customer or project last.
func emptyLast(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	return cmp.Compare(a, b)
}

// NoticeDays is how long before its end a contract is spoken of, and how long
// after it one that nothing followed.
const NoticeDays = 90

// Term is a contract with its end.
type Term struct {
	Document string
	Title    string
	Type     document.Type
	Customer string
	Project  string
	Ends     string // YYYY-MM-DD
	What     string // ends_on, renews_on, valid_until
}

// Expiring finds the contracts that end within the notice after a day, and those
// that ended within it before, where no contract of the same customer and
// project runs longer.
func Expiring(terms []Term, day time.Time) []Finding {
	last := map[string]string{}
	for _, t := range terms {
		key := t.Customer + "\x00" + t.Project
		last[key] = max(last[key], t.Ends)
	}
	today, soon, before := day.Format(time.DateOnly), day.AddDate(0, 0, NoticeDays).Format(time.DateOnly), day.AddDate(0, 0, -NoticeDays).Format(time.DateOnly)
	var out []Finding
	for _, t := range terms {
		f := Finding{Sort: SortExpiring, Customer: t.Customer, Project: t.Project, Subject: t.Title, Type: t.Type, Document: t.Document, Day: t.Ends, Detail: t.What}
		switch {
		case t.Ends < before || t.Ends > soon || last[t.Customer+"\x00"+t.Project] > soon:
			continue
		case t.Ends < today:
			f.Sort = SortExpired
		}
		out = append(out, f)
	}
	return out
}
