package doctype

import (
	"cmp"
	"regexp"
	"strings"

	"guidang/extractors/document"
)

// date reads a date behind its label.
func (r *reader) date(detail string) {
	r.t.values(labelsFor(r.typ, detail), func(p place) bool {
		d, ok := dateIn(p.folded())
		if !ok || d.from > 12 {
			return false
		}
		if _, isPeriod := periodIn(p.folded()); isPeriod && detail != Date && detail != StartsOn {
			return false
		}
		r.add(detail, d.String(), p.part(d.from, d.to))
		return true
	})
	if r.has(detail) {
		return
	}
	switch {
	case detail == Date && r.typ == document.TypeLetter, detail == SignedOn:
		r.lastDate(detail)
	}
}

var signingLine = regexp.MustCompile(`^(?:日期|date|签署日期|签订日期)? ?:? ?`)

// lastDate is the date under a letter or beside the signatures.
func (r *reader) lastDate(detail string) {
	for i := len(r.t.lines) - 1; i >= max(0, len(r.t.lines)-14); i-- {
		l := &r.t.lines[i]
		if l.heading || len([]rune(l.folded)) > 60 {
			continue
		}
		d, ok := dateIn(l.folded)
		if !ok {
			continue
		}
		before := signingLine.ReplaceAllString(strings.TrimSpace(l.folded[:d.from]), "")
		labelled := strings.Contains(l.folded, "日期") || strings.Contains(l.folded, "date")
		if before == "" && (labelled || len(strings.TrimSpace(l.folded[d.to:])) < 4) || labelled && len([]rune(before)) <= 40 || detail == Date && len([]rune(before)) <= 24 {
			r.add(detail, d.String(), place{l, d.from, d.to})
			return
		}
	}
}

var (
	termLabels  = strings.Split("服务期限|维护期限|合同期限|合同有效期|协议有效期|有效期限|有效期|履行期限|服务期|维保期限|维护期|维护服务期|support period|service period|contract period|agreement period|term", "|")
	untilForm   = regexp.MustCompile(`(?:有效期至|期限至|服务至|runs until|valid until|expires on|ends on|remain in force until|in force until|terminates on|through) ?`)
	renewalForm = regexp.MustCompile(`自动续|自动延|自动顺延|自动展期|顺延一年|续期一年|extended by|automatically renew|renews automatically|renewed automatically|automatic renewal|renew for`)
	noRenewal   = regexp.MustCompile(`不自动|不再自动|does not renew|not automatically|no automatic`)
)

// term reads how long a contract runs: a period, an end, or a length from its
// beginning or its signing; and when it goes on by itself.
func (r *reader) term() {
	take := func(p place) bool {
		s := p.folded()
		if both, ok := periodIn(s); ok {
			r.add(StartsOn, both.from.String(), p.part(both.from.from, both.from.to))
			r.add(EndsOn, both.to.String(), p.part(both.to.from, both.to.to))
			return true
		}
		return false
	}
	if !r.has(EndsOn) {
		r.t.values(termLabels, take)
	}
	for i := range r.t.lines {
		if r.has(EndsOn) {
			break
		}
		l := &r.t.lines[i]
		whole := place{l, 0, len(l.folded)}
		if m := untilForm.FindStringIndex(l.folded); m != nil {
			if d, ok := dateIn(l.folded[m[1]:]); ok && d.from < 6 {
				r.add(EndsOn, d.String(), whole.part(m[1]+d.from, m[1]+d.to))
				break
			}
		}
		if strings.Contains(l.folded, "自") && strings.ContainsAny(l.folded, "至止") || strings.Contains(l.folded, "from ") {
			take(whole)
		}
	}
	if !r.has(EndsOn) {
		r.length()
	}
	if r.has(RenewsOn) || !r.has(EndsOn) {
		return
	}
	for i := range r.t.lines {
		l := &r.t.lines[i]
		if m := renewalForm.FindStringIndex(l.folded); m != nil && !noRenewal.MatchString(l.folded) {
			end, _ := dateIn(r.get(EndsOn))
			end.time = end.time.AddDate(0, 0, 1)
			r.add(RenewsOn, end.String(), place{l, m[0], m[1]})
			return
		}
	}
}

// length ends a contract that says how long it runs, from its beginning or from
// its signing.
func (r *reader) length() {
	begin, ok := dateIn(cmp.Or(r.get(StartsOn), r.get(SignedOn)))
	if !ok {
		return
	}
	ends := func(p place) bool {
		n, ok := spell(p.folded())
		if ok {
			begin.time = begin.time.AddDate(0, n, -1)
			r.add(EndsOn, begin.String(), p)
		}
		return ok
	}
	if r.t.values(termLabels, ends) {
		return
	}
	for i := range r.t.lines {
		l := &r.t.lines[i]
		if strings.Contains(l.folded, "保密") || strings.Contains(l.folded, "质保") || strings.Contains(l.folded, "confidential") || strings.Contains(l.folded, "warranty") {
			continue
		}
		for _, word := range []string{"有效期为", "有效期", "服务期限为", "合同期限为", "for a period of", "for a term of", "initial term of"} {
			if at := strings.Index(l.folded, word); at >= 0 && ends(place{l, at, min(len(l.folded), runeEnd(l.folded, at+60))}) {
				return
			}
		}
	}
}

func runeEnd(s string, at int) int {
	for at < len(s) && s[at]&0xc0 == 0x80 {
		at++
	}
	return at
}

// validity ends an offer that says for how many days it holds.
func (r *reader) validity() {
	if r.has(ValidUntil) {
		return
	}
	if r.t.values(labelsFor(r.typ, ValidUntil), func(p place) bool {
		if both, ok := periodIn(p.folded()); ok {
			r.add(ValidUntil, both.to.String(), p.part(both.to.from, both.to.to))
			return true
		}
		return false
	}) {
		return
	}
	begin, ok := dateIn(r.get(Date))
	if !ok {
		return
	}
	for i := range r.t.lines {
		l := &r.t.lines[i]
		if m := untilOffer.FindStringIndex(l.folded); m != nil {
			if d, ok := dateIn(l.folded[m[1]:]); ok && d.from < 6 {
				r.add(ValidUntil, d.String(), place{l, m[1] + d.from, m[1] + d.to})
				return
			}
		}
		if m := daysForm.FindStringSubmatchIndex(l.folded); m != nil {
			begin.time = begin.time.AddDate(0, 0, number(l.folded[m[2]:m[3]]))
			r.add(ValidUntil, begin.String(), place{l, m[0], m[1]})
			return
		}
	}
}
