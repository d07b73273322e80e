package hostile

import (
	"bytes"
	"path"
	"testing"
)

// Files are told apart by their last names, hold the same bytes every time, and
// say what must become of them.
func TestAll(t *testing.T) {
	t.Parallel()
	w := World{Address: "127.0.0.1:1", Secret: "/secret", Outside: "/outside"}
	seen := map[string]bool{}
	for _, f := range All() {
		if name := path.Base(f.Name); seen[name] {
			t.Errorf("there are two files called %s", name)
		} else {
			seen[name] = true
		}
		if f.Class == "" || len(f.Want) == 0 {
			t.Errorf("%s does not say what it is or what must become of it", f.Name)
		}
		if testing.Short() {
			continue
		}
		if a := f.Make(w); !bytes.Equal(a, f.Make(w)) {
			t.Errorf("%s differs from one time to the next", f.Name)
		} else if len(a) > 8<<20 {
			t.Errorf("%s is of %d MB; it should be small", f.Name, len(a)>>20)
		}
	}
}
