package pipeline

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/sandbox"
)

// look looks into recordings, mailboxes and a sample of everything, until the
// budget is used up.
func (pl *planner) look(ctx context.Context, budget time.Duration) error {
	began := time.Now()
	over := func(share float64) func() bool {
		return func() bool { return time.Since(began) > time.Duration(share*float64(budget)) }
	}
	order := slices.Sorted(maps.Keys(pl.classes))
	// A third for each: hours of sound and numbers of mails decide most of what a
	// migration costs.
	for _, key := range order {
		if c := pl.classes[key]; c.kind == document.KindRecording {
			if err := pl.each(ctx, c, over(1.0/3), pl.hours); err != nil {
				return err
			}
		}
	}
	for _, key := range order {
		if c := pl.classes[key]; len(c.all) > 0 && c.kind == document.KindMail {
			if err := pl.each(ctx, c, over(2.0/3), pl.mails); err != nil {
				return err
			}
		}
	}
	// One file of each class, then a second of each: when time is up, every class
	// has been seen.
	late := over(1)
	for n := range sampleFiles {
		for _, key := range order {
			c := pl.classes[key]
			if n >= len(c.sample) || c.kind == document.KindRecording || late() {
				continue
			}
			if err := pl.read(ctx, c, &c.sample[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (pl *planner) each(ctx context.Context, c *class, late func() bool, fn func(context.Context, *class, *candidate) error) error {
	// In the order of hashes, so that what is left unseen is left out by chance.
	slices.SortFunc(c.all, func(a, b candidate) int { return cmp.Compare(a.hash, b.hash) })
	for i := range c.all {
		if late() {
			return nil
		}
		if err := fn(ctx, c, &c.all[i]); err != nil {
			return err
		}
	}
	return nil
}

// opened calls fn with a candidate's bytes; one that cannot be opened is a
// trouble of its own.
func (pl *planner) opened(ctx context.Context, one *candidate, fn func(in *document.Input) error) error {
	f, err := pl.sources[one.source].Open(ctx, one.locator)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		pl.trouble(PlannedTrouble{one.source, one.locator, string(document.IO), err.Error()}, 1)
		return nil
	}
	defer f.Close()
	return fn(&document.Input{Name: one.name, Size: one.size, Bytes: bare(&sourceFile{f, one.size}), Limits: pl.settings.limits, Passwords: pl.settings.passwords})
}

// hours finds out how long a recording is, from its bytes alone.
func (pl *planner) hours(ctx context.Context, _ *class, one *candidate) error {
	return pl.opened(ctx, one, func(in *document.Input) error {
		v := &counting{}
		if err := pl.reader.Read(ctx, &sandbox.Request{Input: in}, v.begin); err != nil {
			return err
		}
		one.looked = true
		if v.document == nil {
			return nil
		}
		seconds, err := strconv.ParseFloat(v.document.Fields["duration_seconds"], 64)
		if err == nil && seconds > 0 && !math.IsInf(seconds, 0) {
			one.hours = seconds / 3600
		}
		if v.document.Read == document.None {
			pl.trouble(PlannedTrouble{one.source, one.locator, string(v.document.Reason), ""}, 1)
		}
		return nil
	})
}

// perCut is how many mails lie between two cuts of a mailbox when they are
// counted.
const perCut = 100

// mails counts the mails of a mailbox: where it can be cut, by its cuts, which
// reads it once and nothing of the mails.
func (pl *planner) mails(ctx context.Context, _ *class, one *candidate) error {
	return pl.opened(ctx, one, func(in *document.Input) error {
		v := &counting{}
		if err := pl.reader.Read(ctx, &sandbox.Request{Input: in, CutOver: 1, PerSlice: perCut}, v.begin); err != nil {
			return err
		}
		one.looked = true
		one.mails = v.children
		if n := int64(len(v.slices)); n > 1 {
			one.mails = n*perCut - perCut/2 // the last slice is half full on average
		}
		return nil
	})
}

// counting is told of an original and goes into nothing.
type counting struct {
	children int64
	slices   []document.Range
	document *document.Document
}

func (v *counting) begin() sandbox.Visitor {
	*v = counting{}
	return v
}

// Format implements sandbox.Visitor.
func (*counting) Format(*document.Format) error { return nil }

// Child implements sandbox.Visitor.
func (v *counting) Child(context.Context, *document.Child) (*sandbox.Next, error) {
	v.children++
	return nil, nil
}

// Done implements sandbox.Visitor.
func (v *counting) Done(_ context.Context, r *sandbox.Result) error {
	v.slices, v.document = r.Slices, r.Document
	return nil
}

// maxSampled is the largest file that is read for the sample; of a mailbox that
// can be cut a slice is.
const maxSampled = 64 << 20

// read reads a file of the sample with everything in it, and notes what that
// cost.
func (pl *planner) read(ctx context.Context, c *class, one *candidate) error {
	return pl.opened(ctx, one, func(in *document.Input) error {
		size := one.size
		if size > sliceOver {
			v := &counting{}
			if err := pl.reader.Read(ctx, &sandbox.Request{Input: in, CutOver: sliceOver, PerSlice: sliceChildren}, v.begin); err != nil {
				return err
			}
			if n := len(v.slices); n > 1 {
				in.Range = v.slices[n/2]
				size /= int64(n)
			}
		}
		if size > maxSampled {
			return nil
		}
		// The first file of a class pays for what is started or compiled for it.
		warm := c.read == 0
		e := &extraction{limits: pl.settings.limits, passwords: pl.settings.passwords}
		var top *document.Document
		docs, text, away := int64(0), int64(0), int64(0)
		e.fn = func(d *document.Document) error {
			docs++
			for _, s := range d.Sections {
				text += int64(len(s.Text))
			}
			if n, err := strconv.ParseInt(d.Fields["cloud_attachments"], 10, 32); err == nil {
				away += n
			}
			if d.Parent == "" {
				top = d
			}
			return nil
		}
		began := time.Now()
		attempt := func() error {
			return pl.reader.Read(ctx, &sandbox.Request{Input: in}, func() sandbox.Visitor {
				e.at = 0
				return &extracted{e: e, named: document.Document{Locator: one.locator}}
			})
		}
		if err := attempt(); err != nil {
			return err
		}
		seconds := time.Since(began).Seconds()
		if warm && seconds > slowStart {
			docs, text, away, began = 0, 0, 0, time.Now()
			e.given = 0
			if err := attempt(); err != nil {
				return err
			}
			seconds = time.Since(began).Seconds()
		}
		c.away += away
		pl.noted(c, one, top, size, seconds, docs, text)
		return nil
	})
}

const (
	sliceOver = 1 << 20
	slowStart = 0.5 // seconds: an engine was compiled
)

func (pl *planner) noted(c *class, one *candidate, top *document.Document, size int64, seconds float64, docs, text int64) {
	c.read++
	c.size += size
	c.seconds += seconds
	c.docs += docs
	c.text += text
	pl.plan.Sample.Files++
	pl.plan.Sample.Bytes += size
	pl.plan.Sample.Seconds += seconds
	if top != nil && top.Read == document.None {
		c.none[string(top.Reason)]++
		detail := ""
		if len(top.Warnings) > 0 {
			detail = top.Warnings[0].Detail
		}
		pl.trouble(PlannedTrouble{one.source, one.locator, string(top.Reason), detail}, 0)
	}
}

// keepingSeconds is what a document costs beside being read: ledger, kept text
// and index. Measured on mails: 12 to 17 s of CPU for 13,009 documents, a third
// of it reading.
const keepingSeconds = 0.0008

// Bytes of disk for a byte of text (kept text and passages, packed, and the
// index) and for a document (ledger). Measured on the samples and on 10,000
// generated mails.
const (
	diskPerText     = 2.2
	diskPerDocument = 3000
)

// Tokens of an hour of speech: some 14,000 characters of Chinese are read, and
// minutes written.
const tokensPerHour = 14_000

// estimate adds up what was seen.
func (pl *planner) estimate(r PlanRequest) {
	p := pl.plan
	docs, seconds, disk := 0.0, 0.0, 0.0
	for _, c := range pl.classes {
		disk += float64(c.kept)
		if c.kind == document.KindRecording {
			pl.recordings(c)
			docs += float64(c.files)
			continue
		}
		if len(c.all) > 0 {
			pl.mailboxes(c)
		}
		if c.read == 0 || c.size == 0 {
			docs += float64(c.files)
			continue
		}
		scale := float64(c.bytes) / float64(c.size)
		docs += max(float64(c.docs)*scale, float64(c.files))
		seconds += c.seconds * scale
		disk += float64(c.text) * scale * diskPerText
		if c.away > 0 {
			p.Cloud.Files += int64(math.Round(float64(c.away) * max(scale, 1)))
			p.Cloud.Estimated = p.Cloud.Estimated || c.size < c.bytes
		}
		for reason, n := range c.none {
			// What the sample shows of a class is taken for its share of it.
			p.Troubles[reason] += int64(math.Round(float64(n) * float64(c.files) / float64(c.read)))
		}
	}
	e := &p.Estimate
	e.Documents = int64(math.Round(docs))
	e.Seconds = math.Round((seconds+docs*keepingSeconds)/float64(e.Workers)*10) / 10
	e.Disk = int64(disk + docs*diskPerDocument)
	if pl.cfg.Minutes.Model.URL != "" {
		e.Tokens = int64(math.Round(p.Recordings.Hours * tokensPerHour))
	}
	if r.PriceTokens > 0 || r.PriceHour > 0 {
		money := math.Round(100*(float64(e.Tokens)/1e6*r.PriceTokens+p.Recordings.HoursToDo*r.PriceHour)) / 100
		e.Money = &money
	}
	p.Recordings.Hours = math.Round(100*p.Recordings.Hours) / 100
	p.Recordings.HoursToDo = math.Round(100*p.Recordings.HoursToDo) / 100
}

// recordings adds up a class of recordings; the hours of those that were not
// looked into follow from their bytes.
func (pl *planner) recordings(c *class) {
	r := &pl.plan.Recordings
	r.Files += c.files
	hours, bytes := 0.0, int64(0)
	for _, one := range c.all {
		if one.looked && one.hours > 0 {
			hours += one.hours
			bytes += one.size
		}
	}
	rate := hours / max(float64(bytes), 1)
	for _, one := range c.all {
		h := one.hours
		if !one.looked {
			h = float64(one.size) * rate
			r.Estimated = true
		}
		r.Hours += h
		if _, ok := recording.Sidecar(one.name, pl.beside[plannedFolder(one.source, one.locator)]); ok {
			r.WithTranscript++
			continue
		}
		r.HoursToDo += h
	}
}

// unseenMail is how large a mail is taken to be where no mailbox could be
// looked into.
const unseenMail = 75_000

// mailboxes adds up a class of mailboxes likewise.
func (pl *planner) mailboxes(c *class) {
	m := &pl.plan.Containers
	m.Files += c.files
	m.Bytes += c.bytes
	mails, bytes := int64(0), int64(0)
	for _, one := range c.all {
		if one.looked {
			mails += one.mails
			bytes += one.size
		}
	}
	m.Mails += mails
	if rest := c.bytes - bytes; rest > 0 {
		m.Estimated = true
		if bytes > 0 && mails > 0 {
			m.Mails += int64(float64(rest) * float64(mails) / float64(bytes))
		} else {
			m.Mails += rest / unseenMail
		}
	}
}
