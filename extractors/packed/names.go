package packed

import (
	"hash/crc32"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
)

// unicodePath takes the Info-ZIP Unicode path (APPNOTE 4.6.9) in the place of
// the name, if it was made for this very name: some programs rename entries and
// leave the field as it was.
func (e *Entry) unicodePath(b []byte) {
	if len(b) < 6 || b[0] != 1 || !utf8.Valid(b[5:]) {
		return
	}
	if sum := uint32(b[1]) | uint32(b[2])<<8 | uint32(b[3])<<16 | uint32(b[4])<<24; sum == crc32.ChecksumIEEE([]byte(e.raw)) {
		e.Name = string(b[5:])
	}
}

// nameAll decodes the names of all entries and makes them unique.
//
// QUIRK: APPNOTE 4.4.4 says that a name without the UTF-8 flag is in code page
// 437. Windows in China writes GBK, macOS and many libraries UTF-8, all without
// the flag. A name that is valid UTF-8 is UTF-8; the others are decoded
// together, because four bytes alone do not tell GBK from anything.
func nameAll(entries []*Entry) {
	var unknown []*Entry
	var raw strings.Builder
	for _, e := range entries {
		switch {
		case e.Name != "": // the Unicode path
		case utf8.ValidString(e.raw):
			e.Name = e.raw
		case strings.ContainsAny(e.raw, "\r\n"):
			e.Name, _, _ = charset.Decode([]byte(e.raw), "")
		default:
			unknown = append(unknown, e)
			raw.WriteString(e.raw + "\n")
		}
	}
	if len(unknown) > 0 {
		text, _, _ := charset.Decode([]byte(raw.String()), "")
		names := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		for i, e := range unknown {
			if len(names) == len(unknown)+1 {
				e.Name = names[i]
			} else {
				e.Name, _, _ = charset.Decode([]byte(e.raw), "")
			}
		}
	}
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		e.Name = tidy(e.Name)
		if strings.HasSuffix(e.Name, "/") {
			e.folder = true
		}
		if e.folder {
			continue
		}
		if seen[e.Name] {
			e.Name = another(seen, e.Name)
		}
		seen[e.Name] = true
	}
}

// another gives an equal name an ordinal.
func another(seen map[string]bool, name string) string {
	for n := 2; ; n++ {
		if next := name + "#" + strconv.Itoa(n); !seen[next] {
			return next
		}
	}
}

// tidy makes a path of an archive a path under that archive: QUIRK: APPNOTE
// 4.4.17 wants "/", no drive and no root; the wild has backslashes, "C:\", "/"
// and "..". Nothing is ever written under these names; they are what people see.
func tidy(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	if len(name) > 1 && name[1] == ':' {
		name = name[2:]
	}
	folder := strings.HasSuffix(name, "/")
	if strings.HasPrefix(name, "/") || strings.Contains(name, "..") || strings.Contains(name, "//") || strings.Contains(name, "./") {
		name = strings.TrimPrefix(path.Clean("/"+name), "/")
		if folder {
			name += "/"
		}
	}
	if name == "" || name == "/" {
		return "unnamed" + name
	}
	return name
}
