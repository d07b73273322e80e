//go:build !light

package pdf

import (
	"strings"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// Bounds of a table of contents. A file may make a ring of it, which the engine's
// own function for all of it would follow for ever.
const (
	maxBookmarks = 5_000
	deepBookmark = 12
	longHeading  = 120 // characters of a page's heading
)

// outline reads the bookmarks (ISO 32000-1, 12.3.3): for each page from 0 the
// titles that lead to it.
func (s *session) outline() map[int][]string {
	titles := map[int][]string{}
	left := maxBookmarks
	var level func(parent *references.FPDF_BOOKMARK, depth int)
	level = func(parent *references.FPDF_BOOKMARK, depth int) {
		first, err := s.inst.FPDFBookmark_GetFirstChild(&requests.FPDFBookmark_GetFirstChild{Document: s.file, Bookmark: parent})
		if err != nil {
			return
		}
		for b := first.Bookmark; b != nil && left > 0; left-- {
			if page, title := s.bookmark(*b); page >= 0 && title != "" {
				titles[page] = append(titles[page], title)
				s.bookmarks++
			}
			if depth < deepBookmark {
				level(b, depth+1)
			}
			next, err := s.inst.FPDFBookmark_GetNextSibling(&requests.FPDFBookmark_GetNextSibling{Document: s.file, Bookmark: *b})
			if err != nil {
				return
			}
			b = next.Bookmark
		}
	}
	level(nil, 1)
	return titles
}

// bookmark is one bookmark's title, and the page that it leads to, or -1.
func (s *session) bookmark(b references.FPDF_BOOKMARK) (page int, title string) {
	t, err := s.inst.FPDFBookmark_GetTitle(&requests.FPDFBookmark_GetTitle{Bookmark: b})
	if err != nil {
		return -1, ""
	}
	d, err := s.inst.FPDFBookmark_GetDest(&requests.FPDFBookmark_GetDest{Document: s.file, Bookmark: b})
	if err != nil || d.Dest == nil {
		return -1, ""
	}
	p, err := s.inst.FPDFDest_GetDestPageIndex(&requests.FPDFDest_GetDestPageIndex{Document: s.file, Dest: *d.Dest})
	if err != nil {
		return -1, ""
	}
	return p.Index, strings.Join(strings.Fields(recode(t.Title)), " ")
}

// heading is what a page is about: the bookmarks that lead to it, else the last
// one before it.
func (s *session) heading(n int) string {
	all := s.titles[n]
	if len(all) == 0 {
		return s.chapter
	}
	s.chapter = all[len(all)-1]
	h := all[0]
	for _, t := range all[1:] {
		if utf8.RuneCountInString(h)+utf8.RuneCountInString(t) > longHeading {
			break
		}
		h += " · " + t
	}
	return h
}
