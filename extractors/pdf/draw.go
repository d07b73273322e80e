//go:build !light

package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math"
	"time"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"guidang/extractors/document"
)

// mostDrawn bounds a picture of a page: at 300 dots an inch, A3 has 17 million
// pixels. Colours take four bytes each of the 96 MiB that an instance has, which
// holds the page's own pictures too.
const (
	mostDrawn  = 18_000_000
	mostColour = 8_000_000
)

// draw renders one page.
func (e *pdfiumEngine) draw(ctx context.Context, in *document.Input, d document.Drawing) (*document.Child, error) {
	pool := e.start(kind{stoppable: stoppable(in), fonts: true})
	if pool == nil {
		return &document.Child{Reason: document.MissingTool}, nil
	}
	inst, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, ctx.Err()
	}
	defer func() { _ = inst.Close() }()
	release := context.AfterFunc(ctx, func() { _ = inst.Kill() })
	defer release()
	s := &session{pageTime: e.pageTime, stoppable: stoppable(in), in: in, doc: newDocument(""), until: time.Now().Add(documentTime), inst: inst}
	src := &source{SectionReader: in.Reader()}
	var out *document.Child
	failed := s.timed(func() error {
		if err := s.open(src); err != nil {
			return err
		}
		out, err = s.draw(d)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case src.err != nil:
		return nil, fmt.Errorf("read %q: %w", in.Name, src.err)
	case s.stopped.Load():
		return &document.Child{Reason: document.TimeLimit}, nil
	case failed != nil:
		return &document.Child{Reason: document.Corrupt}, nil
	}
	return out, nil
}

func (s *session) draw(d document.Drawing) (*document.Child, error) {
	c, err := s.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.file})
	if err != nil {
		return nil, err
	}
	if d.Page > c.PageCount {
		return nil, errPage
	}
	size, err := s.inst.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: s.file, Index: d.Page - 1})
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return nil, errPage
	}
	w, h := fit(size.Width, size.Height, d)
	loaded, err := s.load(d.Page - 1)
	if err != nil {
		return nil, err
	}
	ask := &requests.RenderPageInPixels{Page: byRef(&loaded), Width: w, Height: h, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT}
	if d.Gray {
		ask.ImageFormat = requests.RenderImageFormatGrayscale
	}
	got, err := s.inst.RenderPageInPixels(ask)
	if err != nil {
		return nil, err
	}
	defer got.Cleanup()
	b := &bytes.Buffer{}
	if g, ok := got.Result.RenderedImage.(*image.Gray); ok {
		r := g.Rect
		fmt.Fprintf(b, "P5 %d %d 255\n", r.Dx(), r.Dy())
		for y := range r.Dy() {
			b.Write(g.Pix[y*g.Stride:][:r.Dx()])
		}
	} else if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(b, got.Result.RenderedImage); err != nil {
		return nil, err
	}
	out := &document.Child{Content: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
	if !d.Gray && s.lacksFonts(&loaded) {
		out.Reason = document.MissingTool
	}
	return out, nil
}

// fit is how large a page is drawn.
func fit(width, height float64, d document.Drawing) (w, h int) {
	scale := min(float64(d.Width)/width, float64(d.Height)/height)
	if d.DPI > 0 {
		scale = min(scale, float64(d.DPI)/72)
	}
	most := float64(mostColour)
	if d.Gray {
		most = mostDrawn
	}
	if pixels := width * scale * height * scale; pixels > most {
		scale *= math.Sqrt(most / pixels)
	}
	return max(1, int(width*scale)), max(1, int(height*scale))
}

// mostGlyphs is how many characters of each font are asked for.
const mostGlyphs = 8

// lacksFonts says that a page shows Chinese, Japanese or Korean text whose font
// is not in the file and for which the system has none: its places stay blank
// (measured: 9,284 dark pixels of 33,044). For Latin text the engine has fonts.
func (s *session) lacksFonts(p *references.FPDF_PAGE) bool {
	c, err := s.inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: byRef(p)})
	if err != nil {
		return false
	}
	t, err := s.inst.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: byRef(p)})
	if err != nil {
		return false
	}
	defer func() { _, _ = s.inst.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.TextPage}) }()
	asked := map[references.FPDF_FONT]int{}
	for i := range min(c.Count, maxObjects) {
		o, err := s.inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: byRef(p), Index: i})
		if err != nil {
			continue
		}
		kind, err := s.inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		if err != nil || kind.Type != enums.FPDF_PAGEOBJ_TEXT {
			continue
		}
		font, err := s.inst.FPDFTextObj_GetFont(&requests.FPDFTextObj_GetFont{PageObject: o.PageObject})
		if err != nil {
			continue
		}
		in, err := s.inst.FPDFFont_GetIsEmbedded(&requests.FPDFFont_GetIsEmbedded{Font: font.Font})
		if err != nil || in.IsEmbedded {
			continue
		}
		text, err := s.inst.FPDFTextObj_GetText(&requests.FPDFTextObj_GetText{PageObject: o.PageObject, TextPage: t.TextPage})
		if err != nil {
			continue
		}
		for _, r := range text.Text {
			if !eastern(r) || asked[font.Font] >= mostGlyphs {
				continue
			}
			asked[font.Font]++
			path, err := s.inst.FPDFFont_GetGlyphPath(&requests.FPDFFont_GetGlyphPath{Font: font.Font, Glyph: uint32(r), FontSize: 12}) //nolint:gosec // a character
			if err != nil {
				return true
			}
			n, err := s.inst.FPDFGlyphPath_CountGlyphSegments(&requests.FPDFGlyphPath_CountGlyphSegments{GlyphPath: path.GlyphPath})
			if err != nil || n.Count == 0 {
				return true
			}
		}
	}
	return false
}

// eastern says whether a character is one that a Latin font does not draw, and no
// blank.
func eastern(r rune) bool { return r >= 0x2e80 && r < 0xfff0 && r != '\u3000' }
