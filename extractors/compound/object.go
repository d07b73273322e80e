package compound

import (
	"bytes"
	"encoding/binary"
	"strings"

	"guidang/extractors/charset"
)

// Bounds of what is embedded.
const (
	maxEmbedded = 256 << 20 // bytes of one file
	maxStorages = 4096      // and entries within one
	maxNesting  = 32
)

// documents are the streams that tell what an object is, and the extension of the
// file that it becomes.
var documents = map[string]string{
	"WORDDOCUMENT": ".doc", "WORKBOOK": ".xls", "BOOK": ".xls", "POWERPOINT DOCUMENT": ".ppt", "PP40": ".ppt", "VISIODOCUMENT": ".vsd",
}

// Object takes the file out of the storage of an embedded object: what the
// packager wrapped, a package of Office 2007, or a document of older Office, which
// is made into a compound file of its own. data is nil when the object is no file
// that a reader knows: a formula, a picture.
func (f *File) Object(storage *Entry) (name string, data []byte) {
	if storage == nil {
		return "", nil
	}
	ext := ""
	for _, e := range storage.Children {
		if e.Storage || e.Size > maxEmbedded {
			continue
		}
		switch upper := strings.ToUpper(e.Name); upper {
		case "\x01OLE10NATIVE":
			if data, _, err := f.Bytes(e, maxEmbedded); err == nil {
				if name, body := Native(data); body != nil {
					return name, body
				}
			}
		case "PACKAGE", "WPSDATA":
			data, _, err := f.Bytes(e, maxEmbedded)
			if err != nil {
				return "", nil
			}
			return "Package", data // its own bytes say what it is
		case "CONTENTS":
			// A PDF lies so; others keep what is theirs alone.
			data, _, err := f.Bytes(e, maxEmbedded)
			if err == nil && bytes.HasPrefix(data, []byte("%PDF-")) {
				return "Package.pdf", data
			}
		default:
			if documents[upper] != "" {
				ext = documents[upper]
			}
		}
	}
	if ext == "" {
		return "", nil
	}
	return storage.Name + ext, f.Extract(storage)
}

// Native takes a packaged file out of its stream ([MS-OLEDS] 2.3.6 and, of the
// packager, by what Windows writes): label, path, and the bytes. body is nil when
// it is something else.
func Native(b []byte) (name string, body []byte) {
	// Other programs keep what is theirs alone in such a stream (formulas above all);
	// the packager's begins with a 2.
	if len(b) < 8 || binary.LittleEndian.Uint16(b[4:]) != 2 {
		return "", nil
	}
	b = b[6:]
	text := func() (string, bool) {
		i := bytes.IndexByte(b, 0)
		if i < 0 {
			return "", false
		}
		s, _, _ := charset.Decode(b[:i], "")
		b = b[i+1:]
		return s, true
	}
	label, ok := text()
	if !ok {
		return "", nil
	}
	if _, ok = text(); !ok || len(b) < 8 {
		return "", nil
	}
	n := int64(binary.LittleEndian.Uint32(b[4:])) // of the path on the machine of its time
	b = b[8:]
	// QUIRK: the length counts the zero behind the path; some writers say 0.
	if n > 0 && n <= int64(len(b)) && b[n-1] == 0 {
		b = b[n:]
	} else if _, ok = text(); !ok {
		return "", nil
	}
	if len(b) < 4 {
		return "", nil
	}
	n = int64(binary.LittleEndian.Uint32(b))
	return label, b[4 : 4+min(n, int64(len(b)-4))]
}

// Extract writes a storage as a compound file of its own, or nil when it is larger
// or deeper than any object. The same storage gives the same bytes.
func (f *File) Extract(storage *Entry) []byte {
	var total int64
	count := 0
	var walk func(from *Entry, depth int) *Node
	walk = func(from *Entry, depth int) *Node {
		n := NewStorage(from.Name)
		n.Class = from.Class
		for _, e := range from.Children {
			if count++; count > maxStorages || depth > maxNesting {
				return nil
			}
			if e.Storage {
				c := walk(e, depth+1)
				if c == nil {
					return nil
				}
				n.Children = append(n.Children, c)
				continue
			}
			r, _ := f.Stream(e)
			if total += r.Size(); total > maxEmbedded {
				return nil
			}
			data, _, err := f.Bytes(e, maxEmbedded)
			if err != nil {
				return nil
			}
			n.Children = append(n.Children, NewStream(e.Name, data))
		}
		return n
	}
	root := walk(storage, 1)
	if root == nil {
		return nil
	}
	root.Name = "Root Entry"
	return Write(root)
}
