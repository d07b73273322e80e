package minutes

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestDue(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/due.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "|")
		if len(f) != 4 || strings.HasPrefix(line, "#") {
			continue
		}
		n++
		meeting, text, want, wantPhrase := strings.TrimSpace(f[0]), strings.TrimSpace(f[1]), strings.TrimSpace(f[2]), strings.TrimSpace(f[3])
		phrase, due := Due(text, meeting)
		got := "-"
		if due != nil {
			got = *due
		}
		if phrase == "" {
			phrase = "none"
		}
		if got != want || phrase != wantPhrase {
			t.Errorf("%s at %s: %s as %q, want %s as %q", text, meeting, got, phrase, want, wantPhrase)
		}
	}
	if n < 150 {
		t.Errorf("only %d phrases", n)
	}
}

func TestCalendarFile(t *testing.T) {
	t.Parallel()
	c, err := NewCalendar(strings.NewReader("\ufeff# next year\n2027-02-05 2027-02-11 春节\n2027-02-13 work\n"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"年前": "2027-02-04", "年后": "2027-02-12"} {
		if _, due := c.Due(text, "2026-11-24"); due == nil || *due != want {
			t.Errorf("%s: %v, want %s", text, due, want)
		}
	}
	if day, _ := date(2027, 2, 13); !c.Workday(day) {
		t.Error("the Saturday that is worked is off")
	}
	if day, _ := date(2026, 10, 1); c.Workday(day) {
		t.Error("the file for 2027 took the holidays of 2026 away")
	}
	for _, bad := range []string{"2027-02-05", "tomorrow work", "2027-02-05 2027-02-01 春节", "2027-02-05 2027-02-06"} {
		if _, err := NewCalendar(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if len(standard().holidays) < 20 {
		t.Errorf("the built-in table has %d holidays", len(standard().holidays))
	}
}

// TestLunar holds the table against new years and feasts from a published calendar.
func TestLunar(t *testing.T) {
	t.Parallel()
	for want, l := range map[string][3]int{
		"2024-02-10": {2024, 1, 1}, "2024-09-17": {2024, 8, 15}, "2025-01-22": {2024, 12, 23}, "2025-10-06": {2025, 8, 15}, "2027-01-30": {2026, 12, 23},
		"2028-01-26": {2028, 1, 1}, "2033-09-08": {2033, 8, 15}, "2034-02-11": {2033, 12, 23}, "2040-09-20": {2040, 8, 15}, "2049-01-26": {2048, 12, 23},
	} {
		if got, ok := lunar(l[0], l[1], l[2]); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%v: %v, want %s", l, got, want)
		}
	}
	for _, l := range [][3]int{{2019, 1, 1}, {2050, 1, 1}, {2026, 13, 1}, {2026, 1, 31}} {
		if _, ok := lunar(l[0], l[1], l[2]); ok {
			t.Errorf("%v has a day", l)
		}
	}
}

func FuzzDue(f *testing.F) {
	f.Add("下周五之前", "2026-11-24")
	f.Add("İby the end of next quarter", "2026-11-24")
	f.Fuzz(func(t *testing.T, text, meeting string) {
		phrase, due := Due(text, meeting)
		if !strings.Contains(text, phrase) || phrase == "" && due != nil {
			t.Errorf("%q at %q: %q, %v", text, meeting, phrase, due)
		}
	})
}
