package biff

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"guidang/extractors/charset"
)

// Bounds of what is embedded.
const (
	maxEmbedded = 256 << 20 // bytes of one file
	maxStorages = 4096      // and entries within one
	maxNesting  = 32
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
		name, data := e.from.object(e.storage)
		if len(data) == 0 {
			continue
		}
		if err := each(File{e.from.entries[e.storage].name, name, data}); err != nil {
			return err
		}
	}
	return nil
}

// embedded is an object's storage.
type embedded struct {
	storage int
	from    *compound
}

// objects lists the storages of embedded objects, by name: "MBD" and a number
// ([MS-XLS] 2.1.7.1).
func (c *compound) objects() (out []embedded) {
	for _, i := range c.top {
		if e := &c.entries[i]; e.kind == isStorage && strings.HasPrefix(e.name, "MBD") {
			out = append(out, embedded{i, c})
		}
	}
	slices.SortFunc(out, func(a, b embedded) int { return strings.Compare(c.entries[a.storage].name, c.entries[b.storage].name) })
	return out
}

// object takes the file out of a storage; data is nil when there is none.
func (c *compound) object(storage int) (name string, data []byte) {
	ext := ""
	for _, i := range c.under(c.entries[storage].child) {
		e := &c.entries[i]
		if e.kind != isStream || e.size > maxEmbedded {
			continue
		}
		switch e.name {
		case "\x01Ole10Native":
			if data, _ := c.read(e); data != nil {
				if name, body := native(data); body != nil {
					return name, body
				}
			}
		case "Package":
			data, _ := c.read(e)
			return "Package", data // its own bytes say what it is
		case "WordDocument":
			ext = ".doc"
		case "Workbook", "Book":
			ext = ".xls"
		case "PowerPoint Document":
			ext = ".ppt"
		case "VisioDocument":
			ext = ".vsd"
		}
	}
	if ext == "" {
		return "", nil // a formula, a picture: nothing that a reader knows
	}
	return c.entries[storage].name + ext, c.extract(storage)
}

// native takes a packaged file out of its stream ([MS-OLEDS] 2.3.6 and, of the
// packager, by what Windows writes): label, path, and the bytes.
func native(b []byte) (name string, body []byte) {
	if len(b) < 8 {
		return "", nil
	}
	b = b[6:]
	text := func() (string, error) {
		i := bytes.IndexByte(b, 0)
		if i < 0 {
			return "", io.ErrUnexpectedEOF
		}
		s, _, _ := charset.Decode(b[:i], "")
		b = b[i+1:]
		return s, nil
	}
	label, err := text()
	if err != nil {
		return "", nil
	}
	if _, err = text(); err != nil || len(b) < 8 {
		return "", nil
	}
	b = b[8:]
	if _, err = text(); err != nil || len(b) < 4 {
		return "", nil
	}
	n := int64(u32(b, 0))
	return label, b[4 : 4+min(n, int64(len(b)-4))]
}

// extract writes a storage as a compound file of its own ([MS-CFB]). The same
// storage gives the same bytes.
func (c *compound) extract(storage int) []byte {
	nodes := []node{{entry: entry{name: "Root Entry", kind: isRoot}}}
	var total int64
	seen := map[int]bool{storage: true}
	var walk func(from, to, depth int) bool
	walk = func(from, to, depth int) bool {
		list := c.under(c.entries[from].child)
		// A directory is a tree in this order; a row of right siblings is one.
		slices.SortFunc(list, func(a, b int) int {
			x, y := c.entries[a].name, c.entries[b].name
			if n := len(utf16.Encode([]rune(x))) - len(utf16.Encode([]rune(y))); n != 0 {
				return n
			}
			return strings.Compare(strings.ToUpper(x), strings.ToUpper(y))
		})
		nodes[to].child = noEntry
		last := -1
		for _, i := range list {
			e := &c.entries[i]
			if seen[i] || e.kind != isStorage && e.kind != isStream {
				continue
			}
			seen[i] = true
			if total += max(e.size, 0); total > maxEmbedded || len(nodes) >= maxStorages || depth > maxNesting {
				return false
			}
			n := node{entry: entry{name: e.name, kind: e.kind, left: noEntry, right: noEntry, child: noEntry}}
			if e.kind == isStream {
				n.data, _ = c.read(e)
			}
			at := len(nodes)
			nodes = append(nodes, n)
			if last < 0 {
				nodes[to].child = uint32(at) //nolint:gosec // below maxStorages
			} else {
				nodes[last].right = uint32(at) //nolint:gosec // below maxStorages
			}
			last = at
			if e.kind == isStorage && !walk(i, at, depth+1) {
				return false
			}
		}
		return true
	}
	if !walk(storage, 0, 1) {
		return nil
	}
	nodes[0].left, nodes[0].right = noEntry, noEntry
	return writeCompound(nodes)
}
