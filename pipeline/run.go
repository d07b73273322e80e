package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guidang/pipeline/ledger"
)

// Run is what to do in one pass over sources.
type Run struct {
	Kind    string   // ingest or nightly
	Sources []string // names of configured sources; empty: all
	Paths   []string // files and folders given by hand, instead of sources
	Verify  bool     // read files again that seem unchanged
}

// Ingest is one run from top to bottom: find what is new, read it, make
// minutes of meetings, settle which twin is the original, wait for the index.
// It ends when every item found is in a final or a waiting state.
func (a *Archive) Ingest(ctx context.Context, r Run) (*Account, error) {
	places, err := a.places(ctx, r)
	if err != nil {
		return nil, err
	}
	record := &ledger.Run{Kind: r.Kind}
	for _, p := range places {
		record.Sources = append(record.Sources, p.source.Name())
	}
	return a.run(ctx, record, places, r.Verify)
}

// run keeps the record of a run around its pass.
func (a *Archive) run(ctx context.Context, record *ledger.Run, places []place, verify bool) (*Account, error) {
	return a.recorded(ctx, record, func(ctx context.Context) (outcome, error) { return a.pass(ctx, places, verify) })
}

// recorded keeps the record of a run around its work. What becomes of items
// within it and is at the end as it was before is no news of the run.
func (a *Archive) recorded(ctx context.Context, record *ledger.Run, work func(context.Context) (outcome, error)) (*Account, error) {
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	holding := true
	defer func() {
		if holding {
			a.end()
		}
	}()
	began := time.Now()
	if err := a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.BeginRun(record) }); err != nil {
		return nil, err
	}
	a.progress.begin(began)
	if err := a.unstall(ctx); err != nil {
		return nil, err
	}
	outcome, runErr := work(ctx)
	if runErr == nil && outcome.word == Done {
		holding, runErr = a.recogniseAll(ctx, record.Kind, &outcome)
		if runErr != nil {
			outcome, runErr = outcome.ended(ctx, runErr)
		}
	}
	if runErr == nil && outcome.word == Done && a.speech.t.Configured() {
		holding, runErr = a.hearAll(ctx, record.Kind)
		if runErr != nil {
			outcome, runErr = outcome.ended(ctx, runErr)
		}
	}
	// The account is written even if the run was interrupted: it says so.
	account, err := a.account(context.WithoutCancel(ctx), record, began, outcome)
	if err != nil {
		return nil, errors.Join(runErr, err)
	}
	return account, runErr
}

// nightPatience is how long a scheduled run waits for its transcripts, so that
// its account tells of them; a backlog of weeks must not keep the next nights from
// beginning. A run that somebody started by hand waits to the end.
const (
	nightPatience = 8 * time.Hour
	handPatience  = 10 * 365 * 24 * time.Hour
)

// hearAll has recordings transcribed when everything else is searchable. Other
// runs may go on meanwhile; holding says whether this one has its turn again.
func (a *Archive) hearAll(ctx context.Context, kind string) (holding bool, err error) {
	left, err := a.speech.unheard(ctx)
	if err != nil || len(left) == 0 {
		return true, err
	}
	patience := handPatience
	if kind == "nightly" {
		patience = nightPatience
	}
	a.end()
	a.speech.wake()
	if err := a.speech.await(ctx, patience); err != nil {
		return false, err
	}
	if err := a.begin(ctx); err != nil {
		return false, err
	}
	return true, a.awaitIndex(ctx)
}

// begin waits until no other run goes on, or its own is given up.
func (a *Archive) begin(ctx context.Context) error {
	select {
	case a.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Archive) end() { <-a.running }

// pass is the run itself. It returns the run's outcome.
func (a *Archive) pass(ctx context.Context, places []place, verify bool) (outcome, error) {
	out := outcome{word: Done}
	if len(places) > 0 {
		if err := a.tryPasswords(ctx); err != nil {
			return out.ended(ctx, err)
		}
	}
	for _, p := range places {
		err := a.discover(ctx, p.source, p.root, verify, a.progress)
		switch {
		case unreachable(err):
			a.log.Warn("source cannot be reached; nothing is said of its items", "source", p.source.Name(), "error", err)
			out.unreachable = append(out.unreachable, p.source.Name())
		case err != nil:
			return out.ended(ctx, err)
		}
	}
	for _, step := range []func(context.Context) error{a.awaitRead, a.retag, a.reterm, a.meetings, a.settleAll, a.join, a.papers, a.assign, a.forms, a.awaitIndex, a.assigned} {
		if err := step(ctx); err != nil {
			return out.ended(ctx, err)
		}
	}
	return out, nil
}

// awaitRead returns when nothing is left to be read.
func (a *Archive) awaitRead(ctx context.Context) error {
	return a.await(ctx, func() (bool, error) {
		left, err := a.ledger.Unread(ctx)
		return !left, err
	})
}

// settleAll decides which of equal contents' occurrences is the original.
func (a *Archive) settleAll(ctx context.Context) error {
	for {
		n := 0
		err := a.ledger.Update(ctx, func(tx ledger.Tx) (err error) {
			n, err = tx.Settle(500)
			return err
		})
		if err != nil {
			return err
		}
		a.feed.wake()
		if n > 0 {
			continue
		}
		// Settling may have found items that have to be read from their new place.
		left, err := a.ledger.Unread(ctx)
		if err != nil || !left {
			return err
		}
		if err := a.refill(ctx); err != nil {
			return err
		}
		if err := a.awaitRead(ctx); err != nil {
			return err
		}
	}
}

// patience is how long a run waits for an engine that takes nothing: a server
// that is away for an hour costs an hour. What it did not take stays in the
// outbox and is sent when it does, also by a later run.
const patience = 2 * time.Hour

// awaitIndex returns when the engine has confirmed everything.
func (a *Archive) awaitIndex(ctx context.Context) error {
	return a.await(ctx, func() (bool, error) {
		left, err := a.ledger.Lag(ctx)
		if err == nil && left > 0 {
			if since, why := a.feed.trouble(); why != nil && time.Since(since) > patience {
				return false, fmt.Errorf("the index takes no documents; what was read is safe and is sent as soon as it does: %w", why)
			}
		}
		return left == 0, err
	})
}

// await asks until it is so. The ledger is asked, not the queue: events can be
// lost, rows cannot.
func (a *Archive) await(ctx context.Context, ready func() (bool, error)) error {
	pause := 5 * time.Millisecond
	late := false
	for {
		ok, err := ready()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-a.failed:
			return err
		case err := <-a.full:
			// A job of the run before may say so when there is room again. Once it is
			// taken for that, and what it gave up is begun anew.
			if late || a.guard.Check() != nil {
				return err
			}
			late = true
			if err := a.unstall(ctx); err != nil {
				return err
			}
		case <-time.After(pause):
		}
		pause = min(2*pause, 100*time.Millisecond)
	}
}

// night is the handler of scheduled runs. A night in which nothing was new is
// used for what a newer reader would read better.
func (a *Archive) night(ctx context.Context, sources []string) error {
	account, err := a.Ingest(ctx, Run{Kind: "nightly", Sources: sources})
	if err != nil {
		return err
	}
	a.tellAfterNight(ctx)
	if err := a.tell(account); err != nil || len(account.Changed) > 0 || account.Outcome != Done {
		return err
	}
	if n, err := a.outdated(ctx, nil); err != nil || n == 0 {
		return err
	}
	account, _, err = a.Retry(ctx, Retry{Outdated: true})
	if err != nil {
		return err
	}
	return a.tell(account)
}

// tell logs the account of a run that nobody waits for.
func (a *Archive) tell(account *Account) error {
	line, err := json.Marshal(account)
	if err != nil {
		return err
	}
	a.log.Info("run finished", "account", json.RawMessage(line))
	return nil
}
