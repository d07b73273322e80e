package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // readers run where no file of the system can be opened
)

// offsets finds +08:00 in the names that carry their offset: (UTC+08:00) 北京,
// 重庆…, GMT +0800, Customized Time Zone (GMT+8).
var offsets = regexp.MustCompile(`(?i)(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?`)

// Zone finds a time zone by an IANA name, a Windows name, or a name that carries
// its offset. It returns nil when the name says nothing.
//
// QUIRK: RFC 5545 3.2.19 lets TZID be any text that a VTIMEZONE defines; Exchange
// writes Windows names, often without one (13 of 52 invitations).
func Zone(name string) *time.Location {
	name = strings.TrimSpace(strings.Trim(strings.TrimSpace(name), `"`))
	if name == "" || len(name) > 200 {
		return nil
	}
	if iana, ok := windowsZones[strings.ToLower(name)]; ok {
		if l, err := time.LoadLocation(iana); err == nil {
			return l
		}
	}
	// RFC 5545 3.2.19: a leading slash marks a name of a global registry; Mozilla's
	// are /mozilla.org/20050126_1/Asia/Shanghai.
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(3, len(parts)); n >= 1; n-- {
		iana := strings.ReplaceAll(strings.Join(parts[len(parts)-n:], "/"), " ", "_")
		if n == 1 && len(parts) > 1 || strings.EqualFold(iana, "local") || strings.Contains(iana, "..") {
			continue
		}
		if l, err := time.LoadLocation(iana); err == nil {
			return l
		}
	}
	if m := offsets.FindStringSubmatch(name); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		if hours > 15 || minutes > 59 {
			return nil
		}
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone("", seconds)
	}
	return nil
}

// observance is a STANDARD or DAYLIGHT of a VTIMEZONE.
type observance struct {
	start  time.Time // wall time, kept as UTC
	offset int       // seconds, TZOFFSETTO
	from   int       // TZOFFSETFROM
	month  time.Month
	week   int // of BYDAY: 1 to 5, -1 is the last
	day    time.Weekday
	yearly bool
}

// zone is a VTIMEZONE, used when its name says nothing.
type zone struct{ list []observance }

// at gives the offset in force at a wall time. The rules of real zones are yearly
// by weekday; others count from their start on.
func (z *zone) at(wall time.Time) int {
	best, offset := time.Time{}, 0
	found := false
	for _, o := range z.list {
		for year := wall.Year() - 1; year <= wall.Year(); year++ {
			on := o.onset(year)
			if on.After(wall) || found && on.Before(best) {
				continue
			}
			best, offset, found = on, o.offset, true
		}
	}
	if !found && len(z.list) > 0 {
		return z.list[0].from
	}
	return offset
}

// onset is when the observance begins in a year.
func (o *observance) onset(year int) time.Time {
	if !o.yearly || year < o.start.Year() {
		return o.start
	}
	h, m, s := o.start.Clock()
	if o.week == 0 {
		return time.Date(year, o.start.Month(), o.start.Day(), h, m, s, 0, time.UTC)
	}
	if o.week > 0 {
		first := time.Date(year, o.month, 1, h, m, s, 0, time.UTC)
		skip := (int(o.day) - int(first.Weekday()) + 7) % 7
		return first.AddDate(0, 0, skip+7*(o.week-1))
	}
	last := time.Date(year, o.month+1, 0, h, m, s, 0, time.UTC)
	skip := (int(last.Weekday()) - int(o.day) + 7) % 7
	return last.AddDate(0, 0, -skip+7*(o.week+1))
}

var weekdays = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule reads RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU.
func (o *observance) rule(s string) {
	o.month = o.start.Month()
	for part := range strings.SplitSeq(strings.ToUpper(s), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			o.yearly = value == "YEARLY"
		case "BYMONTH":
			if n, err := strconv.Atoi(value); err == nil && n >= 1 && n <= 12 {
				o.month = time.Month(n)
			}
		case "BYDAY":
			if len(value) < 2 {
				continue
			}
			day, ok := weekdays[value[len(value)-2:]]
			n, err := strconv.Atoi(value[:len(value)-2])
			if ok && err == nil && n >= -5 && n <= 5 {
				o.day, o.week = day, n
			}
		}
	}
}

// parseOffset reads +0800 and +080000.
func parseOffset(s string) (seconds int, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(s[1:5])
	if err != nil || n/100 > 15 || n%100 > 59 {
		return 0, false
	}
	seconds = n/100*3600 + n%100*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
