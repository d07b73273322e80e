package doctype

import (
	"strings"
)

// person reads a name behind a label.
func (r *reader) person(detail string) {
	r.t.values(labelsFor(r.typ, detail), func(p place) bool {
		s := p.folded()
		if d, ok := dateIn(s); ok {
			s = s[:d.from]
		}
		if at := strings.IndexAny(s, ",;(/。"); at > 0 {
			s = s[:at]
		}
		p = p.part(0, len(s)).trimmed()
		if n := len([]rune(p.folded())); n < 2 || n > 40 || strings.ContainsAny(p.folded(), "0123456789") {
			return false
		}
		r.add(detail, strings.TrimSpace(p.raw()), p)
		return true
	})
}

var approvalHeadings = strings.Split("审批意见|审批|审批结果|审批签字|批准意见|approval|approvals|sign-off", "|")

// approval reads who approved under a heading: names alone in a line or a cell, or
// behind 同意.
func (r *reader) approval() {
	for i := range r.t.lines {
		if !isHeading(r.t.lines[i].folded, approvalHeadings) {
			continue
		}
		for n := i + 1; n < min(i+5, len(r.t.lines)); n++ {
			l := &r.t.lines[n]
			for from := 0; from < len(l.folded); {
				end := strings.IndexAny(l.folded[from:], "\t|")
				if end < 0 {
					end = len(l.folded) - from
				}
				p := place{l, from, from + end}.trimmed()
				for _, yes := range []string{"同意", "批准", "approved", "审批人", "批准人"} {
					if strings.HasPrefix(p.folded(), yes) {
						p = p.part(len(yes), len(p.folded())).trimmed()
					}
				}
				if d, ok := dateIn(p.folded()); ok {
					p = p.part(0, d.from).trimmed()
				}
				if person(p.folded()) && !r.has(Approver) {
					r.add(Approver, strings.TrimSpace(p.raw()), p)
				}
				from += end + 1
			}
		}
	}
	if r.has(Approver) {
		return
	}
	r.t.values(approvalHeadings, func(p place) bool {
		for _, word := range []string{"同意", "批准", "approved"} {
			at := strings.Index(p.folded(), word)
			if at < 0 {
				continue
			}
			rest := p.part(at+len(word), len(p.folded())).trimmed()
			if d, ok := dateIn(rest.folded()); ok {
				rest = rest.part(0, d.from).trimmed()
			}
			if person(rest.folded()) {
				r.add(Approver, strings.TrimSpace(rest.raw()), rest)
				return true
			}
		}
		return false
	})
}

// result reads whether an acceptance passed.
func (r *reader) result() {
	words := labelsFor(r.typ, Result)
	p, ok := r.t.said(words)
	if !ok {
		return
	}
	p = place{p.line, p.from, len(p.line.folded)}
	s := p.folded()
	value := ""
	switch {
	case strings.Contains(s, "有条件") || strings.Contains(s, "基本通过") || strings.Contains(s, "conditional") || strings.Contains(s, "整改后"):
		value = "conditional"
	case strings.Contains(s, "不通过") || strings.Contains(s, "未通过") || strings.Contains(s, "不合格") || strings.Contains(s, "不予") || strings.Contains(s, "reject") || strings.Contains(s, "not accepted") || strings.Contains(s, "failed"):
		value = "failed"
	case strings.Contains(s, "通过") || strings.Contains(s, "合格") || strings.Contains(s, "同意") || strings.Contains(s, "accept") || strings.Contains(s, "passed"):
		value = "passed"
	}
	r.add(Result, value, p)
}

// said is what stands behind a label or, where it is a heading, under it.
func (t *text) said(words []string) (place, bool) {
	if p, ok := t.value(words); ok {
		return p, true
	}
	return t.block(words)
}
