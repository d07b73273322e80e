package packed

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// A set of volumes is read as its volumes one behind the other. Whoever holds the
// files joins them (Set tells which they are, Join puts them together), so that a
// reader sees one file as always: 7z and the packed streams are cut as they come,
// a rar begins every volume anew (rarset.go), and a zip's directory counts from the
// volume on which an entry begins (zipset.go).

// setMost bounds the volumes of a set; WinRAR stops at 65,535, and 1,000 of 1 MB
// have been seen.
const setMost = 4096

// setNames are the names of files that lead a set.
var setNames = regexp.MustCompile(`(?i)^(.+?)\.(?:((?:7z|zip|rar|tar|tgz|gz|bz2|xz|zst)\.)(0{2,3}1)|(part)(0{0,3}1)\.(rar|exe)|(zip)|(rar))$`)

// Set gives the files of the set that a file leads, in the order in which they are
// joined: nil if it leads none. exists says whether there is a file of that name
// beside it.
func Set(name string, exists func(string) bool) []string {
	m := setNames.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	stem := m[1]
	switch {
	case m[3] != "": // a.7z.001
		return counted(name, 2, exists, func(n int) string { return fmt.Sprintf("%s.%s%0*d", stem, m[2], len(m[3]), n) })
	case m[5] != "": // a.part01.rar, or .exe with the others .rar
		ext := m[6]
		if strings.EqualFold(ext, "exe") {
			ext = cased(ext, "rar")
		}
		return counted(name, 2, exists, func(n int) string { return fmt.Sprintf("%s.%s%0*d.%s", stem, m[4], len(m[5]), n, ext) })
	case m[8] != "": // a.rar, a.r00 … a.r99, a.s00
		return counted(name, 0, exists, func(n int) string {
			return fmt.Sprintf("%s.%s%02d", stem, cased(m[8], string(rune('r'+n/100))), n%100) //nolint:gosec // n is below 1,000
		})
	}
	// a.z01 … a.zip: the last one leads, because it holds the directory and the name.
	parts := counted("", 1, exists, func(n int) string { return fmt.Sprintf("%s.%s%02d", stem, cased(m[7], "z"), n) })
	if len(parts) == 0 {
		return nil
	}
	return append(parts[1:], name)
}

// counted are the first name and those that follow it without a gap; nil for one
// alone.
func counted(first string, from int, exists func(string) bool, nth func(int) string) []string {
	out := []string{first}
	for n := from; len(out) < setMost; n++ {
		next := nth(n)
		if next == first || !exists(next) {
			break
		}
		out = append(out, next)
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// cased writes an ending as the other is written: ZIP goes with Z01.
func cased(like, ending string) string {
	if like == strings.ToUpper(like) {
		return strings.ToUpper(ending)
	}
	return ending
}

// Leaders are the names that the leading file may have of the set that a volume
// belongs to; nil for what is no later volume.
func Leaders(name string) []string {
	m := volumeNames.FindStringSubmatchIndex(name)
	if m == nil {
		return nil
	}
	group := func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return name[m[2*n]:m[2*n+1]]
	}
	first := func(n int) string { // the number 1, as long
		return name[:m[2*n]] + fmt.Sprintf("%0*d", m[2*n+1]-m[2*n], 1) + name[m[2*n+1]:]
	}
	stem := name[:strings.LastIndexByte(name, '.')]
	switch {
	case number(group(1)) > 1:
		return []string{first(1)}
	case number(group(3)) > 1:
		rar := first(3)
		return []string{rar, rar[:len(rar)-3] + cased(rar[len(rar)-3:], "exe")}
	case group(2) != "":
		return []string{stem + cased(name[m[0]:m[1]], ".zip")}
	case group(4) != "":
		return []string{stem + cased(name[m[0]:m[1]], ".rar")}
	}
	return nil
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// SetName is the name of what a set is, joined: without the number of its leader.
func SetName(name string) string {
	switch m := setNames.FindStringSubmatch(name); {
	case m == nil:
	case m[3] != "":
		return m[1] + "." + strings.TrimSuffix(m[2], ".")
	case m[5] != "":
		return m[1] + "." + m[6]
	}
	return name
}

// Begins says whether bytes can be the beginning of a set: names alone are a weak
// sign.
func Begins(head []byte) bool {
	for _, sig := range []string{"PK", "7z\xbc\xaf\x27\x1c", rarSignature, "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "MZ"} {
		if bytes.HasPrefix(head, []byte(sig)) {
			return true
		}
	}
	return isTar(head)
}

// Part is one of the files of a set.
type Part struct {
	Bytes io.ReaderAt
	Size  int64
}

// Join shows the files of a set one behind the other.
func Join(parts []Part) (io.ReaderAt, int64) {
	j := &joined{parts: parts}
	for _, p := range parts {
		j.starts = append(j.starts, j.size)
		j.size += p.Size
	}
	return j, j.size
}

type joined struct {
	parts  []Part
	starts []int64
	size   int64
}

// ReadAt is io.ReaderAt.
func (j *joined) ReadAt(p []byte, at int64) (n int, err error) {
	for i := range j.parts {
		from := at + int64(n) - j.starts[i]
		if from < 0 || from >= j.parts[i].Size {
			continue
		}
		want := min(int64(len(p)-n), j.parts[i].Size-from)
		got, err := j.parts[i].Bytes.ReadAt(p[n:n+int(want)], from)
		n += got
		if int64(got) < want {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF // it is shorter than it was
			}
			return n, err
		}
		if n == len(p) {
			return n, nil
		}
	}
	return n, io.EOF
}
