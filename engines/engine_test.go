package engines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// installed makes an engines folder by hand, with a server that behaves so.
func installed(t *testing.T, behave string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for Python is a symbolic link")
	}
	dir := t.TempDir()
	if err := linkPython(filepath.Join(dir, venvDir)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, modelsDir, "small", modelFile), `{"kind":"whisper","sha256":{"model.bin":"0123456789abcdef0123"}}`)
	write(t, filepath.Join(dir, modelsDir, ".half", modelFile), `{"kind":"whisper"}`)
	write(t, filepath.Join(dir, installFile), `{"python":"3.12.4","engines":["whisper"],"model":"small"}`)
	write(t, filepath.Join(dir, "scratch", "behave"), behave)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func newEngine(t *testing.T, o Options) *Engine {
	t.Helper()
	e := New(o)
	t.Cleanup(func() { e.Close() })
	return e
}

func start(t *testing.T, e *Engine) (url, key string) {
	t.Helper()
	url, key, err := e.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url, key
}

// get asks a stand-in for something beside the protocol.
func get(t *testing.T, url, path string) string {
	t.Helper()
	a, err := http.Get(strings.TrimSuffix(url, "/v1") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// eventually waits for something that another process brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatal("never: " + what)
}

// alive says whether a process is there and no zombie.
func alive(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	return !bytes.HasPrefix(bytes.TrimSpace(stat[bytes.LastIndexByte(stat, ')')+1:]), []byte("Z"))
}

func TestStart(t *testing.T) {
	t.Parallel()
	e := newEngine(t, Options{Dir: installed(t, "")})
	url, key := start(t, e)
	if !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/v1") || len(key) < 20 {
		t.Errorf("%s with key %q", url, key)
	}
	if again, _ := start(t, e); again != url {
		t.Errorf("a second process was started: %s, %s", url, again)
	}
	if running, _ := e.Running(t.Context()); !running {
		t.Error("it does not run")
	}
	if env := get(t, url, "/env"); strings.Contains(env, key) || !strings.Contains(env, "HF_HUB_OFFLINE=1") || strings.Contains(env, "USER=") {
		t.Errorf("the environment of the engine:\n%s", env)
	}
	pid := get(t, url, "/pid")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && alive(pid) {
		t.Error("it was left behind")
	}
	if _, _, err := e.Start(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestStartsTogether(t *testing.T) {
	t.Parallel()
	e := newEngine(t, Options{Dir: installed(t, "")})
	urls := make([]string, 8)
	var all sync.WaitGroup
	for i := range urls {
		all.Go(func() { urls[i], _, _ = e.Start(t.Context()) })
	}
	all.Wait()
	for _, u := range urls {
		if u == "" || u != urls[0] {
			t.Errorf("%q", urls)
		}
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	e := newEngine(t, Options{Dir: installed(t, "")})
	url, key := start(t, e)
	if a, err := http.Post(strings.TrimSuffix(url, "/v1")+"/die", "", nil); err == nil {
		a.Body.Close()
	}
	eventually(t, "its end is seen", func() bool { running, _ := e.Running(t.Context()); return !running })
	second, other := start(t, e)
	if key == other {
		t.Error("the key stayed the same")
	}
	if text, err := transcribe(t.Context(), second, other, "small", []byte("sound")); err != nil || text != checkText {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := transcribe(t.Context(), second, key, "small", []byte("sound")); err == nil {
		t.Error("the old key still opens")
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	e := newEngine(t, Options{Dir: installed(t, "die at start")})
	for i := range maxFails {
		if _, _, err := e.Start(t.Context()); err == nil || errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "numpy") {
			t.Fatalf("start %d: %v", i, err)
		}
	}
	if _, _, err := e.Start(t.Context()); !errors.Is(err, ErrBroken) {
		t.Errorf("%v", err)
	}
	e = newEngine(t, Options{Dir: installed(t, "say nonsense")})
	if _, _, err := e.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "listens") {
		t.Errorf("%v", err)
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	for behave, want := range map[string]bool{"": true, "idle": false} {
		e := newEngine(t, Options{Dir: installed(t, behave), Idle: 60 * time.Millisecond})
		url, _ := start(t, e)
		if want { // its server says that it is busy
			for range 20 {
				get(t, url, "/health")
				time.Sleep(10 * time.Millisecond)
			}
			if running, _ := e.Running(t.Context()); !running {
				t.Error("a busy engine was stopped")
			}
			continue
		}
		eventually(t, "the idle engine is stopped", func() bool { running, _ := e.Running(t.Context()); return !running })
		for range maxFails + 1 { // being idle is no failure
			start(t, e)
			eventually(t, "the idle engine is stopped", func() bool { running, _ := e.Running(t.Context()); return !running })
		}
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("memory is watched on Linux only")
	}
	e := newEngine(t, Options{Dir: installed(t, ""), Memory: 1, Idle: 50 * time.Millisecond})
	for range maxFails {
		start(t, e)
		eventually(t, "the hungry engine is stopped", func() bool { running, _ := e.Running(t.Context()); return !running })
	}
	if _, _, err := e.Start(t.Context()); !errors.Is(err, ErrBroken) {
		t.Errorf("%v", err)
	}
}

func TestNotInstalled(t *testing.T) {
	t.Parallel()
	if _, _, err := newEngine(t, Options{Dir: t.TempDir()}).Start(t.Context()); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("%v", err)
	}
	if _, _, err := newEngine(t, Options{Dir: installed(t, ""), Model: "large"}).Start(t.Context()); !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "--model large") {
		t.Errorf("%v", err)
	}
	dir := installed(t, "")
	write(t, filepath.Join(dir, installFile), `{"py`)
	if _, err := Installed(dir); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := newEngine(t, Options{Dir: installed(t, "")}).Start(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A server of somebody else is started with its port and key, its words stay
// out of the log, and it ends with us.
func TestCommand(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	e := newEngine(t, Options{Dir: t.TempDir(), Command: []string{self, "other-server", "{port}", "{key}"},
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	url, _ := start(t, e)
	pid := get(t, url, "/pid")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && alive(pid) {
		t.Error("it was left behind")
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells: %s", &log)
	}
	e = newEngine(t, Options{Dir: t.TempDir(), Command: []string{"no-such-program-anywhere"}})
	if _, _, err := e.Start(t.Context()); err == nil {
		t.Error("a program that is not there was started")
	}
}

// Nothing is left behind when we are killed, whether the server watches its
// standard input or not.
func TestKilledParent(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("looks into /proc")
	}
	for _, behave := range []string{"", "ignore stdin"} {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "parent", installed(t, behave))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var url string
		if _, err := fmt.Fscanln(out, &url); err != nil {
			t.Fatal(err)
		}
		pid := get(t, url, "/pid")
		if n, err := strconv.Atoi(pid); err != nil || n == cmd.Process.Pid || !alive(pid) {
			t.Fatalf("pid %q", pid)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		eventually(t, "the engine ends with its parent: "+behave, func() bool { return !alive(pid) })
	}
}
