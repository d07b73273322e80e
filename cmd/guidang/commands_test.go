package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// One archive through its life, as a person would work with it.
func TestLifeOfAnArchive(t *testing.T) {
	t.Parallel()
	data, source := filepath.Join(t.TempDir(), "data"), folder(t)
	at := func(args ...string) outcome { return command(t, append(args, "--data", data)...) }

	// One document is damaged: it newly fails, and the next run is clean.
	first := at("ingest", source).want(t, exitIncomplete)
	for _, part := range []string{"Run 1 finished", "indexed", "duplicate", "quarantined", "The ledger closes"} {
		if !strings.Contains(first.stdout, part) {
			t.Errorf("the account lacks %q:\n%s", part, first.stdout)
		}
	}
	var account pipeline.Account
	at("ingest", source, "--once", "--json").want(t, exitDone).decode(t, &account)
	if !account.Closed || account.Found == 0 || account.States[ledger.Pending] != 0 {
		t.Errorf("%+v", account)
	}

	var status pipeline.Status
	at("status", "--json").want(t, exitDone).decode(t, &status)
	if status.Found != account.Found || !status.Closed || status.Index.Lag != 0 || status.LastRun == nil || status.LastRun.ID != 2 {
		t.Errorf("%+v", status)
	}
	if o := at("status").want(t, exitDone); !strings.Contains(o.stdout, "closes") {
		t.Errorf("%s", o.stdout)
	}

	var result index.Result
	at("search", "合同金额", "--json").want(t, exitDone).decode(t, &result)
	if result.Total == 0 || len(result.Hits) == 0 || !strings.Contains(result.Hits[0].Snippet, "<mark>") {
		t.Fatalf("%+v", result)
	}
	if o := at("search", "合同金额").want(t, exitDone); !strings.Contains(o.stdout, result.Hits[0].Document) || strings.Contains(o.stdout, "<mark>") {
		t.Errorf("%s", o.stdout)
	}
	if o := at("search", "noword").want(t, exitDone); !strings.Contains(o.stdout, "Nothing") {
		t.Errorf("%s", o.stdout)
	}
	if o := at("search", "合同", "--from", "1999", "--to", "1999").want(t, exitDone); !strings.Contains(o.stdout, "Nothing") {
		t.Errorf("%s", o.stdout)
	}

	id := result.Hits[0].Document
	var view pipeline.View
	at("show", id[:10], "--json").want(t, exitDone).decode(t, &view)
	if view.ID != id || len(view.Sections) == 0 || len(view.Occurrences) == 0 {
		t.Errorf("%+v", view)
	}
	if o := at("show", id).want(t, exitDone); !strings.Contains(o.stdout, view.Sections[0].Text[:12]) {
		t.Errorf("%s", o.stdout)
	}
	at("show", "zzzzzzzz").want(t, exitFailed)
	at("original", "zzzzzzzz").want(t, exitFailed)

	want, err := os.ReadFile(filepath.Join(source, "notes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if o := at("original", "notes.txt").want(t, exitDone); o.stdout != string(want) {
		t.Errorf("%q", o.stdout)
	}
	out := filepath.Join(t.TempDir(), "none", "x")
	if o := at("original", "notes.txt", "--out", out).want(t, exitFailed); !strings.Contains(o.stderr, filepath.Dir(out)) {
		t.Errorf("%s", o.stderr)
	}

	items := at("items", "--json", "--source", source).want(t, exitDone)
	if n := strings.Count(items.stdout, "\n"); int64(n) != account.Found {
		t.Errorf("%d items, %d were found", n, account.Found)
	}
	for line := range strings.Lines(items.stdout) {
		var v pipeline.ItemView
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Locator == "" {
			t.Errorf("%q: %v", line, err)
		}
	}
	failed := at("items", "--state", "quarantined").want(t, exitDone)
	if !strings.Contains(failed.stdout, "报价.docx") || !strings.Contains(failed.stdout, "(") {
		t.Errorf("%s", failed.stdout)
	}

	// What fails again has newly failed in this run.
	var retried struct {
		Retried int
		Outcome string
	}
	o := at("retry", "--state", "quarantined", "--json")
	o.decode(t, &retried)
	if retried.Retried == 0 || retried.Outcome != pipeline.Done || o.code != exitIncomplete && o.code != exitDone {
		t.Errorf("%+v, exit code %d", retried, o.code)
	}
	at("retry", "no such item").want(t, exitFailed)

	var r pipeline.Reconciliation
	at("reconcile", "--json").want(t, exitDone).decode(t, &r)
	if !r.Closed || differences(&r) != 0 || r.Store.Checked == 0 {
		t.Errorf("%+v", r)
	}
	before := at("dump").want(t, exitDone).stdout
	var rebuilt struct{ Documents int64 }
	at("reindex", "--json").want(t, exitDone).decode(t, &rebuilt)
	if rebuilt.Documents != status.Index.Documents {
		t.Errorf("%d documents were indexed anew, there were %d", rebuilt.Documents, status.Index.Documents)
	}
	if after := at("dump").want(t, exitDone).stdout; after != before || before == "" {
		t.Error("the dump changed")
	}
}

// A difference that is left is exit code 3; one that is healed is 0.
func TestReconcileDiffers(t *testing.T) {
	t.Parallel()
	data, source := ingested(t)
	if err := os.WriteFile(filepath.Join(source, "new.txt"), []byte("something new in the source\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := command(t, "reconcile", "--data", data).want(t, exitIncomplete)
	if !strings.Contains(o.stdout, "new.txt") || !strings.Contains(o.stderr, "--repair") {
		t.Errorf("%+v", o)
	}
	command(t, "reconcile", "--repair", "--data", data).want(t, exitDone)
	command(t, "reconcile", "--data", data).want(t, exitDone)
}

func TestInit(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "归档")
	o := command(t, "init", dir).want(t, exitDone)
	file := filepath.Join(dir, config.FileName)
	for _, part := range []string{file, filepath.Join(dir, "guidang-data")} {
		if !strings.Contains(o.stdout, part) {
			t.Errorf("%q is not named in %s", part, o.stdout)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != config.Example() {
		t.Fatal(err)
	}
	command(t, "config", "check", "--config", file).want(t, exitDone)
	command(t, "status", "--config", file).want(t, exitDone)
	if err := os.WriteFile(file, []byte("workers: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "init", dir).want(t, exitDone)
	if text, err := os.ReadFile(file); err != nil || string(text) != "workers: 3\n" {
		t.Errorf("init wrote over a settings file: %q, %v", text, err)
	}
}

func TestExtract(t *testing.T) {
	t.Parallel()
	source := folder(t)
	contract := filepath.Join(source, "合同", "合同说明.txt")
	o := command(t, "extract", contract, "--json").want(t, exitDone)
	var d document.Document
	o.decode(t, &d)
	if d.Read != document.Full || d.Locator != "合同说明.txt" || len(d.SHA256) != 64 || !strings.Contains(d.Sections[0].Text, "三十五万元") {
		t.Errorf("%+v", d)
	}
	text := command(t, "extract", contract, "--text").want(t, exitDone).stdout
	if strings.TrimSpace(text) != strings.TrimSpace(d.Sections[0].Text) {
		t.Errorf("%q", text)
	}
	if o := command(t, "extract", contract).want(t, exitDone); !strings.Contains(o.stdout, "read in full") {
		t.Errorf("%s", o.stdout)
	}
	o = command(t, "extract", filepath.Join(source, "drawing.dwg"), "--json").want(t, exitIncomplete)
	o.decode(t, &d)
	if d.Read != document.None || d.Reason != document.Unsupported {
		t.Errorf("%+v", d)
	}
}

func TestMinutes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	spoken := write("2024-03-05 周会.vtt", vtt)
	wav := "RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"
	recorded := write("2024-03-05 周会.wav", wav)
	alone := write("alone.wav", wav)
	notes := write("notes.md", "# Weekly\n\n- We decided to ship on 15 September.\n- Anna will send the report by Friday.\n")

	var m minutes.Minutes
	command(t, "minutes", spoken, "--offline", "--json").want(t, exitDone).decode(t, &m)
	if m.Title != "2024-03-05 周会" || m.Date != "2024-03-05" || m.Language != "zh" || m.Summary == "" || len(m.Attendees) != 2 {
		t.Errorf("%+v", m)
	}
	var beside minutes.Minutes
	command(t, "minutes", recorded, "--json").want(t, exitDone).decode(t, &beside)
	if beside.Summary != m.Summary {
		t.Errorf("the recording's minutes are not those of its transcript: %q, %q", beside.Summary, m.Summary)
	}
	if o := command(t, "minutes", alone).want(t, exitFailed); !strings.Contains(o.stderr, "transcribe") {
		t.Errorf("%s", o.stderr)
	}
	o := command(t, "minutes", notes, "--md").want(t, exitDone)
	if !strings.HasPrefix(o.stdout, "# ") || !strings.Contains(o.stdout, "15 September") {
		t.Errorf("%s", o.stdout)
	}
	word := filepath.Join(dir, "纪要.docx")
	command(t, "minutes", spoken, "--offline", "--docx", word).want(t, exitDone)
	var back minutes.Minutes // read as minutes, not summarised once more
	command(t, "minutes", word, "--json").want(t, exitDone).decode(t, &back)
	if back.MadeBy.Method != "import" || back.Date != m.Date || len(back.Attendees) != len(m.Attendees) {
		t.Errorf("%+v", back)
	}
	command(t, "minutes", spoken, "--docx", word, "--json").want(t, exitUsage)
	var short minutes.Minutes
	command(t, "minutes", spoken, "--json", "--summary-chars", "30").want(t, exitDone).decode(t, &short)
	if len(short.Summary) > len(m.Summary) {
		t.Errorf("%q is longer than %q", short.Summary, m.Summary)
	}
}

func TestConfigCheckTriesRules(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules, settings := filepath.Join(dir, "标签.yaml"), filepath.Join(dir, "guidang.yaml")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(settings, "terms:\n  tags: 标签.yaml\n")
	write(rules, "- tag: 发票\n  any: [开票]\n  not: [已开票]\n  examples:\n    yes: [请开票]\n    no: [已开票]\n")
	command(t, "config", "check", "--config", settings).want(t, exitDone)
	write(rules, "- tag: 发票\n  any: [开票]\n  examples:\n    no: [已开票]\n")
	if o := command(t, "config", "check", "--config", settings).want(t, exitUsage); !strings.Contains(o.stderr, "已开票") || !strings.Contains(o.stderr, "发票") {
		t.Errorf("%s", o.stderr)
	}
	write(rules, "- tag: 发票\n  words: [开票]\n")
	command(t, "config", "check", "--config", settings).want(t, exitUsage)
}

func TestTerms(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mail.txt")
	text := strings.Repeat("订单系统的批量导出功能属于需求变更，项目 PROJ-20250801 的合同金额为 35万元。批量导出暂不上线。\n", 3)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Terms []struct{ Term, Kind string }
	}
	command(t, "terms", path, "--json", "--top", "5").want(t, exitDone).decode(t, &got)
	if len(got.Terms) == 0 || len(got.Terms) > 5 {
		t.Errorf("%+v", got)
	}
	if o := command(t, "terms", path).want(t, exitDone); !strings.Contains(o.stdout, "PROJ-20250801") {
		t.Errorf("%s", o.stdout)
	}
	settings := filepath.Join(filepath.Dir(path), "guidang.yaml")
	for name, text := range map[string]string{settings: "terms:\n  glossary: 术语.txt\n", filepath.Join(filepath.Dir(path), "术语.txt"): "# 我们的词\n成批导出 = 批量导出\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if command(t, "terms", path, "--json", "--config", settings).want(t, exitDone).decode(t, &got); got.Terms[0].Term != "批量导出" {
		t.Errorf("with a glossary: %+v", got)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var b buildInfo
	command(t, "version", "--json").want(t, exitDone).decode(t, &b)
	if b.Version == "" || b.Go == "" || !strings.Contains(b.Platform, "/") {
		t.Errorf("%+v", b)
	}
	if o := command(t, "version").want(t, exitDone); !strings.HasPrefix(o.stdout, "guidang ") {
		t.Errorf("%q", o.stdout)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if o := command(t, "completion", shell).want(t, exitDone); !strings.Contains(o.stdout, "guidang") {
			t.Errorf("%s: %q", shell, o.stdout)
		}
	}
}

func TestChineseWords(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"LANG": "zh_CN.UTF-8"}
	data := filepath.Join(t.TempDir(), "data")
	o := commandIn(t, t.Context(), environ, "ingest", folder(t), "--data", data).want(t, exitIncomplete)
	for _, part := range []string{"批次 1 完成", "已索引", "隔离", "台账已轧平"} {
		if !strings.Contains(o.stdout, part) {
			t.Errorf("%q is not in\n%s", part, o.stdout)
		}
	}
	if o := commandIn(t, t.Context(), environ, "status", "--data", data+"x").want(t, exitNotInitialised); !strings.Contains(o.stderr, "还没有档案") {
		t.Errorf("%s", o.stderr)
	}
}
