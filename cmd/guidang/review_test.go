package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline/review"
)

// A review is printed, written and confirmed, alone and through the holder.
func TestReviewCommand(t *testing.T) {
	t.Parallel()
	data, _ := ingested(t)
	var r review.Report
	command(t, "review", "--quarter", "2024Q1", "--data", data, "--json").want(t, exitDone).decode(t, &r)
	if r.Quarter != "2024Q1" || r.Open == 0 || len(r.Findings) != r.Open {
		t.Fatalf("%+v", r)
	}
	id := r.Findings[0].ID
	text := command(t, "review", "--quarter", "2024q1", "--data", data).want(t, exitDone).stdout
	if !strings.Contains(text, id) || !strings.Contains(text, "2024Q1") {
		t.Errorf("%s", text)
	}
	for _, form := range []string{".html", ".xlsx"} {
		out := filepath.Join(t.TempDir(), "r"+form)
		command(t, "review", "--quarter", "2024Q1", "--out", out, "--data", data).want(t, exitDone)
		if b, err := os.ReadFile(out); err != nil || len(b) < 1000 {
			t.Errorf("%s: %d bytes, %v", form, len(b), err)
		}
	}
	command(t, "review", "--out", "r.pdf", "--data", data).want(t, exitUsage)
	command(t, "review", "--quarter", "spring", "--data", data).want(t, exitUsage)
	command(t, "review", "--confirm", id, "--data", data).want(t, exitUsage) // by whom?
	command(t, "review", "--confirm", id, "--as", "whatever", "--who", "x", "--data", data).want(t, exitUsage)
	command(t, "review", "--confirm", "nonsense", "--who", "何嘉", "--data", data).want(t, exitFailed)

	held(t, data, true, forwardable())
	command(t, "review", "--quarter", "2024Q1", "--confirm", id, "--as", "not-applicable", "--who", "何嘉", "--note", "不归我们", "--data", data, "--json").want(t, exitDone).decode(t, &r)
	if c := r.Findings[0].Confirmed; c == nil || c.Who != "何嘉" || c.Note != "不归我们" || c.Decision != review.NotApplicable {
		t.Errorf("%+v", r.Findings[0])
	}
}
