package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// documentID is the form of document ids. Pages take nothing else: a locator
// would do for the archive too, but it would tell of sources by guessing.
var documentID = regexp.MustCompile(`^[a-z2-7]{26}$`)

// maxInner is how many children a page lists; a mailbox has a hundred thousand.
const maxInner = 200

// documentView is the page of one document.
type documentView struct {
	*pipeline.View
	Query     string
	Back      string // the results that led here
	Roles     []roleView
	Fields    []fieldView
	Original  string
	Inline    bool          // the browser shows the original
	Picture   string        // the address of what the page shows of a picture
	Pages     []pagePicture // pages of a PDF that have no text
	More      int           // of them, which are not listed
	Outlooks  bool          // it can be had as Outlook saves it
	Play      string
	Video     bool
	Parts     parts
	Meeting   *meetingView
	Converts  bool          // it is played by converting
	Talk      *talkView     // what was said
	Above     []writtenView // minutes that somebody wrote of this meeting, which stand above the program's
	Who       string        // the name under which marks are kept
	Shown     []pipeline.Inner
	MoreInner int
	Tagged    []tagView
	Keys      []link
	Way       []string
	Places    []place
	Paper     paperView
	Named     namedView
	Mail      *mailView // of a mail
	Sum       []innerCount
	InnerNow  int64 // children that are there now
	Partial   bool  // something is missing; the reason says what
	Owners    []ownerView
}

// innerCount is how many of a container's children are in a state.
type innerCount struct {
	State ledger.State
	N     int64
}

type roleView struct {
	Role   string
	People []document.Person
	More   int
}

type fieldView struct{ Name, Value string }

type place struct {
	pipeline.Occurrence
	Way []string
}

func (v documentView) headQuery() string { return v.Query }

// view loads the document that the address names for who asks.
func (s *Server) view(w http.ResponseWriter, r *http.Request) (*pipeline.View, bool) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return nil, false
	}
	v, err := s.archive.Show(r.Context(), id, viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.document", err)
		return nil, false
	}
	return v, true
}

// document is the page of one document, with its minutes if it is a meeting.
func (s *Server) document(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	query, _ := parseQuestion(url.Values{"q": {r.FormValue("q")}})
	words := index.Words(query.Text)
	page := describe(v, query.Text)
	page.Paper = paperOf(v, s.language(r))
	page.Named = namedOf(v)
	page.Who = s.who(r)
	s.minutesOf(&page, words)
	if said(v) != nil {
		var anchors []string
		var all []line
		all, anchors = lines(v, words)
		page.Talk = talkOf(v, all, page.Play, number(r.FormValue("edit")))
		if page.Meeting != nil {
			page.Meeting.Anchors = anchors
		}
	} else {
		at := target{part: number(r.FormValue("part")), passage: -1}
		if p := r.FormValue("p"); p != "" {
			at.passage = number(p)
		}
		page.Parts = textParts(v.Document, words, at, func(part int) string {
			u := url.Values{"part": {strconv.Itoa(part)}}
			if query.Text != "" {
				u.Set("q", query.Text)
			}
			return "/d/" + v.ID + "?" + u.Encode()
		})
		s.pictures(r.Context(), &page, at.passage)
		page.Named.mark(page.Parts.Sections, s.language(r))
	}
	s.renderTitled(w, r, http.StatusOK, "document", visible(cmp.Or(v.Title, v.Name, v.ID)), page)
}

// minutesOf fills in the minutes of a meeting and of those who wrote some of it, or
// the minutes that the document is.
func (s *Server) minutesOf(page *documentView, words []string) {
	v := page.View
	made := v.Minutes
	if said(v) == nil {
		made = written(v)
	}
	if made == nil {
		return
	}
	page.Meeting = meeting(made, said(v), words)
	page.Meeting.ID, page.Meeting.Play, page.Meeting.Can = v.ID, page.Play, said(v) != nil
	page.Meeting.done(v.Actions)
	if made.Edited != nil {
		return // a person of this office has had the last word
	}
	for _, w := range v.Written {
		if m := unlinked(w.Minutes); m != nil {
			one := writtenView{w, meeting(m, nil, words)}
			one.Meeting.ID = w.Document
			page.Above = append(page.Above, one)
		}
	}
}

// tagView is a tag with who set it.
type tagView struct {
	link
	pipeline.TagView
}

// tagLinks are the tags that hold, each with a search for it.
func tagLinks(v *pipeline.View) (out []tagView) {
	for _, tag := range v.Tags {
		t := tagView{link: link{Label: tag, Path: question{Tags: []string{tag}, Limit: pageSize}.path()}, TagView: pipeline.TagView{Tag: tag, By: "rule"}}
		for _, set := range v.Tagged {
			if set.Tag == tag && !set.Off {
				t.TagView = set
			}
		}
		out = append(out, t)
	}
	return out
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<30 {
		return 0
	}
	return n
}

// describe is everything of the page but its text and its minutes.
func describe(v *pipeline.View, query string) documentView {
	page := documentView{View: v, Query: query, Back: question{Text: query, Limit: pageSize}.path(), Original: "/o/" + v.ID, Way: way(v.Locator), Partial: v.Read == document.Partial || v.Read == document.None}
	page.Roles = roles(v.People)
	for _, name := range slices.Sorted(mapKeys(v.Fields)) {
		if name != "format" { // the provenance says it
			page.Fields = append(page.Fields, fieldView{name, fieldValue(name, v.Fields[name])})
		}
	}
	kind := servedAs(v.MediaType)
	page.Inline = kind != ""
	if v.Kind == document.KindImage && shows(v) {
		page.Picture = pictureOf(v)
	}
	page.Outlooks = isOutlooks(v.Locator, v.Fields["made"])
	switch {
	case v.Kind == document.KindRecording && slices.Contains(converted, v.MediaType):
		page.Play, page.Converts, page.Inline = "/d/"+v.ID+"/sound", true, false
	case plays(kind):
		page.Play, page.Video = page.Original, strings.HasPrefix(kind, "video/")
	}
	page.Shown = v.Inner
	if len(v.Inner) > maxInner {
		page.Shown = v.Inner[:maxInner]
	}
	page.MoreInner = v.InnerTotal - len(page.Shown)
	page.Tagged = tagLinks(v)
	for _, term := range v.Terms {
		page.Keys = append(page.Keys, link{Label: term.Term, Path: question{Text: quoted(term.Term), Limit: pageSize}.path()})
	}
	for _, o := range v.Occurrences {
		page.Places = append(page.Places, place{o, way(o.Locator)})
	}
	page.Mail = mailOf(v)
	page.Owners = ownersOf(v.Belongs)
	for _, state := range ledger.States() {
		if n := v.InnerStates[state]; n > 0 {
			page.Sum, page.InnerNow = append(page.Sum, innerCount{state, n}), page.InnerNow+n
		}
	}
	return page
}

// maxPixels bounds the pictures that a page shows by itself: a browser needs four
// bytes for each. Camera pictures have up to 50 million.
const maxPixels = 60_000_000

// shows says whether a picture is small enough for a page, by what its reader
// found in its header.
func shows(v *pipeline.View) bool {
	width, height := number(v.Fields["width"]), number(v.Fields["height"])
	return width > 0 && height > 0 && int64(width)*int64(height) <= maxPixels
}

// quoted makes a term of several words one phrase of the query language.
func quoted(term string) string {
	if strings.ContainsAny(term, " \t") && !strings.Contains(term, `"`) {
		return `"` + term + `"`
	}
	return term
}

func fieldValue(name, value string) string {
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && name == "duration_seconds" {
		return clock(seconds)
	}
	if len(value) > len(time.DateOnly) && (name == "created" || name == "modified") {
		return when(value)
	}
	return value
}

// roles groups people, in the order of a letter's head.
func roles(people []document.Person) []roleView {
	const shown = 30 // of a role; a circular to a whole firm has hundreds
	order := []string{"from", "sender", "author", "to", "cc", "bcc", "attendee", "speaker"}
	var out []roleView
	for _, p := range people {
		i := slices.IndexFunc(out, func(r roleView) bool { return r.Role == p.Role })
		if i < 0 {
			i = len(out)
			out = append(out, roleView{Role: p.Role})
		}
		if slices.Contains(out[i].People, p) {
			continue
		}
		if len(out[i].People) == shown {
			out[i].More++
			continue
		}
		out[i].People = append(out[i].People, p)
	}
	rank := func(role string) int {
		if i := slices.Index(order, role); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(out, func(a, b roleView) int { return rank(a.Role) - rank(b.Role) })
	return out
}

// positionLink leads to a place within the original, for those that a browser
// opens at a place: RFC 8118 §3 has #page= for PDF, Media Fragments #t= for
// recordings.
func positionLink(original, mediaType string, p document.Position) string {
	kind := servedAs(mediaType)
	switch {
	case kind == "application/pdf" && p.Page > 0:
		return fmt.Sprintf("%s#page=%d", original, p.Page)
	case p.Start != nil && plays(kind):
		return original + "#t=" + strconv.FormatFloat(*p.Start, 'f', 1, 64)
	}
	return ""
}

func highlighted(text string, words []string) template.HTML {
	if len(words) == 0 {
		return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
	}
	return marked(index.Highlight(text, words))
}
