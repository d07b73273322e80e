package sandbox

import "fmt"

// prepared is a child that was started before anybody asked for it.
type prepared struct {
	child *child
	err   error
}

// Prepare says that so many originals are on their way: children for them are
// started while they are still being looked for, which a program does on one
// core.
func (p *Pool) Prepare(originals int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && p.number < min(originals, p.o.Workers) {
		p.number++
		n := p.number
		p.preparing++
		p.done.Go(func() {
			c, err := p.newChild(n, false)
			p.prepared <- prepared{c, err}
		})
	}
}

// takePrepared waits for a child that is being prepared. It is called with mu
// held and preparing above zero, and gives mu up.
func (p *Pool) takePrepared(engine bool) (*child, error) {
	p.preparing--
	p.mu.Unlock()
	got := <-p.prepared
	if got.err != nil {
		return nil, fmt.Errorf("start a reader: %w", got.err)
	}
	if engine {
		got.child.engine.Store(true)
	}
	return got.child, nil
}
