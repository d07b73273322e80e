package rtf

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"

	"guidang/extractors/compound"
)

// maxObjects bounds the objects that are kept.
const maxObjects = 10_000

// object notes where the data of an object lies: from here to the end of its group.
func (r *reader) object() {
	r.out.Objects++
	rest := r.scan.data[r.scan.at:]
	if end := bytes.IndexByte(rest, '}'); end >= 0 && len(r.out.Data) < maxObjects {
		r.out.Data = append(r.out.Data, rest[:end])
	}
}

// Open takes the file out of an object's data (an element of Text.Data, RTF 1.9.1
// "Objects": in hexadecimal, [MS-OLEDS] 2.2.5). data is nil when it is no file that
// a reader knows.
func Open(hex []byte) (name string, data []byte) {
	raw := make([]byte, 0, len(hex)/2)
	high := -1
	for _, c := range hex {
		n := unhex(c)
		switch {
		case c == '\\' || c == '{':
			return "", nil // raw bytes, or groups within: no program writes them
		case n < 0:
		case high < 0:
			high = n
		default:
			raw = append(raw, byte(high<<4|n)) //nolint:gosec // two hex digits fill a byte
			high = -1
		}
	}
	if len(raw) < 12 || binary.LittleEndian.Uint32(raw[4:]) != 2 { // 2: embedded, not linked
		return "", nil
	}
	rest := raw[8:]
	class := ""
	for i := range 3 { // class, topic, item
		if len(rest) < 4 {
			return "", nil
		}
		n := int64(binary.LittleEndian.Uint32(rest))
		rest = rest[4:]
		if n > int64(len(rest)) {
			return "", nil
		}
		if i == 0 {
			class = strings.TrimRight(string(rest[:n]), "\x00")
		}
		rest = rest[n:]
	}
	if len(rest) < 4 {
		return "", nil
	}
	n := int64(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	rest = rest[:min(n, int64(len(rest)))]
	switch {
	case compound.Is(rest):
		f, err := compound.Open(bytes.NewReader(rest), int64(len(rest)))
		if err != nil {
			return "", nil
		}
		name, data = f.Object(f.Root)
		if len(data) > 0 && strings.HasPrefix(name, f.Root.Name) {
			return "object" + path.Ext(name), rest // the object is such a file itself
		}
		return baseName(name), data
	case class == "Package":
		name, data = compound.Native(append(make([]byte, 4), rest...))
		return baseName(name), data
	}
	return "", nil
}

func baseName(name string) string {
	if name = path.Base(strings.ReplaceAll(name, `\`, "/")); name == "." || name == "/" {
		return "object"
	}
	return name
}
