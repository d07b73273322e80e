package pdf

import (
	"context"

	"guidang/extractors/document"
)

// none stands in for the engine where there is none: the second reader reads.
type none struct{}

func (none) read(context.Context, *document.Input, *document.Document, func(*document.Child) error) (outcome, error) {
	return absent, nil
}

func (none) draw(context.Context, *document.Input, document.Drawing) (*document.Child, error) {
	return &document.Child{Reason: document.MissingTool}, nil
}
