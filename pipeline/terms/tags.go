package terms

import "strings"

// Rule sets a tag on documents whose title or text holds one of Any elsewhere
// than within one of Not. Words are compared in lower case.
type Rule struct {
	Tag string
	Any []string
	Not []string
}

// DefaultRules are the tags of a software firm's daily mail. Not lists what
// would say the opposite, such as an acceptance that did not pass, or what has
// not come yet, as a contract says it of the payment after acceptance.
func DefaultRules() []Rule {
	return []Rule{
		{Tag: "需求变更", Any: []string{"需求变更", "变更需求", "需求调整", "变更申请", "change request", "requirement change", "scope change"},
			Not: []string{"无需求变更", "没有需求变更", "no change request"}},
		{Tag: "验收通过", Any: []string{"验收通过", "通过验收", "验收合格", "通过了验收", "acceptance passed", "passed acceptance", "passed the acceptance"},
			Not: []string{"验收未通过", "未验收通过", "未通过验收", "没有通过验收", "not passed acceptance",
				"验收通过后", "验收合格后", "通过验收后", "验收通过之后", "验收合格之后", "验收通过前", "验收合格前", "待验收通过", "待验收合格"}},
		{Tag: "高优先级", Any: []string{"高优先级", "优先级：高", "优先级: 高", "优先级高", "紧急", "加急", "high priority", "priority: high", "urgent"},
			Not: []string{"不紧急", "非紧急", "not urgent"}},
	}
}

// Tags gives the tags of a text (see TextOf) in the order of the rules.
func Tags(text string, rules []Rule) []string {
	text = strings.ToLower(text)
	var out []string
	for _, r := range rules {
		if holds(text, r.Any) && holds(without(text, r.Not), r.Any) {
			out = append(out, r.Tag)
		}
	}
	return out
}

// without cuts the phrases out of a text.
func without(text string, phrases []string) string {
	for _, p := range phrases {
		text = strings.ReplaceAll(text, strings.ToLower(p), " ")
	}
	return text
}

func holds(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, strings.ToLower(w)) {
			return true
		}
	}
	return false
}
