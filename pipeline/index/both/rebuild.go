package both

import (
	"context"
	"errors"

	"guidang/pipeline/index"
)

// rebuilding is one of each.
type rebuilding struct{ old, fresh index.Rebuilding }

// Rebuild begins both anew, each beside its old one.
func (e *Engine) Rebuild(ctx context.Context) (index.Rebuilding, error) {
	e.have.Store(nil)
	a, err := e.old.Rebuild(ctx)
	if err != nil {
		return nil, err
	}
	b, err := e.fresh.Rebuild(ctx)
	if err != nil {
		return nil, errors.Join(err, a.Discard())
	}
	return &rebuilding{a, b}, nil
}

func (r *rebuilding) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	a, err := r.old.Upsert(ctx, entries, mark)
	if err != nil {
		return "", err
	}
	b, err := r.fresh.Upsert(ctx, entries, mark)
	return token(a, b), err
}

func (r *rebuilding) Visible(ctx context.Context, t index.Token) error {
	a, b, err := split(t)
	if err != nil {
		return err
	}
	return visible(ctx, r.old, r.fresh, a, b)
}

// Swap swaps one after the other. A crash in between leaves one new and one old,
// both complete; their generations together are none that the ledger knows, so
// everything is sent again.
func (r *rebuilding) Swap(ctx context.Context) error {
	if err := r.old.Swap(ctx); err != nil {
		return err
	}
	return r.fresh.Swap(ctx)
}

func (r *rebuilding) Discard() error { return errors.Join(r.old.Discard(), r.fresh.Discard()) }

func (r *rebuilding) Generation() string { return Join(r.old.Generation(), r.fresh.Generation()) }
