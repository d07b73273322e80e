package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	t.Parallel()
	began := time.Date(2024, 3, 5, 1, 30, 0, 0, time.UTC)
	at := func(s int) time.Time { return began.Add(time.Duration(s) * time.Second) }
	var p pace
	if got := p.add(moment{at(0), 100, 0, 1000}, 0); got.left != 0 || got.rate != 0 {
		t.Errorf("the first moment says %+v", got)
	}
	if got := p.add(moment{at(3), 200, 30, 2000}, 0); got.left != 0 || got.rate != 10 {
		t.Errorf("too early: %+v", got)
	}
	if got := p.add(moment{at(8), 300, 80, 2500}, 0); got.left != 0 {
		t.Errorf("while the walk goes on nothing is known of its end: %+v", got)
	}
	p.add(moment{at(10), 300, 100, 2000}, 0)
	got := p.add(moment{at(18), 300, 180, 1500}, 7)
	if got.left != 15*time.Second { // 1,000 bytes in the 10 s since the walk ended
		t.Errorf("left %s, want 15s", got.left)
	}
	if got.indexed != 7 || got.todoBytes != 1500 {
		t.Errorf("%+v", got)
	}
	if got := p.add(moment{at(60), 300, 180, 1500}, 7); got.left != 0 {
		t.Errorf("nothing was read for half a minute, and yet: %+v", got)
	}
}

func TestProgressLine(t *testing.T) {
	t.Parallel()
	line := (&env{lang: english}).progressLine(pulse{found: 12000, done: 3400, indexed: 3300, todoBytes: 3 << 20, rate: 410.6, left: 75 * time.Second})
	for _, part := range []string{"12,000", "3,400", "410/s", "3,300", "3.0 MiB", "1 min 15 s"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q lacks %q", line, part)
		}
	}
	if line := (&env{lang: chinese}).progressLine(pulse{}); strings.Contains(line, "余") {
		t.Errorf("%q speaks of what is left when nothing is", line)
	}
}

// Log lines must stand above the moving line, whole.
func TestScreen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := &screen{out: &out}
	s.move("found 1")
	if n, err := s.Write([]byte("warning\n")); n != 8 || err != nil {
		t.Fatal(n, err)
	}
	s.move("found 1") // unchanged: nothing is written
	s.move("")
	if want := erase + "found 1" + erase + "warning\nfound 1" + erase; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
