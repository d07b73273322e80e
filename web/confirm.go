package web

import (
	"net/http"
	"net/url"
	"strconv"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// confirmView is the queue of documents in doubt: one to decide on, by one key,
// and those that come after it.
type confirmView struct {
	Now       *pipeline.Doubt
	Way       []string
	Choices   []choice
	Customers []string // for everything else
	Projects  []pipeline.ProjectView
	Rest      []pipeline.Doubt
	Total     int64
	After     string // where the queue goes on after this one: its place stays
	Skip      string
	Done      string // what was done last
}

// choice is a customer or project that a document may be of.
type choice struct {
	pipeline.Belongs

	Key   string // on the keyboard
	Value string // of its button: customer and project, as a query
}

const queuePage = 15

// seen is what a piece of evidence is, in words.
func (l tongue) seen(x ledger.Evidence) string {
	switch {
	case x.Days > 0 && x.Detail != "":
		return l.say("evidence.period.who", visible(x.Detail), l.count(x.Days), l.count(x.Count), l.count(x.Of))
	case x.Days > 0:
		return l.say("evidence.period", l.count(x.Days), l.count(x.Count), l.count(x.Of))
	case x.Of > 0:
		return l.say("evidence.thread", l.count(x.Count), l.count(x.Of))
	case x.Count > 0:
		return l.say("evidence.hint", l.count(x.Count))
	}
	return visible(x.Detail)
}

// confirm is the page on which a person decides.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	v := &confirmView{After: r.FormValue("after")}
	l := s.language(r)
	doubts, _, err := s.archive.Queue(r.Context(), v.After, queuePage)
	if err == nil {
		v.Total, err = s.archive.Doubts(r.Context())
	}
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	if n, err := strconv.Atoi(r.FormValue("done")); err == nil && n >= 0 {
		v.Done = l.say("confirm.done", l.count(n))
	}
	if len(doubts) > 0 {
		v.Now, v.Rest = &doubts[0], doubts[1:]
		v.Way = way(v.Now.Locator)
		v.Skip = "/assign?" + url.Values{"after": {v.Now.Document}}.Encode()
		for _, b := range v.Now.Belongs {
			if b.Standing == ledger.Doubtful && len(v.Choices) < 9 {
				v.Choices = append(v.Choices, choice{b, strconv.Itoa(len(v.Choices) + 1), saying(b, false)})
			}
		}
		customers, err := s.archive.Customers(r.Context(), nil)
		if err != nil {
			s.failed(w, r, "error.customers", err)
			return
		}
		for _, c := range customers {
			v.Customers = append(v.Customers, c.Name)
			v.Projects = append(v.Projects, c.Projects...)
		}
	}
	s.render(w, r, http.StatusOK, "confirm", "confirm.title", v)
}

// decide keeps what a person said and goes on to the next document.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	say := pipeline.Saying{Belongs: true, Who: s.language(r).say("confirm.who")}
	switch verdict := r.PostFormValue("say"); verdict {
	case "nobody":
	case "other":
		say.Customer, say.Project = r.PostFormValue("customer"), r.PostFormValue("project")
	default:
		q, err := url.ParseQuery(verdict)
		if err != nil {
			s.notFound(w, r)
			return
		}
		say.Customer, say.Project, say.Belongs = q.Get("customer"), q.Get("project"), q.Get("not") == ""
	}
	if r.PostFormValue("say") != "nobody" && say.Customer+say.Project == "" {
		s.notFound(w, r)
		return
	}
	if r.PostFormValue("whole") != "" && r.PostFormValue("folder") != "" {
		say.Source, say.Folder = r.PostFormValue("source"), r.PostFormValue("folder")
	} else {
		say.Documents = []string{r.PostFormValue("document")}
	}
	said, err := s.archive.Say(r.Context(), say)
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	q := url.Values{"done": {strconv.Itoa(said.Documents)}}
	if after := r.PostFormValue("after"); after != "" {
		q.Set("after", after)
	}
	to := "/assign?" + q.Encode()
	if back := r.PostFormValue("back"); back != "" {
		to = localPath(back)
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // localPath lets only our own addresses through
}

func (s *Server) apiQueue(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	doubts, next, err := s.archive.Queue(r.Context(), r.FormValue("after"), 100)
	s.answer(w, r, map[string]any{"doubts": orEmpty(doubts), "next": next}, err)
}

// saying is what a button says: whose, or whose not.
func saying(b pipeline.Belongs, not bool) string {
	q := url.Values{"customer": {b.Customer}}
	if b.Project != "" {
		q.Set("project", b.Project)
	}
	if not {
		q.Set("not", "1")
	}
	return q.Encode()
}

// ownerView is whose a document is, on its page.
type ownerView struct {
	pipeline.Belongs

	Link, ProjectLink string
	Yes, No           string // of the buttons
}

func ownersOf(list []pipeline.Belongs) []ownerView {
	var out []ownerView
	for _, b := range list {
		out = append(out, ownerView{b, customerLink(b.Customer), projectLink(b.Project), saying(b, false), saying(b, true)})
	}
	return out
}
