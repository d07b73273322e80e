package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/pipeline/naming"
	"guidang/pipeline/versions"
)

// NameView is what is said of a file's name.
type NameView struct {
	Document string        `json:"document"`
	Source   string        `json:"source"`
	Locator  string        `json:"locator"`
	Name     string        `json:"name"`
	Type     document.Type `json:"type,omitempty"`
	naming.Verdict
}

// Names checks the names of the documents that sources hold, and calls fn for
// each. What lies within containers has the names that others gave it, and is
// left alone. Nothing is renamed.
func (a *Archive) Names(ctx context.Context, rule *naming.Rule, fn func(*NameView) error) error {
	return a.ledger.Items(ctx, ledger.Filter{}, func(i *ledger.Item, c *ledger.Content) error {
		if c == nil || i.Parent != 0 || i.Gone || !doctype.IsPaper(c.Kind) {
			return nil
		}
		known, err := a.knownOf(ctx, i, c)
		if err != nil {
			return err
		}
		if known.Project == "" && (known.Type == "" || known.Type == document.TypeOther) {
			return nil // no paper of a project: a price list, a README
		}
		return fn(&NameView{Document: c.DocumentID(), Source: i.Source, Locator: i.Locator, Name: i.Name, Type: known.Type, Verdict: rule.Check(i.Name, *known)})
	})
}

// projectInPath is a project's number in a folder's name.
var projectInPath = regexp.MustCompile(`\b[A-Z]{2,8}-\d{4,8}(?:-\d{1,4})?\b`)

// knownOf is what is known of a file beside its name: its type and its details, its
// place, its versions.
func (a *Archive) knownOf(ctx context.Context, i *ledger.Item, c *ledger.Content) (*naming.Known, error) {
	k := &naming.Known{Title: titleOf(c, i)}
	p, err := a.ledger.Paper(ctx, c.ID)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return nil, err
	}
	var v doctype.Verdict
	if err == nil {
		k.Type = p.Type
		if err := json.Unmarshal([]byte(p.Verdict), &v); err != nil {
			return nil, err
		}
	}
	folders := liesIn(i.Locator)
	if all := projectInPath.FindAllString(folders, -1); len(all) > 0 {
		k.Project = all[len(all)-1]
	} else {
		k.Project = v.Field(doctype.ProjectNumber)
	}
	if k.Project == "" {
		if k.Project, err = a.onlyProject(ctx, c.ID); err != nil {
			return nil, err
		}
	}
	label := versions.Parse(i.Name)
	k.Version, k.Date = label.Numbers, label.Date
	for _, name := range []string{doctype.Date, doctype.SignedOn} {
		if t, ok := parseDate(v.Field(name)); ok && k.Date.IsZero() {
			k.Date = t
		}
	}
	if k.Date.IsZero() {
		if k.Date, err = a.writtenOn(ctx, c, i); err != nil {
			return nil, err
		}
	}
	if len(k.Version) > 0 {
		return k, nil
	}
	// A file without a number has the one of its place among its versions.
	chain, err := a.ledger.Versions(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range chain {
		if one.Content == c.ID {
			k.Version = []int{one.Ordinal}
		}
	}
	return k, nil
}

// writtenOn is a document's date; where only its file has one, which is the day of
// the last copying, that of its first two lines goes before it.
func (a *Archive) writtenOn(ctx context.Context, c *ledger.Content, i *ledger.Item) (time.Time, error) {
	if t := dateOf(c, i); !t.Equal(i.Modified) {
		return t, nil
	}
	texts, err := a.derived.DocumentPassages(ctx, c.DocumentID())
	if err != nil || len(texts) == 0 {
		return i.Modified, err
	}
	lines := strings.SplitN(decodePassage(texts[0]).Text, "\n", 3)
	// A project's number holds a day too: the one on which it began.
	head := projectInPath.ReplaceAllString(strings.Join(lines[:min(len(lines), 2)], "\n"), " ")
	if t, ok := doctype.DateIn(head); ok {
		return t, nil
	}
	return i.Modified, nil
}

// onlyProject is the number of the project that a content is made part of; empty
// where it is none's or several'.
func (a *Archive) onlyProject(ctx context.Context, content int64) (string, error) {
	list, err := a.ledger.Assigned(ctx, []int64{content})
	if err != nil {
		return "", err
	}
	_, projects := owners(list[content])
	if len(projects) != 1 || !projectInPath.MatchString(projects[0]) {
		return "", nil
	}
	return projects[0], nil
}

// ruledName is the name of an original in a package: by the rule where what is
// known is enough for it, its own otherwise. Mails and recordings have no rule.
func (a *Archive) ruledName(ctx context.Context, rule *naming.Rule, i *ledger.Item, c *ledger.Content) (string, error) {
	name := fileName(c, i)
	if !doctype.IsPaper(c.Kind) {
		return name, nil
	}
	known, err := a.knownOf(ctx, i, c)
	if err != nil {
		return "", err
	}
	return cmp.Or(rule.Check(name, *known).Proposal, name), nil
}
