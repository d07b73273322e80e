package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/pipeline/sensitive"
	"guidang/pipeline/versions"
)

// papersBy names what tells papers; when it changes they are told anew from the
// documents that are kept, without reading an original.
var papersBy = fmt.Sprintf("type %d, sensitive %d, sketch %d", doctype.Version, sensitive.Version, versions.SketchVersion)

// paperOf tells a document's paper, nil if there is nothing to say.
func paperOf(d *document.Document, name, locator string) (*ledger.Paper, error) {
	p := &ledger.Paper{Locator: locator, Verdict: "{}", Findings: "[]"}
	verdict := doctype.Judge(d, name)
	found, kinds := sensitive.Find(d)
	p.Type, p.Kinds = verdict.Type, kinds
	if doctype.IsPaper(d.Kind) {
		sketch := versions.SketchOf(d)
		p.Sketch = sketch.Bytes()
	}
	if p.Type == "" && len(kinds) == 0 && len(p.Sketch) == 0 {
		return nil, nil
	}
	if p.Type != "" {
		data, err := json.Marshal(verdict)
		if err != nil {
			return nil, err
		}
		p.Verdict = string(data)
	}
	if len(found) > 0 {
		data, err := json.Marshal(found)
		if err != nil {
			return nil, err
		}
		p.Findings = string(data)
	}
	return p, nil
}

// errAny ends a walk at the first thing that is found.
var errAny = errors.New("there is something")

// beginPapers notes in a new ledger that everything in it is told by this program,
// when it is read. In one that an older program wrote it is not.
func (a *Archive) beginPapers(ctx context.Context) error {
	by, err := a.ledger.Judged(ctx)
	if err != nil || by != "" {
		return err
	}
	err = a.ledger.EachContent(ctx, 0, func(*ledger.Content) error { return errAny })
	if errors.Is(err, errAny) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetJudged(papersBy) })
}

// papers brings types and versions up to date when everything is read: what a
// newer program tells otherwise, what lies under another name now, and who is a
// version of whom.
func (a *Archive) papers(ctx context.Context) error {
	if err := a.judgeAll(ctx); err != nil {
		return fmt.Errorf("types of documents: %w", err)
	}
	if err := a.chain(ctx); err != nil {
		return fmt.Errorf("versions of documents: %w", err)
	}
	a.feed.wake()
	return nil
}

const judgedAtOnce = 200 // papers of a transaction

// judgeAll tells again what has to be told again.
func (a *Archive) judgeAll(ctx context.Context) error {
	by, err := a.ledger.Judged(ctx)
	if err != nil {
		return err
	}
	if by != papersBy {
		var some []*ledger.Content
		err := a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error {
			if c.Fingerprint == "" || !doctype.Judges(c.Kind) {
				return nil
			}
			if some = append(some, c); len(some) < judgedAtOnce {
				return nil
			}
			err := a.judge(ctx, some)
			some = some[:0]
			return err
		})
		if err == nil {
			err = a.judge(ctx, some)
		}
		if err == nil {
			err = a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetJudged(papersBy) })
		}
		if err != nil {
			return err
		}
	}
	for {
		moved, err := a.ledger.Moved(ctx, judgedAtOnce)
		if err != nil || len(moved) == 0 {
			return err
		}
		var some []*ledger.Content
		for _, id := range moved {
			c, err := a.ledger.Content(ctx, id)
			if err != nil {
				return err
			}
			some = append(some, c)
		}
		if err := a.judge(ctx, some); err != nil {
			return err
		}
	}
}

// judge tells some contents' papers anew, from the documents that are kept of
// them. The index gets those whose type or whose kinds have changed.
func (a *Archive) judge(ctx context.Context, some []*ledger.Content) error {
	type told struct {
		content *ledger.Content
		paper   *ledger.Paper
		publish bool
	}
	var all []told
	for _, c := range some {
		before, err := a.ledger.Paper(ctx, c.ID)
		if errors.Is(err, ledger.ErrNotFound) {
			before, err = &ledger.Paper{}, nil
		}
		if err != nil {
			return err
		}
		d, err := a.document(ctx, c)
		if err != nil {
			return err
		}
		i, err := a.ledger.Item(ctx, c.Canonical)
		if err != nil {
			return err
		}
		n := told{content: c}
		if d != nil && i.Content == c.ID {
			if n.paper, err = paperOf(d, i.Name, i.Locator); err != nil {
				return err
			}
		}
		now := n.paper
		if now == nil {
			now = &ledger.Paper{}
		}
		n.publish = c.Revision > 0 && (now.Type != before.Type || !slices.Equal(now.Kinds, before.Kinds))
		if n.paper == nil && before.Content == 0 {
			continue
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		return nil
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, n := range all {
			if err := tx.SetPaper(n.content.ID, n.paper); err != nil {
				return err
			}
			if !n.publish {
				continue
			}
			c, err := tx.Content(n.content.ID)
			if err == nil && c.Revision > 0 {
				err = tx.Publish(c)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// chain makes the chains of versions anew, if a paper changed since. They are made
// of all papers at once, so they do not depend on what came when: for 100,000
// documents that takes seconds and 260 bytes of each.
func (a *Archive) chain(ctx context.Context) error {
	open, err := a.ledger.Unchained(ctx)
	if err != nil || !open {
		return err
	}
	var docs []versions.Doc
	sums := map[int64]ledger.Sum{}
	err = a.ledger.EachChainable(ctx, func(c *ledger.Chainable) error {
		sums[c.Content] = c.Sum
		docs = append(docs, chainable(c))
		return nil
	})
	if err != nil {
		return err
	}
	now := map[int64]ledger.Version{}
	for _, chain := range versions.Build(docs) {
		name := chain[0].ID
		for _, v := range chain {
			if sum, best := sums[v.ID], sums[name]; string(sum[:]) < string(best[:]) {
				name = v.ID
			}
		}
		for _, v := range chain {
			now[v.ID] = ledger.Version{Content: v.ID, Chain: name, Ordinal: v.Ordinal, Previous: v.Previous, Branch: v.Branch, Label: v.Label}
		}
	}
	return a.writeChains(ctx, now)
}

// writeChains writes what differs from what the ledger has.
func (a *Archive) writeChains(ctx context.Context, now map[int64]ledger.Version) error {
	var gone []int64
	err := a.ledger.EachVersion(ctx, func(v ledger.Version) error {
		switch n, ok := now[v.Content]; {
		case !ok:
			gone = append(gone, v.Content)
		case n == v:
			delete(now, v.Content)
		}
		return nil
	})
	if err != nil {
		return err
	}
	changed := make([]ledger.Version, 0, len(now))
	for _, v := range now {
		changed = append(changed, v)
	}
	slices.SortFunc(changed, func(x, y ledger.Version) int { return int(x.Content - y.Content) })
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetVersions(gone, changed) })
}

// chainable is a paper as chains are made of it: by every name that somebody gave
// it, since which of its copies is the original says nothing of them.
func chainable(c *ledger.Chainable) versions.Doc {
	d := versions.Doc{ID: c.Content, Key: (&ledger.Content{Sum: c.Sum}).DocumentID(), Type: c.Type, Sketch: versions.SketchFrom(c.Sketch)}
	for _, p := range c.Places {
		n := versions.Name{Name: p.Name, Place: p.Source + "/" + liesIn(p.Locator), Locator: p.Source + "/" + p.Locator}
		if p.Thread != 0 {
			n.Thread = fmt.Sprint(p.Thread)
		}
		d.Names = append(d.Names, n)
		if d.Date.IsZero() || p.Modified.Before(d.Date) {
			d.Date = p.Modified
		}
	}
	if t, ok := parseDate(c.Date); ok {
		d.Date = t
	}
	var v doctype.Verdict
	if json.Unmarshal([]byte(c.Verdict), &v) == nil {
		for _, name := range []string{doctype.ProjectNumber, doctype.ContractNumber, doctype.Number, doctype.LetterNumber} {
			if s := v.Field(name); s != "" {
				if d.Numbers == nil { // most papers have none, and an empty map has 48 bytes
					d.Numbers = map[string]string{}
				}
				d.Numbers[name] = s
			}
		}
	}
	return d
}

// liesIn is where an item lies: its folder, or what it lies in.
func liesIn(locator string) string {
	cut := strings.LastIndexByte(locator, '/')
	if at := strings.LastIndex(locator, document.Separator); at >= 0 {
		cut = max(cut, at+len(document.Separator)-1)
	}
	if cut < 0 {
		return ""
	}
	return locator[:cut+1]
}
