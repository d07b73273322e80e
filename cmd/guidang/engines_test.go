package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEngines(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if o := command(t, "engines", "--data", data).want(t, exitDone); !strings.Contains(o.stdout, "engines install") {
		t.Errorf("%s", o.stdout)
	}
	var s engineStatus
	command(t, "engines", "status", "--json", "--data", data).want(t, exitDone).decode(t, &s)
	if s.Installed || s.Missing == "" {
		t.Errorf("%+v", s)
	}
	if o := command(t, "engines", "start", "--data", data).want(t, exitFailed); !strings.Contains(o.stderr, "engines install") {
		t.Errorf("%s", o.stderr)
	}
	command(t, "engines", "start", "--port", "70000", "--data", data).want(t, exitUsage)
	if _, err := os.Stat(data); err == nil {
		t.Error("looking has made the data directory")
	}
}

// Without Python there is one sentence that says what to do.
func TestEnginesWithoutPython(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	for lang, want := range map[string]string{"en_US.UTF-8": "apt install python3-venv", "zh_CN.UTF-8": "处于等待状态"} {
		environ := map[string]string{"LANG": lang, "GUIDANG_ENGINES_PYTHON": "no-python-anywhere"}
		o := commandIn(t, t.Context(), environ, "engines", "install", "--data", data).want(t, exitFailed)
		if !strings.Contains(o.stderr, want) || strings.Count(strings.TrimSpace(o.stderr), "\n") > 0 {
			t.Errorf("%s", o.stderr)
		}
	}
	environ := map[string]string{"GUIDANG_ENGINES_PYTHON": "no-python-anywhere"}
	if o := commandIn(t, t.Context(), environ, "engines", "install", "--model", "whisper-huge", "--data", data).want(t, exitFailed); !strings.Contains(o.stderr, "sense-voice") {
		t.Errorf("%s", o.stderr)
	}
	var r report
	commandIn(t, t.Context(), environ, "doctor", "--json", "--data", data).decode(t, &r)
	if c := r.find(t, "engine"); c.Status != checkNote || c.Found == "" || c.Advice == "" {
		t.Errorf("%+v", c)
	}
	environ = map[string]string{"GUIDANG_ENGINES_COMMAND": "no-such-server\n--port\n{port}"}
	commandIn(t, t.Context(), environ, "doctor", "--json", "--data", data).decode(t, &r)
	if c := r.find(t, "engine"); c.Status != checkBad || !strings.Contains(c.Found, "no-such-server --port {port}") {
		t.Errorf("%+v", c)
	}
}
