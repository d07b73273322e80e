package index

import "time"

// Period reads a day, a month or a year (2024-03-05, 2024-03, 2024) as filters
// have it. It gives the first day, and the first day after it, in UTC.
func Period(s string) (from, after time.Time, ok bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return t, t.AddDate(form.years, form.months, form.days), true
		}
	}
	return from, after, false
}
