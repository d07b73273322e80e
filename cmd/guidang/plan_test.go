package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline"
)

// A plan counts what an ingest would meet, makes no data directory and changes
// nothing.
func TestPlan(t *testing.T) {
	t.Parallel()
	source := folder(t)
	var box strings.Builder
	link := "https://1drv.ms/w/s!AabbCCdd\n"
	for range 250 {
		box.WriteString("From a@example.com Mon Jan  2 15:04:05 2023\nFrom: a@example.com\nSubject: s\nDate: Mon, 02 Jan 2023 15:04:05 +0800\n\n需求变更已经确认。\n" + link + "\n")
		link = ""
	}
	wav := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x08\x00\x00\x00\x08\x00\x00\x00\x01\x00\x08\x00data\x80\x70\x00\x00" + strings.Repeat("\x80", 3600*8) // eight samples a second: an hour in 28,800 bytes
	for name, text := range map[string]string{"mail/inbox.mbox": box.String(), "会议.wav": wav, "2024-03-05 周会.wav": wav, "empty.docx": ""} {
		path := filepath.Join(source, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(t.TempDir(), "data")
	var p pipeline.Plan
	command(t, "plan", source, "--data", data, "--json", "--price-hour", "2").want(t, exitDone).decode(t, &p)
	if p.Files != 12 || p.ByKind["mail"].Files != 1 || p.ByKind["recording"].Files != 2 || p.ByKind["document"].Files != 2 || p.Skipped["office-temp"] != 1 {
		t.Errorf("%+v", p)
	}
	if p.Containers.Mails != 250 || p.Containers.Estimated {
		t.Errorf("mails: %+v", p.Containers)
	}
	if p.Cloud != (pipeline.PlannedCloud{Files: 1}) {
		t.Errorf("attachments that lie elsewhere: %+v", p.Cloud)
	}
	if p.Recordings.WithTranscript != 1 || math.Abs(p.Recordings.Hours-2) > 0.01 || math.Abs(p.Recordings.HoursToDo-1) > 0.01 {
		t.Errorf("recordings: %+v", p.Recordings)
	}
	if p.Troubles["empty"] != 1 || p.Troubles["corrupt"]+p.Troubles["truncated"] != 1 || p.Troubles["unsupported"] != 1 {
		t.Errorf("troubles: %v", p.Troubles)
	}
	if p.Estimate.Documents < 260 || p.Estimate.Disk < p.Bytes || p.Estimate.Money == nil || *p.Estimate.Money != 2 || p.Estimate.Free == 0 {
		t.Errorf("estimate: %+v", p.Estimate)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a plan made a data directory")
	}
	if o := command(t, "plan", source, "--data", data).want(t, exitDone); !strings.Contains(o.stdout, "250") || !strings.Contains(o.stdout, "1 attachments lie") && !strings.Contains(o.stdout, "1 个附件只存在云端") {
		t.Errorf("%s", o.stdout)
	}
	command(t, "plan", "--data", data).want(t, exitUsage)
	command(t, "plan", filepath.Join(source, "nothing"), "--data", data).want(t, exitFailed)
	command(t, "plan", source, "--seconds", "0").want(t, exitUsage)
}
