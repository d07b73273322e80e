package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline"
)

// pagePicture is a page of a document as the page of that document shows it.
type pagePicture struct {
	Path     string
	Open     bool // shown at once; others when somebody opens them
	Blank    bool // its fonts are not to be had
	Position document.Position
}

// Widths of pictures, in pixels. No other is drawn, so that nobody fills the cache.
const (
	pageWidth  = 1000 // of a page
	photoWidth = 1600 // of a photo or a scan
	thumbWidth = 160  // among answers
)

// maxPages bounds the pages without text that are listed by pictures alone.
const maxPages = 30

// drawTime is how long the page waits for the picture that it shows at once, to say
// what is missing on it. What takes longer comes by itself.
const drawTime = 2 * time.Second

func pagePath(id string, n, width int) string {
	return fmt.Sprintf("/d/%s/page/%d?w=%d", id, n, width)
}

// pictureOf is what is shown of a picture: drawn upright and no larger than a page
// needs.
func pictureOf(v *pipeline.View) string {
	switch v.MediaType {
	case "image/heic", "image/avif":
		return ""
	case "image/gif":
		return "/o/" + v.ID // it may move
	}
	return pagePath(v.ID, 1, photoWidth)
}

// pictures puts a picture beside the text of each page of a PDF, open at the hit, and
// lists the pages that have no text. A TIFF of many pages is the same.
func (s *Server) pictures(ctx context.Context, page *documentView, passage int) {
	if page.MediaType != "application/pdf" && page.MediaType != "image/tiff" || page.Provenance.Format == "" {
		return
	}
	wanted := "p" + strconv.Itoa(max(passage, 0))
	have := map[int]bool{}
	for n := range page.Sections {
		have[page.Sections[n].Position.Page] = true
	}
	shown := 0
	for n := range page.Parts.Sections {
		v := &page.Parts.Sections[n]
		if v.Position.Page == 0 || shown == v.Position.Page {
			continue
		}
		shown = v.Position.Page
		v.Picture = &pagePicture{Path: pagePath(page.ID, shown, pageWidth), Open: v.holds(wanted), Position: v.Position}
		if v.Picture.Open {
			v.Picture.Blank = s.blank(ctx, page.ID, shown)
		}
	}
	if page.Parts.Part != page.Parts.Of { // pages without text follow the last
		return
	}
	for n := 1; n <= min(number(page.View.Fields["pages"]), 20_000); n++ {
		if have[n] || page.Picture != "" && n == 1 {
			continue
		}
		if len(page.Pages) == maxPages {
			page.More++
			continue
		}
		page.Pages = append(page.Pages, pagePicture{Path: pagePath(page.ID, n, pageWidth), Open: len(page.Sections) == 0 && len(page.Pages) == 0, Position: document.Position{Page: n}})
	}
}

// holds says whether an anchor is in a section.
func (v *sectionView) holds(anchor string) bool {
	for _, p := range v.Pieces {
		if slices.Contains(p.Anchors, anchor) {
			return true
		}
	}
	return false
}

// blank says whether a page's picture lacks its text.
func (s *Server) blank(ctx context.Context, id string, n int) bool {
	ctx, cancel := context.WithTimeout(ctx, drawTime)
	defer cancel()
	p, err := s.archive.PagePicture(ctx, id, n, pageWidth, viewerOf(ctx).scopes)
	if err != nil {
		return false
	}
	defer p.Close()
	return p.Blank
}

// pagePicture gives out a picture of a page.
func (s *Server) pagePicture(w http.ResponseWriter, r *http.Request) {
	id, n, width := r.PathValue("id"), number(r.PathValue("n")), number(r.FormValue("w"))
	if !documentID.MatchString(id) || n < 1 || width != pageWidth && width != photoWidth && width != thumbWidth {
		s.notFound(w, r)
		return
	}
	p, err := s.archive.PagePicture(r.Context(), id, n, width, viewerOf(r.Context()).scopes)
	switch {
	case errors.Is(err, pipeline.ErrNoPicture):
		s.notFound(w, r)
		return
	case err != nil:
		s.failed(w, r, "error.original", err)
		return
	}
	defer p.Close()
	kind := "image/png"
	head := make([]byte, 8)
	if _, err := p.ReadAt(head, 0); err == nil && bytes.HasPrefix(head, []byte("\xff\xd8\xff")) {
		kind = "image/jpeg"
	} else if !bytes.HasPrefix(head, []byte("\x89PNG")) {
		s.notFound(w, r) // a reader sent something else
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", originalPolicy)
	h.Set("Content-Type", kind)
	h.Set("ETag", fmt.Sprintf(`"%s-%d-%d"`, id, n, width))
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(p, 0, p.Size()))
}
