package sandbox

import (
	"strings"
	"sync"
)

// maxWords is how much of what a dying child says is kept: its fatal error and
// the first goroutines.
const maxWords = 32 << 10

// lastWords is what a child writes on standard error: what Go says of a crash.
type lastWords struct {
	mu sync.Mutex
	b  []byte
}

// Write implements io.Writer.
func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.b = append(w.b, p[:min(len(p), maxWords-len(w.b))]...)
	return len(p), nil
}

func (w *lastWords) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.b = w.b[:0]
}

func (w *lastWords) outOfMemory() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := string(w.b)
	return strings.Contains(s, "out of memory") || strings.Contains(s, "cannot allocate memory")
}

// String is what was said, without what may be text of the document: the value
// of a panic, and the arguments of functions.
func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for line := range strings.SplitSeq(string(w.b), "\n") {
		switch {
		case strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "runtime: "), strings.HasPrefix(line, "SIG"):
			out = append(out, line)
		case strings.HasPrefix(line, "panic: "):
			out = append(out, "panic")
		case strings.HasPrefix(line, "\t/"):
			line, _, _ = strings.Cut(strings.TrimSpace(line), " ")
			out = append(out, line)
		}
		if len(out) == 20 {
			break
		}
	}
	return strings.Join(out, "; ")
}

// cause is the first of it, and the first place in our own code, for people.
func (w *lastWords) cause() string {
	words := strings.Split(w.String(), "; ")
	out := words[0]
	if out == "" {
		return "it said nothing"
	}
	for _, line := range words[1:] {
		if _, at, ok := strings.Cut(line, "/extractors/"); ok {
			return out + " at extractors/" + at
		}
	}
	return out
}
