package biff

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// lastDay is 31 December 9999, behind which Excel shows no dates.
const lastDay = 2958465

var (
	chineseMonths = []string{"一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"}
	chineseDays   = []string{"日", "一", "二", "三", "四", "五", "六"}
)

// moment gives the date of a day's number; its clock is rounded to the last part
// of a second that the format shows.
func moment(f float64, epoch bool, parts int) (time.Time, bool) {
	unit := math.Pow10(min(parts, 3))
	ticks := int64(math.Floor(f*86400*unit + 0.5))
	perDay := int64(86400 * unit)
	days, rest := ticks/perDay, ticks%perDay
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch:
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		// QUIRK: ECMA-376 18.17.4.1: 1900 counts as a leap year, so that the days
		// before March 1900 are one ahead.
		from = from.AddDate(0, 0, 1)
	}
	if days < 0 || days > lastDay {
		return time.Time{}, false
	}
	return from.AddDate(0, 0, int(days)).Add(time.Duration(rest) * time.Duration(float64(time.Second)/unit)), true
}

// showDate writes a date or time; ok is false for a number that is none.
func (s *section) showDate(f float64, epoch bool) (text string, ok bool) {
	if f < 0 || f > lastDay+1 || math.IsNaN(f) {
		return "", false
	}
	parts := 0
	for i, t := range s.tokens {
		if t.kind == digit && (parts > 0 || i > 0 && s.tokens[i-1].kind == point) {
			parts++
		}
	}
	at, ok := moment(f, epoch, parts)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for i, t := range s.tokens {
		switch t.kind {
		case clock:
			s.clock(&b, i, at)
		case elapsed:
			seconds := math.Floor(f*86400 + 0.5)
			div := map[byte]float64{'h': 3600, 'm': 60, 's': 1}[t.text[0]]
			fmt.Fprintf(&b, "%0*d", min(len(t.text), 8), int64(seconds/div))
		case halfDay:
			b.WriteString(half(t.text, at.Hour()))
		case point:
			b.WriteString(".")
		case digit:
			if i > 0 && (s.tokens[i-1].kind == point || s.tokens[i-1].kind == digit) {
				n := 0
				for j := i; j > 0 && s.tokens[j-1].kind == digit; j-- {
					n++
				}
				if ms := fmt.Sprintf("%03d", at.Nanosecond()/1e6); n < 3 {
					b.WriteByte(ms[n])
				}
			}
		case literal, percent:
			b.WriteString(t.text)
		case textMark, general, exponent, fraction:
			b.WriteString(t.text)
		}
	}
	return b.String(), true
}

// clock writes one part of a date.
func (s *section) clock(b *strings.Builder, i int, at time.Time) {
	t := s.tokens[i].text
	n := len(t)
	two := func(v int) {
		if n >= 2 && v < 10 {
			b.WriteByte('0')
		}
		b.WriteString(strconv.Itoa(v))
	}
	switch t[0] {
	case 'y', 'e':
		if t[0] == 'y' && n <= 2 {
			n = 2
			two(at.Year() % 100)
			return
		}
		fmt.Fprintf(b, "%04d", at.Year())
	case 'm':
		if s.minute(i) {
			two(at.Minute())
			return
		}
		switch {
		case n <= 2:
			two(int(at.Month()))
		case s.chinese:
			b.WriteString(chineseMonths[at.Month()-1])
		case n == 3:
			b.WriteString(at.Month().String()[:3])
		case n == 5:
			b.WriteString(at.Month().String()[:1])
		default:
			b.WriteString(at.Month().String())
		}
	case 'd', 'a':
		switch {
		case n <= 2:
			two(at.Day())
		case s.chinese || t[0] == 'a':
			b.WriteString(map[bool]string{true: "周", false: "星期"}[n == 3] + chineseDays[at.Weekday()])
		case n == 3:
			b.WriteString(at.Weekday().String()[:3])
		default:
			b.WriteString(at.Weekday().String())
		}
	case 'h':
		h := at.Hour()
		if s.twelve {
			if h %= 12; h == 0 {
				h = 12
			}
		}
		two(h)
	case 's':
		two(at.Second())
	}
}

// minute says whether an m means minutes: behind hours, or before seconds.
func (s *section) minute(i int) bool {
	if len(s.tokens[i].text) > 2 {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		if t := s.tokens[j]; t.kind == clock || t.kind == elapsed {
			if t.text[0] == 'h' {
				return true
			}
			break
		}
	}
	for j := i + 1; j < len(s.tokens); j++ {
		if t := s.tokens[j]; t.kind == clock || t.kind == elapsed {
			return t.text[0] == 's'
		}
	}
	return false
}

// half writes the half of a day in the words of its format.
func half(words string, hour int) string {
	first, second, _ := strings.Cut(words, "/")
	if hour < 12 {
		return first
	}
	return second
}
