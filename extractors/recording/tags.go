package recording

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxTag is how many characters of a title or a name are kept.
const maxTag = 300

// tag keeps what a tag says and no earlier one did. A date without its day is none:
// the year of a song says nothing about a meeting.
func (s *sound) tag(title, by, date string) {
	if s.title == "" {
		s.title = tagText(title)
	}
	if s.by == "" {
		s.by = tagText(by)
	}
	day, clock := tagDate(date)
	switch {
	case day == "":
	case s.created == "", clock && !s.tagged:
		s.created, s.tagged = day, true
	case !s.tagged && apartDays(s.created, day):
		// A converter gives its own time to the container and carries the tags over.
		s.created, s.tagged = day, true
	}
}

// apartDays says whether a day is another one than that of a time, in any zone.
func apartDays(created, day string) bool {
	at, err := time.Parse(time.RFC3339, created)
	if err != nil {
		return true
	}
	d, err := time.Parse(time.DateOnly, day)
	return err == nil && (at.Sub(d) < -24*time.Hour || at.Sub(d) > 48*time.Hour)
}

func tagText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || r == '\ufeff' {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxTag {
		s = string(r[:maxTag])
	}
	return s
}

// tagDay is a date as tags have it: `2024-03-05`, `2024-03-05T10:30:00+0800`,
// `2024:03:05 10:30:00`, `20240305`, `2024/3/5 10:30`.
var tagDay = regexp.MustCompile(`^(\d{4})[-/.:]?(\d{1,2})[-/.:]?(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$`)

// tagDate is a date of a tag in the form of documents, and whether it has a time
// with its zone. A time without a zone may be of anywhere: its day is kept.
func tagDate(s string) (date string, clock bool) {
	m := tagDay.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	t := time.Date(num(m[1]), time.Month(num(m[2])), num(m[3]), num(m[4]), num(m[5]), num(m[6]), 0, time.UTC)
	if t.Year() != num(m[1]) || t.Year() < 1995 || t.Year() >= 2100 || int(t.Month()) != num(m[2]) || t.Day() != num(m[3]) {
		return "", false
	}
	switch zone := m[7]; zone {
	case "":
		return t.Format(time.DateOnly), false
	case "Z":
		return t.Format(time.RFC3339), true
	default:
		if len(zone) == 5 {
			zone = zone[:3] + ":" + zone[3:]
		}
		out := t.Format("2006-01-02T15:04:05") + zone
		if _, err := time.Parse(time.RFC3339, out); err != nil {
			return t.Format(time.DateOnly), false
		}
		return out, true
	}
}

// wide decodes UTF-16 to its first zero: by its mark, without one big-endian if
// big says so.
func wide(b []byte, big bool) string {
	if len(b) >= 2 {
		switch {
		case b[0] == 0xff && b[1] == 0xfe:
			b, big = b[2:], false
		case b[0] == 0xfe && b[1] == 0xff:
			b, big = b[2:], true
		}
	}
	var u []uint16
	for i := 0; i+1 < len(b); i += 2 {
		c := uint16(b[i+1])<<8 | uint16(b[i])
		if big {
			c = uint16(b[i])<<8 | uint16(b[i+1])
		}
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}
