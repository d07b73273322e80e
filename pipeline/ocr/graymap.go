package ocr

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
)

// mostPixels bounds what a reader may send: 72 million are what it draws at most.
const mostPixels = 80_000_000

// ErrPicture says that what a reader sent is no picture.
var ErrPicture = errors.New("it is no graymap")

// ReadGraymap reads a plain graymap (PGM, P5, 8 bits), which is what readers draw.
// They are not believed: the size is bounded before anything is held.
func ReadGraymap(r io.Reader) (*image.Gray, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	line, err := b.ReadString('\n')
	if err != nil || len(line) > 40 {
		return nil, ErrPicture
	}
	var w, h int
	if n, err := fmt.Sscanf(line, "P5 %d %d 255\n", &w, &h); n != 2 || err != nil || w < 1 || h < 1 || w > mostPixels || h > mostPixels/w {
		return nil, ErrPicture
	}
	g := image.NewGray(image.Rect(0, 0, w, h))
	if _, err := io.ReadFull(b, g.Pix); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	return g, nil
}

// writeGraymap writes one.
func writeGraymap(w io.Writer, g *image.Gray) error {
	b := bufio.NewWriterSize(w, 64<<10)
	r := g.Rect
	fmt.Fprintf(b, "P5\n%d %d\n255\n", r.Dx(), r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := g.PixOffset(r.Min.X, y)
		if _, err := b.Write(g.Pix[at : at+r.Dx()]); err != nil {
			return err
		}
	}
	return b.Flush()
}
