package pipeline

import (
	"fmt"
	"os"

	"guidang/config"
	"guidang/pipeline/minutes"
)

// NewMinutes gives what makes minutes by the settings: the model if one is
// named, extraction otherwise. calendar is nil when no file of holidays is named.
func NewMinutes(cfg *config.Config) (maker minutes.Maker, calendar *minutes.Calendar, err error) {
	if cfg.Minutes.Holidays != "" {
		f, err := os.Open(cfg.Minutes.Holidays)
		if err != nil {
			return nil, nil, fmt.Errorf("minutes.holidays: %w", err)
		}
		calendar, err = minutes.NewCalendar(f)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, nil, fmt.Errorf("minutes.holidays: %s: %w", cfg.Minutes.Holidays, err)
		}
	}
	m := cfg.Minutes.Model
	if m.URL == "" {
		return minutes.NewOffline(), calendar, nil
	}
	maker, err = minutes.NewModel(minutes.ModelConfig{URL: m.URL, Key: m.Key, Model: m.Name, ContextTokens: m.ContextTokens, OutputTokens: m.OutputTokens,
		Budget: int64(m.Budget), Concurrency: m.Concurrency, Timeout: m.Timeout, Templates: m.Templates})
	return maker, calendar, err
}
