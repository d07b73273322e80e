package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

const (
	timelinePage = 40 // documents of a card; the search shows all
	cardPeople   = 30
	cardLines    = 20 // promises and actions, items without a content
)

// customersView is the list of customers.
type customersView struct {
	Customers []customerLine
	Doubts    int64
	Proposals []dossier.Proposal
	Looked    bool // proposals were asked for
}

type customerLine struct {
	pipeline.CustomerView

	Link     string
	Projects []projectLine
}

type projectLine struct {
	pipeline.ProjectView

	Link string
}

// cardView is the page of a customer or of a project.
type cardView struct {
	Card      *pipeline.Card        // of a customer
	Project   *pipeline.ProjectCard // of a project
	Projects  []projectLine
	Owner     string // a project's customer's page
	Timeline  []timelineLine
	Total     int
	All       string // the search of all its documents
	Kinds     []link
	Promised  []promiseLine
	Actions   []actionLine
	Ending    []endingLine
	People    []*ledger.Person
	Queue     bool // there are doubts and the viewer may decide
	MoreLines bool
	Required  []requiredLine // of a project
	Bare      []pipeline.BareItem
	BareTotal int
}

type timelineLine struct {
	hitView

	Month string // where a new one begins
}

type endingLine struct {
	pipeline.Ending

	Over bool
}

type promiseLine struct {
	pipeline.Promise

	Link string
}

func customerLink(name string) string { return "/customers/" + url.PathEscape(name) }
func projectLink(key string) string   { return "/projects/" + url.PathEscape(key) }

func projectLines(in []pipeline.ProjectView) []projectLine {
	out := make([]projectLine, 0, len(in))
	for _, p := range in {
		out = append(out, projectLine{p, projectLink(p.Key)})
	}
	return out
}

// customers is the page of all customers, with proposals on request.
func (s *Server) customers(w http.ResponseWriter, r *http.Request) {
	v := viewerOf(r.Context())
	all, err := s.archive.Customers(r.Context(), v.scopes)
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	page := &customersView{}
	for _, c := range all {
		page.Customers = append(page.Customers, customerLine{c, customerLink(c.Name), projectLines(c.Projects)})
	}
	if v.all() {
		if page.Doubts, err = s.archive.Doubts(r.Context()); err == nil && r.FormValue("propose") != "" {
			page.Looked = true
			page.Proposals, err = s.archive.ProposeCustomers(r.Context())
		}
		if err != nil {
			s.failed(w, r, "error.customers", err)
			return
		}
	}
	s.render(w, r, http.StatusOK, "customers", "customers.title", page)
}

// takeCustomer takes a proposal into the list.
func (s *Server) takeCustomer(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	name := strings.TrimSpace(r.PostFormValue("name"))
	if name == "" {
		s.notFound(w, r)
		return
	}
	c := &ledger.Customer{Name: name, Domains: r.PostForm["domain"], Aliases: r.PostForm["alias"], Origin: ledger.FromArchive}
	var projects []ledger.Project
	for _, p := range r.PostForm["project"] {
		number, title, _ := strings.Cut(p, " ")
		projects = append(projects, ledger.Project{Number: number, Name: title})
	}
	if _, err := s.archive.AddCustomer(r.Context(), c, projects); err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	http.Redirect(w, r, customerLink(name), http.StatusSeeOther) //nolint:gosec // a path of ours with the name escaped
}

// customer is a customer's card.
func (s *Server) customer(w http.ResponseWriter, r *http.Request) {
	v := viewerOf(r.Context())
	card, err := s.archive.Card(r.Context(), r.PathValue("name"), v.scopes)
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	page := &cardView{Card: card, Projects: projectLines(card.Projects), People: card.People[:min(len(card.People), cardPeople)], Queue: v.all() && card.Doubtful > 0}
	page.agreed(card.Promised, card.Actions)
	page.ending(card.Ending)
	if err := s.timeline(r.Context(), s.language(r), page, question{Customer: []string{card.Name}}); err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	s.renderTitled(w, r, http.StatusOK, "customer", visible(card.Name), page)
}

// project is a project's page.
func (s *Server) project(w http.ResponseWriter, r *http.Request) {
	card, err := s.archive.ProjectCard(r.Context(), r.PathValue("key"), viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	page := &cardView{Project: card, Owner: customerLink(card.Customer), Required: requiredLines(card.Required, string(s.language(r)) == english)}
	page.Bare, page.BareTotal = card.Bare[:min(len(card.Bare), cardLines)], len(card.Bare)
	page.agreed(card.Promised, card.Actions)
	page.ending(card.Ending)
	if err := s.timeline(r.Context(), s.language(r), page, question{Project: []string{card.Key}}); err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	s.renderTitled(w, r, http.StatusOK, "project", visible(cmp.Or(card.Name, card.Key)), page)
}

// agreed fills in what meetings decided and who is to do what.
func (v *cardView) agreed(promised []pipeline.Promise, actions []pipeline.ActionView) {
	today := time.Now().Format(time.DateOnly)
	for _, p := range promised[:min(len(promised), cardLines)] {
		l := promiseLine{p, "/d/" + p.Document}
		if len(p.Evidence) > 0 {
			l.Link += "#u" + strconv.Itoa(p.Evidence[0])
		}
		v.Promised = append(v.Promised, l)
	}
	for _, a := range actions[:min(len(actions), cardLines)] {
		l := actionLine{ActionView: a, Link: "/d/" + a.Document}
		if len(a.Evidence) > 0 {
			l.Link += "#u" + strconv.Itoa(a.Evidence[0])
		}
		if a.Due != nil {
			l.Day, l.Late = *a.Due, *a.Due < today
		}
		v.Actions = append(v.Actions, l)
	}
	v.MoreLines = len(promised) > cardLines || len(actions) > cardLines
}

// ending fills in the contracts that say when they end.
func (v *cardView) ending(list []pipeline.Ending) {
	today := time.Now().Format(time.DateOnly)
	for _, e := range list[:min(len(list), cardLines)] {
		v.Ending = append(v.Ending, endingLine{e, e.Day() < today})
	}
}

// timeline fills in the newest documents, by month.
func (s *Server) timeline(ctx context.Context, l tongue, v *cardView, q question) error {
	q.Limit = timelinePage
	r := q.request()
	r.Unfolded = true
	res, err := s.archive.Search(ctx, r, viewerOf(ctx).scopes)
	if err != nil {
		return err
	}
	month := ""
	for _, h := range res.Hits {
		line := timelineLine{hitView: hitView{Hit: h, Link: hitLink(h, ""), Way: way(h.Locator)}}
		if m := h.Date; len(m) >= 7 && m[:7] != month {
			month = m[:7]
			line.Month = month
		}
		v.Timeline = append(v.Timeline, line)
	}
	v.Total = res.Total
	q.Limit = pageSize
	v.All = q.path()
	for kind, n := range res.Facets["kind"] {
		v.Kinds = append(v.Kinds, link{Label: l.word("kind", kind), Path: q.with(func(q *question) { q.Kinds = []string{kind} }).path(), Count: n})
	}
	slices.SortFunc(v.Kinds, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label))
	})
	return nil
}

// apiCustomers, apiCustomer, apiProjects and apiProject are the same as JSON.
func (s *Server) apiCustomers(w http.ResponseWriter, r *http.Request) {
	all, err := s.archive.Customers(r.Context(), viewerOf(r.Context()).scopes)
	s.answer(w, r, map[string]any{"customers": orEmpty(all)}, err)
}

func (s *Server) apiCustomer(w http.ResponseWriter, r *http.Request) {
	card, err := s.archive.Card(r.Context(), r.PathValue("name"), viewerOf(r.Context()).scopes)
	s.answer(w, r, card, err)
}

func (s *Server) apiProjects(w http.ResponseWriter, r *http.Request) {
	all, err := s.archive.Projects(r.Context(), r.FormValue("customer"), viewerOf(r.Context()).scopes)
	s.answer(w, r, map[string]any{"projects": orEmpty(all)}, err)
}

func (s *Server) apiProject(w http.ResponseWriter, r *http.Request) {
	card, err := s.archive.ProjectCard(r.Context(), r.PathValue("key"), viewerOf(r.Context()).scopes)
	s.answer(w, r, card, err)
}

// answer writes what an API was asked for, or why not.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	writeJSON(w, http.StatusOK, v)
}

func orEmpty[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
