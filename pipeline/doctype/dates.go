package doctype

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const months = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`

// dateForm reads 2025 年 7 月 25 日, 2025-07-25, 2025/7/25, 2025.7.25, 20250725,
// 二〇二五年七月二十五日, 25 July 2025, July 25, 2025 and 25-Jul-2025.
var dateForm = regexp.MustCompile(
	`((?:19|20)\d\d) ?(?:年|[-/.]) ?(\d{1,2}) ?(?:月|[-/.]) ?(\d{1,2})(?: ?[日号])?` +
		`|\b((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\b` +
		`|([〇零一二三四五六七八九]{4}) ?年 ?([一二三四五六七八九十]{1,3}) ?月 ?([一二三四五六七八九十]{1,3}) ?[日号]` +
		`|(\d{1,2})(?:st|nd|rd|th)?(?: |-| day of )(` + months + `)[ ,-]+((?:19|20)\d\d)` +
		`|(` + months + `) (\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\d\d)`)

// day is a date as it was read.
type day struct {
	time     time.Time
	from, to int
}

func (d day) String() string { return d.time.Format(time.DateOnly) }

// dateIn finds the first date of a folded text.
func dateIn(s string) (day, bool) {
	all := datesIn(s, 1)
	if len(all) == 0 {
		return day{}, false
	}
	return all[0], true
}

// DateIn finds the first date of a text.
func DateIn(text string) (time.Time, bool) {
	folded, _ := fold(text)
	d, ok := dateIn(folded)
	return d.time, ok
}

// datesIn finds the dates of a folded text, at most n.
func datesIn(s string, n int) (out []day) {
	for _, m := range dateForm.FindAllStringSubmatchIndex(s, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		var y, mo, d int
		switch {
		case group(1) != "":
			y, mo, d = number(group(1)), number(group(2)), number(group(3))
		case group(4) != "":
			y, mo, d = number(group(4)), number(group(5)), number(group(6))
		case group(7) != "":
			y, mo, d = hanInt(group(7)), hanInt(group(8)), hanInt(group(9))
		case group(10) != "":
			d, mo, y = number(group(10)), month(group(11)), number(group(12))
		default:
			mo, d, y = month(group(13)), number(group(14)), number(group(15))
		}
		t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
		if mo < 1 || mo > 12 || t.Day() != d || d == 0 {
			continue
		}
		if out = append(out, day{t, m[0], m[1]}); len(out) == n {
			break
		}
	}
	return out
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func hanInt(s string) int {
	n, ok := hanNumber(s)
	if !ok { // 十五 is read, and so is 一二 as a month's or a day's digits
		n = 0
		for _, r := range s {
			d, _ := hanNumber(string(r))
			n = n*10 + d
		}
	}
	return int(n)
}

func month(s string) int {
	return strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", s[:3])/3 + 1
}

// period is from when to when something holds.
type period struct{ from, to day }

var (
	lengthForm = regexp.MustCompile(`(?:为期|期限为?|有效期为?|服务期为?|期间为?|period of|term of|for|一共|共)? ?([一二两三四五六七八九十]{1,3}|\d{1,3}|one|two|three|four|five|twelve|eighteen|twenty-four|thirty-six)(?: \(\d{1,2}\))?[ -]?(个?月|年|months?|years?)`)
)

// spell is how long something holds, in months.
func spell(s string) (monthsLong int, ok bool) {
	m := lengthForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n := number(m[1])
	if n == 0 {
		n = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "twelve": 12, "eighteen": 18, "twenty-four": 24, "thirty-six": 36}[m[1]]
	}
	if n == 0 {
		n = hanInt(m[1])
	}
	if m[2] == "年" || strings.HasPrefix(m[2], "year") {
		n *= 12
	}
	return n, n > 0 && n <= 240
}

// periodIn reads the first two dates of a text that are joined to a period.
func periodIn(s string) (period, bool) {
	all := datesIn(s, 2)
	if len(all) < 2 {
		return period{}, false
	}
	joined := s[all[0].to:all[1].from]
	if len(joined) > 40 || !strings.ContainsAny(joined, "至到-~止") && !strings.Contains(joined, " to ") && !strings.Contains(joined, "until") && !strings.Contains(joined, "through") && !strings.Contains(joined, " and ") {
		return period{}, false
	}
	return period{all[0], all[1]}, !all[1].time.Before(all[0].time)
}
