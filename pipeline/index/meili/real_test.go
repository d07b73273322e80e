package meili

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// realOptions names the server for the tests on a real one, under prefixes of
// their own, which they delete.
func realOptions(t *testing.T) func(t *testing.T) Options {
	t.Helper()
	url := os.Getenv("GUIDANG_TEST_MEILI_URL")
	if url == "" {
		t.Skip("GUIDANG_TEST_MEILI_URL names no server (and _KEY its key)")
	}
	key := os.Getenv("GUIDANG_TEST_MEILI_KEY")
	run := strings.TrimPrefix(newGeneration(), "g")
	var n atomic.Int64
	return func(t *testing.T) Options {
		t.Helper()
		o := Options{URL: url, Key: key, Prefix: fmt.Sprintf("test-%s-%d", run, n.Add(1))}
		t.Cleanup(func() {
			s, err := dial(o.URL, meilisearch.Key{Key: o.Key}, usualPace)
			if err == nil {
				err = errors.Join(s.drop(context.Background(), o.Prefix+"_passages"), s.dropKey(o.Prefix))
			}
			if err != nil {
				t.Errorf("%s: %v", o.Prefix, err)
			}
		})
		return o
	}
}

// dropKey deletes the key that was made for a prefix.
func (s *server) dropKey(prefix string) error {
	key, err := s.findKey(context.Background(), prefix)
	if err != nil || key == nil {
		return err
	}
	_, err = s.api.DeleteKeyWithContext(context.Background(), key.Key)
	return err
}

// TestRealServer runs the contract on a server.
func TestRealServer(t *testing.T) {
	t.Parallel()
	indextest.Run(t, suite(realOptions(t), usualPace))
}

// TestRealRecall asks for strings cut out of a corpus, and for single characters
// that begin more words than the server enumerates. Every passage that holds one
// has to be a candidate; how many others are is logged.
func TestRealRecall(t *testing.T) {
	t.Parallel()
	e := openAt(t, realOptions(t)(t), usualPace)
	entries := indextest.Corpus(1500)
	const common = '的'
	for from := rune(0x4e00); from < 0x4e00+3000; from += 10 {
		var text []rune
		for r := from; r < from+10; r++ {
			text = append(text, common, r)
		}
		entries = append(entries, indextest.Doc(fmt.Sprintf("de%04x", from), "", string(text)))
	}
	began := time.Now()
	var last index.Token
	passages := 0
	for part := range slices.Chunk(entries, 500) {
		last = upsert(t, e, 1, part...)
		for _, d := range part {
			passages += len(d.Passages)
		}
	}
	visible(t, e, last)
	t.Logf("%d passages indexed in %v", passages, time.Since(began).Round(time.Millisecond))
	rng := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 3, 4, 6, 9} {
		var asked []string
		for range 100 {
			asked = append(asked, cutHan(rng, entries, n))
		}
		if n == 1 {
			asked = append(asked, string(common))
		}
		recallOf(t, e, entries, asked, n)
	}
}

func recallOf(t *testing.T, e *Engine, entries []index.Entry, asked []string, n int) {
	t.Helper()
	var took []time.Duration
	found, wanted, right := 0, 0, 0
	for _, text := range asked {
		began := time.Now()
		got, err := e.Search(t.Context(), index.Query{Terms: index.Parse(text).Terms, Scopes: []string{indextest.Everyone}, Candidates: listMost})
		took = append(took, time.Since(began))
		if err != nil {
			t.Fatal(err)
		}
		have := map[index.PassageID]bool{}
		for _, h := range got.Hits {
			have[h.ID] = true
		}
		missing := 0
		for _, d := range entries {
			for seq, p := range d.Passages {
				if strings.Contains(p.Text, text) || seq == 0 && strings.Contains(d.Title, text) {
					wanted++
					if have[index.PassageID{Document: d.Document, Seq: seq}] {
						right++
					} else {
						missing++
					}
				}
			}
		}
		found += len(have)
		if missing > 0 {
			t.Errorf("%s: %d passages are missing", text, missing)
		}
	}
	slices.Sort(took)
	t.Logf("%d characters: recall %.3f, precision %.3f; a query takes %v, the slowest %v", n,
		float64(right)/float64(wanted), float64(right)/float64(found), took[len(took)/2].Round(10*time.Microsecond), took[len(took)-1].Round(10*time.Microsecond))
}

func cutHan(rng *rand.Rand, entries []index.Entry, n int) string {
	for {
		d := entries[rng.IntN(len(entries))]
		text := []rune(d.Passages[rng.IntN(len(d.Passages))].Text)
		at := rng.IntN(len(text) - n)
		if s := string(text[at : at+n]); strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0 {
			return s
		}
	}
}

// TestRealBisect sends a row that no entry can become, since only that makes a
// task of ours fail.
func TestRealBisect(t *testing.T) {
	t.Parallel()
	e := openAt(t, realOptions(t)(t), usualPace)
	g := e.cur.Load()
	b := &batch{passages: map[string]int{}, rejected: map[string]string{}, mark: index.Mark{Ledger: "L", Seq: 1}}
	var groups []*group
	for n := range 7 {
		d := indextest.Doc(fmt.Sprintf("d%d", n), "标题", "验收", "报告")
		rows, err := g.enc.rows(&d)
		if err != nil {
			t.Fatal(err)
		}
		if n == 4 {
			rows.lines[1] = []byte(`{"id":"no id!","doc":"d4"}`)
		}
		groups = append(groups, rows)
		b.passages[d.Document] = 2
	}
	token, err := g.enlist(b, g.send(t.Context(), b, groups))
	if err != nil {
		t.Fatal(err)
	}
	other := upsert(t, e, 2, indextest.Doc("later", "标题", "验收"))
	var r *index.RejectedError
	if err := e.Visible(t.Context(), token); !errors.As(err, &r) || len(r.Documents) != 1 || r.Documents["d4"] == "" {
		t.Fatalf("visible: %v", err)
	}
	t.Log(r.Documents)
	visible(t, e, other)
	got := held(t, e)
	if len(got) != 7 || got["d6"] != "1:2" || got["later"] != "1:1" {
		t.Errorf("the index has %v", got)
	}
}
