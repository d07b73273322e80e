package pipeline

import (
	"context"
	"errors"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
)

// Retry chooses items to read again: those named, those that an older reader
// read, and those that failed or wait, narrowed by what else is set.
type Retry struct {
	Refs       []string // document ids or locators
	State      ledger.State
	WaitingFor string
	Reason     string // why it failed or what it waits for; also of what was skipped as unsupported
	Source     string
	Outdated   bool // read by an older version of their reader
}

// Retry puts items into the queue again and waits until they are read.
func (a *Archive) Retry(ctx context.Context, r Retry) (*Account, int, error) {
	items, err := a.retryItems(ctx, r) // what is named and not there is no run
	if err != nil {
		return nil, 0, err
	}
	account, err := a.retry(ctx, items, len(r.Refs) > 0)
	return account, len(items), err
}

func (a *Archive) retry(ctx context.Context, items []*ledger.Item, named bool) (*Account, error) {
	return a.recorded(ctx, &ledger.Run{Kind: "retry", Sources: []string{}}, func(ctx context.Context) (outcome, error) {
		if named {
			if err := a.hearAnew(ctx, items); err != nil {
				return outcome{}.ended(ctx, err)
			}
		}
		if err := a.requeue(ctx, items); err != nil {
			return outcome{}.ended(ctx, err)
		}
		return a.pass(ctx, nil, false)
	})
}

// StartRetry has items read again in the background, which is what a page does,
// and returns how many.
func (a *Archive) StartRetry(ctx context.Context, r Retry) (int, error) {
	items, err := a.retryItems(ctx, r)
	if err != nil || len(items) == 0 {
		return 0, err
	}
	a.done.Go(func() {
		if _, err := a.retry(a.work, items, len(r.Refs) > 0); err != nil && a.work.Err() == nil {
			a.log.Warn("a retry did not come to its end; `guidang status` says what is left", "error", err)
		}
	})
	return len(items), nil
}

// requeue has items read again.
func (a *Archive) requeue(ctx context.Context, items []*ledger.Item) error {
	items, err := a.gather(ctx, items)
	if err != nil || len(items) == 0 {
		return err
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, chosen := range items {
			i, err := tx.Item(chosen.ID) // it may have changed since it was chosen
			if err != nil {
				return err
			}
			i.State, i.Reason, i.Detail, i.Todo = ledger.Pending, "", "", true
			if err := tx.SetItem(i); err != nil {
				return err
			}
		}
		return a.queue.Enqueue(ctx, tx.Raw(), retryJobs(items)...)
	})
}

// retryJobs reads every item alone: one that failed before shall not take
// others with it.
func retryJobs(items []*ledger.Item) []queue.Job {
	jobs := make([]queue.Job, len(items))
	for n, i := range items {
		jobs[n] = queue.Job{Items: []int64{i.ID}, Priority: priority(i)}
	}
	return jobs
}

// gatherFrom is from how many members on their archive is read again instead of
// them. To reach one member a zip's directory is read, a solid archive unpacked up
// to it: 60,000 members one by one would be hours. What was read before is known
// by its hash and costs little.
const gatherFrom = 8

// gather puts an archive in the place of many of its members.
func (a *Archive) gather(ctx context.Context, items []*ledger.Item) ([]*ledger.Item, error) {
	members := map[int64]int{}
	for _, i := range items {
		if i.Parent != 0 && i.Content == 0 {
			members[i.Parent]++
		}
	}
	whole := map[int64]bool{}
	var out []*ledger.Item
	for _, i := range items {
		if members[i.Parent] < gatherFrom || i.Content != 0 {
			out = append(out, i)
			continue
		}
		yes, seen := whole[i.Parent]
		if !seen {
			parent, err := a.ledger.Item(ctx, i.Parent)
			if err != nil {
				return nil, err
			}
			if yes, err = a.gathers(ctx, parent); err != nil {
				return nil, err
			}
			if whole[i.Parent] = yes; yes {
				out = append(out, parent)
			}
		}
		if !yes {
			out = append(out, i)
		}
	}
	return out, nil
}

// gathers says whether an item is an archive that can be read again as a whole.
// A mailbox is not: it is large, and its mails are reached by their offsets.
func (a *Archive) gathers(ctx context.Context, i *ledger.Item) (bool, error) {
	if i.Content == 0 || i.Todo || i.Gone || i.State != ledger.Indexed {
		return false, nil
	}
	c, err := a.ledger.Content(ctx, i.Content)
	if err != nil {
		return false, err
	}
	return c.Kind == document.KindArchive && c.Format != "mbox" && c.Canonical == i.ID, nil
}

func (a *Archive) retryItems(ctx context.Context, r Retry) ([]*ledger.Item, error) {
	var out []*ledger.Item
	seen := map[int64]bool{}
	add := func(i *ledger.Item) {
		if !seen[i.ID] && !i.Todo {
			seen[i.ID] = true
			out = append(out, i)
		}
	}
	for _, ref := range r.Refs {
		i, err := a.refItem(ctx, r.Source, ref)
		if err != nil {
			return nil, err
		}
		add(i)
	}
	for _, f := range r.filters() {
		if err := a.ledger.Items(ctx, f, func(i *ledger.Item, _ *ledger.Content) error {
			add(i)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if r.Outdated {
		_, err := a.outdated(ctx, func(c *ledger.Content) error {
			i, err := a.ledger.Item(ctx, c.Canonical)
			if err == nil && (r.Source == "" || i.Source == r.Source) {
				add(i)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// filters are the lists of the ledger that a retry takes whole.
func (r *Retry) filters() []ledger.Filter {
	var out []ledger.Filter
	if r.WaitingFor != "" {
		out = append(out, ledger.Filter{State: ledger.Waiting, Reason: r.WaitingFor, Source: r.Source})
	}
	switch {
	case r.State != "":
		return append(out, ledger.Filter{State: r.State, Reason: r.Reason, Source: r.Source})
	case r.Reason == string(document.Unsupported):
		return append(out, ledger.Filter{State: ledger.Skipped, Reason: r.Reason, Source: r.Source})
	case r.Reason == string(document.Encrypted): // the reason of a document; its item waits
		return append(out, ledger.Filter{State: ledger.Waiting, Reason: ForPassword, Source: r.Source})
	case r.Reason != "", r.Source != "" && !r.Outdated && r.WaitingFor == "" && len(r.Refs) == 0:
		for _, s := range []ledger.State{ledger.Quarantined, ledger.Waiting} {
			out = append(out, ledger.Filter{State: s, Reason: r.Reason, Source: r.Source})
		}
	}
	return out
}

// Reasons counts items by their reasons.
func (a *Archive) Reasons(ctx context.Context, f ledger.Filter) (map[string]int64, error) {
	out := map[string]int64{}
	err := a.ledger.Items(ctx, f, func(i *ledger.Item, _ *ledger.Content) error {
		out[i.Reason]++
		return nil
	})
	return out, err
}

// refItem is the item that a person means by a document id or a locator, which
// may stand in several sources.
func (a *Archive) refItem(ctx context.Context, source, ref string) (*ledger.Item, error) {
	if source != "" {
		if i, err := a.ledger.At(ctx, source, ref); !errors.Is(err, ledger.ErrNotFound) {
			return i, err
		}
	}
	if c, err := a.ledger.ByDocument(ctx, ref); err == nil {
		return a.ledger.Item(ctx, c.Canonical)
	}
	return a.FindItem(ctx, ref)
}

// finishRun brings everything that is queued to its end, as a run of its own.
func (a *Archive) finishRun(ctx context.Context, kind string) (*Account, error) {
	return a.run(ctx, &ledger.Run{Kind: kind, Sources: []string{}}, nil, false)
}
