package doctype

import (
	"regexp"
	"strings"

	"guidang/extractors/document"
)

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
			if !mayHaveCode(l.folded) {
				continue
			}
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

// mayHaveCode says whether a figure stands behind a letter, with or without a
// hyphen or a slash between them, as in all that contractForm and projectForm find:
// most lines have none, and the expressions took a third of Judge.
func mayHaveCode(folded string) bool {
	for i := 1; i < len(folded); i++ {
		if c := folded[i]; c < '0' || c > '9' {
			continue
		}
		before := folded[i-1]
		if i > 1 && (before == '-' || before == '/') {
			before = folded[i-2]
		}
		if before >= 'a' && before <= 'z' {
			return true
		}
	}
	return false
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
