package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrLocked says that another process holds the data directory.
var ErrLocked = errors.New("another guidang holds the data directory")

// ErrNotInitialised says that the data directory does not exist yet.
var ErrNotInitialised = errors.New("the data directory does not exist; run `guidang init` or `guidang ingest` first")

// ErrCannotMake says that there is no data directory and that none can be made
// at its place.
var ErrCannotMake = errors.New("the data directory cannot be made")

// lockDir takes the data directory for this process alone. The lock belongs to
// the open file, so it ends with the process, however that ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	held, err := LockFile(f)
	switch {
	case held:
		_ = f.Close()
		return nil, fmt.Errorf("%w (%s)", ErrLocked, dir)
	case err != nil:
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, nil
}
