package meili

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

// TestRecorded reads what a real server answered, so that the fake is not the
// only one who says what answers look like. A newer server's recordings go into
// a file beside it.
func TestRecorded(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/v1.50.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded []struct {
		Name, Request string
		Status        int
		Answer        json.RawMessage
	}
	if err := json.Unmarshal(b, &recorded); err != nil {
		t.Fatal(err)
	}
	task := func(code string) func(*testing.T, *server) {
		return func(t *testing.T, s *server) {
			t.Helper()
			var uid int64
			switch code {
			case "index_already_exists":
				uid = 1
			case "invalid_document_id":
				uid = 2
			case "index_not_found":
				uid = 6
			case "task_not_found":
				uid = 999
			}
			failed, err := s.wait(t.Context(), []int64{uid})
			switch {
			case err != nil:
				t.Error(err)
			case code == "":
				if len(failed) > 0 {
					t.Errorf("failed %v", failed)
				}
			case failed[uid] == nil || failed[uid].Code != code || failed[uid].rejects() != (code == "invalid_document_id"):
				t.Errorf("failed %v, want %s", failed, code)
			}
		}
	}
	wrong := func(code string, call func(*testing.T, *server) error) func(*testing.T, *server) {
		return func(t *testing.T, s *server) {
			t.Helper()
			if err := call(t, s); codeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
	}
	version := func(t *testing.T, s *server) error { t.Helper(); _, err := s.version(t.Context()); return err }
	search := func(t *testing.T, s *server) error {
		t.Helper()
		_, err := s.search(t.Context(), "r_passages", &index.Query{Scopes: []string{"s"}, Candidates: 4})
		return err
	}
	send := func(t *testing.T, s *server) error {
		t.Helper()
		_, err := s.putState(t.Context(), "r_passages", markID, marked{})
		return err
	}
	tests := map[string]func(*testing.T, *server){
		"version":   wrong("", version),
		"wrong key": wrong("invalid_api_key", version),
		"no key":    wrong("missing_authorization_header", version),
		"no index": wrong("index_not_found", func(t *testing.T, s *server) error {
			t.Helper()
			_, err := s.count(t.Context(), "r_passages", "")
			return err
		}),
		"task succeeded":      task(""),
		"task failed: exists": task("index_already_exists"),
		"task failed: bad id": task("invalid_document_id"),
		"task failed: swap":   task("index_not_found"),
		"no task":             task("task_not_found"),
		"malformed":           wrong("malformed_payload", send),
		"bad filter":          wrong("invalid_search_filter", search),
		"accepted":            wrong("", send),
		"too large": func(t *testing.T, s *server) {
			t.Helper()
			if err := send(t, s); !tooLarge(err) {
				t.Errorf("%v is not too large", err)
			}
		},
		"no document": func(t *testing.T, s *server) {
			t.Helper()
			var id identity
			if ok, err := s.state(t.Context(), "r_passages", identityID, &id); ok || err != nil {
				t.Errorf("%v %v", ok, err)
			}
		},
		"document": func(t *testing.T, s *server) {
			t.Helper()
			var id identity
			if ok, err := s.state(t.Context(), "r_passages", identityID, &id); !ok || err != nil || id.Generation != "g0000000000000001" {
				t.Errorf("%+v %v %v", id, ok, err)
			}
		},
		"fetch": func(t *testing.T, s *server) {
			t.Helper()
			got := ""
			err := s.passages(t.Context(), "r_passages", "", func(id index.PassageID, revision int64) { got += id.String() + string(rune('0'+revision)) })
			if err != nil || got != "a_07" {
				t.Errorf("%s %v", got, err)
			}
		},
		"search": func(t *testing.T, s *server) {
			t.Helper()
			got, err := s.search(t.Context(), "r_passages", &index.Query{Scopes: []string{"s"}, Terms: index.Parse("项目验").Terms, Candidates: 4})
			if err != nil || len(got.Hits) != 1 || got.Hits[0] != (index.Candidate{ID: index.PassageID{Document: "a"}, Score: 1}) || got.More {
				t.Errorf("%+v %v", got, err)
			}
		},
	}
	list := func(t *testing.T, s *server) ([]index.Candidate, error) {
		t.Helper()
		return s.part(t.Context(), s.api.Index("r_passages"), `"qkmxe0e"`, meilisearch.SearchRequest{Limit: 1}, 3, 10)
	}
	tests["list"] = func(t *testing.T, s *server) {
		t.Helper()
		got, err := list(t, s)
		if err != nil || len(got) != 3 || got[0].ID.String() != "a_0" || got[2].ID.String() != "c_0" {
			t.Errorf("%v %v", got, err)
		}
	}
	tests["bad facet"] = wrong("invalid_search_facets", func(t *testing.T, s *server) error { t.Helper(); _, err := list(t, s); return err })
	tests["titles"] = func(t *testing.T, s *server) {
		t.Helper()
		got, total, err := s.hits(t.Context(), s.api.Index("r_passages"), `"qkmxe0e"`, &meilisearch.SearchRequest{AttributesToSearchOn: []string{"title", "name"}})
		if err != nil || total != 1 || len(got) != 1 || got[0].ID.String() != "c_0" {
			t.Errorf("%v of %d, %v", got, total, err)
		}
	}
	for _, r := range recorded {
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			test := tests[r.Name]
			if test == nil {
				t.Fatal("nobody reads this recording")
			}
			asked := ""
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				asked += q.URL.Path + "\n"
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(r.Status)
				_, _ = w.Write(r.Answer)
			}))
			defer srv.Close()
			s, err := dial(srv.URL, meilisearch.Key{}, quick())
			if err != nil {
				t.Fatal(err)
			}
			test(t, s)
			_, path, _ := strings.Cut(r.Request, " ")
			path, _, _ = strings.Cut(path, "?")
			if strings.Count(asked, "\n") != 1 {
				t.Errorf("asked %q, recorded is %s", asked, path)
			}
		})
	}
}
