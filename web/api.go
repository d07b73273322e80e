package web

import (
	"encoding/json"
	"net/http"
)

// writeJSON answers with one JSON object.
func writeJSON(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil { // our own types always marshal; a NaN in a score would not
		status, data = http.StatusInternalServerError, []byte(`{"error":{"key":"error.internal"}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n'))
}

// apiSearch answers /api/search with CONTRACT's search object. Unlike the page
// it refuses parameters that it cannot use: a script wants to know.
func (s *Server) apiSearch(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuestion(r.URL.Query())
	if err != nil {
		l := s.language(r)
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": map[string]string{"key": "error.question", "message": l.say("error.question"), "detail": err.Error(), "request": requestID(r.Context())}})
		return
	}
	res, err := s.archive.Search(r.Context(), q.request(), viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	writeJSON(w, http.StatusOK, res)
}

// apiDocument answers /api/documents/{id} with what `guidang show --json` prints.
func (s *Server) apiDocument(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if ok {
		writeJSON(w, http.StatusOK, v)
	}
}

// apiThread answers /api/threads/{id}: the mails of a mail's thread as documents,
// at most threadPage from ?from= on.
func (s *Server) apiThread(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	t, err := s.archive.Conversation(r.Context(), id, viewerOf(r.Context()).scopes, number(r.FormValue("from")), threadPage)
	if err != nil {
		s.failed(w, r, "error.document", err)
		return
	}
	writeJSON(w, http.StatusOK, t)
}

// apiStatus answers /api/status with what `guidang status --json` prints.
func (s *Server) apiStatus(w http.ResponseWriter, r *http.Request) {
	st, ok := s.account(w, r)
	if ok {
		writeJSON(w, http.StatusOK, st)
	}
}
