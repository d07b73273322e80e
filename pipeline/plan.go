package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/source"
	"guidang/pipeline/store"
)

// Plan is what an ingest of the sources would meet and cost, found without
// ingesting anything. What was counted is exact; what was looked at in a sample
// says so.
type Plan struct {
	Sources     []PlannedSource               `json:"sources"`
	Files       int64                         `json:"files"`
	Bytes       int64                         `json:"bytes"`
	ByKind      map[document.Kind]PlannedKind `json:"by_kind"` // by name, corrected by no content: a sample is read, not everything
	Containers  PlannedMails                  `json:"mail_containers"`
	Recordings  PlannedRecordings             `json:"recordings"`
	Skipped     map[string]int64              `json:"skipped"` // by rule
	Unreadable  []PlannedTrouble              `json:"unreadable"`
	Troubles    map[string]int64              `json:"unreadable_by_reason"` // exact for what cannot be opened, extrapolated for what a sample shows
	Cloud       PlannedCloud                  `json:"cloud_attachments"`
	Sample      PlannedSample                 `json:"sample"`
	Estimate    PlannedCost                   `json:"estimate"`
	Unreachable int                           `json:"unreachable"`
}

// PlannedSource is one source of a plan.
type PlannedSource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Files int64  `json:"files"`
	Bytes int64  `json:"bytes"`
	Error string `json:"error,omitempty"` // why it cannot be reached
}

// PlannedKind counts files of a kind.
type PlannedKind struct {
	Files int64 `json:"files"`
	Bytes int64 `json:"bytes"`
}

// PlannedMails counts the mails that lie in mailboxes.
type PlannedMails struct {
	Files     int64 `json:"files"`
	Bytes     int64 `json:"bytes"`
	Mails     int64 `json:"mails"`
	Estimated bool  `json:"estimated"` // not all were looked into
}

// PlannedRecordings counts recordings.
type PlannedRecordings struct {
	Files          int64   `json:"files"`
	Hours          float64 `json:"hours"`
	Estimated      bool    `json:"estimated"`
	WithTranscript int64   `json:"with_transcript"` // these need no engine
	HoursToDo      float64 `json:"hours_without_transcript"`
}

// PlannedTrouble is a file that cannot be read, and why.
type PlannedTrouble struct {
	Source  string `json:"source"`
	Locator string `json:"locator"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail,omitempty"`
}

// PlannedCloud are attachments that lie with a service: mails only link to them, and
// no ingest brings them into the archive.
type PlannedCloud struct {
	Files     int64 `json:"files"`
	Estimated bool  `json:"estimated"` // from the mails of a sample
}

// PlannedSample is what was read to find out what reading costs here.
type PlannedSample struct {
	Files   int64   `json:"files"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

// PlannedCost is what the ingest would take on this machine with these settings.
type PlannedCost struct {
	Documents int64    `json:"documents"`
	Seconds   float64  `json:"seconds"` // of reading and indexing, with all workers
	Workers   int      `json:"workers"`
	Disk      int64    `json:"disk_bytes"`
	Free      int64    `json:"free_bytes"`
	Tokens    int64    `json:"tokens"` // that a language model would read and write
	Money     *float64 `json:"money"`  // null: no price was given
}

// PlanRequest says what is planned.
type PlanRequest struct {
	Paths       []string
	Budget      time.Duration // for looking into files; 0: 20 s
	PriceTokens float64       // of a million tokens
	PriceHour   float64       // of an hour of speech
}

// planBudget is how long files are looked into. After it the rest is estimated
// from what was seen.
const planBudget = 20 * time.Second

// maxTroubles is how many unreadable files a plan names; it counts all.
const maxTroubles = 1000

// MakePlan walks the sources and looks into a sample. It touches no data
// directory and changes nothing.
func MakePlan(ctx context.Context, cfg *config.Config, r PlanRequest) (*Plan, error) {
	places, err := plannedPlaces(cfg, r.Paths)
	if err != nil {
		return nil, err
	}
	pl, err := newPlanner(cfg) //nolint:contextcheck // closed below
	if err != nil {
		return nil, err
	}
	defer pl.close()
	p := pl.plan
	for _, s := range places {
		if err := pl.walk(ctx, s); err != nil {
			return nil, err
		}
	}
	if err := pl.look(ctx, cmp.Or(r.Budget, planBudget)); err != nil {
		return nil, err
	}
	pl.estimate(r)
	if free, err := (store.Guard{Path: existing(cfg.Data)}).Free(); err == nil { // else it is not known
		p.Estimate.Free = free
	}
	return p, nil
}

// existing is a folder of a path that is there.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || filepath.Dir(path) == path {
			return path
		}
		path = filepath.Dir(path)
	}
}

// plannedPlaces are the sources of the settings, or paths by hand.
func plannedPlaces(cfg *config.Config, paths []string) ([]config.Source, error) {
	if len(paths) == 0 {
		if len(cfg.Sources) == 0 {
			return nil, errors.New("no source is configured; give a path, or name sources in guidang.yaml")
		}
		return cfg.Sources, nil
	}
	var out []config.Source
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(abs); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		s := config.Source{Name: abs, Path: abs}
		for _, c := range cfg.Sources {
			if same, err := filepath.Abs(c.Path); err == nil && same == abs {
				s = c
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func newPlanner(cfg *config.Config) (*planner, error) {
	cache := userCache()
	settings, err := newReading(cfg, cache)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "guidang-*")
	if err != nil {
		return nil, err
	}
	reader, err := newReader(cfg, settings.formats, scratch, filepath.Join(cache, "cache"), 1, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(scratch))
	}
	workers := cfg.Workers
	if workers <= 0 {
		workers = runtime.NumCPU()
	}
	return &planner{
		cfg: cfg, settings: settings, scratch: scratch, reader: reader, sources: map[string]source.Source{}, classes: map[string]*class{}, beside: map[string][]string{},
		plan: &Plan{ByKind: map[document.Kind]PlannedKind{}, Skipped: map[string]int64{}, Unreadable: []PlannedTrouble{}, Troubles: map[string]int64{}, Estimate: PlannedCost{Workers: workers}},
	}, nil
}

func (pl *planner) close() {
	_ = pl.reader.Close()
	_ = os.RemoveAll(pl.scratch)
}

// walk counts what a source holds.
func (pl *planner) walk(ctx context.Context, s config.Source) error {
	data, err := filepath.Abs(pl.cfg.Data)
	if err != nil {
		data = pl.cfg.Data
	}
	src := source.NewFolder(source.FolderOptions{Name: s.Name, Path: s.Path, Marker: s.Marker, Skip: s.Skip, Trees: s.Trees, Exclude: []string{data}})
	pl.sources[s.Name] = src
	seen := PlannedSource{Name: s.Name, Path: s.Path}
	err = src.Walk(ctx, func(e source.Entry) error {
		switch {
		case e.Err != nil:
			pl.trouble(PlannedTrouble{s.Name, e.Locator, string(document.IO), e.Err.Error()}, 1)
		case e.Rule != "":
			pl.plan.Skipped[e.Rule]++
		default:
			seen.Files++
			seen.Bytes += e.Size
			pl.file(s, e)
		}
		return nil
	})
	if unreachable(err) {
		seen.Error = err.Error()
		pl.plan.Unreachable++
		err = nil
	}
	pl.plan.Sources = append(pl.plan.Sources, seen)
	pl.plan.Files += seen.Files
	pl.plan.Bytes += seen.Bytes
	return err
}

// trouble notes files that cannot be read: n of them, of which one is named.
func (pl *planner) trouble(t PlannedTrouble, n int64) {
	pl.plan.Troubles[t.Reason] += n
	if len(pl.plan.Unreadable) < maxTroubles {
		pl.plan.Unreadable = append(pl.plan.Unreadable, t)
	}
}
