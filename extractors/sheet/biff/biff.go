// Package biff reads the workbooks of Excel 2 to 2003 and of WPS: BIFF2 to
// BIFF8, within a compound file or bare. It gives rows of cells as shown, and
// what stands beside them.
//
// No kept Go module reads these files: the best one finds the strings of 69 % of
// real ones. References are to [MS-XLS], [MS-CFB] and [MS-OFFCRYPTO], and for
// BIFF2 to BIFF5 to OpenOffice.org's "Excel File Format".
package biff

import (
	"context"
	"errors"
	"io"

	"guidang/extractors/charset"
	"guidang/extractors/compound"
)

// Errors of Open. Each says that nothing can be read.
var (
	ErrEncrypted = errors.New("the workbook is encrypted, and no known password opens it")
	ErrNoBook    = errors.New("there is no workbook in the file")
	ErrTooLarge  = errors.New("the workbook is too large to be read")
)

// maxStream bounds the workbook's stream, which is held in memory. Excel itself
// wrote at most 2 GB; 65,536 full rows of 20 columns are about 25 MB.
const maxStream = 512 << 20

// State says whether a sheet is shown.
type State int

// States of a sheet. Only a macro can show one that is very hidden.
const (
	Visible State = iota
	Hidden
	VeryHidden
)

// Damage is what was wrong with a workbook of which something was read.
type Damage struct {
	Cut      bool // it ends before its end, or in the middle of a record
	Salvaged bool // its directory is lost; the stream was found by its own marks
	Lost     int  // sheets that are listed but not there
	Strings  bool // the shared strings go beyond their bound
}

// Book is an opened workbook.
type Book struct {
	Version   int    // 2, 3, 4, 5 or 8
	Charset   string // of the text that is not Unicode; empty where all of it is
	Decrypted bool   // it was encrypted, and a password opened it
	Sheets    []*Sheet
	Props     compound.Props
	Damage    Damage

	stream   []byte
	subs     []*substream
	globals  globals
	text     charset.Decoder
	file     *compound.File
	embedded []*compound.Entry
}

// Sheet is one sheet of a workbook, a chart among them.
type Sheet struct {
	Name   string
	State  State
	Merges []Range
	Notes  []Note   // comments, in the order of the file
	Shapes []string // text in boxes and shapes
	Links  []Link   // where cells lead
	Chart  []string // titles of the charts
	Header string
	Footer string

	book *Book
	sub  *substream
}

// Range is a block of cells: columns from 0, rows from 1, ends included.
type Range struct{ Left, Top, Right, Bottom int }

// Note is the comment at a cell.
type Note struct {
	Row, Column  int // as in Range
	Author, Text string
}

// Link is where a cell leads: an address, or a file's path.
type Link struct {
	Row, Column int // as in Range
	To          string
}

// Options are what opening needs beside the bytes.
type Options struct {
	Passwords []string
	Strings   int64 // bytes that the shared strings may take; 0: no bound of their own
}

// Is says whether the head of a file is that of a workbook: a bare stream, or a
// compound file whose root holds one.
func Is(head []byte, r io.ReaderAt, size int64) bool {
	if compound.Is(head) {
		c, err := compound.Open(r, size)
		return err == nil && workbook(c) != nil
	}
	return bare(head)
}

// Damaged says whether a compound file no longer tells what it holds.
func Damaged(r io.ReaderAt, size int64) bool {
	c, err := compound.Open(r, size)
	return err != nil || len(c.Root.Children) < 2 && workbook(c) == nil
}

// workbook gives the stream of the workbook. A file saved for "97-2003 & 5.0/95"
// holds two; the newer one says more. Where the tree is damaged, any stream of
// that name will do.
func workbook(c *compound.File) *compound.Entry {
	for _, name := range []string{"Workbook", "Book"} {
		if e := c.Root.Stream(name); e != nil {
			return e
		}
	}
	if len(c.Root.Children) > 1 {
		return nil
	}
	for _, name := range []string{"Workbook", "Book"} {
		if e := c.Stray(name); e != nil {
			return e
		}
	}
	return nil
}

// Open reads everything of a workbook but its cells. The error is one of this
// package's, of the reader, or of the context.
func Open(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Book, error) {
	b := &Book{}
	if err := b.load(r, size); err != nil {
		return nil, err
	}
	if err := b.decrypt(o.Passwords); err != nil {
		return nil, err
	}
	if err := b.scan(ctx, o); err != nil {
		return nil, err
	}
	if len(b.subs) == 0 {
		return nil, ErrNoBook
	}
	b.settle()
	b.Damage.Strings = b.globals.overfull
	return b, nil
}

// load finds the stream of the workbook.
func (b *Book) load(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 32))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	} else if n < len(head) {
		head = head[:n]
	}
	if !compound.Is(head) {
		if !bare(head) {
			return ErrNoBook
		}
		if size > maxStream {
			return ErrTooLarge
		}
		b.stream = make([]byte, size)
		n, err := r.ReadAt(b.stream, 0)
		b.stream = b.stream[:n]
		if err == io.EOF {
			err = nil
		}
		return err
	}
	c, err := compound.Open(r, size)
	if err != nil && !errors.Is(err, compound.ErrFormat) {
		return err
	}
	if err == nil {
		if e := workbook(c); e != nil {
			if e.Size > maxStream {
				return ErrTooLarge
			}
			data, whole, err := c.Bytes(e, maxStream)
			if err != nil {
				return err
			}
			b.stream, b.Damage.Cut = data, !whole
			b.Props = c.Props()
			b.file, b.embedded = c, objects(c)
		}
	}
	if !bare(b.stream) {
		b.stream, err = salvage(r, size)
		if err != nil {
			return err
		}
		b.Damage.Salvaged = true
	}
	return nil
}
