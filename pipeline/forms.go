package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
)

// invoice is one form of an electronic invoice.
type invoice struct {
	content        *ledger.Content
	number, amount string

	// Who may see it: its sources, its customers and its projects.
	reach []string
}

// formats of an invoice, as one prefers to look at them.
var invoiceFormats = []string{"pdf", "ofd", "xml"}

// leastNumber is how many digits an invoice's number has: 8 with a code beside it,
// 20 of fully digital ones. Shorter ones may be a counter of a small firm's.
const leastNumber = 8

// forms brings the PDF, the OFD and the XML of an electronic invoice together: the
// same number, the same sum. One is shown, the others are part of it. Nobody loses
// sight of any: a form is only part of one that all see who see the form. So it is
// with the pieces of a mail that was joined.
func (a *Archive) forms(ctx context.Context) error {
	invoices, err := a.invoices(ctx)
	if err != nil {
		return fmt.Errorf("forms of invoices: %w", err)
	}
	now, all, err := a.pieceForms(ctx)
	if err != nil {
		return fmt.Errorf("pieces of mails: %w", err)
	}
	if now == nil {
		now = map[int64]int64{}
	}
	maps.Copy(now, formsOf(invoices))
	for i := range invoices {
		all = append(all, invoices[i].content)
	}
	before := map[int64]int64{}
	var gone []int64
	err = a.ledger.EachForm(ctx, func(f ledger.Form) error {
		before[f.Content] = f.Main
		if now[f.Content] == 0 {
			gone = append(gone, f.Content)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forms of invoices: %w", err)
	}
	var changed []ledger.Form
	var moved []*ledger.Content
	for _, c := range all {
		main := now[c.ID]
		if main != 0 && before[c.ID] != main {
			changed = append(changed, ledger.Form{Content: c.ID, Main: main})
		}
		if main != 0 && c.Then == ledger.Indexed { // joined, or read anew since
			c.Then, c.ThenReason = ledger.PartOf, ""
			moved = append(moved, c)
		}
	}
	for _, id := range gone {
		c, err := a.ledger.Content(ctx, id)
		if err != nil {
			return err
		}
		if c.Then == ledger.PartOf {
			c.Then, c.ThenReason = ledger.Indexed, ""
			moved = append(moved, c)
		}
	}
	if len(gone)+len(changed)+len(moved) == 0 {
		return nil
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, c := range moved {
			if err := tx.Publish(c); err != nil {
				return err
			}
		}
		return tx.SetForms(gone, changed)
	})
	if err != nil {
		return fmt.Errorf("forms of invoices: %w", err)
	}
	a.feed.wake()
	return a.chain(ctx) // a form is no version
}

// invoices are all that have a number and a sum and are read whole.
func (a *Archive) invoices(ctx context.Context) ([]invoice, error) {
	told := map[int64]*doctype.Verdict{}
	var ids []int64
	err := a.ledger.EachInvoice(ctx, func(content int64, verdict string) error {
		v := &doctype.Verdict{}
		if json.Unmarshal([]byte(verdict), v) == nil && len(v.Field(doctype.Number)) >= leastNumber && v.Field(doctype.Amount) != "" {
			told[content] = v
			ids = append(ids, content)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	reach, err := a.reachOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []invoice
	for _, id := range ids {
		c, err := a.ledger.Content(ctx, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(invoiceFormats, c.Format) || c.Then != ledger.Indexed && c.Then != ledger.PartOf {
			continue
		}
		if r := reach[id]; r.here {
			out = append(out, invoice{content: c, number: told[id].Field(doctype.Number), amount: told[id].Field(doctype.Amount), reach: r.scopes})
		}
	}
	return out, nil
}

// reach is who may see a content: the scopes of its sources, its customers and its
// projects.
type reach struct {
	scopes []string
	here   bool // at a place that is not gone
}

func (a *Archive) reachOf(ctx context.Context, contents []int64) (map[int64]reach, error) {
	whose, err := a.ledger.Assigned(ctx, contents)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]reach, len(contents))
	for _, id := range contents {
		var r reach
		items, err := a.ledger.Occurrences(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			r.here = r.here || !i.Gone
			if scope := Scope(i.Source); !slices.Contains(r.scopes, scope) {
				r.scopes = append(r.scopes, scope)
			}
		}
		customers, projects := owners(whose[id])
		for _, name := range customers {
			r.scopes = append(r.scopes, CustomerScope(name))
		}
		for _, key := range projects {
			r.scopes = append(r.scopes, ProjectScope(key))
		}
		out[id] = r
	}
	return out, nil
}

// formsOf says of which content each is another form. It does not depend on the
// order in which they were found.
func formsOf(all []invoice) map[int64]int64 {
	groups := map[[2]string][]*invoice{}
	for i := range all {
		key := [2]string{strings.ToUpper(all[i].number), all[i].amount}
		groups[key] = append(groups[key], &all[i])
	}
	out := map[int64]int64{}
	for _, g := range groups {
		slices.SortFunc(g, func(x, y *invoice) int {
			return cmp.Or(cmp.Compare(slices.Index(invoiceFormats, x.content.Format), slices.Index(invoiceFormats, y.content.Format)),
				strings.Compare(x.content.DocumentID(), y.content.DocumentID()))
		})
		for n, form := range g {
			for _, main := range g[:n] {
				// Two files of one format are no two forms: one is a copy or a correction.
				if out[main.content.ID] == 0 && main.content.Format != form.content.Format && within(form.reach, main.reach) {
					out[form.content.ID] = main.content.ID
					break
				}
			}
		}
	}
	return out
}

// within says whether a set holds all of another.
func within(few, many []string) bool {
	return !slices.ContainsFunc(few, func(s string) bool { return !slices.Contains(many, s) })
}

// FormOf is another form of a document.
type FormOf struct {
	Inner
	Main bool `json:"main,omitempty"` // the one that stands for all
}

// fillForms lists the other forms of a document that somebody may see.
func (a *Archive) fillForms(ctx context.Context, v *View, c *ledger.Content, scopes []string) error {
	list, err := a.ledger.Forms(ctx, c.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	ids := []int64{list[0].Main}
	for _, f := range list {
		ids = append(ids, f.Content)
	}
	for _, id := range ids {
		if id == c.ID {
			continue
		}
		other, err := a.ledger.Content(ctx, id)
		if err != nil {
			return err
		}
		i, err := a.visible(ctx, other, scopes)
		if err != nil {
			return err
		}
		if i != nil {
			v.Forms = append(v.Forms, FormOf{Inner: *innerOf(i, other), Main: id == list[0].Main})
		}
	}
	return nil
}
