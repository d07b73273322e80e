package sheet

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// sort of a cell, as far as a header needs it.
type sortOf int

const (
	empty sortOf = iota
	word
	number
	day
)

var (
	numeric = regexp.MustCompile(`^[-+(]?\s*[¥￥$€£]?\s*[-+]?\d[\d,，.]*\s*(?:%|％|元|万元|万|亿|天|个|人|小时|h|USD|RMB|CNY)?\)?$`)
	dated   = regexp.MustCompile(`^\d{2,4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{0,4}\s*日?)?(?:\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?)?$|^\d{1,2}月\d{1,2}日$|^\d{1,2}:\d{2}(?::\d{2})?$|^\d{1,2}-[A-Z][a-z]{2}(?:-\d{2,4})?$`)
)

func sortOfCell(s string) sortOf {
	switch {
	case s == "":
		return empty
	case dated.MatchString(s):
		return day
	case numeric.MatchString(s):
		return number
	}
	return word
}

// maxName is the longest column name; what is longer is a sentence.
const maxName = 40

// header decides whether a region begins with one row or two of column names.
// used is how many rows they are; 0: the region has none.
//
// A header is a row of different short words above at least one row; and below
// it the columns hold one sort of thing each. The last rule keeps out forms
// (客户 | 华信 | 电话 | 0571-…), whose columns mix.
func header(rows []row, m *merges) (names []string, used int) {
	if len(rows) < 2 {
		return nil, 0
	}
	first := m.across(rows[0])
	if !wordy(first) {
		return nil, 0
	}
	below := rows[1:]
	if second := rows[1].cells; len(rows) > 2 && m.spans(rows[0]) && wordy(second) {
		return twoTier(first, second), 2
	}
	if !distinct(first) || wide(rows[0])*10 < wide(below...)*6 || mixed(below) {
		return nil, 0
	}
	return first, 1
}

// wordy says that a row holds at least two short words and nothing that is a
// value.
func wordy(cells []string) bool {
	words := 0
	for _, c := range cells {
		switch sortOfCell(c) {
		case number, day:
			// A year or a month is a column's name in a budget; a sum is not.
			if len(c) > len("2024年12月") || !strings.ContainsAny(c, "年月季") {
				return false
			}
			words++
		case empty:
		case word:
			if utf8.RuneCountInString(c) > maxName || strings.HasSuffix(c, ":") || strings.HasSuffix(c, "：") {
				return false
			}
			words++
		}
	}
	return words >= 2
}

func distinct(cells []string) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		if c != "" && seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}

// wide is the greatest number of filled cells.
func wide(rows ...row) int {
	n := 0
	for _, r := range rows {
		n = max(n, r.filled())
	}
	return n
}

// mixed says that the columns below hold sorts of things that no table's columns
// hold together: a date and a number, or words and values about half and half.
func mixed(rows []row) bool {
	var counts [][4]int
	for _, r := range rows {
		for i, c := range r.cells {
			if i >= len(counts) {
				counts = append(counts, [4]int{})
			}
			counts[i][sortOfCell(c)]++
		}
	}
	bad, all := 0, 0
	for _, c := range counts {
		values, total := c[number]+c[day], c[word]+c[number]+c[day]
		if total == 0 {
			continue
		}
		all++
		if c[number] > 0 && c[day] > 0 && c[word] > 0 || total >= 2 && values > 0 && c[word]*3 > total && values*3 > total {
			bad++
		}
	}
	return all > 0 && bad*3 > all
}

// twoTier joins a header of two rows: 甲方 over 名称, 电话.
func twoTier(first, second []string) []string {
	names := make([]string, max(len(first), len(second)))
	for i := range names {
		var upper, lower string
		if i < len(first) {
			upper = first[i]
		}
		if i < len(second) {
			lower = second[i]
		}
		switch {
		case lower == "" || lower == upper:
			names[i] = upper
		case upper == "":
			names[i] = lower
		default:
			names[i] = upper + "/" + lower
		}
	}
	return names
}
