package doctype

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"guidang/extractors/document"
)

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
