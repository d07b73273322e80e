package pst

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kinds of pages ([MS-PST] 2.2.2.7.1).
const (
	pageBlocks = 0x80
	pageNodes  = 0x81
)

// cachedPages is how many pages are kept: the upper levels of both trees of a file
// of 50 GB are some 15,000 pages, of which a walk in order needs a few at a time.
const cachedPages = 512

// fault gives an error that is the reader's, not the file's end.
func fault(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// pageTrailer gives the checksum and the identifier that a page says it has.
func (l *layout) pageTrailer(p []byte) (crc uint32, id uint64) {
	t := p[l.sum:]
	if l.wide {
		return binary.LittleEndian.Uint32(t[4:]), binary.LittleEndian.Uint64(t[8:])
	}
	return binary.LittleEndian.Uint32(t[8:]), uint64(binary.LittleEndian.Uint32(t[4:]))
}

// page is a page of one of the B-trees.
type page struct {
	data   []byte
	kind   byte
	id     uint64
	level  int
	count  int
	width  int  // bytes of an entry
	sound  bool // its checksum fits
	usable bool // it does, or its entries are in order all the same
}

// parsePage takes a page apart. ok is false when it is no B-tree page at all.
func (l *layout) parsePage(data []byte) (p page, ok bool) {
	p = page{data: data, kind: data[l.sum]}
	if p.kind != pageBlocks && p.kind != pageNodes || data[l.sum+1] != p.kind {
		return p, false
	}
	var crc uint32
	crc, p.id = l.pageTrailer(data)
	p.sound = crc == sum(data[:l.sum])
	if m := data[l.meta:]; l.page == 4096 {
		p.count, p.width, p.level = int(binary.LittleEndian.Uint16(m)), int(m[4]), int(m[5])
	} else {
		p.count, p.width, p.level = int(m[0]), int(m[2]), int(m[3])
	}
	least := l.branchWidth()
	if p.level == 0 {
		least = l.leafWidth(p.kind)
	}
	// QUIRK: [MS-PST] 2.2.2.7.7.1: entries may stand wider than they are, never
	// closer; a damaged count is cut to what a page holds.
	if p.width < least || p.level > maxLevels {
		return p, false
	}
	p.count = min(p.count, l.meta/p.width)
	p.usable = p.sound || l.ordered(&p)
	return p, true
}

// ordered tells a page of which only the checksum is wrong.
//
// QUIRK: [MS-PST] 2.2.2.7.1: dwCRC covers the page. Other programs write pages
// without it; keys that rise are a page's nonetheless.
func (l *layout) ordered(p *page) bool {
	for i := 1; i < p.count; i++ {
		if l.key(p, i-1) >= l.key(p, i) {
			return false
		}
	}
	return p.count > 0
}

// maxLevels bounds both trees: eight levels of 15 entries are 2.5 billion nodes.
const maxLevels = 8

func (l *layout) branchWidth() int {
	if l.wide {
		return 24
	}
	return 12
}

func (l *layout) leafWidth(kind byte) int {
	switch {
	case kind == pageNodes && l.wide:
		return 32
	case kind == pageNodes:
		return 16
	}
	return l.branchWidth()
}

// pageAt reads a page of a tree, or gives nil when it is none.
func (s *store) pageAt(r ref, kind byte) *page {
	if p, ok := s.pages[r.at]; ok {
		if p != nil && p.kind != kind {
			return nil
		}
		return p
	}
	p := s.loadPage(r, kind)
	if len(s.pages) >= cachedPages {
		clear(s.pages) // what is needed again is read again: one read a level
	}
	s.pages[r.at] = p
	return p
}

func (s *store) loadPage(r ref, kind byte) *page {
	if r.at < 0 || r.at+s.page > s.size {
		s.tell(&s.lostPages, r.at)
		return nil
	}
	data := make([]byte, s.page)
	if n, err := s.r.ReadAt(data, r.at); int64(n) < s.page {
		s.fail(fmt.Errorf("read the page at %d: %w", r.at, err), err)
		s.tell(&s.lostPages, r.at)
		return nil
	}
	p, ok := s.parsePage(data)
	if !ok || p.kind != kind {
		s.tell(&s.lostPages, r.at)
		return nil
	}
	if !p.sound || p.id != r.id {
		s.tell(&s.badPages, r.at)
	}
	return &p
}
