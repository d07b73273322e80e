package biff

import "math"

// builtIn are the formats that a workbook does not write down ([MS-XLS] 2.4.126,
// ECMA-376 18.8.30), as a Chinese Excel shows them. Those from 27 to 58 exist in
// Chinese only. Short dates are shown so that year, month and day cannot be
// mistaken.
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
	5: `"¥"#,##0;"¥"-#,##0`, 6: `"¥"#,##0;"¥"-#,##0`, 7: `"¥"#,##0.00;"¥"-#,##0.00`, 8: `"¥"#,##0.00;"¥"-#,##0.00`,
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`,
	32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 34: `上午/下午h"时"mm"分"`, 35: `上午/下午h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`,
	37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
	41: "#,##0;-#,##0", 42: `"¥"#,##0;"¥"-#,##0`, 43: "#,##0.00;-#,##0.00", 44: `"¥"#,##0.00;"¥"-#,##0.00`,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`,
	55: `上午/下午h"时"mm"分"`, 56: `上午/下午h"时"mm"分"ss"秒"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// wholeDay is shown for a day without a time where the format is one of ambiguous.
const wholeDay = `yyyy"年"m"月"d"日"`

// ambiguous are built-in formats that are times in Chinese and dates in Japanese
// and Korean.
// QUIRK: ECMA-376 18.8.30 lets the number alone say both; a whole day has no time.
var ambiguous = map[int]bool{32: true, 33: true, 34: true, 35: true, 55: true, 56: true}

// Standard makes a number format ready that a newer workbook names by number:
// own is its text where the workbook writes it down.
func Standard(id int, own string) *Layout {
	if own != "" {
		return Compile(own)
	}
	l := Compile(builtIn[id])
	if ambiguous[id] {
		l.day = Compile(wholeDay)
	}
	return l
}

// Value shows a number, a whole day by the date alone where the format is
// ambiguous.
func (l *Layout) Value(f float64, epoch bool) string {
	if l.day != nil && f >= 1 && f == math.Trunc(f) {
		return l.day.Show(f, epoch)
	}
	return l.Show(f, epoch)
}
