package biff

import (
	"math"
	"testing"
)

func TestLayouts(t *testing.T) {
	t.Parallel()
	const day = 45356.604861111 // 5 March 2024, 14:31
	tests := []struct {
		format string
		value  float64
		want   string
	}{
		{"", 350000, "350000"},
		{"", 13800138000, "13800138000"},
		{"", 0.1 + 0.2, "0.3"},
		{"", -1.5, "-1.5"},
		{"", 1.5e25, "1.5E+25"},
		{"", 123456789012345680, "123456789012346000"},
		{"General", 2.50, "2.5"},
		{"G/通用格式", 2.5, "2.5"},
		{`G/通用格式"元"`, 2.5, "2.5元"},
		{"@", 7, "7"},
		{"0", 2.5, "3"},
		{"0", -0.4, "0"},
		{"0.00", 1.005, "1.01"},
		{"0.00", 2, "2.00"},
		{"0.##", 2.5, "2.5"},
		{"#.##", 0.5, ".5"},
		{"0.0#", 3, "3.0"},
		{"00000", 42, "00042"},
		{"#,##0", 1234567, "1,234,567"},
		{"#,##0", 0, "0"},
		{"#,###", 0, ""},
		{"#,##0.00", 1200000.5, "1,200,000.50"},
		{"0,000", 7, "0,007"},
		{"#,##0,", 1234567, "1,235"},
		{`0.0,,"百万"`, 12345678, "12.3百万"},
		{`0!.0,"万"`, 123456, "12.3万"},
		{"0%", 0.256, "26%"},
		{"0.00%", -0.5, "-50.00%"},
		{"0.00E+00", 12345, "1.23E+04"},
		{"# ?/?", 2.25, "2 1/4"},
		{"# ??/??", 0.3333, "1/3"},
		{`"¥"#,##0.00;[Red]"¥"-#,##0.00`, -3, "¥-3.00"},
		{`[$￥-804]#,##0.00`, 88, "￥88.00"},
		{`_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ `, 5, "¥5.00"},
		{`_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ `, 0, "¥-"},
		{`#,##0_);\(#,##0\)`, -12, "(12)"},
		{"0;-0;;@", 0, ""},
		{";;;", 28, "28"}, // hidden, but found
		{";;;", -28, "-28"},
		{"[>=10000]0.0,\"千\";0", 25000, "25.0千"},
		{"[>=10000]0.0,\"千\";0", 25, "25"},
		{"[<1]0.00;[<=10]0.0;0", 5, "5.0"},
		{"[=1]\"是\";[=0]\"否\";General", 1, "是"},
		{"[=1]\"是\";[=0]\"否\";General", 0, "否"},
		{"[=1]\"是\";[=0]\"否\";General", 3, "3"},
		{"000-0000-0000", 13800138000, "138-0013-8000"},
		{`"NO."0000`, 17, "NO.0017"},
		{"[DBNum1][$-804]General", 12, "12"},

		{`yyyy"年"m"月"d"日"`, day, "2024年3月5日"},
		{`yyyy\年mm\月dd\日`, day, "2024年03月05日"},
		{"yyyy年m月d日", day, "2024年3月5日"},
		{`[DBNum1][$-804]yyyy"年"m"月"d"日"`, day, "2024年3月5日"},
		{"yyyy-mm-dd hh:mm:ss", day, "2024-03-05 14:31:00"},
		{"YYYY/MM/DD", day, "2024/03/05"},
		{"yy-m-d h:mm AM/PM", day, "24-3-5 2:31 PM"},
		{`上午/下午h"时"mm"分"`, day, "下午2时31分"},
		{"d-mmm-yy", day, "5-Mar-24"},
		{"mmmm d, yyyy", day, "March 5, 2024"},
		{"[$-804]mmmm", day, "三月"},
		{"aaaa", day, "星期二"},
		{"[$-804]ddd", day, "周二"},
		{"dddd", day, "Tuesday"},
		{"[$-F800]dddd, mmmm dd, yyyy", day, "2024年3月5日"},
		{"[$-404]e/m/d", day, "2024/3/5"},
		{"[$-411]ggge\"年\"m\"月\"d\"日\"", day, "2024年3月5日"},
		{"mm:ss", day, "31:00"},
		{"mm:ss.0", 0.5 + 36.96/86400, "00:37.0"},
		{"ss.000", 1.5 / 86400, "01.500"},
		{"[h]:mm", 1.5, "36:00"},
		{"[mm]:ss", 1.0 / 24, "60:00"},
		{"h:mm", 0.75, "18:00"},
		{"yyyy-mm-dd", 59, "1900-02-28"},
		{"yyyy-mm-dd", 61, "1900-03-01"},
		{"yyyy-mm-dd", 1, "1900-01-01"},
		{"yyyy-mm-dd", -1, "-1"},
		{"yyyy-mm-dd", 1e9, "1000000000"},
		{"yyyy-mm-dd;@", day, "2024-03-05"},
		{"[red]yyyy-mm-dd", day, "2024-03-05"},

		{"[", 5, "5"},
		{`"`, 5, "5"},
		{`\`, 5, "5"},
		{"[>]0", 5, "5"},
		{"0.", 5, "5"},
	}
	for _, tt := range tests {
		if got := Compile(tt.format).Show(tt.value, false); got != tt.want {
			t.Errorf("%q shows %v as %q, not %q", tt.format, tt.value, got, tt.want)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		for _, f := range []string{"", "0", "yyyy", "# ?/?", "0.00E+00"} {
			if got := Compile(f).Show(v, false); got != "#NUM!" {
				t.Errorf("%q shows %v as %q", f, v, got)
			}
		}
	}
}

// TestAmbiguous: a format of built-in number is a time in one country and a date in
// another.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	b := &Book{Version: 8, globals: globals{layouts: map[int]*Layout{}, xfs: []xf{{format: 55}}}}
	if got := b.number(45356, 0); got != "2024年3月5日" {
		t.Errorf("a day shows as %q", got)
	}
	if got := b.number(0.75, 0); got != "下午6时00分" {
		t.Errorf("a time shows as %q", got)
	}
}

func TestPlainHeader(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`&L&"宋体,常规"&12远航软件&C合同台账&R&D`: "远航软件 合同台账", "第 &P 页，共 &N 页": "", "A && B": "A & B", "&KFF0000红": "红", "&": "&", `&"`: "", "Page &P of &N": "",
	} {
		if got := PlainHeader(in); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}

func FuzzLayout(f *testing.F) {
	for _, s := range []string{`yyyy"年"m"月"`, "#,##0.00;[Red]-0", "# ??/??", "[h]:mm:ss.000", "0.00E+00", "[>=1]0,,;General"} {
		f.Add(s, 45356.6)
	}
	f.Fuzz(func(t *testing.T, format string, value float64) {
		l := Compile(format)
		if got := l.Show(value, false); len(got) > 64*maxFormat+400 {
			t.Fatalf("%d bytes", len(got))
		}
		l.Show(-value, true)
	})
}
