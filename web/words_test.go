package web

import (
	"math"
	"testing"

	"guidang/extractors/document"
)

func TestPositions(t *testing.T) {
	t.Parallel()
	rows, one, start := [2]int{2, 40}, [2]int{7, 7}, 751.9
	for _, c := range []struct {
		p      document.Position
		zh, en string
	}{
		{document.Position{Page: 3}, "第 3 页", "Page 3"},
		{document.Position{Slide: 5}, "第 5 张幻灯片", "Slide 5"},
		{document.Position{Sheet: "合同", Rows: &rows}, "工作表 合同 第 2–40 行", "Sheet 合同, rows 2–40"},
		{document.Position{Sheet: "合同", Rows: &one}, "工作表 合同 第 7 行", "Sheet 合同, row 7"},
		{document.Position{Sheet: "合同"}, "工作表 合同", "Sheet 合同"},
		{document.Position{Start: &start}, "00:12:31", "00:12:31"},
		{document.Position{Line: 120}, "第 120 行", "Line 120"},
		{document.Position{Part: "body"}, "正文", "Body"},
		{document.Position{Part: "new"}, "new", "new"},
		{document.Position{}, "", ""},
	} {
		if zh, en := tongue(chinese).position(c.p), tongue(english).position(c.p); zh != c.zh || en != c.en {
			t.Errorf("%+v: %q, %q", c.p, zh, en)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "−1,234"} {
		if got := tongue(chinese).count(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for n, want := range map[int64]string{-1: "?", 0: "0 B", 1023: "1023 B", 1536: "1.5 KB", 9 << 20: "9.0 MB", 212 << 30: "212 GB", 5 << 50: "5120 TB"} {
		if got := sizeOf(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for n, want := range map[float64]string{0: "00:00:00", 3661.9: "01:01:01", -5: "00:00:00", math.NaN(): "00:00:00", math.Inf(1): "99:59:59"} {
		if got := clock(n); got != want {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
	for in, want := range map[string]string{"2024-09-03T10:15:00+08:00": "2024-09-03 10:15 +08:00", "2024-09-03T10:15:00Z": "2024-09-03 10:15 UTC", "2024-09-03": "2024-09-03", "2024-09-03T10:15": "2024-09-03 10:15", "": ""} {
		if got := when(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestSourceNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"邮箱": "邮箱", "/srv/archive/": "archive", `D:\资料\共享`: "共享", "/": "/", "": "", "a\u202eb": "a⟦202E⟧b"} {
		if got := sourceName(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
