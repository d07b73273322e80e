package index

import (
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"合同金额35万元":    "350000",
		"3.5 万元":      "35000",
		"3.55万":       "35500",
		"0.35万":       "3500",
		"1.2亿，另付 50万": "120000000 500000",
		"叁拾伍万元整":      "350000",
		"三十五万":        "350000",
		"参见一百零五页":     "105",
		"二〇二五年":       "2025",
		"十五人":         "15",
		"两千三百":        "2300",
		"一亿二千万":       "120000000",
		"壹佰贰拾万零伍佰元":   "1200500",
		"万一 三三两两 一二 七八 百五 千万": "",
		"3百万":               "3000000",
		"350000":            "",
		"2024年3月5日":         "20240305 202403 0305",
		"2024-03-05":        "20240305 202403 0305",
		"2024/3/5":          "20240305 202403 0305",
		"2024.12.31":        "20241231 202412 1231",
		"3月5号":              "0305",
		"12月31日":            "1231",
		"2月30日":             "",
		"2024-13-05":        "",
		"2024-03":           "",
		"1.2.3 10.20.30.40": "",
		"2024-03-055":       "",
		"123456789012345万":  "",
		"３５萬":               "350000",
		"2023年2月29日":        "0229",
	} {
		var got []string
		s := Normalise(in)
		for at := 0; ; {
			v, ok := nextValue(s, at)
			if !ok {
				break
			}
			got = v.tokens(got)
			at = v.to
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", in, strings.Join(got, " "), want)
		}
	}
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"35万", "三十五万", "2024年3月5日", "2024-3-5", "1.2亿", "二〇二五", "3.", "9999999999999999999亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s := Normalise(in)
		for at := 0; ; {
			v, ok := nextValue(s, at)
			if !ok {
				return
			}
			if v.from < at || v.to <= v.from || v.to > len(s) {
				t.Fatalf("%q: %d to %d of %d", s, v.from, v.to, len(s))
			}
			for _, token := range v.tokens(nil) {
				if token == "" || strings.Trim(token, "0123456789") != "" || !v.is(token) {
					t.Fatalf("%q: token %q", s, token)
				}
			}
			at = v.to
		}
	})
}
