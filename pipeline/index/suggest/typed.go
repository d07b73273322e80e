package suggest

import (
	"strings"

	"guidang/pipeline/index"
)

// typed is a query taken apart at the word that is being typed.
type typed struct {
	before string // what stays: other words
	sign   string // a minus, an operator with its colon
	key    string // the word as it is compared
	kinds  []Kind // of its operator; nil: any
}

// behind is what operators complete to.
var behind = map[string][]Kind{
	"from": {Person}, "发件人": {Person}, "to": {Person}, "收件人": {Person}, "who": {Person}, "人": {Person},
	"customer": {Customer}, "客户": {Customer}, "project": {Project}, "项目": {Project}, "tag": {Tag}, "标签": {Tag},
	"title": {Title, Term}, "标题": {Title, Term},
}

// lastOf finds what is being typed: the last word, or the last phrase if it is
// not closed yet.
func lastOf(text string) typed {
	var t typed
	at := 0
	quote := false
	for i, r := range text {
		switch {
		case strings.ContainsRune("\"“”„＂«»「」『』", r):
			if quote = !quote; !quote {
				at = i + len(string(r)) // a closed phrase is finished
			}
		case !quote && (r == ' ' || r == '\t' || r == '\u3000' || strings.ContainsRune("，、；。！？", r)):
			at = i + len(string(r))
		}
	}
	t.before, text = text[:at], text[at:]
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		t.sign, text = "-", rest
	}
	for _, colon := range []string{":", "："} {
		name, value, ok := strings.Cut(text, colon)
		if ok && behind[strings.ToLower(name)] != nil {
			t.sign, t.kinds, text = t.sign+name+":", behind[strings.ToLower(name)], value
			break
		}
	}
	t.key = index.Normalise(strings.Trim(text, "\"“”„＂«»「」『』"))
	return t
}

// complete is the query with a name in place of what was typed.
func (t *typed) complete(kind Kind, text string) string {
	sign := t.sign
	if t.kinds == nil {
		switch kind {
		case Person:
			sign += "who:"
		case Customer, Project, Tag:
			sign += string(kind) + ":"
		case Term, Title:
		}
	}
	if strings.ContainsAny(text, " \t") || strings.ContainsFunc(text, parts) || kind == Term && needsQuotes(text) {
		text = `"` + strings.ReplaceAll(text, `"`, " ") + `"`
	}
	return t.before + sign + text
}

// parts says that a character would end a word of a query.
func parts(r rune) bool {
	return strings.ContainsRune("，、；。！？\u3000“”„＂«»「」『』\"", r)
}

// needsQuotes says that a word would be read as a mark of the query language.
func needsQuotes(s string) bool {
	return s == "OR" || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "－") || strings.HasSuffix(s, "*") || strings.ContainsAny(s, ":：")
}
