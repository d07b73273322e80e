package meili

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a Meilisearch as far as the engine uses it: tasks, auto-batching,
// phrases of words. Nothing happens on its own: each look at the tasks takes its
// queue one step further, so tests need no clock.
type fake struct {
	t   *testing.T
	url string

	mu      sync.Mutex
	key     string // the master's
	keys    []*fakeKeyRow
	version string
	indexes map[string]*fakeIndex
	tasks   []*fakeTask
	steps   int
	log     []string // of what was done, in order

	// answer replaces the answer of a request, if it gives true.
	answer func(w http.ResponseWriter, r *http.Request, body []byte) bool
	// fail gives the code with which the next batch of documents fails whole.
	fail func(batch []*fakeTask) string
	// poison says which document makes its payload fail.
	poison func(id string) bool
}

type fakeTask struct {
	UID      int64      `json:"uid"`
	IndexUID string     `json:"indexUid"`
	Status   string     `json:"status"`
	Type     string     `json:"type"`
	Error    *fakeError `json:"error"`
	Batch    int        `json:"batchUid"`

	run  func() *fakeError
	docs bool
}

type fakeError struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Link    string `json:"link"`
}

const fakeKey = "a-key-of-the-tests"

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, key: fakeKey, version: "1.50.0", indexes: map[string]*fakeIndex{}}
	srv := httptest.NewServer(f)
	f.url = srv.URL
	t.Cleanup(srv.Close)
	return f
}

func (f *fake) options() Options { return Options{URL: f.url, Key: fakeKey, Prefix: "t"} }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	f.mu.Lock()
	answer := f.answer
	f.mu.Unlock()
	if answer != nil && answer(w, r, body) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c, status, code := f.authorise(r.Header.Get("Authorization"))
	if code == "" && !c.may(doing(r.Method, strings.Split(strings.Trim(r.URL.Path, "/"), "/"))) {
		status, code = http.StatusForbidden, "invalid_api_key"
	}
	if code != "" {
		refuse401(w, status, code)
		return
	}
	f.route(w, r, body, &c)
}

func refuse401(w http.ResponseWriter, status int, code string) {
	reply(w, status, &fakeError{"The provided API key is invalid.", code, "auth", "https://docs.meilisearch.com/errors#" + code})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func wrongf(w http.ResponseWriter, status int, code, format string, args ...any) {
	reply(w, status, &fakeError{fmt.Sprintf(format, args...), code, "invalid_request", "https://docs.meilisearch.com/errors#" + code})
}

func (f *fake) route(w http.ResponseWriter, r *http.Request, body []byte, c *caller) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	var uid, rest string
	if len(parts) > 1 {
		uid = parts[1]
		rest = strings.Join(parts[2:], "/")
	}
	switch {
	case parts[0] == "version":
		reply(w, 200, map[string]string{"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": f.version})
	case parts[0] == "keys":
		f.serveKeys(w, r.Method, body)
	case parts[0] == "tasks":
		f.serveTasks(w, r, c)
	case parts[0] == "swap-indexes":
		f.swap(w, body)
	case parts[0] == "indexes" && uid == "" && r.Method == http.MethodPost:
		f.create(w, body)
	case parts[0] == "indexes" && uid == "":
		f.list(w)
	case parts[0] == "indexes" && rest == "" && r.Method == http.MethodDelete:
		f.enqueue(w, uid, "indexDeletion", false, func() *fakeError {
			if f.indexes[uid] == nil {
				return &fakeError{Code: "index_not_found", Message: "Index `" + uid + "` not found."}
			}
			delete(f.indexes, uid)
			return nil
		})
	case parts[0] == "indexes":
		f.serveIndex(w, r, uid, rest, body, c)
	default:
		wrongf(w, 404, "not_found", "no route %s", r.URL.Path)
	}
}

func (f *fake) serveIndex(w http.ResponseWriter, r *http.Request, uid, rest string, body []byte, c *caller) {
	switch {
	case rest == "settings" && r.Method == http.MethodGet && f.indexes[uid] != nil:
		reply(w, 200, f.indexes[uid].told())
		return
	case rest == "settings" && r.Method == http.MethodDelete:
		f.enqueue(w, uid, "settingsUpdate", false, func() *fakeError { f.indexes[uid].settings = map[string]any{}; return nil })
		return
	case strings.HasPrefix(rest, "settings"):
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			wrongf(w, 400, "malformed_payload", "%v", err)
			return
		}
		f.enqueue(w, uid, "settingsUpdate", false, func() *fakeError { f.indexes[uid].set(strings.TrimPrefix(rest, "settings/"), v); return nil })
		return
	case rest == "documents" && r.Method == http.MethodPost:
		f.add(w, uid, body)
		return
	case rest == "documents/delete-batch":
		var ids []string
		if err := json.Unmarshal(body, &ids); err != nil {
			wrongf(w, 400, "malformed_payload", "%v", err)
			return
		}
		f.enqueue(w, uid, "documentDeletion", true, func() *fakeError {
			for _, id := range ids {
				delete(f.indexes[uid].docs, id)
			}
			return nil
		})
		return
	}
	ix := f.indexes[uid]
	if ix == nil {
		wrongf(w, 404, "index_not_found", "Index `%s` not found.", uid)
		return
	}
	switch rest {
	case "stats":
		reply(w, 200, map[string]any{"numberOfDocuments": len(ix.docs), "isIndexing": false, "fieldDistribution": map[string]int{}})
	case "search":
		ix.search(w, body, c.rules[uid].Filter)
	case "documents/fetch":
		ix.fetch(w, body)
	default:
		id := strings.TrimPrefix(rest, "documents/")
		d := ix.docs[id]
		if d == nil {
			wrongf(w, 404, "document_not_found", "Document `%s` not found.", id)
			return
		}
		reply(w, 200, ix.displayed(d, nil))
	}
}

func (f *fake) add(w http.ResponseWriter, uid string, body []byte) {
	var docs []*fakeDoc
	var bad *fakeError
	for line := range bytes.Lines(body) {
		d, err := newFakeDoc(line)
		if err != nil {
			wrongf(w, 400, "malformed_payload", "The `ndjson` payload provided is malformed. `%v`.", err)
			return
		}
		if f.poison != nil && f.poison(d.id) {
			bad = &fakeError{Code: "invalid_document_id", Type: "invalid_request", Message: "Document identifier `" + d.id + "` is invalid."}
		}
		docs = append(docs, d)
	}
	f.enqueue(w, uid, "documentAdditionOrUpdate", true, func() *fakeError {
		if bad != nil {
			return bad
		}
		for _, d := range docs {
			f.indexes[uid].docs[d.id] = d
		}
		return nil
	})
}

func (f *fake) create(w http.ResponseWriter, body []byte) {
	var c struct{ UID, PrimaryKey string }
	_ = json.Unmarshal(body, &c)
	f.enqueue(w, c.UID, "indexCreation", false, func() *fakeError {
		if f.indexes[c.UID] != nil {
			return &fakeError{Code: "index_already_exists", Message: "Index `" + c.UID + "` already exists."}
		}
		f.indexes[c.UID] = newFakeIndex()
		return nil
	})
}

func (f *fake) list(w http.ResponseWriter) {
	results := []any{}
	for uid, ix := range f.indexes {
		results = append(results, map[string]any{"uid": uid, "createdAt": ix.updated, "updatedAt": ix.updated, "primaryKey": "id"})
	}
	reply(w, 200, map[string]any{"results": results, "offset": 0, "limit": 100, "total": len(results)})
}

func (f *fake) swap(w http.ResponseWriter, body []byte) {
	var pairs []struct{ Indexes []string }
	_ = json.Unmarshal(body, &pairs)
	f.enqueue(w, "", "indexSwap", false, func() *fakeError {
		for _, p := range pairs {
			a, b := p.Indexes[0], p.Indexes[1]
			if f.indexes[a] == nil || f.indexes[b] == nil {
				return &fakeError{Code: "index_not_found", Message: "Indexes not found."}
			}
			f.indexes[a], f.indexes[b] = f.indexes[b], f.indexes[a]
		}
		return nil
	})
}

func (f *fake) enqueue(w http.ResponseWriter, uid, kind string, docs bool, run func() *fakeError) {
	t := &fakeTask{UID: int64(len(f.tasks)), IndexUID: uid, Status: "enqueued", Type: kind, run: run, docs: docs}
	f.tasks = append(f.tasks, t)
	reply(w, 202, map[string]any{"taskUid": t.UID, "indexUid": uid, "status": "enqueued", "type": kind, "enqueuedAt": time.Unix(0, 0).UTC()})
}

func (f *fake) serveTasks(w http.ResponseWriter, r *http.Request, c *caller) {
	f.step()
	limit := 20 // as the server's
	if s := r.URL.Query().Get("limit"); s != "" {
		limit, _ = strconv.Atoi(s)
	}
	asked := func(parameter, value string) bool {
		list := r.URL.Query().Get(parameter)
		return list == "" || slices.Contains(strings.Split(list, ","), value)
	}
	results := []*fakeTask{}
	for _, t := range f.tasks {
		seen := c.master || t.IndexUID != "" && c.may("tasks.get", t.IndexUID) // of a swap only the master hears
		if seen && asked("uids", strconv.FormatInt(t.UID, 10)) && asked("statuses", t.Status) && asked("indexUids", t.IndexUID) && len(results) < limit {
			results = append(results, t)
		}
	}
	reply(w, 200, map[string]any{"results": results, "total": len(results), "limit": limit})
}

// step begins the next batch, or ends the one that is being processed.
func (f *fake) step() {
	f.steps++
	var batch []*fakeTask
	for _, t := range f.tasks {
		if t.Status == "processing" {
			batch = append(batch, t)
		}
	}
	if len(batch) > 0 {
		f.finish(batch)
		return
	}
	for _, t := range f.tasks {
		switch {
		case t.Status != "enqueued":
		case len(batch) == 0:
			batch = append(batch, t)
		case t.IndexUID != batch[0].IndexUID:
		case !t.docs || !batch[0].docs: // only documents go together
			goto full
		default:
			batch = append(batch, t)
		}
	}
full:
	for _, t := range batch {
		t.Status, t.Batch = "processing", f.steps
	}
}

func (f *fake) finish(batch []*fakeTask) {
	code := ""
	if batch[0].docs && f.fail != nil {
		code = f.fail(batch)
	}
	for _, t := range batch {
		switch {
		case code != "":
			t.Error = &fakeError{Code: code, Message: "An internal error has occurred.", Type: "internal"}
		case t.IndexUID != "" && t.Type != "indexCreation" && f.indexes[t.IndexUID] == nil:
			t.Error = &fakeError{Code: "index_not_found", Message: "Index `" + t.IndexUID + "` not found."}
		default:
			t.Error = t.run()
		}
		if t.Status = "succeeded"; t.Error != nil {
			t.Status = "failed"
		}
		f.log = append(f.log, fmt.Sprintf("%s %s", t.Type, t.Status))
	}
}
