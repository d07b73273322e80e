package minutes

import (
	"strings"
)

// Forms in which somebody is given something to do.
var (
	titledHan = `[\p{Han}]{1,2}(?:经理|总监|总|工|老师|主任|博士|主管|部长|院长)`
	givenHan  = re(`(?:请|麻烦|由|让|交给)(` + titledHan + `)|^(` + titledHan + `)(?:，|：|请|你|这|本|下|明|今|在|负责|把|来|去|周)|(?:，|。)(` + titledHan + `)(?:这|本|下|明|在|负责|把)|由(\p{Han}{2,4}?)(?:负责|来|提供|牵头|整理|确认|在)`)
	namedHan  = re(`(?:^|，|。|；)(\p{Han}{2,3})(?:这周|本周|下周|今天|明天|后天|月底|年底|周[一二三四五六日天]|\d{1,2}月|在?\d{1,2}[日号])`)
	groupsHan = re(`^(?:我们|咱们|你们|他们|大家|双方|各位|甲方|乙方|对方|这个|那个|专人|谁)`)
	givenEn   = re(`\b([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,? (?:please|will|can you|could you|to)\b|, (?:you|I (?:need|want) you|I(?:'d| would) like you)\b)|\bplease,? ([A-Z][a-z]+)\b`)
	notNames  = wordSet("I We You They It The This That What There He She And But So Then Please Okay Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Next Who Which Everybody Everyone Somebody Someone Nobody")
)

// owner is who is to do what a sentence says: the one who says that he will,
// somebody who was at the meeting and is named as doing it, or a name as it was
// said. Nobody is guessed, and 林经理 stays 林经理.
func (m *Minutes) owner(c clause) string {
	if hanCount(c.text) > 0 {
		return m.ownerHan(c)
	}
	for _, g := range givenEn().FindAllStringSubmatch(c.text, -1) {
		name := or(g[1], g[2])
		first, second, _ := strings.Cut(name, " ")
		if notNames[first] || second != "" && strings.HasPrefix(second, first) { // Mana Manager
			continue
		}
		if full := m.attendee(first); full != "" && strings.HasSuffix(full, second) {
			return full
		}
		return name
	}
	if selfCue().MatchString(c.text) {
		return c.speaker
	}
	return ""
}

func (m *Minutes) ownerHan(c clause) string {
	for _, a := range m.Attendees {
		for _, name := range []string{a.Name} {
			i := strings.Index(c.text, name)
			if name == "" || i < 0 {
				continue
			}
			rest := c.text[i+len(name):]
			if strings.HasSuffix(c.text[:i], "给") || strings.HasPrefix(rest, "说") || strings.HasPrefix(rest, "的") || strings.HasPrefix(rest, "刚才") {
				continue // he gets it, or said it
			}
			return name
		}
	}
	for _, g := range givenHan().FindAllStringSubmatch(c.text, -1) {
		for _, name := range g[1:] {
			if name != "" && !groupsHan().MatchString(name) {
				return name
			}
		}
	}
	if selfCue().MatchString(c.text) || strings.Contains(c.text, "由我") {
		return c.speaker
	}
	// 刘芳这周开发票: somebody who was not there, by the form of her name.
	for _, g := range namedHan().FindAllStringSubmatch(c.text, -1) {
		if isName(g[1]) {
			return g[1]
		}
	}
	return ""
}

// attendee is the only one who was there with that given name.
func (m *Minutes) attendee(first string) string {
	found := ""
	for _, a := range m.Attendees {
		given, _, _ := strings.Cut(a.Name, " ")
		if given == first || a.Name == first {
			if found != "" {
				return ""
			}
			found = a.Name
		}
	}
	return found
}
