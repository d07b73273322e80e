package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/robfig/cron/v3"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Status is how an archive stands.
type Status struct {
	States     map[ledger.State]int64 `json:"states"`
	Found      int64                  `json:"found"`
	Gone       int64                  `json:"gone"`
	Closed     bool                   `json:"closed"`
	OpenWork   map[string]int64       `json:"open_work"`
	ByKind     map[string]int64       `json:"by_kind"`
	WaitingFor map[string]int64       `json:"waiting_for"`
	Running    *Running               `json:"running,omitempty"`
	LastRun    *LastRun               `json:"last_run,omitempty"`
	NextRun    string                 `json:"next_run,omitempty"` // RFC 3339
	Index      IndexStatus            `json:"index"`
	Disk       DiskStatus             `json:"disk"`
	Outdated   int64                  `json:"outdated"` // contents that a newer reader would read again
	Spend      map[string]float64     `json:"spend"`
	Speech     *SpeechStatus          `json:"transcription,omitempty"`
}

// Running is the run in progress.
type Running struct {
	Seconds float64 `json:"seconds"`
	Found   int64   `json:"found"`
	Done    int64   `json:"done"`
	Indexed int64   `json:"indexed"`
}

// LastRun is the newest run that ended, or is going on.
type LastRun struct {
	ID      int64           `json:"id"`
	Kind    string          `json:"kind"`
	Started string          `json:"started"` // RFC 3339
	Ended   string          `json:"ended,omitempty"`
	Outcome string          `json:"outcome,omitempty"`
	Account json.RawMessage `json:"account,omitempty"`
}

// IndexStatus is how the index stands.
type IndexStatus struct {
	Engine    string `json:"engine"`
	Documents int64  `json:"documents"`
	Passages  int64  `json:"passages"`
	Lag       int64  `json:"lag"` // contents whose newest revision is not confirmed
	Error     string `json:"error,omitempty"`
}

// DiskStatus is what the archive takes and what is left, in bytes.
type DiskStatus struct {
	Originals int64 `json:"originals"`
	Free      int64 `json:"free"`
}

// Status gives the archive's account.
func (a *Archive) Status(ctx context.Context) (*Status, error) {
	c, err := a.ledger.Counts(ctx)
	if err != nil {
		return nil, err
	}
	s := &Status{
		States: map[ledger.State]int64{}, Found: c.Found, Gone: c.Gone, Closed: closed(c), OpenWork: c.OpenWork, ByKind: c.ByKind, WaitingFor: c.WaitingFor,
		Disk: DiskStatus{Originals: c.Bytes}, Spend: map[string]float64{},
	}
	for _, state := range ledger.States() {
		s.States[state] = c.States[state]
	}
	s.Index = IndexStatus{Engine: a.cfg.Index.Engine, Documents: c.Documents, Passages: c.Passages, Lag: c.Outgoing}
	if _, why := a.feed.trouble(); why != nil {
		s.Index.Error = why.Error()
	}
	if s.Disk.Free, err = a.guard.Free(); err != nil {
		return nil, err
	}
	if s.Outdated, err = a.outdated(ctx, nil); err != nil {
		return nil, err
	}
	if s.NextRun, err = a.nextRun(); err != nil {
		return nil, err
	}
	if s.Speech = a.speech.status(); s.Speech != nil {
		if err := a.spend(ctx, s.Spend); err != nil {
			return nil, err
		}
	}
	if len(a.running) > 0 {
		p := a.progress
		s.Running = &Running{Seconds: time.Since(p.Began()).Seconds(), Found: p.Found.Load(), Done: p.Done.Load(), Indexed: p.Indexed.Load()}
	}
	run, err := a.ledger.LastRun(ctx, "")
	if errors.Is(err, ledger.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.LastRun = &LastRun{ID: run.ID, Kind: run.Kind, Started: run.Started.Format(time.RFC3339), Outcome: run.Outcome}
	if !run.Ended.IsZero() {
		s.LastRun.Ended = run.Ended.Format(time.RFC3339)
		s.LastRun.Account = json.RawMessage(run.Account)
	}
	return s, nil
}

// spend tells what this night's transcription has cost, and what it may cost.
func (a *Archive) spend(ctx context.Context, into map[string]float64) error {
	have, err := a.ledger.Spent(ctx, night(time.Now(), a.zone()))
	if err != nil {
		return err
	}
	into["transcribe_minutes"], into["transcribe_money"] = have.Minutes, have.Money
	if n := a.cfg.Transcribe.BudgetMinutes; n > 0 {
		into["transcribe_budget_minutes"] = float64(n)
	}
	if n := a.cfg.Transcribe.BudgetMoney; n > 0 {
		into["transcribe_budget_money"] = float64(n)
	}
	return nil
}

// outdated counts contents that an older version of their reader read or failed
// on, and those that no reader knew when there were fewer, and calls fn (if it is
// not nil) for each.
func (a *Archive) outdated(ctx context.Context, fn func(*ledger.Content) error) (int64, error) {
	versions := map[string]int{}
	for _, f := range a.formats {
		versions[f.Name] = f.Version
	}
	versions[""] = a.catalogue()
	n := int64(0)
	for name, version := range versions {
		ids, err := a.ledger.ReadBy(ctx, name, version)
		if err != nil {
			return 0, err
		}
		for _, c := range ids {
			if name == "" && c.Reason != document.Unsupported {
				continue // not read for another cause
			}
			n++
			if fn != nil {
				if err := fn(c); err != nil {
					return n, err
				}
			}
		}
	}
	return n, nil
}

// catalogue is the version of all readers together: it rises when one is added
// or made better. A content that nothing reads keeps it, so that it is known when
// there is somebody new to ask.
func (a *Archive) catalogue() int {
	sum := 0
	for _, f := range a.formats {
		sum += f.Version
	}
	return sum
}

// schedule is a source's cron expression, parsed in the configured time zone;
// nil if it has none.
func (a *Archive) schedule(expression string) (cron.Schedule, error) {
	if expression == "" {
		return nil, nil
	}
	if a.cfg.TimeZone != "" && a.cfg.TimeZone != "Local" {
		expression = "CRON_TZ=" + a.cfg.TimeZone + " " + expression
	}
	return cron.ParseStandard(expression)
}

// scheduleOf is the schedule of one configured source.
func (a *Archive) scheduleOf(name, own string) (cron.Schedule, error) {
	if own == "" {
		own = a.cfg.Schedule
	}
	s, err := a.schedule(own)
	if err != nil {
		return nil, errors.New("the schedule of source " + name + " is not a cron expression: " + err.Error())
	}
	return s, nil
}

func (a *Archive) nextRun() (string, error) {
	var next time.Time
	for _, src := range a.cfg.Sources {
		s, err := a.scheduleOf(src.Name, src.Schedule)
		if err != nil {
			return "", err
		}
		if s == nil {
			continue
		}
		if t := s.Next(time.Now()); next.IsZero() || t.Before(next) {
			next = t
		}
	}
	if next.IsZero() {
		return "", nil
	}
	return next.Format(time.RFC3339), nil
}

// Schedule starts the configured runs and catches up those that were missed
// while nothing ran.
func (a *Archive) Schedule(ctx context.Context) error {
	if a.speech.t.Configured() {
		a.done.Go(func() { a.speech.watch(a.work) })
	}
	var missed []string
	for _, src := range a.cfg.Sources {
		s, err := a.scheduleOf(src.Name, src.Schedule)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		a.queue.Schedule(s, []string{src.Name})
		run, err := a.ledger.LastRun(ctx, src.Name)
		if errors.Is(err, ledger.ErrNotFound) {
			missed = append(missed, src.Name)
			continue
		}
		if err != nil {
			return err
		}
		if s.Next(run.Started).Before(time.Now()) {
			missed = append(missed, src.Name)
		}
	}
	if len(missed) == 0 {
		return nil
	}
	a.log.Info("a scheduled run was missed and is made up for now", "sources", missed)
	return a.queue.Night(ctx, missed)
}

// ItemView is one line of `items`.
type ItemView struct {
	Document string        `json:"document,omitempty"`
	Source   string        `json:"source"`
	Locator  string        `json:"locator"`
	Name     string        `json:"name"`
	Kind     document.Kind `json:"kind,omitempty"`
	Size     int64         `json:"size"`
	State    ledger.State  `json:"state"`
	Reason   string        `json:"reason,omitempty"`
	Detail   string        `json:"detail,omitempty"`
	Gone     bool          `json:"gone,omitempty"`
	Run      int64         `json:"run"`
}

// Items calls fn for items by state, in the order in which they were found.
func (a *Archive) Items(ctx context.Context, f ledger.Filter, fn func(*ItemView) error) error {
	return a.ledger.Items(ctx, f, func(i *ledger.Item, c *ledger.Content) error {
		v := &ItemView{Source: i.Source, Locator: i.Locator, Name: i.Name, Size: i.Size, State: i.State, Reason: i.Reason, Detail: i.Detail, Gone: i.Gone, Run: i.Run}
		if c != nil {
			v.Document, v.Kind, v.Size = c.DocumentID(), c.Kind, c.Size
		}
		return fn(v)
	})
}
