package texts

import (
	"regexp"
	"slices"
	"testing"
)

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[a-z]`)
	seen := map[string]bool{}
	for _, text := range slices.Concat(parts...) {
		switch {
		case seen[text.key]:
			t.Errorf("%s stands twice", text.key)
		case text.zh == "" || text.en == "":
			t.Errorf("%s is empty", text.key)
		case !slices.Equal(verbs.FindAllString(text.zh, -1), verbs.FindAllString(text.en, -1)):
			t.Errorf("%s takes other arguments: %q, %q", text.key, text.zh, text.en)
		}
		seen[text.key] = true
	}
	if len(seen) < 500 {
		t.Errorf("only %d texts", len(seen))
	}
}
