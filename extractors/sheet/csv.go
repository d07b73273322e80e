package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// CSV reads separated values. Only the name tells them from text: a letter has
// commas too. Under the name of a workbook they stand as often, parted by tabs:
// what web pages call an export to Excel.
var CSV = document.Format{
	Name: "csv", Version: 3, Kind: document.KindSheet, MediaType: "text/csv",
	Detect: func(in *document.Input) bool {
		ext := in.Ext()
		switch ext {
		case ".csv", ".tsv", ".tab":
			return !binary(in.Head())
		case ".xls", ".et":
			return !binary(in.Head()) && bytes.IndexByte(in.Head(), '\t') > 0
		}
		return false
	},
	Read: readCSV,
}

// maxCSV bounds what is decoded in memory.
const maxCSV = 64 << 20

// binary says that a head is no text in any charset: Office files are often
// renamed to .csv. UTF-16 holds NULs, but never two in a row.
func binary(head []byte) bool { return bytes.Contains(head, []byte{0, 0, 0}) }

func readCSV(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	data, whole, err := in.All(maxCSV)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	doc := &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{}}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes were read", len(data)))
	}
	text, used, lossy := charset.Decode(data, "")
	if lossy {
		doc.Warn("undecodable", "some bytes mean nothing in "+used)
	}
	text, comma := separator(strings.TrimPrefix(text, "\ufeff"), in.Ext())
	doc.Fields["charset"] = used
	var size int64
	t := &table{files: &naming{doc: doc, lines: true}, emit: func(from, _ int, heading, text string) {
		size += int64(len(text))
		doc.AddText(document.Position{Line: from}, heading, text)
	}}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	rows, gap := 0, 0
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if rows&0xff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			// QUIRK: with LazyQuotes only a quote that never closes is left as an error
			// (RFC 4180, 2.5): everything behind it is one field.
			doc.Warn("unclosed-quote", "a quoted field is not closed")
			break
		}
		line, _ := r.FieldPos(0)
		// Rows that span lines must not look like gaps, empty lines must.
		if rows++; rows > limits.Rows {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", rows-1))
			break
		}
		if line > gap+1 {
			t.add(row{n: line - 1})
		}
		t.last = line - 1
		t.add(row{line, append([]string(nil), record...)})
		gap = line + strings.Count(strings.Join(record, ""), "\n")
		if size > limits.TextBytes {
			doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d rows were read: the text is too long", rows))
			break
		}
	}
	t.finish()
	doc.Fields["rows"] = strconv.Itoa(rows)
	return doc, nil
}

// separator finds what parts the fields: the candidate that stands most evenly
// in the first lines. QUIRK: Excel takes a first line "sep=;" for its own note.
func separator(text, ext string) (rest string, comma rune) {
	if strings.HasPrefix(text, "sep=") {
		first, rest, _ := strings.Cut(text, "\n")
		if sep := strings.TrimRight(first[len("sep="):], "\r"); len(sep) == 1 && sep != "\"" {
			return rest, rune(sep[0])
		}
	}
	if ext == ".tsv" || ext == ".tab" {
		comma = '\t'
	}
	lines := strings.SplitN(text, "\n", 21)
	if len(lines) > 20 {
		lines = lines[:20]
	}
	best := 0
	for _, c := range []rune{',', '\t', ';', '|'} {
		score := 0
		counts := map[int]int{}
		for _, l := range lines {
			if n := count(l, c); n > 0 {
				counts[n]++
				score = max(score, counts[n]*(8+min(n, 8)))
			}
		}
		if score > best {
			best, comma = score, c
		}
	}
	if comma == 0 {
		comma = ','
	}
	return text, comma
}

// count counts a separator outside of quotes.
func count(line string, c rune) int {
	n, quoted := 0, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == c && !quoted:
			n++
		}
	}
	return n
}
