package web

import (
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/web/texts"
)

// usedKey finds keys in templates ({{t "a.b"}}) and in code (say("a.b"), "error.x").
var usedKey = regexp.MustCompile(`(?:\bt |say\(|, )"([a-z]+(?:\.[a-z0-9-]+)+)"`)

func TestEveryTextThatIsUsedExists(t *testing.T) {
	t.Parallel()
	used := map[string]string{}
	read := func(name string, data []byte) {
		for _, m := range usedKey.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = name
		}
	}
	err := fs.WalkDir(embedded, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(path)
		read(path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			data, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			read(f.Name(), data)
		}
	}
	if len(used) < 100 {
		t.Fatalf("only %d keys were found; the expression is wrong", len(used))
	}
	for key, where := range used {
		if _, ok := texts.Say(chinese, key); !ok && !strings.HasSuffix(key, ".html") {
			t.Errorf("%s: %s has no text", where, key)
		}
		if _, ok := texts.Say(chinese, key+".title"); strings.HasPrefix(key, "error.") && !strings.HasSuffix(key, ".title") && !slices.Contains([]string{"error.again", "error.request", "error.key", "error.session.again"}, key) && !ok {
			t.Errorf("%s has no title", key)
		}
	}
}

// Words of closed lists are put together at run time; each has a text.
func TestClosedListsAreTranslated(t *testing.T) {
	t.Parallel()
	lists := map[string][]string{
		"reason": {"volume", pipeline.ForPassword, pipeline.ForTranscriber, pipeline.Growing},
		"read":   nil, "run": {"ingest", "nightly", "retry", "reconcile"}, "outcome": {"done", "failed", "interrupted", "disk-full"},
		"facet": {"kind", "type", "year", "tag", "customer", "sensitive"}, "work": {"ocr", "transcribe", "minutes"}, "engine": {"embedded", "meilisearch"},
		"minutes": {"decisions", "actions", "key-points", "topics", "risks", "questions"},
		"doc":     {"provenance.kept.copied", "provenance.kept.reference", "provenance.kept.inside"},
		"role":    {"from", "to", "cc", "bcc", "author", "attendee", "speaker"},
		"spend":   {"transcribe_minutes", "transcribe_money", "transcribe_budget_minutes", "transcribe_budget_money"},
		"part":    {"body", "header", "notes", "comment"},
	}
	for _, k := range kinds {
		lists["kind"] = append(lists["kind"], string(k))
		if _, ok := strokes[string(k)]; !ok {
			t.Errorf("kind %s has no icon", k)
		}
	}
	for _, typ := range document.Types {
		lists["doctype"] = append(lists["doctype"], string(typ))
	}
	lists["detail"], lists["sensitive"] = doctype.Details(), document.Sensitives
	lists["signed"] = []string{doctype.SignedYes, doctype.SignedPartly, doctype.SignedNo}
	lists["acceptance"] = []string{"passed", "conditional", "failed"}
	for _, s := range ledger.States() {
		lists["state"] = append(lists["state"], string(s))
		lists["statehelp"] = append(lists["statehelp"], string(s))
	}
	for _, r := range document.Reasons() {
		lists["reason"] = append(lists["reason"], string(r))
	}
	for list, words := range lists {
		for _, w := range words {
			for _, l := range []tongue{chinese, english} {
				if !l.has(list, w) {
					t.Errorf("%s: %s.%s has no text", l, list, w)
				}
			}
		}
	}
	if got := tongue(chinese).word("reason", "a-new-one"); got != "a-new-one" {
		t.Errorf("an unknown word became %q", got)
	}
}

func TestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ header, fallback, want string }{
		{"", "zh", "zh"}, {"", "en", "en"}, {"en-US,en;q=0.9", "zh", "en"}, {"zh-TW", "en", "zh"}, {"fr,de;q=0.9", "zh", "zh"}, {"fr, en;q=0.3, zh;q=0.5", "en", "zh"},
		{"en;q=0", "zh", "zh"}, {"en;q=x, zh", "en", "zh"}, {strings.Repeat("fr,", 1000) + "en", "zh", "zh"}, {";;,q=,-", "zh", "zh"},
	} {
		if got := accepted(c.header, c.fallback); got != c.want {
			t.Errorf("%q: %s, want %s", c.header, got, c.want)
		}
	}
	c := newClient(t, sample(t), Options{})
	c.get("/").want(t, 200, `lang="zh-CN"`, "检索邮件")
	c.get("/", "Accept-Language", "en").want(t, 200, `<html lang="en"`, "Search mail")
	r := c.do(http.MethodPost, "/language", url.Values{"to": {"en"}, "back": {"/?q=a&kind=mail"}}).want(t, http.StatusSeeOther)
	if r.Header.Get("Location") != "/?q=a&kind=mail" {
		t.Errorf("back to %q", r.Header.Get("Location"))
	}
	c.cookie += "; " + r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	c.get("/", "Accept-Language", "zh").want(t, 200, `<html lang="en"`)
	for _, back := range []string{"http://evil.example/", "//evil.example", "/\\evil.example", "", "javascript:alert(1)", "/a\r\nSet-Cookie: x=y"} {
		r := c.do(http.MethodPost, "/language", url.Values{"to": {"fr"}, "back": {back}}).want(t, http.StatusSeeOther)
		if r.Header.Get("Location") != "/" || len(r.Cookies()) != 0 {
			t.Errorf("back to %q: %q, cookies %v", back, r.Header.Get("Location"), r.Cookies())
		}
	}
}

// No page may show a key or a wrong argument instead of a text.
func TestPagesAreWholeInBothLanguages(t *testing.T) {
	t.Parallel()
	f := sample(t)
	f.status.Running = &pipeline.Running{Seconds: 61, Found: 100, Done: 40}
	c := newClient(t, f, Options{Version: "1.0"})
	paths := []string{"/", "/?q=合同", "/?q=nothinghere&kind=mail&tag=x", "/?from=never", "/meetings", "/meetings?q=nothinghere", "/status", "/status/progress", "/items", "/items?state=waiting", "/items?state=pending", "/nothing"}
	for _, d := range f.docs {
		paths = append(paths, "/d/"+d.view.ID, "/d/"+d.view.ID+"?q=合同")
	}
	shown := regexp.MustCompile(`>([a-z]+(?:\.[a-z0-9-]+)+)<`)
	for _, language := range []string{"zh", "en"} {
		for _, path := range paths {
			r := c.get(path, "Accept-Language", language)
			if strings.Contains(r.body, "%!") {
				t.Errorf("%s %s: wrong arguments: %s", language, path, r.body[strings.Index(r.body, "%!")-60:][:120])
			}
			for _, m := range shown.FindAllStringSubmatch(r.body, -1) {
				if _, key := texts.Say(language, m[1]); key && r.StatusCode == http.StatusOK {
					t.Errorf("%s %s shows the key %s", language, path, m[1])
				}
			}
		}
	}
}
