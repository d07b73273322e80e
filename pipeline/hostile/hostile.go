// Package hostile makes files that were sent on purpose, or that look as if they
// had been: bombs, lies, loops, endless nesting, names that lead elsewhere. Each
// says what must become of it. Only tests import it; nothing it makes lies in
// the repository, and it makes the same bytes every time.
package hostile

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
)

// File is one hostile file.
type File struct {
	Class string // what is hostile in it
	Name  string // in its source, with folders
	Make  func(w World) []byte

	// Want are the outcomes that are good enough: `indexed`, `partial R`,
	// `quarantined R`, `waiting R`, `skipped R` with a reason R, or `final` for any
	// final state.
	Want []string

	Member []string // outcomes of which one must be a member's, if there are any

	Finds string // text that must be found by search, and in this file
}

// World is what a hostile file would like to reach.
type World struct {
	Address string // host:port of a listener that counts who calls
	Secret  string // path of a file with a secret
	Outside string // folder into which nothing may be written
}

// Marker stands in the names of what must never be created.
const Marker = "HOSTILE-MARKER"

// All are all of them, in the order of docs/decisions/008.
func All() []File {
	return slices.Concat(zips(), containers(), streams(), officeFiles(), workbooks(), legacy(), markup(), pdfs(), images(), recordings(), mails(), mailboxes(), texts())
}

// fixed makes bytes that need nothing of the world.
func fixed(f func() []byte) func(World) []byte { return func(World) []byte { return f() } }

func text(s string) func(World) []byte { return fixed(func() []byte { return []byte(s) }) }

// noise is n bytes that look like nothing, the same for the same seed.
func noise(seed byte, n int) []byte {
	r := rand.NewChaCha8([32]byte{seed})
	out := make([]byte, n)
	_, _ = r.Read(out)
	return out
}

// must is for writers into memory, whose errors are mistakes of this package.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// repeat is a text over and over.
func repeat(s string, n int) string { return strings.Repeat(s, n) }

// join is parts one after the other.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
