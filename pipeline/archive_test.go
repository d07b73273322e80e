package pipeline

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// office is a source folder and a data directory, as a test uses them.
type office struct {
	t      *testing.T
	source string
	cfg    *config.Config
	a      *Archive
}

func newOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	cfg, err := config.Load(config.LoadOptions{Dir: dir, Getenv: func(string) string { return "" }, Environ: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data, cfg.SettleTime, cfg.Disk.MinFree, cfg.Sandbox = filepath.Join(dir, "data"), 0, 0, withSandbox
	o := &office{t: t, source: filepath.Join(dir, "source"), cfg: cfg}
	if err := os.MkdirAll(o.source, 0o755); err != nil {
		t.Fatal(err)
	}
	o.open()
	t.Cleanup(func() { _ = o.a.Close() })
	return o
}

func (o *office) open() {
	o.t.Helper()
	a, err := Open(o.t.Context(), o.cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		o.t.Fatal(err)
	}
	o.a = a
}

// restart closes the archive and opens it again, as another process would.
func (o *office) restart() {
	o.t.Helper()
	if err := o.a.Close(); err != nil {
		o.t.Fatal(err)
	}
	o.open()
}

// write puts a file into the source, last changed an hour ago.
func (o *office) write(name, data string) {
	o.t.Helper()
	path := filepath.Join(o.source, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) remove(name string) {
	o.t.Helper()
	if err := os.Remove(filepath.Join(o.source, filepath.FromSlash(name))); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) ingest() *Account {
	o.t.Helper()
	account, err := o.a.Ingest(o.t.Context(), Run{Kind: "ingest", Paths: []string{o.source}})
	if err != nil {
		o.t.Fatal(err)
	}
	if !account.Closed {
		o.t.Fatalf("the ledger does not close: %+v", account)
	}
	return account
}

func (o *office) dump() string {
	o.t.Helper()
	var out bytes.Buffer
	if err := o.a.Dump(o.t.Context(), &out); err != nil {
		o.t.Fatal(err)
	}
	return out.String()
}

// states are the states of all items by locator, with a mark for what is gone.
func (o *office) states() map[string]string {
	o.t.Helper()
	out := map[string]string{}
	err := o.a.Items(o.t.Context(), ledger.Filter{}, func(i *ItemView) error {
		s := string(i.State)
		if i.Reason != "" {
			s += " " + i.Reason
		}
		if i.Gone {
			s += " gone"
		}
		out[i.Locator] = strings.TrimSpace(out[i.Locator] + "; " + s)
		out[i.Locator] = strings.TrimPrefix(out[i.Locator], "; ")
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

func (o *office) want(want map[string]string) {
	o.t.Helper()
	got := o.states()
	for locator, state := range want {
		if got[locator] != state {
			o.t.Errorf("%s is %q, want %q", locator, got[locator], state)
		}
	}
	if len(got) != len(want) {
		o.t.Errorf("items %v, want %v", got, want)
	}
}

// find gives the locators that a search finds, best first.
func (o *office) find(query string) []string {
	o.t.Helper()
	r, err := o.a.Search(o.t.Context(), index.Request{Text: query}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Locator)
	}
	return out
}

func (o *office) clean(want string) {
	o.t.Helper()
	r, err := o.a.Reconcile(o.t.Context(), false)
	if err != nil {
		o.t.Fatal(err)
	}
	if !r.Clean() {
		o.t.Errorf("%s: %+v", want, r)
	}
}

// zipped makes a zip of the given names and bytes.
func zipped(t *testing.T, members ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for n := 0; n < len(members); n += 2 {
		w, err := z.Create(members[n])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(members[n+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// box is an mbox of mails from..to-1.
func box(from, to int) string {
	var b strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "From a@example.com Mon Jan  2 15:04:05 2023\nFrom: 张伟 <a@example.com>\nTo: b@example.com\nSubject: 第%d号邮件\nDate: Mon, 02 Jan 2023 15:04:05 +0800\nMessage-ID: <%d@example.com>\n\n需求变更第%d条已经确认。\n\n", n, n, n)
	}
	return b.String()
}

const talk = `WEBVTT

00:00:01.000 --> 00:00:05.000
<v 王磊>我们决定九月十五日之前交付订单系统。

00:00:06.000 --> 00:00:10.000
<v 李娜>好的，我负责周五之前把测试报告发给客户。
`

// sound is a WAV of one second of silence; n makes different ones.
func sound(n byte) string {
	const rate = 8000
	head := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"
	return head + strings.Repeat(string(rune(n)), rate)
}

func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("合同/付款.txt", "合同金额为三十五万元，首付款已经到账。")
	o.write("合同/副本.txt", "合同金额为三十五万元，首付款已经到账。")
	o.write("mails.mbox", box(0, 3))
	o.write("old.zip", zipped(t, "里/说明.txt", "仓储系统的安装说明", "内.zip", zipped(t, "深.txt", "藏得很深的文字")))
	o.write("会议/周会.wav", sound(1))
	o.write("会议/周会.vtt", talk)
	o.write("会议/未转写.wav", sound(2))
	o.write("Thumbs.db", "x")
	o.write("空.txt", "")
	o.write("drawing.bin", "\x00\x01\x02AC1018\xff\xfe\x00\x00\x00")
	account := o.ingest()
	states := o.states()
	for locator, want := range map[string]string{
		"合同/付款.txt": "indexed", "合同/副本.txt": "duplicate-of", "mails.mbox": "indexed", "old.zip": "indexed", "old.zip!/内.zip!/深.txt": "indexed",
		"会议/周会.wav": "indexed", "会议/周会.vtt": "part-of", "会议/未转写.wav": "waiting transcriber", "空.txt": "skipped empty", "drawing.bin": "skipped unsupported",
	} {
		if states[locator] != want {
			t.Errorf("%s is %q, want %q", locator, states[locator], want)
		}
	}
	if !strings.HasPrefix(states["Thumbs.db"], "skipped ") {
		t.Errorf("Thumbs.db is %q", states["Thumbs.db"])
	}
	if int64(len(states)) != account.Found {
		t.Errorf("%d items, the account says %d", len(states), account.Found)
	}
	for query, want := range map[string]string{"首付款": "合同/付款.txt", "藏得很深": "old.zip!/内.zip!/深.txt", "第2号邮件": "mails.mbox!/mail:", "测试报告": "会议/周会.wav"} {
		if got := o.find(query); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s finds %q, want %s", query, got, want)
		}
	}
	o.clean("after a run")

	before := o.dump()
	if again := o.ingest(); again.Incomplete() || len(again.Changed) != 0 {
		t.Errorf("a second run changed %v", again.Changed)
	}
	o.restart()
	o.ingest()
	if after := o.dump(); after != before {
		t.Errorf("doing it again changed the dump:\n%s\n---\n%s", before, after)
	}
}

func TestMinutesOfAMeeting(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("周会 2025-08-20.wav", sound(1))
	o.ingest()
	if s := o.states()["周会 2025-08-20.wav"]; s != "waiting transcriber" {
		t.Fatalf("without a transcript it is %q", s)
	}
	o.write("周会 2025-08-20.vtt", talk) // arrives a day later
	o.ingest()
	o.want(map[string]string{"周会 2025-08-20.wav": "indexed", "周会 2025-08-20.vtt": "part-of"})
	v, err := o.a.Show(t.Context(), "周会 2025-08-20.wav", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Minutes == nil || v.Said == nil || len(v.Said.Utterances) != 2 || v.Minutes.Date != "2025-08-20" {
		t.Fatalf("minutes %+v, transcript %+v", v.Minutes, v.Said)
	}
	if len(v.Minutes.Decisions) == 0 || len(v.Minutes.Decisions[0].Evidence) == 0 {
		t.Errorf("the decision is missing: %+v", v.Minutes)
	}
	if got := o.find("交付订单系统"); len(got) != 1 || got[0] != "周会 2025-08-20.wav" {
		t.Errorf("found %q: the meeting once, as its recording", got)
	}
}

func TestGrowingMailbox(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("in.mbox", box(0, 5))
	o.ingest()
	o.write("in.mbox", box(0, 7))
	account := o.ingest()
	if account.States[ledger.Indexed] != 8 || account.Gone != 0 {
		t.Errorf("after two more mails: %v, %d gone", account.States, account.Gone)
	}
	// The first mail is deleted: every other moves to another offset.
	o.write("in.mbox", box(1, 7))
	account = o.ingest()
	if len(o.find("第0号邮件")) != 1 {
		t.Error("a mail that left its mailbox left the archive too")
	}
	if got := o.find("第6号邮件"); len(got) != 1 {
		t.Errorf("第6号邮件 is found %d times: %q", len(got), got)
	}
	if account.Gone == 0 {
		t.Error("nothing is said to be gone")
	}
	o.clean("after the mailbox shrank")
	// What the locators say can still be opened.
	for _, locator := range o.find("已经确认") {
		original, _, _, err := o.a.Original(t.Context(), locator, nil)
		if err != nil {
			t.Errorf("%s: %v", locator, err)
			continue
		}
		_ = original.Close()
	}
}

func TestChangedMovedAndGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "第一版的报价单")
	o.write("b.txt", "另一份文件的内容")
	o.ingest()
	o.write("a.txt", "第二版的报价单，金额有变化")
	o.remove("b.txt")
	o.write("c/b.txt", "另一份文件的内容")
	o.ingest()
	o.want(map[string]string{"a.txt": "indexed gone; indexed", "b.txt": "duplicate-of gone", "c/b.txt": "indexed"})
	if got := o.find("另一份文件"); len(got) != 1 || got[0] != "c/b.txt" {
		t.Errorf("found %q", got)
	}
	if got := o.find("第一版"); len(got) != 1 {
		t.Errorf("what a file held before is found %d times", len(got))
	}
	o.clean("after changes")
}

func TestTouchedFileIsNotReadAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "一份文件")
	o.write("z.zip", zipped(t, "b.txt", "另一份"))
	o.ingest()
	before := o.dump()
	c, err := o.a.Find(t.Context(), "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.txt", "z.zip"} { // as copying a share to a new server does
		if err := os.Chtimes(filepath.Join(o.source, name), time.Now(), time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if account := o.ingest(); len(account.Changed) != 0 {
		t.Errorf("touching changed %v", account.Changed)
	}
	if after := o.dump(); after != before {
		t.Errorf("touching changed the dump:\n%s", after)
	}
	again, err := o.a.Find(t.Context(), "a.txt")
	if err != nil || again.Revision != c.Revision {
		t.Errorf("what was read was sent to the index again: revision %d, then %d, %v", c.Revision, again.Revision, err)
	}
	// And the second pass after it opens nothing: the new time is known.
	i, err := o.a.FindItem(t.Context(), "a.txt")
	if err != nil || i.Todo || time.Since(i.Modified) > 2*time.Minute {
		t.Errorf("the item is %+v, %v", i, err)
	}
}

func TestUnreachableSourceLosesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "一份文件")
	o.ingest()
	before := o.dump()
	o.remove("a.txt")
	account, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{o.source}})
	if err != nil {
		t.Fatal(err)
	}
	if len(account.Unreachable) != 1 || account.Gone != 0 || !account.Incomplete() {
		t.Errorf("a suddenly empty source: %+v", account)
	}
	if after := o.dump(); after != before {
		t.Errorf("the dump changed:\n%s", after)
	}
}

func TestInterruptedRunGoesOn(t *testing.T) {
	t.Parallel()
	o, whole := newOffice(t), newOffice(t)
	whole.source = o.source
	for n := range 40 {
		o.write(fmt.Sprintf("%02d.mbox", n%7), box(n*10, n*10+40))
		o.write(fmt.Sprintf("text/%02d.txt", n), fmt.Sprintf("第%d份说明", n/2))
	}
	for n := range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n*15)*time.Millisecond)
		_, _ = o.a.Ingest(ctx, Run{Kind: "ingest", Paths: []string{o.source}})
		cancel()
		o.restart()
	}
	o.ingest()
	whole.ingest()
	if a, b := o.dump(), whole.dump(); a != b {
		t.Errorf("an interrupted run and an undisturbed one differ:\n%s\n---\n%s", a, b)
	}
	o.clean("after interruptions")
}

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
