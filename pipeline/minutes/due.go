package minutes

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const number = `(\d{1,3}|[一二两三四五六七八九十]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a)`

const dayNames = `(monday|tuesday|wednesday|thursday|friday|saturday|sunday)`

// phrase is one form in which people name a day.
type phrase struct {
	form *regexp.Regexp
	day  func(m []string, at time.Time) (time.Time, bool)
}

// phrases are tried in order; the first that matches decides. Nothing here
// guesses: a form that leaves the day open answers false.
var phrases = []phrase{
	{re(`(20\d\d)[-年/](\d{1,2})[-月/](\d{1,2})[日号]?`), func(m []string, _ time.Time) (time.Time, bool) {
		return date(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	}},
	{re(`(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]`), func(m []string, at time.Time) (time.Time, bool) {
		return coming(at, atoi(m[1]), atoi(m[2]))
	}},
	{re(`(下下|下个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天])`), func(m []string, at time.Time) (time.Time, bool) {
		return weekday(at, weeks(m[1]), min(strings.Index("一二三四五六日天", m[2])/3+1, 7), m[1] == "")
	}},
	{re(`(下下|下个?|这个?|本)(?:周|星期)(?:末|底)|周末`), func(m []string, at time.Time) (time.Time, bool) {
		if m[1] == "" || strings.HasSuffix(m[0], "末") {
			return at, false // Saturday or Sunday
		}
		return weekday(at, weeks(m[1]), 5, false)
	}},
	{re(`(下个?|这个?|本)?月(?:底|末)`), func(m []string, at time.Time) (time.Time, bool) {
		return time.Date(at.Year(), at.Month()+1+time.Month(weeks(m[1])), 0, 0, 0, 0, 0, time.UTC), true
	}},
	{re(`年底|年末|end of (?:the |this )?year`), func(_ []string, at time.Time) (time.Time, bool) { return date(at.Year(), 12, 31) }},
	{re(`大后天`), days(3)}, {re(`后天|day after tomorrow`), days(2)}, {re(`明天|明日|明早|明晚|tomorrow`), days(1)},
	{re(`今天|今日|今晚|下班前|today|tonight|end of (?:the )?day|\beod\b`), days(0)},
	{re(number + `(?:个)?(?:天|日)(?:之?内|以内|后|之后)`), func(m []string, at time.Time) (time.Time, bool) { return at.AddDate(0, 0, atoi(m[1])), true }},
	{re(number + `个?(?:周|星期|礼拜)(?:之?内|以内|后|之后)`), func(m []string, at time.Time) (time.Time, bool) {
		return at.AddDate(0, 0, 7*atoi(m[1])), true
	}},
	{re(`(?:with)?in ` + number + ` (day|week)s?`), func(m []string, at time.Time) (time.Time, bool) {
		return at.AddDate(0, 0, atoi(m[1])*(1+6*b2i(strings.EqualFold(m[2], "week")))), true
	}},
	{re(`end of (next|this|the) (week|month)|\b(eow|eom)\b`), func(m []string, at time.Time) (time.Time, bool) {
		next := b2i(m[1] == "next")
		if m[2] == "week" || m[3] == "eow" {
			return weekday(at, next, 5, false)
		}
		return time.Date(at.Year(), at.Month()+1+time.Month(next), 0, 0, 0, 0, 0, time.UTC), true
	}},
	{re(`(next |this )?\b` + dayNames), func(m []string, at time.Time) (time.Time, bool) {
		n := strings.Index("mon tue wed thu fri sat sun", m[2][:3])/4 + 1
		if m[1] == "next " {
			return weekday(at, 1, n, false)
		}
		return weekday(at, 0, n, m[1] == "")
	}},
	{re(`(january|february|march|april|may|june|july|august|september|october|november|december) (\d{1,2})(?:st|nd|rd|th)?\b`), func(m []string, at time.Time) (time.Time, bool) {
		return coming(at, strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", m[1][:3])/3+1, atoi(m[2]))
	}},
	// Named, and open: the phrase is kept without a day.
	{re(`下个?月初?|下个?周|下个?星期|下季度|春节后|国庆后|节后|年后|尽快|近期|回头|next (?:week|month|quarter)|as soon as possible|\basap\b|\bsoon\b`), func(_ []string, at time.Time) (time.Time, bool) { return at, false }},
}

var before = regexp.MustCompile(`(?i)^(?:之前|以前|前|内)`)

// Due finds the day that a text names. phrase is empty when it names none;
// due is nil when the phrase leaves the day open, or the meeting has no date.
func Due(text, meeting string) (phrase string, due *string) {
	low := strings.ToLower(text)
	if len(low) != len(text) {
		low = text
	}
	at, err := time.Parse("2006-01-02", meeting[:min(len(meeting), 10)])
	for _, p := range phrases {
		m := p.form.FindStringSubmatchIndex(low)
		if m == nil {
			continue
		}
		groups := p.form.FindStringSubmatch(low)
		end := m[1] + len(before.FindString(text[m[1]:]))
		phrase = text[m[0]:end]
		if err != nil && !strings.HasPrefix(phrase, "20") {
			return phrase, nil
		}
		if day, ok := p.day(groups, at); ok {
			s := day.Format("2006-01-02")
			due = &s
		}
		return phrase, due
	}
	return "", nil
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

func days(n int) func([]string, time.Time) (time.Time, bool) {
	return func(_ []string, at time.Time) (time.Time, bool) { return at.AddDate(0, 0, n), true }
}

func weeks(s string) int {
	switch {
	case s == "下下":
		return 2
	case strings.HasPrefix(s, "下"):
		return 1
	}
	return 0
}

// weekday is day n (Monday is 1) of the week that lies some weeks on; a bare
// name means the next such day to come.
func weekday(at time.Time, weeks, n int, bare bool) (time.Time, bool) {
	day := at.AddDate(0, 0, n-(int(at.Weekday())+6)%7-1+7*weeks)
	if bare && day.Before(at) {
		day = day.AddDate(0, 0, 7)
	}
	return day, true
}

// coming is that day of this year, or of the next when it is long past.
func coming(at time.Time, month, day int) (time.Time, bool) {
	d, ok := date(at.Year(), month, day)
	if ok && at.Sub(d) > 183*24*time.Hour {
		return date(at.Year()+1, month, day)
	}
	return d, ok
}

func date(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d && int(t.Month()) == m
}

// atoi reads 12, 十二, 二十 and the English words to ten.
func atoi(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	for i, w := range strings.Fields("one two three four five six seven eight nine ten") {
		if s == w {
			return i + 1
		}
	}
	if s == "a" {
		return 1
	}
	n, digit := 0, 0
	for _, r := range s {
		switch r {
		case '十':
			n, digit = n+10*max(digit, 1), 0
		case '两':
			digit = 2
		default:
			digit = strings.Index("一二三四五六七八九", string(r))/3 + 1
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
