package main

import (
	"context"
	"io"
	"sync"
	"time"

	"guidang/pipeline"
)

// screen is a terminal on which one line moves while others scroll past it:
// what is written stands above the moving line.
type screen struct {
	mu   sync.Mutex
	out  io.Writer
	line string
}

// erase goes to the line's beginning and clears it.
const erase = "\r\x1b[K"

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line == "" {
		return s.out.Write(p)
	}
	if _, err := s.out.Write(append(append([]byte(erase), p...), s.line...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// move replaces the moving line; an empty one takes it away.
func (s *screen) move(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if line == s.line {
		return
	}
	s.line = line
	_, _ = io.WriteString(s.out, erase+line) // a lost line of progress is no error
}

// followed runs work and shows its progress while it goes on, if somebody
// looks.
func (e *env) followed(ctx context.Context, a *pipeline.Archive, work func() (*pipeline.Account, error)) (*pipeline.Account, error) {
	s, ok := e.stderr.(*screen)
	if !e.live || !ok {
		return work()
	}
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer s.move("")
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		var p pace
		for {
			select {
			case <-over:
				return
			case <-ctx.Done():
				return
			case now := <-tick.C:
				s.move(cut(e.progressLine(p.see(now, a.Progress())), e.width-1))
			}
		}
	}()
	account, err := work()
	close(over)
	<-done
	return account, err
}

// progressLine is the moving line.
func (e *env) progressLine(s pulse) string {
	line := e.t("ingest.live", grouped(s.found), grouped(s.done), grouped(int64(s.rate)), grouped(s.indexed))
	if s.seen < s.toSee && s.todoBytes <= 0 {
		line += e.t("ingest.pictures", grouped(s.seen), grouped(s.toSee))
	}
	if s.toHear > 0 && s.todoBytes <= 0 {
		line += e.t("ingest.speech", grouped(min(s.heard+1, s.toHear)), grouped(s.toHear))
	}
	switch {
	case s.todoBytes <= 0:
	case s.left > 0:
		line += e.t("ingest.left", size(s.todoBytes), took(s.left.Round(time.Second)))
	default:
		line += e.t("ingest.bytes", size(s.todoBytes))
	}
	return line
}

// pulse is a run's progress at one moment.
type pulse struct {
	found, done, indexed, todoBytes int64
	rate                            float64       // items a second
	left                            time.Duration // 0: nothing honest can be said
	heard, toHear                   int64         // recordings
	seen, toSee                     int64         // documents with pictures to be read
}

// pace sees how fast a run goes from what it saw before.
type pace struct {
	seen []moment
}

type moment struct {
	at          time.Time
	found, done int64
	bytes       int64 // still to read
}

// A rate is taken over the last half minute, so that one large container does
// not make it jump; and nothing is said of the time left before five seconds,
// nor while the walk still finds more, because it would be wrong.
const (
	paceWindow = 30 * time.Second
	paceFirst  = 5 * time.Second
)

func (p *pace) see(now time.Time, progress *pipeline.Progress) pulse {
	out := p.add(moment{now, progress.Found.Load(), progress.Done.Load(), progress.TodoBytes.Load()}, progress.Indexed.Load())
	out.heard, out.toHear = progress.Heard.Load(), progress.ToHear.Load()
	out.seen, out.toSee = progress.Seen.Load(), progress.ToSee.Load()
	return out
}

func (p *pace) add(m moment, indexed int64) pulse {
	for len(p.seen) > 1 && m.at.Sub(p.seen[0].at) > paceWindow {
		p.seen = p.seen[1:]
	}
	p.seen = append(p.seen, m)
	first := p.seen[0]
	out := pulse{found: m.found, done: m.done, indexed: indexed, todoBytes: m.bytes}
	span := m.at.Sub(first.at)
	if span <= 0 {
		return out
	}
	out.rate = max(0, float64(m.done-first.done)/span.Seconds())
	if span < paceFirst || m.bytes <= 0 {
		return out
	}
	// Only moments after the walk's end tell how fast bytes are read: before it,
	// new files are added to what is left.
	settled := m
	for i := len(p.seen) - 1; i >= 0 && p.seen[i].found == m.found; i-- {
		settled = p.seen[i]
	}
	span = m.at.Sub(settled.at)
	if read := settled.bytes - m.bytes; span >= paceFirst && read > 0 {
		out.left = time.Duration(float64(m.bytes) / float64(read) * float64(span))
	}
	return out
}
