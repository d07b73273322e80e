package pipeline

import (
	"fmt"
	"testing"
	"time"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/store"
)

// eventually waits for what another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("not within 30 s: %s", what)
}

func TestMissedNightIsMadeUpFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "一份文件")
	o.cfg.Sources = []config.Source{{Name: "share", Path: o.source, Schedule: "0 3 * * *"}}
	if err := o.a.Schedule(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first night runs at once", func() bool {
		run, err := o.a.ledger.LastRun(t.Context(), "share")
		return err == nil && !run.Ended.IsZero()
	})
	// A night ago it ran: the next one is due at three, not now.
	o.restart()
	if err := o.a.Schedule(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, err := o.a.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next, err := time.Parse(time.RFC3339, status.NextRun)
	if err != nil || time.Until(next) <= 0 || time.Until(next) > 24*time.Hour || next.Hour() != 3 {
		t.Errorf("the next run is %q, %v", status.NextRun, err)
	}
}

func TestIdleNightReadsAgainWhatIsOutdated(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "一份文件")
	o.cfg.Sources = []config.Source{{Name: "share", Path: o.source}}
	if err := o.a.night(t.Context(), []string{"share"}); err != nil {
		t.Fatal(err)
	}
	for n := range o.a.formats {
		if o.a.formats[n].Name == "text" {
			o.a.formats[n].Version++ // as a newer program would bring it
		}
	}
	if n, err := o.a.outdated(t.Context(), nil); err != nil || n != 1 {
		t.Fatalf("%d outdated, %v", n, err)
	}
	if err := o.a.night(t.Context(), []string{"share"}); err != nil {
		t.Fatal(err)
	}
	if n, err := o.a.outdated(t.Context(), nil); err != nil || n != 0 {
		t.Errorf("%d outdated after an idle night, %v", n, err)
	}
	o.want(map[string]string{"a.txt": "indexed"})
}

func TestFullDiskStopsCleanlyAndGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "一份文件")
	room := o.a.guard.MinFree
	o.a.guard.MinFree = 1 << 60 // as if the disk were full
	account, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{o.source}})
	if err == nil || account == nil || account.Outcome != DiskFull {
		t.Fatalf("account %+v, %v", account, err)
	}
	o.a.guard.MinFree = room
	o.write("b.txt", "另一份文件")
	_ = o.a.diskFull(fmt.Errorf("a job that was late: %w", store.ErrDiskFull))
	o.a.stalled.Store(false)
	o.ingest()
	o.want(map[string]string{"a.txt": "indexed", "b.txt": "indexed"})
}

// The limits of the settings and those of the readers are two lists of the same
// things: config may not import the readers.
func TestLimitsAgree(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(config.LoadOptions{Dir: t.TempDir(), Getenv: func(string) string { return "" }, Environ: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := document.Limits(cfg.Limits), (document.Limits{}).WithDefaults(); got != want {
		t.Errorf("settings say %+v, readers %+v", got, want)
	}
}
