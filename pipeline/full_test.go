package pipeline

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"guidang/pipeline/store"
)

// journal is a log that a test reads while others write it.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// A full disk is one clear sentence, which the run's error is; the log does not
// say it again for each job and each attempt.
func TestFullDiskIsNotToldTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "合同")
	o.write("b.zip", "no archive")
	if err := o.a.Close(); err != nil {
		t.Fatal(err)
	}
	log := &journal{}
	o.cfg.Disk.MinFree = 1 << 62
	a, err := Open(t.Context(), o.cfg, slog.New(slog.NewTextHandler(log, nil)), true)
	if err != nil {
		t.Fatal(err)
	}
	o.a = a
	account, err := a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{o.source}})
	if !errors.Is(err, store.ErrDiskFull) || account == nil || account.Outcome != DiskFull {
		t.Fatalf("account %+v, error %v", account, err)
	}
	const once = "the disk is full; documents are indexed"
	eventually(t, "the log says it", func() bool { return strings.Contains(log.String(), once) })
	a.feed.wake()
	if err := a.feed.drain(t.Context()); !errors.Is(err, store.ErrDiskFull) {
		t.Errorf("the feed goes on: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	text := log.String()
	if strings.Count(text, once) != 1 || strings.Contains(text, "level=WARN") || strings.Contains(text, "level=ERROR") {
		t.Errorf("the log:\n%s", text)
	}
}

// What is first full and then broken is told for each.
func TestFeedRemembersHowTheLastAttemptEnded(t *testing.T) {
	t.Parallel()
	f := newFeed(nil)
	full, broken := store.ErrDiskFull, errors.New("broken")
	for n, c := range []struct{ err, before error }{{nil, nil}, {full, nil}, {full, full}, {broken, full}, {nil, broken}, {full, nil}} {
		if before := f.note(c.err); !errors.Is(before, c.before) || before != nil && c.before == nil {
			t.Errorf("attempt %d: before it was %v, want %v", n, before, c.before)
		}
	}
}
