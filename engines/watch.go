package engines

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	lookTime = time.Second      // between looks at the memory
	askTime  = 10 * time.Second // between questions whether it is idle
)

// watch keeps an eye on a running engine until it ends: its memory, and whether
// anybody wants it.
func (e *Engine) watch(r *running) {
	look := time.NewTicker(min(lookTime, e.o.Idle))
	defer look.Stop()
	var asked time.Time
	for {
		select {
		case <-r.gone:
			if !r.wanted() {
				e.log.Warn("the local engine ended by itself", "how", r.cmd.ProcessState.String(), "pid", r.cmd.Process.Pid)
			}
			return
		case <-look.C:
		}
		if held, ok := memory(r.cmd.Process.Pid); ok && held > e.o.Memory {
			e.log.Warn("the local engine is stopped: it holds more memory than it may", "held", held, "limit", e.o.Memory)
			r.end(endMemory)
			continue
		}
		if now := time.Now(); now.Sub(asked) >= min(askTime, e.o.Idle/2) {
			asked = now
			if e.idle(r) && r.idleEnd(e.o.Idle) {
				e.log.Debug("the local engine is stopped: it was idle", "for", e.o.Idle)
			}
		}
	}
}

// idle asks the server how long nobody wanted anything of it. A server of
// somebody else does not tell, so it is left running: ending it in the middle
// of an hour's work would be worse.
func (e *Engine) idle(r *running) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(r.url, "/v1")+"/health", nil)
	if err != nil {
		return false
	}
	a, err := loopback.Do(q)
	if err != nil {
		return false
	}
	defer a.Body.Close()
	var h struct {
		Idle *float64 `json:"idle"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, a.Body, 4<<10)).Decode(&h); err != nil || h.Idle == nil {
		return false
	}
	return time.Duration(*h.Idle*float64(time.Second)) >= e.o.Idle
}

// lastWords keeps the end of what a process says, and passes it on to the log
// line by line. Our server says no text of recordings.
type lastWords struct {
	mu   sync.Mutex
	log  *slog.Logger
	part []byte
	last [][]byte
}

const (
	keptLines = 8
	keptLine  = 400
)

// Write implements io.Writer and never fails.
func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		w.part = append(w.part, line[:min(len(line), max(0, keptLine-len(w.part)))]...)
		rest = after
		if !ended {
			break
		}
		if text := bytes.TrimSpace(w.part); len(text) > 0 {
			w.last = append(w.last[max(0, len(w.last)-keptLines+1):], bytes.Clone(text))
			if w.log != nil {
				w.log.Debug("local engine", "says", string(text))
			}
		}
		w.part = w.part[:0]
	}
	return len(p), nil
}

// String is the last thing that was said.
func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text := bytes.TrimSpace(w.part); len(text) > 0 {
		return string(text)
	}
	if len(w.last) == 0 {
		return "it said nothing"
	}
	return string(w.last[len(w.last)-1])
}
