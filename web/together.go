package web

import (
	"errors"
	"net/http"
	"regexp"

	"guidang/pipeline"
)

// namedDocument finds a document's id in what a person pastes: the address of its
// page, or the id itself.
var namedDocument = regexp.MustCompile(`(?:^|/)([a-z2-7]{26})(?:[/?#]|$)`)

// bind joins two files to one meeting, or parts them.
func (s *Server) bind(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if !documentID.MatchString(id) || r.ParseForm() != nil {
		s.fail(w, r, http.StatusBadRequest, "error.request", nil)
		return
	}
	other := namedDocument.FindStringSubmatch(r.PostFormValue("other"))
	if other == nil {
		s.fail(w, r, http.StatusUnprocessableEntity, "error.bind", nil)
		return
	}
	err := s.archive.Bind(r.Context(), id, other[1], r.PostFormValue("join") == "1", editor(r), viewerOf(r.Context()).scopes)
	switch {
	case errors.Is(err, pipeline.ErrCorrection):
		s.fail(w, r, http.StatusUnprocessableEntity, "error.bind", err)
	case err != nil:
		s.failed(w, r, "error.bind", err)
	default:
		http.Redirect(w, r, "/d/"+id, http.StatusSeeOther) //nolint:gosec // the id has 26 letters and digits
	}
}
