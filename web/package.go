package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/bag"
	"guidang/pipeline/review"
)

// requiredLine is a document that a project must have, in words.
type requiredLine struct {
	Type  string
	State string
	Bad   bool
	Link  string // the newest of them
}

func requiredLines(all []review.Required, en bool) []requiredLine {
	var out []requiredLine
	for _, q := range all {
		l := requiredLine{Type: review.Say("type."+string(q.Type), en), State: review.Say("standing."+string(q.State), en), Bad: q.State != review.There}
		if len(q.Papers) > 0 {
			l.Link = "/d/" + q.Papers[0].Document
		}
		out = append(out, l)
	}
	return out
}

// projectPackage streams the archive package of a project. A browser that gets
// only a part of it has no package: what is cut off has no list of files, and
// `guidang verify` says so.
func (s *Server) projectPackage(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	key := r.PathValue("key")
	card, err := s.archive.ProjectCard(r.Context(), key, viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.customers", err)
		return
	}
	out := &late{w: w, begin: func() {
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(bag.SafeName(card.Key)+".zip"))
	}}
	_, err = s.archive.Package(r.Context(), pipeline.PackageRequest{Project: card.Key, Retention: l.say("package.retention"), Secrecy: l.say("package.secrecy"),
		English: string(l) == english, Software: "guidang " + s.o.Version, Made: time.Now()}, viewerOf(r.Context()).scopes, out)
	switch {
	case err == nil:
	case !out.begun:
		s.failed(w, r, "error.package", err)
	default:
		s.log.Error("a package broke off", "project", card.Key, "error", err)
		// Nothing better is left to tell a browser that this is not all of it.
		panic(http.ErrAbortHandler)
	}
}

// late begins an answer with its first byte, so that an error before that can
// still be told as a page.
type late struct {
	w     http.ResponseWriter
	begin func()
	begun bool
}

func (l *late) Write(p []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.begin()
	}
	n, err := l.w.Write(p)
	if err != nil {
		err = errors.Join(errGone, err)
	}
	return n, err
}

var errGone = errors.New("the browser has gone")
