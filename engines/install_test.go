package engines

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// python is this test program as the interpreter that the settings name.
func python(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for Python is a symbolic link")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

func quiet(Progress) {}

// model writes a model's files into a folder.
func model(t *testing.T, dir string, names ...string) string {
	t.Helper()
	for _, n := range names {
		write(t, filepath.Join(dir, n), "content of "+n)
	}
	return dir
}

var whisperFiles = []string{"model.bin", "config.json", "tokenizer.json", "vocabulary.json"}

func TestInstallFromFolder(t *testing.T) {
	t.Parallel()
	o := Options{Dir: filepath.Join(t.TempDir(), "engines"), Python: python(t)}
	from := model(t, filepath.Join(t.TempDir(), "my-model"), append([]string{"README.md"}, whisperFiles...)...)
	var steps []string
	in, err := Install(t.Context(), o, Wish{From: from}, func(p Progress) { steps = append(steps, p.Step) })
	if err != nil {
		t.Fatal(err)
	}
	if in.Model != "my-model" || in.Python != "3.12.4" || len(in.Models) != 1 || in.Models[0].Kind != KindWhisper || len(in.Models[0].SHA256) != 4 || in.Check == nil || in.Check.Errors != 0 {
		t.Errorf("%+v", in)
	}
	// One or two decoders are installed too: with an ffmpeg here one.
	got := strings.Replace(strings.Join(steps, " "), "packages detail packages detail packages", "packages detail packages", 1)
	if got != "python packages detail packages detail model check" {
		t.Errorf("steps %s", got)
	}
	if _, err := os.Stat(filepath.Join(o.Dir, modelsDir, "my-model", "README.md")); err == nil {
		t.Error("a file that is none of the model's was taken along")
	}
	left, err := filepath.Glob(filepath.Join(o.Dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	// A second model for the other engine brings its packages, and both stay.
	sense := model(t, filepath.Join(t.TempDir(), "sherpa-sense-voice"), "model.int8.onnx", "tokens.txt")
	if in, err = Install(t.Context(), o, Wish{From: sense}, quiet); err != nil {
		t.Fatal(err)
	}
	if len(in.Models) != 2 || len(in.Engines) != 2 || in.Model != "sherpa-sense-voice" {
		t.Errorf("%+v", in)
	}
	m, ok := in.Find("sherpa-sense-voice")
	if !ok || m.Kind != KindSenseVoice || len(m.Fingerprint()) != 16 {
		t.Errorf("%+v", m)
	}
	// Packages that are there are not installed again.
	steps = nil
	if _, err = Install(t.Context(), o, Wish{From: from}, func(p Progress) { steps = append(steps, p.Step) }); err != nil {
		t.Fatal(err)
	}
	if got = strings.Join(steps, " "); got != "model check" {
		t.Errorf("steps %s", got)
	}
}

func TestInstallFails(t *testing.T) {
	t.Parallel()
	good := model(t, filepath.Join(t.TempDir(), "good"), whisperFiles...)
	for name, c := range map[string]struct {
		o    Options
		w    Wish
		want string
	}{
		"no such model":     {Options{}, Wish{Model: "whisper-huge"}, "whisper-base"},
		"no such folder":    {Options{}, Wish{From: filepath.Join(good, "x")}, "no such file"},
		"not a whole model": {Options{}, Wish{From: model(t, filepath.Join(t.TempDir(), "half"), "model.bin", "config.json")}, "tokenizer.json"},
		"not an archive":    {Options{}, Wish{From: filepath.Join(good, "model.bin"), Model: "x"}, "no archive"},
		"which kind":        {Options{}, Wish{From: model(t, filepath.Join(t.TempDir(), "m"), "model.onnx", "tokens.txt")}, "paraformer"},
		"broken index":      {Options{Index: "https://broken.example/simple"}, Wish{From: good}, "No matching distribution"},
		"no Python":         {Options{Python: "no-python-anywhere"}, Wish{From: good}, ErrNoPython.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.o.Dir = filepath.Join(t.TempDir(), "engines")
			if c.o.Python == "" {
				c.o.Python = python(t)
			}
			_, err := Install(t.Context(), c.o, c.w, quiet)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
			if _, err := Installed(c.o.Dir); !errors.Is(err, ErrNotInstalled) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Decoders come with the engine; ffmpeg only where there is none. What cannot be
// had is told and costs nothing else.
func TestDecoders(t *testing.T) {
	from := model(t, filepath.Join(t.TempDir(), "m"), whisperFiles...)
	t.Setenv("PATH", t.TempDir())
	o := Options{Dir: filepath.Join(t.TempDir(), "engines"), Python: python(t), Index: "https://no-silk.example/simple"}
	without := ""
	if _, err := Install(t.Context(), o, Wish{From: from}, func(p Progress) {
		if p.Step == StepWithout {
			without += p.Detail
		}
	}); err != nil {
		t.Fatal(err)
	}
	command, _, err := SilkDecoder(o.Dir)
	if err != nil || command != nil || without != "silk" || !strings.HasSuffix(Decoder(o.Dir, "ffmpeg"), "ffmpeg-v9") {
		t.Errorf("%v, %v, without %q, %q", command, err, without, Decoder(o.Dir, "ffmpeg"))
	}
	// The next installation brings what is missing into the environment that is there.
	o.Index = ""
	write(t, filepath.Join(o.Dir, venvDir, "pyvenv.cfg"), "version = 3.12.4\nhome = /opt/python/bin\n")
	if _, err := Install(t.Context(), o, Wish{From: from}, quiet); err != nil {
		t.Fatal(err)
	}
	command, reads, err := SilkDecoder(o.Dir)
	if err != nil || len(command) == 0 || command[len(command)-1] != "silk" || !slices.Contains(reads, "/opt/python") {
		t.Errorf("%v, %v, %v", command, reads, err)
	}
}

// An engine that hears something else altogether is not taken, and one that
// worked before stays.
func TestInstallChecks(t *testing.T) {
	t.Parallel()
	o := Options{Dir: filepath.Join(t.TempDir(), "engines"), Python: python(t)}
	from := model(t, filepath.Join(t.TempDir(), "first"), whisperFiles...)
	if _, err := Install(t.Context(), o, Wish{From: from}, quiet); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(o.Dir, "scratch", "behave"), "deaf")
	second := model(t, filepath.Join(t.TempDir(), "second"), whisperFiles...)
	if _, err := Install(t.Context(), o, Wish{From: second}, quiet); err == nil || !strings.Contains(err.Error(), "characters wrong") {
		t.Errorf("%v", err)
	}
	if in, err := Installed(o.Dir); err != nil || in.Model != "first" {
		t.Errorf("%+v, %v", in, err)
	}
}

// Weights that come in parts with packages are joined and compared.
func TestPackagedWeights(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := linkPython(filepath.Join(dir, venvDir)); err != nil {
		t.Skip(err)
	}
	sum := sha256.Sum256([]byte("weights"))
	k := Known{Name: "joined", Kind: KindWhisper, List: "requirements-whisper-base.txt", SHA256: map[string]string{"model.bin": hex.EncodeToString(sum[:])}}
	o := Options{Dir: dir}.filled()
	if err := bring(t.Context(), o, k, "", "", quiet); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, modelsDir, "joined", "model.bin")); err != nil || string(data) != "weights" {
		t.Errorf("%q, %v", data, err)
	}
	if !whole(dir, k) {
		t.Error("it is not seen to be there")
	}
	k.Name, k.SHA256["model.bin"] = "other", strings.Repeat("0", 64)
	if err := bring(t.Context(), o, k, "", "", quiet); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, modelsDir, "other")); err == nil {
		t.Error("weights that are not the right ones were taken")
	}
}

func TestBundle(t *testing.T) {
	t.Parallel()
	o := Options{Dir: filepath.Join(t.TempDir(), "engines"), Python: python(t)}
	from := model(t, filepath.Join(t.TempDir(), "carried"), whisperFiles...)
	to := t.TempDir()
	if err := Bundle(t.Context(), o, Wish{From: from}, to, quiet); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"wheels/some.whl", "models/carried/model.bin"} {
		if _, err := os.Stat(filepath.Join(to, name)); err != nil {
			t.Error(err)
		}
	}
	if bundleOf(to) == "" || bundleOf(from) != "" {
		t.Error("a bundle is not told from a model")
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	files := map[string]string{"top/model.int8.onnx": "weights", "top/tokens.txt": "a 1", "top/../../evil.txt": "x", "top/test_wavs/zh.wav": "RIFF"}
	var tgz, zipped bytes.Buffer
	gz := gzip.NewWriter(&tgz)
	tw, zw := tar.NewWriter(gz), zip.NewWriter(&zipped)
	for name, text := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(tw, text)
		w, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	_ = tw.WriteHeader(&tar.Header{Name: "top/LICENSE", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"})
	tw.Close()
	gz.Close()
	zw.Close()
	for name, data := range map[string][]byte{"m.tar.gz": tgz.Bytes(), "m.ZIP": zipped.Bytes()} {
		dir := t.TempDir()
		path, to := filepath.Join(dir, name), filepath.Join(dir, "to")
		write(t, path, string(data))
		if err := os.Mkdir(to, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := unpackModel(t.Context(), path, to, KindSenseVoice); err != nil {
			t.Fatal(name, err)
		}
		entries, err := os.ReadDir(to)
		if err != nil || len(entries) != 2 {
			t.Errorf("%s: %v, %v", name, entries, err)
		}
		write(t, path, string(data[:len(data)/2]))
		if err := unpackModel(t.Context(), path, to, KindSenseVoice); err == nil {
			t.Errorf("%s: half of it is taken for whole", name)
		}
	}
}

// A hub's file is fetched in pieces when the line breaks, compared with the hash
// that the hub tells, and what is not there or forbidden is not asked for again.
func TestHub(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("weights ", 1000)
	sum := sha256.Sum256([]byte(content))
	hash := hex.EncodeToString(sum[:])
	broken, asked := 0, map[string]int{}
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		switch {
		case strings.HasSuffix(r.URL.Path, "/model.int8.onnx"):
			w.Header().Set("X-Linked-Etag", `"`+hash+`"`)
			http.Redirect(w, r, "/stored", http.StatusFound)
		case r.URL.Path == "/stored":
			if broken++; broken == 1 { // the line breaks half way
				w.Header().Set("Content-Length", "8000")
				_, _ = io.WriteString(w, content[:3000])
				return
			}
			http.ServeContent(w, r, "x.bin", time.Time{}, strings.NewReader(content))
		case strings.HasSuffix(r.URL.Path, "/tokens.txt"):
			_, _ = io.WriteString(w, "a 1\n")
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer hub.Close()
	dir := t.TempDir()
	k := Known{Name: "sense", Kind: KindSenseVoice, Repo: "owner/name"}
	o := Options{Dir: dir, Hub: hub.URL}.filled()
	if err := bring(t.Context(), o, k, "", "", quiet); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, modelsDir, "sense", "model.int8.onnx")); err != nil || string(data) != content {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if asked["/owner/name/resolve/main/LICENSE"] != 1 || asked["/owner/name/resolve/main/model.onnx"] != 0 {
		t.Errorf("%v", asked)
	}
	hash = strings.Repeat("0", 64)
	k.Name = "damaged"
	if err := bring(t.Context(), o, k, "", "", quiet); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}

func TestHubRefuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{http.StatusForbidden: "403", http.StatusOK: "page"} {
		asked := 0
		hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
		}))
		err := fetch(t.Context(), hub.URL, "a/b", "model.bin", t.TempDir(), quiet)
		if err == nil || !strings.Contains(err.Error(), want) || asked != 1 {
			t.Errorf("%d: %v after %d requests", status, err, asked)
		}
		hub.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fetch(ctx, "http://127.0.0.1:1", "a/b", "model.bin", t.TempDir(), quiet); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]string{
		{"https://huggingface.co", "a/b", "model.bin", "https://huggingface.co/a/b/resolve/main/model.bin"},
		{"https://hf-mirror.com/", "a/b", "model.bin", "https://hf-mirror.com/a/b/resolve/main/model.bin"},
		{"https://www.modelscope.cn", "a/b", "tokens.txt", "https://www.modelscope.cn/models/a/b/resolve/master/tokens.txt"},
		{"http://mirror.example/hf", "a/b", "model.bin", "http://mirror.example/hf/a/b/resolve/main/model.bin"},
	} {
		if got, err := address(c[0], c[1], c[2]); err != nil || got != c[3] {
			t.Errorf("%s, %v", got, err)
		}
	}
	for name, want := range map[string]string{"base": "whisper-base", "large-v3": "whisper-large-v3", "sense-voice": "sense-voice", "Systran/faster-whisper-tiny": "faster-whisper-tiny", "a/../b": "", "..": "", "../x": "", "a/.b": ""} {
		if k, _ := lookUp(name); k.Name != want {
			t.Errorf("%s is taken for %q", name, k.Name)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"审批", "", 2}, {"審批三級", "审批3级！", 0}, {"小订单一天", "小单一天都", 2}} {
		if got := distance(characters(c.a), characters(c.b)); got != c.want {
			t.Errorf("%q, %q: %d", c.a, c.b, got)
		}
	}
}
