package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var (
	usedKey = regexp.MustCompile(`\b(?:t|usage|fail|section|add)\("([a-z0-9.-]+\.[a-z0-9-]+)"`)
	verb    = regexp.MustCompile(`%(?:\[(\d+)\])?[a-z]`)
)

// Both languages are complete: every key that the source names is in the
// table, in both languages, with the same arguments, and no key is there twice.
func TestMessages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, table := range tables() {
		for key, w := range table {
			if seen[key] {
				t.Errorf("%s stands in two tables", key)
			}
			seen[key] = true
			if w.en == "" || w.zh == "" {
				t.Errorf("%s is not complete: %q, %q", key, w.en, w.zh)
			}
			if a, b := len(verb.FindAllString(w.en, -1)), len(verb.FindAllString(w.zh, -1)); a != b {
				t.Errorf("%s takes %d arguments in English and %d in Chinese", key, a, b)
			}
			if strings.ContainsFunc(w.en, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: the English text holds Chinese: %q", key, w.en)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file == "messages.go" { // its table holds every key
			text, _, _ = bytes.Cut(text, []byte("var generalWords"))
		}
		all.Write(text)
		for _, m := range usedKey.FindAllStringSubmatch(string(text), -1) {
			used++
			if !seen[m[1]] {
				t.Errorf("%s: there is no message %s", file, m[1])
			}
		}
	}
	for key := range generalWords {
		// A key is written whole, or made of its list and a value; the lists that
		// are made that way are doctor's checks and an account's outcomes.
		list := key[:strings.LastIndex(key, ".")]
		whole := strings.Contains(all.String(), `"`+key+`"`)
		made := strings.Contains(all.String(), `"`+list+`."`) || strings.Contains(all.String(), `"`+list+`", `)
		if !whole && !made && !strings.HasPrefix(key, "doctor.") {
			t.Errorf("nobody says %s", key)
		}
	}
	if used < 100 {
		t.Errorf("only %d uses of messages were found: the test looks for the wrong thing", used)
	}
}

// Every value of the closed lists has a name in both languages.
func TestNames(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"state": states(), "kind": kinds(),
		"reason": strings.Fields("encrypted protected corrupt truncated unsupported empty too-large too-deep too-many time-limit memory-limit crash bomb dtd missing-tool missing-engine io"),
		"term":   strings.Fields("keyword person organisation product amount date project"),
	}
	for list, values := range want {
		for _, v := range values {
			if _, ok := lookup(list+"."+v, chinese); !ok {
				t.Errorf("%s %s has no name", list, v)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		environ map[string]string
		want    language
	}{
		{nil, english},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, chinese},
		{map[string]string{"LANG": "C"}, english},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, english},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, chinese},
	} {
		if got := languageOf(func(name string) string { return c.environ[name] }); got != c.want {
			t.Errorf("%v: %s, want %s", c.environ, got, c.want)
		}
	}
}

// Every command says in both languages what it does, gives two examples and
// lists its exit codes, and no option is without a word.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en_US.UTF-8", "zh_CN.UTF-8"} {
		environ := map[string]string{"LANG": lang}
		e := newEnv(nil, nil, func(name string) string { return environ[name] })
		root := newRootCommand(e)
		var names []string
		for _, cmd := range root.Commands() {
			if cmd.Name() == "help" {
				continue
			}
			names = append(names, cmd.Name())
			help := commandIn(t, t.Context(), environ, cmd.Name(), "--help").want(t, exitDone).stdout
			for _, part := range []string{cmd.Long, e.t("help.examples"), e.t("help.exit-codes"), "\n  0 ", "\n  2 "} {
				if part == "" || !strings.Contains(help, part) {
					t.Errorf("%s: the help of %s lacks %q:\n%s", lang, cmd.Name(), part, help)
				}
			}
			if n := strings.Count(cmd.Example, "\n") + 1; n != 2 {
				t.Errorf("%s has %d examples", cmd.Name(), n)
			}
			if lang[:2] == "zh" && !strings.ContainsFunc(cmd.Short, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s is not described in Chinese: %q", cmd.Name(), cmd.Short)
			}
			checkFlags(t, cmd)
			if second := commandIn(t, t.Context(), environ, "help", cmd.Name()).stdout; second != help {
				t.Errorf("`help %s` and `%s --help` differ", cmd.Name(), cmd.Name())
			}
		}
		slices.Sort(names)
		want := strings.Fields("assign completion config customers doctor dump engines export extract ingest init items minutes names original package plan projects reconcile reindex retry review search serve show status terms transcribe verify version")
		if !slices.Equal(names, want) {
			t.Errorf("commands %v, want %v", names, want)
		}
	}
}

func checkFlags(t *testing.T, cmd *cobra.Command) {
	t.Helper()
	visit := func(f *pflag.Flag) {
		if f.Usage == "" || strings.HasPrefix(f.Usage, cmd.Name()+".") || strings.HasPrefix(f.Usage, "flag.") {
			t.Errorf("option --%s of %s is described as %q", f.Name, cmd.Name(), f.Usage)
		}
	}
	cmd.Flags().VisitAll(visit)
	cmd.Root().PersistentFlags().VisitAll(visit)
}
