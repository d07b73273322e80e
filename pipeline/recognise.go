package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/ocr"
	"guidang/pipeline/store"
)

// workOCR is the open work of a document of which pages are pictures.
const workOCR = "ocr"

// ocrLayer is the fingerprint under which what was read from a content's pictures
// is kept.
const ocrLayer = "ocr"

// recognition reads the text in pictures when everything else is searchable. As
// with speech, the ledger says what is left to do, and nothing is queued.
type recognition struct {
	a *Archive

	mu    sync.Mutex // held for a round
	tried time.Time  // when an engine was looked for in vain
	why   string     // and why there was none
}

// lookAgain is how long it takes at most until an engine that arrived is found by a
// process that serves.
const lookAgain = time.Minute

// engine looks for one, because it may have come since the last time; nil: there is
// none.
func (r *recognition) engine(ctx context.Context) ocr.Engine {
	if time.Since(r.tried) < lookAgain {
		return nil
	}
	e, err := NewOCR(ctx, r.a.cfg)
	if err == nil && e != nil {
		r.why = ""
		return e
	}
	r.tried = time.Now()
	if err != nil && err.Error() != r.why && ctx.Err() == nil {
		r.why = err.Error()
		r.a.log.Warn("pages that are pictures wait for an engine that reads them", "error", err)
	}
	return nil
}

// round reads all that waits, the newest first. done is how many documents were
// read.
func (r *recognition) round(ctx context.Context) (done int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids, err := r.a.ledger.OpenWork(ctx, workOCR)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	engine := r.engine(ctx)
	if engine == nil {
		return 0, nil
	}
	p := r.a.progress
	p.Seen.Store(0)
	p.ToSee.Store(int64(len(ids)))
	var n atomic.Int64
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(max(1, min(r.a.cfg.Workers, runtime.NumCPU())))
	for _, id := range ids {
		g.Go(func() error {
			if err := errors.Join(within.Err(), r.a.guard.Check()); err != nil {
				return err
			}
			did, err := r.document(within, engine, id)
			p.Seen.Add(1)
			if did {
				n.Add(1)
			}
			return err
		})
	}
	err = g.Wait()
	r.a.feed.wake()
	return n.Load(), err
}

// document reads the pictures of one content. What is the pictures' own fault is
// told in the document; an error ends the round.
func (r *recognition) document(ctx context.Context, engine ocr.Engine, id int64) (did bool, err error) {
	c, err := r.a.ledger.Content(ctx, id)
	if err != nil || c.OpenWork != workOCR || c.Canonical == 0 {
		return false, err
	}
	d, err := r.a.bareDocument(ctx, c)
	if err != nil || d == nil {
		return false, err
	}
	f := extractors.ByName(r.a.formats, c.Format)
	wanted := ocr.Wanted(d)
	if len(wanted) == 0 || f == nil || f.Draw == nil {
		return false, nil // nothing here draws it yet
	}
	item, err := r.a.ledger.Item(ctx, c.Canonical)
	if err != nil || item.Todo {
		return false, err
	}
	original, err := r.a.openContent(ctx, c)
	if err != nil {
		if ctx.Err() == nil {
			r.a.log.Warn("a document cannot be opened, its pictures wait", "item", item.Locator, "error", err)
		}
		return false, ctx.Err()
	}
	defer original.Close()
	in := &document.Input{Name: item.Name, Size: original.Size(), Bytes: bare(original), Limits: r.a.limits, Passwords: r.a.passwords}
	layer := &ocr.Layer{Engine: engine.Fingerprint()}
	first := ""
	began := time.Now()
	for _, n := range wanted {
		page, err := r.page(ctx, engine, c, in, n, first)
		if err != nil {
			return false, err
		}
		layer.Pages = append(layer.Pages, page)
		first = page.Language
	}
	r.a.log.Info("pictures read", "item", item.Locator, "pages", len(wanted), "seconds", int(time.Since(began).Seconds()))
	return true, r.keep(ctx, c, item, f, layer)
}

// page reads one page, or takes what was read of it before by the same engine: a
// paper of 500 pages that is interrupted goes on where it was.
func (r *recognition) page(ctx context.Context, engine ocr.Engine, c *ledger.Content, in *document.Input, n int, first string) (ocr.LayerPage, error) {
	name := ocrPage(engine, n)
	kept := ocr.LayerPage{}
	if ok, err := r.a.kept(ctx, c, name, &kept); ok || err != nil {
		return kept, err
	}
	page, err := readPage(ctx, r.a.reader, engine, in, c.Format, n, first)
	if err != nil {
		return page, err
	}
	data, err := json.Marshal(page)
	if err != nil {
		return page, err
	}
	return page, r.a.diskFull(r.a.derived.Put(ctx, []store.Result{{Sum: store.Sum(c.Sum), Fingerprint: name, Data: data}}, nil))
}

// keep lets a document be found by what its pictures say.
func (r *recognition) keep(ctx context.Context, c *ledger.Content, item *ledger.Item, f *document.Format, layer *ocr.Layer) error {
	data, err := json.Marshal(layer)
	if err != nil {
		return err
	}
	results := []store.Result{{Sum: store.Sum(c.Sum), Fingerprint: ocrLayer, Data: data}}
	d, err := r.a.bareDocument(ctx, c)
	if err != nil || d == nil {
		return err
	}
	layer.Apply(d)
	read := &reading{item: item, sum: store.Sum(c.Sum), hashed: true, size: c.Size, format: f, doc: d}
	read.understand(r.a)
	if read.written != nil {
		if data, err = json.Marshal(read.written); err != nil {
			return err
		}
		results = append(results, store.Result{Sum: store.Sum(c.Sum), Fingerprint: minutes.ImportFingerprint(), Data: data})
	}
	err = r.a.derived.Put(ctx, results, []store.DocumentPassages{{Document: c.DocumentID(), Texts: encodePassages(read.passages)}})
	if err != nil {
		return r.a.diskFull(err)
	}
	return r.a.ledger.Update(ctx, func(tx ledger.Tx) error {
		now, err := tx.Content(c.ID)
		if err != nil || now.Fingerprint != c.Fingerprint || now.OpenWork != workOCR {
			return err // it was read anew meanwhile
		}
		hand, err := tx.HandTags(now.ID)
		if err != nil {
			return err
		}
		now.Kind, now.Read, now.Reason, now.Language, now.OpenWork = d.Kind, d.Read, d.Reason, d.Language, ""
		if now.Then == ledger.Waiting && now.ThenReason == string(document.MissingEngine) {
			now.Then, now.ThenReason = ledger.Indexed, ""
		}
		now.Passages, now.Terms, now.Tags = max(len(read.passages), 1), list(read.terms), list(ledger.TagsNow(read.tags, hand))
		read.fillWritten(now)
		if err := tx.Publish(now); err != nil {
			return err
		}
		return tx.SetPaper(now.ID, read.paper)
	})
}

// withPictures puts what was read from pictures over a document.
func (a *Archive) withPictures(ctx context.Context, c *ledger.Content, d *document.Document) (*document.Document, error) {
	if d == nil || len(ocr.Wanted(d)) == 0 {
		return d, nil
	}
	layer := &ocr.Layer{}
	ok, err := a.kept(ctx, c, ocrLayer, layer)
	if err == nil && ok {
		layer.Apply(d)
	}
	return d, err
}

// Pictures is what a run left of the pictures, because its time for them was over.
type Pictures struct {
	Documents int64   `json:"documents"`
	Seconds   float64 `json:"seconds"` // that they will take about; 0: not known
}

// picturesLeft is what is left, at the pace so far.
func (a *Archive) picturesLeft(took time.Duration) *Pictures {
	seen := a.progress.Seen.Load()
	left := &Pictures{Documents: a.progress.ToSee.Load() - seen}
	if seen > 0 {
		left.Seconds = (took / time.Duration(seen) * time.Duration(left.Documents)).Round(time.Second).Seconds()
	}
	return left
}

// recogniseAll has pictures read at the end of a run, and what follows from their
// text brought up to date. Other runs may go on meanwhile; holding says whether
// this one has its turn again. A run that somebody waits for reads them for a while
// only: 20,000 scans take a night, and the night has time for them.
func (a *Archive) recogniseAll(ctx context.Context, kind string, out *outcome) (holding bool, err error) {
	ids, err := a.ledger.OpenWork(ctx, workOCR)
	if err != nil || len(ids) == 0 {
		return true, err
	}
	patient, cancel := ctx, func() {}
	switch by := time.Duration(a.cfg.OCR.Minutes) * time.Minute; {
	case kind == "nightly":
		patient, cancel = context.WithTimeout(ctx, nightPatience)
	case kind == "ingest" && by > 0:
		patient, cancel = context.WithTimeout(ctx, by)
	}
	defer cancel()
	a.end()
	began := time.Now()
	done, err := a.sight.round(patient)
	if err != nil {
		if ctx.Err() != nil || patient.Err() == nil {
			return false, err
		}
		out.pictures = a.picturesLeft(time.Since(began))
	}
	if err := a.begin(ctx); err != nil || done == 0 {
		return err == nil, err
	}
	for _, step := range []func(context.Context) error{a.papers, a.assign, a.awaitIndex, a.assigned} {
		if err := step(ctx); err != nil {
			return true, err
		}
	}
	return true, nil
}

func ocrPage(engine ocr.Engine, n int) string {
	text, _ := json.Marshal([]any{ocrLayer, engine.Fingerprint(), n})
	return string(text)
}
