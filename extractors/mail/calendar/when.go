package calendar

import (
	"strconv"
	"strings"
	"time"
)

// When is a time of an event: a day, a time in a zone, or a floating one that is
// local wherever it is read.
type When struct {
	Time     time.Time
	Day      bool   // a day without a time
	Floating bool   // no zone; Time holds the wall time as UTC
	Zone     string // as written, for people
}

// IsZero tells that there is no time.
func (w When) IsZero() bool { return w.Time.IsZero() }

// String is RFC 3339 with its zone, without one when floating, or the day.
func (w When) String() string {
	switch {
	case w.IsZero():
		return ""
	case w.Day:
		return w.Time.Format(time.DateOnly)
	case w.Floating:
		return w.Time.Format("2006-01-02T15:04:05")
	}
	return w.Time.Format(time.RFC3339)
}

// Date is what a document's date can hold: RFC 3339, or the day.
func (w When) Date() string {
	if w.Floating {
		return w.Time.Format(time.DateOnly)
	}
	return w.String()
}

// parseWhen reads DATE and DATE-TIME.
//
// QUIRK: RFC 5545 3.3.5 writes 20240305T140000 and no other way; dashes and
// colons, missing seconds and fractions are seen.
func parseWhen(value, tzid string, zones map[string]*zone) (When, bool) {
	value = strings.TrimSpace(value)
	utc := strings.HasSuffix(value, "Z") || strings.HasSuffix(value, "z")
	digits := make([]byte, 0, 14)
	for i := 0; i < len(value) && len(digits) < 14; i++ {
		if c := value[i]; c >= '0' && c <= '9' {
			digits = append(digits, c)
		} else if c == '.' || c == '+' {
			break
		}
	}
	if len(digits) != 8 && len(digits) != 12 && len(digits) != 14 {
		return When{}, false
	}
	part := func(from, to int) int {
		if to > len(digits) {
			return 0
		}
		n, _ := strconv.Atoi(string(digits[from:to]))
		return n
	}
	year, month, day := part(0, 4), part(4, 6), part(6, 8)
	hour, minute, second := part(8, 10), part(10, 12), part(12, 14)
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 || year < 1 {
		return When{}, false
	}
	wall := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	switch {
	case len(digits) == 8:
		return When{Time: wall, Day: true}, true
	case utc:
		return When{Time: wall}, true
	case tzid == "":
		return When{Time: wall, Floating: true}, true
	}
	if l := Zone(tzid); l != nil {
		return When{Time: time.Date(year, time.Month(month), day, hour, minute, second, 0, l), Zone: tzid}, true
	}
	if z := zones[tzid]; z != nil && len(z.list) > 0 {
		return When{Time: time.Date(year, time.Month(month), day, hour, minute, second, 0, time.FixedZone("", z.at(wall))), Zone: tzid}, true
	}
	return When{Time: wall, Floating: true, Zone: tzid}, true
}

// span is a DURATION of RFC 5545 3.3.6.
func span(s string) time.Duration {
	s = strings.ToUpper(strings.TrimSpace(s))
	back := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-P")
	var total time.Duration
	n := 0
	for i := range len(s) {
		c := s[i]
		unit := time.Duration(0)
		switch {
		case c >= '0' && c <= '9':
			n = min(n*10+int(c-'0'), 1_000_000)
			continue
		case c == 'W':
			unit = 7 * 24 * time.Hour
		case c == 'D':
			unit = 24 * time.Hour
		case c == 'H':
			unit = time.Hour
		case c == 'M':
			unit = time.Minute
		case c == 'S':
			unit = time.Second
		}
		total += time.Duration(min(n, 20_000)) * unit
		n = 0
	}
	if back {
		return -total
	}
	return total
}
