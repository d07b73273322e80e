package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	var wire bytes.Buffer
	f := &frames{w: &wire}
	long := strings.Repeat("长", chunk)
	if n, err := f.writer(frameOut).Write([]byte(long)); n != len(long) || err != nil {
		t.Fatal(n, err)
	}
	if err := f.send(frameEnd, nil); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for {
		kind, body, err := readFrame(&wire)
		if err != nil {
			t.Fatal(err)
		}
		if kind == frameEnd {
			break
		}
		if kind != frameOut || len(body) > chunk {
			t.Fatalf("frame %q of %d bytes", kind, len(body))
		}
		got.Write(body)
	}
	if got.String() != long {
		t.Error("what came out is not what went in")
	}
}

func TestBrokenFrames(t *testing.T) {
	t.Parallel()
	for name, wire := range map[string]string{
		"nothing":        "",
		"half a head":    "o\x00\x00",
		"half a body":    "o\x00\x00\x00\x05abc",
		"far too long":   "o\xff\xff\xff\xff",
		"unknown":        "?\x00\x00\x00\x00",
		"a web browser":  "GET / HTTP/1.1\r\n",
		"cut after head": "o\x00\x3f\xff\xff",
	} {
		if _, _, err := readFrame(strings.NewReader(wire)); err == nil {
			t.Errorf("%s is taken for a frame", name)
		}
	}
	if _, _, err := readFrame(strings.NewReader("")); !errors.Is(err, io.EOF) {
		t.Errorf("the end is told as %v", err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("o\x00\x00\x00\x02hi"))
	f.Add([]byte("q\x00\x40\x00\x00"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		kind, body, err := readFrame(bytes.NewReader(wire))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := (&frames{w: &again}).send(kind, body); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(wire, again.Bytes()) {
			t.Errorf("%q was read as %q %q", wire, kind, body)
		}
	})
}

// A socket's name holds about 100 bytes; folders of offices in China are deeper.
func TestShortPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for len(dir) < 300 {
		dir = filepath.Join(dir, "二〇二四年度客户资料归档目录")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	short, release, err := shortPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if len(short) > maxSocketPath {
		t.Fatalf("%s is not short", short)
	}
	l, err := net.Listen("unix", filepath.Join(short, socketName))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := os.Stat(filepath.Join(dir, socketName)); err != nil {
		t.Error("the socket does not stand in the folder:", err)
	}
}
