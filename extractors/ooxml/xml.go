package ooxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Errors of a walk. They are the document's fault, and each is one reason.
var (
	ErrDTD     = errors.New("the XML declares a document type")
	ErrTooDeep = errors.New("the XML is nested too deeply")
	ErrTooBig  = errors.New("the part unpacks to too many bytes")
)

// maxDepth is far beyond what a program writes (Word's own limit of nested
// tables gives about 150) and far below what would cost memory.
const maxDepth = 1024

// Walk hands a part's tokens to each, in order and one at a time, so that memory
// does not grow with the part. It refuses a document type (an entity bomb needs
// one, no Office program writes one) and stops beyond depth and limit bytes.
//
// What was handed out before an error stays valid: a damaged part is read up to
// the damage. A token's bytes and attributes are valid until each returns.
//
// QUIRK: parts that say encoding="gbk" or the like hold UTF-8 in every file seen;
// ECMA-376 part 2, 6.2.5 allows only UTF-8 and UTF-16, and the label is not looked
// at.
func Walk(r io.Reader, limit int64, each func(xml.Token) error) error {
	bounded := &io.LimitedReader{R: r, N: limit + 1}
	s := newScanner(bounded)
	depth := 0
	for {
		tok, err := s.next()
		if err != nil {
			switch {
			case bounded.N <= 0:
				return ErrTooBig
			case err == io.EOF: //nolint:errorlint // only a bare one is the end; a wrapped one is a reader's error
				return nil
			}
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return ErrTooDeep
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.HasPrefix(bytes.TrimSpace(t), []byte("DOCTYPE")) {
				return ErrDTD
			}
		}
		if err := each(tok); err != nil {
			return err
		}
	}
}

// Attr is an attribute's value by its local name.
func Attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// On says whether an on/off property element is on: w:val left out means on
// (ECMA-376 part 1, 17.17.4).
func On(e xml.StartElement) bool {
	switch Attr(e, "val") {
	case "0", "false", "off":
		return false
	}
	return true
}

// PartError names the part that an error came from.
func PartError(part string, err error) error { return fmt.Errorf("%s: %w", part, err) }
