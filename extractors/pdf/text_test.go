package pdf

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestTidy(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("本合同由甲乙双方签订", 2)
	tests := []struct{ name, in, want string }{
		{"line ends", "a\r\nb\rc", "a\nb\nc"},
		{"a broken word", "require\ufffe\r\nments", "requirements"},
		{"a full Chinese line goes on", long + "合\r\n同金额为三十五万元", long + "合同金额为三十五万元"},
		{"a sentence's end stays", long + "。\n第二条", long + "。\n第二条"},
		{"short cells stay", "甲方\n乙方\n" + long, "甲方\n乙方\n" + long},
		{"control characters", "a\x00b\x01", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tidy(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"D:20240305103000+08'00'": "2024-03-05T10:30:00+08:00",
		"D:20240305103000Z":       "2024-03-05T10:30:00Z",
		"D:20240305103000":        "2024-03-05",
		"20240305":                "2024-03-05",
		"D:20241305":              "",
		"D:00000101":              "",
		"2024年3月5日":               "",
		"":                        "",
	} {
		if got := date(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestRecode(t *testing.T) {
	t.Parallel()
	raw, _ := simplifiedchinese.GBK.NewEncoder().String("技术协议")
	var latin []rune
	for _, b := range []byte(raw) {
		latin = append(latin, rune(b))
	}
	for in, want := range map[string]string{string(latin): "技术协议", "Übersicht für Zürich": "Übersicht für Zürich", "合同": "合同", "plain": "plain"} {
		if got := recode(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	if got := ranges([]int{1, 2, 3, 7, 9, 10}); got != "1-3,7,9-10" {
		t.Error(got)
	}
}
