package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("合同/付款.txt", "合同金额为三十五万元，首付款已经到账。")
	o.write("合同/副本.txt", "合同金额为三十五万元，首付款已经到账。")
	o.write("mails.mbox", box(0, 3))
	o.write("old.zip", zipped(t, "里/说明.txt", "仓储系统的安装说明", "内.zip", zipped(t, "深.txt", "藏得很深的文字")))
	o.write("会议/周会.wav", soundFile(1))
	o.write("会议/周会.vtt", talk)
	o.write("会议/未转写.wav", soundFile(2))
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
	o.write("周会 2025-08-20.wav", soundFile(1))
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
