package transcribe

import (
	"context"
	"sync"
)

// keyed lets one at a time work on a sum.
type keyed struct {
	mu   sync.Mutex
	held map[Sum]chan struct{}
}

// lock waits until nobody else holds the sum.
func (k *keyed) lock(ctx context.Context, sum Sum) (release func(), err error) {
	for {
		k.mu.Lock()
		if k.held == nil {
			k.held = map[Sum]chan struct{}{}
		}
		over, taken := k.held[sum]
		if !taken {
			over = make(chan struct{})
			k.held[sum] = over
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				delete(k.held, sum)
				k.mu.Unlock()
				close(over)
			}, nil
		}
		k.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-over:
		}
	}
}
