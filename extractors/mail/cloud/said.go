package cloud

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// size is a number with a unit, as these services write it: (1.25G, 350.6 MB.
var size = regexp.MustCompile(`(?i)(?:^|[^\w.])(\d{1,6}(?:[.,]\d{1,3})?)\s?(K|M|G|T|KB|MB|GB|TB|KiB|MiB|GiB|bytes|字节)(?:$|[^\w])`)

// sizeIn finds a size, as it is written.
func sizeIn(s string) string {
	m := size.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return m[1] + " " + m[2]
}

var (
	expiryWords = []string{"到期", "过期", "過期", "有效期", "失效", "有效时间", "保存至", "expire", "expiry", "valid until", "available until", "deleted on"}
	never       = regexp.MustCompile(`无限期|無限期|永久有效|永不过期|长期有效`)
	numeric     = regexp.MustCompile(`(20\d\d)\s?[-年/.]\s?(\d{1,2})\s?[-月/.]\s?(\d{1,2})日?(?:[ T]{0,2}(\d{1,2}):(\d\d))?`)
	english     = regexp.MustCompile(`(?i)(\d{1,2})(?:st|nd|rd|th)?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(20\d\d)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d)`)
	within      = regexp.MustCompile(`(?i)(?:有效期|有效时间)[：:为是]?\s?\d{1,3}\s?(?:天|日|小时|个月)|\d{1,3}\s?(?:天|日|小时)(?:后|内)(?:过期|有效|到期|失效)|expires? in \d{1,3} (?:days?|hours?)`)
)

// expiryIn finds the day on which a file goes.
func expiryIn(s string) string {
	if never.MatchString(s) {
		return "never"
	}
	lower := strings.ToLower(s)
	said := false
	for _, w := range expiryWords {
		if strings.Contains(lower, w) {
			said = true
			break
		}
	}
	if !said {
		return ""
	}
	if m := numeric.FindStringSubmatch(s); m != nil {
		day := pad(m[1], m[2], m[3])
		if _, err := time.Parse("2006-01-02", day); err != nil {
			return ""
		}
		if m[4] != "" {
			if h, _ := strconv.Atoi(m[4]); h < 24 {
				day += fmt.Sprintf("T%02d:%s", h, m[5])
			}
		}
		return day
	}
	if m := english.FindStringSubmatch(s); m != nil {
		day, month, year := m[1]+m[5], m[2]+m[4], m[3]+m[6]
		if t, err := time.Parse("2 Jan 2006", day+" "+strings.ToUpper(month[:1])+strings.ToLower(month[1:])+" "+year); err == nil {
			return t.Format("2006-01-02")
		}
	}
	return within.FindString(s)
}

func pad(year, month, day string) string {
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	return fmt.Sprintf("%s-%02d-%02d", year, m, d)
}
