package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/pipeline"
)

// TestMain lets the test binary be the program itself, for the tests that need
// a second process.
func TestMain(m *testing.M) {
	if code, ok := pipeline.ReaderChild(os.Args); ok {
		os.Exit(code)
	}
	if os.Getenv("GUIDANG_TEST_AS_PROGRAM") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// outcome is what a command line came to.
type outcome struct {
	code   int
	stdout string
	stderr string
}

// command runs a command line in English, away from this machine's settings.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	return commandIn(t, t.Context(), nil, args...)
}

func commandIn(t *testing.T, ctx context.Context, environ map[string]string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	e := newEnv(&stdout, &stderr, func(name string) string {
		if v, ok := environ[name]; ok || name != "GUIDANG_OCR_PROGRAM" {
			return v
		}
		return "off" // what this machine has is none of a test's business
	})
	e.patience = 20 * time.Millisecond
	code := run(ctx, e, args)
	return outcome{code, stdout.String(), stderr.String()}
}

// decode reads the one JSON object that a command printed.
func (o outcome) decode(t *testing.T, into any) {
	t.Helper()
	if n := strings.Count(strings.TrimSpace(o.stdout), "\n"); n != 0 {
		t.Fatalf("standard output has %d lines, want one object:\n%s\nstandard error:\n%s", n+1, o.stdout, o.stderr)
	}
	if err := json.Unmarshal([]byte(o.stdout), into); err != nil {
		t.Fatalf("%v in %q, standard error %q", err, o.stdout, o.stderr)
	}
}

// want fails the test unless the command ended with the code.
func (o outcome) want(t *testing.T, code int) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\nstandard output: %s\nstandard error: %s", o.code, code, o.stdout, o.stderr)
	}
	return o
}

// folder makes a small source.
func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "来源")
	for name, text := range map[string]string{
		"合同/合同说明.txt":           "本合同由远航软件与华信制造签订，合同金额为三十五万元。需求变更须双方书面确认。\n",
		"notes.txt":             "The acceptance test is planned for 15 September. The order system must export in batches.\n",
		"copy of notes.txt":     "The acceptance test is planned for 15 September. The order system must export in batches.\n",
		"2024-03-05 周会.vtt":     vtt,
		"drawing.dwg":           "AC1018\x00\x01\x02\x03\xff\xfe\xfd\x00\x00\x01",
		"报价.docx":               "PK\x03\x04\x14\x00\x06\x00\x08\x00 cut off by a bad disk",
		"sub/~$lock.docx":       "lock",
		"sub/deep/长 名字.txt":     "排期：九月十五日前交付。\n",
		"sub/deep/unindexed.md": "# Heading\n\nSome text about migration.\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour) // settled, so nothing waits for it
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const vtt = `WEBVTT

00:00:00.000 --> 00:00:06.000
<v 张伟>大家好，今天评审订单系统的需求变更，批量导出功能要不要上线。

00:00:06.000 --> 00:00:12.000
<v 李娜>我们决定批量导出在九月十五日前上线，合同金额不变。

00:00:12.000 --> 00:00:18.000
<v 张伟>好的，我负责在下周五之前提交测试报告，风险是客户的接口可能延期。
`

// ingested makes an archive of folder's files and returns its data directory.
func ingested(t *testing.T) (data, source string) {
	t.Helper()
	data, source = filepath.Join(t.TempDir(), "data"), folder(t)
	o := command(t, "ingest", source, "--data", data, "--json")
	if o.code != exitDone && o.code != exitIncomplete {
		t.Fatalf("ingest ended with %d: %s", o.code, o.stderr)
	}
	return data, source
}
