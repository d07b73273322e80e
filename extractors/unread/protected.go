// Package unread tells files that are known and cannot be read: those wrapped by
// an office's transparent encryption, and formats without a reader. Both are
// kept and counted, with a reason that says what to do.
package unread

import (
	"bytes"
	"context"
	"math"
	"strings"

	"guidang/extractors/document"
)

// Protected knows files that an office's transparent encryption has wrapped.
// Where such software runs every program sees the plain file; a copy taken past
// it is noise that nobody else can open.
var Protected = document.Format{
	Name: "protected", Version: 1, Kind: document.KindOther, MediaType: "application/octet-stream",
	Detect: func(in *document.Input) bool { return wrapper(in.Head()) != "" || noise(in) },
	Read: func(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		who := wrapper(in.Head())
		detail := "its bytes are noise, as transparent encryption writes them; have it opened and saved where it was protected"
		if who != "" {
			detail = "it is wrapped by " + who + "; have it opened and saved where it was protected"
		}
		doc := document.Unreadable(kindByName(in.Ext()), document.Protected, detail)
		if who != "" {
			doc.Fields = map[string]string{"protected_by": who}
		}
		return doc, nil
	},
}

// wrappers are the headers that are known. No maker documents its own; these are
// told by many who met them.
var wrappers = []struct{ mark, who string }{
	{"%TSD-Header-###%", "天锐绿盾 (Tipray)"},
	{"E-SafeNet", "亿赛通 (ESAFENET)"},
}

// wrapper names the software whose header a file has.
func wrapper(head []byte) string {
	for _, w := range wrappers {
		// The mark stands at the beginning, or behind a few bytes of version.
		if at := bytes.Index(head[:min(len(head), 64)], []byte(w.mark)); at >= 0 {
			return w.who
		}
	}
	return ""
}

// names are the endings of files that offices have encrypted. What none of the
// readers knows under such a name, and is noise, was wrapped.
var names = map[string]document.Kind{
	".doc": document.KindDocument, ".docx": document.KindDocument, ".wps": document.KindDocument, ".pdf": document.KindDocument, ".rtf": document.KindDocument, ".ofd": document.KindDocument,
	".xls": document.KindSheet, ".xlsx": document.KindSheet, ".xlsm": document.KindSheet, ".et": document.KindSheet, ".csv": document.KindSheet,
	".ppt": document.KindSlides, ".pptx": document.KindSlides, ".dps": document.KindSlides,
	".txt": document.KindText, ".md": document.KindText, ".xml": document.KindText, ".html": document.KindDocument, ".htm": document.KindDocument,
	".jpg": document.KindImage, ".jpeg": document.KindImage, ".png": document.KindImage, ".tif": document.KindImage, ".bmp": document.KindImage,
	".dwg": document.KindOther, ".vsd": document.KindOther, ".vsdx": document.KindOther, ".mpp": document.KindOther,
}

func kindByName(ext string) document.Kind {
	if k := names[ext]; k != "" {
		return k
	}
	return document.KindOther
}

const (
	leastNoise = 2 << 10 // below it the measure says nothing
	// noiseBits is how many bits a byte of noise holds at least: 2 KiB of it measure
	// 7.90, 8 KiB 7.97; text has 4 to 6, programs below 7.
	noiseBits = 7.85
)

// magics begin files that say what they are: damaged behind that, not wrapped.
var magics = []string{"\xd0\xcf\x11\xe0", "PK\x03\x04", "%PDF", "{\\rtf", "\x89PNG", "\xff\xd8\xff", "GIF8", "Rar!", "7z\xbc\xaf", "\x1f\x8b", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"}

// noise says whether a file of a known name begins with noise and is no zip whose
// beginning is damaged, which is as noisy.
func noise(in *document.Input) bool {
	head := in.Head()
	if _, ok := names[in.Ext()]; !ok || len(head) < leastNoise || entropy(head) < noiseBits {
		return false
	}
	for _, magic := range magics {
		if bytes.HasPrefix(head, []byte(magic)) {
			return false
		}
	}
	tail := make([]byte, min(in.Size, 66_000))
	n, _ := in.Bytes.ReadAt(tail, in.Size-int64(len(tail)))
	return !bytes.Contains(tail[:n], []byte("PK\x05\x06")) && !bytes.Contains(tail[:n], []byte("%%EOF"))
}

// entropy is how many bits a byte holds.
func entropy(b []byte) float64 {
	var counts [256]int
	for _, c := range b {
		counts[c]++
	}
	sum := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(b))
			sum -= p * math.Log2(p)
		}
	}
	return sum
}

// Known tells formats that have no reader by name, so that their list says what
// they are instead of nothing.
var Known = document.Format{
	Name: "known", Version: 1, Kind: document.KindOther, MediaType: "application/octet-stream",
	Detect: func(in *document.Input) bool { return without(in) != nil },
	Read: func(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		k := without(in)
		if k == nil {
			return document.Unreadable(document.KindOther, document.Unsupported, "no reader knows it"), nil
		}
		doc := document.Unreadable(document.KindOther, document.Unsupported, k.what)
		doc.MediaType = k.mediaType
		return doc, nil
	},
}

// known is a format without a reader.
type known struct {
	magic     string
	ext       string // only under this name; empty: any
	mediaType string
	what      string
}

var kinds = []known{
	{"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "", "application/onenote", "it is a OneNote section; export it from OneNote as PDF or Word to have it read"},
	{"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "", "application/onenote", "it is a OneNote notebook's table of contents; its sections are files of their own"},
	{"", ".rp", "application/x-axure", "it is an Axure prototype; publish it as HTML or export it as PDF to have it read"},
	{"", ".rplib", "application/x-axure", "it is an Axure library of widgets"},
	{"", ".rpteam", "application/x-axure", "it is an Axure team project; export it as PDF to have it read"},
	{"AC10", "", "image/vnd.dwg", "it is an AutoCAD drawing; export it as PDF to have it read"},
	{"8BPS", "", "image/vnd.adobe.photoshop", "it is a Photoshop picture; export it as PDF or PNG to have it read"},
	{"\x00\x01\x00\x00Standard Jet DB", "", "application/x-msaccess", "it is an Access database; export its tables as Excel files to have them read"},
	{"\x00\x01\x00\x00Standard ACE DB", "", "application/x-msaccess", "it is an Access database; export its tables as Excel files to have them read"},
	{"SQLite format 3\x00", "", "application/vnd.sqlite3", "it is an SQLite database"},
	{"\x07\x08V1\x08\x07", "", "image/x-wechat", "it is a picture that WeChat 4 has encrypted; open it in WeChat and save it to have it read"},
	{"\x07\x08V2\x08\x07", "", "image/x-wechat", "it is a picture that WeChat 4 has encrypted; open it in WeChat and save it to have it read"},
	{"ITSF", "", "application/vnd.ms-htmlhelp", "it is a compiled help file (.chm)"},
}

func without(in *document.Input) *known {
	head, ext := in.Head(), in.Ext()
	for i := range kinds {
		k := &kinds[i]
		if k.magic != "" && strings.HasPrefix(string(head[:min(len(head), 32)]), k.magic) || k.ext != "" && k.ext == ext {
			return k
		}
	}
	return nil
}
