package biff

import (
	"strings"

	"golang.org/x/text/encoding"

	"guidang/extractors/charset"
)

// decoder turns the bytes of a workbook older than BIFF8 into text.
type decoder struct {
	name string
	main encoding.Encoding
	// others are the charsets of fonts that were met.
	others map[string]encoding.Encoding
}

// newDecoder decides on the charset by what the workbook says and by a sample of
// its text.
// QUIRK: [MS-XLS] 2.4.52 makes the code page binding. Workbooks that were carried
// through an English Excel say 1252 about GBK, so Chinese by the frequency of its
// characters overrules it.
func newDecoder(page int, sample []byte) decoder {
	d := decoder{name: charset.CodePage(page), main: charset.DOSPage(page), others: map[string]encoding.Encoding{}}
	label := d.name
	if d.main != nil {
		label = charset.Latin // any that can be overruled
	}
	if len(sample) > 0 {
		if _, used, _ := charset.Decode(sample, label); used != label && (d.main == nil || used == charset.GB18030 || used == charset.Big5) {
			d.name, d.main = used, nil
		}
	}
	if d.main == nil {
		if d.name == "" {
			d.name = charset.Latin
		}
		d.main = charset.Encoding(d.name)
	}
	return d
}

// text decodes bytes in the charset of their font, or in the workbook's where the
// font says nothing or lies.
func (d *decoder) text(b []byte, font string) string {
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
	if font != "" && font != d.name {
		e := d.others[font]
		if e == nil {
			e = charset.Encoding(font)
			d.others[font] = e
		}
		if out, err := e.NewDecoder().Bytes(b); err == nil && !strings.Contains(string(out), "\uFFFD") {
			return string(out)
		}
	}
	if d.main == nil {
		return latin(b)
	}
	out, err := d.main.NewDecoder().Bytes(b)
	if err != nil {
		return latin(b)
	}
	return string(out)
}
