package engines

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// settings is the line that the server reads first. The key travels this way
// because command lines can be read by every user of a machine.
type settings struct {
	Key      string                 `json:"key"`
	Models   map[string]serverModel `json:"models"`
	Default  string                 `json:"default"`
	Threads  int                    `json:"threads"`
	Scratch  string                 `json:"scratch"`
	Speakers string                 `json:"speakers,omitempty"`
	Port     int                    `json:"port,omitempty"`
}

type serverModel struct {
	Kind string `json:"kind"`
	Dir  string `json:"dir"`
}

// hello is the line that it answers when it listens.
type hello struct {
	Port     int      `json:"port"`
	Confined []string `json:"confined"`
}

func (e *Engine) launch(ctx context.Context) (*running, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	r := &running{key: rand.Text(), gone: make(chan struct{}), words: &lastWords{log: e.log}, begun: time.Now(), used: time.Now()}
	start := e.launchOurs
	if len(e.o.Command) > 0 {
		start = e.launchCommand
	}
	if err := start(ctx, r); err != nil {
		if r.cmd != nil && r.cmd.Process != nil {
			r.end("")
			<-r.gone
			if ctx.Err() == nil {
				err = fmt.Errorf("%w (%s)", err, r.words)
			}
		}
		return nil, fmt.Errorf("local engine: %w", err)
	}
	e.tasks.Go(func() { e.watch(r) }) //nolint:contextcheck // for as long as the process lives
	return r, nil
}

// launchOurs starts the Python server.
func (e *Engine) launchOurs(ctx context.Context, r *running) error {
	set, python, err := e.settings(r.key)
	if err != nil {
		return err
	}
	server, err := writeServer(e.o.Dir)
	if err != nil {
		return err
	}
	// -I trusts neither variables of the environment nor the folder it stands in.
	r.cmd = exec.Command(python, "-I", "-B", filepath.Join(server, serverPackage)) //nolint:noctx,gosec // it outlives the request that started it; the path is ours
	r.cmd.Env, r.cmd.Dir = serverEnv(set.Scratch, e.o.Threads), set.Scratch
	stdin, stdout, err := e.pipes(r)
	if err != nil {
		return err
	}
	if err := e.begin(r); err != nil {
		return err
	}
	line, err := json.Marshal(set)
	if err != nil {
		return err
	}
	if _, err := stdin.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("it does not take its settings: %w", err)
	}
	h, err := e.greeting(ctx, stdout, r)
	if err != nil {
		return err
	}
	r.url = "http://127.0.0.1:" + strconv.Itoa(h.Port) + "/v1"
	e.log.Debug("local engine started", "port", h.Port, "confined", h.Confined, "after", time.Since(r.begun).Round(time.Millisecond))
	return nil
}

func (e *Engine) pipes(r *running) (io.Writer, *bufio.Reader, error) {
	attributes(r.cmd)
	stdin, err := r.cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	r.stdin, r.cmd.Stderr = stdin, r.words
	// Not StdoutPipe: Wait would close it while the first line is read.
	in, out, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	r.cmd.Stdout = out
	e.tasks.Go(func() {
		<-r.gone
		out.Close()
		in.Close()
	})
	return stdin, bufio.NewReaderSize(in, 4<<10), nil
}

// greeting waits for the first line of standard output.
func (e *Engine) greeting(ctx context.Context, stdout *bufio.Reader, r *running) (hello, error) {
	type answer struct {
		line []byte
		err  error
	}
	got := make(chan answer, 1)
	e.tasks.Go(func() {
		line, err := stdout.ReadSlice('\n')
		got <- answer{bytes.Clone(line), err}
		if err == nil {
			_, _ = io.Copy(io.Discard, stdout) // nobody may wait for us to read
		}
	})
	select {
	case a := <-got:
		var h hello
		if a.err != nil {
			return h, fmt.Errorf("it does not say that it listens: %w", a.err)
		}
		if err := json.Unmarshal(a.line, &h); err != nil || h.Port < 1 || h.Port > 65535 {
			return h, errors.New("it does not say where it listens")
		}
		return h, nil
	case <-r.gone:
		return hello{}, errors.New("it ended while it started")
	case <-ctx.Done():
		return hello{}, ctx.Err()
	}
}

// settings gathers what the server has to know of what is installed.
func (e *Engine) settings(key string) (settings, string, error) {
	in, err := Installed(e.o.Dir)
	if err != nil {
		return settings{}, "", err
	}
	set := settings{Key: key, Models: map[string]serverModel{}, Default: in.Model, Threads: e.o.Threads, Scratch: filepath.Join(e.o.Dir, "scratch"), Port: e.o.Port}
	for _, m := range in.Models {
		set.Models[m.Name] = serverModel{Kind: m.Kind, Dir: filepath.Join(e.o.Dir, modelsDir, m.Name)}
	}
	if in.Speakers {
		set.Speakers = filepath.Join(e.o.Dir, speakersDir, speakersFile)
	}
	if e.o.Model != "" {
		set.Default = e.o.Model
	}
	if _, ok := set.Models[set.Default]; !ok {
		return set, "", fmt.Errorf("%w: the model %q is not there; `guidang engines install --model %s` brings it", ErrNotInstalled, set.Default, set.Default)
	}
	return set, venvPython(filepath.Join(e.o.Dir, venvDir)), os.MkdirAll(set.Scratch, 0o700)
}

// launchCommand starts the server that the settings name in place of ours, and
// waits until it answers.
func (e *Engine) launchCommand(ctx context.Context, r *running) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	fill := strings.NewReplacer("{port}", port, "{key}", r.key)
	args := make([]string, len(e.o.Command))
	for i, a := range e.o.Command {
		args[i] = fill.Replace(a)
	}
	r.cmd = exec.Command(args[0], args[1:]...) //nolint:noctx,gosec // it outlives the request that started it; running it is what the setting is for
	r.cmd.Env = append(cleanEnv(os.Environ()), "GUIDANG_ENGINE_PORT="+port, "GUIDANG_ENGINE_KEY="+r.key)
	if _, _, err := e.pipes(r); err != nil {
		return err
	}
	r.cmd.Stdout = r.words
	r.words.log = nil // who knows what it says of a recording
	if err := e.begin(r); err != nil {
		return err
	}
	r.url = "http://127.0.0.1:" + port + "/v1"
	for {
		if answers(ctx, r.url+"/models", r.key) {
			return nil
		}
		select {
		case <-r.gone:
			return errors.New("it ended while it started")
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", args[0], ctx.Err())
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// answers says whether a server is up: any answer that is not its own fault.
func answers(ctx context.Context, url, key string) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	q.Header.Set("Authorization", "Bearer "+key)
	a, err := loopback.Do(q)
	if err != nil {
		return false
	}
	defer a.Body.Close()
	return a.StatusCode < http.StatusInternalServerError
}

// loopback asks our own machine: no proxy has any business there.
var loopback = &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// serverEnv is all that our server gets of the environment. Hubs are switched
// off: what it needs was installed.
func serverEnv(scratch string, threads int) []string {
	env := []string{"HOME=" + scratch, "TMPDIR=" + scratch, "TEMP=" + scratch, "LANG=C.UTF-8", "HF_HUB_OFFLINE=1", "HF_HUB_DISABLE_TELEMETRY=1",
		"OMP_WAIT_POLICY=PASSIVE", "OMP_NUM_THREADS=" + strconv.Itoa(threads)}
	for _, name := range []string{"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// cleanEnv is the environment without our own settings, which hold secrets, and
// without what would lead Python astray.
func cleanEnv(env []string) []string {
	var out []string
	for _, pair := range env {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "GUIDANG_"), name == "PYTHONHOME", name == "PYTHONPATH", name == "VIRTUAL_ENV", name == "__PYVENV_LAUNCHER__":
		default:
			out = append(out, pair)
		}
	}
	return out
}
