package web

import (
	"context"
	"fmt"
	"io"

	"guidang/pipeline"
	"guidang/pipeline/bag"
	"guidang/pipeline/review"
)

// fakeReviews is what the fake archive has of reviews: one missing document and
// one of nobody, and what was said of them.
type fakeReviews struct {
	reviewed map[string]review.Confirmation
	broken   error
}

func (f *fakeReviews) Review(_ context.Context, quarter string, scopes []string) (*review.Report, error) {
	if f.broken != nil {
		return nil, f.broken
	}
	r := &review.Report{Quarter: quarter, Made: "2026-03-31T09:00:00+08:00", Customers: []review.CustomerLine{}, Findings: []review.Finding{}}
	if scopes == nil {
		r.Findings = []review.Finding{{Sort: review.SortMissing, Customer: "华信制造", Project: "PROJ-1", Type: "acceptance", Responsible: "何嘉"}, {Sort: review.SortUnassigned, Subject: "<b>客户资料</b>", Detail: "unassigned 3, doubtful 1"}}
	}
	said := map[string][]review.Confirmation{}
	for id, c := range f.reviewed {
		said[id] = append(said[id], c)
	}
	r.Finish(said)
	return r, nil
}

// Package writes a small zip, or fails before it has begun.
func (f *fakeReviews) Package(_ context.Context, r pipeline.PackageRequest, _ []string, w io.Writer) (*bag.Result, error) {
	if f.broken != nil {
		return nil, f.broken
	}
	_, err := io.WriteString(w, "PK package of "+r.Project)
	return &bag.Result{}, err
}

func (f *fakeReviews) Confirm(ctx context.Context, quarter string, ids []string, decision review.Decision, who, note string, _ []string) error {
	r, err := f.Review(ctx, quarter, nil)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, x := range r.Findings {
		known[x.ID] = true
	}
	for _, id := range ids {
		if !known[id] {
			return fmt.Errorf("%s: %w", id, pipeline.ErrNoFinding)
		}
		if f.reviewed == nil {
			f.reviewed = map[string]review.Confirmation{}
		}
		f.reviewed[id] = review.Confirmation{Decision: decision, Who: who, Note: note, Quarter: quarter, At: "2026-03-31T10:00:00+08:00"}
	}
	return nil
}
