package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/sandbox"
)

// killers is the argument by which this test binary becomes a child that reads
// with killerFormats.
const killers = "killers"

// killed counts what this child has read.
var killed atomic.Int64

// killerFormats are all formats, and one whose files say what their reader does:
// what a broken parser does, or one that somebody has taken over.
func killerFormats(cache string, engines bool) []document.Format {
	killer := document.Format{
		Name: "killer", Version: 1, Kind: document.KindText, MediaType: "text/x-killer",
		Detect: func(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte("killer:")) },
		Read: func(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
			data, _, err := in.All(4096)
			if err != nil {
				return nil, err
			}
			word, arg, _ := strings.Cut(strings.TrimPrefix(string(data), "killer:"), " ")
			doc := &document.Document{}
			doc.AddText(document.Position{Part: "body"}, "", fmt.Sprintf("%s: %v", word, kill(ctx, word, arg)))
			return doc, nil
		},
	}
	return append([]document.Format{killer}, extractors.All(extractors.Options{CacheDir: cache, NoEngines: !engines})...)
}

// kill does what a word says, and tells what came of it.
func kill(ctx context.Context, word, arg string) error {
	again := killed.Add(1) > 1
	switch word {
	case "allocate":
		for all := [][]byte{}; ; {
			all = append(all, bytes.Repeat([]byte{1}, 1<<20))
		}
	case "spin":
		for n := uint64(1); n > 0; n += 2 {
		}
	case "recurse":
		return fmt.Errorf("%d", descend(1)) //nolint:err113 // told
	case "exit":
		os.Exit(0)
	case "crash", "crash-once":
		if word == "crash" || again { // a child of its own has read nothing yet
			go func() { panic("killed") }()
			select {}
		}
	case "exec":
		return exec.CommandContext(ctx, "/bin/true").Run()
	case "socket":
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", arg)
		if err == nil {
			err = c.Close()
		}
		return err
	case "write":
		return os.WriteFile(arg, []byte("x"), 0o600)
	}
	return nil
}

func descend(n int) int {
	var pad [1024]byte
	pad[n%1024] = byte(n)
	return descend(n+1) + int(pad[0]) //nolint:staticcheck // it shall not end
}

// Whatever a reader does, the ledger says so, names it, and has everything else.
func TestKillers(t *testing.T) {
	t.Parallel()
	switch {
	case withSandbox != "on":
		t.Skip("read in children only")
	case runtime.GOOS != "linux":
		t.Skip("memory and confinement are Linux's")
	}
	hits, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hits.Close()
	o := newOffice(t)
	if err := o.a.Close(); err != nil {
		t.Fatal(err)
	}
	log := &journal{}
	a, err := Open(t.Context(), o.cfg, slog.New(slog.NewTextHandler(log, nil)), true)
	if err != nil {
		t.Fatal(err)
	}
	o.a = a
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pool, err := sandbox.NewPool(sandbox.Options{Command: []string{self, killers}, Formats: killerFormats("", true), Dir: filepath.Join(dir, "readers"),
		Cache: filepath.Join(dir, "cache"), Workers: 1, Seconds: 2, Memory: 128 << 20, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	a.reader, a.formats = pool, killerFormats("", true) // nothing reads yet
	active, missing, err := pool.Measures()
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(dir, "home", "made")
	if err := os.MkdirAll(filepath.Dir(made), 0o755); err != nil {
		t.Fatal(err)
	}

	died := map[string]string{"allocate": "memory-limit", "spin": "time-limit", "recurse": "crash", "exit": "crash", "crash": "crash"}
	denied := map[string]string{"exec": "seccomp", "socket": "seccomp", "write": "landlock"}
	args := map[string]string{"socket": " " + hits.Addr().String(), "write": " " + made}
	want := map[string]string{"a.txt": "indexed", "z.txt": "indexed", "packed.zip": "indexed", "packed.zip!/crash.k": "quarantined crash", "packed.zip!/vorher.txt": "indexed", "packed.zip!/后面.txt": "indexed", "crash-once.k": "indexed"}
	for _, word := range []string{"crash-once", "allocate", "spin", "recurse", "exit", "crash", "exec", "socket", "write"} {
		o.write(word+".k", "killer:"+word+args[word])
		if reason := died[word]; reason != "" {
			want[word+".k"] = "quarantined " + reason
		} else {
			want[word+".k"] = "indexed"
		}
	}
	o.write("a.txt", "之前的文件")
	o.write("packed.zip", zipped(t, "vorher.txt", "包里之前的文件", "crash.k", "killer:crash in a zip", "后面.txt", "包里之后的文件"))
	o.write("z.txt", "之后的文件")
	o.ingest()
	o.want(want)
	for word, reason := range died {
		if !strings.Contains(log.String(), "item="+word+".k reason="+reason) {
			t.Errorf("the log does not name %s.k with %s", word, reason)
		}
	}
	for word, measure := range denied {
		if !slices.ContainsFunc(active, func(m string) bool { return strings.HasPrefix(m, measure) }) {
			t.Logf("SKIPPED %s: this kernel has no %s (%q)", word, measure, missing)
			continue
		}
		v, err := o.a.Show(t.Context(), word+".k", nil)
		if err != nil || len(v.Sections) != 1 || !strings.Contains(v.Sections[0].Text, "operation not permitted") && !strings.Contains(v.Sections[0].Text, "permission denied") {
			t.Errorf("%s was not denied: %v, %+v", word, err, v)
		}
	}
	if _, err := os.Stat(made); err == nil {
		t.Error("a reader wrote a file")
	}
	o.clean("after killers")
	before := o.dump()
	if again := o.ingest(); again.Incomplete() || len(again.Changed) > 0 || o.dump() != before {
		t.Errorf("a second run changed %v", again.Changed)
	}
}
