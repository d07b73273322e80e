package minutes

import (
	"strings"
	"testing"
)

func TestICS(t *testing.T) {
	t.Parallel()
	day := "2026-12-04"
	s := ICS([]Task{{Action: Action{Text: "更新需求文档，" + strings.Repeat("发给大家; ", 12), Owner: "李娜", Due: &day, Evidence: []int{4}}, Title: "周会", Date: "2026-11-24T10:00:00Z", URL: "https://x/d/1#u4"},
		{Action: Action{Text: "没有日期"}}})
	for _, want := range []string{"DUE;VALUE=DATE:20261204\r\n", "DTSTAMP:20261124T000000Z", "SUMMARY:李娜: 更新需求文档", `\;`, "URL:https://x/d/1#u4", "END:VCALENDAR\r\n"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in %s", want, s)
		}
	}
	if strings.Contains(s, "没有日期") || strings.Count(s, "BEGIN:VTODO") != 1 {
		t.Error("an action without a day is in the calendar")
	}
	for line := range strings.SplitSeq(s, "\r\n") {
		if len(line) > 75 || !strings.HasPrefix(strings.ToValidUTF8(line, "?"), line) {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}
