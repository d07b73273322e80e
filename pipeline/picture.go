package pipeline

import (
	"context"
	"image"
	"io"
	"strings"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/ocr"
	"guidang/pipeline/sandbox"
)

// NewOCR gives the engine that reads text in pictures, nil when the settings want
// none. With auto there is one where it can be confined as readers are: not in
// tests of other packages, whose outcome would depend on the machine. The error is
// ocr.ErrMissing, with what is missing.
func NewOCR(ctx context.Context, cfg *config.Config) (ocr.Engine, error) {
	o := ocr.Options{Languages: strings.FieldsFunc(cfg.OCR.Languages, func(r rune) bool { return r == ',' || r == '+' || r == ' ' })}
	switch cfg.OCR.Program {
	case "off":
		return nil, nil
	case "", "auto":
		if !Sandboxed(cfg) {
			return nil, nil
		}
	default:
		o.Program = cfg.OCR.Program
	}
	if Sandboxed(cfg) {
		self, err := sandbox.Self()
		if err != nil {
			return nil, err
		}
		o.Command = []string{self}
	}
	t, err := ocr.Find(ctx, o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// How pictures are drawn to be read. 200 dots an inch read best of 120 to 300 on
// pages in 8 and 11 points; small print that was read badly is tried at 300.
const (
	ocrDPI      = 200
	ocrDPISmall = 300
	ocrWidth    = 6_000
	ocrHeight   = 65_000
)

// picture draws a page of an original for an engine that reads. lost says why there
// is none; the error is not the original's fault.
func picture(ctx context.Context, r sandbox.Reader, in *document.Input, format string, page, dpi int) (g *image.Gray, lost document.Reason, err error) {
	req := &sandbox.Request{Input: in, Format: format, Draw: document.Drawing{Page: page, Width: ocrWidth, Height: ocrHeight, DPI: dpi, Gray: true}}
	err = r.Open(ctx, req, "", func(c *document.Child) error {
		if lost = c.Reason; c.Content == nil {
			return nil
		}
		read, err := ocr.ReadGraymap(c.Content)
		if err != nil {
			_, _ = io.Copy(io.Discard, c.Content)
			return err
		}
		g, lost = read, ""
		return nil
	})
	if err != nil && ctx.Err() == nil {
		return nil, reasonOf(err), nil
	}
	if err == nil && g == nil && lost == "" {
		lost = document.Corrupt
	}
	return g, lost, err
}

// readPage has one page read by an engine, once more in finer dots when that was
// poor and there are such.
func readPage(ctx context.Context, r sandbox.Reader, engine ocr.Engine, in *document.Input, format string, page int, first string) (ocr.LayerPage, error) {
	out := ocr.LayerPage{Number: page}
	for _, dpi := range []int{ocrDPI, ocrDPISmall} {
		g, lost, err := picture(ctx, r, in, format, page, dpi)
		if err != nil || lost != "" {
			out.Lost = lost
			return out, err
		}
		got, err := engine.Read(ctx, g, first)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if err != nil {
			out.Lost = document.Crash
			return out, nil //nolint:nilerr // told as what is lost of the page
		}
		if got.Confidence > out.Confidence {
			out.Page = *got
		}
		if format != "pdf" || out.Confidence >= poor || got.Text == "" {
			break
		}
	}
	return out, nil
}

// poor is the confidence below which a page is drawn again.
const poor = 0.75
