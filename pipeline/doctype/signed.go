package doctype

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// What Signed says.
const (
	SignedYes    = "yes"
	SignedPartly = "partly" // one side, or some of the names
	SignedNo     = "no"     // the places for it are empty
)

var (
	signLabel = regexp.MustCompile(`(?:甲方|乙方|双方|客户|供应商|供方|需方|验收)?(?:代表|单位)?(?:法定代表人|授权代表人?|委托代理人|代表人|负责人)?(?: ?\((?:盖章|公章|签章|签字|签名|签字盖章|盖章\)? ?\(签字)\)|签字|签名|签章|盖章)(?:\(盖章\)|盖章)? ?:|(?:法定代表人|授权代表|委托代理人|代表签字|代表签名)(?:\(签字\)|\(签名\)|\(盖章\))? ?:|(?:authori[sz]ed )?signature ?:|signed(?: by)? ?:|signed for (?:and on behalf of )?[^:\n]{2,60}:|authori[sz]ed signatory ?:|sign-off by ?:|\bby ?:`)
	sealed    = regexp.MustCompile(`/s/ |电子签章|电子印章|已盖章|已签字|\(公章\)已盖|docusign|e-signed|electronically signed|digitally signed|adobe sign|法大大|e签宝|数字签名`)
	signedIn  = regexp.MustCompile(`签字页|盖章|已签|签字版|签署版|双签|signed|executed|countersigned`)
	unsigned  = regexp.MustCompile(`未签|未盖|待签|unsigned|not signed|draft|草稿|初稿`)
	empty     = regexp.MustCompile(`^[ _\-.…:/\\|]*$`)
)

// signed tells from the places for signatures whether somebody has signed. A
// text can say no more than that a name stands there; a scan, whose name says that
// it is the signed copy, is believed.
func (r *reader) signed() {
	if r.signedFields() {
		return
	}
	name, _ := fold(r.name)
	filled, blank := 0, 0
	var where *place
	for i := range r.t.lines {
		l := &r.t.lines[i]
		if !mayBeSigned(l.folded) {
			continue
		}
		if m := sealed.FindStringIndex(l.folded); m != nil {
			r.add(Signed, SignedYes, place{l, m[0], m[1]})
			return
		}
		if len(l.folded) > 400 || l.heading {
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(l.folded), "signed for ") && !strings.Contains(l.folded, ":") && i+1 < len(r.t.lines) {
			where = cmp.Or(where, &place{l, 0, len(l.folded)})
			if next := r.t.lines[i+1].folded; !empty.MatchString(next) && !strings.HasPrefix(next, "date") {
				filled++
			} else {
				blank++
			}
			continue
		}
		all := signLabel.FindAllStringIndex(l.folded, 6)
		for n, m := range all {
			end := len(l.folded)
			if n+1 < len(all) {
				end = all[n+1][0]
			}
			p := place{l, m[0], end}
			if where == nil {
				where = &p
			}
			value := r.withoutFirms(l.folded[m[1]:end])
			if value == "" && n == len(all)-1 && i+1 < len(r.t.lines) && len(all) == 1 {
				if next := r.t.lines[i+1].folded; person(next) {
					value = next
				}
			}
			switch {
			case value == "" && strings.HasPrefix(l.folded[m[0]:], "signed for"): // the line for the name follows
			case who(value, l.folded[m[0]:m[1]]):
				filled++
			case seal(l.folded[m[0]:m[1]]): // the name of the firm is printed; a seal cannot be read
			default:
				blank++
			}
		}
	}
	switch {
	case where == nil:
		if m := signedIn.FindString(name); m != "" && !unsigned.MatchString(name) && len(r.t.lines) > 0 {
			r.add(Signed, SignedYes, place{&r.t.lines[0], 0, 0})
		}
	case filled > 0 && blank == 0:
		r.add(Signed, SignedYes, *where)
	case filled > 0:
		r.add(Signed, SignedPartly, *where)
	case signedIn.MatchString(name) && !unsigned.MatchString(name):
		r.add(Signed, SignedYes, *where)
	default:
		r.add(Signed, SignedNo, *where)
	}
}

// signedFields tells it by a PDF's signature fields, where it has any.
func (r *reader) signedFields() bool {
	var signed, all int
	if n, err := fmt.Sscanf(r.signatures, "%d/%d", &signed, &all); err != nil || n != 2 || len(r.t.lines) == 0 {
		return false
	}
	said := SignedPartly
	switch signed {
	case 0:
		said = SignedNo
	case all:
		said = SignedYes
	}
	r.add(Signed, said, place{&r.t.lines[0], 0, 0})
	return true
}

// mayBeSigned is a cheap look at a line, since most have nothing of a signature.
func mayBeSigned(s string) bool {
	for _, w := range []string{"签", "章", "代表", "代理人", "sign", "/s/", "by:", "by :", "adobe", "法大大"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// withoutFirms takes out of what stands at a place for a signature what is
// printed there: the next cell, and the names of the parties.
func (r *reader) withoutFirms(value string) string {
	value, _, _ = strings.Cut(strings.TrimLeft(value, "\t "), "\t")
	for _, detail := range []string{PartyA, PartyB} {
		if name, _ := fold(r.get(detail)); name != "" && !strings.HasPrefix(value, name) {
			value = strings.TrimSuffix(strings.TrimSpace(value), name)
		}
	}
	return value
}

// seal says that a label asks for a seal only.
func seal(label string) bool {
	return strings.Contains(label, "章") && !strings.Contains(label, "签字") && !strings.Contains(label, "签名")
}

// who says that a value names somebody who signed: a person, or on a line for
// persons anything but a firm.
func who(value, label string) bool {
	value = strings.TrimSpace(value)
	if at := strings.Index(value, "日期"); at >= 0 {
		value = value[:at]
	}
	if at := strings.Index(value, "date"); at >= 0 {
		value = value[:at]
	}
	if d, ok := dateIn(value); ok {
		value = value[:d.from]
	}
	value = strings.TrimSpace(value)
	if empty.MatchString(value) {
		return false
	}
	if seal(label) {
		return person(value)
	}
	return strings.ContainsFunc(value, unicode.IsLetter)
}

// person says that a text is a person's name and no firm's.
func person(s string) bool {
	s = strings.TrimSpace(s)
	if d, ok := dateIn(s); ok {
		s = strings.TrimSpace(s[:d.from])
	}
	n := len([]rune(s))
	if n < 2 || strings.ContainsAny(s, "0123456789:_&。;") {
		return false
	}
	for _, firm := range []string{"公司", "集团", "中心", "ltd", "inc", "gmbh", "llc", "局", "学校", "医院", "银行"} {
		if strings.Contains(s, firm) {
			return false
		}
	}
	words := len(strings.Fields(s))
	return wide([]rune(s)[0]) && n <= 5 || !wide([]rune(s)[0]) && words >= 2 && words <= 4 && n < 40
}
