package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"guidang/pipeline/ledger"
)

// errorView is what an error page shows: words, and a number under which the
// log keeps the cause.
type errorView struct {
	Key     string
	Request string
	Again   string // where to go on for somebody who is logged in after all
}

// fail answers with an error in words. The cause goes into the log only: it
// may name paths and addresses that are not the reader's business.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, key string, cause error) {
	id := requestID(r.Context())
	if cause != nil {
		s.log.Error("a page failed", "request", id, "path", r.URL.Path, "key", key, "error", cause)
	}
	if status == http.StatusUnauthorized && partial(r) {
		w.Header().Set("Hx-Refresh", "true") // the whole page says what to do
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		l := s.language(r)
		writeJSON(w, status, map[string]any{"error": map[string]string{"key": key, "message": l.say(key), "request": id}})
		return
	}
	view := errorView{Key: key, Request: id}
	if status == http.StatusUnauthorized && r.Method == http.MethodGet {
		view.Again = localPath(r.URL.RequestURI())
	}
	s.render(w, r, status, "error", key+".title", view)
}

// failed answers for an error of the archive. What is not there and what the
// viewer may not see give the same answer.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, key string, err error) {
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		s.notFound(w, r)
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		// The browser has gone on, mostly to the next letter of a query.
		s.log.Debug("a request was given up", "request", requestID(r.Context()))
	default:
		s.fail(w, r, http.StatusInternalServerError, key, err)
	}
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, http.StatusNotFound, "error.not-found", nil)
}
