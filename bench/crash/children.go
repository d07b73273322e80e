package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// orphaning kills readers during whole runs until enough are killed. Every run
// must come to the undisturbed one's end.
func (t *trial) orphaning() error {
	killed := 0
	for round := 0; killed < t.kills; round++ {
		data := fmt.Sprintf("children-%d", round)
		n, err := t.killChildren(data, t.kills-killed)
		if err != nil {
			return err
		}
		killed += n
		if err := t.compare(data, n); err != nil {
			return err
		}
	}
	fmt.Printf("crash: killed %d readers, nothing lost, nothing doubled\n", killed)
	return nil
}

// killChildren is one run during which a reader is killed every now and then.
func (t *trial) killChildren(data string, most int) (killed int, err error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(context.Background(), t.guidang, "ingest", t.source, "--data", filepath.Join(t.work, data), "--json")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	for {
		select {
		case err := <-over:
			return killed, finished(err, out.Bytes())
		case <-time.After(10*time.Millisecond + time.Duration(t.rand.Int64N(int64(t.took)/10))):
		}
		if all := childrenOf(cmd.Process.Pid); len(all) > 0 && killed < most {
			if p, err := os.FindProcess(all[t.rand.IntN(len(all))]); err == nil && p.Kill() == nil {
				killed++
			}
		}
	}
}

// childrenOf lists the processes that a process has started.
func childrenOf(pid int) []int {
	var out []int
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		data, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for field := range bytes.FieldsSeq(data) {
			if n, err := strconv.Atoi(string(field)); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}
