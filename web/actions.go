package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/minutes"
)

// icsName is what a browser calls the calendar file.
const icsName = "guidang-actions" + ".ics"

// maxActions is how many action items one page lists.
const maxActions = 500

// actionsView is the list of action items over all meetings.
type actionsView struct {
	Owner, Text, When string // the filters
	Customer, State   string
	Owners, Customers []string
	Who               string // the name under which marks are kept
	Back              string // this list, to come back to
	Lines             []actionLine
	Total             int
	Query             string // the address's, for the export
}

type actionLine struct {
	pipeline.ActionView
	Link string // the utterance that says it
	Day  string
	Late bool
}

// chosen are the action items that a request asks for.
func (s *Server) chosen(r *http.Request) (*actionsView, error) {
	all, err := s.archive.Actions(r.Context(), viewerOf(r.Context()).scopes)
	if err != nil {
		return nil, err
	}
	v := &actionsView{Owner: strings.TrimSpace(r.FormValue("owner")), Text: strings.TrimSpace(r.FormValue("q")), When: r.FormValue("when"), Customer: r.FormValue("customer"), State: r.FormValue("state"),
		Query: r.URL.RawQuery, Who: s.who(r), Back: r.URL.RequestURI()}
	today := time.Now().Format(time.DateOnly)
	for _, a := range all {
		if a.Owner != "" && !slices.Contains(v.Owners, a.Owner) {
			v.Owners = append(v.Owners, a.Owner)
		}
		if a.Customer != "" && !slices.Contains(v.Customers, a.Customer) {
			v.Customers = append(v.Customers, a.Customer)
		}
		l := actionLine{ActionView: a, Link: "/d/" + a.Document}
		if len(a.Evidence) > 0 && !a.Written {
			l.Link += "#u" + strconv.Itoa(a.Evidence[0])
		}
		if a.Due != nil {
			l.Day, l.Late = *a.Due, *a.Due < today && !a.Done
		}
		low := strings.ToLower(v.Text)
		switch {
		case v.Owner != "" && a.Owner != v.Owner, v.Customer != "" && a.Customer != v.Customer,
			v.State == "" && a.Done, v.State == "done" && !a.Done,
			low != "" && !strings.Contains(strings.ToLower(a.Text+"\n"+a.Meeting+"\n"+a.Customer), low),
			v.When == "coming" && (l.Day == "" || l.Late), v.When == "past" && !l.Late, v.When == "open" && l.Day != "":
			continue
		}
		v.Lines = append(v.Lines, l)
	}
	slices.Sort(v.Owners)
	slices.Sort(v.Customers)
	v.Total = len(v.Lines)
	return v, nil
}

// actions is the page of all action items.
func (s *Server) actions(w http.ResponseWriter, r *http.Request) {
	v, err := s.chosen(r)
	if err != nil {
		s.failed(w, r, "error.actions", err)
		return
	}
	v.Lines = v.Lines[:min(len(v.Lines), maxActions)]
	s.render(w, r, http.StatusOK, "actions", "actions.title", v)
}

// actionsCalendar gives those with a day to a calendar program.
func (s *Server) actionsCalendar(w http.ResponseWriter, r *http.Request) {
	v, err := s.chosen(r)
	if err != nil {
		s.failed(w, r, "error.actions", err)
		return
	}
	var tasks []minutes.Task
	for _, l := range v.Lines {
		tasks = append(tasks, minutes.Task{Action: l.Action, Title: l.Meeting, Date: l.Date, URL: base(r) + l.Link})
	}
	download(w, "text/calendar; charset=utf-8", icsName, minutes.ICS(tasks))
}

// minutesMarkdown gives a meeting's minutes as Markdown.
func (s *Server) minutesMarkdown(w http.ResponseWriter, r *http.Request) {
	if v, m := s.export(w, r); m != nil {
		download(w, "text/markdown; charset=utf-8", v.ID+".md", minutes.Markdown(m, m.Language))
	}
}

// minutesWord gives them as a Word document.
func (s *Server) minutesWord(w http.ResponseWriter, r *http.Request) {
	v, m := s.export(w, r)
	if m == nil {
		return
	}
	data, err := minutes.Word(m, m.Language)
	if err != nil {
		s.failed(w, r, "error.document", err)
		return
	}
	download(w, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", v.ID+".docx", string(data))
}

// export is the document whose minutes are asked for, with them; nil: it was
// answered already.
func (s *Server) export(w http.ResponseWriter, r *http.Request) (*pipeline.View, *minutes.Minutes) {
	v, ok := s.view(w, r)
	if !ok {
		return nil, nil
	}
	m := v.Minutes
	if said(v) == nil {
		m = written(v)
	}
	if m == nil {
		s.notFound(w, r)
	}
	return v, m
}

// base is the address under which the browser reached us, for links that leave
// the pages.
func base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func download(w http.ResponseWriter, mediaType, name, body string) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write([]byte(body)) //nolint:gosec // a file to be saved (Content-Disposition, nosniff), never a page
}
