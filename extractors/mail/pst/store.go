package pst

import (
	"fmt"
	"io"

	"guidang/extractors/document"
	"guidang/extractors/mail/outlook"
)

// store is an open mailbox.
type store struct {
	header
	r    io.ReaderAt
	size int64 // of the file
	late func() bool
	err  error // of the reader below, no fault of the file

	pages  map[int64]*page
	saved  *salvage
	gaps   bool // a stretch of the node tree was met that is lost
	names  *outlook.Names
	stores *folders
	label  string // charset of the folders' names in an ANSI file

	lastBlock blockCache
	reads     int64 // bytes of blocks that were read

	// What was met on the way, told at the end: the places, so that one page read
	// twice counts once.
	badPages, lostPages, badBlocks, lostBlocks trouble
	other                                      trouble // of heaps and tables
	met                                        int     // how often something was wrong, at whatever place
}

// trouble counts what is wrong, by place.
type trouble map[int64]struct{}

// maxTrouble is how many places are counted.
const maxTrouble = 100_000

func (s *store) tell(t *trouble, at int64) {
	s.met++
	if *t == nil {
		*t = trouble{}
	}
	if len(*t) < maxTrouble {
		(*t)[at] = struct{}{}
	}
}

// fail keeps an error of the reader below. That the file ends is none.
func (s *store) fail(err, cause error) {
	if fault(cause) != nil && s.err == nil {
		s.err = err
	}
}

// open reads what all later reading needs: the header, the names of properties. reason
// is set when nothing can be read.
func open(in *document.Input) (s *store, reason document.Reason, err error) {
	h, reason, err := readHeader(in)
	if err != nil || reason != "" {
		return nil, reason, err
	}
	s = &store{header: h, r: in.Bytes, size: in.Size, late: in.Late, pages: map[int64]*page{}}
	s.names = s.readNames()
	s.stores = &folders{s: s, known: map[uint32]*folder{}}
	if !s.wide {
		s.label = s.folderCharset()
	}
	return s, "", s.err
}

// report puts what was met into the document.
func (s *store) report(doc *document.Document) {
	if s.guessed {
		doc.Lose(document.Partial, document.Corrupt, "its header is lost; it was read by its pages and blocks alone")
	} else if s.damaged {
		doc.Warn("checksum", "the checksum of its header does not fit")
	}
	count := func(t trouble, what string) {
		if len(t) > 0 {
			doc.Warn("checksum", fmt.Sprintf("%d %s do not fit their checksums", len(t), what))
		}
	}
	count(s.badPages, "pages of its trees")
	count(s.badBlocks, "blocks of data")
	if s.header.size > s.size {
		doc.Lose(document.Partial, document.Truncated, fmt.Sprintf("it should have %d bytes and has %d", s.header.size, s.size))
	}
	if n := len(s.lostPages); n > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("%d pages of its trees are lost; what they held was looked for in the whole file", n))
	}
	if n := len(s.lostBlocks); n > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("%d blocks of data are lost", n))
	}
	if n := len(s.other); n > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("%d tables or items are damaged within", n))
	}
}
