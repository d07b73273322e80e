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
// the flag.
func nameAll(entries []*Entry) {
	names := &nameCharset{}
	for _, e := range entries {
		if e.Name == "" {
			names.add(e.raw)
		}
	}
	for _, e := range entries {
		switch {
		case e.Name != "": // the Unicode path
		case e.flags&flagUTF8 != 0 && utf8.ValidString(e.raw):
			e.Name = e.raw
		default:
			e.Name = names.decode(e.raw)
		}
	}
	steps := newSteps(len(entries))
	for _, e := range entries {
		e.Name = tidy(e.Name)
		if strings.HasSuffix(e.Name, "/") {
			e.folder = true
		}
		if !e.folder {
			e.Name = steps.take(e.Name)
		}
	}
}

// nameCharset tells the charset of an archive's names by all of them together,
// because four bytes alone do not tell GBK from anything. A name that is valid
// UTF-8 is UTF-8, unless others are not and it may be theirs: "图" in GBK is "ͼ" in
// UTF-8.
type nameCharset struct {
	all    strings.Builder
	anchor string // a name that is not UTF-8
	label  string
	known  bool
}

// namesMost is how much of the names is looked at.
const namesMost = 1 << 20

func (n *nameCharset) add(raw string) {
	if utf8.ValidString(raw) || n.all.Len() > namesMost {
		return
	}
	if n.anchor == "" || len(raw) > len(n.anchor) && len(raw) < 256 {
		n.anchor = raw
	}
	n.all.WriteString(raw + "\n")
}

// unclear says that a name needs the others to be decoded.
func unclear(raw string) bool {
	if !utf8.ValidString(raw) {
		return true
	}
	ascii := true
	for _, r := range raw {
		if r >= 0x800 { // three bytes that fit each other are no chance
			return false
		}
		ascii = ascii && r < utf8.RuneSelf
	}
	return !ascii
}

func (n *nameCharset) decode(raw string) string {
	if n.anchor == "" || !unclear(raw) {
		if !utf8.ValidString(raw) {
			raw, _, _ = charset.Decode([]byte(raw), "")
		}
		return raw
	}
	if !n.known {
		_, n.label, _ = charset.Decode([]byte(n.all.String()), "")
		n.known = true
	}
	// With a name behind it that is not UTF-8, this one is not taken for it either.
	text, _, _ := charset.Decode([]byte(raw+"\n"+n.anchor), n.label)
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		return text[:i]
	}
	return text
}

// steps makes names unique: equal ones get an ordinal.
type steps struct {
	seen map[string]bool
	next map[string]int
}

func newSteps(n int) *steps {
	return &steps{seen: make(map[string]bool, n), next: map[string]int{}}
}

// take gives a name that was not given before. The ordinal that an equal name had
// last is remembered: 60,000 equal names took minutes without it.
func (s *steps) take(name string) string {
	if s.seen[name] {
		for n := max(s.next[name], 2); ; n++ {
			if next := name + "#" + strconv.Itoa(n); !s.seen[next] {
				s.next[name] = n + 1
				name = next
				break
			}
		}
	}
	s.seen[name] = true
	return name
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
