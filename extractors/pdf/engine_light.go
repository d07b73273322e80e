//go:build light

package pdf

import (
	"context"

	"guidang/extractors/document"
)

// none stands in for the engine that the light build leaves out.
type none struct{}

func newEngine(string) engine { return none{} }

func warm(context.Context, string) error { return nil }

func (none) read(context.Context, *document.Input, *document.Document, func(*document.Child) error) (outcome, error) {
	return absent, nil
}
