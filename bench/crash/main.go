// Command crash proves that a killed ingest loses and doubles nothing. It reads a
// folder once undisturbed, then again and again with SIGKILL at random moments,
// and holds what the ledgers say in the end against each other byte by byte.
//
//	go run ./bench/crash -guidang ./guidang -samples samples/archive
//
// With -children it is not the program that is killed but the processes in which
// it reads, and then one run has to be enough.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	guidang := flag.String("guidang", "./guidang", "the program")
	samples := flag.String("samples", "samples/archive", "files to read beside the generated mails; empty: none")
	mails := flag.Int("mails", 2000, "how many mails, half in one mbox and half loose")
	kills := flag.Int("kills", 20, "how often to kill")
	children := flag.Bool("children", false, "kill the processes that read instead of the program")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments; printed, so that a failure can be repeated")
	flag.Parse()
	t := &trial{kills: *kills, children: *children, rand: rand.New(rand.NewPCG(*seed, 1))}
	fmt.Printf("crash: seed %d\n", *seed)
	if err := t.run(*guidang, *samples, *mails); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// trial is one test from the undisturbed run to the last comparison.
type trial struct {
	guidang  string
	source   string
	work     string
	kills    int
	children bool
	rand     *rand.Rand

	want []byte        // the dump of the undisturbed run
	took time.Duration // by the undisturbed run
}

func (t *trial) run(guidang, samples string, mails int) (err error) {
	if t.guidang, err = filepath.Abs(guidang); err != nil {
		return err
	}
	if t.work, err = os.MkdirTemp("", "guidang-crash-"); err != nil {
		return err
	}
	defer os.RemoveAll(t.work)
	if err := t.makeSource(samples, mails); err != nil {
		return err
	}
	began := time.Now()
	if err := t.ingest("undisturbed"); err != nil {
		return err
	}
	t.took = time.Since(began)
	if t.want, err = t.dump("undisturbed"); err != nil {
		return err
	}
	fmt.Printf("crash: undisturbed in %.1fs, %d items\n", t.took.Seconds(), bytes.Count(t.want, []byte("\n")))
	if t.children {
		return t.orphaning()
	}
	return t.disturbed()
}

func (t *trial) makeSource(samples string, mails int) error {
	t.source = filepath.Join(t.work, "source")
	for _, args := range [][]string{{"-mbox", filepath.Join(t.source, "mails.mbox"), "-seed", "1"}, {"-dir", filepath.Join(t.source, "loose"), "-seed", "2"}} {
		if err := os.MkdirAll(t.source, 0o755); err != nil {
			return err
		}
		cmd := exec.CommandContext(context.Background(), "go", append([]string{"run", "./bench/mails", "-n", fmt.Sprint(mails / 2)}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("bench/mails: %w\n%s", err, out)
		}
	}
	if samples == "" {
		return nil
	}
	return os.CopyFS(filepath.Join(t.source, "samples"), os.DirFS(samples))
}

// disturbed kills until it has killed often enough. A run that comes to its end
// before it is killed is compared, and the next one begins on an empty directory.
func (t *trial) disturbed() error {
	round, killed, here := 0, 0, 0
	for {
		data := fmt.Sprintf("disturbed-%d", round)
		if killed == t.kills {
			if err := t.ingest(data); err != nil {
				return fmt.Errorf("the run after the last kill: %w", err)
			}
		} else {
			// Between a start that has hardly begun and a good part of the whole work.
			after := 20*time.Millisecond + time.Duration(t.rand.Int64N(int64(t.took)*2/5))
			done, err := t.killed(data, after)
			if err != nil {
				return err
			}
			if !done {
				killed++
				here++
				continue
			}
		}
		if err := t.compare(data, here); err != nil {
			return err
		}
		if killed == t.kills {
			fmt.Printf("crash: killed %d times in %d archives, nothing lost, nothing doubled\n", killed, round+1)
			return nil
		}
		round, here = round+1, 0
	}
}

// killed starts an ingest and kills it; done says that it ended by itself first.
func (t *trial) killed(data string, after time.Duration) (done bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), after) // exec kills with SIGKILL
	defer cancel()
	cmd := exec.CommandContext(ctx, t.guidang, "ingest", t.source, "--data", filepath.Join(t.work, data), "--json")
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return false, nil
	}
	return true, finished(err, out)
}

// finished accepts the exit codes of a run that came to its end: the samples hold
// files that nobody can read.
func finished(err error, out []byte) error {
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.ExitCode() == 3 {
		return nil
	}
	return fmt.Errorf("ingest: %w\n%s", err, out)
}

func (t *trial) ingest(data string) error {
	out, err := exec.CommandContext(context.Background(), t.guidang, "ingest", t.source, "--data", filepath.Join(t.work, data), "--json").CombinedOutput()
	return finished(err, out)
}

func (t *trial) dump(data string) ([]byte, error) {
	out, err := exec.CommandContext(context.Background(), t.guidang, "dump", "--data", filepath.Join(t.work, data)).Output()
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	return out, nil
}

func (t *trial) compare(data string, kills int) error {
	got, err := t.dump(data)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, t.want) {
		return fmt.Errorf("after %d kills the ledger differs from the undisturbed one:\n%s", kills, difference(t.want, got))
	}
	out, err := exec.CommandContext(context.Background(), t.guidang, "reconcile", "--json", "--data", filepath.Join(t.work, data)).Output()
	if err != nil {
		return fmt.Errorf("reconcile after %d kills: %w\n%s", kills, err, out)
	}
	var r struct {
		Closed bool `json:"closed"`
	}
	if err := json.Unmarshal(out, &r); err != nil || !r.Closed {
		return fmt.Errorf("reconcile after %d kills is not closed (%v)\n%s", kills, err, out) //nolint:errorlint // it may be nil
	}
	fmt.Printf("crash: %s equal after %d kills\n", data, kills)
	return os.RemoveAll(filepath.Join(t.work, data))
}

// difference shows the first lines that are not in both.
func difference(want, got []byte) string {
	seen := map[string]int{}
	for line := range bytes.Lines(want) {
		seen[string(line)]++
	}
	var out bytes.Buffer
	for line := range bytes.Lines(got) {
		if seen[string(line)]--; seen[string(line)] < 0 && out.Len() < 4000 {
			out.WriteString("+ " + string(line))
		}
	}
	for line, n := range seen {
		if n > 0 && out.Len() < 8000 {
			out.WriteString("- " + line)
		}
	}
	return out.String()
}
