package sandbox

import (
	"context"
	"errors"
	"fmt"

	"guidang/extractors"
	"guidang/extractors/document"
)

// walker reads an original and goes into its children. It is the same walk in a
// child, where the visitor speaks to the parent, and in this process.
type walker struct {
	formats []document.Format
	budget  budget
	prepare func(ctx context.Context, f *document.Format) (*document.Format, error) // before a format is used: gives what reads in its place; may be nil
}

// budget is what one request has gone into, over all its levels: each container
// keeps to its limits, and yet sixteen in sixteen in sixteen have no end.
type budget struct {
	items int
	bytes int64
}

// spent says which limit is used up.
func (b *budget) spent(l document.Limits) (document.Reason, string) {
	switch {
	case b.items > l.Entries:
		return document.TooMany, fmt.Sprintf("the containers around it hold more than %d items", l.Entries)
	case b.bytes > l.Expanded:
		return document.TooLarge, fmt.Sprintf("the containers around it hold more than %d bytes", l.Expanded)
	}
	return "", ""
}

func (w *walker) original(ctx context.Context, req *Request, v Visitor) error {
	in := req.Input
	if reason, detail := w.budget.spent(in.Limits.WithDefaults()); reason != "" {
		return v.Done(ctx, &Result{Document: document.Unreadable(document.KindOther, reason, detail)})
	}
	if in.Depth > in.Limits.WithDefaults().Depth {
		return v.Done(ctx, &Result{Document: document.Unreadable(document.KindOther, document.TooDeep,
			fmt.Sprintf("more than %d containers lie around it", in.Limits.WithDefaults().Depth))})
	}
	f, err := w.format(req)
	if err != nil {
		return err
	}
	if f == nil {
		return v.Done(ctx, &Result{})
	}
	if err := v.Format(f); err != nil {
		return err
	}
	if req.Known == Fingerprint(f) {
		return v.Done(ctx, &Result{Format: f, Known: true})
	}
	if w.prepare != nil {
		if f, err = w.prepare(ctx, f); err != nil {
			return err
		}
	}
	if f.Cut != nil && req.CutOver > 0 && in.Size > req.CutOver {
		slices, err := cut(ctx, f, in, req.PerSlice)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return v.Done(ctx, &Result{Format: f, Fault: err})
		case len(slices) > 1:
			return v.Done(ctx, &Result{Format: f, Slices: slices, Document: extractors.About(ctx, f, in)})
		}
	}
	return w.read(ctx, f, req, v)
}

// format finds the reader that is asked for, or that knows the bytes; nil when
// none does.
func (w *walker) format(req *Request) (*document.Format, error) {
	if req.Format == "" {
		return extractors.Detect(w.formats, req.Input), nil
	}
	f := extractors.ByName(w.formats, req.Format)
	if f == nil {
		return nil, fmt.Errorf("%q was read as %s, which this program does not know", req.Input.Name, req.Format)
	}
	return f, nil
}

// cut asks where a container can be cut; hostile bytes that break the cutting
// give no cuts, and the reader says what is wrong with them.
func cut(ctx context.Context, f *document.Format, in *document.Input, per int) (slices []document.Range, err error) {
	defer func() {
		if recover() != nil {
			slices, err = nil, nil
		}
	}()
	return f.Cut(ctx, in, per)
}

func (w *walker) read(ctx context.Context, f *document.Format, req *Request, v Visitor) error {
	var failed error // the visitor's, which a reader may wrap or drop
	into := func(c *document.Child) error {
		failed = w.child(ctx, c, req.ParentsFirst, v)
		return failed
	}
	var doc *document.Document
	var err error
	if req.ParentsFirst {
		children := []document.ChildRef{}
		doc, err = extractors.Read(ctx, f, req.Input, func(c *document.Child) error {
			children = append(children, document.ChildRef{Locator: c.Step, Name: c.Name})
			return nil
		})
		if doc != nil {
			doc.Children = children
		}
	} else {
		doc, err = extractors.Read(ctx, f, req.Input, into)
	}
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return v.Done(ctx, &Result{Format: f, Fault: err})
	}
	if err := v.Done(ctx, &Result{Format: f, Document: doc}); err != nil || !req.ParentsFirst || len(doc.Children) == 0 {
		return err
	}
	_, err = extractors.Read(ctx, f, req.Input, into)
	if failed != nil {
		return failed
	}
	return err
}

func (w *walker) child(ctx context.Context, c *document.Child, parentsFirst bool, v Visitor) error {
	next, err := v.Child(ctx, c)
	w.budget.items++
	if err != nil || next == nil {
		return err
	}
	w.budget.bytes += next.Input.Size
	err = w.original(ctx, &Request{Input: next.Input, ParentsFirst: parentsFirst}, next.Visitor)
	if next.Close != nil {
		err = errors.Join(err, next.Close.Close())
	}
	return err
}

// Here reads in this process: what `sandbox: off` asks for.
type Here struct{ Formats []document.Format }

// Read implements Reader.
func (h Here) Read(ctx context.Context, req *Request, begin func() Visitor) error {
	return (&walker{formats: h.Formats}).original(ctx, req, begin())
}

// Open implements Reader.
func (h Here) Open(ctx context.Context, req *Request, step string, take func(*document.Child) error) error {
	f, err := (&walker{formats: h.Formats}).format(req)
	if err != nil {
		return err
	}
	if f == nil {
		return document.ErrNoChild
	}
	c, err := reach(ctx, f, req, step)
	if err != nil {
		return err
	}
	return take(c)
}

// reach opens a child, or draws a page.
func reach(ctx context.Context, f *document.Format, req *Request, step string) (*document.Child, error) {
	if req.Draw.Page > 0 {
		return extractors.Draw(ctx, f, req.Input, req.Draw)
	}
	return extractors.Open(ctx, f, req.Input, step)
}

// Close implements Reader.
func (Here) Close() error { return nil }
