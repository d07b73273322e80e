package config

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

// load loads a settings file with the given text, environment and arguments.
func load(t *testing.T, text string, env map[string]string, args ...string) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	if text != "" {
		if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	Flags(fs)
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	var environ []string
	for k, v := range env {
		environ = append(environ, k+"="+v)
	}
	return Load(LoadOptions{Dir: dir, Flags: fs, Getenv: func(k string) string { return env[k] }, Environ: environ})
}

func mustLoad(t *testing.T, text string, env map[string]string, args ...string) *Config {
	t.Helper()
	c, err := load(t, text, env, args...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var defaultEngines = Engines{Memory: 4 << 30, Idle: 5 * time.Minute, Hub: "https://huggingface.co"}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "", nil)
	if filepath.Base(c.Data) != "guidang-data" || !filepath.IsAbs(c.Data) {
		t.Errorf("data: %s", c.Data)
	}
	if c.Workers < 1 {
		t.Errorf("workers: %d", c.Workers)
	}
	want := Config{
		Data: c.Data, Workers: c.Workers, Originals: "auto", OriginalsReferenceOver: 64 << 20, SettleTime: 2 * time.Second, TimeZone: "Local", Language: "auto",
		Listen: "127.0.0.1:8080", Limits: Limits{16, 1_000_000, 64 << 30, 200, 64 << 20, 20_000, 5_000_000, 250_000_000, 24}, Sandbox: "auto", Reader: Reader{25, 320 << 20},
		OCR: OCR{Program: "auto", Minutes: 30}, Transcribe: Transcribe{Local: "auto", Languages: "zh, en", PartSeconds: 28, PartSize: 20 << 20, Timeout: 15 * time.Minute},
		Minutes: Minutes{Model: MinutesModel{ContextTokens: 16000, OutputTokens: 4000, Concurrency: 2, Timeout: 3 * time.Minute}},
		Index:   Index{Engine: "embedded", Meilisearch: Meilisearch{Prefix: "gd"}}, Engines: defaultEngines, Disk: Disk{1 << 30}, Log: Log{"info"}, origins: c.origins,
		Names: Names{"{project}_{type}_{date}_v{version}"},
	}
	if !reflect.DeepEqual(*c, want) {
		t.Errorf("got  %+v\nwant %+v", *c, want)
	}
	if c.File() != "" || len(c.Warnings()) != 0 {
		t.Errorf("file %q, warnings %q", c.File(), c.Warnings())
	}
}

const full = `
data: 数据
originals: copy
originals-reference-over: 1.5GB
settle_time: 1m30s
workers: 3
schedule: "30 1 * * 1-5"
time_zone: Asia/Shanghai
language: zh
listen: ":9000"
limits: {depth: 3, entries: 1_000, expanded: 1GiB, ratio: 10, text_bytes: 2M, pages: 5, rows: 6, seconds: 7, memory: 200MiB}
sandbox: On
passwords: [007, yes, "公司 2019"]
terms:
  glossary: 术语.txt
minutes: {summary_chars: 200}
index:
  engine: meilisearch
  meilisearch:
    url: http://u:pw@127.0.0.1:7700
    key: geheim
    prefix: firm_1
disk: {min_free: 500MB}
log: {level: WARN}
sources:
  - /srv/邮件
  - path: sub/录音
    name: 会议录音
    originals: reference
    schedule: "@daily"
    marker: .mounted
    skip: ["*.tmp", "临时/**"]
    trees: yes
  - path: other
    skip: "*.bak"
`

func TestFile(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, full, nil)
	dir := filepath.Dir(c.File())
	want := Config{
		Data: filepath.Join(dir, "数据"), Originals: "copy", OriginalsReferenceOver: 1_500_000_000, SettleTime: 90 * time.Second, Workers: 3, Schedule: "30 1 * * 1-5",
		TimeZone: "Asia/Shanghai", Language: "zh", Listen: ":9000", Limits: Limits{3, 1000, 1 << 30, 10, 2 << 20, 5, 6, 250_000_000, 24}, Sandbox: "on", Reader: Reader{7, 200 << 20}, Passwords: []string{"007", "yes", "公司 2019"},
		Terms: Terms{Glossary: filepath.Join(dir, "术语.txt")}, OCR: OCR{Program: "auto", Minutes: 30}, Transcribe: Transcribe{Local: "auto", Languages: "zh, en", PartSeconds: 28, PartSize: 20 << 20, Timeout: 15 * time.Minute}, Minutes: Minutes{SummaryChars: 200, Model: MinutesModel{ContextTokens: 16000, OutputTokens: 4000, Concurrency: 2, Timeout: 3 * time.Minute}},
		Index: Index{"meilisearch", Meilisearch{"http://u:pw@127.0.0.1:7700", "geheim", "", "firm_1"}}, Engines: defaultEngines, Disk: Disk{500_000_000}, Log: Log{"warn"},
		Names: Names{"{project}_{type}_{date}_v{version}"},
		Sources: []Source{
			{Name: "邮件", Path: "/srv/邮件"},
			{"会议录音", filepath.Join(dir, "sub/录音"), "reference", "@daily", ".mounted", []string{"*.tmp", "临时/**"}, true},
			{Name: "other", Path: filepath.Join(dir, "other"), Skip: []string{"*.bak"}},
		},
		file: c.file, origins: c.origins,
	}
	if !reflect.DeepEqual(*c, want) {
		t.Errorf("got  %+v\nwant %+v", *c, want)
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("一\n二\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GUIDANG_WORKERS": "5", "GUIDANG_LISTEN": ":1", "GUIDANG_INDEX_MEILISEARCH_KEY": "k", "GUIDANG_PASSWORDS_FILE": secret, "GUIDANG_DATA": "env-data"}
	c := mustLoad(t, "workers: 4\nlisten: ':2'\nlanguage: en\n", env, "--listen", ":3", "--log-level=debug")
	if c.Workers != 5 || c.Listen != ":3" || c.Language != "en" || c.Log.Level != "debug" || c.Index.Meilisearch.Key != "k" ||
		!slices.Equal(c.Passwords, []string{"一", "二"}) || filepath.Base(c.Data) != "env-data" || !filepath.IsAbs(c.Data) {
		t.Errorf("got %+v", c)
	}
	var b strings.Builder
	if err := c.Show(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"workers: 5  # env GUIDANG_WORKERS", "listen: :3  # flag --listen", "language: en  # file guidang.yaml:3", "originals: auto  # default",
		"    key: '********'  # env GUIDANG_INDEX_MEILISEARCH_KEY", "passwords: ['********', '********']  # env GUIDANG_PASSWORDS_FILE"} {
		if !strings.Contains(strings.ReplaceAll(b.String(), `"`, "'"), want) {
			t.Errorf("%s is not in\n%s", want, b.String())
		}
	}
}

// TestProblems gives what is wrong and the whole message.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		env  map[string]string
		args []string
		want []string // one a line, in order
	}{
		"unknown key":        {text: "data: x\norignals: copy\n", want: []string{`guidang.yaml:2: unknown key "orignals"; the nearest known key is "originals"`}},
		"nested":             {text: "index:\n  meilisearch:\n    ulr: x\n", want: []string{`guidang.yaml:3: unknown key "index.meilisearch.ulr"; the nearest known key is "index.meilisearch.url"`}},
		"in the wrong place": {text: "engine: embedded\n", want: []string{`guidang.yaml:1: unknown key "engine"; the nearest known key is "index.engine"`}},
		"unlike all":         {text: "来源: x\n", want: []string{`guidang.yaml:1: unknown key "来源"; the nearest known key is "`}},
		"of a source":        {text: "sources:\n  - path: x\n    skipp: [a]\n", want: []string{`guidang.yaml:3: unknown key "skipp" of a source; the nearest known key is "skip"`}},
		"all at once": {text: "workers: many\noriginals: move\nlimits:\n  depth: 0\n", want: []string{`guidang.yaml:1: workers: "many" is not possible: allowed is a whole number`,
			`guidang.yaml:2: originals: "move" is not possible: allowed are auto, copy, reference`, `guidang.yaml:4: limits.depth: "0" is not possible: allowed is a whole number of at least 1`}},
		"values": {text: "settle_time: 2\nschedule: nightly\ntime_zone: Asia/Peking\nlisten: localhost\nindex: {engine: lucene}\ndisk: {min_free: -1}\nlog: {level: loud}\n", want: []string{
			`guidang.yaml:1: settle_time: "2" is not possible: allowed is a time such as`, `guidang.yaml:2: schedule: "nightly" is not possible: allowed is a cron expression`,
			`guidang.yaml:3: time_zone: "Asia/Peking" is not possible`, `guidang.yaml:4: listen: "localhost" is not possible`,
			`guidang.yaml:5: index.engine: "lucene" is not possible: allowed are embedded, meilisearch, both`, `guidang.yaml:6: disk.min_free: "-1" is not possible: allowed is a size`,
			`guidang.yaml:7: log.level: "loud" is not possible: allowed are debug, info, warn, error`}},
		"twice":            {text: "workers: 1\ndata: x\nworkers: 2\n", want: []string{`guidang.yaml:3: workers is set twice; the first time in line 1`}},
		"twice, two ways":  {text: "settle_time: 1s\nsettle-time: 2s\n", want: []string{`guidang.yaml:2: settle_time is set twice; the first time in line 1`}},
		"section is value": {text: "index: embedded\n", want: []string{`guidang.yaml:1: index holds settings, key: value; the keys are engine, meilisearch`}},
		"value is section": {text: "workers: {a: 1}\n", want: []string{`guidang.yaml:1: workers: one value is wanted here: number`}},
		"list of lists":    {text: "passwords: [[a]]\n", want: []string{`guidang.yaml:1: passwords: a list of plain values is wanted here`}},
		"no mapping":       {text: "- a\n", want: []string{`guidang.yaml:1: the file holds settings`}},
		"two documents":    {text: "workers: 1\n---\nworkers: 2\n", want: []string{`a second YAML document`}},
		"glob unquoted":    {text: "sources:\n  - path: x\n    skip: [*.bak]\n", want: []string{`stands in quotes`}},
		"windows path":     {text: "data: \"D:\\资料\"\n", want: []string{`single quotes`}},
		"tabs":             {text: "index:\n\tengine: embedded\n", want: []string{`not with tabs`}},
		"meilisearch":      {text: "index: {engine: meilisearch}\n", want: []string{`guidang.yaml:1: index.engine is meilisearch, and index.meilisearch.url does not say`}},
		"prefix":           {text: "index: {meilisearch: {prefix: 'a b'}}\n", want: []string{`guidang.yaml:1: index.meilisearch.prefix: "a b" is not possible`}},
		"url":              {text: "index: {meilisearch: {url: 'localhost:7700'}}\n", want: []string{`guidang.yaml:1: index.meilisearch.url: "localhost:7700" is not possible`}},
		"zone in schedule": {text: "schedule: 'CRON_TZ=UTC 0 1 * * *'\n", want: []string{`time_zone`}},
		"sources": {text: "sources:\n  - name: a\n  - path: x/b\n  - path: y/b\n  - path: z\n    name: 'a/b'\n  - path: w\n    marker: a/b\n    originals: move\n  - [x]\n", want: []string{
			`guidang.yaml:2: the source "a" has no path`, `guidang.yaml:4: two sources are called "b", the other one at guidang.yaml:3`, `guidang.yaml:5: the name "a/b" of a source`,
			`guidang.yaml:7: sources.marker: "a/b" is not possible`, `guidang.yaml:9: sources.originals: "move" is not possible: allowed are auto, copy, reference`, `guidang.yaml:10: a source is a path`}},
		"empty path":     {text: "sources:\n  - path: ''\n", want: []string{`guidang.yaml:2: the source "" has no path`}},
		"no list":        {text: "sources: /srv\n", want: []string{`guidang.yaml:1: sources is a list`}},
		"environment":    {env: map[string]string{"GUIDANG_WORKERS": "x"}, want: []string{`GUIDANG_WORKERS: workers: "x" is not possible`}},
		"secret twice":   {env: map[string]string{"GUIDANG_PASSWORDS": "x", "GUIDANG_PASSWORDS_FILE": "y"}, want: []string{`GUIDANG_PASSWORDS_FILE: GUIDANG_PASSWORDS is set too`}},
		"secret missing": {env: map[string]string{"GUIDANG_PASSWORDS_FILE": "/nowhere/y"}, want: []string{`GUIDANG_PASSWORDS_FILE: open /nowhere/y`}},
		"mask":           {text: "index: {meilisearch: {key: '********'}}\npasswords: ['********']\n", want: []string{`guidang.yaml:1: index.meilisearch.key: "********"`, `guidang.yaml:2: passwords: this is not the secret`}},
		"flag":           {args: []string{"--workers=x"}, want: []string{`invalid argument "x" for "--workers" flag: allowed is a whole number`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, c.text, c.env, c.args...)
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(c.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(lines), len(c.want), err)
			}
			for i, want := range c.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("got  %s\nwant %s", lines[i], want)
				}
			}
		})
	}
}

func TestLenient(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":        "",
		"comments":     "# 归档\n",
		"nothing":      "sources:\nindex:\nworkers:\npasswords: ~\n",
		"byte mark":    "\xef\xbb\xbfworkers: 2\n",
		"CRLF":         "workers: 2\r\nlanguage: zh\r\n",
		"alias":        "schedule: &s '0 1 * * *'\nsources:\n  - path: x\n    schedule: *s\n",
		"UTF-16":       "\xff\xfew\x00o\x00r\x00k\x00e\x00r\x00s\x00:\x00 \x001\x00\n\x00",
		"dotted":       "log.level: debug\n",
		"self in self": "index: &i {engine: embedded}\n",
	} {
		if _, err := load(t, text+"\n", nil); name == "UTF-16" {
			if _, err = load(t, text, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Notepad on a Chinese Windows saves in GBK.
	c := mustLoad(t, "sources:\n  - path: /srv/\xbf\xcd\xbb\xa7\n", nil)
	if len(c.Sources) != 1 || c.Sources[0].Path != "/srv/客户" {
		t.Errorf("GBK: %+v", c.Sources)
	}
	c = mustLoad(t, "data: ~/归档\n", map[string]string{"HOME": "/home/li"})
	if c.Data != "/home/li/归档" {
		t.Errorf("home: %s", c.Data)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "sources: [/a/b, /a]\n", map[string]string{"GUIDANG_LISTN": "x", "GUIDANG_TEST_MEILI_URL": "y", "OTHER": "z"})
	if w := c.Warnings(); len(w) != 2 || w[0] != "GUIDANG_LISTN is no setting; the nearest one is GUIDANG_LISTEN" || !strings.Contains(w[1], "lie within each other") {
		t.Errorf("got %q", w)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "s.yaml")
	if err := os.WriteFile(file, []byte("passwords: [a]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Load(LoadOptions{File: "s.yaml", Dir: dir, Getenv: func(string) string { return "" }})
	if err != nil || len(c.Warnings()) != 1 || !strings.Contains(c.Warnings()[0], "s.yaml holds the secret passwords and can be read by others") {
		t.Errorf("%v, %q", err, c.Warnings())
	}
	if _, err := Load(LoadOptions{File: "missing.yaml", Dir: dir}); !os.IsNotExist(unwrapped(err)) {
		t.Errorf("a missing file: %v", err)
	}
}

func unwrapped(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok || os.IsNotExist(err) {
			return err
		}
		err = u.Unwrap()
	}
}

// TestShowLoads loads what Show wrote: the same settings, secrets apart.
func TestShowLoads(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, full, nil)
	var b strings.Builder
	if err := c.Show(&b); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"007", "2019", "geheim", ":pw@"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("the secret %q is shown", secret)
		}
	}
	text := regexp.MustCompile(`(?m)^.*\*\*\*.*$`).ReplaceAllString(b.String(), "")
	again := mustLoad(t, text, nil)
	if !reflect.DeepEqual(again.Sources, c.Sources) || again.Limits != c.Limits || again.Data != c.Data || again.Index.Meilisearch.Prefix != "firm_1" || again.SettleTime != c.SettleTime {
		t.Errorf("got  %+v\nwant %+v", again, c)
	}
}

// TestExample loads the example as it is, and with everything switched on.
func TestExample(t *testing.T) {
	t.Parallel()
	plain, none := mustLoad(t, Example(), nil), mustLoad(t, "#\n", nil)
	plain.Data, plain.file, plain.origins = none.Data, none.file, none.origins
	if !reflect.DeepEqual(plain, none) {
		t.Errorf("the example changes something: %+v", plain)
	}
	on := regexp.MustCompile(`(?m)^#( {2,}|[a-z])`).ReplaceAllString(Example(), "$1")
	c := mustLoad(t, on, nil)
	if len(c.Sources) != 1 || c.Schedule == "" || len(c.Passwords) != 2 {
		t.Errorf("got %+v", c)
	}
	for _, o := range options() {
		if c.origins[o.key] == "default" {
			t.Errorf("%s is not in the example", o.key)
		}
		if o.en == "" || o.zh == "" {
			t.Errorf("%s is not explained", o.key)
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	const path = "../docs/configuration.md"
	if *update {
		if err := os.WriteFile(path, []byte(Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != Markdown() {
		t.Errorf("%s is not what the table says (%v); run go test ./config -update", path, err)
	}
}

// TestTable checks that every field of Config can be set.
func TestTable(t *testing.T) {
	t.Parallel()
	var c Config
	have := map[any]string{}
	for _, o := range options() {
		if other, twice := have[o.field(&c)]; twice {
			t.Errorf("%s and %s set the same field", o.key, other)
		}
		have[o.field(&c)] = o.key
	}
	var fields func(v reflect.Value, name string)
	fields = func(v reflect.Value, name string) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch {
			case !f.IsExported() || f.Name == "Sources":
			case f.Type.Kind() == reflect.Struct:
				fields(v.Field(i), name+f.Name+".")
			case have[v.Field(i).Addr().Interface()] == "":
				t.Errorf("no option sets %s%s", name, f.Name)
			}
		}
	}
	fields(reflect.ValueOf(&c).Elem(), "")
	if got, want := len(sourceOptions()), reflect.TypeFor[Source]().NumField(); got != want {
		t.Errorf("%d options of a source, %d fields", got, want)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0": 0, "7": 7, "7B": 7, "64MB": 64e6, "64 mb": 64e6, "1GiB": 1 << 30, "1.5KiB": 1536, "2k": 2048, "1_000": 1000, "3T": 3 << 40} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "x", "-1", "-1MB", "MB", "1.2.3MB", "InfMB", "9999999TB", "0x1p3M", "1 M B", "64兆"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
	for n, want := range map[int64]string{0: "0", 7: "7", 1 << 30: "1GiB", 1536: "1536", 64e6: "64MB", 3 << 10: "3KiB"} {
		if got := formatSize(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"来源", "来", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("index: &i {engine: *i}\n"))
	f.Add([]byte("a: &a [*a]\nsources: *a\n"))
	f.Add([]byte("<<: {workers: 1}\n? [x]\n: y\n"))
	f.Add([]byte(Example()))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := newLoader(LoadOptions{Dir: dir, Getenv: func(string) string { return "" }})
		if err != nil {
			t.Fatal(err)
		}
		l.defaults()
		l.parse(data)
		l.validate()
		var b strings.Builder
		if err := l.cfg.Show(&b); err != nil {
			t.Fatal(err)
		}
	})
}
