// Package ocr reads the text in pictures of pages.
//
//	reader (confined)          this process              child (one a strip, confined)
//	─────────────────          ────────────              ─────────────────────────────
//	draws the page gray ─────► cuts long pictures,
//	                           tries languages    ─────► becomes tesseract
//	                           Page ◄── words with their confidence ─┘
//
// Tesseract never sees an original: it gets plain gray pixels on its standard
// input, so none of its readers of picture files is asked, and it has no network,
// no other file than its models and no place to write to (sandbox.Confine).
package ocr

import (
	"context"
	"image"
)

// Page is what was read from one picture.
type Page struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"` // 0 to 1, of the characters' mean
	Language   string  `json:"language"`   // of the model that read best
}

// Engine reads pictures. It is safe for concurrent use.
type Engine interface {
	// Fingerprint names what made a Page: program, version, models.
	Fingerprint() string

	// Read reads one picture; first is the language to try first, as an earlier Page
	// of the same document names it. The error is the context's or says that this
	// picture cannot be read.
	Read(ctx context.Context, picture *image.Gray, first string) (*Page, error)
}
