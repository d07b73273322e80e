package terms

import "strings"

// Rule sets a tag on documents whose title or text holds one of Any and none
// of Not. Words are compared in lower case.
type Rule struct {
	Tag string
	Any []string
	Not []string
}

// DefaultRules are the tags of a software firm's daily mail. Not lists what
// would say the opposite, such as an acceptance that did not pass.
func DefaultRules() []Rule {
	return []Rule{
		{Tag: "需求变更", Any: []string{"需求变更", "变更需求", "需求调整", "变更申请", "change request", "requirement change", "scope change"},
			Not: []string{"无需求变更", "没有需求变更", "no change request"}},
		{Tag: "验收通过", Any: []string{"验收通过", "通过验收", "验收合格", "通过了验收", "acceptance passed", "passed acceptance", "passed the acceptance"},
			Not: []string{"验收未通过", "未验收通过", "未通过验收", "没有通过验收", "not passed acceptance"}},
		{Tag: "高优先级", Any: []string{"高优先级", "优先级：高", "优先级: 高", "优先级高", "紧急", "加急", "high priority", "priority: high", "urgent"},
			Not: []string{"不紧急", "非紧急", "not urgent"}},
	}
}

// Tags gives the tags of a text (see TextOf) in the order of the rules.
func Tags(text string, rules []Rule) []string {
	text = strings.ToLower(text)
	var out []string
	for _, r := range rules {
		if holds(text, r.Any) && !holds(text, r.Not) {
			out = append(out, r.Tag)
		}
	}
	return out
}

func holds(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, strings.ToLower(w)) {
			return true
		}
	}
	return false
}
