package pipeline

import (
	"context"

	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
)

// Retry chooses items to read again.
type Retry struct {
	Refs       []string // document ids or locators
	State      ledger.State
	WaitingFor string
	Outdated   bool // read by an older version of their reader
}

// Retry puts items into the queue again and waits until they are read.
func (a *Archive) Retry(ctx context.Context, r Retry) (*Account, int, error) {
	items, err := a.retryItems(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	if len(items) > 0 {
		err := a.ledger.Update(ctx, func(tx ledger.Tx) error {
			for _, i := range items {
				i.State, i.Reason, i.Detail, i.Todo = ledger.Pending, "", "", true
				if err := tx.SetItem(i); err != nil {
					return err
				}
			}
			return a.queue.Enqueue(ctx, tx.Raw(), retryJobs(items)...)
		})
		if err != nil {
			return nil, 0, err
		}
	}
	account, err := a.finishRun(ctx, "retry")
	return account, len(items), err
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

func (a *Archive) retryItems(ctx context.Context, r Retry) ([]*ledger.Item, error) {
	var out []*ledger.Item
	add := func(i *ledger.Item, _ *ledger.Content) error {
		out = append(out, i)
		return nil
	}
	for _, ref := range r.Refs {
		i, err := a.refItem(ctx, ref)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	if r.State != "" {
		if err := a.ledger.Items(ctx, ledger.Filter{State: r.State}, add); err != nil {
			return nil, err
		}
	}
	if r.WaitingFor != "" {
		if err := a.ledger.Items(ctx, ledger.Filter{State: ledger.Waiting, Reason: r.WaitingFor}, add); err != nil {
			return nil, err
		}
	}
	if r.Outdated {
		_, err := a.outdated(ctx, func(c *ledger.Content) error {
			i, err := a.ledger.Item(ctx, c.Canonical)
			if err == nil {
				out = append(out, i)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// refItem is the item that a person means by a document id or a locator.
func (a *Archive) refItem(ctx context.Context, ref string) (*ledger.Item, error) {
	if c, err := a.ledger.ByDocument(ctx, ref); err == nil {
		return a.ledger.Item(ctx, c.Canonical)
	}
	return a.FindItem(ctx, ref)
}

// finishRun brings everything that is queued to its end, as a run of its own.
func (a *Archive) finishRun(ctx context.Context, kind string) (*Account, error) {
	return a.run(ctx, &ledger.Run{Kind: kind, Sources: []string{}}, nil, false)
}
