package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guidang/config"
	"guidang/engines"
	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline"
	"guidang/pipeline/sound"
	"guidang/pipeline/transcribe"
)

type transcribeOptions struct {
	File   string
	JSON   bool
	VTT    bool
	SRT    bool
	Text   bool
	Engine bool
}

func newTranscribeCommand(e *env) *cobra.Command {
	var o transcribeOptions
	cmd := &cobra.Command{
		Use:  "transcribe FILE",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			return runTranscribe(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	f.BoolVar(&o.VTT, "vtt", false, e.t("transcribe.flag.vtt"))
	f.BoolVar(&o.SRT, "srt", false, e.t("transcribe.flag.srt"))
	f.BoolVar(&o.Text, "text", false, e.t("transcribe.flag.text"))
	f.BoolVar(&o.Engine, "engine", false, e.t("transcribe.flag.engine"))
	return e.describe(cmd, []int{0, 1, 2, 3, 130}, "guidang transcribe 周会.m4a --vtt > 周会.vtt", "guidang transcribe review.mp3 --json | jq .quality")
}

func runTranscribe(ctx context.Context, e *env, o transcribeOptions) error {
	var forms []string
	for _, f := range []struct {
		name string
		set  bool
	}{{"json", o.JSON}, {"vtt", o.VTT}, {"srt", o.SRT}, {"text", o.Text}} {
		if f.set {
			forms = append(forms, f.name)
		}
	}
	if len(forms) > 1 {
		return e.usage("error.together", forms[0], forms[1])
	}
	if err := e.regularFile(o.File); err != nil {
		return err
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	d, err := e.firstDocument(ctx, cfg, o.File)
	if err != nil {
		return err
	}
	var t *document.Transcript
	var damage error
	switch {
	case d.Kind != document.KindRecording:
		t, err = e.transcriptOf(ctx, cfg, o.File, d)
	case o.Engine:
		t, damage, err = e.heard(ctx, cfg, o.File)
	default:
		t, damage, err = e.besideOrHeard(ctx, cfg, o.File)
	}
	if err != nil {
		return err
	}
	if err := e.printTranscript(t, o); err != nil {
		return err
	}
	if damage != nil {
		return &incompleteError{e.t("transcribe.damaged", o.File, damage)}
	}
	return nil
}

func (e *env) printTranscript(t *document.Transcript, o transcribeOptions) error {
	var text string
	switch {
	case o.JSON:
		if t.Utterances == nil {
			t.Utterances = []document.Utterance{}
		}
		return e.printJSON(t)
	case o.VTT:
		text = recording.WriteVTT(t)
	case o.SRT:
		text = recording.WriteSRT(t)
	case o.Text:
		var b strings.Builder
		for _, u := range t.Utterances {
			b.WriteString(u.Text + "\n")
		}
		text = b.String()
	default:
		text = recording.WriteText(t)
		if len(t.Utterances) == 0 {
			fmt.Fprintln(e.stderr, e.t("transcribe.silent"))
		}
		if t.Quality == transcribe.QualityLow {
			fmt.Fprintln(e.stderr, e.t("transcribe.low"))
		}
		if e.screen {
			text = visibleText(text)
		}
	}
	_, err := fmt.Fprint(e.stdout, text)
	return err
}

// besideOrHeard is the transcript that lies beside a recording, or what an
// engine hears.
func (e *env) besideOrHeard(ctx context.Context, cfg *config.Config, path string) (*document.Transcript, error, error) {
	t, err := e.beside(ctx, cfg, path)
	if err != nil || t != nil {
		return t, nil, err
	}
	return e.heard(ctx, cfg, path)
}

// heard transcribes a recording.
func (e *env) heard(ctx context.Context, cfg *config.Config, path string) (t *document.Transcript, damage, err error) {
	got, err := pipeline.TranscribeFile(ctx, cfg, path, e.logger(cfg.Log.Level, false))
	if err != nil {
		return nil, nil, e.unheard(path, err)
	}
	return got.Transcript, got.Damage, nil
}

// unheard says why there is no transcript, and what to do.
func (e *env) unheard(path string, err error) error {
	name := filepath.Base(path)
	var undecoded *transcribe.SoundError
	switch {
	case errors.Is(err, transcribe.ErrNone), errors.Is(err, engines.ErrNotInstalled):
		return &sentenceError{e.t("transcribe.none", name), err}
	case errors.Is(err, sound.ErrMissingSilk):
		return &sentenceError{e.t("transcribe.silk", name), err}
	case errors.Is(err, sound.ErrMissingTool):
		return &sentenceError{e.t("transcribe.tool", name), err}
	case errors.As(err, &undecoded):
		return &sentenceError{e.t("transcribe.sound", name, undecoded.Err), err}
	case errors.Is(err, transcribe.ErrUnavailable), errors.Is(err, transcribe.ErrRefused):
		return &sentenceError{e.t("transcribe.unavailable", name, err), err}
	}
	return err
}
