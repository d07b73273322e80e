package review

import (
	"cmp"
	"slices"

	"guidang/extractors/document"
)

// Signature says whether a document is signed.
type Signature string

// Signatures, as pipeline/doctype tells them; empty: it does not say, because
// it could not be read or has no place for one.
const (
	Signed   Signature = "yes"
	Partly   Signature = "partly"
	Unsigned Signature = "no"
)

// Paper is a document of a project, as far as completeness goes.
type Paper struct {
	Document  string
	Title     string
	Date      string
	Type      document.Type
	Signature Signature
	Cloud     bool // a mail only names it: it lies with a service and not in the archive
}

// Standing is how a required document stands.
type Standing string

// Standings.
const (
	There      Standing = "there"
	Missing    Standing = "missing"
	NotSigned  Standing = "unsigned" // there, and no copy of it is signed
	OnlyLinked Standing = "cloud"    // only named by links to a service
)

// Required is one type of document that a project must have.
type Required struct {
	Type   document.Type `json:"type"`
	Phase  string        `json:"phase"`
	State  Standing      `json:"state"`
	Papers []Paper       `json:"-"`
}

// Project is what is asked of a project.
type Project struct {
	Kind  string // as its list says, in any words
	Phase string
	State string
}

// Complete holds a project's papers against the template. The order is the
// template's. A signature that could not be told counts as one: whoever scans a
// contract loses the field, not the ink.
func (t *Template) Complete(p Project, papers []Paper) []Required {
	byType := map[document.Type][]Paper{}
	for _, one := range papers {
		byType[one.Type] = append(byType[one.Type], one)
	}
	kind := t.kind(p.Kind)
	out := []Required{}
	for _, phase := range kind.Phases[:kind.reached(p, byType)] {
		for _, n := range phase.Need {
			have := byType[n.Type]
			newestFirst(have)
			out = append(out, Required{n.Type, phase.Phase, standing(have, n.Signed), have})
		}
	}
	for _, typ := range kind.Signed {
		// Each of these stands for itself: a signed change does not make up for
		// another that is not.
		for _, one := range byType[typ] {
			if s := standing([]Paper{one}, true); s != There {
				out = append(out, Required{typ, "", s, []Paper{one}})
			}
		}
	}
	return out
}

func standing(have []Paper, signed bool) Standing {
	here, ink := false, false
	for _, p := range have {
		here = here || !p.Cloud
		ink = ink || !p.Cloud && p.Signature != Unsigned && p.Signature != Partly
	}
	switch {
	case len(have) == 0:
		return Missing
	case !here:
		return OnlyLinked
	case signed && !ink:
		return NotSigned
	}
	return There
}

func newestFirst(papers []Paper) {
	slices.SortStableFunc(papers, func(a, b Paper) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.Document, b.Document)) })
}
