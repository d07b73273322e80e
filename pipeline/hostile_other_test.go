//go:build !linux

package pipeline

import "testing"

func TestHostile(t *testing.T) {
	t.Parallel()
	t.Skip("SKIPPED: memory and confinement are Linux's")
}
