package sandbox

import (
	"errors"
	"fmt"

	"guidang/extractors/document"
)

// settings is the first thing a child is told.
type settings struct {
	CacheDir string `json:"cache_dir"` // of compiled engines, read-only
	Scratch  string `json:"scratch"`   // the one folder it may write to
	Memory   int64  `json:"memory"`
	Seconds  int    `json:"seconds"` // of computing for one original, see Options
}

// ready is its answer.
type ready struct {
	Measures []string `json:"measures"` // what confines it from inside
	Missing  []string `json:"missing"`  // what the kernel refused, and why
}

func (e *encoder) request(r *Request, step string, handed byte, inline []byte) {
	in := r.Input
	e.int(int64(handed))
	e.bytes(inline)
	e.text(in.Name)
	for _, n := range []int64{in.Size, in.Range.From, in.Range.To, int64(in.Depth), r.CutOver, int64(r.PerSlice)} {
		e.int(n)
	}
	l := in.Limits
	for _, n := range []int64{int64(l.Depth), int64(l.Entries), l.Expanded, l.Ratio, l.TextBytes, int64(l.Pages), int64(l.Rows), l.Pixels, int64(l.Hours)} {
		e.int(n)
	}
	list(e, in.Passwords, func(p *string) { e.text(*p) })
	e.text(r.Format)
	e.text(r.Known)
	e.bool(r.ParentsFirst)
	e.bool(r.careful)
	for _, n := range []int{r.Draw.Page, r.Draw.Width, r.Draw.Height, r.Draw.DPI} {
		e.int(int64(n))
	}
	e.bool(r.Draw.Gray)
	e.int(int64(len(in.Known)))
	for ordinal, stamp := range in.Known {
		e.int(int64(ordinal))
		e.text(stamp)
	}
	e.text(step)
}

// request is decoded by a child, from a parent that it trusts.
func (d *decoder) request() (r *Request, step string, handed byte, inline []byte) {
	in := &document.Input{}
	r = &Request{Input: in}
	handed = byte(d.int()) //nolint:gosec // one of four
	inline = d.bytes()
	in.Name = d.text()
	in.Size, in.Range.From, in.Range.To, in.Depth = d.int(), d.int(), d.int(), d.small()
	r.CutOver, r.PerSlice = d.int(), d.small()
	l := &in.Limits
	l.Depth, l.Entries, l.Expanded, l.Ratio, l.TextBytes, l.Pages, l.Rows = d.small(), d.small(), d.int(), d.int(), d.int(), d.small(), d.small()
	l.Pixels, l.Hours = d.int(), d.small()
	in.Passwords = elements(d, func(p *string) { *p = d.text() })
	r.Format, r.Known = d.text(), d.text()
	r.ParentsFirst, r.careful = d.bool(), d.bool()
	r.Draw = document.Drawing{Page: d.small(), Width: d.small(), Height: d.small(), DPI: d.small(), Gray: d.bool()}
	if known := elements(d, func(k *known) { *k = known{d.small(), d.text()} }); len(known) > 0 {
		in.Known = make(map[int]string, len(known))
		for _, k := range known {
			in.Known[k.ordinal] = k.stamp
		}
	}
	return r, d.text(), handed, inline
}

// known is a child that its container had before.
type known struct {
	ordinal int
	stamp   string
}

// childHead is a child without its bytes, and how these come.
func (e *encoder) childHead(c *document.Child, content byte) {
	e.text(c.Step)
	e.text(c.Name)
	e.int(int64(c.Ordinal))
	e.int(c.Size)
	e.time(c.Modified)
	e.text(string(c.Reason))
	e.bool(c.Shown)
	e.text(c.Stamp)
	e.bool(c.Same)
	e.int(int64(content))
}

func (d *decoder) childHead() (c *document.Child, content byte) {
	c = &document.Child{Step: d.text(), Name: d.text(), Ordinal: d.small(), Size: d.int(), Modified: d.time(), Reason: document.Reason(d.clean()), Shown: d.bool(), Stamp: d.text(), Same: d.bool()}
	return c, byte(d.int()) //nolint:gosec // checked by who asks
}

// broken is an error of a child's bytes: what its container's reader says of it.
type broken struct {
	reason document.Reason
	detail string
}

func (b *broken) Error() string           { return b.detail }
func (b *broken) Reason() document.Reason { return b.reason }

func (e *encoder) broken(err error) {
	reason := document.Corrupt
	var named interface{ Reason() document.Reason }
	if errors.As(err, &named) {
		reason = named.Reason()
	}
	e.text(string(reason))
	e.text(err.Error())
}

func (d *decoder) broken() error { return &broken{document.Reason(d.clean()), d.text()} }

func (e *encoder) result(r *Result) error {
	name, fault := "", ""
	if r.Format != nil {
		name = r.Format.Name
	}
	if r.Fault != nil {
		fault = "!" + r.Fault.Error()
	}
	e.text(name)
	e.bool(r.Known)
	e.text(fault)
	list(e, r.Slices, func(s *document.Range) { e.int(s.From); e.int(s.To) })
	if e.bool(r.Document != nil); r.Document != nil {
		return e.document(r.Document)
	}
	return nil
}

func (d *decoder) result(byName func(string) *document.Format) (*Result, error) {
	r := &Result{}
	if name := d.text(); name != "" {
		if r.Format = byName(name); r.Format == nil {
			return nil, fmt.Errorf("%w: the format %q", errCodec, name)
		}
	}
	r.Known = d.bool()
	if fault := d.text(); fault != "" {
		r.Fault = errors.New(fault[1:])
	}
	r.Slices = elements(d, func(s *document.Range) { *s = document.Range{From: d.int(), To: d.int()} })
	if d.bool() {
		r.Document = d.document()
	}
	return r, d.err
}
