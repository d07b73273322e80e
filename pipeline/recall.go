package pipeline

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"unique"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// recallMost bounds how many documents are remembered, at some 600 bytes each.
const recallMost = 150_000

// described is what the ledger knows of a document, at the place that was
// indexed.
type described struct {
	about   index.Description
	source  string
	hidden  bool           // shown within its parent
	content ledger.Content // only where it was just read
}

// recall remembers what the ledger said of documents: a search for a common word counts
// 2,000. What changes stands in the outbox until it is fed to the index, and is forgotten
// before that is confirmed, so this is never older than the index is, and as new as the
// ledger while the outbox is empty.
type recall struct {
	most  int // documents; 0: recallMost
	mu    sync.RWMutex
	turn  uint64 // grows whenever something is forgotten
	known map[string]*described
}

// forget forgets documents that changed.
func (r *recall) forget(ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn++
	for _, id := range ids {
		delete(r.known, id)
	}
}

// get gives what is remembered, what is not, and the turn for keep.
func (r *recall) get(ids []string) (known map[string]*described, missing []string, turn uint64) {
	known = make(map[string]*described, len(ids))
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, id := range ids {
		if k := r.known[id]; k != nil {
			known[id] = k
		} else {
			missing = append(missing, id)
		}
	}
	return known, missing, r.turn
}

// keep remembers what was read since a turn, unless something changed meanwhile.
func (r *recall) keep(some map[string]*described, turn uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turn != turn {
		return
	}
	if r.known == nil {
		r.known = map[string]*described{}
	}
	most := cmp.Or(r.most, recallMost)
	for id, k := range some {
		for old := range r.known { // any
			if len(r.known) < most {
				break
			}
			delete(r.known, old)
		}
		r.known[id] = k.slim()
	}
}

// slim is a description without what only ask needs, in which strings that
// many documents share are one.
func (k *described) slim() *described {
	out := &described{about: k.about, source: unique.Make(k.source).Value(), hidden: k.hidden}
	a := &out.about
	a.Customer, a.Project = unique.Make(a.Customer).Value(), unique.Make(a.Project).Value()
	a.Tags, a.Also, a.Sensitive = shared(a.Tags), shared(a.Also), shared(a.Sensitive)
	people := make([]document.Person, len(a.People))
	for n, p := range a.People {
		people[n] = document.Person{Role: unique.Make(p.Role).Value(), Name: unique.Make(p.Name).Value(), Address: unique.Make(p.Address).Value()}
	}
	a.People = people
	return out
}

func shared(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for n, s := range list {
		out[n] = unique.Make(s).Value()
	}
	return out
}

// Recall describes documents as they are remembered. Who asks decides which:
// what lies outside the scopes is asked for anew.
func (d describer) Recall(ctx context.Context, ids, scopes []string) (map[string]*index.Description, error) {
	known, missing, turn := d.a.recall.get(ids)
	if len(missing) > 0 {
		read, err := d.read(ctx, missing)
		if err != nil {
			return nil, err
		}
		d.a.recall.keep(read, turn)
		maps.Copy(known, read)
	}
	out := make(map[string]*index.Description, len(known))
	var elsewhere []string
	for id, k := range known {
		switch {
		case k.hidden:
		case allowed(scopes, k.source):
			out[id] = &k.about
		default:
			elsewhere = append(elsewhere, id)
		}
	}
	if len(elsewhere) == 0 {
		return out, nil
	}
	more, err := d.ask(ctx, elsewhere, scopes)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, more)
	return out, nil
}
