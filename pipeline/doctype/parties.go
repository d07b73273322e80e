package doctype

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
)

// parties reads who orders and who delivers.
func (r *reader) parties() {
	for _, detail := range []string{PartyA, PartyB} {
		if !hasDetail(r.typ, detail) {
			continue
		}
		r.t.values(labelsFor(r.typ, detail), func(p place) bool {
			bare := p.from > 1 && p.line.folded[p.from-1] == ' ' && p.line.folded[p.from-2] < utf8.RuneSelf && !strings.ContainsRune(": \t|", rune(p.line.folded[p.from-2]))
			p = organisation(p)
			if p.from >= p.to || bare && !firm.MatchString(p.folded()) {
				return false // Customer Portal is no customer
			}
			r.add(detail, strings.TrimSpace(p.raw()), p)
			return true
		})
	}
	if !r.has(PartyA) || !r.has(PartyB) {
		r.between()
	}
	if r.typ == document.TypeLetter {
		r.addressee()
	}
}

// organisation cuts what stands around the name of a party: 华信公司（以下简称“甲方”）.
func organisation(p place) place {
	s := p.folded()
	for _, mark := range []string{"(以下", "(下称", "(以下简称", "(简称", "(盖章", "(公章", "(签章", "(hereinafter", "(the \"", "(\"", "统一社会", "地址", "授权代表", "签字", "盖章", "日期", "税号", "纳税人", "电话", ", a company", ", accounts", ", having", ", registered"} {
		if at := strings.Index(s, mark); at >= 0 {
			s = s[:at]
		}
	}
	if at := strings.IndexAny(s, "。;"); at >= 0 {
		s = s[:at]
	}
	p = p.part(0, len(s)).trimmed()
	if n := len([]rune(p.folded())); n < 2 || n > 60 || !strings.ContainsFunc(p.folded(), unicode.IsLetter) || strings.ContainsAny(p.folded(), "?!") {
		return p.part(0, 0)
	}
	for _, verb := range []string{"应", "委托", "负责", "有权", "shall", "will ", "agrees", "must "} {
		if strings.HasPrefix(p.folded(), verb) {
			return p.part(0, 0) // 甲方 应当…: no name
		}
	}
	return p
}

var firm = regexp.MustCompile(`\b(?:ltd|limited|inc|llc|plc|gmbh|corp|corporation|company|co|university|council|bank|group|s\.a|ag|pty)\b|公司|集团|局|中心|院|委|学|厂|行|部|所`)

var betweenForm = regexp.MustCompile(`between:? ([^,("\n]{3,70}?(?:, (?:ltd|inc|llc|limited)\.?)?)(?:,[^("]{0,80})? ?\((?:the )?"?(?:hereinafter )?(?:the )?"?(customer|client|buyer)"?\),? and ([^,("\n]{3,70}?(?:, (?:ltd|inc|llc|limited)\.?)?)(?:,[^("]{0,80})? ?\(|between ([^,("\n]{3,70}?(?:, (?:ltd|inc|llc|limited)\.?)?) and ([^,("\n.;]{3,70}(?:, (?:ltd|inc|llc|limited)\.?)?)`)

// between reads the parties of an English agreement from its first sentence.
func (r *reader) between() {
	for i := range r.t.lines {
		l := &r.t.lines[i]
		m := betweenForm.FindStringSubmatchIndex(l.folded)
		if m == nil {
			continue
		}
		a, b := [2]int{m[2], m[3]}, [2]int{m[6], m[7]}
		if m[2] < 0 {
			a, b = [2]int{m[8], m[9]}, [2]int{m[10], m[11]}
		}
		for detail, at := range map[string][2]int{PartyA: a, PartyB: b} {
			p := place{l, at[0], at[1]}.trimmed()
			r.add(detail, strings.TrimSpace(p.raw()), p)
		}
		return
	}
}

// addressee reads to whom a letter is written: the line before its text that ends
// with a colon.
func (r *reader) addressee() {
	for i := range r.t.lines {
		l := &r.t.lines[i]
		s := strings.TrimSpace(l.folded)
		if i > 12 {
			return
		}
		if n := len([]rune(s)); strings.HasSuffix(s, ":") && n > 3 && n < 60 && !strings.Contains(s, "附件") && !strings.Contains(s, "。") {
			p := place{l, 0, len(l.folded)}.trimmed()
			r.add(PartyA, strings.TrimPrefix(strings.TrimSpace(p.raw()), "致"), p)
			return
		}
	}
}
