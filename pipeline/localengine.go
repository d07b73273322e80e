package pipeline

import (
	"log/slog"
	"path/filepath"

	"guidang/config"
	"guidang/engines"
)

// EngineOptions are the settings of the local engine, with its folder in the
// data directory.
func EngineOptions(cfg *config.Config, log *slog.Logger) engines.Options {
	c := cfg.Engines
	return engines.Options{
		Dir: filepath.Join(cfg.Data, "engines"), Python: c.Python, Index: c.Index, Hub: c.Hub, Model: c.Model,
		Threads: c.Threads, Memory: c.Memory, Idle: c.Idle, Command: c.Command, Logger: log,
	}
}

// EngineArrived lets recordings that wait be transcribed now: an engine was
// installed while this process holds the archive.
func (a *Archive) EngineArrived() { a.speech.wake() }
