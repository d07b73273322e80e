package sandbox

import (
	"runtime"
	"time"
)

// leftRunning says whether something of a reader still runs. What was told to
// stop gets a moment to go: the watchers of pdfium's calls take some 100 µs, and
// a child that was replaced for them cost each PDF a new engine, 0.2 s.
func (s *server) leftRunning() bool {
	for wait := 50 * time.Microsecond; wait < farewell; wait *= 2 {
		if runtime.NumGoroutine() <= s.settled+1 {
			return false
		}
		time.Sleep(wait)
	}
	return runtime.NumGoroutine() > s.settled+1
}

// farewell bounds that moment.
const farewell = 20 * time.Millisecond
