package sandbox

import (
	"context"
	"slices"
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
		if !slices.ContainsFunc(all, (*child).busy) {
			continue
		}
		for _, c := range all {
			if why := c.look(); why != "" {
				c.kill(why)
			}
		}
		most := p.total()
		if pid := int(p.compiler.Load()); pid > 0 {
			memory, _, _ := usage(pid)
			most -= memory
		}
		if c, why := crowding(all, most); c != nil {
			c.kill(why)
		}
	}
}

// crowded is why a child is killed that does nothing wrong, but takes much while
// another one does too. Its request is tried again, and of those only one is
// served at a time. No item ever ends with it.
const crowded document.Reason = "crowded"

// crowding finds the child that has to go when all together hold too much: one
// that has nothing to do, else the largest of those that were not promised room.
func crowding(all []*child, most int64) (found *child, why document.Reason) {
	var total, largest int64
	var idle *child
	for _, c := range all {
		c.mu.Lock()
		memory, busy, dead := c.memory, c.spent != nil, c.dead
		c.mu.Unlock()
		if dead {
			continue
		}
		total += memory
		switch {
		case memory <= ordinary:
		case !busy:
			idle = c
		case memory > largest && !c.heavy.Load():
			found, largest = c, memory
		}
	}
	switch {
	case total <= most:
		return nil, ""
	case idle != nil:
		return idle, ""
	}
	return found, crowded
}

// busy says that it is a child's turn.
func (c *child) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spent != nil
}

// look takes the measure of a child and says what it has too much of.
func (c *child) look() document.Reason {
	if c.ended() {
		return ""
	}
	memory, cpu, _ := usage(c.cmd.Process.Pid)
	c.mu.Lock()
	defer c.mu.Unlock()
	used := cpu - c.cpu
	if c.unseen { // what it used before was for other items
		used, c.unseen = 0, false
	}
	c.cpu, c.memory, c.largest = cpu, memory, max(c.largest, memory)
	if memory > c.p.o.Memory/2 {
		c.retire.Store(true)
	}
	if c.spent == nil {
		return ""
	}
	if memory > c.p.o.Memory {
		return document.MemoryLimit
	}
	c.spent.cpu += used
	if c.spent.cpu > c.spent.limit || c.spent.wall+time.Since(c.begun) > wallFactor*c.spent.limit {
		return document.TimeLimit
	}
	return ""
}
