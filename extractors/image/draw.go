package image

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	gifs "image/gif"
	jpegs "image/jpeg"
	pngs "image/png"
	"io"

	bmps "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	tiffs "golang.org/x/image/tiff"
	webps "golang.org/x/image/webp"

	"guidang/extractors/document"
)

// mostDrawn is how many pixels are decoded at most, whatever the limit on what
// is looked at: they are all in memory at four bytes each. A flat-bed scan of A3
// in 600 dpi has 69 million, but is black and white, or comes in a PDF.
const mostDrawn = 72_000_000

// decoders decode each type. HEIC and AVIF have none: no kept decoder in pure Go
// is served.
var decoders = map[string]func(io.Reader) (image.Image, error){
	"image/jpeg": jpegs.Decode, "image/png": pngs.Decode, "image/gif": gifs.Decode, "image/bmp": bmps.Decode, "image/tiff": tiffs.Decode, "image/webp": webps.Decode,
}

// Drawable says whether pictures of a type can be shown as pixels.
func Drawable(mediaType string) bool { return decoders[mediaType] != nil }

// drawPage gives a picture upright and no larger than wanted.
func drawPage(ctx context.Context, in *document.Input, d document.Drawing) (*document.Child, error) {
	kind := typeOf(in.Head())
	decode := decoders[kind]
	if decode == nil {
		return &document.Child{Reason: document.MissingTool}, nil
	}
	f := &facts{}
	readers[kind](in, f)
	pages := &pageOf{whole: in.Reader()}
	if kind == "image/tiff" {
		pages.at = tiffPage(in, d.Page, f)
	} else if d.Page > 1 {
		return nil, document.ErrNoChild
	}
	switch pixels := int64(f.width) * int64(f.height); {
	case pixels <= 0, kind == "image/tiff" && pages.at == 0:
		return &document.Child{Reason: document.Corrupt}, nil
	case pixels > min(in.Limits.WithDefaults().Pixels, mostDrawn):
		return &document.Child{Reason: document.TooLarge}, nil
	}
	img, err := decode(pages)
	if pages.err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, pages.err)
	}
	if err != nil && img == nil {
		return &document.Child{Reason: reasonOf(err)}, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return encode(img, f.exif.turned, d, kind == "image/jpeg")
}

// reasonOf tells a picture that is cut off from one that is damaged, and from one
// of a sort that the decoders do not know.
func reasonOf(err error) document.Reason {
	var jpegSort jpegs.UnsupportedError
	var pngSort pngs.UnsupportedError
	var tiffSort tiffs.UnsupportedError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return document.Truncated
	case errors.As(err, &jpegSort), errors.As(err, &pngSort), errors.As(err, &tiffSort), errors.Is(err, bmps.ErrUnsupported):
		return document.Unsupported
	}
	return document.Corrupt
}

// encode writes a picture, turned upright and made smaller.
func encode(img image.Image, turned int, d document.Drawing, photo bool) (*document.Child, error) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w < 1 || h < 1 {
		return &document.Child{Reason: document.Corrupt}, nil
	}
	width, height := d.Width, d.Height
	if turned >= 5 {
		width, height = height, width
	}
	scale := min(1, float64(width)/float64(w), float64(height)/float64(h))
	nw, nh := max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))
	var out draw.Image
	if d.Gray {
		out = image.NewGray(image.Rect(0, 0, nw, nh))
	} else {
		out = image.NewRGBA(image.Rect(0, 0, nw, nh))
	}
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src) // what is clear is paper
	if scale < 1 {
		draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	} else {
		draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	}
	out = upright(out, turned)
	b := &bytes.Buffer{}
	if g, ok := out.(*image.Gray); ok {
		fmt.Fprintf(b, "P5 %d %d 255\n", g.Rect.Dx(), g.Rect.Dy())
		b.Write(g.Pix)
	} else if photo {
		if err := jpegs.Encode(b, out, &jpegs.Options{Quality: 82}); err != nil {
			return nil, err
		}
	} else if err := (&pngs.Encoder{CompressionLevel: pngs.BestSpeed}).Encode(b, out); err != nil {
		return nil, err
	}
	return &document.Child{Content: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}, nil
}

// upright turns a picture as its camera says that it was held (Exif 2.32,
// orientation: 1 is upright, 3 upside down, 6 and 8 lie on a side, the others are
// mirrored).
func upright(in draw.Image, turned int) draw.Image {
	if turned < 2 || turned > 8 {
		return in
	}
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	ow, oh := w, h
	if turned >= 5 {
		ow, oh = h, w
	}
	from := func(x, y int) (int, int) {
		switch turned {
		case 2:
			return w - 1 - x, y
		case 3:
			return w - 1 - x, h - 1 - y
		case 4:
			return x, h - 1 - y
		case 5:
			return y, x
		case 6:
			return y, h - 1 - x
		case 7:
			return w - 1 - y, h - 1 - x
		default:
			return w - 1 - y, x
		}
	}
	switch in := in.(type) {
	case *image.Gray:
		out := image.NewGray(image.Rect(0, 0, ow, oh))
		for y := range oh {
			for x := range ow {
				fx, fy := from(x, y)
				out.Pix[y*out.Stride+x] = in.Pix[fy*in.Stride+fx]
			}
		}
		return out
	case *image.RGBA:
		out := image.NewRGBA(image.Rect(0, 0, ow, oh))
		for y := range oh {
			for x := range ow {
				fx, fy := from(x, y)
				copy(out.Pix[y*out.Stride+4*x:][:4], in.Pix[fy*in.Stride+4*fx:])
			}
		}
		return out
	}
	return in
}

// tiffPage is where a page's directory stands, 0 for none; f gets that page's
// size.
func tiffPage(in *document.Input, n int, f *facts) int64 {
	d := directories{in: in, order: binary.ByteOrder(binary.LittleEndian)}
	if in.Head()[0] == 'M' {
		d.order = binary.BigEndian
	}
	next := int64(d.order.Uint32(in.Head()[4:]))
	seen := map[int64]bool{}
	for page := 1; next > 0 && !seen[next]; page++ {
		seen[next] = true
		at := next
		one := &facts{}
		var ok bool
		if next, ok = d.page(at, one); !ok {
			return 0
		}
		if page == n {
			f.width, f.height = one.width, one.height
			return at
		}
	}
	return 0
}

// pageOf lets the TIFF decoder, which reads the first page alone, find another
// one there: bytes 4 to 8 of the file say where that is. It remembers what is not
// the picture's fault.
type pageOf struct {
	whole *io.SectionReader
	at    int64
	err   error
}

// Read implements io.Reader.
func (p *pageOf) Read(b []byte) (int, error) {
	n, err := p.whole.Read(b)
	return n, p.note(err)
}

// ReadAt implements io.ReaderAt.
func (p *pageOf) ReadAt(b []byte, off int64) (int, error) {
	n, err := p.whole.ReadAt(b, off)
	if p.at > 0 && off < 8 {
		var head [4]byte
		var first [2]byte
		if _, err := p.whole.ReadAt(first[:], 0); err == nil && first[0] == 'M' {
			binary.BigEndian.PutUint32(head[:], uint32(p.at)) //nolint:gosec // it came from four bytes
		} else {
			binary.LittleEndian.PutUint32(head[:], uint32(p.at)) //nolint:gosec // it came from four bytes
		}
		for i := range head {
			if at := int64(4+i) - off; at >= 0 && at < int64(n) {
				b[at] = head[i]
			}
		}
	}
	return n, p.note(err)
}

func (p *pageOf) note(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		p.err = err
	}
	return err
}
