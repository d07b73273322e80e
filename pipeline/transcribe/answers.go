package transcribe

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Answers asks a service for its models: nil says that it is there, lets us in
// and has the model. A service without a list of models is taken at its word.
func Answers(ctx context.Context, e Endpoint) error {
	base := strings.TrimRight(e.URL, "/")
	for _, call := range []string{"/audio/transcriptions", "/inference"} {
		base = strings.TrimSuffix(base, call)
	}
	ids, status, err := models(ctx, http.DefaultClient, base, e.Key)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", errDown, unnamed(err))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("%w (%d)", errDenied, status)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("%w (%d)", errDown, status)
	case e.Model != "" && len(ids) > 0 && !slices.Contains(ids, e.Model):
		return fmt.Errorf("it does not have the model %s; it has %s", e.Model, short(strings.Join(ids, ", ")))
	}
	return nil
}
