package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// ActionView is an action item of some meeting.
type ActionView struct {
	minutes.Action
	Key      string // within its meeting
	Document string // the meeting's
	Meeting  string // its title
	Customer string // whose meeting it was, empty if that is not known
	Written  bool   // somebody wrote the minutes: the evidence are lines of a document
	Date     string // of the meeting
	Done     bool
	DoneBy   string // who said so last, done or not; empty: nobody has yet
	DoneAt   string // RFC 3339
}

// marks are the marks on the actions of one meeting, oldest first.
type marks []ledger.ActionMark

// of finds the last mark on an action: by its key, else one on the same talk in
// other words.
func (m marks) of(a *minutes.Action) *ledger.ActionMark {
	key := a.Key()
	for n := len(m) - 1; n >= 0; n-- {
		if m[n].Key == key {
			return &m[n]
		}
	}
	for n := len(m) - 1; n >= 0; n-- {
		var evidence []int
		if json.Unmarshal([]byte(m[n].Evidence), &evidence) == nil && a.Same(m[n].Text, evidence) {
			return &m[n]
		}
	}
	return nil
}

// actions are those of a meeting with their marks.
func (m marks) actions(made *minutes.Minutes, c *ledger.Content) []ActionView {
	out := make([]ActionView, 0, len(made.Actions))
	for _, action := range made.Actions {
		v := ActionView{Action: action, Key: action.Key(), Document: c.DocumentID(), Meeting: made.Title, Date: made.Date, Written: isWritten(c)}
		if mark := m.of(&action); mark != nil {
			v.Done, v.DoneBy, v.DoneAt = mark.Done, mark.Who, mark.At.Format(time.RFC3339)
		}
		out = append(out, v)
	}
	return out
}

// Actions lists the action items of all meetings that may be seen, those with a
// day first, by day, then the others, newest meeting first. Where somebody wrote
// the minutes of a meeting, theirs count and not the program's.
func (a *Archive) Actions(ctx context.Context, scopes []string) ([]ActionView, error) {
	of, err := a.allMarks(ctx)
	if err != nil {
		return nil, err
	}
	var out []ActionView
	var ids []int64
	from := map[int64]int{} // where a meeting's actions begin
	err = a.eachMinutes(ctx, scopes, func(c *ledger.Content, m *minutes.Minutes) {
		from[c.ID], ids = len(out), append(ids, c.ID)
		out = append(out, of[c.ID].actions(m, c)...)
	})
	if err != nil {
		return nil, err
	}
	whose, err := a.ledger.Assigned(ctx, ids)
	if err != nil {
		return nil, err
	}
	for n, id := range ids {
		end := len(out)
		if n+1 < len(ids) {
			end = from[ids[n+1]]
		}
		for i := from[id]; i < end; i++ {
			out[i].Customer, _ = firstOwner(whose[id])
		}
	}
	sortActions(out)
	return out, nil
}

// allMarks are the marks of all meetings, by content.
func (a *Archive) allMarks(ctx context.Context) (map[int64]marks, error) {
	said, err := a.ledger.ActionMarks(ctx, 0)
	of := map[int64]marks{}
	for _, m := range said {
		of[m.Content] = append(of[m.Content], m)
	}
	return of, err
}

// eachMinutes calls fn for the minutes of every meeting that may be seen: those
// that hold, which a person may have edited, or have written instead of the program.
func (a *Archive) eachMinutes(ctx context.Context, scopes []string, fn func(*ledger.Content, *minutes.Minutes)) error {
	all, err := a.ledger.WithMinutes(ctx)
	if err != nil {
		return err
	}
	edits, err := a.ledger.LastEdits(ctx)
	if err != nil {
		return err
	}
	written, err := a.ledger.Written(ctx)
	if err != nil {
		return err
	}
	visible := map[int64]bool{}
	for _, c := range all {
		i, err := a.visible(ctx, c, scopes)
		if err != nil {
			return err
		}
		visible[c.ID] = i != nil
	}
	above := map[int64]bool{} // meetings of which somebody wrote minutes that may be seen
	for content, meeting := range written {
		if visible[content] {
			above[meeting] = true
		}
	}
	for _, c := range all {
		if !visible[c.ID] || above[c.ID] && edits[c.ID].Minutes == "" || c.Then == ledger.PartOf {
			continue
		}
		var edit []ledger.Edit
		if e, ok := edits[c.ID]; ok {
			edit = append(edit, e)
		}
		m, err := a.minutesNow(ctx, c, edit)
		if err != nil {
			return err
		}
		if m != nil {
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

// MarkAction says that an action item is done, or is not after all, for somebody
// with the given scopes. key is the action's ActionView.Key.
func (a *Archive) MarkAction(ctx context.Context, ref string, scopes []string, key string, done bool, who string) error {
	c, err := a.find(ctx, ref, scopes)
	if err != nil {
		return err
	}
	m, _, err := a.meetingNow(ctx, c)
	if err != nil {
		return err
	}
	if m == nil {
		return fmt.Errorf("%s has no minutes: %w", ref, ledger.ErrNotFound)
	}
	for _, action := range m.Actions {
		if action.Key() != key {
			continue
		}
		evidence, err := json.Marshal(action.Evidence)
		if err != nil {
			return err
		}
		mark := ledger.ActionMark{Content: c.ID, Key: key, Text: action.Text, Evidence: string(evidence), Done: done, Who: who, At: time.Now()}
		return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.AddActionMark(mark) })
	}
	return fmt.Errorf("%s has no such action item any more: %w", ref, ledger.ErrNotFound)
}
