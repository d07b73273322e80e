package mail

import (
	"strconv"
	"strings"
	"time"
)

// zones are the names of RFC 5322 4.3 and those seen beside them, in minutes.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "bst": 60, "cet": 60, "cest": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "aest": 600, "aedt": 660,
}

const months = "janfebmaraprmayjunjulaugsepoctnovdec"

// parseDate reads a date in any order of its parts: RFC 5322, asctime, ISO 8601,
// and Chinese (2023年8月15日 10:30). zoned is false when no zone is written.
//
// QUIRK: RFC 5322 3.3 knows one form. In the wild: no weekday or a localised one,
// two-digit and three-digit years, dots for colons, zones by name or as GMT+8.
func parseDate(s string) (t time.Time, zoned, ok bool) {
	s = stripComment(s)
	d := dateParts{month: -1, zone: -1 << 20}
	for _, token := range dateTokens(s) {
		if token != "" {
			d.take(token)
		}
	}
	if d.day == 0 || d.month < 0 || d.year == 0 || d.day > 31 || d.hour > 24 || d.minute > 59 || d.second > 61 {
		return t, false, false
	}
	if d.pm && d.hour < 12 {
		d.hour += 12
	}
	zone := time.UTC
	if d.zone != -1<<20 {
		if d.chinese {
			d.zone = 480
		}
		zone = time.FixedZone("", d.zone*60)
	}
	t = time.Date(d.year, time.Month(d.month+1), d.day, d.hour, d.minute, d.second, 0, zone)
	return t, d.zone != -1<<20, t.Year() >= 1970 && t.Year() < 2100 && t.Day() == d.day
}

type dateParts struct {
	year, month, day     int // month from 0
	hour, minute, second int
	zone                 int // minutes
	clock, pm, chinese   bool
}

// take places one token by its shape.
func (d *dateParts) take(s string) {
	n, err := 0, strconv.ErrSyntax
	if isDigit(s[0]) { // of a word Atoi makes an error that costs more than the rest
		n, err = strconv.Atoi(s)
	}
	switch {
	case strings.IndexByte(s, ':') > 0:
		if !d.clock {
			d.time(s)
			return
		}
	case (s[0] == '+' || s[0] == '-') && d.clock:
		d.offset(s)
	case err == nil && (len(s) == 4 || len(s) == 3) && d.year == 0 && n > 31:
		d.year = n
		if len(s) == 3 {
			d.year += 1900 // RFC 5322 4.3
		}
	case err == nil && len(s) <= 2 && d.day == 0:
		d.day = n
	case err == nil && len(s) <= 2 && d.month < 0 && n >= 1 && n <= 12 && d.year != 0:
		d.month = n - 1
	case err == nil && len(s) <= 2 && d.year == 0:
		d.year = n + 2000
		if n >= 50 {
			d.year = n + 1900
		}
	default:
		d.word(strings.ToLower(s))
	}
}

func (d *dateParts) word(s string) {
	switch s {
	case "pm", "下午", "晚上":
		d.pm = true
		return
	}
	if zone, ok := zones[s]; ok && (d.clock || s != "z") {
		if d.zone == -1<<20 {
			d.zone = zone
			// QUIRK: RFC 5322 4.3: CST is -0600; written by Java and ctime, with
			// the year behind it, it is China's.
			d.chinese = s == "cst" && d.year == 0
		}
		return
	}
	if (strings.HasPrefix(s, "gmt") || strings.HasPrefix(s, "utc")) && len(s) > 3 && d.clock {
		d.offset(s[3:])
		return
	}
	if len(s) >= 3 && d.month < 0 {
		if at := strings.Index(months, s[:3]); at >= 0 && at%3 == 0 {
			d.month = at / 3
		}
	}
}

func (d *dateParts) time(s string) {
	if at := strings.IndexAny(s, "+-"); at > 0 {
		defer d.offset(s[at:])
		s = s[:at]
	} else if z, ok := strings.CutSuffix(strings.ToLower(s), "z"); ok {
		s, d.zone = z, 0
	}
	parts := strings.Split(s, ":")
	to := []*int{&d.hour, &d.minute, &d.second}
	for i, p := range parts {
		if i == len(to) {
			break
		}
		p, _, _ = strings.Cut(p, ".")
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return
		}
		*to[i] = n
	}
	d.clock = true
}

// offset reads +0800, +08:00, +8.
func (d *dateParts) offset(s string) {
	if d.zone != -1<<20 || len(s) < 2 {
		return
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s[1:])
	n, err := strconv.Atoi(digits)
	if err != nil {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	minutes := n/100*60 + n%100
	if minutes > 15*60 {
		return
	}
	if s[0] == '-' {
		minutes = -minutes
	}
	d.zone = minutes
}

// dateTokens splits at blanks and commas, and takes 2023-08-15, 2023/8/15,
// 2023年8月15日 and 15-Aug-2023 apart, year first where it stands first.
func dateTokens(s string) []string {
	if len(s) > 200 {
		s = s[:200]
	}
	if strings.IndexFunc(s, wide) >= 0 {
		s = dateMarks.Replace(s)
	}
	out := make([]string, 0, 8)
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '，' || r == ';' || r == '"' }) {
		sep := strings.IndexAny(f, "-/.")
		if sep <= 0 || strings.IndexByte(f, ':') >= 0 && strings.IndexByte(f, 'T') < 0 || !isDigit(f[0]) {
			out = append(out, f)
			continue
		}
		f, clock, hasClock := strings.Cut(f, "T")
		parts := strings.FieldsFunc(f, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
		if len(parts) == 3 && len(parts[0]) == 4 {
			parts[1], parts[2] = parts[2], parts[1] // year, day, month
		} else if len(parts) == 3 && len(parts[2]) == 4 && isDigit(parts[1][0]) {
			if n, err := strconv.Atoi(parts[1]); err == nil && n > 12 {
				parts[0], parts[1] = parts[1], parts[0] // as Americans write it
			}
			parts[0], parts[1], parts[2] = parts[2], parts[0], parts[1]
		}
		out = append(out, parts...)
		if hasClock {
			out = append(out, clock)
		}
	}
	return out
}

var dateMarks = strings.NewReplacer("年", "-", "月", "-", "日", " ", "时", ":", "時", ":", "分", ":", "秒", " ", "：", ":", "上午", " ", "下午", " 下午 ", "晚上", " 晚上 ")

func wide(r rune) bool { return r >= 0x80 }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// formatDate writes RFC 3339 with the zone as it was written.
func formatDate(t time.Time) string { return t.Format(time.RFC3339) }
