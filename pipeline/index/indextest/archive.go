package indextest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

// Archive stands in for the ledger and the kept texts, so that the Searcher is
// tested on each engine. It is an index.EngineSource, index.Texts and
// index.Describer.
type Archive struct {
	mu      sync.Mutex
	engine  index.Engine
	entries map[string]index.Entry
	seq     int64
	lexicon index.Lexicon // nil: none
	shown   map[string]index.Description
	holding map[string]bool // locators
	related map[string]index.Relation
}

// LedgerID is the ledger that an Archive says it is.
const LedgerID = "ledger-of-indextest"

// NewArchive makes an empty archive over an engine.
func NewArchive(e index.Engine) *Archive {
	return &Archive{engine: e, entries: map[string]index.Entry{}, shown: map[string]index.Description{}, holding: map[string]bool{}, related: map[string]index.Relation{}}
}

// Engine is the engine in use.
func (a *Archive) Engine() index.Engine { return a.engine }

// Searcher searches the archive.
func (a *Archive) Searcher() *index.Searcher {
	return index.NewSearcher(a, a, a).WithLexicon(a.lexicon)
}

// Show says where a document was found and who is named in it.
func (a *Archive) Show(doc, locator string, people []document.Person) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.shown[doc] = index.Description{Locator: locator, People: people}
	if outer, _, within := cutLast(locator, document.Separator); within {
		a.holding[outer] = true
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Put keeps entries, gives them to the engine and waits until they are visible.
func (a *Archive) Put(t *testing.T, entries ...index.Entry) {
	t.Helper()
	a.Keep(entries...)
	token, err := a.engine.Upsert(t.Context(), entries, a.Mark())
	if err == nil {
		err = a.engine.Visible(t.Context(), token)
	}
	if err != nil {
		t.Fatalf("upsert: %v", err)
	}
}

// Keep keeps entries without giving them to the engine.
func (a *Archive) Keep(entries ...index.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range entries {
		a.entries[e.Document] = e
	}
	a.seq++
}

// Mark is the mark of what was kept last.
func (a *Archive) Mark() index.Mark {
	a.mu.Lock()
	defer a.mu.Unlock()
	return index.Mark{Ledger: LedgerID, Seq: a.seq}
}

// Remove takes documents out, of the archive and of the engine.
func (a *Archive) Remove(t *testing.T, docs ...string) {
	t.Helper()
	a.mu.Lock()
	for _, d := range docs {
		delete(a.entries, d)
	}
	a.seq++
	a.mu.Unlock()
	token, err := a.engine.Delete(t.Context(), docs, a.Mark())
	if err == nil {
		err = a.engine.Visible(t.Context(), token)
	}
	if err != nil {
		t.Fatalf("delete: %v", err)
	}
}

// Passages gives the texts of the entries.
func (a *Archive) Passages(_ context.Context, ids []index.PassageID) ([]index.Passage, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]index.Passage, len(ids))
	for n, id := range ids {
		if e := a.entries[id.Document]; id.Seq < len(e.Passages) {
			out[n] = e.Passages[id.Seq]
		}
	}
	return out, nil
}

// Holding says that documents tagged so hold others.
func (a *Archive) Holding(_ context.Context, docs []string) (map[string]bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]bool{}
	for _, d := range docs {
		out[d] = slices.Contains(a.entries[d].Tags, HoldingTag) || a.holding[a.shown[d].Locator]
	}
	return out, nil
}

// Kept says that documents lie in the folder, and have the mark, that a tag of theirs
// is: folder=甲 or mark=read.
func (a *Archive) Kept(_ context.Context, docs []string, k index.Kept, _ []string) (map[string]bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]bool{}
	for _, d := range docs {
		tags := a.entries[d].Tags
		lacks := func(prefix string) func(string) bool {
			return func(v string) bool { return !slices.Contains(tags, prefix+v) }
		}
		out[d] = !slices.ContainsFunc(k.Folders, lacks("folder=")) && !slices.ContainsFunc(k.Marks, lacks("mark="))
	}
	return out, nil
}

// Relate says how a document belongs to others.
func (a *Archive) Relate(doc string, r index.Relation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.related[doc] = r
}

// Relations gives what Relate said.
func (a *Archive) Relations(_ context.Context, docs []string) (map[string]index.Relation, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]index.Relation{}
	for _, d := range docs {
		if r, ok := a.related[d]; ok {
			out[d] = r
		}
	}
	return out, nil
}

// HoldingTag is the tag of entries that hold others.
const HoldingTag = "holds-others"

// Describe describes entries that one of the scopes may see.
func (a *Archive) Describe(_ context.Context, docs, scopes []string) (map[string]*index.Description, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]*index.Description{}
	for _, d := range docs {
		e, ok := a.entries[d]
		if !ok || !meets(e.Scopes, scopes) {
			continue
		}
		about := index.Description{Title: e.Title, Name: e.Name, Locator: "share/" + e.Name, Kind: e.Kind, Type: e.Type, Date: e.Date, Tags: e.Tags, Sensitive: e.Sensitive}
		about.Also = e.Terms
		people := e.People
		if shown, ok := a.shown[d]; ok {
			about.Locator, about.People, people = shown.Locator, shown.People, nil
		}
		for _, p := range people {
			role, name, _ := strings.Cut(p, "=")
			if name == "" {
				role, name = "", p
			}
			about.People = append(about.People, document.Person{Role: role, Name: name})
		}
		if len(e.Customer) > 0 {
			about.Customer = e.Customer[0]
		}
		if len(e.Project) > 0 {
			about.Project = e.Project[0]
		}
		out[d] = &about
	}
	return out, nil
}

// Recall remembers everything.
func (a *Archive) Recall(ctx context.Context, docs, scopes []string) (map[string]*index.Description, error) {
	return a.Describe(ctx, docs, scopes)
}

func meets(a, b []string) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// Everyone is the scope that Doc gives.
const Everyone = "source:share"

// Doc is a document with the given passages that everyone may see.
func Doc(id, title string, passages ...string) index.Entry {
	e := index.Entry{
		Document: id, Revision: 1, Kind: document.KindText, Title: title, Name: id + ".txt",
		Date: time.Date(2025, 8, 20, 9, 0, 0, 0, time.UTC), Scopes: []string{Everyone},
	}
	for n, text := range passages {
		e.Passages = append(e.Passages, index.Passage{Seq: n, Position: document.Position{Line: 1 + 10*n}, Text: text})
	}
	return e
}

// find searches and gives the documents in order.
func (a *Archive) find(t *testing.T, r index.Request) (*index.Result, string) {
	t.Helper()
	if r.Scopes == nil {
		r.Scopes = []string{Everyone}
	}
	if r.Limit == 0 {
		r.Limit = 500
	}
	res, err := a.Searcher().Search(t.Context(), r)
	if err != nil {
		t.Fatalf("search %q: %v", r.Text, err)
	}
	var docs []string
	for _, h := range res.Hits {
		docs = append(docs, h.Document)
	}
	return res, strings.Join(docs, " ")
}

// walk gives "document@revision:passages" of all documents.
func walk(t *testing.T, e index.Engine) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := e.Walk(t.Context(), func(doc string, revision int64, passages int) error {
		if was, ok := out[doc]; ok {
			t.Errorf("walk gives %s twice (%s)", doc, was)
		}
		out[doc] = fmt.Sprintf("%d:%d", revision, passages)
		return nil
	})
	if err != nil {
		t.Fatalf("walk: %v", err)
	}
	return out
}
