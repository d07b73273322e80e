// Package web is what staff see of an archive: pages to search, read and
// listen, the account of the archive, and the same as JSON.
//
// Pages are rendered on the server and work without JavaScript; htmx replaces
// the results while one types. Everything is embedded in the binary and there
// is no build step. In reading order: server.go (routes), guard.go (what
// every request passes), session.go (who looks), then a file a page.
//
// A script logs in with the link that `guidang serve` prints, once:
//
//	curl -sS -c jar -o /dev/null "$LOGIN_URL"
//	curl -sS -b jar 'http://127.0.0.1:7080/api/search?q=验收'
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"guidang/web/texts"
)

//go:embed static templates
var embedded embed.FS

// Options of a server.
type Options struct {
	// Listen is the address at which the server is reached, "host:port", as the
	// listener reports it (never port 0): the login link and the check of the
	// Host header are made from it.
	Listen string
	// Language of pages for browsers that ask for neither: zh or en; empty: zh.
	Language string
	// DataDir keeps sessions over a restart (web-sessions.json, mode 0600, hashes
	// only); empty: they live in memory.
	DataDir string
	// Scopes are what those who log in by the link may see; nil: everything.
	Scopes  []string
	Logger  *slog.Logger
	Version string // shown at the foot of pages
}

// Server answers pages and the JSON API.
type Server struct {
	archive  Archive
	o        Options
	log      *slog.Logger
	sessions *sessions
	pages    *pages
	handler  http.Handler
}

// New makes a server. It listens nowhere: serve its Handler.
func New(archive Archive, o Options) (*Server, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if !texts.Spoken(o.Language) {
		o.Language = chinese
	}
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return nil, fmt.Errorf("listen address of the pages: %w", err)
	}
	s := &Server{archive: archive, o: o, log: o.Logger}
	var err error
	if s.sessions, err = openSessions(o.DataDir); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	if s.handler, err = s.routes(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler answers every request; it is safe for concurrent use.
func (s *Server) Handler() http.Handler { return s.handler }

// LoginURL is a new link that logs one browser in, once. It ends with the
// process; the session that it gives does not.
func (s *Server) LoginURL() string {
	host, port, _ := net.SplitHostPort(s.o.Listen)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/login", RawQuery: url.Values{"token": {s.sessions.invite()}}.Encode()}
	return u.String()
}

// routes is every address that there is. What is not under open needs a session.
func (s *Server) routes() (http.Handler, error) {
	static, err := fs.Sub(embedded, "static")
	if err != nil {
		return nil, err
	}
	open := http.NewServeMux()
	open.HandleFunc("GET /login", s.login)
	open.HandleFunc("POST /language", s.setLanguage)
	open.HandleFunc("POST /logout", s.logout)
	open.HandleFunc("GET /healthz", healthz)
	open.HandleFunc("GET /api/healthz", healthz)
	open.HandleFunc("GET /feed", s.feed)
	// Browsers ask for it beside what is no page, such as an original.
	open.Handle("GET /favicon.ico", http.RedirectHandler("/static/icon.svg", http.StatusMovedPermanently))
	open.Handle("GET /static/", http.StripPrefix("/static/", staticFiles(static)))

	closed := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":                        s.search,
		"GET /d/{id}":                     s.document,
		"GET /o/{id}":                     s.original,
		"GET /t/{id}":                     s.thread,
		"GET /m/{id}":                     s.mailPart,
		"GET /api/threads/{id}":           s.apiThread,
		"GET /meetings":                   s.meetings,
		"GET /actions":                    s.actions,
		"GET /actions.ics":                s.actionsCalendar,
		"GET /d/{id}/minutes.md":          s.minutesMarkdown,
		"GET /customers":                  s.customers,
		"POST /customers":                 s.takeCustomer,
		"GET /customers/{name}":           s.customer,
		"GET /projects/{key}":             s.project,
		"GET /assign":                     s.confirm,
		"POST /assign":                    s.decide,
		"GET /d/{id}/sound":               s.sound,
		"GET /d/{id}/page/{n}":            s.pagePicture,
		"POST /d/{id}/bind":               s.bind,
		"POST /d/{id}/correct":            s.correct,
		"GET /review":                     s.review,
		"POST /review":                    s.confirmReview,
		"GET /review.html":                s.reviewFile,
		"GET /review.xlsx":                s.reviewFile,
		"GET /api/review":                 s.apiReview,
		"GET /status":                     s.status,
		"GET /status/progress":            s.progress,
		"GET /items":                      s.items,
		"POST /items/retry":               s.retry,
		"GET /api/search":                 s.apiSearch,
		"GET /suggest":                    s.suggestions,
		"GET /searches":                   s.searches,
		"POST /searches":                  s.saveSearch,
		"POST /searches/drop":             s.dropSearch,
		"GET /api/suggest":                s.apiSuggest,
		"GET /api/documents/{id}":         s.apiDocument,
		"GET /api/status":                 s.apiStatus,
		"GET /projects/{key}/package.zip": s.projectPackage,

		"GET /api/customers":        s.apiCustomers,
		"GET /api/customers/{name}": s.apiCustomer,
		"GET /api/projects":         s.apiProjects,
		"GET /api/projects/{key}":   s.apiProject,
		"GET /api/assign/queue":     s.apiQueue,
		"GET /d/{id}/diff/{other}":  s.diff,
	} {
		closed.HandleFunc(pattern, h)
	}
	// What people decide.
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /d/{id}/minutes.docx":    s.minutesWord,
		"GET /d/{id}/minutes/edit":    s.editMinutes,
		"GET /d/{id}/minutes/history": s.minutesHistory,
		"POST /d/{id}/minutes":        s.saveMinutes,
		"POST /d/{id}/action":         s.markAction,
		"POST /d/{id}/tag":            s.setTag,
		"POST /name":                  s.setName,
	} {
		closed.HandleFunc(pattern, h)
	}
	for form := range transcriptForms {
		closed.HandleFunc("GET /d/{id}/transcript."+form, s.transcriptFile(form))
	}
	closed.HandleFunc("/", s.notFound)
	open.Handle("/", s.needSession(closed))
	return s.guard(open), nil
}

func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{\"ok\":true}\n"))
}

// staticFiles are the same for a version of the program; the browser asks again
// each hour at most.
func staticFiles(files fs.FS) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || r.URL.Path[len(r.URL.Path)-1] == '/' { // no listing
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "max-age=3600")
		server.ServeHTTP(w, r)
	})
}
