package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Tables open rightly in Excel, cannot make it compute, and say the same to
// programs exactly.
func TestExport(t *testing.T) {
	t.Parallel()
	data, source := ingested(t)
	evil := filepath.Join(source, "=cmd|' 合同.eml")
	if err := os.WriteFile(evil, []byte("From: \"=1+1;=2\" <a@example.com>\r\nSubject: @SUM(1);\t=HYPERLINK(\"http://x\")\r\nDate: Mon, 4 Mar 2024 09:00:00 +0800\r\n\r\n正文\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "ingest", source, "--data", data)
	all := command(t, "export", "--csv", "--data", data).want(t, exitDone).stdout
	if !strings.HasPrefix(all, "\uFEFF") {
		t.Error("Excel would not read this as UTF-8")
	}
	if at := regexp.MustCompile(`(?m)(^|[,;])"?[=+@-]`).FindString(all); at != "" {
		t.Errorf("%q stands in\n%s", at, all)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(all, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(command(t, "export", "--json", "--data", data).want(t, exitDone).stdout), "\n")
	if len(rows)-1 != len(lines) || len(lines) < 8 {
		t.Errorf("%d rows and %d lines", len(rows)-1, len(lines))
	}
	found := false
	for _, l := range lines {
		var r struct{ ID, Title, Kind, SHA256, Name string }
		if err := json.Unmarshal([]byte(l), &r); err != nil || len(r.SHA256) != 64 || len(r.ID) != 26 || r.Kind == "" {
			t.Errorf("%v: %s", err, l)
		}
		found = found || strings.HasPrefix(r.Title, "@SUM(1)") && r.Name == "=cmd|' 合同.eml"
	}
	if !found {
		t.Errorf("the exact title is not in\n%s", strings.Join(lines, "\n"))
	}
	mails := command(t, "export", "--kind", "mail", "--json", "--data", data).want(t, exitDone).stdout
	if strings.Count(mails, "\n") != 1 {
		t.Errorf("mails: %s", mails)
	}
	minutes := command(t, "export", "--kind", "minutes", "--json", "--data", data).want(t, exitDone).stdout
	if !strings.Contains(minutes, `"attendees":["张伟"`) || strings.Count(minutes, "\n") != 1 {
		t.Errorf("minutes: %s", minutes)
	}
	actions := command(t, "export", "--kind", "actions", "--data", data).want(t, exitDone).stdout
	if !strings.Contains(actions, "测试报告") || !strings.Contains(actions, "due") {
		t.Errorf("actions: %s", actions)
	}
	command(t, "export", "--kind", "nonsense", "--data", data).want(t, exitUsage)
	command(t, "export", "--csv", "--json", "--data", data).want(t, exitUsage)
	out := filepath.Join(t.TempDir(), "a.csv")
	held(t, data, false, forwardable())
	command(t, "export", "--out", out, "--data", data).want(t, exitDone)
	if text, err := os.ReadFile(out); err != nil || string(text) != all {
		t.Errorf("through the holder: %v\n%s", err, text)
	}
}
