package embedded

import (
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

func FuzzQueries(f *testing.F) {
	indextest.FuzzQueries(f, func(f *testing.F) index.Engine {
		f.Helper()
		e, err := Open(f.Context(), f.TempDir(), Options{})
		if err != nil {
			f.Fatal(err)
		}
		f.Cleanup(func() { _ = e.Close() })
		return e
	})
}
