package minutes

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// phrase is one form in which people name a day. A nil day leaves it open: the
// form is kept as it was said, without a date.
type phrase struct {
	form func() *regexp.Regexp
	day  func(c *Calendar, m []string, at time.Time) (time.Time, bool)
}

// after ends a phrase: 之前, 前 and 内 belong to what was said.
var after = re(`^(?:上午|下午|早上|晚上|中午|一早|晚|早)?(?:之前|以前|前|之内|以内|内|截止)?`)

// Due finds the day that a text names, with the built-in calendar.
func Due(text, meeting string) (phrase string, due *string) { return standard().Due(text, meeting) }

// Due finds the day that a text names. phrase is empty when it names none; due
// is nil when the phrase leaves the day open, or the meeting has no date. Of
// several the first counts, of several that begin at one place the longest.
func (c *Calendar) Due(text, meeting string) (phrase string, due *string) {
	low := strings.ToLower(text)
	if len(low) != len(text) { // İ and its like: then no English form is looked for in capitals
		low = text
	}
	at, err := time.Parse(time.DateOnly, meeting[:min(len(meeting), 10)])
	dated := err == nil
	table, latin := phrasesLatin, true
	if hanCount(text) > 0 {
		table, latin = phrasesHan, false
	}
	start, end := -1, -1
	var found []string
	var day func(*Calendar, []string, time.Time) (time.Time, bool)
	for i := range table {
		m := table[i].form().FindStringSubmatchIndex(low)
		if m == nil {
			continue
		}
		// One that overlaps and says more wins: "by Jan" of "by Jan 8".
		before := m[1] <= start || start < 0 || m[0] == start && m[1] > end || m[0] < start && m[1] >= end || latin && m[0] > start && m[0] < end && m[1] > end
		if !before {
			continue
		}
		start, end, day = m[0], m[1], table[i].day
		found = found[:0]
		for k := 0; k < len(m); k += 2 {
			if m[k] < 0 {
				found = append(found, "")
			} else {
				found = append(found, low[m[k]:m[k+1]])
			}
		}
	}
	if start < 0 {
		return "", nil
	}
	end += len(after().FindString(text[end:]))
	phrase = text[start:end]
	if past().MatchString(low[:start]) || strings.HasPrefix(phrase, "上") && !strings.HasPrefix(phrase, "上半年") || strings.HasPrefix(low[start:], "last ") {
		return "", nil // 上周五: a day that is over is no due date
	}
	if strings.HasPrefix(text[end:], "的") && (phrase == "年前" || phrase == "年后") {
		return "", nil // 年前的人
	}
	if yearsAgo().MatchString(low[:start]) && (strings.HasPrefix(phrase, "年前") || strings.HasPrefix(phrase, "年后")) {
		return "", nil // 10 年前, 去年前年
	}
	if span().MatchString(phrase) && sinceEvent().MatchString(low[:start]) {
		return phrase, nil // 验收后十天内: counted from a day that nobody has said
	}
	if repeated().MatchString(low[:start]) {
		return phrase, nil // 每周五: it has no one day
	}
	if day == nil || !dated && !fullDate().MatchString(phrase) {
		return phrase, nil
	}
	if t, ok := day(c, found, at); ok {
		s := t.Format(time.DateOnly)
		due = &s
	}
	return phrase, due
}

var (
	past     = re(`(?:上个?|上上个?|\blast |\bprevious )$`)
	repeated = re(`(?:每个?月?|每逢|\bevery |\beach )$`)
	yearsAgo = re(`[\d一二两三四五六七八九十百几多数去前今明半]\s*$`)
	// A span, and what it is counted from where that is no meeting: 签订后30日内, 自验收合格之日起十天内.
	span       = re(`(?:天|日|周|星期|礼拜|月|年)(?:之内|以内|内|后|之后|以后)$|^(?:within|in) .*(?:days?|weeks?|months?)$`)
	sinceEvent = re(`(?:[^会今日明天以此最之]之?后|[^会]以后|之日起|起)(?:的|，|,)?\s*$|(?:of|after) (?:receipt|delivery|signing|acceptance)$`)
	fullDate   = re(`20\d\d`)
)

func days(n int) func(*Calendar, []string, time.Time) (time.Time, bool) {
	return func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) { return at.AddDate(0, 0, n), true }
}

// weekday is day n (Monday is 1) of the week that lies some weeks on; a bare
// name means the next such day to come.
func weekday(at time.Time, weeks, n int, bare bool) (time.Time, bool) {
	day := at.AddDate(0, 0, n-(int(at.Weekday())+6)%7-1+7*weeks)
	if bare && day.Before(at) {
		day = day.AddDate(0, 0, 7)
	}
	return day, !day.Before(at)
}

// coming is that day of this year, or of the next when it is long past.
func coming(at time.Time, month, day int) (time.Time, bool) {
	d, ok := date(at.Year(), month, day)
	if ok && at.Sub(d) > 183*24*time.Hour {
		return date(at.Year()+1, month, day)
	}
	return d, ok
}

// monthEnd is the last day of a month, counted on from this year.
func monthEnd(year int, month time.Month) time.Time {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
}

// comingEnd is the last day of that month, of the next year when it is over.
func comingEnd(at time.Time, month int) (time.Time, bool) {
	if month < 1 || month > 12 {
		return at, false
	}
	end := monthEnd(at.Year(), time.Month(month))
	if end.Before(at) {
		end = monthEnd(at.Year()+1, time.Month(month))
	}
	return end, true
}

// quarterEnd is the last day of the quarter that lies some quarters on.
func quarterEnd(at time.Time, on int) time.Time {
	return monthEnd(at.Year(), time.Month((int(at.Month())-1)/3*3+3+3*on))
}

// dayOfMonth is that day of this month, or of the next when it is past.
func dayOfMonth(at time.Time, day int) (time.Time, bool) {
	for m := range 3 {
		d := time.Date(at.Year(), at.Month()+time.Month(m), day, 0, 0, 0, 0, time.UTC)
		if d.Day() == day && !d.Before(at) {
			return d, true
		}
	}
	return at, false
}

func date(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d && int(t.Month()) == m
}

// addMonths keeps the day within the month: a month after 31 January is its end.
func addMonths(at time.Time, n int) time.Time {
	t := at.AddDate(0, n, 0)
	if t.Day() != at.Day() {
		return t.AddDate(0, 0, -t.Day())
	}
	return t
}

// atoi reads 12, 十二, 二十, 廿三, 初五 and the English words to twelve.
func atoi(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	for i, w := range strings.Fields("one two three four five six seven eight nine ten eleven twelve") {
		if s == w {
			return i + 1
		}
	}
	switch s {
	case "a", "an":
		return 1
	case "a couple of", "couple of":
		return 2
	}
	n, digit := 0, 0
	for _, r := range s {
		switch r {
		case '十':
			n, digit = n+10*max(digit, 1), 0
		case '廿':
			n, digit = n+20, 0
		case '两':
			digit = 2
		case '冬':
			return 11
		case '腊':
			return 12
		case '正', '元':
			return 1
		case '初':
		default:
			if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
				digit = i/3 + 1
			}
		}
	}
	return n + digit
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
