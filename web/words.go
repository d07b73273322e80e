package web

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"guidang/extractors/document"
)

// position says in words where something stands: 第 3 页, 工作表 合同 第 2–40 行,
// 00:12:31. Empty when there is nowhere to go to.
func (l tongue) position(p document.Position) string {
	switch {
	case p.Page > 0:
		return l.say("position.page", p.Page)
	case p.Slide > 0:
		return l.say("position.slide", p.Slide)
	case p.Sheet != "" && p.Rows != nil && p.Rows[0] != p.Rows[1]:
		return l.say("position.rows", visible(p.Sheet), p.Rows[0], p.Rows[1])
	case p.Sheet != "" && p.Rows != nil:
		return l.say("position.row", visible(p.Sheet), p.Rows[0])
	case p.Sheet != "":
		return l.say("position.sheet", visible(p.Sheet))
	case p.Start != nil:
		return clock(*p.Start)
	case p.Line > 0:
		return l.say("position.line", p.Line)
	case p.Part != "":
		return l.word("part", p.Part)
	}
	return ""
}

// clock writes seconds as 00:12:31.
func clock(seconds float64) string {
	if math.IsNaN(seconds) || seconds < 0 {
		seconds = 0
	}
	n := int64(min(seconds, 359999)) // 99:59:59; no meeting is longer
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}

// count writes a number with its groups of three.
func (l tongue) count(n any) string {
	var v int64
	switch n := n.(type) {
	case int:
		v = int64(n)
	case int64:
		v = n
	default:
		return fmt.Sprint(n)
	}
	digits := strconv.FormatInt(v, 10)
	sign := ""
	if v < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// sizeOf writes bytes for people, in units of 1024.
func sizeOf(n int64) string {
	if n < 0 {
		return "?"
	}
	v, units := float64(n), []string{"B", "KB", "MB", "GB", "TB"}
	u := 0
	for v >= 1024 && u < len(units)-1 {
		v /= 1024
		u++
	}
	if u == 0 || v >= 100 {
		return fmt.Sprintf("%.0f %s", v, units[u])
	}
	return fmt.Sprintf("%.1f %s", v, units[u])
}

// when writes a date as documents and runs have it (RFC 3339 or a day). The zone
// stays as it was written: the hour that the sender saw is the one people
// remember.
func when(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return strings.Replace(s, "T", " ", 1)
	}
	if _, offset := t.Zone(); offset == 0 {
		return t.Format("2006-01-02 15:04 UTC")
	}
	return t.Format("2006-01-02 15:04 -07:00")
}

// sourceName is a source for people. One that was named on the command line
// carries its whole path; its last part says as much.
func sourceName(s string) string {
	short := strings.TrimRight(s, `/\`)
	if cut := strings.LastIndexAny(short, `/\`); cut >= 0 {
		short = short[cut+1:]
	}
	return visible(cmp.Or(short, s))
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }

// visible makes a name safe to read: control characters and those that turn
// the direction of text show as marks, so that "合同\u202efdp.exe" cannot pass for
// a PDF.
func visible(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case hidden(r):
			fmt.Fprintf(&b, "⟦%04X⟧", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden are controls and the format characters of direction and of no width.
// The joiners U+200C and U+200D stay: names in some scripts need them.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C || r == 0x200B || r == 0xFEFF
}

// marked lets <mark> of a snippet stand and nothing else. The index escapes
// what it gives; this is the second wall, for a bug there must not run here.
func marked(s string) template.HTML {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "<>\"'")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		switch {
		case strings.HasPrefix(s, "<mark>"):
			b.WriteString("<mark>")
			s = s[len("<mark>"):]
		case strings.HasPrefix(s, "</mark>"):
			b.WriteString("</mark>")
			s = s[len("</mark>"):]
		default:
			b.WriteString(template.HTMLEscapeString(s[:1]))
			s = s[1:]
		}
	}
	return template.HTML(b.String()) //nolint:gosec // everything but <mark> was escaped above
}
