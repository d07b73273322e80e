package sandbox

import (
	"context"
	"time"

	"guidang/extractors/document"
)

// lookEvery is how often children are looked at. Between two looks a child can
// take about 100 MB, which RLIMIT_DATA bounds.
const lookEvery = 100 * time.Millisecond

// watch kills children at work that take too much.
func (p *Pool) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.mu.Lock()
		all := make([]*child, 0, len(p.all))
		for c := range p.all {
			all = append(all, c)
		}
		p.mu.Unlock()
		for _, c := range all {
			if why := c.look(); why != "" {
				c.kill(why)
			}
		}
	}
}

// look takes the measure of a child and says what it has too much of.
func (c *child) look() document.Reason {
	c.mu.Lock()
	busy := c.spent != nil
	c.mu.Unlock()
	if !busy || c.ended() {
		return ""
	}
	memory, cpu, _ := usage(c.cmd.Process.Pid)
	c.mu.Lock()
	defer c.mu.Unlock()
	used := cpu - c.cpu
	if c.unseen { // what it used before was for other items
		used, c.unseen = 0, false
	}
	c.cpu, c.largest = cpu, max(c.largest, memory)
	if memory > c.p.o.Memory {
		return document.MemoryLimit
	}
	if memory > c.p.o.Memory/2 {
		c.retire.Store(true)
	}
	if c.spent == nil {
		return ""
	}
	c.spent.cpu += used
	if c.spent.cpu > c.spent.limit || c.spent.wall+time.Since(c.begun) > wallFactor*c.spent.limit {
		return document.TimeLimit
	}
	return ""
}
