package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline"
	"guidang/pipeline/minutes"
)

type minutesOptions struct {
	File         string
	Offline      bool
	JSON         bool
	Markdown     bool
	Word         string // file to write
	SummaryChars int
	SummaryWords int
}

func newMinutesCommand(e *env) *cobra.Command {
	var o minutesOptions
	cmd := &cobra.Command{
		Use:  "minutes FILE",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			return runMinutes(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.Offline, "offline", false, e.t("minutes.flag.offline"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	f.BoolVar(&o.Markdown, "md", false, e.t("minutes.flag.md"))
	f.StringVar(&o.Word, "docx", "", e.t("minutes.flag.docx"))
	f.IntVar(&o.SummaryChars, "summary-chars", 0, e.t("minutes.flag.summary-chars"))
	f.IntVar(&o.SummaryWords, "summary-words", 0, e.t("minutes.flag.summary-words"))
	return e.describe(cmd, []int{0, 1, 2, 130},
		"guidang minutes 周会.vtt --docx 周会纪要.docx", "guidang minutes review.srt --offline --json --summary-words 80")
}

// maxSummary is a summary longer than which the minutes are no shorter than
// what was said.
const maxSummary = 20_000

func runMinutes(ctx context.Context, e *env, o minutesOptions) error {
	switch {
	case o.JSON && o.Markdown:
		return e.usage("error.together", "json", "md")
	case o.Word != "" && (o.JSON || o.Markdown):
		return e.usage("error.together", "docx", pick(o.JSON, "json", "md"))
	case o.SummaryChars != 0 && o.SummaryWords != 0:
		return e.usage("error.together", "summary-chars", "summary-words")
	case o.SummaryChars < 0 || o.SummaryChars > maxSummary:
		return e.usage("error.range", "summary-chars", 1, maxSummary, o.SummaryChars)
	case o.SummaryWords < 0 || o.SummaryWords > maxSummary:
		return e.usage("error.range", "summary-words", 1, maxSummary, o.SummaryWords)
	}
	if err := e.regularFile(o.File); err != nil {
		return err
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	name := filepath.Base(o.File)
	read, err := e.firstDocument(ctx, cfg, o.File)
	if err != nil {
		return err
	}
	settings := minutes.Options{SummaryChars: o.SummaryChars, SummaryWords: o.SummaryWords, Title: strings.TrimSuffix(name, filepath.Ext(name))}
	if settings.SummaryChars+settings.SummaryWords == 0 {
		settings.SummaryChars = cfg.Minutes.SummaryChars
	}
	settings.Date, _ = recording.DateFromName(name)
	maker, calendar, err := pipeline.NewMinutes(cfg)
	if err != nil {
		return err
	}
	settings.Calendar = calendar
	if settings.Terms.Glossary, err = pipeline.Glossary(cfg); err != nil {
		return err
	}
	// Minutes that people wrote are read, not summarised once more.
	if written, _, ok := minutes.Import(read, settings); ok && read.Transcript == nil {
		return e.printMinutes(written, o)
	}
	t, err := e.transcriptOf(ctx, cfg, o.File, read)
	if err != nil {
		return err
	}
	if o.Offline {
		maker = minutes.NewOffline()
	}
	made, err := maker.Make(ctx, t, settings)
	if err != nil {
		return fmt.Errorf("%s: %w", o.File, err)
	}
	for _, why := range made.Checks.Fallback {
		fmt.Fprintln(e.stderr, e.t("minutes.fallback", why))
	}
	return e.printMinutes(made, o)
}

func (e *env) printMinutes(made *minutes.Minutes, o minutesOptions) error {
	switch {
	case o.JSON:
		return e.printJSON(made)
	case o.Word != "":
		return e.writeWord(made, o.Word)
	}
	text := minutes.Markdown(made, made.Language)
	if !o.Markdown && e.screen {
		text = visibleText(text)
	}
	_, err := fmt.Fprint(e.stdout, text)
	return err
}

// writeWord writes the minutes as a Word document: beside the old file and renamed,
// so that nothing half written is left.
func (e *env) writeWord(made *minutes.Minutes, path string) error {
	data, err := minutes.Word(made, made.Language)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".minutes-*.docx")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	fmt.Fprintln(e.stderr, e.t("minutes.written", path))
	return nil
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// errFirst ends an extraction after its first document.
var errFirst = errors.New("the first document is enough")

// firstDocument is what a file itself is, without what lies in it.
func (e *env) firstDocument(ctx context.Context, cfg *config.Config, path string) (*document.Document, error) {
	var d *document.Document
	err := pipeline.Extract(ctx, cfg, path, func(first *document.Document) error {
		d = first
		return errFirst
	})
	if err != nil && !errors.Is(err, errFirst) {
		return nil, err
	}
	return d, nil
}

func (e *env) transcriptOf(ctx context.Context, cfg *config.Config, path string, d *document.Document) (*document.Transcript, error) {
	switch {
	case d.Transcript != nil && len(d.Transcript.Utterances) > 0:
		return d.Transcript, nil
	case d.Kind == document.KindRecording:
		t, damage, err := e.besideOrHeard(ctx, cfg, path)
		switch {
		case err != nil:
			return nil, err
		case damage != nil:
			fmt.Fprintln(e.stderr, e.t("transcribe.damaged", path, damage))
		}
		if len(t.Utterances) == 0 {
			return nil, e.fail("minutes.empty", path)
		}
		return t, nil
	case d.Read == document.None && d.Reason == document.Empty:
		return nil, e.fail("minutes.empty", path)
	case d.Read == document.None:
		return nil, e.fail("minutes.unreadable", path, e.name("reason", string(d.Reason)))
	case d.Kind != document.KindText && d.Kind != document.KindDocument && d.Kind != document.KindTranscript:
		return nil, e.usage("minutes.not-transcript", path, e.name("kind", string(d.Kind)))
	}
	if t := spokenIn(d, path); t != nil {
		return t, nil
	}
	t := plainTranscript(textOf(d))
	if len(t.Utterances) == 0 {
		return nil, e.fail("minutes.empty", path)
	}
	fmt.Fprintln(e.stderr, e.t("minutes.plain", path))
	t.Title, t.Date, t.Language = d.Title, d.Date, d.Language
	return t, nil
}

// spokenIn is the talk that a document holds, with its times or speakers; nil if
// it holds none.
func spokenIn(d *document.Document, path string) *document.Transcript {
	if d.Transcript != nil && len(d.Transcript.Utterances) > 0 {
		return d.Transcript
	}
	t, ok := recording.ParseTranscript(filepath.Base(path), []byte(textOf(d)))
	if !ok {
		return nil
	}
	t.Title, t.Date = d.Title, d.Date
	return t
}

func textOf(d *document.Document) string {
	var text strings.Builder
	for _, s := range d.Sections {
		if s.Heading != "" && s.Heading != s.Text {
			text.WriteString(s.Heading + "\n")
		}
		text.WriteString(s.Text + "\n")
	}
	return text.String()
}

// beside finds a recording's transcript in its folder, nil if there is none.
func (e *env) beside(ctx context.Context, cfg *config.Config, path string) (*document.Transcript, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	side, ok := recording.Sidecar(filepath.Base(path), names)
	if !ok {
		return nil, nil
	}
	d, err := e.firstDocument(ctx, cfg, filepath.Join(filepath.Dir(path), side))
	if err != nil {
		return nil, err
	}
	t := spokenIn(d, side)
	if t != nil {
		t.Source = "sidecar"
	}
	return t, nil
}

// plainTranscript takes every line that says something for an utterance.
func plainTranscript(text string) *document.Transcript {
	t := &document.Transcript{Source: "import"}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#-*>•"))
		if line != "" {
			t.Utterances = append(t.Utterances, document.Utterance{ID: len(t.Utterances) + 1, Text: line})
		}
	}
	return t
}
