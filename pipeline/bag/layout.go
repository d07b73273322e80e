package bag

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// list takes the zip's own list: which folder is the bag's, and what lies in
// it. Whatever would surprise a person who unpacks it is told.
func (c *verification) list(z *zip.Reader) {
	folded := map[string]string{}
	for _, f := range z.File {
		shown := visible(f.Name)
		if why := unsafeName(f); why != "" {
			c.differ(Unsafe, shown, "", why)
		}
		base, rest, ok := strings.Cut(f.Name, "/")
		if !ok || base == "" {
			c.differ(Added, shown, "", "it lies beside the bag's folder")
			continue
		}
		if c.base == "" {
			c.base, c.v.Bag = base, visible(base)
		}
		if base != c.base {
			c.differ(Added, shown, "", "it lies beside the bag's folder")
			continue
		}
		if rest == "" || strings.HasSuffix(rest, "/") {
			if f.UncompressedSize64 > 0 {
				c.differ(Unsafe, shown, "", "a folder that holds bytes")
			}
			continue // RFC 8493, section 1.3: a bag is made of files
		}
		if _, twice := c.files[rest]; twice {
			// Which of the two is unpacked depends on the program.
			c.differ(Added, rest, "", "a second file of the same name")
			continue
		}
		key := norm.NFC.String(strings.ToLower(rest))
		if other, twice := folded[key]; twice {
			c.differ(Unsafe, rest, "", "on many systems it is the same name as "+other)
		}
		folded[key] = rest
		c.files[rest] = f
		c.names = append(c.names, rest)
	}
	if c.base == "" {
		c.differ(Malformed, "", "", "there is no bag in it")
	}
	if c.files["fetch.txt"] != nil {
		c.differ(Malformed, "fetch.txt", "", "it names files that are not in the package but somewhere else")
	}
}

// unsafeName says what is wrong with an entry's name or sort, empty if nothing.
func unsafeName(f *zip.File) string {
	name := f.Name
	switch {
	case f.Flags&1 != 0:
		return "it is encrypted"
	case !f.Mode().IsRegular() && !f.Mode().IsDir():
		return "it is a link or a device"
	case !utf8.ValidString(name):
		return "its name is not UTF-8"
	case strings.HasPrefix(name, "/"), strings.ContainsRune(name, '\\'), len(name) > 1 && name[1] == ':', slices.Contains(strings.Split(name, "/"), ".."), path.Clean(name) != strings.TrimSuffix(name, "/"):
		return "its name leads out of the folder into which it is unpacked"
	case strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	}):
		return "its name holds characters that hide what it is"
	}
	return ""
}

// visible makes a name of a stranger's file safe to print.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '�'
		}
		return r
	}, strings.ToValidUTF8(name, "�"))
}

// The sizes of what stands around the files of a zip (APPNOTE.TXT, 4.3).
const (
	localHeader   = 30
	maxDescriptor = 24
	endRecord     = 22
)

// layout checks that the files lie one after the other and that nothing lies
// between them: overlapping files are how a small zip claims to be a huge one,
// and bytes between them are seen by some programs and not by others.
func (c *verification) layout(r io.ReaderAt, size int64, z *zip.Reader) error {
	type stretch struct {
		name       string
		begin, end int64 // of the data
		header     int64 // length of the name
	}
	var all []stretch
	for _, f := range z.File {
		at, err := f.DataOffset()
		if err != nil {
			c.differ(Damaged, visible(f.Name), "", "its header cannot be read")
			continue
		}
		length := int64(min(f.CompressedSize64, 1<<62))
		if length > size-at {
			c.differ(Unsafe, visible(f.Name), "", "it claims more bytes than the file has")
			continue
		}
		all = append(all, stretch{visible(f.Name), at, at + length, int64(len(f.Name))})
	}
	slices.SortFunc(all, func(a, b stretch) int { return int(max(-1, min(1, a.begin-b.begin))) })
	end := int64(0)
	for _, s := range all {
		gap := s.begin - end
		switch {
		case gap < localHeader:
			c.differ(Unsafe, s.name, "", "it overlaps another file")
		case gap > localHeader+s.header+maxDescriptor+1<<16: // no header with its extra field is longer
			c.differ(Unsafe, s.name, "", fmt.Sprintf("%d bytes that belong to no file lie before it", gap))
		default:
			buf := make([]byte, gap)
			if _, err := r.ReadAt(buf, end); err != nil {
				return err
			}
			if why := header(buf, end == 0, s.name); why != "" {
				c.differ(Unsafe, s.name, "", why)
			}
		}
		end = max(end, s.end)
	}
	if z.Comment != "" {
		c.differ(Unsafe, "", "", "the zip carries a comment")
	}
	return c.tail(r, size, end)
}

// header looks at what lies before a file's data: what may stand behind the file
// before it, and the file's own header, whose name must be the one in the list.
func header(buf []byte, first bool, name string) string {
	for _, before := range []int{0, 12, 16, 20, maxDescriptor} { // a descriptor, with and without signature and long sizes
		if first && before > 0 || len(buf) < before+localHeader || string(buf[before:before+4]) != "PK\x03\x04" {
			continue
		}
		n, extra := int(binary.LittleEndian.Uint16(buf[before+26:])), int(binary.LittleEndian.Uint16(buf[before+28:]))
		if before+localHeader+n+extra != len(buf) {
			continue
		}
		if before > 0 && before != 12 && before != 20 && string(buf[:4]) != "PK\x07\x08" {
			return "bytes that belong to no file lie before it"
		}
		if visible(string(buf[before+localHeader:before+localHeader+n])) != name {
			return "its own header gives it another name"
		}
		return ""
	}
	return "bytes that belong to no file lie before it"
}

// tail checks what stands behind the last file: its descriptor, the list, and
// the end, which must be the end of the file.
func (c *verification) tail(r io.ReaderAt, size, end int64) error {
	buf := make([]byte, min(maxDescriptor+4, max(size-end, 0)))
	if _, err := r.ReadAt(buf, end); err != nil && err != io.EOF {
		return err
	}
	ok := false
	for _, before := range []int{0, 12, 16, 20, maxDescriptor} {
		ok = ok || len(buf) >= before+4 && (string(buf[before:before+4]) == "PK\x01\x02" || string(buf[before:before+4]) == "PK\x05\x06")
	}
	last := make([]byte, min(endRecord, size))
	if _, err := r.ReadAt(last, size-int64(len(last))); err != nil && err != io.EOF {
		return err
	}
	if !ok || !strings.HasPrefix(string(last), "PK\x05\x06") {
		c.differ(Unsafe, "", "", "bytes that belong to no file lie at the end")
	}
	return nil
}
