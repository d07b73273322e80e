package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// The PDF reader compiles its engine, which takes about 5 s and 350 MB the first
// time ever, and once more the first time that a file has to be read carefully,
// which few archives need. A process of its own does that and leaves a cache that
// children only read.
const (
	warmArgument = "warm"
	warmCareful  = "warm-careful" // the form for careful reading, see document.Input
	warmFormat   = "pdf"
	warmTime     = 3 * time.Minute // of a slow machine that does other things too
)

// warmMark is the file that says that the cache holds a form of the engine. It is
// named after the engine's version too: another one's cache is no help.
func warmMark(cacheDir string, careful bool) string {
	var version strings.Builder
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if strings.HasSuffix(m.Path, "/wazero") || strings.HasSuffix(m.Path, "/go-pdfium") {
				version.WriteString("-" + m.Version)
			}
		}
	}
	return filepath.Join(cacheDir, warmFormat+"ium", warmArgumentOf(careful)+version.String())
}

func warmArgumentOf(careful bool) string {
	if careful {
		return warmCareful
	}
	return warmArgument
}

func isWarm(cacheDir string, careful bool) bool {
	_, err := os.Stat(warmMark(cacheDir, careful))
	return err == nil
}

// warmUp is the process that compiles.
func warmUp(cacheDir string, careful bool, warm func(context.Context, string, bool) error) int {
	ctx, cancel := context.WithTimeout(context.Background(), warmTime)
	defer cancel()
	err := warm(ctx, cacheDir, careful)
	if err == nil {
		err = os.WriteFile(warmMark(cacheDir, careful), nil, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// warmTries is how often the compiling process may be killed from outside: only
// somebody who kills at random does that at all.
const warmTries = 50

// engineRoom is what a form takes in the cache, 22 MB, and a margin.
const engineRoom = 32 << 20

// warm runs that process, once at a time, and says whether the form is there.
// When it fails, PDFs are read by the second reader until the program is started
// again; but not for want of room on the disk, which is no fault of theirs and
// passes: then warm fails.
func (p *Pool) warm(ctx context.Context, careful bool) (bool, error) {
	p.warming.Lock()
	defer p.warming.Unlock()
	if !isWarm(p.o.CacheDir, careful) {
		adopt(p.o.Before, p.o.CacheDir, careful)
	}
	for n := 0; !isWarm(p.o.CacheDir, careful) && !p.cold && ctx.Err() == nil; n++ {
		state, err := p.compile(ctx, careful)
		if err == nil || ctx.Err() != nil || state != nil && killed(state) && n < warmTries {
			continue
		}
		if p.o.Room != nil {
			if full := p.o.Room(engineRoom); full != nil {
				return false, fmt.Errorf("compile the PDF engine: %w", full)
			}
		}
		p.cold = true
		p.o.Log.Warn("the PDF engine could not be compiled; PDFs are read by the second reader, whose text is poorer", "error", err)
	}
	return isWarm(p.o.CacheDir, careful), nil
}

func (p *Pool) compile(ctx context.Context, careful bool) (*os.ProcessState, error) {
	ctx, cancel := context.WithTimeout(ctx, warmTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.o.Command[0], ChildCommand, warmArgumentOf(careful), p.o.CacheDir) //nolint:gosec // this very program
	cmd.Env = environment(os.TempDir())
	if err := p.start(cmd); err != nil {
		return nil, err
	}
	p.compiler.Store(int64(cmd.Process.Pid))
	err := cmd.Wait()
	p.compiler.Store(0)
	if err == nil && !isWarm(p.o.CacheDir, careful) {
		err = errors.New("it left nothing")
	}
	return cmd.ProcessState, err
}
