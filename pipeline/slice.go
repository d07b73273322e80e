package pipeline

import (
	"context"
	"errors"
	"fmt"

	"guidang/extractors"
	"guidang/pipeline/ledger"
	"guidang/pipeline/sandbox"
)

const (
	// A container above this size is cut into slices of so many children, each
	// a job: they run side by side and a crash costs one of them.
	cutBytes      = 1 << 20
	sliceChildren = 600

	// Above this size slices are twice as long: each is a transaction, and sums fall
	// on all pages of their indexes, of which a large archive has many.
	longSlices = 128 << 20
)

// childrenOf is how many children a slice of a container of some size has.
func childrenOf(size int64) int {
	if size > longSlices {
		return 2 * sliceChildren
	}
	return sliceChildren
}

// readSlice reads a part of a container: the handler of slice jobs.
func (a *Archive) readSlice(ctx context.Context, id int64) error {
	if err := a.guard.Check(); err != nil {
		return a.diskFull(err)
	}
	slice, err := a.ledger.Slice(ctx, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil // done before a crash or by an earlier attempt
	}
	if err != nil {
		return err
	}
	item, err := a.ledger.Item(ctx, slice.Item)
	if err != nil {
		return err
	}
	data, err := a.openItem(ctx, item)
	if err != nil {
		return fmt.Errorf("open %s: %w", item.Locator, err)
	}
	defer data.Close()
	content, err := a.ledger.Content(ctx, item.Content)
	if err != nil {
		return err
	}
	r := &reading{item: item, sum: content.Sum, hashed: true, size: content.Size, format: extractors.ByName(a.formats, content.Format)}
	if r.format == nil {
		return fmt.Errorf("%s was read as %s, which this program does not know", item.Locator, content.Format)
	}
	batch := a.store.Batch(ctx)
	defer batch.Discard()
	v := &visit{a: a, batch: batch, r: r, depth: depthOf(item.Locator)}
	req := &sandbox.Request{Input: a.input(r, data, v.depth), Format: r.format.Name}
	req.Input.Range = slice.Range
	if err := v.know(ctx, req.Input); err != nil {
		return err
	}
	if err := a.reader.Read(ctx, req, v.begin); err != nil {
		return fmt.Errorf("read %s: %w", item.Locator, a.diskFull(err))
	}
	r.passages, r.terms, r.tags, r.paper = nil, nil, nil, nil
	return a.keep(ctx, batch, []*reading{r}, slice)
}
