package ocr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Layer is what was read in the pictures of one document. It lies over what its
// reader gave, so that either can be made anew without the other.
type Layer struct {
	Engine string      `json:"engine"` // its fingerprint
	Pages  []LayerPage `json:"pages"`
}

// LayerPage is one page of it.
type LayerPage struct {
	Number int `json:"page"`
	Page
	Lost document.Reason `json:"lost,omitempty"` // why it could not be read
}

// pagesField names the pages that wait, as "1-3,7".
const pagesField = "pages_ocr"

// mostPages bounds what a field may ask for.
const mostPages = 20_000

// Wanted are the pages of a document that wait to be read in, nil for none.
func Wanted(d *document.Document) []int {
	if d.Reason != document.MissingEngine && !slices.ContainsFunc(d.Warnings, func(w document.Warning) bool { return w.Code == string(document.MissingEngine) }) {
		return nil
	}
	if d.Kind == document.KindImage {
		n, err := strconv.Atoi(d.Fields["pages"])
		if err != nil || n < 1 {
			n = 1
		}
		return count(1, min(n, mostPages))
	}
	var out []int
	for part := range strings.SplitSeq(d.Fields[pagesField], ",") {
		from, to, more := strings.Cut(part, "-")
		a, err := strconv.Atoi(from)
		if err != nil || a < 1 {
			continue
		}
		b := a
		if more {
			if b, err = strconv.Atoi(to); err != nil || b < a {
				continue
			}
		}
		if out = append(out, count(a, min(b, a+mostPages))...); len(out) > mostPages {
			break
		}
	}
	return out
}

func count(from, to int) (out []int) {
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}

// Apply puts the layer over a document: the text of pages that had none, or whose
// own text says nothing, with what read it and how sure it was.
func (l *Layer) Apply(d *document.Document) {
	read := map[int]string{}
	var numbers, lost []int
	sum, letters := 0.0, 0
	languages := map[string]bool{}
	why := document.Reason("")
	for _, p := range l.Pages {
		if p.Lost != "" {
			lost, why = append(lost, p.Number), p.Lost
			continue
		}
		if n := len([]rune(p.Text)); n > 0 {
			numbers = append(numbers, p.Number)
			read[p.Number], sum, letters = p.Text, sum+p.Confidence*float64(n), letters+n
			languages[p.Language] = true
		}
	}
	// A page that waits has no text worth keeping: none, or what makes no sense.
	kept := d.Sections[:0:0]
	for _, s := range d.Sections {
		if read[s.Position.Page] == "" || s.Position.Page == 0 || s.Heading == document.OnPicture {
			kept = append(kept, s)
		}
	}
	single := d.Kind == document.KindImage && len(l.Pages) == 1
	for _, n := range numbers {
		at := document.Position{Page: n}
		if single {
			at = document.Position{Part: "body"}
		}
		kept = append(kept, document.Section{Position: at, Text: read[n]})
	}
	slices.SortStableFunc(kept, func(a, b document.Section) int { return a.Position.Page - b.Position.Page })
	d.Sections = kept
	l.tell(d, numbers, lost, why)
	if letters > 0 {
		d.Fields["ocr"] = l.Engine
		d.Fields["ocr_pages"] = strconv.Itoa(len(numbers))
		d.Fields["ocr_confidence"] = strconv.FormatFloat(sum/float64(letters), 'f', 2, 64)
		if d.Language == "" {
			d.Language = charset.Language(text(d))
		}
	}
}

func text(d *document.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		if b.WriteString(s.Text + "\n"); b.Len() > 64<<10 {
			break
		}
	}
	return b.String()
}

// tell takes back what was said of missing engines and says what is missing now.
func (l *Layer) tell(d *document.Document, read, lost []int, why document.Reason) {
	delete(d.Fields, pagesField)
	rest := d.Warnings[:0:0]
	for _, w := range d.Warnings {
		if w.Code != string(document.MissingEngine) && w.Code != "garbled-text" {
			rest = append(rest, w)
		}
	}
	d.Warnings = rest
	if d.Reason == document.MissingEngine {
		d.Read, d.Reason = document.Full, ""
		for _, w := range rest { // what else is missing
			if r := document.Reason(w.Code); slices.Contains(document.Reasons(), r) {
				d.Read, d.Reason = document.Partial, r
				break
			}
		}
	}
	if len(read) > 0 {
		d.Warn("ocr", fmt.Sprintf("%s read from pictures by %s", pages(read), l.Engine))
	}
	if len(lost) > 0 {
		d.Lose(document.Partial, why, fmt.Sprintf("%s could not be read from pictures", pages(lost)))
	}
}

// pages names pages for people.
func pages(n []int) string {
	if len(n) == 1 {
		return "page " + strconv.Itoa(n[0])
	}
	if n[len(n)-1]-n[0] == len(n)-1 {
		return fmt.Sprintf("pages %d to %d", n[0], n[len(n)-1])
	}
	return fmt.Sprintf("%d pages", len(n))
}
