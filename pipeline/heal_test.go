package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

func TestReconcileHeals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for n := range 5 {
		o.write(fmt.Sprintf("%d.txt", n), fmt.Sprintf("第%d份合同的付款条件", n))
	}
	o.ingest()
	c, err := o.a.Find(t.Context(), "2.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.a.engine.Delete(t.Context(), []string{c.DocumentID()}, index.Mark{Ledger: o.a.ledger.ID(), Seq: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	d, err := o.a.Find(t.Context(), "3.txt")
	if err != nil {
		t.Fatal(err)
	}
	flip(t, filepath.Join(o.cfg.Data, "store"), fmt.Sprintf("%x", d.Sum))
	r, err := o.a.Reconcile(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if r.Index.Missing != 1 || r.Store.Corrupt != 1 || len(r.Problems) != 2 || r.Repaired != 0 {
		t.Errorf("found %+v", r)
	}
	if r, err = o.a.Reconcile(t.Context(), true); err != nil || r.Repaired != 2 {
		t.Errorf("repaired %+v, %v", r, err)
	}
	o.clean("after the repair")
	if got := o.find("第2份合同"); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

// refusing is an engine that takes no documents of one title.
type refusing struct {
	index.Engine
	title string
	named map[index.Token]*index.RejectedError
}

func (r refusing) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	var taken []index.Entry
	bad := &index.RejectedError{Documents: map[string]string{}}
	for _, e := range entries {
		if e.Name == r.title {
			bad.Documents[e.Document] = "it does not like the name"
			continue
		}
		taken = append(taken, e)
	}
	token, err := r.Engine.Upsert(ctx, taken, mark)
	if len(bad.Documents) > 0 {
		r.named[token] = bad
	}
	return token, err
}

func (r refusing) Visible(ctx context.Context, token index.Token) error {
	if err := r.Engine.Visible(ctx, token); err != nil {
		return err
	}
	if bad := r.named[token]; bad != nil {
		return bad
	}
	return nil
}

func TestWhatTheIndexRefusesIsQuarantined(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	own := o.a.engine
	o.a.engine = refusing{own, "bad.txt", map[index.Token]*index.RejectedError{}}
	o.write("bad.txt", "这份文件索引不收")
	o.write("good.txt", "这份文件索引收下")
	account := o.ingest()
	o.want(map[string]string{"bad.txt": "quarantined index", "good.txt": "indexed"})
	if account.Changed[ledger.Quarantined] != 1 {
		t.Errorf("the account says %v", account.Changed)
	}
	o.clean("after a refusal")
	if again := o.ingest(); len(again.Changed) != 0 {
		t.Errorf("the same run again changed %v", again.Changed)
	}
	o.a.engine = own
	if _, _, err := o.a.Retry(t.Context(), Retry{State: ledger.Quarantined}); err != nil {
		t.Fatal(err)
	}
	o.want(map[string]string{"bad.txt": "indexed", "good.txt": "indexed"})
}

// flip changes one byte of the stored file of that name.
func flip(t *testing.T, dir, name string) {
	t.Helper()
	done := false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.Base(path), name[4:]) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data[len(data)/2] ^= 1
		if err := os.Chmod(path, 0o644); err != nil {
			return err
		}
		done = true
		return os.WriteFile(path, data, 0o644)
	})
	if err != nil || !done {
		t.Fatalf("flipping a byte of %s: %v, done: %v", name, err, done)
	}
}

func TestDamagedFilesAreAccountedFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	whole := zipped(t, "a.txt", strings.Repeat("仓储", 500), "b.txt", "好的")
	o.write("cut.zip", whole[:len(whole)/2])
	o.write("broken.docx", "PK\x03\x04 nothing of a document")
	o.write("broken.pdf", "%PDF-1.4\nnothing of a page")
	account := o.ingest()
	for locator, state := range o.states() {
		if strings.HasPrefix(state, "pending") {
			t.Errorf("%s is %s", locator, state)
		}
	}
	if again := o.ingest(); len(again.Changed) != 0 {
		t.Errorf("damaged files are read again and again: %v", again.Changed)
	}
	if account.Changed[ledger.Quarantined] > 0 {
		if _, n, err := o.a.Retry(t.Context(), Retry{State: ledger.Quarantined}); err != nil || int64(n) != account.Changed[ledger.Quarantined] {
			t.Errorf("retried %d, %v", n, err)
		}
	}
	o.clean("after damaged files")
}

func TestScopesHideWhatLiesOutside(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("客户甲/报价.txt", "甲公司的报价是三十万元")
	other := filepath.Join(filepath.Dir(o.source), "other")
	if err := os.MkdirAll(other, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "乙.txt"), []byte("乙公司的报价是四十万元"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{o.source, other}}); err != nil {
		t.Fatal(err)
	}
	if got := o.find("报价"); len(got) != 2 {
		t.Fatalf("everybody finds %q", got)
	}
	mine := []string{Scope(other)}
	r, err := o.a.Search(t.Context(), index.Request{Text: "报价"}, mine)
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 1 || len(r.Hits) != 1 || r.Hits[0].Locator != "乙.txt" || r.Facets["kind"][string(document.KindText)] != 1 {
		t.Errorf("found %+v", r)
	}
	hidden, err := o.a.Find(t.Context(), "客户甲/报价.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.a.Show(t.Context(), hidden.DocumentID(), mine); err == nil {
		t.Error("a document outside the scopes is shown")
	}
	if _, _, _, err := o.a.Original(t.Context(), hidden.DocumentID(), mine); err == nil {
		t.Error("an original outside the scopes is given out")
	}
	if r, err := o.a.Search(t.Context(), index.Request{Text: "报价"}, []string{}); err != nil || r.Total != 0 {
		t.Errorf("without any scope: %+v, %v", r, err)
	}
}
