package dossier

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline/index"
)

// featuresVersion is raised when the same text would give other features.
const featuresVersion = "features-1"

// Bounds of what is kept of one text. A price list of all customers is told by
// the first of them as well as by a thousand.
const (
	maxText      = 256 << 10 // bytes looked at
	headRunes    = 400       // of the beginning, where a document says what it is about
	partyReach   = 24        // characters before a name in which 甲方 makes it a party
	maxMentions  = 40
	maxAddresses = 12
	maxOrgs      = 12
	maxNumbers   = 12
)

// zone is where a word stands; the first is the most telling.
type zone string

const (
	inParty zone = "p" // named as a party: 甲方, Client
	inHead  zone = "h"
	inBody  zone = "b"
)

// Features is what a text is assigned by.
type Features struct {
	Mentions  []Mention  `json:"m,omitempty"`
	Addresses []string   `json:"a,omitempty"` // of mail, in the text
	Orgs      []string   `json:"o,omitempty"` // firms that are named, for proposals
	Numbers   []string   `json:"n,omitempty"` // by their form of a project or a contract, for proposals
	Signature *Signature `json:"s,omitempty"`
}

// Mention is a word of the list in a text: in its most telling zone, and how
// often in all.
type Mention struct {
	Word  string `json:"w"` // normalised
	Zone  zone   `json:"z"`
	Times int    `json:"n"`
}

// Part is a piece of a text and what it is: "signature" and "quote" of a mail.
type Part struct {
	Part, Heading, Text string
}

// Made names what features are made of.
func Made(reading string) string { return featuresVersion + " " + reading }

// String is how features are kept.
func (f *Features) String() string {
	out, err := json.Marshal(f)
	if err != nil {
		return "{}"
	}
	return string(out)
}

// ParseFeatures reads what String wrote; damaged ones are none.
func ParseFeatures(s string) *Features {
	f := &Features{}
	if s == "" || s == "{}" || json.Unmarshal([]byte(s), f) != nil {
		return &Features{}
	}
	return f
}

// parties are the words behind which somebody's name makes him a party.
var parties = []string{"甲方", "委托方", "委托人", "买方", "需方", "采购方", "采购人", "发包方", "发包人", "客户", "用户单位", "建设单位", "业主", "招标人", "购买方", "收件单位", "致", "抬头",
	"client", "customer", "party a", "buyer", "purchaser", "bill to", "billed to", "prepared for", "licensee", "between", "to:"}

// Look finds in a text what assigns it.
func (w *Words) Look(parts []Part, mail bool) *Features {
	f := &Features{}
	at := map[string]int{}
	seen := looked{f: f, orgs: map[string]bool{}, numbers: map[string]bool{}}
	runes := 0
	for l := range lines(parts) {
		p := l.part
		if mail && l.first && p.Part == "signature" && f.Signature == nil {
			f.Signature = ReadSignature(l.whole)
		}
		seen.line(l.text)
		line := index.Normalise(l.text)
		w.find(line, func(word string, from, to int) {
			if w.another(word, line, from, to) {
				return
			}
			z := inBody
			switch {
			case party(line, from):
				z = inParty
			case strings.HasPrefix(line[to:], "_"): // of a file that is named: perhaps an example
			case runes < headRunes && p.Part != "quote" && p.Part != "signature":
				z = inHead
			}
			i, ok := at[word]
			if !ok {
				if len(f.Mentions) == maxMentions {
					return
				}
				i = len(f.Mentions)
				at[word] = i
				f.Mentions = append(f.Mentions, Mention{Word: word, Zone: z})
			}
			m := &f.Mentions[i]
			m.Times++
			if rank(z) < rank(m.Zone) {
				m.Zone = z
			}
		})
		if runes < headRunes {
			runes += utf8.RuneCountInString(line)
		}
	}
	slices.SortFunc(f.Mentions, func(a, b Mention) int { return cmp.Compare(a.Word, b.Word) })
	slices.Sort(f.Addresses)
	slices.Sort(f.Orgs)
	slices.Sort(f.Numbers)
	return f
}

// textLine is a line that is looked at, with the part that it is of.
type textLine struct {
	part  *Part
	whole string // of the part, as far as it is looked at
	text  string
	first bool
}

// lines are the lines of a text, as far as it is looked at.
func lines(parts []Part) iter.Seq[textLine] {
	return func(yield func(textLine) bool) {
		left := maxText
		for i := range parts {
			if left <= 0 {
				return
			}
			l := textLine{part: &parts[i], whole: parts[i].Text, first: true}
			if l.part.Heading != "" {
				l.whole = l.part.Heading + "\n" + l.whole
			}
			if len(l.whole) > left {
				l.whole = strings.ToValidUTF8(l.whole[:left], "")
			}
			left -= len(l.whole)
			for l.text = range strings.SplitSeq(l.whole, "\n") {
				if !yield(l) {
					return
				}
				l.first = false
			}
		}
	}
}

func rank(z zone) int { return strings.Index("phb", string(z)) }

// party says that a name at from is named as a party in its line.
func party(line string, from int) bool {
	begin := from
	for n := 0; begin > 0 && n < partyReach; n++ {
		_, size := utf8.DecodeLastRuneInString(line[:begin])
		begin -= size
	}
	before := line[begin:from]
	for _, p := range parties {
		i := strings.LastIndex(before, p)
		if i < 0 {
			continue
		}
		// Between them stands what marks a field, or nothing: in 客户要求华信… nobody is named.
		gap := strings.TrimFunc(before[i+len(p):], func(r rune) bool {
			return strings.ContainsRune(" :：(（)）|;甲方名称单位全称盖章称为名is is", r)
		})
		if gap == "" {
			return true
		}
	}
	return false
}

// another says that a short name is only the beginning of another firm's: 华信 in
// 华信达软件有限公司. What stands between must be Han without words that part
// sentences.
func (w *Words) another(word, line string, from, to int) bool {
	if !w.weak(word) {
		return false
	}
	rest := line[to:]
	gap := 0
	for i, r := range rest {
		for _, suffix := range firmEnds {
			if strings.HasPrefix(rest[i:], suffix) {
				return gap > 0 && !strings.Contains(line[from:to+i], "集团") && !industry(rest[:i])
			}
		}
		if !unicode.Is(unicode.Han, r) || strings.ContainsRune("与和及跟给向对由是的在把被让为同等请于", r) || gap == 12 {
			return false
		}
		gap++
	}
	return false
}

// weak says that a word may be the beginning of a longer name.
func (w *Words) weak(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return unicode.Is(unicode.Han, last) && slices.ContainsFunc(w.targets[word], func(t target) bool { return t.class == short || t.class == middle })
}

// industry says that what stands between a short name and its form is only what
// the firm does: 华信 + 制造 + 有限公司 may be the same 华信.
func industry(s string) bool {
	for _, word := range []string{"股份", "制造", "物流", "科技", "实业", "集团", "控股", "电子", "机械", "贸易", "发展"} {
		s = strings.ReplaceAll(s, word, "")
	}
	return s == ""
}

var firmEnds = []string{"有限公司", "有限责任公司", "股份有限公司", "公司", "集团", "银行", "医院", "大学", "研究院"}

// looked gathers what a text names, whatever the list says.
type looked struct {
	f             *Features
	orgs, numbers map[string]bool
}

// line looks through one line as it was written.
func (l *looked) line(line string) {
	if len(l.f.Addresses) < maxAddresses && strings.Contains(line, "@") {
		for _, a := range addressesIn(line) {
			if len(l.f.Addresses) < maxAddresses && !slices.Contains(l.f.Addresses, a) {
				l.f.Addresses = append(l.f.Addresses, a)
			}
		}
	}
	if len(l.f.Orgs) < maxOrgs {
		for _, o := range firmsIn(line) {
			if len(l.f.Orgs) < maxOrgs && !l.orgs[o] {
				l.orgs[o] = true
				l.f.Orgs = append(l.f.Orgs, o)
			}
		}
	}
	if len(l.f.Numbers) < maxNumbers && strings.ContainsAny(line, "0123456789") {
		for _, n := range numbersIn(line) {
			if len(l.f.Numbers) < maxNumbers && !l.numbers[n] {
				l.numbers[n] = true
				l.f.Numbers = append(l.f.Numbers, n)
			}
		}
	}
}

// addressesIn are the mail addresses of a line.
func addressesIn(line string) (out []string) {
	for i := strings.IndexByte(line, '@'); i >= 0; {
		from, to := i, i+1
		for from > 0 && addressByte(line[from-1]) {
			from--
		}
		for to < len(line) && addressByte(line[to]) {
			to++
		}
		a := strings.ToLower(strings.Trim(line[from:to], "._-+%"))
		if local, domain, ok := strings.Cut(a, "@"); ok && local != "" && strings.Contains(domain, ".") && len(a) <= 120 {
			out = append(out, a)
		}
		next := strings.IndexByte(line[to:], '@')
		if next < 0 {
			break
		}
		i = to + next
	}
	return out
}

func addressByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-+%", c) >= 0
}

// firmsIn are the firms that a line names by their legal form.
func firmsIn(line string) (out []string) {
	for rest, at := line, 0; ; {
		i := strings.Index(rest, "有限公司")
		if i < 0 {
			break
		}
		end := at + i
		from := end
		for range 20 {
			r, size := utf8.DecodeLastRuneInString(line[:from])
			if size == 0 || !unicode.Is(unicode.Han, r) && !strings.ContainsRune("（）()", r) || strings.ContainsRune("与和及由向为是的致在", r) {
				break
			}
			from -= size
		}
		name := strings.TrimLeft(line[from:end], "（）()")
		for _, label := range []string{"甲方", "乙方", "丙方", "客户名称", "公司名称", "单位名称", "委托方", "受托方", "供方", "需方", "买方", "卖方"} {
			name = strings.TrimPrefix(name, label)
		}
		if n := utf8.RuneCountInString(name); n >= 3 {
			out = append(out, name+"有限公司")
		}
		at = end + len("有限公司")
		rest = line[at:]
	}
	return out
}

// numbersIn are a line's words of the form of a number of a project or contract:
// letters, then at least six digits, with hyphens or without.
func numbersIn(line string) (out []string) {
	for i := 0; i < len(line); {
		if c := line[i]; c < 'A' || c > 'Z' || i > 0 && (addressByte(line[i-1]) && line[i-1] != '_' && line[i-1] != '-') {
			i++
			continue
		}
		j, letters, digits := i, 0, 0
		for j < len(line) && line[j] >= 'A' && line[j] <= 'Z' {
			j++
			letters++
		}
		for j < len(line) && (line[j] >= '0' && line[j] <= '9' || line[j] == '-' && j+1 < len(line) && line[j+1] >= '0' && line[j+1] <= '9') {
			if line[j] != '-' {
				digits++
			}
			j++
		}
		if letters >= 2 && letters <= 8 && digits >= 6 && digits <= 12 {
			out = append(out, line[i:j])
		}
		i = max(j, i+1)
	}
	return out
}
