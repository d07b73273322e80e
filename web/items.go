package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

const itemsPage = 100

// itemsView is a list of items in one state.
type itemsView struct {
	State  ledger.State
	States []ledger.State
	Reason string
	Source string
	Items  []itemView
	First  int
	Last   int
	Prev   string
	Next   string

	Reasons  []reasonCount // of what failed or waits
	Retry    bool          // its items can be read again
	Total    int64         // of those, in the list that is shown
	Outdated int64
	Retried  string // what a retry did
}

// reasonCount is why items failed or what they wait for, and what a person can
// do about it.
type reasonCount struct {
	Reason string
	Count  int64
	Path   string
}

// items lists items by state, page by page.
func (s *Server) items(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	f := ledger.Filter{State: ledger.State(r.FormValue("state")), Reason: r.FormValue("reason"), Source: r.FormValue("source")}
	if f.State != "" && !slices.Contains(ledger.States(), f.State) {
		s.notFound(w, r)
		return
	}
	offset := number(r.FormValue("offset"))
	items, more, err := s.list(r, f, offset, itemsPage)
	if err != nil {
		s.failed(w, r, "error.status", err)
		return
	}
	v := itemsView{State: f.State, States: ledger.States(), Reason: f.Reason, Source: f.Source, Items: items, First: offset + 1, Last: offset + len(items)}
	if offset > 0 {
		v.Prev = itemsPath(f, max(0, offset-itemsPage))
	}
	if more {
		v.Next = itemsPath(f, offset+itemsPage)
	}
	if err := s.reasons(r, f, &v); err != nil {
		s.failed(w, r, "error.status", err)
		return
	}
	s.render(w, r, http.StatusOK, "items", "items.title", v)
}

// reasons fills in what is said of items that failed or wait.
func (s *Server) reasons(r *http.Request, f ledger.Filter, v *itemsView) error {
	if f.State != ledger.Quarantined && f.State != ledger.Waiting {
		return nil
	}
	counts, err := s.archive.Reasons(r.Context(), ledger.Filter{State: f.State, Source: f.Source})
	if err != nil {
		return err
	}
	for reason, n := range counts {
		v.Reasons = append(v.Reasons, reasonCount{reason, n, itemsPath(ledger.Filter{State: f.State, Reason: reason, Source: f.Source}, 0)})
		if f.Reason == "" || f.Reason == reason {
			v.Total += n
		}
	}
	slices.SortFunc(v.Reasons, func(a, b reasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	v.Retry = v.Total > 0
	l := s.language(r)
	switch n, err := strconv.Atoi(r.FormValue("retried")); {
	case err != nil || n < 0:
	case n == 0:
		v.Retried = l.say("items.retried.none")
	default:
		v.Retried = l.say("items.retried", l.count(n))
	}
	st, err := s.archive.Status(r.Context())
	if err != nil {
		return err
	}
	v.Outdated = st.Outdated
	return nil
}

// retry has one item, or all of a state and a reason, read again. It answers at
// once: reading goes on in the background.
func (s *Server) retry(w http.ResponseWriter, r *http.Request) {
	if !viewerOf(r.Context()).all() {
		s.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	state := ledger.State(r.PostFormValue("state"))
	if state != ledger.Quarantined && state != ledger.Waiting {
		s.notFound(w, r)
		return
	}
	f := ledger.Filter{State: state, Reason: r.PostFormValue("reason"), Source: r.PostFormValue("of")}
	what := pipeline.Retry{State: state, Reason: f.Reason, Source: f.Source}
	switch {
	case r.PostFormValue("outdated") != "":
		what = pipeline.Retry{Outdated: true}
	case r.PostFormValue("locator") != "":
		what = pipeline.Retry{Source: r.PostFormValue("source"), Refs: []string{r.PostFormValue("locator")}}
	}
	n, err := s.archive.StartRetry(r.Context(), what)
	if err != nil {
		s.failed(w, r, "error.retry", err)
		return
	}
	to := itemsPath(f, 0) + "&retried=" + strconv.Itoa(n)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func itemsPath(f ledger.Filter, offset int) string {
	v := url.Values{}
	for name, value := range map[string]string{"state": string(f.State), "reason": f.Reason, "source": f.Source} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if offset > 0 {
		v.Set("offset", strconv.Itoa(offset))
	}
	if len(v) == 0 {
		return "/items"
	}
	return "/items?" + v.Encode()
}

var errEnough = errors.New("enough")

// list takes one page of items. What stands before it is passed over: the
// ledger can go on after an item's id, but ItemView does not carry it, and
// people do not leaf through a list of failures for thousands of pages.
func (s *Server) list(r *http.Request, f ledger.Filter, offset, n int) (out []itemView, more bool, err error) {
	f.Limit = offset + n + 1
	seen := 0
	err = s.archive.Items(r.Context(), f, func(i *pipeline.ItemView) error {
		seen++
		switch {
		case seen <= offset:
		case len(out) == n:
			more = true
			return errEnough
		default:
			out = append(out, itemView{*i, way(i.Locator)})
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return out, more, err
}
