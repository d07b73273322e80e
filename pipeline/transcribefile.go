package pipeline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"guidang/config"
	"guidang/engines"
	"guidang/extractors/recording"
	"guidang/pipeline/sound"
	"guidang/pipeline/store"
	"guidang/pipeline/transcribe"
)

// TranscribeFile transcribes one file. It touches no data directory; answers are
// kept in the user's cache, so that a command that was stopped goes on at the next
// part, and doing it again costs nothing.
func TranscribeFile(ctx context.Context, cfg *config.Config, path string, log *slog.Logger) (_ *transcribe.Heard, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	settings, err := newReading(cfg, cfg.Data)
	if err != nil {
		return nil, err
	}
	decoder, err := NewDecoder(cfg, log)
	if err != nil {
		return nil, err
	}
	kept, err := openAnswers() //nolint:contextcheck // a local file
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	engine := engines.New(EngineOptions(cfg, log))
	defer engine.Close() //nolint:contextcheck // it outlives what was stopped
	name := filepath.Base(path)
	l := &hearer{decoder: decoder, engine: engine, engines: EngineOptions(cfg, nil).Dir, hours: settings.limits.Hours, log: log,
		transcriber: NewTranscriber(cfg, engine, settings.glossary, SpeechStores{Results: answers{kept}, Memory: notesAside{kept}}, log)}
	got, err := l.listen(ctx, sound.Recording{Bytes: f, Size: info.Size(), Name: name})
	if err != nil {
		return nil, err
	}
	got.Transcript.Title = strings.TrimSuffix(name, filepath.Ext(name))
	got.Transcript.Date, _ = recording.DateFromName(name)
	return got, nil
}

// openAnswers opens the answers that are kept beside any archive.
func openAnswers() (*store.Derived, error) {
	dir := userCache()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("answers of speech services: %w", err)
	}
	return store.OpenDerived(filepath.Join(dir, "speech.db"))
}

// notesAside keeps what was found out about services where their answers are.
type notesAside struct{ derived *store.Derived }

// Recall implements transcribe.Memory.
func (n notesAside) Recall(ctx context.Context, key string) (string, error) {
	data, _, err := n.derived.Result(ctx, store.Sum(sha256.Sum256([]byte(key))), "note")
	return string(data), err
}

// Remember implements transcribe.Memory.
func (n notesAside) Remember(ctx context.Context, key, value string) error {
	return n.derived.Put(ctx, []store.Result{{Sum: store.Sum(sha256.Sum256([]byte(key))), Fingerprint: "note", Data: []byte(value)}}, nil)
}

// SpeechServices says of each configured endpoint whether it answers, for
// `doctor`: nil, or why not.
func SpeechServices(ctx context.Context, cfg *config.Config) []error {
	var out []error
	for _, s := range cfg.Transcribe.Services() {
		out = append(out, transcribe.Answers(ctx, transcribe.Endpoint{URL: s.URL, Model: s.Model, Key: s.Key}))
	}
	return out
}
