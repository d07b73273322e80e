// Package meili keeps the index on a Meilisearch server.
package meili

import (
	"context"
	"errors"

	"guidang/pipeline/index"
)

// Options of a server.
type Options struct{ URL, Key, Prefix string }

// Open opens the index.
func Open(context.Context, Options) (index.Engine, error) { return nil, errors.New("being written") }
