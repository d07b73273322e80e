package embedded

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

// The fields of a passage. Documents are made by hand, without Bleve's mapping:
// the tokens come from index.Tokens at once, nothing is stored, and what is the
// same for all passages of a document is made once.
const (
	fieldText  = "b" // heading and text; in passage 0 also the document's head
	fieldTitle = "t" // title and name, in passage 0; only to rank
	fieldFacet = "f" // what is filtered by, see the facets below
	fieldOwner = "r" // document and revision: what Walk counts and deletion finds
	fieldDate  = "d" // the document's time, as doc value: for order and exact bounds
)

// Facets are terms of one field, told apart by their first character: one
// dictionary a segment instead of eight.
const (
	facetHead     = "h" // of passage 0 only: one for each document
	facetKind     = "k"
	facetTag      = "t"
	facetType     = "w"
	facetPrivate  = "x" // of what must not get about
	facetScope    = "s"
	facetCustomer = "c"
	facetProject  = "p"
	facetTime     = "y" // year, month, day: y2025 y202508 y20250820
)

const (
	keyword = api.IndexField | api.SkipFreqNorm
	dated   = api.IndexField | api.SkipFreqNorm | api.DocValues

	// headMost bounds how much of a document's people and terms is indexed: a mail
	// to a thousand people would otherwise be mostly addresses.
	headMost = 64 << 10 // bytes
)

// ownerTerm names a revision of a document. Revisions sort.
func ownerTerm(doc string, revision int64) string {
	return doc + "/" + fmt.Sprintf("%016x", uint64(revision)) //nolint:gosec // parseOwner turns the bits back
}

func parseOwner(term string) (doc string, revision int64, ok bool) {
	doc, hex, ok := strings.Cut(term, "/")
	n, err := strconv.ParseUint(hex, 16, 64)
	return doc, int64(n), ok && err == nil //nolint:gosec // the bits that ownerTerm wrote
}

// dateTerm sorts like the times it stands for.
func dateTerm(t time.Time) string {
	return fmt.Sprintf("%016x", uint64(t.Unix())^1<<63) //nolint:gosec // the turned sign bit makes times before 1970 sort first
}

// entryFields are what all passages of an entry share.
type entryFields struct {
	g      *generation
	entry  *index.Entry
	owner  string
	facets []string
	date   string // empty: unknown
}

func (g *generation) fieldsOf(e *index.Entry) *entryFields {
	f := &entryFields{g: g, entry: e, owner: ownerTerm(e.Document, e.Revision), facets: []string{facetKind + string(e.Kind)}}
	add := func(facet string, values []string) {
		for _, v := range values {
			f.facets = append(f.facets, facet+v)
		}
	}
	if e.Type != "" {
		add(facetType, []string{string(e.Type)})
	}
	add(facetTag, e.Tags)
	add(facetPrivate, e.Sensitive)
	add(facetScope, e.Scopes)
	add(facetCustomer, e.Customer)
	add(facetProject, e.Project)
	if !e.Date.IsZero() {
		day := e.Date.UTC().Format("20060102")
		add(facetTime, []string{day[:len(day)-4], day[:len(day)-2], day})
		f.date = dateTerm(e.Date)
	}
	return f
}

// passage makes the scorch document of one passage.
func (f *entryFields) passage(n int) *passage {
	from := &f.entry.Passages[n]
	p := &passage{g: f.g, id: index.PassageID{Document: f.entry.Document, Seq: n}.String(), entry: f, first: n == 0}
	p.body.parts = []string{from.Heading, from.Text}
	if !p.first {
		return p
	}
	size := 0
	for _, h := range f.entry.Head() {
		if size += len(h); size > headMost {
			break
		}
		p.body.parts = append(p.body.parts, h)
	}
	p.title.parts = []string{f.entry.Title, f.entry.Name}
	return p
}
