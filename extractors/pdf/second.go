package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	plain "github.com/ledongthuc/pdf"

	"guidang/extractors/document"
)

// Bounds of the second reader. On 1,255 files it panicked 5 times, hung twice
// and once took memory without end, so it gets little of everything.
const (
	secondBytes = 64 << 20
	secondPages = 2000
	secondTime  = 20 * time.Second
)

// second reads with the second reader. It cannot be stopped from outside: when
// it hangs, its goroutine is left behind, and the sandbox ends it with its
// process.
func second(ctx context.Context, in *document.Input, doc *document.Document) (outcome, error) {
	if in.Size > secondBytes {
		return unopened, nil
	}
	within := secondTime
	if in.Left != nil {
		within = min(within, in.Left())
	}
	ctx, cancel := context.WithTimeoutCause(ctx, within, errTime)
	defer cancel()
	type result struct {
		doc *document.Document
		how outcome
	}
	out := make(chan result, 1)
	go func() {
		own := newDocument(doc.Fields["signatures"])
		how := unopened
		defer func() {
			if recover() != nil && len(own.Sections) > 0 {
				own.Lose(document.Partial, document.Corrupt, "a page is damaged; the pages before it were read")
				how = done
			}
			out <- result{own, how}
		}()
		how = readPlain(ctx, in, own)
	}()
	select {
	case r := <-out:
		if err := ctx.Err(); err != nil && !errors.Is(context.Cause(ctx), errTime) {
			return unopened, err
		}
		*doc = *r.doc
		return r.how, nil
	case <-ctx.Done():
		if !errors.Is(context.Cause(ctx), errTime) {
			return unopened, ctx.Err()
		}
		doc.Lose(document.None, document.TimeLimit, "nothing was read in time")
		return done, nil
	}
}

var errTime = errors.New("time limit")

func readPlain(ctx context.Context, in *document.Input, doc *document.Document) outcome {
	r, err := openPlain(in)
	if err != nil {
		if strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "encrypt") {
			return locked
		}
		return unopened
	}
	describe(doc, func(key string) string { return r.Trailer().Key("Info").Key(key).Text() })
	count := r.NumPage()
	p := &pages{doc: doc, limits: in.Limits}
	for n := 1; n <= count; n++ {
		if n > min(secondPages, in.Limits.Pages) {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d pages were read", n-1))
			break
		}
		if ctx.Err() != nil {
			doc.Lose(document.Partial, document.TimeLimit, fmt.Sprintf("only the first %d pages were read in time", n-1))
			break
		}
		page := r.Page(n)
		if page.V.IsNull() {
			continue
		}
		// QUIRK: fonts are kept by resource name, and F1 of two pages are two
		// fonts; a nil map gives each page its own.
		text, err := page.GetPlainText(nil)
		if err != nil {
			doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("page %d is damaged", n))
			continue
		}
		if !p.add(n, "", tidy(text), "", !page.V.Key("Resources").Key("XObject").IsNull()) {
			break
		}
	}
	doc.Fields["pages"] = fmt.Sprint(count)
	p.finish()
	if len(doc.Sections) == 0 && count == 0 {
		return unopened
	}
	return done
}

func openPlain(in *document.Input) (*plain.Reader, error) {
	bytes := io.NewSectionReader(in.Bytes, 0, in.Size)
	next := 0
	return plain.NewReaderEncrypted(bytes, in.Size, func() string {
		if next >= len(in.Passwords) {
			return ""
		}
		next++
		return in.Passwords[next-1]
	})
}
