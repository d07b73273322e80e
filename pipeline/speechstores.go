package pipeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
	"guidang/pipeline/transcribe"
)

// answers keeps what services answered, in the derived store.
type answers struct{ *store.Derived }

// Result implements transcribe.Results.
func (r answers) Result(ctx context.Context, sum transcribe.Sum, fingerprint string) ([]byte, bool, error) {
	return r.Derived.Result(ctx, store.Sum(sum), fingerprint)
}

// Keep implements transcribe.Results.
func (r answers) Keep(ctx context.Context, sum transcribe.Sum, fingerprint string, data []byte) error {
	return r.Put(ctx, []store.Result{{Sum: store.Sum(sum), Fingerprint: fingerprint, Data: data}}, nil)
}

// notes keeps what was found out about services, in the ledger.
type notes struct{ ledger.Ledger }

// Recall implements transcribe.Memory.
func (n notes) Recall(ctx context.Context, key string) (string, error) { return n.Note(ctx, key) }

// Remember implements transcribe.Memory.
func (n notes) Remember(ctx context.Context, key, value string) error {
	return n.Update(ctx, func(tx ledger.Tx) error { return tx.SetNote(key, value) })
}

// speechMeter counts what a night costs.
type speechMeter struct {
	ledger ledger.Ledger
	limit  ledger.Spent
	zone   *time.Location
}

// Take implements transcribe.Meter.
func (m speechMeter) Take(ctx context.Context, minutes, money float64) error {
	ok := false
	err := m.ledger.Update(ctx, func(tx ledger.Tx) (err error) {
		ok, err = tx.Spend(night(time.Now(), m.zone), ledger.Spent{Minutes: minutes, Money: money}, m.limit)
		return err
	})
	if err == nil && !ok {
		err = fmt.Errorf("%w (%s)", transcribe.ErrBudget, strings.Join(m.words(), ", "))
	}
	return err
}

func (m speechMeter) words() (out []string) {
	if m.limit.Minutes > 0 {
		out = append(out, fmt.Sprintf("%g minutes", m.limit.Minutes))
	}
	if m.limit.Money > 0 {
		out = append(out, fmt.Sprintf("%g of money", m.limit.Money))
	}
	return out
}

// night names the night that a moment belongs to by its evening: from noon to
// noon, so that a budget is not doubled by midnight.
func night(t time.Time, zone *time.Location) string {
	return t.In(zone).Add(-12 * time.Hour).Format(time.DateOnly)
}

// nightEnds is the next noon.
func nightEnds(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	noon := time.Date(l.Year(), l.Month(), l.Day(), 12, 0, 0, 0, zone)
	if !noon.After(l) {
		noon = noon.AddDate(0, 0, 1)
	}
	return noon
}

// zone is the configured time zone.
func (a *Archive) zone() *time.Location {
	if a.cfg.TimeZone == "" || a.cfg.TimeZone == "Local" {
		return time.Local
	}
	z, err := time.LoadLocation(a.cfg.TimeZone)
	if err != nil {
		return time.Local // settings were checked
	}
	return z
}
