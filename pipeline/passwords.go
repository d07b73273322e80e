package pipeline

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// passwordsFile keeps which passwords were tried, as a salted hash of their list.
	passwordsFile = "passwords-tried"

	// passwordRounds makes guessing the list from its hash slow; 25 ms a run.
	passwordRounds = 100_000
	saltBytes      = 16
)

// tryPasswords has what waits for a password read again when the list of the
// settings is not the one that was tried last, so that whoever adds one has
// nothing else to do.
func (a *Archive) tryPasswords(ctx context.Context) error {
	if len(a.passwords) == 0 {
		return nil
	}
	path := filepath.Join(a.dir, passwordsFile)
	tried, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("passwords that were tried: %w", err)
	}
	if len(tried) > saltBytes {
		now, err := passwordsHash(tried[:saltBytes], a.passwords)
		if err != nil || bytes.Equal(now, tried) {
			return err
		}
	}
	items, err := a.retryItems(ctx, Retry{WaitingFor: ForPassword})
	if err != nil {
		return err
	}
	if err := a.requeue(ctx, items); err != nil {
		return err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	now, err := passwordsHash(salt, a.passwords)
	if err != nil {
		return err
	}
	// Written after the items are queued: a crash in between tries them once more.
	return os.WriteFile(path, now, 0o600)
}

// passwordsHash is the salt and the hash of a set of passwords.
func passwordsHash(salt []byte, passwords []string) ([]byte, error) {
	set := slices.Compact(slices.Sorted(slices.Values(passwords)))
	sum, err := pbkdf2.Key(sha256.New, strings.Join(set, "\x00"), salt, passwordRounds, sha256.Size)
	return append(slices.Clone(salt), sum...), err
}
