package dossier

import (
	"slices"

	"guidang/pipeline/ledger"
)

// Bare tells whose an item is that has no content: a locked archive's member,
// what could not be had, what is skipped. It is asked after Decide, and is no
// witness for anything else: only its name and its place speak, what it lies in,
// what lies beside it and what a person said of its folder. What stays in doubt
// is nobody's, since there is nothing to show to a person who would decide.
func (a *Assigner) Bare(d *Doc) []ledger.Assignment {
	if a.settled == nil {
		a.settled = a.gather()
	}
	h := held{name: d.Document, day: d.Date, own: tidy(a.own(d, &Features{})), spoken: a.said.of(d), bare: true}
	for i := range d.Places {
		if p := &d.Places[i]; p.Parent != 0 {
			h.parents = append(h.parents, p.Parent)
		}
		h.spots = a.spots(h.spots, &d.Places[i])
	}
	made := a.decide(&h, a.settled.facts(&h))
	return a.assignments(0, slices.DeleteFunc(made, func(d decision) bool { return !d.made() }))
}
