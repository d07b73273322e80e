package meili

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// Each way in which a server cannot be used is told in a way that says what to
// do, and never tells a secret.
func TestOpenFails(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello</html>")) }))
	t.Cleanup(page.Close)
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	for name, c := range map[string]struct {
		change func(f *fake, o *Options)
		want   string
	}{
		"nobody there":   {func(_ *fake, o *Options) { o.URL = nobody.URL }, "no Meilisearch answers at http://127.0.0.1:"},
		"with password":  {func(_ *fake, o *Options) { o.URL = strings.Replace(nobody.URL, "//", "//user:secret@", 1) }, "no Meilisearch answers at http://user:xxxxx@127"},
		"no address":     {func(_ *fake, o *Options) { o.URL = "localhost:7700" }, "the address has to be like"},
		"empty address":  {func(_ *fake, o *Options) { o.URL = "" }, "the address has to be like"},
		"something else": {func(_ *fake, o *Options) { o.URL = page.URL }, "is no Meilisearch"},
		"wrong key":      {func(_ *fake, o *Options) { o.Key = "secret-wrong" }, "does not accept the key (invalid_api_key)"},
		"no key":         {func(_ *fake, o *Options) { o.Key = "" }, "does not accept the key (missing_authorization_header)"},
		"too old":        {func(f *fake, _ *Options) { f.version = "1.14.2" }, `is version "1.14.2"; at least 1.15 is needed`},
		"no version":     {func(f *fake, _ *Options) { f.version = "?" }, `is version "?"`},
		"bad prefix":     {func(_ *fake, o *Options) { o.Prefix = "a/b" }, "a prefix is made of"},
		"foreign index": {func(f *fake, _ *Options) {
			ix := newFakeIndex()
			ix.docs["1"] = &fakeDoc{id: "1"}
			f.indexes["t_passages"] = ix
		}, "belongs to another program"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			o := f.options()
			c.change(f, &o)
			e, err := open(t.Context(), o, quick())
			if err == nil {
				_ = e.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), fakeKey) {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	if e, err := Open(t.Context(), Options{URL: "x"}); err == nil || e != nil {
		t.Errorf("a typed nil: %v %v", e, err)
	}
}

func settingsTasks(f *fake) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, task := range f.tasks {
		if task.Type == "settingsUpdate" {
			n++
		}
	}
	return n
}

// Settings are sent only where they differ; another format means another index.
func TestSettings(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	visible(t, e, upsert(t, e, 5, indextest.Doc("a", "甲", "验收")))
	sent := settingsTasks(f)
	if got := f.indexes["t_passages"].settings["facet-search"]; got != false {
		t.Errorf("facetSearch is %v", got)
	}
	rules, err := json.Marshal(f.indexes["t_passages"].settings["filterable-attributes"])
	if err != nil || !strings.Contains(string(rules), `"equality":true`) {
		t.Errorf("filterable attributes: %s %v", rules, err)
	}
	again := openFake(t, f, quick())
	if n := settingsTasks(f); n != sent || again.Generation() != e.Generation() {
		t.Errorf("%d tasks of settings, had %d; generation %s, was %s", n, sent, again.Generation(), e.Generation())
	}
	rewrite := func(change func(*identity)) {
		var id identity
		if _, err := e.s.state(t.Context(), e.uid, identityID, &id); err != nil {
			t.Fatal(err)
		}
		change(&id)
		task, err := e.s.putState(t.Context(), e.uid, identityID, id)
		if err == nil {
			_, err = e.s.wait(t.Context(), []int64{task})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	rewrite(func(id *identity) { id.Settings = "old" })
	again = openFake(t, f, quick())
	if n := settingsTasks(f); n <= sent || again.Generation() != e.Generation() {
		t.Errorf("%d tasks of settings, had %d; generation %s, was %s", n, sent, again.Generation(), e.Generation())
	}
	want(t, again, map[string]string{"a": "1:1"})
	rewrite(func(id *identity) { id.Format = "0" })
	again = openFake(t, f, quick())
	if again.Generation() == e.Generation() {
		t.Error("an index of another format is taken for ours")
	}
	if m, err := again.Mark(t.Context()); err != nil || m != (index.Mark{}) {
		t.Errorf("mark %v %v", m, err)
	}
	want(t, again, map[string]string{})
}

// A crash between the creation of an index and its identity.
func TestHalfMade(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.indexes["t_passages"] = newFakeIndex()
	e := openFake(t, f, quick())
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", "验收")))
	want(t, e, map[string]string{"a": "1:1"})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for uid, age := range map[string]time.Duration{
		"t_passages_g0000000000000001": 48 * time.Hour, "t_passages_g0000000000000002": time.Hour,
		"t_passages_other": 48 * time.Hour, "u_passages_g0000000000000001": 48 * time.Hour,
	} {
		f.indexes[uid] = newFakeIndex()
		f.indexes[uid].updated = time.Now().Add(-age)
	}
	openFake(t, f, quick())
	if len(f.indexes) != 4 || f.indexes["t_passages_g0000000000000001"] != nil {
		t.Errorf("left: %v", f.indexes)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	e := openFake(t, newFake(t), quick())
	r, err := e.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	_, upsertErr := e.Upsert(ctx, nil, index.Mark{})
	_, deleteErr := e.Delete(ctx, nil, index.Mark{})
	_, searchErr := e.Search(ctx, index.Query{})
	_, markErr := e.Mark(ctx)
	_, statsErr := e.Stats(ctx)
	_, rebuildErr := e.Rebuild(ctx)
	for _, err := range []error{upsertErr, deleteErr, searchErr, markErr, statsErr, rebuildErr, e.Visible(ctx, ""), e.Walk(ctx, nil), r.Swap(ctx)} {
		if !errors.Is(err, errClosed) {
			t.Errorf("%v", err)
		}
	}
	if err := r.Discard(); err != nil {
		t.Errorf("discard: %v", err)
	}
}

// More terms than the server reads: the rest is verified on the true text.
func TestManyTerms(t *testing.T) {
	t.Parallel()
	e := openFake(t, newFake(t), quick())
	a := indextest.NewArchive(e)
	a.Put(t, indextest.Doc("all", "标题", "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛 壬癸 子丑 寅卯"), indextest.Doc("most", "标题", "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛 壬癸 子丑"))
	res, err := a.Searcher().Search(t.Context(), index.Request{Text: "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛 壬癸 子丑 寅卯", Scopes: []string{indextest.Everyone}})
	if err != nil || res.Total != 1 || res.Hits[0].Document != "all" {
		t.Errorf("%+v %v", res, err)
	}
}

// Walk reads a large index in parts and gives each document once.
func TestWalkInParts(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	long := make([]string, 3000)
	for n := range long {
		long[n] = "行"
	}
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", long...), indextest.Doc("b", "乙", long...), indextest.Doc("c", "丙", long...), indextest.Doc("d", "丁", long...), indextest.Doc("e", "戊", "x")))
	fetches := 0
	f.answer = func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if strings.HasSuffix(r.URL.Path, "/fetch") {
			fetches++
		}
		return false
	}
	want(t, e, map[string]string{"a": "1:3000", "b": "1:3000", "c": "1:3000", "d": "1:3000", "e": "1:1"})
	if fetches < 3 {
		t.Errorf("%d requests", fetches)
	}
	st, err := e.Stats(t.Context())
	if err != nil || st.Documents != 5 || st.Passages != 12001 {
		t.Errorf("%+v %v", st, err)
	}
}
