package doctype

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
)

// reader collects the details of one document.
type reader struct {
	typ  document.Type
	t    *text
	out  []Field
	name string
}

// fields reads the details that a document of a type has.
func fields(typ document.Type, d *document.Document, t *text, name string) []Field {
	r := &reader{typ: typ, t: t, name: name}
	r.numbers()
	if hasDetail(typ, PartyA) {
		r.parties()
	}
	for _, detail := range []string{Date, SignedOn, StartsOn, EndsOn, RenewsOn, DueOn, ValidUntil} {
		if hasDetail(typ, detail) {
			r.date(detail)
		}
	}
	if hasDetail(typ, EndsOn) {
		r.term()
	}
	if hasDetail(typ, ValidUntil) {
		r.validity()
	}
	if hasDetail(typ, Amount) {
		r.amount()
	}
	for _, detail := range []string{Requester, Approver} {
		if hasDetail(typ, detail) {
			r.person(detail)
		}
	}
	if hasDetail(typ, Approver) && !r.has(Approver) {
		r.approval()
	}
	for _, detail := range []string{Reason, Impact} {
		if hasDetail(typ, detail) {
			if p, ok := t.block(labelsFor(typ, detail)); ok {
				r.add(detail, strings.TrimSpace(p.raw()), p)
			}
		}
	}
	if hasDetail(typ, Result) {
		r.result()
	}
	if hasDetail(typ, Signed) {
		r.signed()
	}
	order := Details()
	slices.SortStableFunc(r.out, func(a, b Field) int { return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name)) })
	return r.out
}

const textMostOf = 300 // bytes of a detail that is kept as it is written

// add keeps a detail, once.
func (r *reader) add(detail, value string, p place) {
	if value == "" || r.has(detail) {
		return
	}
	f := Field{Name: detail, Value: short(value), Text: short(p.raw()), Position: p.line.position, Section: p.line.section}
	if !p.line.heading {
		f.From, f.To = p.line.from+p.line.at[p.from], p.line.from+p.line.at[p.to]
	}
	r.out = append(r.out, f)
}

func short(s string) string {
	if len(s) > textMostOf {
		return strings.ToValidUTF8(s[:textMostOf], "")
	}
	return s
}

func (r *reader) has(detail string) bool {
	return slices.ContainsFunc(r.out, func(f Field) bool { return f.Name == detail })
}

func (r *reader) get(detail string) string {
	for i := range r.out {
		if r.out[i].Name == detail {
			return r.out[i].Value
		}
	}
	return ""
}

var (
	projectForm  = regexp.MustCompile(`\b(?:proj|prj|xm|p)-?\d{4,8}(?:-\d{1,4})?\b`)
	contractForm = regexp.MustCompile(`\b(?:ht|msa|agr|con|ctr|xs|cg|wh|fw|sow|sla)[-/]?\d{2,8}(?:[-/][a-z]{0,3}\d{1,5}){0,3}\b`)
	codeForm     = regexp.MustCompile(`[a-z]{0,8}[〔\[(]?[-/_.]?\d[a-z0-9\-/_.〔〕\[\]()]{2,30}号?|\d{6,24}`)
)

// numbers reads the numbers of the document, its project and its contract.
func (r *reader) numbers() {
	if hasDetail(r.typ, Number) {
		r.code(Number, codeForm)
	}
	if hasDetail(r.typ, OriginalContract) {
		r.code(OriginalContract, codeForm)
	}
	if r.typ == document.TypeLetter {
		r.letterNumber()
	}
	r.code(ContractNumber, codeForm)
	r.code(ProjectNumber, projectForm)
	own := r.get(OriginalContract)
	for detail, form := range map[string]*regexp.Regexp{ContractNumber: contractForm, ProjectNumber: projectForm} {
		if r.has(detail) {
			continue
		}
		for i := range r.t.lines {
			l := &r.t.lines[i]
			if m := form.FindStringIndex(l.folded); m != nil {
				p := place{l, m[0], m[1]}
				if code := strings.ToUpper(p.folded()); code != own {
					r.add(detail, code, p)
					break
				}
			}
		}
	}
}

// code reads a number behind its label.
func (r *reader) code(detail string, form *regexp.Regexp) {
	r.t.values(labelsFor(r.typ, detail), func(p place) bool {
		s := p.folded()
		m := form.FindStringIndex(s)
		if m == nil || m[0] > 3 && detail != OriginalContract && detail != ProjectNumber {
			return false
		}
		if d, ok := dateIn(s); ok && d.from <= m[0] && d.to >= m[1] && detail != Number {
			return false
		}
		p = p.part(m[0], m[1])
		r.add(detail, strings.TrimRight(strings.ToUpper(p.folded()), "./-_)"), p)
		return true
	})
}

// letterNumber reads 发文字号 in whatever brackets: 国办发〔2025〕12号. GB/T 9704-2012
// 7.2.5 has 〔〕.
//
// QUIRK: offices write [ ], ( ), 【 】 and 「2025年」 for them, and put 第 before the
// number; the value is in the standard's form.
func (r *reader) letterNumber() {
	for i := range r.t.lines {
		l := &r.t.lines[i]
		m := letterParts.FindStringSubmatchIndex(l.folded)
		if m == nil {
			continue
		}
		organ := strings.ReplaceAll(l.raw[l.at[m[2]]:l.at[m[3]]], " ", "")
		year, n := l.folded[m[4]:m[5]], strings.TrimLeft(l.folded[m[6]:m[7]], "0")
		for _, before := range []string{"发文字号", "文号", "字号", "根据", "按照", "依据", "关于"} {
			if at := strings.LastIndex(organ, before); at >= 0 {
				organ = organ[at+len(before):]
			}
		}
		r.add(LetterNumber, organ+"〔"+year+"〕"+n+"号", place{l, m[2], m[1]}.trimmed())
		return
	}
}

var letterParts = regexp.MustCompile(`([\p{Han}]{1,12}) ?[〔\[(【﹝［{<《「] ?((?:19|20)\d\d) ?年?[〕\])】﹞］}>》」] ?第? ?(\d{1,5}) ?号`)

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

var (
	untilOffer = regexp.MustCompile(`(?:有效期至|有效至|valid until|valid through|open until) ?`)
	daysForm   = regexp.MustCompile(`(?:有效期|有效|valid for|validity:?|open for)[^0-9\n]{0,8}(\d{1,3}) ?(?:天|日|days)`)
)

var proseAmount = regexp.MustCompile(`(?:合同|协议|报价|项目|变更|增加|本次|开发|服务|维护)?(?:总)?(?:金额|价款|总价|价格|费用|报价)(?:总计|合计)?[^0-9。;\n]{0,10}?(?:为|是|共计|计|:|人民币)|(?:total|fixed|contract|annual|monthly|additional|agreed) (?:fee|price|amount|sum|value|charge)s?[^0-9.;\n]{0,60}?(?:is|of|to|are) `)

// amount reads what it costs: behind a label, in a sentence, or under a total.
func (r *reader) amount() {
	done := func(p place, m money) bool {
		p = p.part(m.from, m.to)
		r.add(Amount, m.value, p)
		r.add(Currency, cmp.Or(m.currency, r.currency()), p)
		return true
	}
	prose := func() bool {
		for i := range r.t.lines {
			l := &r.t.lines[i]
			for _, at := range proseAmount.FindAllStringIndex(l.folded, 4) {
				end := runeEnd(l.folded, min(len(l.folded), at[1]+60))
				if m, ok := moneyIn(l.folded[at[1]:end], false); ok {
					return done(place{l, at[1], end}, m)
				}
			}
		}
		return false
	}
	words := labelsFor(r.typ, Amount)
	// 合计 and its like also stand under every table of instalments: in contracts the
	// sentence that names the price comes before them.
	vague := slices.Index(words, "合计")
	label := func(words []string) bool {
		return r.t.values(words, func(p place) bool {
			s := p.line.folded[p.from:]
			if at := strings.IndexByte(s, '\n'); at >= 0 {
				s = s[:at]
			}
			m, ok := moneyIn(p.folded(), true)
			if !ok || m.from > 24 {
				// Under a total the number stands cells away.
				if m, ok = lastMoney(s); !ok {
					return false
				}
				return done(place{p.line, p.from, p.from + len(s)}, m)
			}
			return done(p, m)
		})
	}
	_ = label(words[:vague]) || r.total(done) || prose() || label(words[vague:])
}

var totalWords = strings.Split("报价(含税)|含税总价|优惠后总价|报价总计|报价合计|总报价|总价|总计|合计|grand total|total due|total price|total", "|")

// total reads the row of a table that sums it up, in offers and bills.
func (r *reader) total(done func(place, money) bool) bool {
	if r.typ != document.TypeQuotation && r.typ != document.TypeInvoice {
		return false
	}
	for _, w := range totalWords {
		for i := range r.t.lines {
			l := &r.t.lines[i]
			from, end, ok := labelIn(l.folded, w, 0)
			if !ok || !r.t.labels(i, from, end) {
				continue
			}
			if m, ok := lastMoney(l.folded[end:]); ok {
				return done(place{l, end, len(l.folded)}, m)
			}
		}
	}
	return false
}

// lastMoney is the last amount of a line, at its end.
func lastMoney(s string) (last money, ok bool) {
	for at := 0; at < len(s); {
		m, found := moneyIn(s[at:], true)
		if !found {
			break
		}
		m.from, m.to = m.from+at, m.to+at
		if percent := strings.HasPrefix(strings.TrimSpace(s[m.to:]), "%"); !percent {
			last, ok = m, true
		}
		at = m.to
	}
	return last, ok
}

// currency is the one that the document names, where the amount names none.
func (r *reader) currency() string {
	for i := range r.t.lines {
		s := r.t.lines[i].folded
		for word, code := range map[string]string{"usd": "USD", "eur": "EUR", "gbp": "GBP", "hkd": "HKD", "(元)": "CNY", "人民币": "CNY"} {
			if strings.Contains(s, word) {
				return code
			}
		}
	}
	return "CNY"
}

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
