package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"guidang/pipeline/index/suggest"
)

const (
	suggestLimit = 10
	suggestMost  = 50
	suggestLeast = 1 // characters; Chinese needs no more
)

// suggestView is the list of proposals below the search field.
type suggestView struct {
	Options []optionView
}

// optionView is one of them.
type optionView struct {
	suggest.Suggestion
	Path string
}

// suggestions answers /suggest: the options of the list, for htmx. A failure is
// an empty list: nobody asked for proposals.
func (s *Server) suggestions(w http.ResponseWriter, r *http.Request) {
	q, _ := parseQuestion(r.URL.Query())
	v := suggestView{}
	if utf8.RuneCountInString(q.Text) >= suggestLeast {
		// The blank at the end counts: after it a new word begins.
		text := strings.ToValidUTF8(r.URL.Query().Get("q"), "")
		found, err := s.archive.Suggest(r.Context(), cutRunes(text, maxQuery), viewerOf(r.Context()).scopes, suggestLimit)
		if err != nil {
			s.log.Warn("proposals", "error", err)
		}
		for _, f := range found {
			o := optionView{Suggestion: f}
			if f.Document != "" {
				o.Path = "/d/" + url.PathEscape(f.Document)
			} else {
				o.Path = q.with(func(q *question) { q.Text = f.Query }).path()
			}
			v.Options = append(v.Options, o)
		}
	}
	s.renderPart(w, r, "search", "suggest", v)
}

// apiSuggest answers /api/suggest?q=…&limit=…: what is proposed while somebody
// types q, best first.
func (s *Server) apiSuggest(w http.ResponseWriter, r *http.Request) {
	text := cutRunes(strings.ToValidUTF8(r.URL.Query().Get("q"), ""), maxQuery)
	limit := suggestLimit
	if r.URL.Query().Has("limit") {
		limit = min(max(number(r.URL.Query().Get("limit")), 1), suggestMost)
	}
	found, err := s.archive.Suggest(r.Context(), text, viewerOf(r.Context()).scopes, limit)
	if err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"query": text, "suggestions": found})
}

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}
