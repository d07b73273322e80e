package minutes

import (
	"strings"
	"time"
)

const (
	numHan  = `(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)`
	dayHan  = `(\d{1,2}|[一二三四五六七八九十]{1,3})`
	weekHan = `(?:周|星期|礼拜)`
	thisHan = `(下下个?|下个?|这个?|本|当)`
)

// phrasesHan are the Chinese forms.
var phrasesHan = []phrase{
	{re(`(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})[日号]?`), func(_ *Calendar, m []string, _ time.Time) (time.Time, bool) {
		return date(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	}},
	{re(`(今年|明年|来年|后年)?` + dayHan + `月(?:份)?` + dayHan + `[日号]`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		if m[1] != "" {
			return date(at.Year()+year(m[1]), atoi(m[2]), atoi(m[3]))
		}
		return coming(at, atoi(m[2]), atoi(m[3]))
	}},
	{re(`(下下个?|下个?|这个?|本)月` + dayHan + `[日号]`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		t := time.Date(at.Year(), at.Month()+time.Month(weeks(m[1])), 1, 0, 0, 0, 0, time.UTC)
		return date(t.Year(), int(t.Month()), atoi(m[2]))
	}},
	{re(dayHan + `[号日](?:之前|以前|前|截止|上午|下午)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return dayOfMonth(at, atoi(m[1]))
	}},
	{re(dayHan + `号`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) { return dayOfMonth(at, atoi(m[1])) }},
	// Weeks. 周末 is Saturday or Sunday, 下周 any of its days.
	{re(thisHan + `?` + weekHan + `([一二三四五六日天])`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, weeks(m[1]), min(strings.Index("一二三四五六日天", m[2])/3+1, 7), m[1] == "")
	}},
	{re(thisHan + weekHan + `底|` + thisHan + weekHan + `(?:之内|以内|内)|周底|(本|这|当|下)周结束`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return weekday(at, weeks(m[1]+m[2]+m[3]), 5, false)
	}},
	{form: re(`(?:` + thisHan + `)?` + weekHan + `末|` + thisHan + weekHan + `(?:初|中)?`)},
	// Months, quarters, years.
	{re(`(下下个?|下个?|这个?|本|当)?月(?:底|末)|(本|这个|当|下个?)月(?:之内|以内|内)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return monthEnd(at.Year(), at.Month()+time.Month(weeks(m[1]+m[2]))), true
	}},
	{re(`(今年|明年|来年)?` + dayHan + `月(?:份)?(?:底|末)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		if m[1] != "" && atoi(m[2]) <= 12 {
			return monthEnd(at.Year()+year(m[1]), time.Month(atoi(m[2]))), true
		}
		return comingEnd(at, atoi(m[2]))
	}},
	{re(dayHan + `月(?:份)?(?:之前|以前|前)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		t, ok := comingEnd(at, (atoi(m[1])+10)%12+1)
		return t, ok && atoi(m[1]) <= 12
	}},
	{form: re(`(?:` + dayHan + `|本|下个?|这个)月(?:份)?(?:初|中旬?|上旬|下旬)|下下个?月|下个?月(?:份)?|月[初中]|(?:今年|明年|来年)` + dayHan + `月(?:份)?`)},
	{re(`(?:(本|这个?|当|下个?)季度?|季度)(?:末|底|结束)|(本|这个?|下个?)季度(?:之内|以内|内)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return quarterEnd(at, weeks(m[1]+m[2])), true
	}},
	{re(`(今年|明年)?(?:第)?(?:q([1-4])|([一二三四])季度)(?:末|底|结束|之?内|以内)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		q := atoi(m[2] + m[3])
		if m[1] != "" {
			return monthEnd(at.Year()+year(m[1]), time.Month(3*q)), true
		}
		return comingEnd(at, 3*q)
	}},
	{form: re(`(?:下个?|本)?季度初?|(?:第)?(?:q[1-4]|[一二三四]季度)`)},
	{re(`(?:今年)?上半年(?:之内|以内|内|末|结束)?`), func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) {
		return comingEnd(at, 6)
	}},
	{re(`(今年|本年|明年)?年?(?:底|末)(?:之前|以前|前)|(今年|本年|明年)年?(?:底|末)|年底|年末|年内|(今年|明年)(?:之内|以内|内)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return date(at.Year()+year(m[1]+m[2]+m[3]), 12, 31)
	}},
	{form: re(`下半年|明年(?:年初|初|上半年|下半年)?|年初|年中`)},
	// Days.
	{form: re(`这几天|这两天|过几天|几天(?:之?内|后)|过两天|[两二三四五六七八九][三四五六七八九](?:天|个?工作日|周|个月)(?:之内|以内|内|后|之后)?`)},
	{re(`大后天`), days(3)},
	{re(`后天`), days(2)},
	{re(`明天|明日|明早|明晚`), days(1)},
	{re(`今天|今日|今晚|当天|下班(?:之前|以前|前)`), days(0)},
	{re(numHan + `个?工作日(?:之内|以内|内|后|之后|以后)`), func(c *Calendar, m []string, at time.Time) (time.Time, bool) {
		n := atoi(m[1])
		return c.workdays(at, n), n > 0
	}},
	{re(numHan + `(?:天|日)(?:之内|以内|内|后|之后|以后)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return at.AddDate(0, 0, atoi(m[1])), m[1] != "半"
	}},
	{re(numHan + `个?` + weekHan + `(?:之内|以内|内|后|之后|以后)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return at.AddDate(0, 0, 7*atoi(m[1])), m[1] != "半"
	}},
	{re(numHan + `个?月(?:之内|以内|内|后|之后|以后)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		if m[1] == "半" {
			return at.AddDate(0, 0, 15), true
		}
		return addMonths(at, atoi(m[1])), true
	}},
	{re(`半年(?:之内|以内|内|后|之后|以后)`), func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) { return addMonths(at, 6), true }},
	// Holidays: before is the last working day before them, after the first one after.
	{re(`(春节|过年|年)(?:之前|以前|前)`), beforeHoliday("春节")},
	{re(`(春节|过年|年)(?:之后|以后|后)`), afterHoliday("春节")},
	{re(`(国庆|十一|五一|劳动节|元旦|中秋|端午|清明)(?:节|假期|长假|放假)?(?:之前|以前|前)`), func(c *Calendar, m []string, at time.Time) (time.Time, bool) {
		return beforeHoliday(m[1])(c, m, at)
	}},
	{re(`(国庆|十一|五一|劳动节|元旦|中秋|端午|清明)(?:节|假期|长假|放假)?(?:结束)?(?:之后|以后|后)`), func(c *Calendar, m []string, at time.Time) (time.Time, bool) {
		return afterHoliday(m[1])(c, m, at)
	}},
	{form: re(`(?:国庆|五一|春节|元旦|中秋|端午|清明)(?:期间|假期|长假)|节[前后]|放假[前后]|假期[前后]|长假[前后]`)},
	{re(`(?:农历|阴历)?(正|腊|冬)月(初[一二三四五六七八九十]|[一二三四五六七八九十廿]{1,3})|(?:农历|阴历)([一二三四五六七八九十]{1,2})月(初[一二三四五六七八九十]|[一二三四五六七八九十廿]{1,3})`),
		func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
			return comingLunar(at, atoi(m[1]+m[3]), atoi(m[2]+m[4]))
		}},
	{re(`除夕|大年三十|年三十`), func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) { return comingLunar(at, 12, 30) }},
	{re(`大年初(一|二|三|四|五|六|七|八|九|十)`), func(_ *Calendar, m []string, at time.Time) (time.Time, bool) {
		return comingLunar(at, 1, atoi(m[1]))
	}},
	{re(`元宵节?`), func(_ *Calendar, _ []string, at time.Time) (time.Time, bool) { return comingLunar(at, 1, 15) }},
	// Named, and open.
	{form: re(`尽快|尽早|近期|近日|回头|马上|立即|立刻|随后|到时候`)},
}

// year is how many years on a word for a year lies.
func year(s string) int {
	switch {
	case strings.HasPrefix(s, "明年"), strings.HasPrefix(s, "来年"):
		return 1
	case strings.HasPrefix(s, "后年"):
		return 2
	}
	return 0
}

// weeks is how many weeks or months on 下 and 下下 lie.
func weeks(s string) int {
	switch {
	case strings.HasPrefix(s, "下下"):
		return 2
	case strings.HasPrefix(s, "下"):
		return 1
	}
	return 0
}

// called are other names of holidays.
var called = map[string]string{"十一": "国庆", "劳动节": "五一"}

func beforeHoliday(name string) func(*Calendar, []string, time.Time) (time.Time, bool) {
	return func(c *Calendar, _ []string, at time.Time) (time.Time, bool) {
		h, ok := c.holiday(or(called[name], name), at)
		if !ok {
			return at, false // its year is not in the table yet
		}
		day := c.workdays(h.from, -1)
		return day, !day.Before(at)
	}
}

func afterHoliday(name string) func(*Calendar, []string, time.Time) (time.Time, bool) {
	return func(c *Calendar, _ []string, at time.Time) (time.Time, bool) {
		h, ok := c.holiday(or(called[name], name), at)
		if !ok {
			return at, false
		}
		return c.workdays(h.to, 1), true
	}
}
