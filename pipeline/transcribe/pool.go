package transcribe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// What a caller branches on.
var (
	// ErrNone says that no service is configured.
	ErrNone = errors.New("no transcriber is configured")

	// ErrUnavailable says that none of the services can do it now. The recording
	// waits; another day may do.
	ErrUnavailable = errors.New("no transcriber answers")

	// ErrBudget says that the night's budget is used up.
	ErrBudget = errors.New("the night's budget for transcription is used up")

	// ErrRefused says that every service refuses a piece of this recording. Others
	// may do.
	ErrRefused = errors.New("the transcriber refuses this recording")
)

// Meter counts what is spent.
type Meter interface {
	// Take reserves minutes of sound and their price before they are sent;
	// ErrBudget when they go beyond what a night may cost. Negative amounts give
	// back what was not used.
	Take(ctx context.Context, minutes, money float64) error
}

const (
	// A service that cannot be reached is asked again this often before the
	// recordings wait; one that says it is busy is waited for so long.
	downTries    = 5
	newTries     = 3 // of one that has never answered
	busyPatience = 15 * time.Minute

	deniedFor = 30 * time.Minute // a wrong key does not become right
)

// pool shares parts out among endpoints.
type pool struct {
	all   []*endpoint
	meter Meter
	wait  func(ctx context.Context, d time.Duration) error
	now   func() time.Time

	mu      sync.Mutex
	changed chan struct{} // closed when somebody finishes
}

func newPool(all []*endpoint, meter Meter) *pool {
	return &pool{all: all, meter: meter, wait: sleep, now: time.Now, changed: make(chan struct{})}
}

// capacity is how many parts can be under way.
func (p *pool) capacity() int {
	n := 0
	for _, e := range p.all {
		n += max(e.Concurrency, 1)
	}
	return n
}

// ask has a part transcribed by whichever endpoint is free and well, weighted.
func (p *pool) ask(ctx context.Context, pcm []byte, q question) (*answer, error) {
	refused := map[*endpoint]error{}
	downs, waited := 0, time.Duration(0)
	var last error
	for {
		e, pause, err := p.take(ctx, refused)
		if err != nil {
			return nil, err
		}
		if e == nil {
			switch {
			case len(refused) == len(p.all):
				return nil, last
			case pause < 0 || downs >= p.tries() || waited+pause > busyPatience:
				return nil, p.unavailable(last)
			}
			if err := p.wait(ctx, pause); err != nil {
				return nil, err
			}
			waited += pause
			continue
		}
		a, err := p.once(ctx, e, pcm, q)
		p.release(e, err)
		switch {
		case err == nil:
			return a, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, ErrBudget), errors.Is(err, errTooLarge):
			return nil, err
		case errors.Is(err, errRefused):
			refused[e] = err
			err = fmt.Errorf("%w: %s: %w", ErrRefused, e.name(), err)
		case errors.Is(err, errDown):
			downs++
		case errors.Is(err, errBusy), errors.Is(err, errDenied):
		default:
			return nil, err // the program's own, or the ledger's
		}
		last = err
	}
}

// tries is how often services that fail are asked for one part.
func (p *pool) tries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.all {
		if e.worked {
			return downTries
		}
	}
	return newTries
}

func (p *pool) unavailable(last error) error {
	if last == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, e := range p.all {
			if e.trouble != nil {
				return fmt.Errorf("%w: %s: %w", ErrUnavailable, e.name(), e.trouble)
			}
		}
		return ErrUnavailable
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, last)
}

// once sends a part to one endpoint and keeps the account.
func (p *pool) once(ctx context.Context, e *endpoint, pcm []byte, q question) (*answer, error) {
	minutes := seconds(int64(len(pcm)/sampleBytes)) / 60
	if p.meter != nil {
		if err := p.meter.Take(ctx, minutes, minutes*e.Price); err != nil {
			return nil, err
		}
	}
	for {
		a, learned, err := e.ask(ctx, pcm, q)
		if learned && err == nil {
			continue
		}
		if err != nil && p.meter != nil {
			if back := p.meter.Take(context.WithoutCancel(ctx), -minutes, -minutes*e.Price); back != nil {
				return nil, errors.Join(err, back)
			}
		}
		return a, err
	}
}

// take gives the endpoint that shall have the next part: of those that are free
// and well the one that has least to do for its weight. Without any it gives the
// time after which to look again, negative when no waiting helps.
func (p *pool) take(ctx context.Context, refused map[*endpoint]error) (*endpoint, time.Duration, error) {
	for {
		p.mu.Lock()
		now := p.now()
		var best *endpoint
		full := false
		pause := time.Duration(-1)
		for _, e := range p.all {
			if refused[e] != nil {
				continue
			}
			until := e.until
			if e.next.After(until) {
				until = e.next
			}
			if d := until.Sub(now); d > 0 {
				if pause < 0 || d < pause {
					pause = d
				}
				continue
			}
			if e.busy >= max(e.Concurrency, 1) {
				full = true
				continue
			}
			if best == nil || load(e) < load(best) {
				best = e
			}
		}
		if best != nil {
			best.busy++
			if best.PerMinute > 0 {
				best.next = now.Add(time.Minute / time.Duration(best.PerMinute))
			}
			p.mu.Unlock()
			return best, 0, nil
		}
		changed := p.changed
		p.mu.Unlock()
		if !full {
			return nil, pause, nil
		}
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-changed:
		}
	}
}

// load is what an endpoint has to do, for its weight, with one more part.
func load(e *endpoint) float64 { return float64(e.busy+1) / float64(max(e.Weight, 1)) }

// release gives an endpoint back, with how it went.
func (p *pool) release(e *endpoint, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.busy--
	close(p.changed)
	p.changed = make(chan struct{})
	var busy *busyError
	switch {
	case err == nil:
		e.fails, e.until, e.trouble, e.worked = 0, time.Time{}, nil, true
		return
	case errors.As(err, &busy):
		e.fails++
		pause := busy.after
		if pause <= 0 {
			pause = min(5*time.Second<<min(e.fails-1, 4), time.Minute)
		}
		e.until = p.now().Add(pause)
	case errors.Is(err, errDenied):
		e.until = p.now().Add(deniedFor)
	case errors.Is(err, errDown):
		e.fails++
		e.until = p.now().Add(min(time.Second<<min(e.fails, 6), time.Minute))
	default:
		return // it is well; the part or the budget is not
	}
	e.trouble = err
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
