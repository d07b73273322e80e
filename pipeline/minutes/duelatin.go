package minutes

import (
	"strings"
	"time"
)

const (
	numLatin   = `(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|couple of|an?)`
	dayNames   = `(monday|tuesday|wednesday|thursday|friday|saturday|sunday)`
	shortDays  = `(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)`
	monthNames = `(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?`
	endOf      = `(?:the )?(?:end|close) of (?:the )?`
)

// phrasesLatin are the English forms; the text is in lower case.
var phrasesLatin = []phrase{
	{re(`(20\d\d)[-/](\d{1,2})[-/](\d{1,2})`), func(_ *Calendar, m []string, _ time.Time) (time.Time, bool) {
		return date(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	}},
	{re(`\b` + monthNames + ` (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return monthDay(at, m[1], m[2], m[3])
	}},
	{re(`\b(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ` + monthNames + `(?:,? (20\d\d))?`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return monthDay(at, m[2], m[1], m[3])
	}},
	{re(`\bthe (\d{1,2})(?:st|nd|rd|th)\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return dayOfMonth(at, atoi(m[1]))
	}},
	// Weeks. "next Friday" is that of the next week, as 下周五.
	{re(`\b(next |this |coming )?` + dayNames + `\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, b2i(m[1] == "next "), dayNumber(m[2]), m[1] != "next ")
	}},
	// Short names only after a word of time: sun, sat and mon are words too.
	{re(`\b(?:by|on|before|until|till|(next)|this) ` + shortDays + `\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, b2i(m[1] != ""), dayNumber(m[2]), m[1] == "")
	}},
	{re(`\b` + dayNames + ` (?:of )?next week\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, 1, dayNumber(m[1]), false)
	}},
	{re(`\b` + numLatin + ` weeks? from ` + dayNames + `\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		t, ok := weekday(at, 0, dayNumber(m[2]), true)
		return t.AddDate(0, 0, 7*atoi(m[1])), ok
	}},
	{re(`\b` + endOf + `(next |this |coming )?(?:work(?:ing)? )?week\b|\b(eow)\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, b2i(m[1] == "next "), 5, false)
	}},
	{form: re(`\b(?:early|mid|later?|sometime|some time) (?:in )?(?:next|this) (?:week|month|quarter|year)|\b(?:next|this|coming) (?:week|month|quarter|year)\b|\b(?:the|this|next) weekend\b|\bweekend\b`)},
	// Months, quarters, years.
	{re(`\b` + endOf + `(next |this )?month\b|\b(eom)\b|\bmonth[- ]end\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return monthEnd(at.Year(), at.Month()+time.Month(b2i(m[1] == "next "))), true
	}},
	{re(`\b(?:` + endOf + `|late )` + monthNames + `(?: (20\d\d))?`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		if strings.HasPrefix(m[0], "late ") {
			return at, false
		}
		if m[2] != "" {
			return monthEnd(atoi(m[2]), time.Month(monthNumber(m[1]))), true
		}
		return comingEnd(at, monthNumber(m[1]))
	}},
	{form: re(`\b(?:early|mid|late|in|by|before)[- ]` + monthNames)},
	{re(`\b` + endOf + `(next |this )?quarter\b|\b(eoq)\b|\bquarter[- ]end\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return quarterEnd(at, b2i(m[1] == "next ")), true
	}},
	{re(`\b` + endOf + `q([1-4])\b|\bq([1-4])[- ]end\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return comingEnd(at, 3*atoi(m[1]+m[2]))
	}},
	{form: re(`\b(?:in |by |during )?q[1-4]\b`)},
	{re(`\b` + endOf + `(next |this )?year\b|\b(eoy)\b|\byear[- ]end\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return date(at.Year()+b2i(m[1] == "next "), 12, 31)
	}},
	{re(`\bchristmas eve\b`), func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) { return coming(at, 12, 24) }},
	{re(`\b(before )?christmas\b`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return coming(at, 12, 25-b2i(m[1] != ""))
	}},
	{form: re(`\b(?:after|over|around) christmas\b|\b(?:before|after|by|around|over) (?:easter|thanksgiving|new year'?s?|chinese new year|spring festival|the holidays?|summer)\b`)},
	{re(`\bbefore (?:the )?(?:chinese new year|spring festival)\b`), beforeHoliday("春节")},
	{re(`\bafter (?:the )?(?:chinese new year|spring festival)\b`), afterHoliday("春节")},
	{re(`\bbefore (?:the )?national day\b`), beforeHoliday("国庆")},
	{re(`\bafter (?:the )?national day\b`), afterHoliday("国庆")},
	// Days.
	{re(`\b(?:the )?day after tomorrow\b`), days(2)},
	{re(`\btomorrow\b`), days(1)},
	{re(`\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b|\b(?:the )?(?:end|close) of (?:the |this )?(?:business day|business|day)\b|\beod\b|\bcob\b`), days(0)},
	{re(`\b(?:with)?in (?:the next )?` + numLatin + ` (?:business|working|work) days?\b|\b` + numLatin + ` (?:business|working|work) days? from (?:now|today)\b`),
		func(c *Calendar, m []string, at time.Time) (time.Time, bool) {
			return c.workdays(at, atoi(m[1]+m[2])), true
		}},
	{re(`\b(?:with)?in (?:the next )?` + numLatin + ` (day|week|month|fortnight)s?\b|\b` + numLatin + ` (day|week|month|fortnight)s? from (?:now|today)\b`),
		func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
			n := atoi(m[1] + m[3])
			switch m[2] + m[4] {
			case "month":
				return addMonths(at, n), true
			case "week":
				n *= 7
			case "fortnight":
				n *= 14
			}
			return at.AddDate(0, 0, n), true
		}},
	{form: re(`\b(?:with)?in (?:a few|several|some|\w+ (?:or|to) \w+) (?:business |working )?(?:days|weeks|months)\b`)},
	// Named, and open.
	{form: re(`\bas soon as possible\b|\basap\b|\bsoon(?:ish)?\b|\bshortly\b|\bright away\b|\bimmediately\b`)},
}

func monthDay(at time.Time, month, day, year string) (time.Time, bool) {
	if year != "" {
		return date(atoi(year), monthNumber(month), atoi(day))
	}
	return coming(at, monthNumber(month), atoi(day))
}

func monthNumber(s string) int {
	return strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", s[:3])/3 + 1
}

func dayNumber(s string) int { return strings.Index("montuewedthufrisatsun", s[:3])/3 + 1 }
