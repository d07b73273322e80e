package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/review"
)

// reviewView is the page of a quarter's review.
type reviewView struct {
	Quarter string
	Prev    string // quarters
	Next    string
	Report  *review.Report
	Groups  []reviewGroup
	Decide  bool // the viewer may confirm
	Said    string
}

type reviewGroup struct {
	Name  string // empty: of no customer
	Lines []reviewLine
}

// reviewLine is a finding in words.
type reviewLine struct {
	review.Finding

	Sort     string
	Title    string
	Said     string
	Decision string
	Link     string // the document
	Owner    string // the project's page
}

// maxReviewLines is how many findings the page shows; the workbook has all.
const maxReviewLines = 2000

// quarterly makes the review that a request asks for.
func (s *Server) quarterly(w http.ResponseWriter, r *http.Request) (*review.Report, bool) {
	quarter := strings.ToUpper(r.FormValue("quarter"))
	if _, _, err := review.Span(quarter); err != nil {
		quarter = review.Quarter(time.Now())
	}
	report, err := s.archive.Review(r.Context(), quarter, viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.review", err)
		return nil, false
	}
	return report, true
}

// review is the page: what somebody should look at, by customer, with a place to
// confirm each.
func (s *Server) review(w http.ResponseWriter, r *http.Request) {
	report, ok := s.quarterly(w, r)
	if !ok {
		return
	}
	l := s.language(r)
	v := reviewView{Quarter: report.Quarter, Report: report, Decide: viewerOf(r.Context()).all()}
	if from, after, err := review.Span(report.Quarter); err == nil {
		v.Prev = review.Quarter(from.AddDate(0, 0, -1))
		if after.Before(time.Now()) {
			v.Next = review.Quarter(after)
		}
	}
	if n := number(r.FormValue("said")); n > 0 {
		v.Said = l.say("review.said", l.count(n))
	}
	shown := 0
	for _, g := range report.Groups() {
		group := reviewGroup{Name: g.Customer}
		for _, f := range g.Findings {
			if shown++; shown <= maxReviewLines {
				group.Lines = append(group.Lines, lineOf(f, string(l) == english))
			}
		}
		if len(group.Lines) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	s.render(w, r, http.StatusOK, "review", "review.title", v)
}

func lineOf(f review.Finding, en bool) reviewLine {
	line := reviewLine{Finding: f, Sort: review.Say("sort."+string(f.Sort), en), Title: f.Title(en), Said: f.Said(en)}
	if f.Confirmed != nil {
		line.Decision = review.Say("decision."+string(f.Confirmed.Decision), en)
	}
	if f.Document != "" {
		line.Link = "/d/" + f.Document
	}
	if f.Project != "" {
		line.Owner = "/projects/" + url.PathEscape(f.Project)
	}
	return line
}

// reviewFile gives the report as a page to be sent or as a workbook.
func (s *Server) reviewFile(w http.ResponseWriter, r *http.Request) {
	report, ok := s.quarterly(w, r)
	if !ok {
		return
	}
	var b bytes.Buffer
	form, mediaType, write := "html", "text/html; charset=utf-8", report.HTML
	if strings.HasSuffix(r.URL.Path, ".xlsx") {
		form, mediaType, write = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report.XLSX
	}
	if err := write(&b, string(s.language(r)) == english); err != nil {
		s.failed(w, r, "error.review", err)
		return
	}
	download(w, mediaType, "review-"+report.Quarter+"."+form, b.String())
}

// confirmReview writes down what a person says of findings.
func (s *Server) confirmReview(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		s.notFound(w, r)
		return
	}
	decision, who, ids := review.Decision(r.PostForm.Get("as")), strings.TrimSpace(r.PostForm.Get("who")), r.PostForm["id"]
	quarter := r.PostForm.Get("quarter")
	back := "/review?" + url.Values{"quarter": {quarter}}.Encode()
	if _, _, err := review.Span(quarter); err != nil || !slices.Contains(review.Decisions, decision) || who == "" || len(ids) == 0 {
		http.Redirect(w, r, back, http.StatusSeeOther) // the browser asks for what is missing; a script sees that nothing was said
		return
	}
	err := s.archive.Confirm(r.Context(), quarter, ids, decision, who, strings.TrimSpace(r.PostForm.Get("note")), nil)
	switch {
	case errors.Is(err, pipeline.ErrNoFinding):
		s.notFound(w, r)
		return
	case err != nil:
		s.failed(w, r, "error.review", err)
		return
	}
	http.Redirect(w, r, back+"&said="+strconv.Itoa(len(ids)), http.StatusSeeOther)
}

// apiReview answers /api/review with what `guidang review --json` prints.
func (s *Server) apiReview(w http.ResponseWriter, r *http.Request) {
	if report, ok := s.quarterly(w, r); ok {
		writeJSON(w, http.StatusOK, report)
	}
}
