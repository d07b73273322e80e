// Package msdoc reads the text of Word's binary documents: Word 6 and 95 to 2003
// ([MS-DOC]; for the older ones "Word 6.0 Binary File Format" of 1995), what WPS
// writes in their place, and Word 2 as far as it is plain.
//
// No kept Go module reads these. Only the text layer is read: pieces, the marks of
// paragraphs and cells, what is deleted or hidden, and the fonts where they decide
// on the charset.
package msdoc

import (
	"context"
	"errors"

	"guidang/extractors/charset"
)

// Errors of Read. Each says that nothing can be read.
var (
	ErrEncrypted = errors.New("the document is encrypted, and no known password opens it")
	ErrNoText    = errors.New("there is no Word document in the file")
)

// Input is what a document is read from.
type Input struct {
	Main      []byte            // the stream WordDocument, or a whole file of Word 2
	Tables    map[string][]byte // the streams 0Table and 1Table, as far as they are there
	Passwords []string
	Limit     int // characters; more are left out
}

// Line is a paragraph, or a row of a table with tabs between its cells.
type Line struct {
	Text  string
	Level int // of a heading, from 1; 0 for text, Title for the document's title
}

// Title is the level of a document's title.
const Title = -1

// Story is one of the texts of a document.
type Story struct {
	Part  string // body header footer footnotes endnotes comments textboxes
	Lines []Line
}

// Text is what was read.
type Text struct {
	Stories               []Story
	Deleted               []string // what tracked changes took away
	Insertions, Deletions int
	Links                 []string // addresses of hyperlinks, each once
	Charset               string   // of a document before Word 97
	Version               int      // 2, 6, 7 (Word 95) or 8 (Word 97 and later)
	Hidden                bool     // it holds hidden text, which is read too
	Decrypted             bool
	Salvaged              bool // its piece table is lost; the text was read as it lies
	Cut                   bool // text is missing at its end
	TooLong               bool // the limit was reached
}

// reader is one reading.
type reader struct {
	in     Input
	main   []byte
	table  []byte
	fib    fib
	pieces []piece
	prcs   [][]byte // properties that pieces refer to
	chars  []charRun
	paras  []paraRun
	styles []style
	fonts  []string // charsets of the fonts, where they say one
	text   charset.Decoder
	left   int // characters that may still be read
	out    *Text
}

// Is says whether a stream begins with the header of a document that Read knows.
func Is(main []byte) bool {
	_, ok := parseFIB(main)
	return ok
}

// Read reads a document. The error is one of this package's or the context's.
func Read(ctx context.Context, in Input) (*Text, error) {
	r := &reader{in: in, main: in.Main, left: in.Limit, out: &Text{}}
	var ok bool
	if r.fib, ok = parseFIB(r.main); !ok {
		return nil, ErrNoText
	}
	r.out.Version = r.fib.version
	r.table = r.main
	if r.fib.version == 8 {
		r.table = in.Tables[r.fib.tableName()]
		if r.table == nil {
			// QUIRK: [MS-DOC] 2.5.1 says by a bit which of two streams holds the tables;
			// where that one is missing, the other was meant.
			for _, other := range in.Tables {
				r.table = other
			}
		}
	}
	if err := r.decrypt(); err != nil {
		return nil, err
	}
	r.readPieces()
	r.readStyles()
	r.readFonts()
	r.readRuns()
	r.chooseCharset()
	if err := r.stories(ctx); err != nil {
		return nil, err
	}
	return r.out, nil
}

func u16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(b[at]) | int(b[at+1])<<8
}

func u32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16 | uint32(b[at+3])<<24
}

// slice gives n bytes at a place, fewer where the data ends.
func slice(b []byte, at, n uint32) []byte {
	if int64(at) >= int64(len(b)) {
		return nil
	}
	return b[at:min(int64(at)+int64(n), int64(len(b)))]
}
