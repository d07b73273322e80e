package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline"
)

// maxName is the length of a name in characters.
const maxName = 40

// nameCookie is where a browser keeps the name of who uses it. Sessions begin
// with a link and have no accounts behind them, so people say themselves who
// they are; it stands beside what they mark, and gives no rights.
func (s *Server) nameCookie() string { return s.cookieName() + "_name" }

// who is the name under which marks and edits are kept, empty if none was said.
func (s *Server) who(r *http.Request) string {
	c, err := r.Cookie(s.nameCookie())
	if err != nil {
		return ""
	}
	name, err := url.QueryUnescape(c.Value)
	if err != nil {
		return ""
	}
	return tidyName(name)
}

func tidyName(name string) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || !unicode.IsPrint(r) }), " ")
	if !utf8.ValidString(name) {
		return ""
	}
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	return name
}

// setName keeps who uses this browser.
func (s *Server) setName(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	s.keepName(w, r, r.PostFormValue("name"))
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // localPath lets only paths of ours through
}

func (s *Server) keepName(w http.ResponseWriter, r *http.Request, name string) {
	c := s.cookie(r, url.QueryEscape(tidyName(name)), int(sessionLife.Seconds())) //nolint:gosec // cookie sets what it has to
	c.Name = s.nameCookie()
	http.SetCookie(w, c)
}

// markAction says that an action item is done, or is not after all.
func (s *Server) markAction(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	err := s.archive.MarkAction(r.Context(), id, viewerOf(r.Context()).scopes, r.PostFormValue("key"), r.PostFormValue("done") == "1", s.who(r))
	if err != nil {
		s.failed(w, r, "error.byhand", err)
		return
	}
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // localPath lets only paths of ours through
}

// setTag gives a document a tag, or takes one away.
func (s *Server) setTag(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	err := s.archive.SetTag(r.Context(), id, viewerOf(r.Context()).scopes, r.PostFormValue("tag"), r.PostFormValue("set") == "1", s.who(r))
	switch {
	case errors.Is(err, pipeline.ErrBadTag):
		s.fail(w, r, http.StatusBadRequest, "error.tag", nil)
	case err != nil:
		s.failed(w, r, "error.byhand", err)
	default:
		http.Redirect(w, r, "/d/"+id+"#tags", http.StatusSeeOther) //nolint:gosec // the id has the form of ids
	}
}
