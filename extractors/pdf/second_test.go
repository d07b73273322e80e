package pdf

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestSecondReader(t *testing.T) {
	t.Parallel()
	m := &maker{}
	encrypted(m, "mima2024")
	secret := makePDF(m, page{content: show("F1", "secret terms")})
	tests := []struct {
		name      string
		data      []byte
		passwords []string
		how       outcome
		want      string
		reason    document.Reason
	}{
		{"two pages", makePDF(&maker{}, page{content: show("F1", "first page")}, page{content: show("F1", "second page")}), nil, done, "second page", ""},
		// It does not read these two; what counts is that it says so.
		{"a Chinese font that is not embedded", makePDF(&maker{}, page{content: show("F1", "first page")}, page{content: show("U1", utf16be("第二页"))}), nil, done, "first page", document.Corrupt},
		{"encrypted", secret, []string{"wrong"}, locked, "", ""},
		{"encrypted with the password", secret, []string{"wrong", "mima2024"}, done, "", document.Corrupt},
		{"not a PDF", []byte("%PDF-1.4\nnonsense"), nil, unopened, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.pdf", tt.data)
			in.Passwords = tt.passwords
			doc := newDocument("")
			how, err := second(context.Background(), in, doc)
			if err != nil || how != tt.how || doc.Reason != tt.reason {
				t.Fatalf("outcome %v, reason %q, error %v", how, doc.Reason, err)
			}
			var all []string
			for _, s := range doc.Sections {
				all = append(all, s.Text)
			}
			if !strings.Contains(strings.Join(all, "\n"), tt.want) {
				t.Errorf("%q is not in %q", tt.want, all)
			}
		})
	}
}

func TestSecondReaderCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := second(ctx, input("a.pdf", makePDF(&maker{}, page{content: show("F1", "x")})), &document.Document{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
