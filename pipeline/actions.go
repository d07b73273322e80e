package pipeline

import (
	"cmp"
	"context"
	"slices"

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
	all, err := a.ledger.Meetings(ctx)
	if err != nil {
		return nil, err
	}
	var out []ActionView
	for _, c := range all {
		if c.Minutes == "" {
			continue
		}
		items, err := a.ledger.Occurrences(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if seen, err := a.visibleItems(ctx, c, items, scopes); err != nil {
			return nil, err
		} else if len(seen) == 0 {
			continue
		}
		m := &minutes.Minutes{}
		if ok, err := a.kept(ctx, c, c.Minutes, m); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		for _, action := range m.Actions {
			out = append(out, ActionView{action, c.DocumentID(), m.Title, m.Date})
		}
	}
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
	return out, nil
}
