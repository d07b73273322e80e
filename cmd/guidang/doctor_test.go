package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/config"
)

type report struct {
	OK     bool
	Checks []check
}

func (r report) find(t *testing.T, name string) check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check is called %s: %+v", name, r.Checks)
	return check{}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	examine := func(args ...string) report {
		t.Helper()
		var r report
		o := command(t, append([]string{"doctor", "--json", "--data", data}, args...)...)
		if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
			t.Fatal(err, o)
		}
		if (o.code == exitDone) != r.OK {
			t.Errorf("exit code %d, but %+v", o.code, r)
		}
		return r
	}
	r := examine()
	if c := r.find(t, "data"); c.Status != checkNote || c.Advice == "" {
		t.Errorf("a directory that is not there: %+v", c)
	}
	if _, err := os.Stat(data); err == nil {
		t.Fatal("the doctor has made the data directory")
	}
	command(t, "init", t.TempDir(), "--data", data).want(t, exitDone)
	r = examine()
	for _, name := range []string{"data", "lock", "ledger", "index"} {
		if c := r.find(t, name); c.Status != checkOK {
			t.Errorf("%+v", c)
		}
	}
	for _, name := range []string{"ffmpeg", "silk", "tesseract", "poppler", "libreoffice", "meilisearch"} {
		if c := r.find(t, name); c.Found == "" || c.Status == checkNote && c.Advice == "" {
			t.Errorf("%+v", c)
		}
	}
	if o := command(t, "doctor", "--data", data); !strings.Contains(o.stdout, data) {
		t.Errorf("%s", o.stdout)
	}
	// A damaged ledger is found and nothing is changed.
	path := filepath.Join(data, "ledger.db")
	for _, name := range []string{"ledger.db-wal", "ledger.db-shm"} {
		_ = os.Remove(filepath.Join(data, name))
	}
	if err := os.WriteFile(path, []byte("this is no database, but it is long enough to be looked at by anybody who opens it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := examine(); r.OK || r.find(t, "ledger").Status != checkBad {
		t.Errorf("%+v", r)
	}
}

func TestDoctorSeesTheHolder(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	held(t, data, true, forwardable())
	var r report
	command(t, "doctor", "--json", "--data", data).decode(t, &r)
	if c := r.find(t, "lock"); c.Status != checkOK || !strings.Contains(c.Found, "process") {
		t.Errorf("%+v", c)
	}
	if err := os.Remove(filepath.Join(data, socketName)); err != nil {
		t.Fatal(err)
	}
	command(t, "doctor", "--json", "--data", data).decode(t, &r)
	if c := r.find(t, "lock"); c.Status != checkWarn {
		t.Errorf("%+v", c)
	}
}

func TestDoctorSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "guidang.yaml")
	if err := os.WriteFile(file, []byte("sources:\n  - name: 旧盘\n    path: nowhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var r report
	command(t, "doctor", "--json", "--config", file).want(t, exitFailed).decode(t, &r)
	if c := r.find(t, "source"); c.Status != checkBad || !strings.Contains(c.Found, "旧盘") {
		t.Errorf("%+v", c)
	}
	if err := os.WriteFile(file, []byte("colour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "doctor", "--json", "--config", file).want(t, exitFailed).decode(t, &r)
	if c := r.find(t, "settings"); c.Status != checkBad || !strings.Contains(c.Found, "colour") {
		t.Errorf("%+v", c)
	}
}

// settingsOfServer is what a server (1.50.0) tells of an index that is as it should be, but
// for its ranking rules.
const settingsOfServer = `{"displayedAttributes":["id","rev","state","plain"],"searchableAttributes":["title","name","people","terms","heading","body"],"filterableAttributes":[
{"attributePatterns":["id","doc","scopes","kind","type","tags","sensitive","customer","project"],"features":{"facetSearch":false,"filter":{"equality":true,"comparison":false}}},
{"attributePatterns":["date","seq","bin"],"features":{"facetSearch":false,"filter":{"equality":true,"comparison":true}}}],"sortableAttributes":["date"],"rankingRules":%s,
"stopWords":[],"nonSeparatorTokens":[],"separatorTokens":[],"dictionary":[],"synonyms":{},"distinctAttribute":null,"proximityPrecision":"byWord",
"typoTolerance":{"enabled":false,"minWordSizeForTypos":{"oneTypo":5,"twoTypos":9},"disableOnWords":[],"disableOnAttributes":[],"disableOnNumbers":true},
"faceting":{"maxValuesPerFacet":6000,"sortFacetValuesBy":{"*":"alpha"}},"pagination":{"maxTotalHits":1073741824},"embedders":{},"searchCutoffMs":1500,
"localizedAttributes":[{"attributePatterns":["*"],"locales":["eng"]}],"facetSearch":false,"prefixSearch":"indexingTime"}`

func TestDoctorMeilisearch(t *testing.T) {
	t.Parallel()
	version, rules := "1.50.0", `["sort","words","attribute","proximity"]`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/version":
			fmt.Fprintf(w, `{"pkgVersion":%q}`, version)
		case "/stats":
			fmt.Fprint(w, `{"databaseSize":5242880}`)
		case "/indexes/gd_passages/settings":
			fmt.Fprintf(w, settingsOfServer, rules)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	e := &env{lang: english}
	look := func(want, found string) {
		t.Helper()
		c := e.meilisearchCheck(t.Context(), &config.Meilisearch{URL: server.URL})
		if c.Status != want || !strings.Contains(c.Found, found) || c.Advice == "" && want != checkOK {
			t.Errorf("%+v", c)
		}
	}
	look(checkOK, "1.50.0 · 5.0 MiB")
	version = "1.53.1"
	look(checkNote, "1.53.1")
	rules = `["words"]`
	look(checkWarn, "1.53.1")
	version = "1.3.0"
	look(checkBad, "1.3.0")
	server.Close()
	look(checkBad, server.URL)
}
