package biff

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"guidang/extractors/compound"
)

// A writer of workbooks and compound files, as small as the tests need.

// stream is a workbook's stream under construction.
type stream struct {
	bytes.Buffer
}

// rec appends a record. Its parts are numbers, bytes and strings as they stand.
func (s *stream) rec(id uint16, parts ...any) *stream {
	body := pack(parts...)
	_ = binary.Write(s, binary.LittleEndian, []uint16{id, uint16(len(body))})
	s.Write(body)
	return s
}

func pack(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b.WriteString(p)
		case []byte:
			b.Write(p)
		default:
			if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
				panic(err)
			}
		}
	}
	return b.Bytes()
}

// units is text in UTF-16.
func units(text string) []byte { return pack(utf16.Encode([]rune(text))) }

// wideText is a string of BIFF8 with a length of two bytes.
func wideText(text string) []byte {
	return pack(uint16(len(utf16.Encode([]rune(text)))), uint8(1), units(text))
}

// shortText has a length of one byte.
func shortText(text string) []byte {
	return pack(uint8(len(utf16.Encode([]rune(text)))), uint8(1), units(text))
}

// bookMaker puts a workbook together: globals, then sheets.
type bookMaker struct {
	version int
	globals stream
	sheets  []sheetMaker
}

type sheetMaker struct {
	name  []byte // as it stands in BOUNDSHEET
	state byte
	kind  uint16
	body  stream
}

func newBook(version int) *bookMaker { return &bookMaker{version: version} }

func (m *bookMaker) sheet(name string, fill func(s *stream)) *bookMaker {
	raw := pack(uint8(len(name)), name)
	if m.version == 8 {
		raw = shortText(name)
	}
	return m.add(sheetMaker{name: raw, kind: kindSheet}, fill)
}

func (m *bookMaker) add(s sheetMaker, fill func(s *stream)) *bookMaker {
	fill(&s.body)
	m.sheets = append(m.sheets, s)
	return m
}

// bytes lays the stream down. Only BIFF5 and 8 have a list of sheets.
func (m *bookMaker) bytes() []byte {
	version := uint16(0x0500)
	if m.version == 8 {
		version = 0x0600
	}
	bof := func(kind uint16) []byte { return pack(version, kind, uint16(0), uint16(0), uint64(0)) }
	var list stream
	for _, s := range m.sheets {
		list.rec(idSheetInfo, uint32(0), s.state, uint8(0), s.name)
	}
	var out stream
	out.rec(idBOF, bof(kindGlobals))
	out.Write(m.globals.Bytes())
	at := out.Len()
	out.Write(list.Bytes())
	out.rec(idEOF)
	for _, s := range m.sheets {
		binary.LittleEndian.PutUint32(out.Bytes()[at+4:], uint32(out.Len()))
		at += 4 + 6 + len(s.name)
		out.rec(idBOF, bof(s.kind))
		out.Write(s.body.Bytes())
		out.rec(idEOF)
	}
	return out.Bytes()
}

// file is one stream of a compound file; a name with a slash lies in a storage.
type file struct {
	name string
	data []byte
}

// compoundOf writes a compound file of these streams.
func compoundOf(files ...file) []byte {
	root := compound.NewStorage("Root Entry")
	storages := map[string]*compound.Node{}
	for _, f := range files {
		parent, name := root, f.name
		if folder, rest, ok := strings.Cut(f.name, "/"); ok {
			name = rest
			if storages[folder] == nil {
				storages[folder] = compound.NewStorage(folder)
				root.Children = append(root.Children, storages[folder])
			}
			parent = storages[folder]
		}
		parent.Children = append(parent.Children, compound.NewStream(name, f.data))
	}
	return compound.Write(root)
}

func open(t testing.TB, data []byte, passwords ...string) *Book {
	t.Helper()
	b, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), Options{Passwords: passwords})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shown writes a workbook down for a test.
func shown(b *Book) string {
	var out strings.Builder
	for _, s := range b.Sheets {
		fmt.Fprintf(&out, "[%s", s.Name)
		switch s.State {
		case Hidden:
			out.WriteString(" hidden")
		case VeryHidden:
			out.WriteString(" very hidden")
		case Visible:
		}
		out.WriteString("]\n")
		for n, cells := range s.Rows() {
			fmt.Fprintf(&out, "%d: %s\n", n, strings.Join(cells, "|"))
		}
		for _, m := range s.Merges {
			fmt.Fprintf(&out, "merged %v\n", m)
		}
		for _, n := range s.Notes {
			fmt.Fprintf(&out, "note %d,%d %s: %s\n", n.Row, n.Column, n.Author, n.Text)
		}
		for _, text := range s.Shapes {
			fmt.Fprintf(&out, "shape %s\n", text)
		}
		for _, text := range s.Chart {
			fmt.Fprintf(&out, "chart %s\n", text)
		}
		if s.Header+s.Footer != "" {
			fmt.Fprintf(&out, "header %q footer %q\n", s.Header, s.Footer)
		}
	}
	return out.String()
}

func bits64(f float64) uint64 { return math.Float64bits(f) }

// xf8 is a style of BIFF5 and 8 with a number format and a font.
func xf8(font, format uint16) []byte { return pack(font, format, make([]byte, 16)) }
