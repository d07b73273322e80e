package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline/bag"
)

// A package is made alone and through the holder of the directory, and checked
// without either.
func TestPackageAndVerify(t *testing.T) {
	t.Parallel()
	data, source := ingested(t)
	out := filepath.Join(t.TempDir(), "p.zip")
	var v struct {
		File string `json:"file"`
		bag.Verdict
	}
	command(t, "package", "--folder", source, "--out", out, "--data", data, "--json").want(t, exitDone).decode(t, &v)
	if !v.Valid || v.File != out || len(v.Fingerprint) != 64 || v.Report == nil || v.Files < 10 {
		t.Fatalf("%+v", v)
	}
	o := command(t, "verify", out, "--expect", v.Fingerprint).want(t, exitDone)
	if !strings.Contains(o.stdout, v.Fingerprint) || !strings.Contains(o.stdout, "authenticity") {
		t.Errorf("%s", o.stdout)
	}
	command(t, "verify", out, "--expect", strings.Repeat("0", 64)).want(t, exitIncomplete)
	command(t, "package", "--folder", source, "--out", out, "--data", data).want(t, exitUsage) // it exists
	command(t, "package", "--folder", source, "--data", data).want(t, exitUsage)
	command(t, "package", "--data", data, "--out", out+"2").want(t, exitUsage)
	if o := command(t, "package", "NONE", "--data", data, "--out", out+"2").want(t, exitFailed); !strings.Contains(o.stderr, "NONE") {
		t.Errorf("%s", o.stderr)
	}
	if _, err := os.Stat(out + "2"); err == nil {
		t.Error("a package that failed was left behind")
	}

	bad, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.Index(bad, []byte("data/index.html"))
	bad[i] = 'D'
	if err := os.WriteFile(out+".bad", bad, 0o600); err != nil {
		t.Fatal(err)
	}
	o = command(t, "verify", out+".bad", "--json").want(t, exitIncomplete)
	if err := json.Unmarshal([]byte(o.stdout), &v); err != nil || v.Valid || len(v.Differences) == 0 {
		t.Errorf("%v %+v", err, v)
	}
	command(t, "verify", data).want(t, exitUsage)
	if err := os.WriteFile(out+".txt", []byte("no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "verify", out+".txt").want(t, exitIncomplete)

	held(t, data, false, forwardable())
	command(t, "package", "--folder", source, "--out", out+"3", "--data", data).want(t, exitDone)
	command(t, "verify", out+"3").want(t, exitDone)
}
