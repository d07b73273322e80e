package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
	"guidang/pipeline/ledger"
)

// TestSamples reads the sample archive from end to end and asks the judged
// queries. It takes some ten seconds of computing, so it runs only where
// GUIDANG_TEST_SAMPLES is set; "write" also writes what the engines' own tests
// ask them over.
func TestSamples(t *testing.T) {
	t.Parallel()
	mode := os.Getenv("GUIDANG_TEST_SAMPLES")
	if mode == "" {
		t.Skip("GUIDANG_TEST_SAMPLES is not set")
	}
	o := newOffice(t)
	var err error
	if o.source, err = filepath.Abs("../samples/archive"); err != nil {
		t.Fatal(err)
	}
	o.ingest()
	indextest.Judge(t, func(r index.Request) (*index.Result, error) { return o.a.Search(t.Context(), r, nil) })
	if mode == "write" {
		o.writeSamples("index/indextest/testdata/samples.jsonl.gz")
	}
}

func (o *office) writeSamples(path string) {
	o.t.Helper()
	var all []indextest.Sample
	err := o.a.ledger.EachFindable(o.t.Context(), func(f ledger.Outgoing) error {
		if f.Content.Then == ledger.PartOf {
			return nil
		}
		e, err := o.a.entry(o.t.Context(), &f)
		all = append(all, indextest.Sample{Entry: e, Locator: f.Item.Locator, People: peopleOf(f.Content.People)})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b indextest.Sample) int { return strings.Compare(a.Locator, b.Locator) })
	w, err := os.Create(path)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := indextest.WriteSamples(w, all); err != nil {
		o.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		o.t.Fatal(err)
	}
}
