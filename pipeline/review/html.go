package review

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Parse(reportPage))

// page is what the template is given.
type page struct {
	*Report

	english bool
}

// HTML writes a report as one page that loads nothing, to be printed or sent.
func (r *Report) HTML(w io.Writer, english bool) error {
	return reportTemplate.Execute(w, page{r, english})
}

// T gives a word.
func (p page) T(key string) string { return Say(key, p.english) }

// Lang is the page's language.
func (p page) Lang() string { return said{"zh-CN", "en"}.in(p.english) }

func (s said) in(english bool) string {
	if english {
		return s.en
	}
	return s.zh
}

// Group is a customer's findings.
type Group struct {
	Customer string
	Findings []Finding
}

// Groups parts the findings by customer; they are in that order already.
func (r *Report) Groups() []Group {
	var out []Group
	for _, f := range r.Findings {
		if len(out) == 0 || out[len(out)-1].Customer != f.Customer {
			out = append(out, Group{Customer: f.Customer})
		}
		out[len(out)-1].Findings = append(out[len(out)-1].Findings, f)
	}
	return out
}

// Title is what a finding is of, in words.
func (f *Finding) Title(english bool) string {
	if f.Type != "" && (f.Sort == SortMissing || f.Subject == "") {
		return Say("type."+string(f.Type), english)
	}
	return f.Subject
}

// Said is a finding's detail in words.
func (f *Finding) Said(english bool) string {
	parts := strings.Split(f.Detail, ", ")
	for i, p := range parts {
		word, number, _ := strings.Cut(p, " ")
		if w, ok := words["detail."+word]; ok {
			parts[i] = strings.TrimSpace(w.in(english) + " " + number)
		}
	}
	return strings.Join(parts, said{"、", ", "}.in(english))
}

// TitleOf and SaidOf are these for the template.
func (p page) TitleOf(f Finding) string { return f.Title(p.english) }

// SaidOf gives a finding's detail in words.
func (p page) SaidOf(f Finding) string { return f.Said(p.english) }
