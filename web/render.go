package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"

	"guidang/extractors/document"
)

// page is what every template gets.
type page struct {
	L       tongue
	Title   string
	Area    string // which entry of the navigation is this
	Self    string // path and query, to come back to after the switch of language
	Query   string // in the search field of the head
	Version string
	Known   bool // logged in
	All     bool // may see the account of the archive
	Data    any
}

// pages are the templates, parsed once for each language because the functions
// of a template are bound when it is parsed.
type pages struct {
	byLanguage map[tongue]map[string]*template.Template
}

// parsePages reads templates/: layout.html, parts.html and talk.html belong to every page.
func parsePages() (*pages, error) {
	p := &pages{byLanguage: map[tongue]map[string]*template.Template{}}
	files, err := embedded.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	for _, l := range []tongue{chinese, english} {
		base, err := template.New("").Funcs(functions(l)).ParseFS(embedded, "templates/layout.html", "templates/parts.html", "templates/talk.html")
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		p.byLanguage[l] = map[string]*template.Template{}
		for _, f := range files {
			name := strings.TrimSuffix(f.Name(), ".html")
			if name == "layout" || name == "parts" || name == "talk" {
				continue
			}
			t, err := template.Must(base.Clone()).ParseFS(embedded, path.Join("templates", f.Name()))
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", name, err)
			}
			p.byLanguage[l][name] = t
		}
	}
	return p, nil
}

// functions are what templates may call.
func functions(l tongue) template.FuncMap {
	return template.FuncMap{
		"t":        l.say,
		"word":     l.word,
		"has":      l.has,
		"name":     visible,
		"detail":   l.detail,
		"source":   sourceName,
		"icon":     icon,
		"count":    l.count,
		"bytes":    sizeOf,
		"clock":    clock,
		"position": l.position,
		"seen":     l.seen,
		"when":     when,
		"percent":  percent,
		"join":     func(list []string) string { return visible(strings.Join(list, ", ")) },
		"chosen":   func(list []string, kind document.Kind) bool { return slices.Contains(list, string(kind)) },
	}
}

// render writes a whole page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name, titleKey string, data any) {
	s.renderTitled(w, r, status, name, s.language(r).say(titleKey), data)
}

// renderTitled writes a whole page whose title is no key.
func (s *Server) renderTitled(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	_, known := r.Context().Value(viewerKey{}).(viewer)
	p := page{L: s.language(r), Title: title, Area: name, Self: r.URL.RequestURI(), Version: s.o.Version, Known: known, All: known && viewerOf(r.Context()).all(), Data: data}
	if d, ok := data.(interface{ headQuery() string }); ok {
		p.Query = d.headQuery()
	}
	if r.Method == http.MethodPost {
		p.Self = "/"
	}
	s.execute(w, r, status, name, "layout", p)
}

// renderPart writes one block of a page, for htmx to put in place.
func (s *Server) renderPart(w http.ResponseWriter, r *http.Request, name, block string, data any) {
	s.execute(w, r, http.StatusOK, name, block, page{L: s.language(r), Self: r.URL.RequestURI(), Known: true, All: viewerOf(r.Context()).all(), Data: data})
}

// execute renders into memory first: a template that fails half way must not
// leave half a page with status 200.
func (s *Server) execute(w http.ResponseWriter, r *http.Request, status int, name, block string, p page) {
	var b bytes.Buffer
	if err := s.pages.byLanguage[p.L][name].ExecuteTemplate(&b, block, p); err != nil {
		s.log.Error("a template failed", "request", requestID(r.Context()), "template", name, "error", err)
		http.Error(w, p.L.say("error.internal"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.L.Tag())
	h.Add("Vary", "Accept-Language, Cookie, HX-Request")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// partial says whether htmx asks for a block. When it restores its history it
// wants the whole page.
func partial(r *http.Request) bool {
	return r.Header.Get("Hx-Request") == "true" && r.Header.Get("Hx-History-Restore-Request") != "true"
}
