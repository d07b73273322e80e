package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSpeechEndpoints(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("key.txt", "from-file\n")
	write("guidang.yaml", `
transcribe:
  key: for-all
  languages: zh，en、zh
  endpoints:
    - http://10.0.0.5:8000/v1 model=large-v3 weight=3 concurrency=2
    - https://api.example.com/v1 key_file=key.txt price=0.006 per_minute=50 hotwords=yes
    - https://other.example.com/v1 key_env=OTHER_KEY
`)
	env := map[string]string{"OTHER_KEY": "from-env"}
	c, err := Load(LoadOptions{Dir: dir, Getenv: func(n string) string { return env[n] }})
	if err != nil {
		t.Fatal(err)
	}
	want := []SpeechService{
		{URL: "http://10.0.0.5:8000/v1", Model: "large-v3", Key: "for-all", Weight: 3, Concurrency: 2},
		{URL: "https://api.example.com/v1", Key: "from-file", Weight: 1, Concurrency: 1, PerMinute: 50, Price: 0.006, Hotwords: true},
		{URL: "https://other.example.com/v1", Key: "from-env", Weight: 1, Concurrency: 1},
	}
	for n, s := range c.Transcribe.Services() {
		if s != want[n] {
			t.Errorf("endpoint %d is %+v", n, s)
		}
	}
	if got := strings.Join(c.Transcribe.Spoken(), " "); got != "zh en" || len(c.Transcribe.Services()) != 3 {
		t.Errorf("languages %q, %d endpoints", got, len(c.Transcribe.Services()))
	}
	for _, secret := range []string{"for-all", "from-file", "from-env"} {
		if strings.Contains(c.String(), secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

func TestWrongSpeechEndpoints(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"10.0.0.5:8000/v1":                       "begins with its address",
		"https://user:sk-1@a.example/v1":         "no key belongs",
		"https://a.example/v1?key=sk-1":          "no key belongs",
		"https://a.example/v1 key=sk-1":          "no key belongs",
		"https://a.example/v1 key_env=MISSING":   "the variable is empty",
		"https://a.example/v1 weight=0":          "whole number",
		"https://a.example/v1 price=-1":          "a number such as",
		"https://a.example/v1 price=NaN":         "a number such as",
		"https://a.example/v1 modell=x":          "is not known",
		"https://a.example/v1 large-v3":          "is not key=value",
		"https://a.example/v1 key_file=nowhere":  "nowhere",
		"https://a.example/v1 hotwords=maybe":    "hotwords",
		"https://a.example/v1 concurrency=three": "whole number",
	} {
		_, err := Load(LoadOptions{Dir: t.TempDir(), Getenv: func(n string) string {
			if n == "GUIDANG_TRANSCRIBE_ENDPOINTS" {
				return line
			}
			return ""
		}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sk-1") {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
