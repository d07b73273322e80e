package table

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                       "",
		"合同金额 350,000.00 元":      "合同金额 350,000.00 元",
		"=1+1":                   "'=1+1",
		"@SUM(A1)":               "'@SUM(A1)",
		"+8613800138000":         "'+8613800138000",
		"-5":                     "'-5",
		"\t=cmd|'/C calc'!A0":    " '=cmd|'/C calc'!A0",
		"a-b, c@d.com":           "a-b, c@d.com",
		"a;=cmd":                 "a;'=cmd",
		"a,\"=cmd":               "a,\"'=cmd",
		"first\n=second":         "first '=second",
		"＝1+1":                   "'＝1+1",
		"2024-03-05":             "2024-03-05",
		"PROJ-20250801_SRS_v2":   "PROJ-20250801_SRS_v2",
		" =1":                    " '=1",
		"a\x00=b":                "a=b",
		"项目－计划":                  "项目－计划",
		"张伟 <zhang@example.com>": "张伟 <zhang@example.com>",
	} {
		if got := Harmless(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What a person checks with grep: nothing that looks like the beginning of a
// formula after a separator or at the beginning of a line.
func FuzzHarmless(f *testing.F) {
	f.Add("=1", "a;\t@x")
	f.Add("\r\n+1", "\",\"=x")
	formula := regexp.MustCompile(`(?m)(^|[,;])"?[=+@-]`)
	f.Fuzz(func(t *testing.T, a, b string) {
		var out bytes.Buffer
		c, err := NewCSV(&out, "head", "more")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Row(a, b); err != nil {
			t.Fatal(err)
		}
		if err := c.Flush(); err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(out.String(), bom)
		if at := formula.FindString(text); at != "" {
			t.Errorf("%q stands in %q", at, text)
		}
		if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) != 2 || len(rows[1]) != 2 {
			t.Errorf("%q reads as %v, %v", text, rows, err)
		}
	})
}
