package ledger

import (
	"context"
	"time"

	"guidang/extractors/document"
)

// Customer is one customer of the firm. Name is its full name and names it
// everywhere: in lists, facets and addresses of pages.
type Customer struct {
	ID          int64     `json:"-"`
	Name        string    `json:"name"`
	Aliases     []string  `json:"aliases,omitempty"` // short names and whatever else it is called
	Domains     []string  `json:"domains,omitempty"` // of its mail
	Contacts    []Contact `json:"contacts,omitempty"`
	Industry    string    `json:"industry,omitempty"`
	Size        string    `json:"size,omitempty"`
	Maturity    string    `json:"maturity,omitempty"` // of its IT
	History     string    `json:"history,omitempty"`
	Responsible string    `json:"responsible,omitempty"` // for its records
	Paper       string    `json:"paper,omitempty"`       // where the paper twin stands: box, shelf
	Origin      Origin    `json:"origin"`
}

// Contact is a person of a customer, as a list names him.
type Contact struct {
	Name    string `json:"name"`
	Role    string `json:"role,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"` // of mail, in lower case
}

// Origin says where a customer or project was learned of.
type Origin string

// Origins.
const (
	FromList    Origin = "list"    // the office's own list
	ByHand      Origin = "hand"    // a person entered it
	FromArchive Origin = "archive" // proposed from the archive and taken by a person
)

// Project is one project of a customer.
type Project struct {
	ID          int64        `json:"-"`
	CustomerID  int64        `json:"-"`
	Customer    string       `json:"customer"`
	Key         string       `json:"key"` // names it everywhere: its number, or customer and name where it has none
	Number      string       `json:"number,omitempty"`
	Name        string       `json:"name,omitempty"`
	Contracts   []string     `json:"contracts,omitempty"`
	Kind        string       `json:"kind,omitempty"`
	Phase       string       `json:"phase,omitempty"`
	State       ProjectState `json:"state,omitempty"`
	Start       string       `json:"start,omitempty"` // YYYY-MM-DD
	End         string       `json:"end,omitempty"`
	Manager     string       `json:"manager,omitempty"`
	Responsible string       `json:"responsible,omitempty"` // for its records
	Paper       string       `json:"paper,omitempty"`
	Origin      Origin       `json:"origin"`
}

// ProjectState is where a project stands.
type ProjectState string

// States of projects; empty: unknown.
const (
	Running   ProjectState = "running"
	Delivered ProjectState = "delivered"
	InService ProjectState = "in-service"
	Closed    ProjectState = "closed"
)

// Standing says how an assignment stands.
type Standing string

// Standings.
const (
	Sure      Standing = "sure"      // made by rules
	Doubtful  Standing = "doubtful"  // waits for a person
	Confirmed Standing = "confirmed" // a person said it
)

// Assignment says whose a content is, or may be. A content may have several.
type Assignment struct {
	Content    int64
	Customer   int64
	Project    int64 // 0: of no project that is known
	Standing   Standing
	Confidence int // per mille
	Evidence   []Evidence
}

// Evidence is one reason for an assignment.
type Evidence struct {
	Rule   string `json:"rule"`             // folder, domain, number, title, party, text, thread, parent, children, people, neighbours, period, only, person
	Detail string `json:"detail,omitempty"` // the word, the folder, the address
	Count  int    `json:"count,omitempty"`  // so many say it
	Of     int    `json:"of,omitempty"`     // of so many; 0: these only seem to
	Days   int    `json:"days,omitempty"`   // within so many days before and after
	Weight int    `json:"weight"`           // per mille
}

// Word is what a person said of whose a content or a whole folder is.
type Word struct {
	ID       int64
	Content  int64 // 0: everything in Folder of Source
	Source   string
	Folder   string // escaped, as locators are; empty: the whole source
	Customer int64
	Project  int64
	Belongs  bool // false: it does not
	Who      string
	At       time.Time
}

// Person is somebody whom the archive knows, by his addresses and names.
type Person struct {
	Key       string   `json:"key"` // the smallest of his addresses, else his name
	Name      string   `json:"name"`
	Addresses []string `json:"addresses,omitempty"`
	Title     string   `json:"title,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	Company   string   `json:"company,omitempty"` // as his signature says
	Customer  int64    `json:"-"`
	Documents int      `json:"documents"` // that name him
	Last      string   `json:"last,omitempty"`
}

// Features is what a content is assigned by. Found is the rules' own business.
type Features struct {
	Content int64
	Made    string // of which reading, by which version
	Words   string // fingerprint of the list's words that were looked for
	Found   string // JSON
}

// Basis is what rules have to know of a content beside its features.
type Basis struct {
	ID       int64
	Sum      Sum
	Kind     document.Kind
	Title    string
	Date     string
	People   string // as Content.People
	Made     string // names the reading that its text is of
	Thread   int64  // 0: no mail
	Findable bool   // stands in the index, or will
}

// DocumentID is the content's id for the outside.
func (b *Basis) DocumentID() string { return document.ID(b.Sum) }

// Spot is a place of a content, as rules have to know it.
type Spot struct {
	Content int64
	Item    int64
	Source  string
	Locator string
	Name    string
	Parent  int64 // content that it lies in, 0: none
	Gone    bool
}

// Belonging is an assignment with the names of what it says.
type Belonging struct {
	Assignment

	Name string // customer's
	Key  string // project's; empty: of no project that is known
}

// OfDossier chooses assignments. Zero fields do not filter.
type OfDossier struct {
	Customer int64
	Project  int64
	Standing Standing
	After    int64 // content: the page after it
	Limit    int
}

// Dossiers is what the ledger keeps of customers, projects and whose a content
// is.
type Dossiers interface {
	// Customers are all customers by name, Projects all projects by key.
	Customers(ctx context.Context) ([]*Customer, error)
	Projects(ctx context.Context) ([]*Project, error)

	// Assigned are the assignments of contents: made ones first, by confidence.
	Assigned(ctx context.Context, contents []int64) (map[int64][]Belonging, error)
	// Assignments calls fn for each assignment that is chosen, in order of contents.
	// Several of one content are never parted by a limit.
	Assignments(ctx context.Context, f OfDossier, fn func(*Belonging) error) error
	// AssignedCounts counts contents by standing: of a content with several the
	// firmest counts. Without counts contents that nothing is said of.
	AssignedCounts(ctx context.Context) (by map[Standing]int64, without int64, err error)
	// Doubtful counts the contents of which a person is asked anything.
	Doubtful(ctx context.Context) (int64, error)
	// DossierCounts counts the contents that are made part of each project, and of
	// each customer with all of its projects.
	DossierCounts(ctx context.Context) (customers, projects map[int64]int64, err error)

	// Words are what people said, oldest first.
	Words(ctx context.Context) ([]*Word, error)
	// People are those of a customer, most named first; of 0: of all.
	People(ctx context.Context, customer int64) ([]*Person, error)

	// EachBasis, EachSpot and EachFeatures call fn for everything that rules look
	// at: every content that is read and not only shown within its parent, in order
	// of sums; every place of a content, in order of source and locator; features
	// in no order. fn must not call the ledger.
	EachBasis(ctx context.Context, fn func(*Basis) error) error
	EachSpot(ctx context.Context, fn func(*Spot) error) error
	EachFeatures(ctx context.Context, fn func(*Features) error) error
	// LookedFor is what SetLookedFor was told last, nil if nothing.
	LookedFor(ctx context.Context) ([]string, error)
	// LastEvent is the number of the newest event, AssignedAt what SetAssignedAt
	// was told last: equal ones say that nothing has happened since.
	LastEvent(ctx context.Context) (int64, error)
	AssignedAt(ctx context.Context) (string, error)
}

// DossierTx changes it.
type DossierTx interface {
	// PutCustomer and PutProject insert what has no ID, which they set, and write
	// the others anew. ErrExists: another one has its name or key.
	PutCustomer(c *Customer) error
	PutProject(p *Project) error
	// SetAssignments replaces the assignments of a content.
	SetAssignments(content int64, as []Assignment) error
	SetFeatures(f *Features) error
	// KeepFeatures says that what was found in contents is what another list's words
	// would give.
	KeepFeatures(contents []int64, words string) error
	// SetLookedFor keeps the words that all features were found by.
	SetLookedFor(words []string) error
	AddWord(w *Word) error
	// SetPeople replaces all people.
	SetPeople(people []*Person) error
	SetAssignedAt(mark string) error
}
