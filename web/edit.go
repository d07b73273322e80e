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

const (
	maxEdit   = 1 << 20 // bytes of a form
	blankRows = 2       // of each list, for what is to be added
)

// editView is the form in which minutes are edited.
type editView struct {
	ID       string
	Title    string
	Who      string
	Headline string
	Summary  string
	Lists    []editList
	Actions  []minutes.Action
}

// editList is one list of claims, each with its evidence.
type editList struct {
	Name string // of its fields
	Key  string // of its heading
	Rows []minutes.Claim
}

// lists are the lists of claims that people edit, by the names of their fields.
func lists(m *minutes.Minutes) []struct {
	name, key string
	of        *[]minutes.Claim
} {
	return []struct {
		name, key string
		of        *[]minutes.Claim
	}{
		{"decisions", "minutes.decisions", &m.Decisions}, {"points", "minutes.key-points", &m.KeyPoints},
		{"risks", "minutes.risks", &m.Risks}, {"questions", "minutes.questions", &m.OpenQuestions},
	}
}

// editable loads the meeting whose minutes are to be edited. Minutes that are a
// document themselves are not edited here: its original says what it says.
func (s *Server) editable(w http.ResponseWriter, r *http.Request) (*pipeline.View, bool) {
	v, ok := s.view(w, r)
	if !ok {
		return nil, false
	}
	if v.Minutes == nil || said(v) == nil {
		s.notFound(w, r)
		return nil, false
	}
	return v, true
}

// editMinutes is the form.
func (s *Server) editMinutes(w http.ResponseWriter, r *http.Request) {
	v, ok := s.editable(w, r)
	if !ok {
		return
	}
	m := v.Minutes
	page := editView{ID: v.ID, Title: v.Title, Who: s.who(r), Headline: m.Headline, Summary: m.Summary}
	for _, l := range lists(m) {
		page.Lists = append(page.Lists, editList{l.name, l.key, append(append([]minutes.Claim{}, *l.of...), make([]minutes.Claim, blankRows)...)})
	}
	page.Actions = append(append(page.Actions, m.Actions...), make([]minutes.Action, blankRows)...)
	s.renderTitled(w, r, http.StatusOK, "edit", s.language(r).say("edit.title", visible(v.Title)), page)
}

// saveMinutes keeps what was written in the form, or goes back to an earlier version.
func (s *Server) saveMinutes(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxEdit)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, http.StatusBadRequest, "error.byhand", err)
		return
	}
	v, ok := s.editable(w, r)
	if !ok {
		return
	}
	who := s.who(r)
	if name := tidyName(r.PostFormValue("name")); name != "" {
		who = name
		s.keepName(w, r, name)
	}
	var edited *minutes.Minutes
	if restore := r.PostFormValue("restore"); restore != "" {
		history, err := s.archive.MinutesHistory(r.Context(), v.ID, viewerOf(r.Context()).scopes)
		if err != nil {
			s.failed(w, r, "error.byhand", err)
			return
		}
		n := number(restore)
		if n >= len(history) {
			s.notFound(w, r)
			return
		}
		if n > 0 { // 0: the program's own
			edited = history[n].Minutes
		}
	} else {
		edited = fromForm(r)
	}
	if err := s.archive.EditMinutes(r.Context(), v.ID, viewerOf(r.Context()).scopes, edited, who); err != nil {
		s.failed(w, r, "error.byhand", err)
		return
	}
	http.Redirect(w, r, "/d/"+v.ID+"#minutes", http.StatusSeeOther)
}

// fromForm reads the form's rows: of each list as many texts as evidences.
func fromForm(r *http.Request) *minutes.Minutes {
	at := func(name string, n int) string {
		if list := r.PostForm[name]; n < len(list) {
			return oneLine(list[n])
		}
		return ""
	}
	m := &minutes.Minutes{Headline: oneLine(r.PostFormValue("headline")), Summary: strings.ReplaceAll(r.PostFormValue("summary"), "\r\n", "\n")}
	for _, l := range lists(m) {
		for n := range r.PostForm[l.name] {
			*l.of = append(*l.of, minutes.Claim{Text: at(l.name, n), Evidence: ids(at(l.name+".evidence", n))})
		}
	}
	for n := range r.PostForm["actions"] {
		a := minutes.Action{Text: at("actions", n), Owner: at("actions.owner", n), Evidence: ids(at("actions.evidence", n))}
		if day := at("actions.due", n); day != "" {
			if _, err := time.Parse(time.DateOnly, day); err == nil {
				a.Due, a.DueText = &day, day
			} else {
				a.DueText = day
			}
		}
		m.Actions = append(m.Actions, a)
	}
	return m
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ids reads what evidence wrote into the form.
func ids(s string) []int {
	out := []int{}
	for f := range strings.FieldsSeq(s) {
		if n, err := strconv.Atoi(f); err == nil && n > 0 {
			out = append(out, n)
		}
	}
	return out
}

// historyView is the list of versions, and the one that is shown.
type historyView struct {
	ID       string
	Title    string
	Versions []pipeline.MinutesVersion
	Now      int // the version that holds; 0: the program's
	Shown    int
	Meeting  *meetingView // the version that is shown; nil: the edits were taken back
}

// minutesHistory is the page of a meeting's versions, newest first.
func (s *Server) minutesHistory(w http.ResponseWriter, r *http.Request) {
	v, ok := s.editable(w, r)
	if !ok {
		return
	}
	all, err := s.archive.MinutesHistory(r.Context(), v.ID, viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.byhand", err)
		return
	}
	page := historyView{ID: v.ID, Title: v.Title, Now: len(all) - 1}
	if all[page.Now].Minutes == nil {
		page.Now = 0
	}
	page.Shown = page.Now
	if n := number(r.FormValue("version")); r.FormValue("version") != "" && n < len(all) {
		page.Shown = n
	}
	if m := all[page.Shown].Minutes; m != nil {
		page.Meeting = meeting(m, nil, nil)
		page.Meeting.from = "/d/" + v.ID
	}
	for _, one := range slices.Backward(all) {
		page.Versions = append(page.Versions, one)
	}
	s.renderTitled(w, r, http.StatusOK, "history", s.language(r).say("history.title", visible(v.Title)), page)
}
