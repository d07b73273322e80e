package biff

import (
	"slices"
	"strings"

	"guidang/extractors/compound"
)

// File is a file embedded in the workbook.
type File struct {
	Storage string // the object's place in the compound file; unique in it
	Name    string
	Data    []byte
}

// Files hands out the embedded files in the order of their storages: what the
// packager wrapped, packages of Office 2007, and documents of older Office, which
// are made into compound files of their own. It stops with the first error of
// each.
func (b *Book) Files(each func(File) error) error {
	for _, e := range b.embedded {
		name, data := b.file.Object(e)
		if len(data) == 0 {
			continue
		}
		if err := each(File{e.Name, name, data}); err != nil {
			return err
		}
	}
	return nil
}

// objects lists the storages of embedded objects, by name: "MBD" and a number
// ([MS-XLS] 2.1.7.1).
func objects(c *compound.File) (out []*compound.Entry) {
	for _, e := range c.Root.Children {
		if e.Storage && strings.HasPrefix(e.Name, "MBD") {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *compound.Entry) int { return strings.Compare(a.Name, b.Name) })
	return out
}
