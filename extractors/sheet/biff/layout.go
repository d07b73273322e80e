package biff

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Layout is a number format made ready: up to four parts for positive numbers,
// negative ones, zero and text ([MS-XLS] 2.4.126; the language is ECMA-376
// 18.8.31). Formats come from untrusted bytes; what a format says is bounded by
// maxFormat, and what makes no sense is shown as it stands.
type Layout struct {
	sections []section
	day      *Layout // for whole days, where the format is ambiguous
}

const maxFormat = 1 << 10

// token is one piece of a format.
type token struct {
	kind tokenKind
	text string
}

type tokenKind byte

const (
	literal tokenKind = iota
	digit             // 0 # ?
	point
	percent
	exponent // E+ E-
	fraction // a slash between digits
	general
	textMark // @
	clock    // y m d h s, in any number, and their kin
	elapsed  // [h] [m] [s]
	halfDay  // AM/PM, 上午/下午
)

type section struct {
	tokens    []token
	condition byte // < > = l (<=) g (>=) n (<>), or 0
	than      float64
	date      bool
	chinese   bool // names of months and days in Chinese
	twelve    bool
	thousands bool
	scale     int // commas behind the last digit
	percents  int
	decimals  int
	whole     int // digits asked for before the point
}

// Compile reads a format. An empty one is Excel's own choice.
func Compile(format string) *Layout {
	if len(format) > maxFormat {
		format = ""
	}
	// QUIRK: ECMA-376 18.8.31 has no such codes; Windows puts its own long date and
	// time in their place, and what is written behind them is only for others.
	switch {
	case strings.HasPrefix(format, "[$-F800]"):
		format = `yyyy"年"m"月"d"日"`
	case strings.HasPrefix(format, "[$-F400]"):
		format = "h:mm:ss"
	}
	l := &Layout{}
	for _, part := range sectionsOf(format) {
		if len(l.sections) == 4 {
			break
		}
		l.sections = append(l.sections, parseSection(part))
	}
	return l
}

// sectionsOf cuts a format at its semicolons.
func sectionsOf(format string) (parts []string) {
	from, quoted := 0, false
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if !quoted {
				i++
			}
		case ';':
			if !quoted {
				parts = append(parts, format[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, format[min(from, len(format)):])
}

// Show gives a number as its format shows it.
func (l *Layout) Show(f float64, epoch bool) string {
	s := l.choose(&f)
	if s == nil || len(s.tokens) == 0 {
		// A format that hides a number (";;;") must not hide it from a search; only
		// nothing stays nothing.
		if s != nil && f == 0 && len(l.sections) > 1 {
			return ""
		}
		return plain(f)
	}
	if s.date {
		if text, ok := s.showDate(f, epoch); ok {
			return text
		}
		return plain(f)
	}
	return s.showNumber(f)
}

// choose takes the part for a number. A part of their own shows negative
// numbers without a sign.
func (l *Layout) choose(f *float64) *section {
	for i := range l.sections {
		s := &l.sections[i]
		if s.condition != 0 && s.meets(*f) {
			return s
		}
	}
	n := len(l.sections)
	switch {
	case n == 0:
		return nil
	case l.sections[0].condition != 0:
		for i := range l.sections[:min(n, 3)] {
			if l.sections[i].condition == 0 {
				return &l.sections[i]
			}
		}
		return nil
	case *f < 0 && n > 1 && l.sections[1].condition == 0:
		if len(l.sections[1].tokens) > 0 {
			*f = -*f
		}
		return &l.sections[1]
	case *f == 0 && n > 2 && l.sections[2].condition == 0:
		return &l.sections[2]
	}
	return &l.sections[0]
}

func (s *section) meets(f float64) bool {
	switch s.condition {
	case '<':
		return f < s.than
	case '>':
		return f > s.than
	case '=':
		return f == s.than
	case 'l':
		return f <= s.than
	case 'g':
		return f >= s.than
	}
	return f != s.than
}

// plain shows a number with the fifteen digits that Excel keeps, and never as a
// power where a person wrote it out: numbers of contracts and telephones.
func plain(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "#NUM!"
	}
	if a := math.Abs(f); a != 0 && (a >= 1e21 || a < 1e-9) {
		return strings.ToUpper(strconv.FormatFloat(f, 'g', 15, 64))
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	// Fifteen digits, then written out: 0.1+0.2 is 0.3.
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		short = f
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// showNumber writes a number into the digits of a format.
func (s *section) showNumber(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "#NUM!"
	}
	negative := f < 0
	v := math.Abs(f)
	for range s.percents {
		v *= 100
	}
	for range s.scale {
		v /= 1000
	}
	for _, t := range s.tokens {
		switch t.kind { //nolint:exhaustive // the other tokens decide nothing here
		case general, textMark:
			return s.around(plain(f))
		case exponent:
			text := strconv.FormatFloat(v, 'E', s.decimals, 64)
			return s.around(sign(negative, text))
		case fraction:
			return s.around(sign(negative, mixedFraction(v, len(t.text))))
		}
	}
	return s.fill(v, negative)
}

func sign(negative bool, text string) string {
	if negative {
		return "-" + text
	}
	return text
}

// around keeps the literals before and behind the digits, but none among them.
func (s *section) around(number string) string {
	first, last := len(s.tokens), -1
	for i, t := range s.tokens {
		if t.kind != literal && t.kind != percent {
			first, last = min(first, i), i
		}
	}
	var b strings.Builder
	for i, t := range s.tokens {
		switch {
		case i == first:
			b.WriteString(number)
		case i < first || i > last:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// fill writes the digits from the right, so that literals stand among them as in
// 000-0000.
func (s *section) fill(v float64, negative bool) string {
	text := strconv.FormatFloat(roundHalf(v, s.decimals), 'f', s.decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	if whole == "0" {
		whole = ""
	}
	if whole == "" && strings.Trim(part, "0") == "" {
		negative = false
	}
	var before, behind []string // pieces, before from the right
	at := len(s.tokens)
	for i, t := range s.tokens {
		if t.kind == point {
			at = i
			break
		}
	}
	n, seen := 0, 0
	for i := at - 1; i >= 0; i-- {
		t := s.tokens[i]
		if t.kind != digit {
			before = append(before, t.text)
			continue
		}
		seen++
		for k := 0; k == 0 || seen == s.whole && whole != ""; k++ {
			switch {
			case whole != "":
				if s.thousands && n > 0 && n%3 == 0 {
					before = append(before, ",")
				}
				before = append(before, whole[len(whole)-1:])
				whole = whole[:len(whole)-1]
			case t.text == "0":
				if s.thousands && n > 0 && n%3 == 0 {
					before = append(before, ",")
				}
				before = append(before, "0")
			}
			n++
		}
	}
	if whole != "" && seen == 0 { // no digit before the point, or none at all
		if at == len(s.tokens) {
			whole = ""
		}
		before = append([]string{whole}, before...)
	}
	kept := len(part)
	for i, k := len(s.tokens)-1, len(part); i > at && k > 0; i-- {
		if s.tokens[i].kind != digit {
			continue
		}
		if s.tokens[i].text == "0" || part[k-1] != '0' {
			break
		}
		k--
		kept = k
	}
	part = part[:kept]
	if at < len(s.tokens) {
		if part != "" {
			behind = append(behind, ".")
		}
		for _, t := range s.tokens[at+1:] {
			switch {
			case t.kind != digit:
				behind = append(behind, t.text)
			case part != "":
				behind = append(behind, part[:1])
				part = part[1:]
			}
		}
	}
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for _, b0 := range slices.Backward(before) {
		b.WriteString(b0)
	}
	for _, p := range behind {
		b.WriteString(p)
	}
	return b.String()
}

// roundHalf rounds at a number of decimals.
// QUIRK: ECMA-376 18.8.31 leaves rounding open; Excel rounds up what is half in its
// fifteen digits: 1.005 is 1.01.
func roundHalf(v float64, decimals int) float64 {
	if decimals > 15 || v >= 1e15 {
		return v
	}
	p := math.Pow10(decimals)
	shifted, err := strconv.ParseFloat(strconv.FormatFloat(v*p, 'g', 15, 64), 64)
	if err != nil || shifted >= 1e15 {
		return v
	}
	return math.Floor(shifted+0.5) / p
}

// mixedFraction writes 2 1/4, with a denominator of at most that many digits.
func mixedFraction(v float64, digits int) string {
	whole := math.Floor(v)
	rest := v - whole
	most := min(int(math.Pow10(min(max(digits, 1), 3)))-1, 999)
	bestN, bestD, off := 0, 1, math.Abs(rest)
	for d := 1; d <= most; d++ {
		n := int(rest*float64(d) + 0.5)
		if e := math.Abs(rest - float64(n)/float64(d)); e < off-1e-12 {
			bestN, bestD, off = n, d, e
		}
	}
	switch bestN {
	case 0:
		return strconv.FormatFloat(whole, 'f', 0, 64)
	case bestD:
		return strconv.FormatFloat(whole+1, 'f', 0, 64)
	}
	text := strconv.Itoa(bestN) + "/" + strconv.Itoa(bestD)
	if whole > 0 {
		text = strconv.FormatFloat(whole, 'f', 0, 64) + " " + text
	}
	return text
}
