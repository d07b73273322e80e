package sandbox

import "time"

// limitOf is how much computing an original of a size may take.
func limitOf(seconds int, size int64) time.Duration {
	return time.Duration(seconds)*time.Second + time.Duration(size>>20)*PerMB
}

// A reader that stops by itself keeps what it has read; one that is killed
// leaves only what it had handed over. So readers are told of four fifths of the
// time: the rest is for a page that cannot be stopped at once and for the
// parent's looks, which come ten times a second.
const toldOf, toldFifths = 5, 4

// clock is the time that one original has in a child, by the two measures that
// the parent takes. What lies in it has a clock of its own.
type clock struct {
	limit time.Duration // of cpu
	cpu   time.Duration // used before, by others
	wall  time.Time     // from which it runs

	began   time.Time // as above, but nothing moves these
	atBegin time.Duration
}

func newClock(limit time.Duration) *clock {
	cpu, now := ownCPU(), time.Now()
	return &clock{limit: limit / toldOf * toldFifths, cpu: cpu, wall: now, atBegin: cpu, began: now}
}

// left is how much of it there still is.
func (c *clock) left() time.Duration {
	return min(c.limit-(ownCPU()-c.cpu), wallFactor*c.limit-time.Since(c.wall))
}

// pass takes out what was spent since another clock was started.
func (c *clock) pass(inner *clock) {
	c.wall = c.wall.Add(time.Since(inner.began))
	c.cpu += ownCPU() - inner.atBegin
}
