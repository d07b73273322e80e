package ledger

import "context"

// Spent is what one night's transcription has cost so far.
type Spent struct {
	Minutes float64 // of sound that was sent
	Money   float64
}

// SpeechReader is what transcription asks the ledger.
type SpeechReader interface {
	// Note gives what was noted under a key, "" for nothing.
	Note(ctx context.Context, key string) (string, error)
	// Spent is what a night (YYYY-MM-DD of its evening) has cost.
	Spent(ctx context.Context, night string) (Spent, error)
}

// SpeechWriter is what transcription writes into it. Neither is part of a dump:
// it is of the running, not of the archive.
type SpeechWriter interface {
	SetNote(key, value string) error
	// Spend adds to a night's account, unless it goes beyond a limit that is not 0:
	// then nothing is written and ok is false. Negative amounts always count.
	Spend(night string, add, limit Spent) (ok bool, err error)
}
