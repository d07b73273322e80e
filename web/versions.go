package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"guidang/pipeline"
	"guidang/pipeline/doctype"
	"guidang/pipeline/versions"
)

// detailView is a detail of a document with the way to where it was read.
type detailView struct {
	Name  string
	Value string
	List  string // of words that the value is one of; empty: it is text
	Path  string
	At    string // which position, for people
}

// paperView is what a document's page shows of its type, its details, its versions
// and what must not get about.
type paperView struct {
	Type      link
	Typed     bool
	Details   []detailView
	Versions  []versionLine
	Newer     *pipeline.VersionOf // the newest version, where this is an older one
	Sensitive []link
}

// versionLine is one of a document's versions.
type versionLine struct {
	pipeline.VersionOf
	Newest  bool
	Compare string // with the one that is shown, the older one on the left
}

// longestHighlight is how much of a detail is looked for in the text: a whole
// paragraph of reasons marks nothing.
const longestHighlight = 60

func paperOf(v *pipeline.View, l tongue) paperView {
	p := paperView{Typed: v.Type != ""}
	if p.Typed {
		p.Type = link{Label: l.word("doctype", string(v.Type)), Path: question{Types: []string{string(v.Type)}, Limit: pageSize}.path()}
	}
	for _, f := range v.Details {
		d := detailView{Name: f.Name, Value: f.Value, At: l.position(f.Position)}
		switch f.Name {
		case doctype.Signed:
			d.List = "signed"
		case doctype.Result:
			d.List = "acceptance"
		case doctype.Currency:
			continue // beside the amount
		case doctype.Amount:
			d.Value = amount(f.Value) + " " + v.DetailOf(doctype.Currency)
		}
		if text := strings.TrimSpace(f.Text); text != "" && utf8.RuneCountInString(text) <= longestHighlight {
			d.Path = "/d/" + v.ID + "?" + url.Values{"q": {`"` + strings.ReplaceAll(text, `"`, " ") + `"`}}.Encode()
		}
		p.Details = append(p.Details, d)
	}
	here := pipeline.VersionOf{}
	for _, one := range v.Versions {
		if one.Here {
			here = one
		}
	}
	for n, one := range v.Versions {
		line := versionLine{VersionOf: one, Newest: n == 0 && !one.Branch}
		if strings.Contains(line.Label, line.Date) {
			line.Date = "" // its name says it
		}
		if !one.Here {
			old, now := one.Document, here.Document
			if one.Ordinal > here.Ordinal {
				old, now = now, old
			}
			line.Compare = "/d/" + old + "/diff/" + now
		}
		p.Versions = append(p.Versions, line)
	}
	for i := range v.Versions { // newest first
		if one := &v.Versions[i]; !one.Branch {
			if one.Ordinal > here.Ordinal {
				p.Newer = one
			}
			break
		}
	}
	seen := map[string]int{}
	for _, f := range v.Sensitive {
		if seen[f.Kind]++; seen[f.Kind] == 1 {
			p.Sensitive = append(p.Sensitive, link{Label: l.word("sensitive", f.Kind), Path: question{Sensitive: []string{f.Kind}, Limit: pageSize}.path()})
		}
	}
	n := 0
	for _, f := range v.Sensitive {
		if n < len(p.Sensitive) && l.word("sensitive", f.Kind) == p.Sensitive[n].Label {
			p.Sensitive[n].Count = seen[f.Kind]
			n++
		}
	}
	return p
}

// amount sets a number's groups of three: 1280000.00 is 1,280,000.00.
func amount(s string) string {
	whole, cents, _ := strings.Cut(s, ".")
	for at := len(whole) - 3; at > 0 && whole[at-1] != '-'; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if cents == "" {
		return whole
	}
	return whole + "." + cents
}

// diffView is the page of a difference.
type diffView struct {
	Old, New       pipeline.VersionOf
	Swap           string
	Lines          []diffLine
	Added, Removed int
	More           int
}

// diffLine is a line of it, or how many were left out.
type diffLine struct {
	Kind    string // same, added, removed, skipped
	Old     int
	New     int
	Parts   []versions.Part
	Skipped int
}

const (
	diffAround = 2    // lines that stay the same, on either side of a change
	diffMost   = 2000 // lines of a page
)

// diff is the page of what two documents differ in.
func (s *Server) diff(w http.ResponseWriter, r *http.Request) {
	id, other := r.PathValue("id"), r.PathValue("other")
	if !documentID.MatchString(id) || !documentID.MatchString(other) {
		s.notFound(w, r)
		return
	}
	d, err := s.archive.Compare(r.Context(), id, other, viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.document", err)
		return
	}
	page := diffView{Old: d.Old, New: d.New, Swap: "/d/" + other + "/diff/" + id}
	page.fill(d.Changes)
	s.render(w, r, http.StatusOK, "diff", "diff.title", page)
}

// fill keeps the changes and a little around them.
func (v *diffView) fill(changes []versions.Change) {
	keep := make([]bool, len(changes))
	for i, c := range changes {
		switch c.Op {
		case versions.Same:
			continue
		case versions.Added:
			v.Added++
		case versions.Removed:
			v.Removed++
		}
		for n := max(0, i-diffAround); n <= min(len(changes)-1, i+diffAround); n++ {
			keep[n] = true
		}
	}
	skipped := 0
	for i, c := range changes {
		if !keep[i] {
			skipped++
			continue
		}
		if len(v.Lines) >= diffMost {
			v.More++
			continue
		}
		if skipped > 0 {
			v.Lines, skipped = append(v.Lines, diffLine{Kind: "skipped", Skipped: skipped}), 0
		}
		line := diffLine{Kind: map[versions.Op]string{versions.Same: "same", versions.Added: "added", versions.Removed: "removed"}[c.Op], Old: c.Old, New: c.New, Parts: c.Parts}
		if line.Parts == nil {
			line.Parts = []versions.Part{{Text: c.Text}}
		}
		v.Lines = append(v.Lines, line)
	}
	if skipped > 0 && len(v.Lines) > 0 {
		v.Lines = append(v.Lines, diffLine{Kind: "skipped", Skipped: skipped})
	}
}
