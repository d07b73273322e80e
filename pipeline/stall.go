package pipeline

import (
	"context"
	"errors"
	"time"

	"guidang/pipeline/store"
)

// fail ends the run in progress.
func (a *Archive) fail(err error) {
	a.stalled.Store(true)
	select {
	case a.failed <- err:
	default:
	}
}

// fullDisk says whether a full disk is to blame. The run says so once, in one
// sentence; every job that meets it would say it again.
func fullDisk(err error) bool { return errors.Is(err, store.ErrDiskFull) }

// diskFull passes on that the disk is full, so that the run stops cleanly, and
// gives the error back.
func (a *Archive) diskFull(err error) error {
	if fullDisk(err) {
		a.stalled.Store(true)
		select {
		case a.full <- err:
		default:
		}
	}
	return err
}

// unstall forgets what ended an earlier run and puts the jobs that were given
// up with it back into the queue. A job that is there twice does nothing the
// second time.
func (a *Archive) unstall(ctx context.Context) error {
	if !a.stalled.Swap(false) {
		return nil
	}
	for _, c := range []chan error{a.failed, a.full} {
		select {
		case <-c: //nolint:errcheck // forgotten on purpose
		default:
		}
	}
	return a.refill(ctx)
}

// resumeEvery is how often a process that ran out of disk looks for room.
const resumeEvery = 15 * time.Second

// resume goes on with a run that a full disk stopped, as soon as there is room.
func (a *Archive) resume(ctx context.Context) {
	tick := time.NewTicker(resumeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !a.stalled.Load() || a.guard.Check() != nil || len(a.running) > 0 {
			continue
		}
		a.log.Info("there is room on the disk again; going on")
		if _, err := a.finishRun(ctx, "resume"); err != nil && ctx.Err() == nil {
			a.log.Warn("could not go on", "error", err)
		}
	}
}
