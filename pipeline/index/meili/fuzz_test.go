package meili

import (
	"net/http/httptest"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

func FuzzQueries(f *testing.F) {
	indextest.FuzzQueries(f, func(f *testing.F) index.Engine {
		f.Helper()
		server := &fake{key: fakeKey, version: "1.50.0", indexes: map[string]*fakeIndex{}}
		srv := httptest.NewServer(server)
		f.Cleanup(srv.Close)
		server.url = srv.URL
		e, err := open(f.Context(), server.options(), quick())
		if err != nil {
			f.Fatal(err)
		}
		f.Cleanup(func() { _ = e.Close() })
		return e
	})
}
