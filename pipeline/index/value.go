package index

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// value is an amount or a date, however it is written: 35万, 三十五万 and 350,000
// are one, and so are 2024年3月5日, 2024-03-05 and 2024/3/5.
//
// It is looked up under tokens that are plain numbers, so that what is written
// in digits already needs none of its own: an amount under its digits, a date
// under 20240305, 202403 and 0305.
type value struct {
	from, to int // bytes of the normalised text
	amount   string
	day      string // 20240305, or 0305 where no year stands
}

// tokens appends what the value is looked up under.
func (v *value) tokens(dst []string) []string {
	switch {
	case v.amount != "":
		return append(dst, v.amount)
	case len(v.day) == 8:
		return append(dst, v.day, v.day[:6], v.day[4:])
	}
	return append(dst, v.day)
}

// is says whether the value is what a token stands for.
func (v *value) is(token string) bool {
	var buf [3]string
	return slices.Contains(v.tokens(buf[:0]), token)
}

// nextValue finds the first value in the normalised text at or after from that
// is not simply its own digits.
func nextValue(s string, from int) (v value, ok bool) {
	for i := from; i < len(s); {
		c := s[i]
		switch {
		case c < utf8.RuneSelf && !isDigit(c):
			i++
		case isDigit(c):
			end := i + digitsAt(s, i)
			if v, ok := dateAt(s, i, end); ok {
				return v, true
			}
			if v, ok := amountAt(s, i, end); ok {
				return v, true
			}
			i = end
		case mayBeNumeral(s, i):
			end := numeralEnd(s, i)
			if n, ok := numeral(s[i:end]); ok {
				return value{from: i, to: end, amount: strconv.FormatInt(n, 10)}, true
			}
			i = end
		case 0xe3 <= c && c <= 0xe9: // Han, kana
			i += 3
		default:
			_, size := decode(s, i)
			i += size
		}
	}
	return value{}, false
}

func digitsAt(s string, i int) (n int) {
	for i+n < len(s) && '0' <= s[i+n] && s[i+n] <= '9' {
		n++
	}
	return n
}

// unitAt reads what multiplies a number in digits.
func unitAt(s string, i int) (factor float64, size int) {
	for _, u := range []struct {
		word   string
		factor float64
	}{{"百万", 1e6}, {"千万", 1e7}, {"万亿", 1e12}, {"万", 1e4}, {"亿", 1e8}, {"千", 1e3}, {"百", 100}} {
		if strings.HasPrefix(s[i:], u.word) {
			return u.factor, len(u.word)
		}
	}
	return 0, 0
}

// amountAt reads 35万, 3.5 万 and 1.2亿 at i, whose digits end at end.
func amountAt(s string, i, end int) (v value, ok bool) {
	if i > 0 && (s[i-1] == '.' && i > 1 && isDigit(s[i-2])) {
		return v, false // the fraction of a number that was looked at
	}
	to := end
	if to+1 < len(s) && s[to] == '.' {
		to += 1 + digitsAt(s, to+1)
	}
	number := s[i:to]
	if to < len(s) && s[to] == ' ' {
		to++
	}
	factor, size := unitAt(s, min(to, len(s)))
	n, err := strconv.ParseFloat(number, 64)
	if size == 0 || err != nil {
		return v, false
	}
	whole := math.Round(n * factor)
	if whole > 1e15 || math.Abs(whole-n*factor) > 1e-6*whole {
		return v, false
	}
	return value{from: i, to: to + size, amount: strconv.FormatFloat(whole, 'f', 0, 64)}, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// dateAt reads 2024年3月5日, 2024-3-5, 2024/03/05, 2024.03.05 and 3月5日 at i, whose
// digits end at end.
func dateAt(s string, i, end int) (v value, ok bool) {
	if end-i == 4 {
		month, at, sep := 0, end, ""
		for _, sep = range []string{"年", "-", "/", "."} {
			if strings.HasPrefix(s[end:], sep) {
				month, at = smallAt(s, end+len(sep))
				break
			}
		}
		second := sep
		if sep == "年" {
			second = "月"
		}
		if month == 0 || !strings.HasPrefix(s[at:], second) {
			return v, false
		}
		day, to := smallAt(s, at+len(second))
		to, ok = dayEnd(s, to, sep == "年")
		year, _ := strconv.Atoi(s[i:end])
		if !ok || !isDay(year, month, day) {
			return v, false
		}
		return value{from: i, to: to, day: s[i:end] + two(month) + two(day)}, true
	}
	month, at := smallAt(s, i)
	if end-i > 2 || month == 0 || !strings.HasPrefix(s[at:], "月") {
		return v, false
	}
	day, to := smallAt(s, at+len("月"))
	if to, ok = dayEnd(s, to, true); !ok || !isDay(2024, month, day) {
		return v, false
	}
	return value{from: i, to: to, day: two(month) + two(day)}, true
}

// smallAt reads one or two digits that no third follows; 0 for anything else.
func smallAt(s string, i int) (n, end int) {
	d := digitsAt(s, i)
	if d == 0 || d > 2 {
		return 0, i
	}
	n, _ = strconv.Atoi(s[i : i+d])
	return n, i + d
}

func dayEnd(s string, to int, chinese bool) (end int, ok bool) {
	if !chinese {
		return to, true
	}
	for _, end := range []string{"日", "号"} {
		if strings.HasPrefix(s[to:], end) {
			return to + len(end), true
		}
	}
	return to, false
}

func isDay(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && t.Day() == day
}

func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) } //nolint:gosec // a month or a day

// valueOf gives the token of a query's word that is an amount or a date and
// nothing else; empty if it is none.
func valueOf(s string) string {
	for _, before := range []string{"¥", "￥", "rmb", "cny", "人民币"} {
		s = strings.TrimPrefix(s, before)
	}
	for _, after := range []string{"元整", "圆整", "元", "圆"} {
		if cut, ok := strings.CutSuffix(s, after); ok {
			s = cut
			break
		}
	}
	if v, ok := nextValue(s, 0); ok && v.from == 0 && v.to == len(s) {
		return v.tokens(nil)[0]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if whole != "" && digitsAt(s, 0) == len(whole) && strings.Trim(fraction, "0") == "" {
		return whole
	}
	return monthOf(s)
}

// monthOf reads 2024年3月, 2024-03 and 2024/3.
func monthOf(s string) string {
	if digitsAt(s, 0) != 4 || len(s) < 6 || s[:2] != "19" && s[:2] != "20" {
		return ""
	}
	for _, f := range [][2]string{{"年", "月"}, {"-", ""}, {"/", ""}} {
		rest, ok := strings.CutPrefix(s[4:], f[0])
		if !ok {
			continue
		}
		month, end := smallAt(rest, 0)
		if month >= 1 && month <= 12 && rest[end:] == f[1] {
			return s[:4] + two(month)
		}
	}
	return ""
}
