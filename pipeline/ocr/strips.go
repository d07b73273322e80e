package ocr

import "image"

// A picture that is much longer than a page is cut: of a conversation in one
// picture of 1080 x 12850 pixels the engine got half of the characters wrong in
// one piece, because it looks for columns and headings over the whole length.
const (
	longStrip  = 2400 // rows of a strip, about
	longRatio  = 2.2  // height to width, from which a picture is cut; A4 has 1.41
	blankRange = 24   // how much the pixels of an empty row differ at most
)

// strips cuts a long picture across, at empty rows where there are any.
func strips(g *image.Gray) []*image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if float64(h) < longRatio*float64(w) || h <= longStrip {
		return []*image.Gray{g}
	}
	var out []*image.Gray
	for top := 0; top < h; {
		end := top + longStrip
		if end >= h-longStrip/4 {
			end = h
		} else {
			end = emptyRow(g, top+longStrip/2, end)
		}
		out = append(out, g.SubImage(image.Rect(0, top, w, end)).(*image.Gray)) //nolint:forcetypeassert // of a Gray it is one
		top = end
	}
	return out
}

// emptyRow is the middle of the widest run of empty rows between from and to; to,
// if there is none.
func emptyRow(g *image.Gray, from, to int) int {
	best, bestRun, run := to, 0, 0
	for y := from; y < to; y++ {
		if !empty(g.Pix[y*g.Stride:][:g.Rect.Dx()]) {
			run = 0
			continue
		}
		if run++; run > bestRun {
			best, bestRun = y-run/2, run
		}
	}
	return best
}

func empty(row []byte) bool {
	low, high := row[0], row[0]
	for _, p := range row {
		low, high = min(low, p), max(high, p)
	}
	return int(high)-int(low) <= blankRange
}

// inverted says that a picture is light on dark, as screens at night are; the
// engine was trained on paper.
func inverted(g *image.Gray) bool {
	dark, all := 0, 0
	for y := 0; y < g.Rect.Dy(); y += 7 {
		row := g.Pix[y*g.Stride:][:g.Rect.Dx()]
		for x := 0; x < len(row); x += 7 {
			if all++; row[x] < 96 {
				dark++
			}
		}
	}
	return dark*10 > all*6
}

func invert(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := range g.Rect.Dy() {
		from := g.Pix[y*g.Stride:][:g.Rect.Dx()]
		for x, p := range from {
			out.Pix[y*out.Stride+x] = 255 - p
		}
	}
	return out
}
