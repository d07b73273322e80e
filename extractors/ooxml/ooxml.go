// Package ooxml holds what the Office Open XML formats share: telling them from
// other zips, opening their parts within limits, their properties, and their
// encrypted form.
package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/klauspost/compress/flate"

	"guidang/extractors/document"
)

// Family is which program's package it is.
type Family string

// The families, named by the folder of their main part.
const (
	Word  Family = "word"
	Excel Family = "xl"
	Slide Family = "ppt"
)

// mainParts begin the name of the part that tells the family. The binary workbook
// is left out on purpose: it is no XML, and another reader's.
// QUIRK: Word online calls the document word/document2.xml; ECMA-376 part 2, 9.3
// leaves the name to the package's relationships.
var mainParts = map[Family]string{
	Word:  "word/document",
	Excel: "xl/workbook.xml",
	Slide: "ppt/presentation",
}

// firstNames begin the first entry of a package, whoever wrote it. They spare
// other zips the look into their directory.
var firstNames = []string{"[content_types].xml", "_rels/", "docprops/", "word/", "xl/", "ppt/", "visio/", "customxml/"}

const (
	localHeader  = "PK\x03\x04"
	directoryEnd = "PK\x05\x06"
	tailBytes    = 22 + 1<<16 // the end record and the longest comment
	maxDirectory = 4 << 20
)

// Detect says which family a zip belongs to, or "". It reads the zip's
// directory, never the entries.
func Detect(in *document.Input) Family {
	dir := partNames(in)
	for _, f := range []Family{Word, Excel, Slide} {
		if bytes.Contains(dir, []byte(mainParts[f])) {
			return f
		}
	}
	return ""
}

// DetectPart says whether a zip is an Office package with that part, for formats
// whose main part is none of Detect's.
func DetectPart(in *document.Input, part string) bool {
	return bytes.Contains(partNames(in), []byte(part))
}

// partNames is where the names of a package's parts stand, in lower case; nil
// for what is no package.
func partNames(in *document.Input) []byte {
	head := in.Head()
	if !bytes.HasPrefix(head, []byte(localHeader)) || len(head) < 30 {
		return nil
	}
	n := int(binary.LittleEndian.Uint16(head[26:]))
	first := strings.ToLower(string(head[30:min(30+n, len(head))]))
	known := officeName(in.Ext())
	for _, p := range firstNames {
		known = known || strings.HasPrefix(strings.ReplaceAll(first, "\\", "/"), p)
	}
	if !known {
		return nil
	}
	dir := directory(in)
	if dir == nil {
		// QUIRK: a package cut off by a broken copy has no directory, but its
		// main part's local header usually lies near the beginning.
		dir = head
	}
	return bytes.ReplaceAll(bytes.ToLower(dir), []byte("\\"), []byte("/"))
}

func officeName(ext string) bool {
	switch ext {
	case ".docx", ".docm", ".dotx", ".dotm", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".et", ".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm", ".vsdx":
		return true
	}
	return false
}

// directory returns the bytes of the zip's central directory, or nil.
func directory(in *document.Input) []byte {
	n := min(in.Size, tailBytes)
	tail := make([]byte, n)
	got, _ := in.Bytes.ReadAt(tail, in.Size-n)
	tail = tail[:got]
	at := bytes.LastIndex(tail, []byte(directoryEnd))
	if at < 0 || at+22 > len(tail) {
		return nil
	}
	size := int64(binary.LittleEndian.Uint32(tail[at+12:]))
	// The directory ends where its end record begins; its offset field is wrong
	// in files with something before the zip.
	end := in.Size - n + int64(at)
	if size > end || size > maxDirectory {
		return nil
	}
	dir := make([]byte, size)
	got, _ = in.Bytes.ReadAt(dir, end-size)
	return dir[:got]
}

// Open opens the package's directory. The error is about the bytes: not a zip,
// or one cut off.
//
// Parts are unpacked by the faster of the two libraries: half of the time that a
// big workbook takes is unpacking.
func Open(in *document.Input) (*zip.Reader, error) {
	z, err := zip.NewReader(in.Bytes, in.Size)
	if err == nil {
		z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	}
	return z, err
}

// Part finds a part by name. QUIRK: ECMA-376 part names are equal without
// regard to case (part 2, 6.2.2.3), and some writers use backslashes.
func Part(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"), name) {
			return f
		}
	}
	return nil
}

// Main is the name of the package's main part: what its relationships say, else the
// usual one.
func Main(z *zip.Reader, usual string) string {
	for _, r := range Relations(z, "") {
		if r.Type == "officeDocument" && Part(z, r.Target) != nil {
			return r.Target
		}
	}
	return usual
}
