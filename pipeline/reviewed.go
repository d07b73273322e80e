package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/pipeline/ledger"
	"guidang/pipeline/review"
)

// reviews keeps what was last gathered for reviews: somebody who goes through one
// asks for it again with every confirmation, and gathering looks at every document.
type reviews struct {
	mu   sync.Mutex
	kept map[reviewKey]*review.Report
	of   int64 // commits of the ledger that they hold for
}

// reviewKey is what a review depends on beside the ledger.
type reviewKey struct {
	quarter, day, scopes, template string
}

// maxReviews bounds the reviews that are kept: of some quarters, of some people.
const maxReviews = 8

// Review makes a quarter's review; an empty quarter means the present one.
func (a *Archive) Review(ctx context.Context, quarter string, scopes []string) (*review.Report, error) {
	now := time.Now()
	quarter = strings.ToUpper(cmp.Or(quarter, review.Quarter(now)))
	key := reviewKey{quarter: quarter, day: now.Format(time.DateOnly), scopes: "*"}
	if scopes != nil {
		key.scopes = strings.Join(scopes, "\x00")
	}
	if st, err := os.Stat(a.cfg.Review.Template); err == nil {
		key.template = st.ModTime().String()
	}
	commits := a.ledger.Commits() // before anything is read
	found := a.reviews.get(key, commits)
	if found == nil {
		var err error
		if found, err = a.gatherReview(ctx, quarter, now, scopes); err != nil {
			return nil, err
		}
		a.reviews.put(key, commits, found)
	}
	r := *found
	r.Customers, r.Findings = slices.Clone(r.Customers), slices.Clone(r.Findings)
	said, err := a.said(ctx)
	if err != nil {
		return nil, err
	}
	r.Finish(said)
	return &r, a.markTold(ctx, &r)
}

func (r *reviews) get(key reviewKey, commits int64) *review.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of != commits {
		return nil
	}
	return r.kept[key]
}

func (r *reviews) put(key reviewKey, commits int64, found *review.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of != commits || len(r.kept) >= maxReviews {
		r.kept = nil
	}
	if r.kept == nil {
		r.kept = map[reviewKey]*review.Report{}
	}
	r.kept[key], r.of = found, commits
}

// follow keeps what was gathered through a commit of confirmations, which change
// nothing that is found.
func (r *reviews) follow(from, to int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == from && to == from+1 {
		r.of = to
	}
}

// ErrNoFinding says that a review has no finding of an id.
var ErrNoFinding = errors.New("no such finding")

// Confirm writes down what a person said of findings. It is kept with the
// finding as it is now, for ever.
func (a *Archive) Confirm(ctx context.Context, quarter string, ids []string, decision review.Decision, who, note string, scopes []string) error {
	r, err := a.Review(ctx, quarter, scopes)
	if err != nil {
		return err
	}
	var said []ledger.Confirmation
	for _, id := range ids {
		at := slices.IndexFunc(r.Findings, func(f review.Finding) bool { return f.ID == id })
		if at < 0 {
			return fmt.Errorf("%s: %w in %s", id, ErrNoFinding, r.Quarter)
		}
		f := r.Findings[at]
		f.Confirmed, f.Told = nil, ""
		about, err := json.Marshal(f)
		if err != nil {
			return err
		}
		said = append(said, ledger.Confirmation{Finding: id, Quarter: r.Quarter, Decision: string(decision), Who: who, Note: note, About: string(about), At: time.Now()})
	}
	commits := a.ledger.Commits()
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for i := range said {
			if err := tx.AddConfirmation(&said[i]); err != nil {
				return err
			}
		}
		return nil
	})
	a.reviews.follow(commits, a.ledger.Commits())
	return err
}
