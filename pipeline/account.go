package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

// How a run may end.
const (
	Done        = "done"
	Failed      = "failed"
	Interrupted = "interrupted"
	DiskFull    = "disk-full"
)

// outcome is how a run went.
type outcome struct {
	word        string
	unreachable []string
	pictures    *Pictures
}

// ended finds the word for a run that stopped before its end.
func (o outcome) ended(ctx context.Context, err error) (outcome, error) {
	switch {
	case ctx.Err() != nil:
		o.word, err = Interrupted, ctx.Err()
	case errors.Is(err, store.ErrDiskFull):
		o.word = DiskFull
	default:
		o.word = Failed
	}
	return o, err
}

// Account is what a run did, as `ingest` prints it and the ledger keeps it.
type Account struct {
	Run         int64                  `json:"run"`
	Kind        string                 `json:"kind"`
	Outcome     string                 `json:"outcome"`
	Sources     []string               `json:"sources"`
	Unreachable []string               `json:"unreachable,omitempty"`
	Seconds     float64                `json:"seconds"`
	Walked      int64                  `json:"walked"`  // entries that the sources hold
	Changed     map[ledger.State]int64 `json:"changed"` // items that this run brought into each state
	States      map[ledger.State]int64 `json:"states"`  // all items ever found
	Found       int64                  `json:"found"`
	Gone        int64                  `json:"gone"`
	Closed      bool                   `json:"closed"`
	WaitingFor  map[string]int64       `json:"waiting_for,omitempty"`
	Pictures    *Pictures              `json:"pictures_left,omitempty"`
}

// Incomplete says whether the run brought items into quarantine or waiting.
func (a *Account) Incomplete() bool {
	return a.Changed[ledger.Quarantined] > 0 || a.Changed[ledger.Waiting] > 0 || len(a.Unreachable) > 0
}

func (a *Archive) account(ctx context.Context, run *ledger.Run, began time.Time, out outcome) (*Account, error) {
	changes, err := a.ledger.Changes(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	counts, err := a.ledger.Counts(ctx)
	if err != nil {
		return nil, err
	}
	acc := &Account{
		Run: run.ID, Kind: run.Kind, Outcome: out.word, Sources: run.Sources, Unreachable: out.unreachable,
		Seconds: float64(time.Since(began).Milliseconds()) / 1000, Walked: a.progress.Found.Load(),
		Changed: changes, States: counts.States, Found: counts.Found, Gone: counts.Gone, Closed: closed(counts), WaitingFor: counts.WaitingFor, Pictures: out.pictures,
	}
	line, err := json.Marshal(acc)
	if err != nil {
		return nil, err
	}
	return acc, a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.EndRun(run.ID, out.word, string(line)) })
}

// closed is law 2: the states add up to what was found and nothing is pending.
func closed(c *ledger.Counts) bool {
	sum := int64(0)
	for _, s := range ledger.States() {
		sum += c.States[s]
	}
	return sum == c.Found && c.States[ledger.Pending] == 0
}

// Progress counts a run while it goes on. The fields only grow, except
// TodoBytes, so a reader sees a rate by looking twice.
type Progress struct {
	Found     atomic.Int64 // entries that the walk met
	Todo      atomic.Int64 // items to read
	TodoBytes atomic.Int64 // bytes still to read
	Done      atomic.Int64 // items in a final, waiting or to-be-indexed state, children included
	Indexed   atomic.Int64 // contents that the engine confirmed
	Heard     atomic.Int64 // recordings transcribed, of ToHear
	ToHear    atomic.Int64
	Seen      atomic.Int64 // documents whose pictures were read, of ToSee
	ToSee     atomic.Int64
	began     atomic.Int64
}

func (p *Progress) begin(t time.Time) {
	p.began.Store(t.UnixNano())
	for _, c := range []*atomic.Int64{&p.Found, &p.Done, &p.Indexed, &p.Heard, &p.ToHear, &p.Seen, &p.ToSee} {
		c.Store(0)
	}
}

// Began is when the run in progress began.
func (p *Progress) Began() time.Time { return time.Unix(0, p.began.Load()) }

// Progress is the run in progress, or the last one.
func (a *Archive) Progress() *Progress { return a.progress }
