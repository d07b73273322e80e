package charset

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// Decoder turns the pieces of text of one Office file into text: a workbook older
// than BIFF8, a Word file before Word 97. Not safe for concurrent use.
type Decoder struct {
	Name string // the charset of what no font says otherwise
	main encoding.Encoding
	// others are the charsets of fonts that were met.
	others map[string]encoding.Encoding
}

// NewDecoder decides on the charset by the code page that the file says and by a sample of
// its text.
// QUIRK: [MS-XLS] 2.4.52 makes the code page binding. Workbooks that were carried
// through an English Excel say 1252 about GBK, so Chinese by the frequency of its
// characters overrules it.
func NewDecoder(page int, sample []byte) Decoder {
	d := Decoder{Name: CodePage(page), main: DOSPage(page), others: map[string]encoding.Encoding{}}
	label := d.Name
	if d.main != nil {
		label = Latin // any that can be overruled
	}
	if len(sample) > 0 {
		if _, used, _ := Decode(sample, label); used != label && (d.main == nil || used == GB18030 || used == Big5) {
			d.Name, d.main = used, nil
		}
	}
	if d.main == nil {
		if d.Name == "" {
			d.Name = Latin
		}
		d.main = Encoding(d.Name)
	}
	return d
}

// Text decodes bytes in the charset of their font, or in the file's where the
// font says nothing or lies.
func (d *Decoder) Text(b []byte, font string) string {
	ascii := true
	for _, c := range b {
		if c >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return string(b)
	}
	if font != "" && font != d.Name {
		e := d.others[font]
		if e == nil {
			if e = Encoding(font); d.others == nil {
				d.others = map[string]encoding.Encoding{}
			}
			d.others[font] = e
		}
		if out, err := e.NewDecoder().Bytes(b); err == nil && !strings.Contains(string(out), "\uFFFD") {
			return string(out)
		}
	}
	if d.main == nil {
		d.main = charmap.ISO8859_1
	}
	out, err := d.main.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}
