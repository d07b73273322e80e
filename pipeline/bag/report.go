package bag

import (
	"path"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Report is the check of a package in the four parts by which archives judge
// electronic records (真实性 完整性 可用性 安全性).
type Report struct {
	Number       string           `json:"number"`
	Made         string           `json:"made"` // RFC 3339
	Software     string           `json:"software"`
	Passed       bool             `json:"passed"` // no check of any part found anything
	Parts        []Part           `json:"parts"`
	Account      map[string]int64 `json:"account"` // the project's items by state
	Requirements []Requirement    `json:"requirements,omitempty"`

	originals int
	texts     int
	formats   map[string]bool
}

// Part is one of the four.
type Part struct {
	ID     string  `json:"id"` // authenticity, integrity, usability, safety
	Checks []Check `json:"checks"`
}

// Check is one question to all records.
type Check struct {
	ID      string    `json:"id"`
	Checked int       `json:"checked"`
	Found   int       `json:"found"` // records of which something is to be said
	Records []Finding `json:"records,omitempty"`
}

// Finding is what a check found on a record.
type Finding struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
}

// maxFindings is how many records a check names; it counts all of them, and the
// tables hold the rest.
const maxFindings = 200

// The checks of each part.
var parts = []struct {
	id     string
	checks []string
}{
	{"authenticity", []string{"hash", "broken", "origin"}},
	{"integrity", []string{"original", "required"}},
	{"usability", []string{"readable", "text"}},
	{"safety", []string{"encrypted", "programs", "sensitive"}},
}

func newReport() *Report {
	r := &Report{formats: map[string]bool{}}
	for _, p := range parts {
		part := Part{ID: p.id}
		for _, id := range p.checks {
			part.Checks = append(part.Checks, Check{ID: id})
		}
		r.Parts = append(r.Parts, part)
	}
	return r
}

func (r *Report) check(id string) *Check {
	for p := range r.Parts {
		for c := range r.Parts[p].Checks {
			if r.Parts[p].Checks[c].ID == id {
				return &r.Parts[p].Checks[c]
			}
		}
	}
	return &Check{}
}

func (c *Check) find(r *Record, detail string) {
	c.Found++
	if len(c.Records) < maxFindings {
		c.Records = append(c.Records, Finding{r.Number, r.Title, detail})
	}
}

// mismatch notes an original whose bytes are not what the ledger has.
func (r *Report) mismatch(rec *Record, sum string) { r.check("hash").find(rec, "SHA-256 "+sum) }

// broken notes an original that could not be read to its end.
func (r *Report) broken(rec *Record) { r.check("broken").find(rec, rec.Absent) }

// look asks every question of a record that is in the package.
func (r *Report) look(rec *Record) {
	ask := func(id string, wrong bool, detail string) {
		c := r.check(id)
		c.Checked++
		if wrong {
			c.find(rec, detail)
		}
	}
	if rec.Original != "" {
		r.originals++
		r.check("hash").Checked++
		r.check("broken").Checked++
	}
	if rec.Text != "" {
		r.texts++
	}
	r.formats[rec.MediaType] = true
	ask("origin", len(rec.Places) == 0 || rec.Places[0].Source == "", "")
	ask("original", rec.Original == "", rec.Absent)
	secret := rec.Reason == document.Encrypted || rec.Reason == document.Protected
	ask("readable", rec.Read != document.Full, strings.TrimSpace(string(rec.Read)+" "+string(rec.Reason)))
	if rec.Read != document.None && worded(rec.Kind) {
		ask("text", rec.Text == "", "")
	}
	ask("encrypted", secret, string(rec.Reason))
	ask("programs", program(rec.Name), path.Ext(rec.Name))
	if rec.Searched {
		ask("sensitive", len(rec.Sensitive) > 0, strings.Join(rec.Sensitive, ", "))
	}
}

// worded says whether a document of a kind is expected to hold text.
func worded(k document.Kind) bool {
	silent := []document.Kind{document.KindImage, document.KindRecording, document.KindArchive, document.KindOther, document.KindCalendar, document.KindContact}
	return !slices.Contains(silent, k)
}

// program says whether a name is of something that can act when it is opened.
func program(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".exe", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".msi", ".dll", ".jar", ".lnk", ".sh", ".app", ".apk",
		".docm", ".xlsm", ".xlsb", ".pptm", ".dotm", ".xltm", ".xlam":
		return true
	}
	return false
}

func (r *Report) conclude(p Project, o Options, records int, states map[string]int64) {
	r.Number, r.Made, r.Software, r.Account = p.Number, o.Made.Format(time.RFC3339), o.Software, states
	required := r.check("required")
	for _, q := range r.Requirements {
		required.Checked++
		if q.State != "there" {
			required.find(&Record{Title: q.Type}, q.State)
		}
	}
	r.Passed = records > 0
	for _, part := range r.Parts {
		for _, c := range part.Checks {
			r.Passed = r.Passed && c.Found == 0
		}
	}
}
