package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

const troubles = 10 // of each kind, on the status page

// statusView is the account of the archive.
type statusView struct {
	*pipeline.Status
	Pending int64
	Counts  []stateCount
	Kinds   []link
	Waits   []link
	Work    []link
	Spent   []spent
	Last    *pipeline.Account
	Trouble []trouble
}

type stateCount struct {
	State ledger.State
	Count int64
	Share float64
}

type spent struct {
	For    string
	Amount float64
}

// trouble is the beginning of the list of items in one state.
type trouble struct {
	State  ledger.State
	Reason string // empty: any
	Path   string // to all of them
	Items  []itemView
	More   bool
}

type itemView struct {
	pipeline.ItemView
	Way []string
}

// OfSource leads to the items of the same state and source.
func (v *itemView) OfSource() string {
	return itemsPath(ledger.Filter{State: v.State, Source: v.Source}, 0)
}

// Again says whether an item can be read again by hand.
func (v *itemView) Again() bool {
	return (v.State == ledger.Quarantined || v.State == ledger.Waiting) && v.Reason != pipeline.Growing
}

// account loads the status. It speaks of all sources, so those who see only
// some of them get what they get for an address that does not exist.
func (s *Server) account(w http.ResponseWriter, r *http.Request) (*pipeline.Status, bool) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return nil, false
	}
	st, err := s.archive.Status(r.Context())
	if err != nil {
		s.failed(w, r, "error.status", err)
		return nil, false
	}
	return st, true
}

// status shows how the archive stands, and what needs a person.
func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	st, ok := s.account(w, r)
	if !ok {
		return
	}
	l := s.language(r)
	v := statusView{Status: st, Pending: st.States[ledger.Pending]}
	for _, state := range ledger.States() {
		c := stateCount{State: state, Count: st.States[state]}
		if st.Found > 0 {
			c.Share = float64(c.Count) / float64(st.Found)
		}
		v.Counts = append(v.Counts, c)
	}
	v.Kinds = counted(st.ByKind, func(k string) (string, string) {
		return l.word("kind", k), question{Kinds: []string{k}, Limit: pageSize}.path()
	})
	v.Waits = counted(st.WaitingFor, func(k string) (string, string) {
		return l.word("reason", k), itemsPath(ledger.Filter{State: ledger.Waiting, Reason: k}, 0)
	})
	v.Work = counted(st.OpenWork, func(k string) (string, string) { return l.word("work", k), "" })
	for _, k := range slices.Sorted(mapKeys(st.Spend)) {
		if st.Spend[k] != 0 {
			v.Spent = append(v.Spent, spent{l.word("spend", k), st.Spend[k]})
		}
	}
	if st.LastRun != nil && len(st.LastRun.Account) > 0 {
		a := &pipeline.Account{}
		if json.Unmarshal(st.LastRun.Account, a) == nil {
			v.Last = a
		}
	}
	for _, f := range troubling(st) {
		items, more, err := s.list(r, f, 0, troubles)
		if err != nil {
			s.failed(w, r, "error.status", err)
			return
		}
		v.Trouble = append(v.Trouble, trouble{f.State, f.Reason, itemsPath(f, 0), items, more})
	}
	s.render(w, r, http.StatusOK, "status", "status.title", v)
}

// troubling are the lists that a person should look at: what failed, and what
// waits, by what it waits for. Files that were still being written when they
// were met need nobody: the next run takes them.
func troubling(st *pipeline.Status) []ledger.Filter {
	var out []ledger.Filter
	if st.States[ledger.Quarantined] > 0 {
		out = append(out, ledger.Filter{State: ledger.Quarantined})
	}
	for _, reason := range slices.Sorted(mapKeys(st.WaitingFor)) {
		if reason != "growing" && st.WaitingFor[reason] > 0 {
			out = append(out, ledger.Filter{State: ledger.Waiting, Reason: reason})
		}
	}
	return out
}

// progress is the part of the status page that moves while a run goes on.
func (s *Server) progress(w http.ResponseWriter, r *http.Request) {
	if st, ok := s.account(w, r); ok {
		s.renderPart(w, r, "status", "progress", statusView{Status: st})
	}
}

// counted are counts as links, the largest first.
func counted(counts map[string]int64, describe func(string) (label, path string)) []link {
	var out []link
	for k, n := range counts {
		if n > 0 {
			label, path := describe(k)
			out = append(out, link{Label: label, Path: path, Count: int(n)})
		}
	}
	slices.SortFunc(out, func(a, b link) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Label, b.Label)) })
	return out
}
