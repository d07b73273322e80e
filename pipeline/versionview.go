package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/pipeline/versions"
)

// VersionOf is one of the versions of a document, as somebody may see it.
type VersionOf struct {
	Document string `json:"document"`
	Name     string `json:"name"`
	Label    string `json:"label,omitempty"` // v2 2025-08-20, as its name says it
	Date     string `json:"date,omitempty"`
	Ordinal  int    `json:"ordinal"`            // from 1, oldest first
	Previous string `json:"previous,omitempty"` // document that it was made from
	Branch   bool   `json:"branch,omitempty"`   // beside the line of versions: a copy, another hand
	Here     bool   `json:"here,omitempty"`     // the one that is shown
}

// DetailOf gives the value of one of a document's details, empty if it has none.
func (v *View) DetailOf(name string) string {
	for i := range v.Details {
		if v.Details[i].Name == name {
			return v.Details[i].Value
		}
	}
	return ""
}

// showPaper fills in what a document is for and its versions.
func (a *Archive) showPaper(ctx context.Context, v *View, c *ledger.Content, scopes []string) error {
	p, err := a.ledger.Paper(ctx, c.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var verdict doctype.Verdict
	if err := errors.Join(json.Unmarshal([]byte(p.Verdict), &verdict), json.Unmarshal([]byte(p.Findings), &v.Sensitive)); err != nil {
		return fmt.Errorf("what is told of %s: %w", c.DocumentID(), err)
	}
	v.Type, v.TypeWhy, v.Details = p.Type, verdict.Why, verdict.Fields
	if len(v.Sensitive) == 0 {
		v.Sensitive = nil
	}
	v.Versions, err = a.versionsOf(ctx, c, scopes)
	return err
}

// versionsOf lists the versions of a content that somebody may see, newest first;
// none if it is the only one.
func (a *Archive) versionsOf(ctx context.Context, c *ledger.Content, scopes []string) ([]VersionOf, error) {
	chain, err := a.ledger.Versions(ctx, c.ID)
	if err != nil || len(chain) == 0 {
		return nil, err
	}
	ids := map[int64]string{}
	var out []VersionOf
	for _, one := range chain {
		other, err := a.ledger.Content(ctx, one.Content)
		if err != nil {
			return nil, err
		}
		items, err := a.ledger.Occurrences(ctx, other.ID)
		if err != nil {
			return nil, err
		}
		var i *ledger.Item
		for _, at := range items {
			if allowed(scopes, at.Source) && (i == nil || versions.Telling(at.Name) > versions.Telling(i.Name)) {
				i = at
			}
		}
		if i == nil {
			continue
		}
		ids[one.Content] = other.DocumentID()
		v := VersionOf{Document: other.DocumentID(), Name: i.Name, Label: one.Label, Ordinal: one.Ordinal, Previous: ids[one.Previous], Branch: one.Branch, Here: other.ID == c.ID}
		if when := dateOf(other, i); !when.IsZero() {
			v.Date = when.Format(time.DateOnly)
		}
		out = append(out, v)
	}
	if len(out) < 2 {
		return nil, nil
	}
	slices.Reverse(out)
	return out, nil
}

// Difference is what two documents differ in, as text.
type Difference struct {
	Old     VersionOf         `json:"old"`
	New     VersionOf         `json:"new"`
	Changes []versions.Change `json:"changes"`
}

// Compare gives the difference between two documents to somebody with the given
// scopes. They need not be versions of each other.
func (a *Archive) Compare(ctx context.Context, old, now string, scopes []string) (*Difference, error) {
	out := &Difference{}
	var texts [2][]string
	for n, ref := range []string{old, now} {
		v, err := a.Show(ctx, ref, scopes)
		if err != nil {
			return nil, err
		}
		texts[n] = linesOf(v.Document)
		side := VersionOf{Document: v.ID, Name: v.Name, Date: v.Date}
		for _, one := range v.Versions {
			if one.Here {
				side = one
			}
		}
		if n == 0 {
			out.Old = side
		} else {
			out.New = side
		}
	}
	out.Changes = versions.Diff(texts[0], texts[1])
	return out, nil
}

// linesOf is a document's text as it is compared: headings and lines, without
// blanks at their ends and without empty ones, so that another layout of the same
// text is no difference.
func linesOf(d *document.Document) (out []string) {
	add := func(text string) {
		for l := range strings.SplitSeq(text, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				out = append(out, l)
			}
		}
	}
	last := ""
	for _, s := range d.Sections {
		first, _, _ := strings.Cut(strings.TrimSpace(s.Text), "\n")
		if s.Heading != "" && s.Heading != last && strings.TrimSpace(first) != s.Heading {
			add(s.Heading)
		}
		last = s.Heading
		add(s.Text)
	}
	return out
}
