package minutes

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the table of holidays
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed holidays.txt
var knownHolidays string

// Calendar knows the days off and the weekends that are worked.
type Calendar struct {
	holidays []holiday
	worked   map[string]bool
	digest   string // of the file that was read after the built-in table
}

type holiday struct {
	from, to time.Time
	names    []string
}

// NewCalendar reads the built-in holidays, and after them a file of the same
// form, if there is one. A year of which the file says anything is taken from
// the file alone: that is how next year's announcement gets in.
func NewCalendar(more io.Reader) (*Calendar, error) {
	c := &Calendar{worked: map[string]bool{}}
	if err := c.read(strings.NewReader(knownHolidays)); err != nil {
		return nil, err
	}
	if more == nil {
		return c, nil
	}
	own := &Calendar{worked: map[string]bool{}}
	sum := sha256.New()
	if err := own.read(io.TeeReader(more, sum)); err != nil {
		return nil, err
	}
	c.digest = hex.EncodeToString(sum.Sum(nil))
	years := map[int]bool{}
	for _, h := range own.holidays {
		years[h.to.Year()] = true
	}
	c.holidays = slices.DeleteFunc(c.holidays, func(h holiday) bool { return years[h.to.Year()] })
	for day := range c.worked {
		if t, err := time.Parse(time.DateOnly, day); err == nil && years[t.Year()] {
			delete(c.worked, day)
		}
	}
	c.holidays = append(c.holidays, own.holidays...)
	for day := range own.worked {
		c.worked[day] = true
	}
	slices.SortFunc(c.holidays, func(a, b holiday) int { return a.from.Compare(b.from) })
	return c, nil
}

func (c *Calendar) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		from, err := time.Parse(time.DateOnly, f[0])
		if err != nil || len(f) < 2 {
			return fmt.Errorf("holidays, line %d: want a day, and work or a second day with a name", n)
		}
		if f[1] == "work" {
			c.worked[f[0]] = true
			continue
		}
		to, err := time.Parse(time.DateOnly, f[1])
		if err != nil || to.Before(from) || len(f) < 3 {
			return fmt.Errorf("holidays, line %d: want the first and the last day off and a name", n)
		}
		c.holidays = append(c.holidays, holiday{from, to, f[2:]})
	}
	return lines.Err()
}

// standard is the built-in calendar; its table is a part of the program, and a
// test reads it.
var standard = sync.OnceValue(func() *Calendar {
	c, err := NewCalendar(nil)
	if err != nil {
		return &Calendar{worked: map[string]bool{}}
	}
	return c
})

// Workday tells whether people work on a day.
func (c *Calendar) Workday(day time.Time) bool {
	if c.worked[day.Format(time.DateOnly)] {
		return true
	}
	for _, h := range c.holidays {
		if !day.Before(h.from) && !day.After(h.to) {
			return false
		}
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// workdays is the n-th working day after a day, or before it for n below zero.
func (c *Calendar) workdays(day time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		if day = day.AddDate(0, 0, step); c.Workday(day) {
			n--
		}
	}
	return day
}

// holiday is the next one of a name that is not over.
func (c *Calendar) holiday(name string, at time.Time) (holiday, bool) {
	for _, h := range c.holidays {
		if slices.Contains(h.names, name) && !h.to.Before(at) {
			// The table may end before the next one: that of the year after next is not meant.
			return h, h.from.Sub(at) < 370*24*time.Hour
		}
	}
	return holiday{}, false
}

// moons holds, for every lunar year from firstMoon on, the months of thirty days as
// bits 15 (first month) to 4 (twelfth), the leap month in bits 3 to 0, and in bit
// 16 whether that has thirty days.
var moons = [...]int{
	0x07954, 0x06aa0, 0x0ad50, 0x05b52, 0x04b60, 0x0a6e6, 0x0a4e0, 0x0d260, 0x0ea65, 0x0d530,
	0x05aa0, 0x076a3, 0x096d0, 0x04afb, 0x04ad0, 0x0a4d0, 0x1d0b6, 0x0d250, 0x0d520, 0x0dd45,
	0x0b5a0, 0x056d0, 0x055b2, 0x049b0, 0x0a577, 0x0a4b0, 0x0aa50, 0x1b255, 0x06d20, 0x0ada0,
}

const firstMoon = 2020

// newYear2020 is the first day of the first lunar year of the table.
var newYear2020 = time.Date(2020, 1, 25, 0, 0, 0, 0, time.UTC)

// lunar gives the day of a lunar date. Day 30 of a month of 29 days is its last:
// 大年三十 is said of every New Year's Eve.
func lunar(year, month, day int) (time.Time, bool) {
	if year < firstMoon || year >= firstMoon+len(moons) || month < 1 || month > 12 || day < 1 || day > 30 {
		return time.Time{}, false
	}
	t := newYear2020
	for y := firstMoon; ; y++ {
		info := moons[y-firstMoon]
		leap := info & 15
		for m := 1; m <= 12; m++ {
			days := 29 + info>>(16-m)&1
			if y == year && m == month {
				return t.AddDate(0, 0, min(day, days)-1), true
			}
			t = t.AddDate(0, 0, days)
			if m == leap {
				t = t.AddDate(0, 0, 29+info>>16&1)
			}
		}
	}
}

// comingLunar is the next such lunar date.
func comingLunar(at time.Time, month, day int) (time.Time, bool) {
	for y := at.Year() - 1; y <= at.Year()+1; y++ {
		if t, ok := lunar(y, month, day); ok && !t.Before(at) {
			return t, true
		}
	}
	return time.Time{}, false
}
