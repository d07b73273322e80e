package dossier

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// class says how much a word of the list tells where it stands.
type class uint8

// Classes, the most telling first.
const (
	number  class = iota // of a project or contract
	full                 // a customer's full name, or what is as long as one
	middle               // three Han characters, or a Latin word
	short                // two Han characters: 华信 stands within 中华信托 too
	initial              // up to three Latin letters
	project              // a project's name: every second customer has an 订单管理系统
)

// target is what a word points at: numbers of a customer and a project in the
// list's order; project -1 is none.
type target struct {
	customer, project int
	class             class
}

// Words are what a list makes worth looking for: names, aliases, numbers.
type Words struct {
	Customers []*ledger.Customer // by name
	Projects  []*ledger.Project  // by key

	customerOf []int            // of each project
	byDomain   map[string][]int // domain to customers
	byContact  map[string][]int // address of a contact to customers
	byName     map[string][]int // name of a contact to customers
	targets    map[string][]target
	shown      map[string]string    // a word as the list writes it
	begins     map[[2]rune][]string // words by their first two characters, longest first
	print      string
}

// Compile makes the words of customers and projects.
func Compile(customers []*ledger.Customer, projects []*ledger.Project) *Words {
	w := &Words{Customers: slices.Clone(customers), Projects: slices.Clone(projects), byDomain: map[string][]int{}, byContact: map[string][]int{},
		byName: map[string][]int{}, targets: map[string][]target{}, shown: map[string]string{}, begins: map[[2]rune][]string{}}
	slices.SortFunc(w.Customers, func(a, b *ledger.Customer) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(w.Projects, func(a, b *ledger.Project) int { return strings.Compare(a.Key, b.Key) })
	at := map[int64]int{}
	for i, c := range w.Customers {
		at[c.ID] = i
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			w.add(name, target{i, -1, classOf(name)})
		}
		for _, d := range c.Domains {
			if d = strings.ToLower(strings.TrimPrefix(d, "@")); d != "" && !PublicMail(d) {
				w.byDomain[d] = append(w.byDomain[d], i)
			}
		}
		for _, p := range c.Contacts {
			if p.Address != "" {
				w.byContact[strings.ToLower(p.Address)] = append(w.byContact[strings.ToLower(p.Address)], i)
			}
			if utf8.RuneCountInString(p.Name) > 1 {
				w.byName[p.Name] = append(w.byName[p.Name], i)
			}
		}
	}
	for i, p := range w.Projects {
		c := at[p.CustomerID]
		w.customerOf = append(w.customerOf, c)
		for _, n := range append([]string{p.Number}, p.Contracts...) {
			w.number(n, target{c, i, number})
		}
		if utf8.RuneCountInString(p.Name) >= 3 {
			w.add(p.Name, target{c, i, project})
		}
	}
	w.finish()
	return w
}

// Fingerprint names what is looked for in texts. Whatever else changes in a
// list needs no text.
func (w *Words) Fingerprint() string { return w.print }

// Empty says that there is nothing to assign to.
func (w *Words) Empty() bool { return len(w.Customers) == 0 }

// classOf is the class of a customer's name.
func classOf(name string) class {
	han, letters := 0, 0
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			letters++
		}
	}
	switch {
	case han >= 4 || letters >= 8:
		return full
	case han >= 3 || letters >= 4 || han+letters >= 4:
		return middle
	case han >= 2:
		return short
	}
	return initial
}

func (w *Words) add(word string, t target) {
	written := word
	word = index.Normalise(word)
	if utf8.RuneCountInString(word) < 2 || slices.Contains(w.targets[word], t) {
		return
	}
	w.targets[word] = append(w.targets[word], t)
	if w.shown[word] == "" {
		w.shown[word] = written
	}
}

// number adds a number in the forms in which people write it: HT-2025-0725,
// HT20250725, HT_2025_0725.
func (w *Words) number(n string, t target) {
	written := n
	n = index.Normalise(n)
	digits := 0
	for _, r := range n {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if len(n) < 5 || digits < 3 { // "A-1" stands anywhere
		return
	}
	for _, sep := range []string{"-", "", "_"} {
		form := strings.Map(func(r rune) rune {
			switch r {
			case '-', '_', '/', '.', ' ':
				if sep == "" {
					return -1
				}
				return rune(sep[0])
			}
			return r
		}, n)
		w.add(form, t)
		w.shown[form] = written
	}
	w.add(n, t)
	w.shown[n] = written
}

func (w *Words) finish() {
	words := make([]string, 0, len(w.targets))
	for word := range w.targets {
		words = append(words, word)
	}
	w.begin(words)
	w.print = FingerprintOf(w.LookedFor())
}

// begin makes words findable.
func (w *Words) begin(words []string) {
	// Longest first: 华信制造 is not 华信.
	slices.SortFunc(words, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, word := range words {
		key := firstTwo(word)
		w.begins[key] = append(w.begins[key], word)
	}
}

func firstTwo(s string) (key [2]rune) {
	r, n := utf8.DecodeRuneInString(s)
	key[0] = r
	if n < len(s) {
		key[1], _ = utf8.DecodeRuneInString(s[n:])
	}
	return key
}

// find calls fn for every word of the list in a normalised line, from left to
// right, the longest at each place, none within another.
func (w *Words) find(line string, fn func(word string, from, to int)) {
	before := rune(0)
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		next, _ := utf8.DecodeRuneInString(line[i+n:])
		word := ""
		if list := w.begins[[2]rune{r, next}]; list != nil {
			word = longest(list, line, i, before)
		}
		if word == "" {
			before = r
			i += n
			continue
		}
		fn(word, i, i+len(word))
		i += len(word)
		before, _ = utf8.DecodeLastRuneInString(word)
	}
}

// longest is the longest word of a list that stands at i by itself.
func longest(list []string, line string, i int, before rune) string {
	for _, word := range list {
		if !strings.HasPrefix(line[i:], word) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(word)
		last, _ := utf8.DecodeLastRuneInString(word)
		after, _ := utf8.DecodeRuneInString(line[i+len(word):])
		if latin(first) && latin(before) {
			continue
		}
		// A supplement is named by its contract's number and a letter; one more
		// digit is another number.
		if digit(last) && digit(after) || latin(last) && !digit(last) && latin(after) {
			continue
		}
		return word
	}
	return ""
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func latin(r rune) bool {
	return r >= 'a' && r <= 'z' || digit(r) || r >= 0xc0 && r < 0x250 && unicode.IsLetter(r)
}

// ofAddress are the customers of an address: of its domain, or of a contact.
func (w *Words) ofAddress(address string) (customers []int, contact bool) {
	if c := w.byContact[address]; c != nil {
		return c, true
	}
	_, domain, ok := strings.Cut(address, "@")
	for ok && domain != "" {
		if c := w.byDomain[domain]; c != nil {
			return c, false
		}
		_, domain, ok = strings.Cut(domain, ".") // mail.huaxin.example
	}
	return nil, false
}

// publicMail are services at which everybody has an address: a domain of theirs
// tells nothing of a firm.
var publicMail = []string{"qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "188.com", "vip.163.com", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "139.com", "189.cn",
	"wo.cn", "21cn.com", "tom.com", "aliyun.com", "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "yahoo.com", "yahoo.com.cn", "yahoo.cn", "icloud.com", "me.com",
	"mac.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "zoho.com", "139.com.cn", "hinet.net", "pchome.com.tw", "netvigator.com"}

// PublicMail says that a domain is a public mail service's.
func PublicMail(domain string) bool { return slices.Contains(publicMail, domain) }
