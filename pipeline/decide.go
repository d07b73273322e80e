package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Saying is what a person says of whose something is.
type Saying struct {
	Documents []string // ids or locators; or
	Folder    string   // everything in this folder, archive or mailbox, by its locator
	Source    string   // of the folder; empty: whichever source has it
	Customer  string   // name or alias; empty with Belongs: nobody's
	Project   string   // key, number or contract; may be empty
	Belongs   bool     // false: it does not belong there
	Who       string
}

// Said is what became of it.
type Said struct {
	Documents int        `json:"documents"`
	Assigned  *Assigning `json:"assigned,omitempty"`
}

// Say keeps a person's word, which no rule overturns, and acts on it: at once on
// the documents that were named; on a folder by assigning everything anew. What
// follows from a document for its thread and its folder, the next run finds.
func (a *Archive) Say(ctx context.Context, s Saying) (*Said, error) {
	word := ledger.Word{Belongs: s.Belongs, Who: s.Who, At: time.Now()}
	var err error
	if word.Customer, word.Project, err = a.dossierOf(ctx, s.Customer, s.Project); err != nil {
		return nil, err
	}
	if s.Folder != "" || len(s.Documents) == 0 {
		return a.sayFolder(ctx, s, word)
	}
	out := &Said{}
	for _, ref := range s.Documents {
		c, err := a.Find(ctx, ref)
		if err != nil {
			return out, err
		}
		one := word
		one.Content = c.ID
		if err := a.sayDocument(ctx, c, &one); err != nil {
			return out, fmt.Errorf("%s: %w", ref, err)
		}
		out.Documents++
	}
	a.feed.wake()
	return out, nil
}

// dossierOf finds a customer and a project by their names.
func (a *Archive) dossierOf(ctx context.Context, customer, project string) (c, p int64, err error) {
	if project != "" {
		v, err := a.Project(ctx, project, nil)
		if err != nil {
			return 0, 0, err
		}
		c, p = v.CustomerID, v.ID
	}
	if customer != "" {
		v, err := a.Customer(ctx, customer, nil)
		if err != nil {
			return 0, 0, err
		}
		if c != 0 && c != v.ID {
			return 0, 0, fmt.Errorf("project %s is not one of %s: %w", project, v.Name, ledger.ErrNotFound)
		}
		c = v.ID
	}
	return c, p, nil
}

// sayDocument keeps a word on one document and changes its assignments as
// dossier's rules would.
func (a *Archive) sayDocument(ctx context.Context, c *ledger.Content, word *ledger.Word) error {
	have, err := a.ledger.Assigned(ctx, []int64{c.ID})
	if err != nil {
		return err
	}
	var was, now []ledger.Assignment
	for _, b := range have[c.ID] {
		was = append(was, b.Assignment)
		if keeps(&b.Assignment, word) {
			now = append(now, b.Assignment)
		}
	}
	of := func(as ledger.Assignment) bool { return as.Customer == word.Customer && as.Standing != ledger.Doubtful }
	if i := slices.IndexFunc(was, of); i >= 0 && !word.Belongs && word.Project != 0 && !slices.ContainsFunc(now, of) {
		rest := was[i] // just the project is not right
		rest.Project = 0
		now = append(now, rest)
	}
	if word.Belongs && word.Customer != 0 {
		now = append(now, ledger.Assignment{Customer: word.Customer, Project: word.Project, Standing: ledger.Confirmed, Confidence: 1000,
			Evidence: []ledger.Evidence{{Rule: "person", Detail: word.Who, Weight: 1000}}})
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		if err := tx.AddWord(word); err != nil {
			return err
		}
		return a.setAssignments(tx, c.ID, now, !equalBelongings(was, now))
	})
}

// keeps says whether an assignment stands beside a person's word.
func keeps(as *ledger.Assignment, w *ledger.Word) bool {
	switch {
	case w.Belongs && (w.Customer == 0 || as.Standing == ledger.Doubtful):
		return false
	case as.Customer != w.Customer:
		return true
	case w.Belongs:
		return as.Project != 0 && as.Project != w.Project
	}
	return w.Project != 0 && as.Project != w.Project
}

func (a *Archive) sayFolder(ctx context.Context, s Saying, word ledger.Word) (*Said, error) {
	source, folder, err := a.folderOf(ctx, s.Source, s.Folder)
	if err != nil {
		return nil, err
	}
	word.Source, word.Folder = source, folder
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	defer a.end()
	if err := a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.AddWord(&word) }); err != nil {
		return nil, err
	}
	account, err := a.assignAll(ctx)
	if err != nil {
		return nil, err
	}
	return &Said{Documents: account.Changed, Assigned: account}, nil
}

// folderOf finds a folder by its locator, with or without its source before it.
func (a *Archive) folderOf(ctx context.Context, source, folder string) (string, string, error) {
	sources, err := a.ledger.Sources(ctx)
	if err != nil {
		return "", "", err
	}
	folder = strings.TrimSuffix(folder, "/")
	for _, s := range sources {
		if source != "" && s.Name != source {
			continue
		}
		inside, ok := strings.CutPrefix(folder, s.Name)
		inside = strings.TrimPrefix(inside, "/")
		if !ok {
			inside = folder
		}
		found := false
		stop := fmt.Errorf("found")
		err := a.ledger.Known(ctx, s.Name, func(i *ledger.Item) error {
			if strings.HasPrefix(i.Locator, inside+"/") || i.Locator == inside || inside == "" || strings.HasPrefix(inside, i.Locator+document.Separator) {
				found = true
				return stop
			}
			return nil
		})
		if err != nil && !found {
			return "", "", err
		}
		if found {
			return s.Name, inside, nil
		}
	}
	return "", "", fmt.Errorf("folder %s: %w", folder, ledger.ErrNotFound)
}

// Doubts counts the documents that a person is asked about.
func (a *Archive) Doubts(ctx context.Context) (int64, error) { return a.ledger.Doubtful(ctx) }

// Doubt is a document that a person is asked about.
type Doubt struct {
	Document string        `json:"document"`
	Title    string        `json:"title"`
	Kind     document.Kind `json:"kind"`
	Date     string        `json:"date,omitempty"`
	Source   string        `json:"source"`
	Locator  string        `json:"locator"`
	Folder   string        `json:"folder,omitempty"` // in which it lies
	Begins   string        `json:"-"`                // the beginning of its text
	Belongs  []Belongs     `json:"belongs"`          // likely ones first
}

// Queue are the documents that a person is asked about, at most limit of them
// after the given one ("": from the first); next is where the page after this
// one begins, "" at the end.
func (a *Archive) Queue(ctx context.Context, after string, limit int) (doubts []Doubt, next string, err error) {
	from := int64(0)
	if after != "" {
		c, err := a.ledger.ByDocument(ctx, after)
		if err != nil {
			return nil, "", err
		}
		from = c.ID
	}
	var ids []int64
	err = a.ledger.Assignments(ctx, ledger.OfDossier{Standing: ledger.Doubtful, After: from, Limit: limit + 1}, func(b *ledger.Belonging) error {
		if !slices.Contains(ids, b.Content) {
			ids = append(ids, b.Content)
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	whose, err := a.ledger.Assigned(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	doubts = []Doubt{}
	for _, id := range ids {
		if len(doubts) == limit {
			return doubts, doubts[limit-1].Document, nil
		}
		d, err := a.doubt(ctx, id, whose[id])
		if err != nil {
			return nil, "", err
		}
		doubts = append(doubts, *d)
	}
	return doubts, "", nil
}

// beginning is how much of a text a person is shown who decides whose it is.
const beginning = 400

func (a *Archive) doubt(ctx context.Context, id int64, whose []ledger.Belonging) (*Doubt, error) {
	c, err := a.ledger.Content(ctx, id)
	if err != nil {
		return nil, err
	}
	i, err := a.ledger.Item(ctx, c.Canonical)
	if err != nil {
		return nil, err
	}
	d := &Doubt{Document: c.DocumentID(), Title: titleOf(c, i), Kind: c.Kind, Source: i.Source, Locator: i.Locator, Belongs: belongs(whose)}
	if when := dateOf(c, i); !when.IsZero() {
		d.Date = when.Format(time.DateOnly)
	}
	if cut := strings.LastIndexByte(i.Locator, '/'); cut > 0 {
		d.Folder = strings.TrimSuffix(i.Locator[:cut], "!")
	}
	texts, err := a.derived.DocumentPassages(ctx, d.Document)
	if err == nil && len(texts) > 0 {
		text := []rune(decodePassage(texts[0]).Text)
		d.Begins = string(text[:min(len(text), beginning)])
	}
	return d, err
}
