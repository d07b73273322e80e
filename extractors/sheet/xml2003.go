package sheet

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/ooxml"
	"guidang/extractors/sheet/biff"
)

// XML2003 reads workbooks that Excel 2002 and 2003, and many report servers, write
// as one XML file ("XML Spreadsheet 2003"), mostly under the name .xls.
var XML2003 = document.Format{
	Name: "xml-spreadsheet", Version: 2, Kind: document.KindSheet, MediaType: "application/vnd.ms-excel",
	Detect: detectXML2003,
	Read:   readXML2003,
}

// maxXML bounds such a file in memory. They are about ten times as long as the
// same workbook in .xls.
const maxXML = 256 << 20

// The last row and column that are believed; ISO and Excel 2007 have no further
// ones.
const (
	maxXMLRows    = 1 << 20
	maxXMLColumns = 1 << 14
)

const spreadsheetSpace = "urn:schemas-microsoft-com:office:spreadsheet"

var xmlWorkbook = regexp.MustCompile(`<(?:\w+:)?Workbook[\s>]`)

func detectXML2003(in *document.Input) bool {
	head := in.Head()
	if len(head) < 4 || head[0] != '<' && head[0] != 0xef && head[0] != 0xff && head[0] != 0xfe && head[0] > ' ' {
		return false
	}
	text, _, _ := charset.Decode(head, "")
	return strings.Contains(text, spreadsheetSpace) && xmlWorkbook.MatchString(text)
}

// namedFormats are the formats that go by names in these files.
var namedFormats = map[string]string{
	"General": "", "General Number": "", "General Date": "yyyy-mm-dd h:mm", "Long Date": `yyyy"年"m"月"d"日"`, "Medium Date": "d-mmm-yy", "Short Date": "yyyy-mm-dd",
	"Long Time": "h:mm:ss", "Medium Time": "h:mm AM/PM", "Short Time": "h:mm", "Currency": "#,##0.00", "Euro Currency": `"€"#,##0.00`, "Fixed": "0.00",
	"Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00", "Yes/No": `"Yes";"Yes";"No"`, "True/False": `"TRUE";"TRUE";"FALSE"`, "On/Off": `"On";"On";"Off"`,
}

// xmlReading is one reading.
type xmlReading struct {
	in      *document.Input
	doc     *document.Document
	props   map[string]string
	formats map[string]string // by style
	layouts map[string]*biff.Layout
	path    []string

	sheet  string
	first  int // section of the sheet
	table  *table
	hidden []string
	sheets int
	rows   int
	bytes  int64

	row, column int // the row from 1, the column from 0
	next        int // column
	values      []string
	style, kind string
	rowStyle    string
	inData      bool
	inComment   bool
	author      string
	text        strings.Builder
	comments    []document.Section
	full        bool // a limit is reached
	files       *naming
}

func readXML2003(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	data, whole, err := in.All(maxXML)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	x := &xmlReading{in: &limited, props: map[string]string{}, formats: map[string]string{}, layouts: map[string]*biff.Layout{}}
	x.doc = &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{}}
	x.files = &naming{doc: x.doc}
	if !whole {
		x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes were read", len(data)))
	}
	label := ""
	if m := xmlEncoding.FindSubmatch(data[:min(len(data), 200)]); m != nil {
		label = string(m[1])
	}
	text, used, lossy := charset.Decode(data, label)
	if lossy {
		x.doc.Warn("undecodable", "some bytes mean nothing in "+used)
	}
	text = writable(text)
	n := 0
	err = ooxml.Walk(strings.NewReader(strings.TrimPrefix(text, "\ufeff")), int64(len(text))+1, func(tok xml.Token) error {
		if n++; n&0x3ff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch t := tok.(type) {
		case xml.StartElement:
			x.path = append(x.path, t.Name.Local)
			x.start(t)
		case xml.CharData:
			if x.inData || len(x.path) == 3 && x.path[1] == "DocumentProperties" || x.within("Visible") {
				x.text.Write(t)
			}
		case xml.EndElement:
			x.end(t.Name.Local)
			if len(x.path) > 0 {
				x.path = x.path[:len(x.path)-1]
			}
		}
		return nil
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
	}
	x.finish(err)
	return x.doc, nil
}

var controls = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));`)

// writable takes out what no XML may hold.
// QUIRK: XML 1.0 2.2 forbids control characters; Excel writes those of its cells as
// they are, or as references to them (3 of 461 public files).
func writable(text string) string {
	if !controls.MatchString(text) {
		return text
	}
	return controls.ReplaceAllString(text, " ")
}

var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*encoding=["']([^"']+)["']`)

// within says whether the walk is right within an element of that name.
func (x *xmlReading) within(name string) bool {
	return len(x.path) > 0 && x.path[len(x.path)-1] == name
}

func (x *xmlReading) start(e xml.StartElement) {
	switch e.Name.Local {
	case "Style":
		x.style = ooxml.Attr(e, "ID")
		if parent, ok := x.formats[ooxml.Attr(e, "Parent")]; ok {
			x.formats[x.style] = parent
		}
	case "NumberFormat":
		if f := ooxml.Attr(e, "Format"); len(x.formats) < 1<<16 {
			if named, ok := namedFormats[f]; ok {
				f = named
			}
			x.formats[x.style] = f
		}
	case "Worksheet":
		x.sheet, x.first, x.row = ooxml.Attr(e, "Name"), len(x.doc.Sections), 0
		x.sheets++
		x.table = &table{heading: x.sheet, merges: &merges{}, sheet: x.sheet, files: x.files}
		sheet := x.sheet
		x.table.emit = func(from, to int, heading, text string) {
			x.bytes += int64(len(text))
			x.doc.AddText(document.Position{Sheet: sheet, Rows: &[2]int{from, to}}, heading, text)
		}
	case "Row":
		x.row = index(e, x.row+1, maxXMLRows)
		x.next, x.values, x.rowStyle = 0, nil, ooxml.Attr(e, "StyleID")
	case "Cell":
		x.column = index(e, x.next+1, maxXMLColumns) - 1
		if x.style = ooxml.Attr(e, "StyleID"); x.style == "" {
			x.style = x.rowStyle
		}
		if to := ooxml.Attr(e, "HRef"); to != "" {
			x.files.link(place{x.sheet, x.row, x.column}, to)
		}
		across, _ := strconv.Atoi(ooxml.Attr(e, "MergeAcross"))
		down, _ := strconv.Atoi(ooxml.Attr(e, "MergeDown"))
		if (across > 0 || down > 0) && x.table != nil && len(x.table.merges.all) < maxMerges {
			x.table.merges.all = append(x.table.merges.all, merge{left: x.column, top: x.row, right: x.column + min(max(across, 0), maxXMLColumns), bottom: x.row + min(max(down, 0), maxXMLRows)})
		}
		x.next = x.column + 1 + min(max(across, 0), maxXMLColumns)
	case "Comment":
		x.inComment, x.author = true, ooxml.Attr(e, "Author")
	case "Data":
		x.inData, x.kind = true, ooxml.Attr(e, "Type")
		x.text.Reset()
	default:
		if !x.inData {
			x.text.Reset()
		}
	}
}

// index gives an element's own number, or the next one where it has none.
func index(e xml.StartElement, next, most int) int {
	if n, err := strconv.Atoi(ooxml.Attr(e, "Index")); err == nil && n >= next {
		next = n
	}
	return min(next, most)
}

func (x *xmlReading) end(name string) {
	text := x.text.String()
	switch name {
	case "Data":
		x.inData = false
		switch {
		case x.inComment:
			if text = strings.TrimSpace(text); text != "" {
				if x.author != "" && !strings.HasPrefix(text, x.author) {
					text = x.author + ": " + text
				}
				x.bytes += int64(len(text))
				x.comments = append(x.comments, document.Section{Position: document.Position{Sheet: x.sheet, Rows: &[2]int{x.row, x.row}},
					Heading: "批注 Comment " + columnName(x.column) + strconv.Itoa(x.row), Text: text})
			}
		case text != "" && x.table != nil && !x.full:
			for len(x.values) <= x.column {
				x.values = append(x.values, "")
			}
			x.values[x.column] = x.show(text)
		}
	case "Comment":
		x.inComment = false
	case "Row":
		x.endRow()
	case "Table":
		if x.table != nil {
			x.table.finish()
		}
	case "Visible":
		if strings.HasPrefix(text, "Sheet") && x.sheets > 0 { // SheetHidden, SheetVeryHidden
			x.hide()
		}
	case "Worksheet":
		x.table = nil
	default:
		if len(x.path) == 3 && x.path[1] == "DocumentProperties" {
			x.props[name] = strings.TrimSpace(text)
		}
	}
}

func (x *xmlReading) endRow() {
	if x.table == nil || x.full || len(x.values) == 0 {
		return
	}
	if x.rows&0xff == 0 && x.in.Late() {
		x.full = true
		x.doc.Lose(document.Partial, document.TimeLimit, fmt.Sprintf("only the first %d rows were read in time", x.rows))
		return
	}
	if x.rows++; x.rows > x.in.Limits.Rows {
		x.rows, x.full = x.rows-1, true
		x.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", x.rows))
		return
	}
	x.table.add(row{x.row, x.values})
	x.values = nil
	if x.bytes > x.in.Limits.TextBytes {
		x.full = true
		x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d rows were read: the text is too long", x.rows))
	}
}

// hide marks the sheet that was just read: these files say so behind the cells.
func (x *xmlReading) hide() {
	x.hidden = append(x.hidden, x.sheet)
	x.doc.Warn("hidden-sheet", fmt.Sprintf("sheet %q is hidden in the workbook", x.sheet))
	for i := x.first; i < len(x.doc.Sections); i++ {
		if s := &x.doc.Sections[i]; s.Heading == x.sheet {
			s.Heading += "（隐藏 hidden）"
		}
	}
}

// show gives what a cell shows.
func (x *xmlReading) show(text string) string {
	var f float64
	switch x.kind {
	case "Number":
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return text
		}
		f = v
	case "DateTime":
		v, ok := dayNumber(strings.TrimSpace(text))
		if !ok {
			return text
		}
		f = v
	case "Boolean":
		if strings.TrimSpace(text) == "1" {
			return "TRUE"
		}
		return "FALSE"
	default:
		return text
	}
	format := x.formats[x.style]
	if format == "" && x.kind == "DateTime" {
		if format = "yyyy-mm-dd"; f != math.Trunc(f) {
			format = "yyyy-mm-dd h:mm:ss"
		}
	}
	l := x.layouts[format]
	if l == nil {
		l = biff.Compile(format)
		x.layouts[format] = l
	}
	return l.Show(f, false)
}

// dayNumber gives the number of a day as Excel counts it, 1900 as a leap year.
func dayNumber(text string) (float64, bool) {
	at, err := time.Parse("2006-01-02T15:04:05.999", strings.TrimSuffix(text, "Z"))
	if err != nil {
		if at, err = time.Parse("2006-01-02", text); err != nil {
			return 0, false
		}
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if at.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) {
		from = from.AddDate(0, 0, 1)
	}
	return float64(at.Unix()-from.Unix())/86400 + float64(at.Nanosecond())/86400e9, true
}

// finish tells what was found and how the walk ended.
func (x *xmlReading) finish(err error) {
	if x.table != nil {
		if len(x.values) > 0 {
			x.endRow()
		}
		x.table.finish()
	}
	x.doc.Sections = append(x.doc.Sections, x.comments...)
	x.files.finish()
	if err == nil && len(x.path) > 0 {
		err = io.ErrUnexpectedEOF // the walk takes any end for the end
	}
	if err != nil {
		ooxml.Lose(x.doc, "workbook", err, len(x.doc.Sections) > 0)
	}
	doc, p := x.doc, x.props
	doc.Title = p["Title"]
	if doc.Date = p["LastSaved"]; doc.Date == "" {
		doc.Date = p["Created"]
	}
	if _, err := time.Parse(time.RFC3339, doc.Date); err != nil {
		doc.Date = ""
	}
	if p["Author"] != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: p["Author"]})
	}
	for field, of := range map[string]string{"created": "Created", "modified": "LastSaved", "last_saved_by": "LastAuthor", "subject": "Subject", "keywords": "Keywords", "description": "Description", "company": "Company"} {
		if p[of] != "" {
			doc.Fields[field] = p[of]
		}
	}
	doc.Fields["sheets"], doc.Fields["rows"] = strconv.Itoa(x.sheets), strconv.Itoa(x.rows)
	if len(x.hidden) > 0 {
		doc.Fields["hidden_sheets"] = strings.Join(x.hidden, ", ")
	}
}
