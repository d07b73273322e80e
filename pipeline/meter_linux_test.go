package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"guidang/pipeline/sandbox"
)

// meter is a reader that measures what reading costs: seconds of each original,
// memory of all processes, temporary files.
type meter struct {
	sandbox.Reader

	dirs []string
	idle int64
	stop chan struct{}
	done sync.WaitGroup

	mu    sync.Mutex
	now   map[string]int // being read
	spent map[string]cost
	most  int64
	disk  int64
}

// cost is what one original has cost.
type cost struct {
	seconds time.Duration
	memory  int64 // the highest seen while it was read, of all processes, over idle
}

func newMeter(r sandbox.Reader, dirs ...string) *meter {
	m := &meter{Reader: r, dirs: dirs, idle: allMemory(), stop: make(chan struct{}), now: map[string]int{}, spent: map[string]cost{}}
	m.done.Go(m.watch)
	return m
}

// Read implements sandbox.Reader.
func (m *meter) Read(ctx context.Context, req *sandbox.Request, begin func() sandbox.Visitor) error {
	name, began := req.Input.Name, time.Now()
	m.mu.Lock()
	m.now[name]++
	m.mu.Unlock()
	err := m.Reader.Read(ctx, req, begin)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now[name]--; m.now[name] == 0 {
		delete(m.now, name)
	}
	c := m.spent[name]
	c.seconds += time.Since(began)
	m.spent[name] = c
	return err
}

func (m *meter) watch() {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-tick.C:
		}
		memory, disk := allMemory()-m.idle, unnamed()
		for _, dir := range m.dirs {
			disk += bytesBelow(dir)
		}
		m.mu.Lock()
		m.most, m.disk = max(m.most, memory), max(m.disk, disk)
		for name := range m.now {
			c := m.spent[name]
			c.memory = max(c.memory, memory)
			m.spent[name] = c
		}
		m.mu.Unlock()
	}
}

func (m *meter) end() {
	close(m.stop)
	m.done.Wait()
}

// allMemory is the anonymous memory of this process and its children.
func allMemory() int64 {
	total := anonymous("self")
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		data, _ := os.ReadFile(list)
		for pid := range bytes.FieldsSeq(data) {
			total += anonymous(string(pid))
		}
	}
	return total
}

func anonymous(pid string) int64 {
	status, _ := os.ReadFile("/proc/" + pid + "/status")
	_, rest, _ := bytes.Cut(status, []byte("\nRssAnon:"))
	line, _, _ := bytes.Cut(rest, []byte("kB"))
	n, _ := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
	return n << 10
}

// unnamed are the bytes of files that this process holds open without a name.
func unnamed() (total int64) {
	fds, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range fds {
		path := "/proc/self/fd/" + fd.Name()
		if to, err := os.Readlink(path); err != nil || !strings.HasSuffix(to, " (deleted)") {
			continue
		}
		if info, err := os.Stat(path); err == nil {
			total += info.Size()
		}
	}
	return total
}

func bytesBelow(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}

func makePipe(path string) error {
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	return nil
}
