// Package pdf reads PDF files page by page. pdfium in its WebAssembly build
// decides (93.8 % of 803 real files read well, against 62.5 % for the best
// reader in pure Go); the second reader is asked when pdfium cannot open a
// file, and is the only one in a build with the tag `light`.
package pdf

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Bounds of time. They are for hostile files: of 1,255 real ones none hung. What
// Input.Left gives is the nearer bound in a process that is watched.
const (
	pageTime     = 30 * time.Second
	documentTime = 5 * time.Minute
)

// New makes the format. cacheDir is where the compiled engine is kept between
// runs (22 MB a form; empty: nowhere). Nothing is started before the first PDF is
// read: the first start ever compiles for about 5 s and 340 MB, later ones load in
// 0.15 s and 40 MB. See Warm.
func New(cacheDir string) document.Format { return formatOf(newEngine(cacheDir)) }

// Plain is the format with the second reader alone, for where the engine cannot
// be compiled. What it has read stays until it is retried.
func Plain() document.Format { return formatOf(none{}) }

func formatOf(e engine) document.Format {
	r := &reader{engine: e}
	return document.Format{
		Name: "pdf", Version: 5, Kind: document.KindDocument, MediaType: "application/pdf",
		Detect: isPDF, Read: r.read, Draw: r.engine.draw,
	}
}

// Warm fills the cache for New with one form of the engine, for careful reading
// (document.Input) or the quick one. A program that must stay small runs it once in
// a process of its own, because the memory of compiling comes back late.
func Warm(ctx context.Context, cacheDir string, careful bool) error {
	return warm(ctx, cacheDir, careful)
}

// isPDF wants the header at the beginning. QUIRK: ISO 32000-1, 7.5.2 puts it in
// the first line; Acrobat takes it within the first 1,024 bytes (implementation
// note 13), and HTTP headers, BOMs and MacBinary do stand before it. Away from
// the beginning the name has to agree, because mails quote PDFs.
func isPDF(in *document.Input) bool {
	h := in.Head()
	at := bytes.Index(h[:min(len(h), 1024)], []byte("%PDF-"))
	if at < 0 {
		return false
	}
	before := bytes.TrimPrefix(h[:at], []byte("\xef\xbb\xbf"))
	return len(bytes.Trim(before, "\x00 \t\r\n")) == 0 || in.Ext() == ".pdf"
}

// outcome is how far an engine came.
type outcome int

const (
	done      outcome = iota // the document says what was read
	unopened                 // the engine cannot open the file
	locked                   // no password fits
	unstarted                // the engine itself does not start
	absent                   // the engine is not part of this build
)

// engine opens a file and reads its pages into a document. The error is only
// for what is not the file's fault.
type engine interface {
	read(ctx context.Context, in *document.Input, doc *document.Document, emit func(*document.Child) error) (outcome, error)

	// draw gives a picture of a page.
	draw(ctx context.Context, in *document.Input, d document.Drawing) (*document.Child, error)
}

type reader struct{ engine engine }

func (r *reader) read(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	in = &limited
	signed, err := signatures(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	doc := newDocument(signed)
	how, err := r.engine.read(ctx, in, doc, emit)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	if how == unopened {
		if how, err = r.mend(ctx, in, doc, emit); err != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, err)
		}
	}
	switch how {
	case done:
		return judged(doc), nil
	case locked:
		return document.Unreadable(document.KindDocument, document.Encrypted, "it is encrypted, and no listed password opens it"), nil
	case unstarted:
		doc = newDocument(signed)
		doc.Warn("engine-failed", "the first reader did not start")
	default:
		doc = newDocument(signed)
	}
	how, err = second(ctx, in, doc)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	switch how {
	case unopened, unstarted, absent: // told below
	case done:
		doc.Warn("second-reader", "read by the second reader, whose text is poorer")
		return judged(doc), nil
	case locked:
		return document.Unreadable(document.KindDocument, document.Encrypted, "it is encrypted, and no listed password opens it"), nil
	}
	return document.Unreadable(document.KindDocument, document.Corrupt, "it cannot be opened as a PDF"), nil
}

// judged lowers a loss to all that there was, when nothing came out.
func judged(doc *document.Document) *document.Document {
	if doc.Read == document.Partial && len(doc.Sections) == 0 && doc.Reason != document.MissingEngine {
		doc.Read = document.None
	}
	return doc
}

// mend tries a file that cannot be opened once more, with a new end.
func (r *reader) mend(ctx context.Context, in *document.Input, doc *document.Document, emit func(*document.Child) error) (outcome, error) {
	mended, err := repair(ctx, in)
	if err != nil || mended == nil {
		return unopened, err
	}
	how, err := r.engine.read(ctx, mended, doc, emit)
	if how != done || len(doc.Sections) == 0 && doc.Fields["pages_ocr"] == "" {
		return unopened, err
	}
	doc.Read, doc.Reason = document.Full, ""
	doc.Lose(document.Partial, document.Truncated, "its end is lost; the pages that could be found were read")
	return done, err
}

func newDocument(signatures string) *document.Document {
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	if signatures != "" {
		doc.Fields["signatures"] = signatures
	}
	return doc
}

// pages gathers what pages give, whichever engine reads them.
type pages struct {
	doc    *document.Document
	limits document.Limits
	bytes  int64
	ocr    []int // pages that are images
}

// add keeps a page's text; why is what is known to be wrong with it. false: the text
// limit is reached.
func (p *pages) add(n int, heading, text, why string, drawn bool) bool {
	if strings.TrimSpace(text) == "" {
		if drawn {
			p.ocr = append(p.ocr, n)
		}
		return true
	}
	if drawn { // its own text is in a picture; what was put on it is all that there is
		p.ocr = append(p.ocr, n)
		p.doc.AddText(document.Position{Page: n}, document.OnPicture, text)
		return true
	}
	if why == "" {
		why = garbled(text)
	}
	if why != "" {
		p.doc.Warn("garbled-text", "page "+strconv.Itoa(n)+" "+why)
		p.ocr = append(p.ocr, n)
	}
	p.doc.AddText(document.Position{Page: n}, heading, text)
	if p.bytes += int64(len(text)); p.bytes > p.limits.TextBytes {
		p.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d pages were read: the text is too long", n))
		return false
	}
	return true
}

// finish tells which pages wait for OCR.
func (p *pages) finish() {
	if len(p.ocr) == 0 {
		return
	}
	list := ranges(p.ocr)
	p.doc.Fields["pages_ocr"] = list
	what := "page " + list + " is an image; its text needs OCR"
	if len(p.ocr) > 1 {
		what = "pages " + list + " are images; their text needs OCR"
	}
	p.doc.Lose(document.Partial, document.MissingEngine, what)
}

// ranges writes 1,2,3,7 as "1-3,7".
func ranges(n []int) string {
	var b strings.Builder
	for i := 0; i < len(n); {
		j := i
		for j+1 < len(n) && n[j+1] == n[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(n[i]))
		if j > i {
			b.WriteString("-" + strconv.Itoa(n[j]))
		}
		i = j + 1
	}
	return b.String()
}
