package pipeline

import (
	"log/slog"
	"slices"

	"guidang/config"
	"guidang/engines"
	"guidang/pipeline/ledger"
	"guidang/pipeline/transcribe"
)

// SpeechStores are where a transcriber keeps its answers and its account.
type SpeechStores struct {
	Results transcribe.Results
	Memory  transcribe.Memory
	Meter   transcribe.Meter
}

// NewTranscriber makes a transcriber by the settings: their endpoints, and the
// local engine where it is to work. Whether that is installed is seen when it is
// asked, so one that is installed later is used at once.
func NewTranscriber(cfg *config.Config, engine SpeechEngine, glossary [][]string, s SpeechStores, log *slog.Logger) *transcribe.Transcriber {
	o := transcribe.Options{
		Languages: cfg.Transcribe.Spoken(), Prompt: cfg.Transcribe.Prompt, Glossary: slices.Concat(glossary...), PartSeconds: cfg.Transcribe.PartSeconds, PartBytes: cfg.Transcribe.PartSize,
		Timeout: cfg.Transcribe.Timeout, Results: s.Results, Memory: s.Memory, Meter: s.Meter, Log: log,
	}
	for _, e := range cfg.Transcribe.Services() {
		o.Endpoints = append(o.Endpoints, transcribe.Endpoint{URL: e.URL, Model: e.Model, Key: e.Key, Weight: e.Weight, Concurrency: e.Concurrency,
			PerMinute: e.PerMinute, Price: e.Price, Hotwords: e.Hotwords})
	}
	local := cfg.Transcribe.Local == "on" || cfg.Transcribe.Local == "auto" && len(o.Endpoints) == 0
	if local && engine != nil {
		o.Endpoints = append(o.Endpoints, transcribe.Endpoint{Start: engine.Start, Now: func() string { return localModel(cfg) }})
	}
	return transcribe.New(o)
}

// localModel is the model that the local engine takes now, "" when another server
// stands in its place and no model is named.
func localModel(cfg *config.Config) string {
	if cfg.Engines.Model != "" || len(cfg.Engines.Command) > 0 {
		return cfg.Engines.Model
	}
	in, err := engines.Installed(EngineOptions(cfg, nil).Dir)
	if err != nil {
		return "" // starting it says so
	}
	return in.Model
}

// openSpeech makes the archive's transcriber.
func (a *Archive) openSpeech() (err error) {
	if a.decoder, err = NewDecoder(a.cfg, a.log); err != nil {
		return err
	}
	a.voices = engines.New(EngineOptions(a.cfg, a.log))
	a.speech = newSpeech(a, NewTranscriber(a.cfg, a.voices, a.glossary, SpeechStores{
		Results: answers{a.derived}, Memory: notes{a.ledger},
		Meter: speechMeter{a.ledger, ledger.Spent{Minutes: float64(a.cfg.Transcribe.BudgetMinutes), Money: float64(a.cfg.Transcribe.BudgetMoney)}, a.zone()},
	}, a.log))
	return nil
}
