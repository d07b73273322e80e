package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guidang/config"
	"guidang/engines"
	"guidang/extractors/pdf"
	"guidang/pipeline"
	"guidang/pipeline/ledger/sqlite"
	"guidang/pipeline/store"
)

type doctorOptions struct{ JSON bool }

// How a check came out. Only bad makes the command fail.
const (
	checkOK   = "ok"
	checkNote = "note" // something optional is missing
	checkWarn = "warn" // it works, but something is to be done soon
	checkBad  = "bad"  // it does not work
)

// check is one line of the doctor's report.
type check struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

func newDoctorCommand(e *env) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:  "doctor",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), e, o) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 130}, "guidang doctor", "guidang doctor --json | jq '.checks[] | select(.status != \"ok\")'")
}

func runDoctor(ctx context.Context, e *env, o doctorOptions) error {
	checks := e.examine(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	bad := 0
	for _, c := range checks {
		if c.Status == checkBad {
			bad++
		}
	}
	var err error
	if o.JSON {
		err = e.printJSON(struct {
			OK     bool    `json:"ok"`
			Checks []check `json:"checks"`
		}{bad == 0, checks})
	} else {
		_, err = fmt.Fprint(e.stdout, e.checksText(checks))
	}
	if err == nil && bad > 0 {
		err = e.fail("doctor.bad", bad)
	}
	return err
}

func (e *env) checksText(checks []check) string {
	table := &columns{}
	for _, c := range checks {
		table.add(e.t("doctor.mark."+c.Status), e.t("doctor."+c.Name), c.Found)
		if c.Advice != "" {
			table.add("", "", "→ "+c.Advice)
		}
	}
	return table.String()
}

// examine makes all checks. It opens nothing for writing: a doctor that
// migrates a ledger or begins to work is no doctor.
func (e *env) examine(ctx context.Context) []check {
	cfg, err := e.config()
	if err != nil {
		return append([]check{{"settings", checkBad, e.sentence(err), e.t("doctor.settings.advice")}}, e.tools("", false)...)
	}
	out := []check{e.settingsCheck(cfg)}
	for _, s := range cfg.Sources {
		out = append(out, e.sourceCheck(s))
	}
	out = append(out, e.directoryCheck(cfg), e.diskCheck(cfg))
	lock, held := e.lockCheck(ctx, cfg)
	out = append(out, lock, e.ledgerCheck(ctx, cfg, held), e.indexCheck(ctx, cfg))
	out = append(out, e.transcriberChecks(ctx, cfg)...)
	out = append(out, e.readersCheck(cfg), e.engineCheck(ctx, cfg)) //nolint:contextcheck // the readers it starts are its own
	return append(append(out, e.ocrCheck(ctx, cfg), e.fontsCheck()), e.tools(pipeline.EngineOptions(cfg, nil).Dir, cfg.Index.Engine != "embedded")...)
}

func (e *env) settingsCheck(cfg *config.Config) check {
	c := check{Name: "settings", Status: checkOK, Found: cfg.File()}
	if cfg.File() == "" {
		c.Status, c.Found, c.Advice = checkNote, e.t("config.no-file"), e.t("doctor.settings.none")
	}
	if w := cfg.Warnings(); len(w) > 0 {
		c.Status, c.Advice = checkWarn, strings.Join(w, "; ")
	}
	return c
}

func (e *env) sourceCheck(s config.Source) check {
	c := check{Name: "source", Status: checkOK, Found: s.Name + " · " + s.Path}
	if _, err := os.Stat(s.Path); err != nil {
		c.Status, c.Advice = checkBad, e.t("doctor.source.gone", e.sentence(err))
	} else if s.Marker != "" {
		if _, err := os.Stat(filepath.Join(s.Path, s.Marker)); err != nil {
			c.Status, c.Advice = checkBad, e.t("doctor.source.marker", s.Marker)
		}
	}
	return c
}

func (e *env) directoryCheck(cfg *config.Config) check {
	c := check{Name: "data", Status: checkOK, Found: cfg.Data}
	info, err := os.Stat(cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.Status, c.Advice = checkNote, e.t("doctor.data.none")
		if err := writable(existing(cfg.Data)); err != nil {
			c.Status, c.Advice = checkBad, e.t("doctor.data.write", existing(cfg.Data))
		}
	case err != nil:
		c.Status, c.Advice = checkBad, e.sentence(err)
	case !info.IsDir():
		c.Status, c.Advice = checkBad, e.t("error.not-a-directory", cfg.Data)
	case writable(cfg.Data) != nil:
		c.Status, c.Advice = checkBad, e.t("doctor.data.write", cfg.Data)
	}
	return c
}

// existing is the nearest folder around a path that is there.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

func (e *env) diskCheck(cfg *config.Config) check {
	free, err := (store.Guard{Path: existing(cfg.Data), MinFree: cfg.Disk.MinFree}).Free()
	if err != nil {
		return check{"disk", checkWarn, err.Error(), ""}
	}
	c := check{Name: "disk", Status: checkOK, Found: e.t("doctor.disk.free", size(free), size(cfg.Disk.MinFree))}
	switch {
	case free < cfg.Disk.MinFree:
		c.Status, c.Advice = checkBad, e.t("doctor.disk.full")
	case free < 4*cfg.Disk.MinFree:
		c.Status, c.Advice = checkWarn, e.t("doctor.disk.low")
	}
	return c
}

// lockCheck says who holds the data directory. The lock is tried only when
// nobody answers, and for a moment: commands try again when they find it taken.
func (e *env) lockCheck(ctx context.Context, cfg *config.Config) (_ check, held bool) {
	if who, err := e.whoHolds(ctx, cfg.Data); err == nil {
		return check{"lock", checkOK, e.t("doctor.lock.held", who.PID, who.Version), ""}, true
	}
	f, err := os.Open(filepath.Join(cfg.Data, "lock"))
	if err != nil {
		return check{"lock", checkOK, e.t("doctor.lock.free"), ""}, false
	}
	defer f.Close()
	if taken, err := pipeline.LockFile(f); taken || err != nil {
		return check{"lock", checkWarn, e.t("doctor.lock.silent"), e.t("doctor.lock.advice")}, true
	}
	return check{"lock", checkOK, e.t("doctor.lock.free"), ""}, false
}

// readersCheck says what confines the processes that read originals.
func (e *env) readersCheck(cfg *config.Config) check {
	c := check{Name: "readers", Status: checkOK}
	if !pipeline.Sandboxed(cfg) {
		c.Status, c.Found, c.Advice = checkWarn, e.t("doctor.readers.off"), e.t("doctor.readers.off.advice")
		return c
	}
	active, missing, err := pipeline.Readers(cfg)
	if err != nil {
		c.Status, c.Found, c.Advice = checkBad, err.Error(), e.t("doctor.readers.advice")
		return c
	}
	c.Found = e.t("doctor.readers.on", cfg.Reader.Seconds, size(cfg.Reader.Memory), strings.Join(active, ", "))
	if len(missing) > 0 {
		c.Status, c.Advice = checkNote, e.t("doctor.readers.missing", strings.Join(missing, ", "))
	}
	return c
}

// fontsCheck says whether pages can be drawn whose Chinese fonts are not in the file.
func (e *env) fontsCheck() check {
	fonts := pdf.EasternFonts()
	if len(fonts) == 0 {
		return check{"fonts", checkNote, e.t("doctor.tool.absent"), e.t("doctor.fonts.absent")}
	}
	return check{"fonts", checkOK, e.t("doctor.fonts.found", fonts[0], len(fonts)), ""}
}

func (e *env) ledgerCheck(ctx context.Context, cfg *config.Config, held bool) check {
	path := filepath.Join(cfg.Data, "ledger.db")
	c := check{Name: "ledger", Status: checkOK}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.Status, c.Found = checkNote, e.t("doctor.ledger.none")
		return c
	case err != nil:
		c.Status, c.Found = checkBad, e.sentence(err)
		return c
	case held: // its holder has opened it, so it can be read
		c.Found = e.t("doctor.ledger.held", size(info.Size()))
		return c
	}
	db, err := sqlite.OpenDB(path, 1, true)
	if err == nil {
		defer db.Close()
		var version int
		var verdict string
		if err = db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err == nil {
			err = db.QueryRowContext(ctx, `SELECT count(*) FROM ledger WHERE key = 'id'`).Scan(&verdict)
		}
		c.Found = e.t("doctor.ledger.schema", version, size(info.Size()))
	}
	if err != nil {
		c.Status, c.Found, c.Advice = checkBad, err.Error(), e.t("doctor.ledger.advice")
	}
	return c
}

// tool is a program of others, and what it is for.
type tool struct{ name, program string }

// tools looks for helper programs, and for decoders that the local engine brought
// into its folder. None is needed by what this version reads; what their absence
// means stands in the message table. Meilisearch is left out where a server is named.
func (e *env) tools(engine string, server bool) []check {
	var out []check
	for _, t := range []tool{{"ffmpeg", "ffmpeg"}, {"silk", ""}, {"poppler", "pdftotext"}, {"libreoffice", "soffice"}, {"meilisearch", "meilisearch"}} {
		if server && t.name == "meilisearch" {
			continue
		}
		c := check{Name: t.name, Status: checkOK}
		if path, err := exec.LookPath(t.program); err == nil {
			c.Found = path
		} else if path := engines.Decoder(engine, t.name); path != "" {
			c.Found = e.t("doctor.tool.engine", path)
		} else {
			c.Status, c.Found, c.Advice = checkNote, e.t("doctor.tool.absent"), e.t("doctor."+t.name+".absent")
		}
		out = append(out, c)
	}
	return out
}
