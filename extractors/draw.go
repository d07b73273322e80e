package extractors

import (
	"context"
	"errors"

	"guidang/extractors/document"
)

// Draw gives a picture of one page of an original. A format that draws nothing
// gives document.ErrNoChild.
func Draw(ctx context.Context, f *document.Format, in *document.Input, d document.Drawing) (child *document.Child, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			child, err = nil, errors.New(crashDetail(f, cause))
		}
	}()
	if f.Draw == nil || d.Page < 1 || d.Width < 1 || d.Height < 1 {
		return nil, document.ErrNoChild
	}
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	return f.Draw(ctx, &limited, d)
}
