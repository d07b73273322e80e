package meili

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guidang/pipeline/index"
)

const (
	idMost = 128 // bytes of a document's id; the server takes 511 of a passage's

	// headMost bounds how much of a document's people and terms is indexed: a mail
	// to a thousand people would otherwise be mostly addresses, and the server
	// silently drops what lies beyond 65,536 positions, nine for a lone word.
	headMost = 64 << 10 // bytes

	// bins is how many parts Walk can read an index in.
	bins = 1 << 12
)

// row is a passage as the server has it. What is searched stands there in code
// words; what is filtered by stands there in a form that survives its folding.
type row struct {
	ID        string   `json:"id"`
	Doc       string   `json:"doc"`
	Rev       int64    `json:"rev"`
	Seq       int      `json:"seq"`
	Bin       int      `json:"bin"`
	Kind      string   `json:"kind"`
	Type      string   `json:"type,omitempty"`
	Scopes    []string `json:"scopes"`
	Tags      []string `json:"tags,omitempty"`
	Sensitive []string `json:"sensitive,omitempty"`
	Customer  []string `json:"customer,omitempty"`
	Project   []string `json:"project,omitempty"`
	Date      *int64   `json:"date,omitempty"` // unix seconds; exact, far below 2^53
	Title     string   `json:"title,omitempty"`
	Name      string   `json:"name,omitempty"`
	People    string   `json:"people,omitempty"`
	Terms     string   `json:"terms,omitempty"`
	Heading   string   `json:"heading,omitempty"`
	Body      string   `json:"body,omitempty"`
	Plain     *shown   `json:"plain"`
}

// shown is what people who look into the server can read of a passage. Nothing of
// it is searched or filtered by.
type shown struct {
	Title     string   `json:"title,omitempty"` // as the rest but text, with passage 0 only
	Name      string   `json:"name,omitempty"`
	Customers []string `json:"customers,omitempty"`
	Projects  []string `json:"projects,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Date      string   `json:"date,omitempty"` // YYYY-MM-DD
	URL       string   `json:"url,omitempty"`  // path on the pages
	Headline  string   `json:"headline,omitempty"`
	Decisions []string `json:"decisions,omitempty"` // of a meeting
	Heading   string   `json:"heading,omitempty"`
	Text      string   `json:"text,omitempty"` // its beginning
}

// shownMost is how much of a text can be read, in characters.
const shownMost = 200

func shownOf(e *index.Entry, n int) *shown {
	from := &e.Passages[n]
	p := &shown{Heading: from.Heading, Text: from.Text}
	chars := 0
	for at := range from.Text {
		if chars++; chars > shownMost {
			p.Text = from.Text[:at] + "…"
			break
		}
	}
	if n > 0 {
		return p
	}
	p.Title, p.Name, p.Customers, p.Projects, p.Tags, p.URL = e.Title, e.Name, e.Customer, e.Project, e.Tags, "/d/"+e.Document
	p.Headline, p.Decisions = e.Headline, e.Decisions
	if !e.Date.IsZero() {
		p.Date = e.Date.Format(time.DateOnly)
	}
	return p
}

// group is what is sent of one document in one request: lines of JSON.
type group struct {
	document string
	lines    [][]byte
}

func (g *group) size() (n int) {
	for _, l := range g.lines {
		n += len(l) + 1
	}
	return n
}

// refuse says why an entry can never be indexed; empty if it can.
func refuse(e *index.Entry) string {
	switch {
	case e.Document == "" || len(e.Document) > idMost || strings.Trim(strings.ToLower(e.Document), "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return "its id cannot be kept"
	case len(e.Scopes) == 0:
		return "nobody may see it"
	case len(e.Passages) == 0:
		return "it has no passage"
	}
	return ""
}

// rows encodes an entry.
func (c *encoder) rows(e *index.Entry) (*group, error) {
	shared := row{
		Doc: exact(e.Document), Rev: e.Revision, Bin: binOf(e.Document), Kind: exact(string(e.Kind)),
		Scopes: exactAll(e.Scopes), Tags: exactAll(e.Tags), Sensitive: exactAll(e.Sensitive), Customer: exactAll(e.Customer), Project: exactAll(e.Project),
	}
	if e.Type != "" {
		shared.Type = exact(string(e.Type))
	}
	if !e.Date.IsZero() {
		at := e.Date.Unix()
		shared.Date = &at
	}
	g := &group{document: e.Document, lines: make([][]byte, 0, len(e.Passages))}
	for n := range e.Passages {
		p := &e.Passages[n]
		r := shared
		r.ID, r.Seq = index.PassageID{Document: e.Document, Seq: n}.String(), n
		if n == 0 {
			c.head(e, &r)
		}
		c.add(p.Heading)
		r.Heading = c.take()
		c.add(p.Text)
		r.Body = c.take()
		r.Plain = shownOf(e, n)
		line, err := json.Marshal(&r)
		if err != nil {
			return nil, fmt.Errorf("index %s: %w", r.ID, err)
		}
		g.lines = append(g.lines, line)
	}
	return g, nil
}

// head writes what belongs to the document as a whole.
func (c *encoder) head(e *index.Entry, r *row) {
	size := 0
	field := func(all ...string) string {
		for _, s := range all {
			if size += len(s); size <= headMost {
				c.add(s)
			}
		}
		return c.take()
	}
	r.Title = field(e.Title)
	if e.Name != e.Title {
		r.Name = field(e.Name)
	}
	r.Terms, r.People = field(e.Terms...), field(e.People...)
}

const plain = "abcdefghijklmnopqrstuvwxyz0123456789.:-"

// exact gives a value in the form in which it is compared on the server.
//
// QUIRK: values of filters are compared after NFKD and lower-casing and cut at
// 468 bytes (v1.50), so "source:A" and "source:a" would be one scope. What is
// not plain is therefore kept as a hash.
func exact(value string) string {
	if len(value) <= 64 && value != "" && strings.Trim(value, plain) == "" {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return "_" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20]))
}

func exactAll(values []string) []string {
	if len(values) == 0 {
		return nil
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = exact(v)
	}
	return out
}

func binOf(document string) int {
	sum := sha256.Sum256([]byte(document))
	return int(binary.BigEndian.Uint16(sum[:])) % bins
}
