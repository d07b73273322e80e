package meili

import (
	"context"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// quick is the pace of tests: the fake server works only while it is asked.
func quick() pace {
	return pace{retry: time.Microsecond, attempts: 6, poll: time.Microsecond, pollMost: time.Microsecond, payload: 1 << 20, inFlight: 4}
}

func openFake(t *testing.T, f *fake, p pace) *Engine {
	t.Helper()
	return openAt(t, f.options(), p)
}

func openAt(t *testing.T, o Options, p pace) *Engine {
	t.Helper()
	e, err := open(t.Context(), o, p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// suite runs the engine's contract on a server.
func suite(options func(t *testing.T) Options, p pace) indextest.Suite {
	last := map[index.Engine]Options{}
	turn := make(chan struct{}, 1)
	remember := func(e index.Engine, o Options) index.Engine {
		turn <- struct{}{}
		last[e] = o
		<-turn
		return e
	}
	optionsOf := func(e index.Engine) Options {
		turn <- struct{}{}
		defer func() { <-turn }()
		return last[e]
	}
	reopen := func(t *testing.T, e index.Engine) index.Engine {
		t.Helper()
		o := optionsOf(e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		return remember(openAt(t, o, p), o)
	}
	return indextest.Suite{
		New: func(t *testing.T) index.Engine {
			t.Helper()
			o := options(t)
			return remember(openAt(t, o, p), o)
		},
		Reopen: reopen,
		Damage: func(t *testing.T, e index.Engine, gone []index.PassageID) index.Engine {
			t.Helper()
			var ids []string
			for _, id := range gone {
				ids = append(ids, id.String())
			}
			en := e.(*Engine)
			err := en.s.run(t.Context(), "damage", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
				return en.s.api.Index(en.uid).DeleteDocumentsWithContext(ctx, ids, nil)
			})
			if err != nil {
				t.Fatal(err)
			}
			return reopen(t, e)
		},
	}
}

func TestEngine(t *testing.T) {
	t.Parallel()
	indextest.Run(t, suite(func(t *testing.T) Options { t.Helper(); return newFake(t).options() }, quick()))
}
