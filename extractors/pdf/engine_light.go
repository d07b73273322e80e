//go:build light

package pdf

import "context"

func newEngine(string) engine { return none{} }

func warm(context.Context, string, bool) error { return nil }
