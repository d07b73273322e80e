package meili

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

func held(t *testing.T, e index.Engine) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := e.Walk(t.Context(), func(doc string, revision int64, passages int) error {
		out[doc] = fmt.Sprintf("%d:%d", revision, passages)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func want(t *testing.T, e index.Engine, want map[string]string) {
	t.Helper()
	if got := held(t, e); !maps.Equal(got, want) {
		t.Errorf("the index has %v, want %v", got, want)
	}
}

func upsert(t *testing.T, e index.Engine, seq int64, entries ...index.Entry) index.Token {
	t.Helper()
	token, err := e.Upsert(t.Context(), entries, index.Mark{Ledger: "L", Seq: seq})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func visible(t *testing.T, e index.Engine, token index.Token) {
	t.Helper()
	if err := e.Visible(t.Context(), token); err != nil {
		t.Fatal(err)
	}
}

func revised(e index.Entry, revision int64) index.Entry {
	e.Revision = revision
	return e
}

// Requests that meet a busy server come again, each with its whole body.
func TestRetry(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	busy := []int{429, 503, 502, 504, 408}
	var bodies []string
	f.mu.Lock()
	f.answer = func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/documents") {
			bodies = append(bodies, string(body))
		}
		if len(busy) == 0 || !strings.HasSuffix(r.URL.Path, "/documents") {
			return false
		}
		w.WriteHeader(busy[0])
		busy = busy[1:]
		return true
	}
	f.mu.Unlock()
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", "验收")))
	if len(bodies) < 6 || bodies[0] == "" || bodies[5] != bodies[0] {
		t.Errorf("bodies %q", bodies)
	}
	want(t, e, map[string]string{"a": "1:1"})
}

// What is wrong is not asked again.
func TestNoRetry(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	asked := 0
	f.answer = func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		asked++
		wrongf(w, 400, "invalid_search_filter", "no")
		return true
	}
	_, err := e.Search(t.Context(), index.Query{Scopes: []string{"x"}, Candidates: 1})
	if codeOf(err) != "invalid_search_filter" || asked != 1 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	most := 0
	f.answer = func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if strings.HasSuffix(r.URL.Path, "/documents") && len(body) > 1500 {
			wrongf(w, 413, "payload_too_large", "The provided payload reached the size limit.")
			return true
		}
		most = max(most, len(body))
		return false
	}
	long := make([]string, 40)
	for n := range long {
		long[n] = "物料清单"
	}
	token := upsert(t, e, 1, indextest.Doc("long", "长", long...), indextest.Doc("huge", "巨", "小", strings.Repeat("大", 500)), indextest.Doc("small", "小", "验收"))
	err := e.Visible(t.Context(), token)
	var r *index.RejectedError
	if !errors.As(err, &r) || len(r.Documents) != 1 || !strings.Contains(r.Documents["huge"], "too large") {
		t.Fatalf("visible: %v %v", err, r)
	}
	if got := held(t, e); got["long"] != "1:40" || got["small"] != "1:1" || most > 1500 {
		t.Errorf("the index has %v, the largest request had %d bytes", got, most)
	}
}

// Payloads are bounded before they are sent.
func TestPayload(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := quick()
	p.payload = 2000
	e := openFake(t, f, p)
	most, requests := 0, 0
	f.answer = func(_ http.ResponseWriter, r *http.Request, body []byte) bool {
		if strings.HasSuffix(r.URL.Path, "/documents") {
			most, requests = max(most, len(body)), requests+1
		}
		return false
	}
	a := indextest.NewArchive(e)
	a.Put(t, indextest.Corpus(30)...)
	if most > 4000 || requests < 10 || len(held(t, e)) != 30 {
		t.Errorf("%d requests of at most %d bytes, %d documents", requests, most, len(held(t, e)))
	}
}

func TestBisect(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	f.poison = func(id string) bool { return strings.HasPrefix(id, "bad") }
	var entries []index.Entry
	for n := range 11 {
		id := fmt.Sprintf("good%02d", n)
		if n == 3 || n == 9 {
			id = fmt.Sprintf("bad%02d", n)
		}
		entries = append(entries, indextest.Doc(id, "标题", "验收", "报告"))
	}
	first := upsert(t, e, 1, entries...)
	later := upsert(t, e, 2, revised(indextest.Doc("good00", "标题", "新的"), 2))
	err := e.Visible(t.Context(), first)
	var r *index.RejectedError
	if !errors.As(err, &r) {
		t.Fatalf("visible: %v", err)
	}
	if got := slices.Sorted(maps.Keys(r.Documents)); !slices.Equal(got, []string{"bad03", "bad09"}) || !strings.Contains(r.Documents["bad03"], "invalid_document_id") {
		t.Errorf("rejected %v", r.Documents)
	}
	visible(t, e, later)
	got := held(t, e)
	if len(got) != 9 || got["good00"] != "2:1" || got["good10"] != "1:2" {
		t.Errorf("the index has %v", got)
	}
	if err := e.Visible(t.Context(), first); !errors.As(err, &r) || len(r.Documents) != 2 {
		t.Errorf("asked again: %v", err)
	}
	if m, err := e.Mark(t.Context()); err != nil || m.Seq != 2 {
		t.Errorf("mark %v %v", m, err)
	}
}

// A batch that the server could not apply is nobody's fault: everything given
// since is sent again, and no mark speaks of it.
func TestServerFails(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"internal", "io_error", "no_space_left_on_device", "database_size_limit_reached", "something_new"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			e := openFake(t, f, quick())
			visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", "验收")))
			failed := false
			f.fail = func(batch []*fakeTask) string {
				if failed || batch[0].Type != "documentAdditionOrUpdate" {
					return ""
				}
				failed = true
				return code
			}
			one := upsert(t, e, 2, indextest.Doc("b", "乙", "验收"))
			var r *index.RejectedError
			if err := e.Visible(t.Context(), one); err == nil || errors.As(err, &r) || codeOf(err) != code {
				t.Fatalf("visible: %v", err)
			}
			if err := e.Visible(t.Context(), one); codeOf(err) != code {
				t.Errorf("asked again: %v", err)
			}
			if m, _ := e.Mark(t.Context()); m.Seq != 1 {
				t.Errorf("mark %v", m)
			}
			visible(t, e, upsert(t, e, 2, indextest.Doc("b", "乙", "验收")))
			want(t, e, map[string]string{"a": "1:1", "b": "1:1"})
			if m, _ := e.Mark(t.Context()); m.Seq != 2 {
				t.Errorf("mark %v", m)
			}
		})
	}
}

// The batch after a failed one may have been applied; its mark must not say so.
func TestFailureReachesForward(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	failed := false
	f.fail = func(batch []*fakeTask) string {
		if failed {
			return ""
		}
		failed = true
		return "internal"
	}
	one := upsert(t, e, 1, indextest.Doc("a", "甲", "验收"))
	f.mu.Lock()
	f.step() // taken before the second one comes
	f.mu.Unlock()
	two := upsert(t, e, 2, indextest.Doc("b", "乙", "验收"))
	if err := e.Visible(t.Context(), two); codeOf(err) != "internal" {
		t.Errorf("the batch after a failed one: %v", err)
	}
	if err := e.Visible(t.Context(), one); codeOf(err) != "internal" {
		t.Errorf("the failed one: %v", err)
	}
	if m, _ := e.Mark(t.Context()); m != (index.Mark{}) {
		t.Errorf("mark %v", m)
	}
	three := upsert(t, e, 2, indextest.Doc("a", "甲", "验收"), indextest.Doc("b", "乙", "验收"))
	visible(t, e, three)
	if m, _ := e.Mark(t.Context()); m.Seq != 2 {
		t.Errorf("mark %v", m)
	}
}

// At no moment does the server's mark speak of more than what is applied.
func TestMarkIsNotAhead(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	var tokens []index.Token
	for n := range 4 {
		tokens = append(tokens, upsert(t, e, int64(n+1), indextest.Doc(fmt.Sprintf("d%d", n+1), "标题", "验收")))
	}
	look := func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		ix := f.indexes[e.uid]
		seq := 0
		if d := ix.docs[markID]; d != nil {
			seq = int(d.values["state"].(map[string]any)["seq"].(float64))
		}
		for n := 1; n <= seq; n++ {
			if ix.docs[fmt.Sprintf("d%d_0", n)] == nil {
				t.Errorf("the mark says %d, but d%d is not there", seq, n)
			}
		}
	}
	f.answer = func(http.ResponseWriter, *http.Request, []byte) bool { look(); return false }
	for _, token := range tokens {
		visible(t, e, token)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	f.answer = nil
	if m, err := openFake(t, f, quick()).Mark(t.Context()); err != nil || m.Seq != 4 {
		t.Errorf("mark after opening again: %v %v", m, err)
	}
}

// New passages and the deletion of old ones are shown at once.
func TestOneStep(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", "一", "二", "三")))
	two := revised(indextest.Doc("a", "甲", "新"), 2)
	two.Stale = 3
	visible(t, e, upsert(t, e, 2, two))
	var deletion, addition *fakeTask
	for _, task := range f.tasks {
		switch task.Type {
		case "documentDeletion":
			deletion = task
		case "documentAdditionOrUpdate":
			if deletion != nil && addition == nil {
				addition = task
			}
		}
	}
	if deletion == nil || addition == nil || deletion.Batch != addition.Batch {
		t.Errorf("deletion %+v, addition %+v", deletion, addition)
	}
	want(t, e, map[string]string{"a": "2:1"})
}

// Revisions follow each other while the server has applied none of them, and the
// ledger does not know how many passages there were.
func TestShrinksUnderWay(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	upsert(t, e, 1, indextest.Doc("a", "甲", "一", "二", "三", "四"), indextest.Doc("b", "乙", "一"))
	upsert(t, e, 2, revised(indextest.Doc("a", "甲", "一", "二"), 2))
	token, err := e.Delete(t.Context(), []string{"b", "unknown"}, index.Mark{Ledger: "L", Seq: 3})
	if err != nil {
		t.Fatal(err)
	}
	visible(t, e, token)
	want(t, e, map[string]string{"a": "2:2"})
}

// A batch that broke off half-way leaves passages that the ledger never hears of.
func TestGhosts(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := quick()
	p.payload = 600
	e := openFake(t, f, p)
	sent := 0
	f.answer = func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if !strings.HasSuffix(r.URL.Path, "/documents") {
			return false
		}
		if sent++; sent < 3 {
			return false
		}
		wrongf(w, 422, "no_space_left_on_device", "full")
		return true
	}
	entry := indextest.Doc("a", "甲", slices.Repeat([]string{strings.Repeat("很长的一段", 10)}, 6)...)
	if _, err := e.Upsert(t.Context(), []index.Entry{entry}, index.Mark{}); codeOf(err) != "no_space_left_on_device" {
		t.Fatalf("upsert: %v", err)
	}
	f.mu.Lock()
	f.answer = nil
	f.mu.Unlock()
	visible(t, e, upsert(t, e, 1, revised(indextest.Doc("a", "甲", "短"), 2)))
	want(t, e, map[string]string{"a": "2:1"})
}

// The caller does not wait for a server that never gets on.
func TestCancel(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	token := upsert(t, e, 1, indextest.Doc("a", "甲", "验收"))
	ctx, cancel := context.WithCancel(t.Context())
	looks := 0
	f.answer = func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if r.URL.Path != "/tasks" {
			return false
		}
		if looks++; looks == 3 {
			cancel()
		}
		reply(w, 200, map[string]any{"results": []any{map[string]any{"uid": taskOf(f), "status": "processing"}}})
		return true
	}
	if err := e.Visible(ctx, token); !errors.Is(err, context.Canceled) {
		t.Errorf("visible: %v", err)
	}
	f.mu.Lock()
	f.answer = nil
	f.mu.Unlock()
	visible(t, e, token)
}

func taskOf(f *fake) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tasks[len(f.tasks)-1].UID
}

// More batches than may be under way: Upsert waits for the server itself.
func TestPressure(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	var last index.Token
	for n := range 20 {
		last = upsert(t, e, int64(n+1), indextest.Doc(fmt.Sprintf("d%02d", n), "标题", "验收"))
		if g := e.cur.Load(); len(g.open) > g.s.pace.inFlight {
			t.Fatalf("%d batches under way", len(g.open))
		}
	}
	visible(t, e, last)
	if n := len(held(t, e)); n != 20 {
		t.Errorf("%d documents", n)
	}
}

// What an earlier batch rejected is told with the next token that is asked for.
func TestRejectionIsNotLost(t *testing.T) {
	t.Parallel()
	e := openFake(t, newFake(t), quick())
	nobody := indextest.Doc("nobody", "无人", "验收")
	nobody.Scopes = nil
	upsert(t, e, 1, nobody, indextest.Doc("no_id", "坏", "验收"), indextest.Doc("a", "甲", "验收"))
	err := e.Visible(t.Context(), upsert(t, e, 2, indextest.Doc("b", "乙", "验收")))
	var r *index.RejectedError
	if !errors.As(err, &r) || len(r.Documents) != 2 || r.Documents["nobody"] == "" || r.Documents["no_id"] == "" {
		t.Errorf("visible: %v", err)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	e := openFake(t, newFake(t), quick())
	for _, token := range []index.Token{"", "x", "g0000000000000000:1", index.Token(e.Generation() + ":0"), index.Token(e.Generation() + ":99"), index.Token(e.Generation() + ":x")} {
		if err := e.Visible(t.Context(), token); err == nil {
			t.Errorf("%q is visible", token)
		}
	}
}
