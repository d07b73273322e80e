package dossier

import (
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// verdict is a person's word on a document.
type verdict struct {
	customer, project int32 // customer -1: nobody's
	belongs           bool
	who               string
}

// said is what people said, by what they said it of.
type said struct {
	of1    map[int64][]verdict  // documents
	folder map[string][]verdict // source and folder
}

func newSaid(w *Words, words []*ledger.Word) *said {
	s := &said{of1: map[int64][]verdict{}, folder: map[string][]verdict{}}
	customers, projects := map[int64]int32{}, map[int64]int32{}
	for i, c := range w.Customers {
		customers[c.ID] = int32(i)
	}
	for i, p := range w.Projects {
		projects[p.ID] = int32(i)
	}
	for _, word := range words {
		v := verdict{-1, -1, word.Belongs, word.Who}
		ok := true
		if word.Customer != 0 {
			v.customer, ok = customers[word.Customer]
		}
		if word.Project != 0 && ok {
			v.project, ok = projects[word.Project]
		}
		if !ok {
			continue // of what is no longer in the list
		}
		if word.Content != 0 {
			s.of1[word.Content] = newer(s.of1[word.Content], v)
			continue
		}
		key := word.Source + "\x00" + word.Folder
		s.folder[key] = newer(s.folder[key], v)
	}
	return s
}

// newer adds a word; an older one on the same is void, and so is "nobody's" when
// somebody's name comes after it, and the other way round.
func newer(list []verdict, v verdict) []verdict {
	list = slices.DeleteFunc(list, func(o verdict) bool {
		return o.customer == v.customer && o.project == v.project || v.belongs && (o.customer < 0) != (v.customer < 0)
	})
	return append(list, v)
}

// of are the words on a document. What was said of it itself counts before what
// was said of its folder, and that before the folder around.
func (s *said) of(d *Doc) []verdict {
	out := slices.Clone(s.of1[d.ID])
	if len(s.folder) == 0 {
		return out
	}
	for i := range d.Places {
		path := d.Places[i].Locator
		for path != "" {
			path = path[:max(strings.LastIndexByte(path, '/'), 0)]
			for _, v := range s.folder[d.Places[i].Source+"\x00"+strings.TrimSuffix(path, "!")] {
				if !slices.ContainsFunc(out, func(o verdict) bool {
					more := o.belongs && v.belongs && v.project >= 0 // says the same and the project with it
					return o.customer == v.customer && (o.project == v.project || o.project < 0 && !more) || o.customer < 0 && o.belongs
				}) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// without lets a customer stay where a person took away just its project.
func (a *Assigner) without(h *held, made []decision) []decision {
	for _, v := range h.spoken {
		if v.belongs || v.project < 0 {
			continue
		}
		of := func(d decision) bool { return d.customer == v.customer && d.made() }
		i := slices.IndexFunc(made, of)
		if i < 0 || slices.ContainsFunc(made, func(d decision) bool { return of(d) && d.project != v.project }) {
			continue
		}
		d := made[i]
		d.project, d.facts = -1, evidence(ofCustomer(h.own, v.customer), -1)
		made = append(made, d)
	}
	return made
}

// spoken applies what people said to what rules would have.
func (a *Assigner) spoken(h *held, made []decision) []decision {
	if len(h.spoken) == 0 {
		return made
	}
	yes := slices.ContainsFunc(h.spoken, func(v verdict) bool { return v.belongs })
	made = a.without(h, made)
	out := slices.DeleteFunc(made, func(d decision) bool {
		if yes && !d.made() {
			return true // the question was answered
		}
		return slices.ContainsFunc(h.spoken, func(v verdict) bool {
			switch {
			case v.customer < 0:
				return v.belongs
			case v.customer != d.customer:
				return false
			case v.belongs:
				return v.project < 0 && d.project < 0 || v.project >= 0 && (d.project == v.project || d.project < 0)
			}
			return v.project < 0 || v.project == d.project
		})
	})
	for _, v := range h.spoken {
		if !v.belongs || v.customer < 0 || v.project < 0 && slices.ContainsFunc(h.spoken, func(o verdict) bool { return o.belongs && o.customer == v.customer && o.project >= 0 }) {
			continue
		}
		// Of a customer whose project rules know nothing is left to say.
		if v.project < 0 && slices.ContainsFunc(out, func(d decision) bool { return d.customer == v.customer && d.made() }) {
			for i := range out {
				if out[i].customer == v.customer {
					out[i].standing, out[i].confidence = ledger.Confirmed, 1000
					out[i].facts = append([]fact{{customer: v.customer, project: -1, rule: byPerson, detail: v.who, forCustomer: 1000}}, out[i].facts...)
				}
			}
			continue
		}
		d := decision{customer: v.customer, project: v.project, standing: ledger.Confirmed, confidence: 1000,
			facts: []fact{{customer: v.customer, project: v.project, rule: byPerson, detail: v.who, forCustomer: 1000}}}
		if v.project >= 0 {
			d.facts[0].forProject = 1000
		}
		d.facts = append(d.facts, evidence(ofCustomer(h.own, v.customer), v.project)...)
		out = append(out, d)
	}
	return out
}
