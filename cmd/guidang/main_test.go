package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guidang/config"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	wrap := func(err error) error { return fmt.Errorf("archive.zip: %w", err) }
	for name, c := range map[string]struct {
		err  error
		code int
	}{
		"nothing":                {nil, 0},
		"any":                    {errors.New("x"), 1},
		"disk full":              {wrap(store.ErrDiskFull), 1},
		"no data directory":      {wrap(pipeline.ErrCannotMake), 1},
		"not in the ledger":      {wrap(ledger.ErrNotFound), 1},
		"missing file":           {&fs.PathError{Op: "stat", Path: "x", Err: fs.ErrNotExist}, 1},
		"usage":                  {wrap(&usageError{"x"}), 2},
		"settings":               {wrap(&config.Error{}), 2},
		"incomplete":             {wrap(&incompleteError{"x"}), 3},
		"not initialised":        {wrap(pipeline.ErrNotInitialised), 10},
		"locked":                 {wrap(pipeline.ErrLocked), 11},
		"locked, with a word":    {&sentenceError{"x", wrap(pipeline.ErrLocked)}, 11},
		"interrupted":            {wrap(context.Canceled), 130},
		"remote":                 {wrap(&remoteError{3, "x"}), 3},
		"interrupted and closed": {errors.Join(context.Canceled, errors.New("closing")), 130},
	} {
		if got := exitCode(c.err); got != c.code {
			t.Errorf("%s: %d, want %d", name, got, c.code)
		}
	}
}

// What people type wrong must be answered with one clear sentence that names
// the thing, and with the right exit code.
func TestWrongInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "notes.txt")
	empty := filepath.Join(dir, "empty.txt")
	image := filepath.Join(dir, "drawing.dwg")
	yaml := filepath.Join(dir, "bad.yaml")
	for path, text := range map[string]string{file: "some notes about the contract\n", empty: "", image: "AC1018\x00\x01\x02\xff\xfe\x00\x00", yaml: "indx:\n  engine: embedded\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := filepath.Join(dir, "none")
	data := filepath.Join(dir, "data")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"unknown command":         {[]string{"serch", "x"}, 2, "search"},
		"far command":             {[]string{"frobnicate"}, 2, "frobnicate"},
		"unknown option":          {[]string{"search", "x", "--knd", "mail"}, 2, "--knd"},
		"option without value":    {[]string{"search", "x", "--limit"}, 2, "--limit"},
		"not a number":            {[]string{"search", "x", "--limit", "many", "--data", data}, 2, `--limit takes a number, not "many"`},
		"no query":                {[]string{"search", "--data", data}, 2, "search QUERY"},
		"unknown kind":            {[]string{"search", "x", "--kind", "letter", "--data", data}, 2, "letter"},
		"limit":                   {[]string{"search", "x", "--limit", "501", "--data", data}, 2, "500"},
		"offset":                  {[]string{"search", "x", "--offset", "-1", "--data", data}, 2, "--offset"},
		"date":                    {[]string{"search", "x", "--from", "yesterday", "--data", data}, 2, "yesterday"},
		"dates":                   {[]string{"search", "x", "--from", "2024", "--to", "2023", "--data", data}, 2, "--from"},
		"search uninitialised":    {[]string{"search", "x", "--data", data}, 10, data},
		"a strange folder":        {[]string{"status", "--data", dir}, 10, dir},
		"status uninitialised":    {[]string{"status", "--data", data}, 10, data},
		"items uninitialised":     {[]string{"items", "--data", data}, 10, data},
		"show uninitialised":      {[]string{"show", "abc", "--data", data}, 10, data},
		"original uninitialised":  {[]string{"original", "abc", "--data", data}, 10, data},
		"retry uninitialised":     {[]string{"retry", "abc", "--data", data}, 10, data},
		"reconcile uninitialised": {[]string{"reconcile", "--data", data}, 10, data},
		"reindex uninitialised":   {[]string{"reindex", "--data", data}, 10, data},
		"dump uninitialised":      {[]string{"dump", "--data", data}, 10, data},
		"state":                   {[]string{"items", "--state", "broken", "--data", data}, 2, "broken"},
		"retry nothing":           {[]string{"retry", "--data", data}, 2, "--state"},
		"retry state":             {[]string{"retry", "--state", "indexed", "--data", data}, 2, "indexed"},
		"too many":                {[]string{"status", "now", "--data", data}, 2, "now"},
		"ingest nothing":          {[]string{"ingest", "--data", data}, 2, "PATH"},
		"ingest missing":          {[]string{"ingest", none, "--data", data}, 1, none},
		"ingest own data":         {[]string{"ingest", file, "--data", dir}, 2, file},
		"ingest into a file":      {[]string{"ingest", dir, "--data", filepath.Join(file, "data")}, 1, "cannot be made: " + file},
		"extract missing":         {[]string{"extract", none}, 1, none},
		"extract folder":          {[]string{"extract", dir}, 2, dir},
		"extract device":          {[]string{"extract", os.DevNull}, 2, os.DevNull},
		"extract both":            {[]string{"extract", file, "--json", "--text"}, 2, "--text"},
		"extract nothing":         {[]string{"extract"}, 2, "FILE"},
		"minutes missing":         {[]string{"minutes", none}, 1, none},
		"minutes folder":          {[]string{"minutes", dir}, 2, dir},
		"minutes empty":           {[]string{"minutes", empty}, 1, empty},
		"minutes of a drawing":    {[]string{"minutes", image}, 1, image},
		"minutes both":            {[]string{"minutes", file, "--json", "--md"}, 2, "--md"},
		"minutes length":          {[]string{"minutes", file, "--summary-chars", "-5"}, 2, "-5"},
		"terms missing":           {[]string{"terms", none}, 1, none},
		"terms top":               {[]string{"terms", file, "--top", "0"}, 2, "--top"},
		"terms empty":             {[]string{"terms", empty}, 1, empty},
		"listen everywhere":       {[]string{"serve", "--listen", "0.0.0.0:0", "--data", data}, 2, "0.0.0.0:0"},
		"listen on a name":        {[]string{"serve", "--listen", "example.com:80", "--data", data}, 2, "example.com"},
		"shell":                   {[]string{"completion", "csh"}, 2, "csh"},
		"settings missing":        {[]string{"status", "--config", none}, 1, none},
		"settings wrong":          {[]string{"config", "check", "--config", yaml}, 2, "indx"},
		"setting of an option":    {[]string{"status", "--index-engine", "lucene", "--data", data}, 2, "lucene"},
		"help of nothing":         {[]string{"help", "frobnicate"}, 2, "frobnicate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := command(t, c.args...)
			if o.code != c.code {
				t.Errorf("exit code %d, want %d", o.code, c.code)
			}
			if !strings.Contains(o.stderr, c.says) {
				t.Errorf("%q does not name %q", o.stderr, c.says)
			}
			if o.stdout != "" {
				t.Errorf("standard output is not empty: %q", o.stdout)
			}
			if lines := strings.Count(strings.TrimSpace(o.stderr), "\n"); lines != 0 {
				t.Errorf("more than one sentence: %q", o.stderr)
			}
		})
	}
	t.Cleanup(func() {
		for _, path := range []string{data, filepath.Join(dir, "lock"), filepath.Join(dir, "ledger.db")} {
			if _, err := os.Stat(path); err == nil {
				t.Errorf("a command that only reads or fails has made %s", path)
			}
		}
	})
}

func TestErrorAsJSON(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"status", "--json", "--data", filepath.Join(t.TempDir(), "none")},
		{"search", "--json"},
		{"search", "x", "--json", "--nonsense"},
	} {
		o := command(t, args...)
		var line struct {
			Error string
			Exit  int
		}
		if err := json.Unmarshal([]byte(o.stderr), &line); err != nil || line.Error == "" || line.Exit != o.code {
			t.Errorf("%v: %q is not the error as JSON (%v), exit code %d", args, o.stderr, err, o.code)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	path := func(err error) error {
		return fmt.Errorf("x: %w", &fs.PathError{Op: "open", Path: "/srv/原件", Err: err})
	}
	for name, c := range map[string]struct {
		err        error
		en, zh     string
		namesPaths bool
	}{
		"disk":       {path(syscall.ENOSPC), "make room", "腾出空间", true},
		"disk guard": {fmt.Errorf("x: %w", store.ErrDiskFull), "make room", "腾出空间", false},
		"permission": {path(syscall.EACCES), "permission denied", "没有权限", true},
		"read-only":  {path(syscall.EROFS), "read-only", "只读", true},
		"gone":       {path(syscall.ENOENT), "does not exist", "不存在", true},
		"a file":     {path(syscall.ENOTDIR), "not a folder", "不是文件夹", true},
		"no place":   {fmt.Errorf("%w: %w", pipeline.ErrCannotMake, path(syscall.ENOENT)), "cannot be made: /srv/原件 cannot exist", "无法建立数据目录 ?：/srv/原件 处不能建立目录", true},
		"no right":   {fmt.Errorf("%w: %w", pipeline.ErrCannotMake, path(syscall.EACCES)), "cannot be made: permission denied", "没有在 /srv/原件 建立目录的权限", true},
		"no writing": {fmt.Errorf("%w: %w", pipeline.ErrCannotMake, path(syscall.EROFS)), "cannot be made: /srv/原件 lies on a read-only", "文件系统只读", true},
		"no folder":  {fmt.Errorf("%w: %w", pipeline.ErrCannotMake, path(syscall.ENOTDIR)), "cannot be made: /srv/原件 is a file", "是文件而不是文件夹", true},
		"no more":    {fmt.Errorf("%w: %w", pipeline.ErrCannotMake, path(syscall.ENOSPC)), "make room", "腾出空间", true},
		"stopped":    {context.Canceled, "the state is safe", "状态完好", false},
		"newer":      {fmt.Errorf("ledger: %w", ledger.ErrNewer), "newer version", "更新版本", false},
	} {
		for lang, want := range map[language]string{english: c.en, chinese: c.zh} {
			got := (&env{lang: lang}).sentence(c.err)
			if !strings.Contains(got, want) || c.namesPaths && !strings.Contains(got, "/srv/原件") {
				t.Errorf("%s in %s: %q", name, lang, got)
			}
		}
	}
}
