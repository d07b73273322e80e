// Package naming checks names of files against the office's rule and proposes a
// better one for those that do not keep it. It renames nothing.
//
// A rule is a pattern such as {project}_{type}_{date}_v{version}: words in braces
// are what a name has to say, everything else stands there as it is.
package naming

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
)

// DefaultPattern is PROJ-20250801_SRS_20250820_v2.
const DefaultPattern = "{project}_{type}_{date}_v{version}"

// Parts of a name.
const (
	Project = "project"
	Type    = "type"
	Date    = "date"
	Version = "version"
	Title   = "title"
)

// forms are what each part looks like.
var forms = map[string]string{
	Project: `[A-Z]{2,8}-\d{4,8}(?:-\d{1,4})?`,
	Type:    `[A-Za-z][A-Za-z]*`,
	Date:    `(?:19|20)\d{6}`,
	Version: `\d+(?:\.\d+)*`,
	Title:   `[^_/\\]+`,
}

// codes are how types are written in names.
var codes = map[document.Type][]string{
	document.TypeContract: {"Contract", "SOW", "MSA"}, document.TypeSupplement: {"Supplement", "Addendum"}, document.TypeQuotation: {"Quotation"}, document.TypeSurvey: {"Survey"},
	document.TypeRequirements: {"SRS", "PRD"}, document.TypeDesign: {"Design", "HLD", "LLD"}, document.TypeInterface: {"Interface", "API"}, document.TypeDatabase: {"Database"},
	document.TypeTestCases: {"TestCases", "TestCase"}, document.TypeTestReport: {"TestReport"}, document.TypeDefects: {"DefectList", "BugList"}, document.TypeDeployment: {"DeploymentPlan", "RollbackPlan"},
	document.TypeManual: {"Manual", "UserManual"}, document.TypeTraining: {"Training"}, document.TypeAcceptance: {"AcceptanceReport", "UATSignOff"}, document.TypeMinutes: {"MeetingMinutes", "Minutes"},
	document.TypeChange: {"ChangeRequest"}, document.TypeMaintenance: {"MaintenanceContract", "SLA"}, document.TypeServiceRecord: {"ServiceRecord"}, document.TypeComplaint: {"Complaint"},
	document.TypeInvoice: {"Invoice"}, document.TypeLetter: {"OfficialLetter"},
}

// Code is how a type is written in a name; empty for those that have none.
func Code(t document.Type) string {
	if c := codes[t]; len(c) > 0 {
		return c[0]
	}
	return ""
}

// typeOf is the type that a code means.
func typeOf(code string) (document.Type, bool) {
	for _, t := range document.Types {
		if slices.ContainsFunc(codes[t], func(c string) bool { return strings.EqualFold(c, code) }) {
			return t, true
		}
	}
	return "", false
}

// Rule is a pattern that was read.
type Rule struct {
	pattern string
	form    *regexp.Regexp
	parts   []string
	pieces  []string // what stands between them, one more than there are parts
}

var part = regexp.MustCompile(`\{([a-z]+)\}`)

// ErrPattern is an unusable pattern.
var ErrPattern = errors.New("not a naming pattern")

// Read reads a pattern.
func Read(pattern string) (*Rule, error) {
	if !utf8.ValidString(pattern) {
		return nil, fmt.Errorf("%w: %q is not UTF-8", ErrPattern, pattern)
	}
	r := &Rule{pattern: pattern}
	var b strings.Builder
	b.WriteString("^")
	at := 0
	for _, m := range part.FindAllStringSubmatchIndex(pattern, -1) {
		name := pattern[m[2]:m[3]]
		form, ok := forms[name]
		if !ok {
			return nil, fmt.Errorf("%w: {%s} is none of {project} {type} {date} {version} {title}", ErrPattern, name)
		}
		if slices.Contains(r.parts, name) {
			return nil, fmt.Errorf("%w: {%s} stands in it twice", ErrPattern, name)
		}
		r.parts, r.pieces = append(r.parts, name), append(r.pieces, pattern[at:m[0]])
		b.WriteString(regexp.QuoteMeta(pattern[at:m[0]]) + "(" + form + ")")
		at = m[1]
	}
	r.pieces = append(r.pieces, pattern[at:])
	if len(r.parts) == 0 {
		return nil, fmt.Errorf("%w: %q has no part in braces", ErrPattern, pattern)
	}
	b.WriteString(regexp.QuoteMeta(pattern[at:]) + "$")
	r.form = regexp.MustCompile(b.String())
	return r, nil
}

// String is the pattern.
func (r *Rule) String() string { return r.pattern }

// What is wrong with a name. The list is closed; pages and reports translate it.
const (
	Shape      = "shape"       // it does not look like the rule at all
	WrongType  = "type"        // it calls itself what it is not, or something unknown
	WrongDate  = "date"        // no day
	WrongFacts = "project"     // its project is another one than its text names
	NoVersion  = "version"     // no version where the rule wants one
	Characters = "characters"  // signs that Windows refuses, or blanks at the ends
	TooLong    = "too-long"    // more than 255 bytes, which most file systems refuse
	DoubleExt  = "double-type" // report.pdf.exe
)

// Known is what is known of a file beside its name; empty where nothing is.
type Known struct {
	Project string
	Type    document.Type
	Date    time.Time
	Version []int
	Title   string
}

// Verdict is what is said of a name.
type Verdict struct {
	OK       bool              `json:"ok"`
	Problems []string          `json:"problems,omitempty"`
	Parts    map[string]string `json:"parts,omitempty"`
	Proposal string            `json:"proposal,omitempty"` // empty: what is known is not enough for one
	Missing  []string          `json:"missing,omitempty"`  // what would be needed for one
}

// Check checks a name and proposes a better one where it is wrong.
func (r *Rule) Check(name string, known Known) Verdict {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	v := Verdict{Parts: map[string]string{}}
	m := r.form.FindStringSubmatch(stem)
	if m == nil {
		v.Problems = append(v.Problems, Shape)
	}
	for i, p := range r.parts {
		if m != nil {
			v.Parts[p] = m[i+1]
		}
	}
	v.Problems = append(v.Problems, r.wrong(v.Parts, known)...)
	v.Problems = append(v.Problems, unsafe(name)...)
	v.OK = len(v.Problems) == 0
	if !v.OK {
		v.Proposal, v.Missing = r.propose(v.Parts, known, ext)
		if v.Proposal == name {
			v.Proposal = ""
		}
	}
	if len(v.Parts) == 0 {
		v.Parts = nil
	}
	return v
}

// wrong compares what a name says with what is known.
func (r *Rule) wrong(parts map[string]string, known Known) (out []string) {
	if code, ok := parts[Type]; ok {
		t, named := typeOf(code)
		if !named || known.Type != "" && known.Type != document.TypeOther && t != known.Type {
			out = append(out, WrongType)
		}
	}
	if date, ok := parts[Date]; ok {
		if _, err := time.Parse("20060102", date); err != nil {
			out = append(out, WrongDate)
		}
	}
	if project, ok := parts[Project]; ok && known.Project != "" && !strings.EqualFold(project, known.Project) {
		out = append(out, WrongFacts)
	}
	return out
}

// unsafe are signs that some system refuses in a name.
func unsafe(name string) (out []string) {
	if strings.ContainsAny(name, `<>:"|?*`) || strings.TrimSpace(name) != name || strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), " ") {
		out = append(out, Characters)
	}
	if len(name) > 255 {
		out = append(out, TooLong)
	}
	inner := strings.ToLower(path.Ext(strings.TrimSuffix(name, path.Ext(name))))
	if inner != "" && slices.Contains([]string{".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".png"}, inner) {
		out = append(out, DoubleExt)
	}
	return out
}

// propose writes the name that the rule asks for, from what is known and what the
// name says already.
func (r *Rule) propose(parts map[string]string, known Known, ext string) (name string, missing []string) {
	var b strings.Builder
	for i, p := range r.parts {
		b.WriteString(r.pieces[i])
		value := ""
		switch p {
		case Project:
			value = strings.ToUpper(known.Project)
		case Type:
			if t, ok := typeOf(parts[Type]); ok && (known.Type == "" || t == known.Type) {
				value = parts[Type]
			} else {
				value = Code(known.Type)
			}
		case Date:
			if !known.Date.IsZero() {
				value = known.Date.Format("20060102")
			}
		case Version:
			value = "1"
			if len(known.Version) > 0 {
				var numbers []string
				for _, n := range known.Version {
					numbers = append(numbers, strconv.Itoa(n))
				}
				value = strings.Join(numbers, ".")
			}
		case Title:
			value = clean(known.Title)
		}
		if value == "" && p != Type {
			value = parts[p]
		}
		if value == "" {
			missing = append(missing, p)
		}
		b.WriteString(value)
	}
	b.WriteString(r.pieces[len(r.parts)])
	if len(missing) > 0 {
		return "", missing
	}
	return b.String() + strings.ToLower(ext), nil
}

// clean makes a title a part of a name.
func clean(s string) string {
	const most = 60
	r := []rune(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`<>:"/\|?*_`, r) || r < ' ' }), " "))
	return strings.TrimSpace(string(r[:min(len(r), most)]))
}
