package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"guidang/pipeline/store"
)

func openDerived(t testing.TB) (*store.Derived, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "派生 100%.db") // names that a URL must quote
	d, err := store.OpenDerived(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, path
}

func TestDerivedResults(t *testing.T) {
	t.Parallel()
	d, _ := openDerived(t)
	sum, other := store.Sum{1}, store.Sum{2}
	results := []store.Result{
		{Sum: sum, Fingerprint: "mail/3", Data: []byte(`{"title":"需求变更"}`)},
		{Sum: sum, Fingerprint: "mail/4", Data: bytes.Repeat([]byte("验收通过 "), 100_000)},
		{Sum: other, Fingerprint: "mail/3", Data: nil},
	}
	if err := d.Put(t.Context(), results, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		data, ok, err := d.Result(t.Context(), r.Sum, r.Fingerprint)
		if err != nil || !ok || !bytes.Equal(data, r.Data) {
			t.Errorf("%s of %s: %d bytes, %v, %v", r.Fingerprint, r.Sum, len(data), ok, err)
		}
		if ok, err := d.Has(t.Context(), r.Sum, r.Fingerprint); !ok || err != nil {
			t.Errorf("Has %s of %s: %v, %v", r.Fingerprint, r.Sum, ok, err)
		}
	}
	for _, r := range []store.Result{{Sum: sum, Fingerprint: "mail/5"}, {Sum: store.Sum{3}, Fingerprint: "mail/3"}} {
		if data, ok, err := d.Result(t.Context(), r.Sum, r.Fingerprint); ok || err != nil || data != nil {
			t.Errorf("unknown result: %q, %v, %v", data, ok, err)
		}
		if ok, err := d.Has(t.Context(), r.Sum, r.Fingerprint); ok || err != nil {
			t.Errorf("Has an unknown result: %v, %v", ok, err)
		}
	}
	// Put again, and twice in one Put: the last one counts.
	again := []store.Result{{Sum: sum, Fingerprint: "mail/3", Data: []byte("2")}, {Sum: sum, Fingerprint: "mail/3", Data: []byte("3")}}
	if err := d.Put(t.Context(), again, nil); err != nil {
		t.Fatal(err)
	}
	if data, ok, err := d.Result(t.Context(), sum, "mail/3"); string(data) != "3" || !ok || err != nil {
		t.Errorf("replaced result: %q, %v, %v", data, ok, err)
	}
}

func TestDerivedPassages(t *testing.T) {
	t.Parallel()
	d, path := openDerived(t)
	var many []string
	for n := range 300 {
		many = append(many, fmt.Sprintf("第%d段 paragraph", n))
	}
	put := func(passages ...store.DocumentPassages) {
		t.Helper()
		if err := d.Put(t.Context(), nil, passages); err != nil {
			t.Fatal(err)
		}
	}
	want := func(document string, texts []string) {
		t.Helper()
		got, err := d.DocumentPassages(t.Context(), document)
		if err != nil || !reflect.DeepEqual(got, texts) {
			t.Errorf("passages of %s: %q, %v; want %q", document, got, err, texts)
		}
	}
	put(store.DocumentPassages{Document: "many", Texts: many},
		store.DocumentPassages{Document: "two", Texts: []string{"甲", ""}},
		store.DocumentPassages{Document: "none"})
	want("many", many)
	want("two", []string{"甲", ""})
	want("none", nil)
	want("unknown", nil)

	// Fewer, more, none; and twice in one Put.
	put(store.DocumentPassages{Document: "many", Texts: many[:2]}, store.DocumentPassages{Document: "none", Texts: many[5:6]})
	want("many", many[:2])
	want("none", many[5:6])
	want("two", []string{"甲", ""})
	put(store.DocumentPassages{Document: "two", Texts: many}, store.DocumentPassages{Document: "two"}, store.DocumentPassages{Document: "many", Texts: many})
	want("two", nil)
	want("many", many)

	ids := []store.PassageID{{"many", 299}, {"many", 0}, {"unknown", 0}, {"none", 0}, {"many", 299}, {"many", 300}, {"many", -1}, {"many", 1 << 30}, {"two", 0}}
	wanted := []string{many[299], many[0], "", many[5], many[299], "", "", "", ""}
	got, err := d.Passages(t.Context(), ids)
	if err != nil || !reflect.DeepEqual(got, wanted) {
		t.Errorf("Passages: %q, %v", got, err)
	}
	if got, err := d.Passages(t.Context(), nil); len(got) != 0 || err != nil {
		t.Errorf("no passages: %q, %v", got, err)
	}

	if size, err := d.Bytes(); err != nil || size < 4096 {
		t.Errorf("Bytes = %d, %v", size, err)
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := d.Passages(t.Context(), ids); err == nil {
		t.Error("Passages after Close: no error")
	}
	if d, err = store.OpenDerived(path); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	want("many", many)
}

// A Put whose context has ended keeps nothing, neither of its results nor of
// its passages.
func TestDerivedPutIsAllOrNone(t *testing.T) {
	t.Parallel()
	d, _ := openDerived(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := d.Put(ctx, []store.Result{{Sum: store.Sum{1}, Fingerprint: "f"}}, []store.DocumentPassages{{Document: "d", Texts: []string{"t"}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	// More passages than a document can have, behind a result that is sound.
	err = d.Put(t.Context(), []store.Result{{Sum: store.Sum{1}, Fingerprint: "f"}}, []store.DocumentPassages{{Document: "d", Texts: make([]string, 1<<24)}})
	if err == nil {
		t.Error("Put of 16 million passages: no error")
	}
	if ok, err := d.Has(t.Context(), store.Sum{1}, "f"); ok || err != nil {
		t.Errorf("half a Put is kept: %v, %v", ok, err)
	}
	if _, err := d.Passages(ctx, []store.PassageID{{"d", 0}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Passages: %v", err)
	}
}

func TestDerivedConcurrent(t *testing.T) {
	t.Parallel()
	d, _ := openDerived(t)
	var g errgroup.Group
	for w := range 4 {
		g.Go(func() error {
			for n := range 20 {
				doc := fmt.Sprintf("%d/%d", w, n)
				if err := d.Put(t.Context(), nil, []store.DocumentPassages{{Document: doc, Texts: []string{doc, "shared"}}, {Document: "shared", Texts: []string{doc}}}); err != nil {
					return err
				}
				got, err := d.Passages(t.Context(), []store.PassageID{{doc, 1}, {doc, 0}})
				if err != nil || got[0] != "shared" || got[1] != doc {
					return fmt.Errorf("%s: %q, %w", doc, got, err)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func TestDerivedThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  error
	}{
		"random bytes":   {func(t *testing.T, path string) { overwrite(t, path, 0, bytes.Repeat([]byte("归档"), 5000)) }, store.ErrDerivedCorrupt},
		"damaged start":  {func(t *testing.T, path string) { overwrite(t, path, 0, make([]byte, 50)) }, store.ErrDerivedCorrupt},
		"damaged schema": {func(t *testing.T, path string) { overwrite(t, path, 100, bytes.Repeat([]byte{0xff}, 3000)) }, store.ErrDerivedCorrupt},
		"cut off":        {func(t *testing.T, path string) { must(t, os.Truncate(path, 5000)) }, store.ErrDerivedCorrupt},
		"newer":          {func(t *testing.T, path string) { execute(t, path, `PRAGMA user_version = 99`) }, store.ErrDerivedNewer},
		"another's": {func(t *testing.T, path string) {
			must(t, os.Remove(path))
			execute(t, path, `CREATE TABLE customer (id INTEGER)`)
		}, store.ErrDerivedCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, path := openDerived(t)
			if err := d.Put(t.Context(), nil, documents(1, 200)); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, path)
			d, err := store.OpenDerived(path)
			if !errors.Is(err, c.want) {
				t.Errorf("OpenDerived: %v, want %v", err, c.want)
			}
			if d != nil {
				_ = d.Close()
			}
		})
	}
}

// Damage that lies deep in the file is met when it is read.
func TestDerivedThatIsDamagedInside(t *testing.T) {
	t.Parallel()
	d, path := openDerived(t)
	docs := documents(1, 200)
	if err := d.Put(t.Context(), nil, docs); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	must(t, err)
	for off := int64(16 << 10); off < st.Size()-2000; off += 4096 {
		overwrite(t, path, off+1500, []byte("damage"))
	}
	if d, err = store.OpenDerived(path); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	damaged := 0
	for _, doc := range docs {
		got, err := d.DocumentPassages(t.Context(), doc.Document)
		switch {
		case errors.Is(err, store.ErrDerivedCorrupt):
			damaged++
		case err != nil:
			t.Errorf("%s: %v", doc.Document, err)
		case !reflect.DeepEqual(got, doc.Texts) && len(got) > 0:
			t.Errorf("%s: wrong text is given", doc.Document)
		}
	}
	if damaged == 0 {
		t.Error("no damage was noticed")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, path string, off int64, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt(data, off)
	must(t, errors.Join(err, f.Close()))
}

func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(statement)
	must(t, errors.Join(err, db.Close()))
}

// documents makes documents of 1 to 2 passages, 1.3 on average, of 600 to 1,200
// characters, half of them Chinese.
func documents(seed uint64, n int) []store.DocumentPassages {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]store.DocumentPassages, n)
	for d := range out {
		texts := make([]string, 1+r.IntN(10)/7)
		for k := range texts {
			texts[k] = passage(r, 600+r.IntN(600), d%2 == 0)
		}
		out[d] = store.DocumentPassages{Document: fmt.Sprintf("%026x", r.Uint64()), Texts: texts}
	}
	return out
}

func passage(r *rand.Rand, characters int, chinese bool) string {
	var b strings.Builder
	for n := 0; n < characters; n++ {
		if chinese {
			// Few characters are most of a text: a square law comes near it.
			x := r.Float64()
			b.WriteRune('一' + rune(x*x*3000))
		} else {
			x := r.Float64()
			fmt.Fprintf(&b, "w%d ", int(x*x*2000))
			n += 4
		}
	}
	return b.String()
}

func results(docs []store.DocumentPassages, n int) []store.Result {
	out := make([]store.Result, len(docs))
	for d, doc := range docs {
		out[d] = store.Result{Sum: store.Sum{byte(n + d), byte((n + d) >> 8), byte((n + d) >> 16), 1}, Fingerprint: "mail/1", Data: []byte(`{"kind":"mail","sections":["` + strings.Join(doc.Texts, `","`) + `"]}`)}
	}
	return out
}

// BenchmarkDerivedPut keeps 10,000 mails in batches of 64.
func BenchmarkDerivedPut(b *testing.B) {
	docs := documents(1, 10_000)
	res := results(docs, 0)
	for b.Loop() {
		b.StopTimer()
		d, _ := openDerived(b)
		b.StartTimer()
		for n := 0; n < len(docs); n += 64 {
			end := min(n+64, len(docs))
			if err := d.Put(b.Context(), res[n:end], docs[n:end]); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		err := d.Close() // checkpoints
		size, sizeErr := d.Bytes()
		if err := errors.Join(err, sizeErr); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size)/float64(len(docs)), "B/mail")
		b.StartTimer()
	}
}

// BenchmarkPassages2000 reads 2,000 candidates of a query out of 13,000.
func BenchmarkPassages2000(b *testing.B) {
	docs := documents(1, 10_000)
	d, _ := openDerived(b)
	if err := d.Put(b.Context(), nil, docs); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	ids := make([]store.PassageID, 2000)
	for n := range ids {
		doc := docs[r.IntN(len(docs))]
		ids[n] = store.PassageID{Document: doc.Document, Seq: r.IntN(len(doc.Texts))}
	}
	for b.Loop() {
		if _, err := d.Passages(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	}
}
