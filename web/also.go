package web

import "guidang/pipeline/index"

// alsoView is what a query finds beside documents, above them.
type alsoView struct {
	Names []alsoName
	Said  []alsoSaid
}

// alsoName is somebody or something that is called so.
type alsoName struct {
	index.Named
	Key string // what it is
}

// alsoSaid are decisions or action items.
type alsoSaid struct {
	Key   string // of the heading
	Lines []index.Said
}

func alsoOf(a *index.Also) *alsoView {
	if a == nil {
		return nil
	}
	v := &alsoView{}
	for _, g := range []struct {
		key   string
		names []index.Named
	}{{"suggest.customer", a.Customers}, {"suggest.project", a.Projects}, {"suggest.person", a.People}} {
		for _, n := range g.names {
			v.Names = append(v.Names, alsoName{n, g.key})
		}
	}
	for _, g := range []alsoSaid{{"also.decisions", a.Decisions}, {"also.actions", a.Actions}} {
		if len(g.Lines) > 0 {
			v.Said = append(v.Said, g)
		}
	}
	return v
}
