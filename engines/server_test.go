package engines

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The server's own tests, where there is a Python to run them.
func TestPythonServer(t *testing.T) {
	t.Parallel()
	p, err := FindPython(t.Context(), os.Getenv("GUIDANG_TEST_PYTHON"))
	if err != nil {
		t.Skip("SKIPPED: the Python server is not tested here: ", err)
	}
	cmd := exec.CommandContext(t.Context(), p.Path, "-B", "-m", "unittest", "discover", "-s", "python")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "skipped") {
		t.Logf("with %s some were skipped: %s", p.Path, strings.TrimSpace(string(out[max(0, len(out)-60):])))
	}
}

// Every version of the server lies in a folder of its own.
func TestWriteServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "server-0123456789ab", "old.py"), "")
	for range 2 {
		server, err := writeServer(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"__main__.py", "__init__.py", "server.py"} {
			if _, err := os.Stat(filepath.Join(server, serverPackage, name)); err != nil {
				t.Error(err)
			}
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// Each package of the lists is bound to hashes.
func TestLists(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"requirements-whisper.txt", "requirements-sherpa.txt", "requirements-whisper-base.txt", "requirements-ffmpeg.txt", "requirements-silk.txt"} {
		path, err := listFile(t.TempDir(), name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		packages := 0
		for entry := range strings.SplitSeq(strings.ReplaceAll(string(data), "\\\n", ""), "\n") {
			if strings.Contains(entry, "==") {
				packages++
				if !strings.Contains(entry, "--hash=sha256:") {
					t.Errorf("%s: %s", name, entry)
				}
			}
		}
		if packages < 1 {
			t.Errorf("%s has %d packages", name, packages)
		}
	}
}
