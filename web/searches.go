package web

import (
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// savedView is the page of kept searches.
type savedView struct {
	Searches []savedSearch
}

type savedSearch struct {
	pipeline.SavedSearch
	Link string // of the search
	News string // of its feed
	When string
}

const nameMost = 100 // characters of a kept search's name

// searches is the page of kept searches.
func (s *Server) searches(w http.ResponseWriter, r *http.Request) {
	all, err := s.archive.SavedSearches(r.Context(), viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	v := savedView{}
	for _, k := range all {
		v.Searches = append(v.Searches, savedSearch{k, "/?" + k.Address, feedPath(k.Feed), k.Created.Format(time.DateOnly)})
	}
	s.render(w, r, http.StatusOK, "searches", "saved.title", v)
}

// feedPath is the address of a feed. The token stands in the query, which no log
// tells, and not in the path.
func feedPath(token string) string { return "/feed?" + url.Values{"token": {token}}.Encode() }

// saveSearch keeps the search that the form names by the parameters of its page.
func (s *Server) saveSearch(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	v, err := url.ParseQuery(r.PostFormValue("address"))
	if err != nil {
		s.notFound(w, r)
		return
	}
	q, _ := parseQuestion(v)
	q.Offset, q.Limit = 0, pageSize
	if q.Text == "" && !q.filtered() {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	name := cutRunes(strings.TrimSpace(visible(r.PostFormValue("name"))), nameMost)
	if name == "" {
		name = cutRunes(q.Text, nameMost)
	}
	if name == "" {
		name = strings.Join(append(append(q.Kinds, q.Tags...), append(q.Customer, q.Project...)...), " ")
	}
	if _, err := s.archive.SaveSearch(r.Context(), name, q.values().Encode(), q.request(), viewerOf(r.Context()).scopes); err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	http.Redirect(w, r, "/searches", http.StatusSeeOther)
}

// dropSearch forgets a kept search.
func (s *Server) dropSearch(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	id, err := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	if err == nil {
		err = s.archive.DropSearch(r.Context(), id, viewerOf(r.Context()).scopes)
	}
	if err != nil && !errors.Is(err, ledger.ErrNotFound) && !errors.Is(err, strconv.ErrSyntax) && !errors.Is(err, strconv.ErrRange) {
		s.failed(w, r, "error.search", err)
		return
	}
	http.Redirect(w, r, "/searches", http.StatusSeeOther)
}

// Atom as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published,omitempty"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
}

// feed answers /feed?token=…: what is new in a kept search, as Atom. Whoever
// knows the token reads it, since feed readers have no session.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	n, err := s.archive.News(r.Context(), r.URL.Query().Get("token"))
	if errors.Is(err, ledger.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		s.log.Error("feed", "request", requestID(r.Context()), "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	l, base := s.language(r), "http://"+r.Host
	f := atomFeed{
		ID: base + "/feed/" + n.Created.UTC().Format("20060102150405.000"), Title: visible(n.Name) + " · " + l.say("site.name"), Updated: n.Created.UTC().Format(time.RFC3339),
		Author: atomAuthor{l.say("site.name")}, Links: []atomLink{{"alternate", base + "/?" + n.Address}, {"self", base + feedPath(r.URL.Query().Get("token"))}},
	}
	for i, e := range n.Entries {
		if i == 0 {
			f.Updated = e.Since.UTC().Format(time.RFC3339)
		}
		entry := atomEntry{ID: "urn:guidang:" + e.Document, Title: visible(e.Title), Updated: e.Since.UTC().Format(time.RFC3339), Link: atomLink{Href: base + "/d/" + url.PathEscape(e.Document)}, Summary: l.word("kind", string(e.Kind))}
		if !e.Date.IsZero() {
			entry.Published = e.Date.UTC().Format(time.RFC3339)
			entry.Summary += " · " + e.Date.Format(time.DateOnly)
		}
		f.Entries = append(f.Entries, entry)
	}
	out, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		s.log.Error("feed", "request", requestID(r.Context()), "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, _ = w.Write([]byte(xml.Header))
	_, _ = w.Write(out)
}
