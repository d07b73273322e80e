package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/index/both"
	"guidang/pipeline/index/embedded"
	"guidang/pipeline/index/meili"
	"guidang/pipeline/ledger"
)

// openEngine opens the index and sends again what it lost: an index that is
// new, of another ledger, or older than the ledger's last acknowledgement is
// filled from the outbox.
func (a *Archive) openEngine(ctx context.Context) error {
	var have string // the generation that the ledger knows
	err := a.ledger.Update(ctx, func(tx ledger.Tx) (err error) {
		have, err = tx.Generation()
		return err
	})
	if err != nil {
		return err
	}
	if a.engine, err = a.newEngine(ctx, have); err != nil {
		return err
	}
	mark, err := a.engine.Mark(ctx)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if mark.Ledger != "" && mark.Ledger != a.ledger.ID() {
		return fmt.Errorf("the index belongs to another archive; give this one a data directory or an index prefix of its own")
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		after := mark.Seq
		if g := a.engine.Generation(); have != g && !both.Holds(have, g) {
			after = -1
		}
		lost, err := tx.Forget(a.engine.Generation(), after)
		if lost > 0 {
			a.log.Warn("the index is behind the ledger and is filled again", "documents", lost)
		}
		return err
	})
}

// newEngine opens the engine of the settings. Of two, the one that the ledger
// knows already answers until the other is filled.
func (a *Archive) newEngine(ctx context.Context, known string) (index.Engine, error) {
	switch a.cfg.Index.Engine {
	case "meilisearch":
		return a.openServer(ctx)
	case "both":
		own, err := a.openEmbedded(ctx)
		if err != nil {
			return nil, err
		}
		server, err := a.openServer(ctx)
		if err != nil {
			return nil, errors.Join(err, own.Close())
		}
		old, fresh := own, server
		if known == server.Generation() || known == both.Join(server.Generation(), own.Generation()) {
			old, fresh = server, own
		}
		pair, err := both.Open(ctx, old, fresh)
		if err != nil {
			return nil, errors.Join(err, own.Close(), server.Close())
		}
		return pair, nil
	}
	return a.openEmbedded(ctx)
}

func (a *Archive) openServer(ctx context.Context) (index.Engine, error) {
	m := a.cfg.Index.Meilisearch
	return meili.Open(ctx, meili.Options{URL: m.URL, Key: m.Key, KeyUID: m.KeyUID, Prefix: m.Prefix})
}

func (a *Archive) openEmbedded(ctx context.Context) (index.Engine, error) {
	dir := filepath.Join(a.dir, "index")
	e, err := embedded.Open(ctx, dir, embedded.Options{})
	if errors.Is(err, index.ErrOutdated) {
		a.log.Info("the index was written by another version and is built anew")
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
		return embedded.Open(ctx, dir, embedded.Options{})
	}
	if !errors.Is(err, index.ErrCorrupt) {
		if err != nil {
			return nil, err
		}
		return e, nil
	}
	// An index is disposable: the damaged one is set aside for whoever wants to
	// look at it, and the ledger fills a new one while search answers from what
	// there is.
	aside := fmt.Sprintf("%s.corrupt-%s", dir, time.Now().Format("20060102-150405"))
	a.log.Warn("the index is corrupt; it is set aside and built anew", "aside", aside, "error", err)
	if err := os.Rename(dir, aside); err != nil {
		return nil, err
	}
	return embedded.Open(ctx, dir, embedded.Options{})
}

// Reindex builds the index anew beside the one in use and swaps. What changes
// meanwhile goes to the old one and is sent again after the swap.
func (a *Archive) Reindex(ctx context.Context) (documents int64, err error) {
	if err := a.begin(ctx); err != nil {
		return 0, err
	}
	defer a.end()
	fresh, err := a.engine.Rebuild(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, fresh.Discard()) }()
	var batches []sent
	var chunk []ledger.Outgoing
	flush := func() error {
		for len(chunk) > 0 {
			b, n, err := a.batch(ctx, chunk)
			if err != nil {
				return err
			}
			chunk = chunk[n:]
			if len(b.entries) == 0 {
				continue
			}
			token, err := fresh.Upsert(ctx, b.entries, index.Mark{Ledger: a.ledger.ID()})
			if err != nil {
				return err
			}
			batches = append(batches, sent{token: token, acks: b.acks})
		}
		return nil
	}
	err = a.ledger.EachFindable(ctx, func(o ledger.Outgoing) error {
		if chunk = append(chunk, o); len(chunk) < feedDocuments {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return 0, err
	}
	var acks []ledger.Ack
	for _, b := range batches {
		err := fresh.Visible(ctx, b.token)
		if rejected, ok := errors.AsType[*index.RejectedError](err); ok {
			b.acks, err = a.reject(ctx, rejected, b.acks)
		}
		if err != nil {
			return 0, err
		}
		acks = append(acks, b.acks...)
	}
	if err := fresh.Swap(ctx); err != nil {
		return 0, err
	}
	// From here on the old index's acknowledgements count for nothing and the
	// new one's take their place. A crash in between sends everything once more.
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		return tx.Reacknowledge(fresh.Generation(), acks)
	})
	a.feed.wake()
	if err == nil {
		err = a.awaitIndex(ctx)
	}
	return int64(len(acks)), err
}

// engineOf gives the searcher the engine that is in use.
type engineOf struct{ a *Archive }

func (e engineOf) Engine() index.Engine { return e.a.engine }
