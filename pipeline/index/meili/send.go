package meili

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/meilisearch/meilisearch-go"
)

const idsAtOnce = 50_000 // that one task deletes

// remove sends deletions.
func (g *generation) remove(ctx context.Context, b *batch, ids []string) error {
	for part := range slices.Chunk(ids, idsAtOnce) {
		task, err := g.s.start(ctx, "delete documents", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return g.s.api.Index(g.index()).DeleteDocumentsWithContext(ctx, part, nil)
		})
		if err != nil {
			return err
		}
		b.sent = append(b.sent, sent{task: task})
	}
	return nil
}

// send sends groups in payloads of bounded size; a long document may reach over
// several.
func (g *generation) send(ctx context.Context, b *batch, groups []*group) error {
	var part []*group
	size := 0
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		err := g.payload(ctx, b, part)
		part, size = nil, 0
		return err
	}
	for _, whole := range groups {
		for _, one := range divide(whole, g.s.pace.payload) {
			n := one.size()
			if size+n > g.s.pace.payload {
				if err := flush(); err != nil {
					return err
				}
			}
			part, size = append(part, one), size+n
		}
	}
	return flush()
}

// divide cuts a group into ones of at most so many bytes, or one line.
func divide(g *group, most int) (out []*group) {
	from, size := 0, 0
	for i, l := range g.lines {
		if i > from && size+len(l)+1 > most {
			out = append(out, &group{g.document, g.lines[from:i]})
			from, size = i, 0
		}
		size += len(l) + 1
	}
	return append(out, &group{g.document, g.lines[from:]})
}

// payload sends one request; where the server, or something before it, finds it
// too large, in halves.
func (g *generation) payload(ctx context.Context, b *batch, groups []*group) error {
	var body []byte
	for _, one := range groups {
		for _, l := range one.lines {
			body = append(append(body, l...), '\n')
		}
	}
	task, err := g.s.start(ctx, "add documents", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return g.s.api.Index(g.index()).AddDocumentsNdjsonWithContext(ctx, body, nil)
	})
	if err == nil {
		b.sent = append(b.sent, sent{task, groups})
		return nil
	}
	if !tooLarge(err) {
		return err
	}
	halves := halve(groups)
	if halves == nil {
		b.rejected[groups[0].document] = "a passage of it is too large for the server: " + err.Error()
		return nil
	}
	for _, half := range halves {
		if err := g.payload(ctx, b, half); err != nil {
			return err
		}
	}
	return nil
}

func tooLarge(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Status == http.StatusRequestEntityTooLarge || e.Code == "payload_too_large")
}

// halve gives nil for a single line.
func halve(groups []*group) [][]*group {
	if n := len(groups); n > 1 {
		return [][]*group{groups[:n/2], groups[n/2:]}
	}
	one := groups[0]
	n := len(one.lines)
	if n < 2 {
		return nil
	}
	return [][]*group{{{one.document, one.lines[:n/2]}}, {{one.document, one.lines[n/2:]}}}
}
