package pipeline

import (
	"cmp"
	"context"
	"slices"

	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// ActionView is an action item of some meeting.
type ActionView struct {
	minutes.Action
	Document string // the meeting's
	Meeting  string // its title
	Date     string // of the meeting
}

// Actions lists the action items of all meetings that may be seen, those with a
// day first, by day, then the others, newest meeting first.
func (a *Archive) Actions(ctx context.Context, scopes []string) ([]ActionView, error) {
	var out []ActionView
	err := a.eachMinutes(ctx, scopes, func(c *ledger.Content, m *minutes.Minutes) {
		for _, action := range m.Actions {
			out = append(out, ActionView{action, c.DocumentID(), m.Title, m.Date})
		}
	})
	sortActions(out)
	return out, err
}

// eachMinutes calls fn for the minutes of every meeting that may be seen.
func (a *Archive) eachMinutes(ctx context.Context, scopes []string, fn func(*ledger.Content, *minutes.Minutes)) error {
	all, err := a.ledger.Meetings(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Minutes == "" {
			continue
		}
		items, err := a.ledger.Occurrences(ctx, c.ID)
		if err != nil {
			return err
		}
		if seen, err := a.visibleItems(ctx, c, items, scopes); err != nil {
			return err
		} else if len(seen) == 0 {
			continue
		}
		m := &minutes.Minutes{}
		if ok, err := a.kept(ctx, c, c.Minutes, m); err != nil {
			return err
		} else if ok {
			fn(c, m)
		}
	}
	return nil
}

func sortActions(out []ActionView) {
	slices.SortStableFunc(out, func(x, y ActionView) int {
		switch {
		case x.Due != nil && y.Due != nil:
			return cmp.Or(cmp.Compare(*x.Due, *y.Due), cmp.Compare(x.Document, y.Document))
		case x.Due != nil:
			return -1
		case y.Due != nil:
			return 1
		}
		return cmp.Or(cmp.Compare(y.Date, x.Date), cmp.Compare(x.Document, y.Document))
	})
}
