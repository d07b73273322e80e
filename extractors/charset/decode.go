package charset

import (
	"errors"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"
)

// decodeNamed decodes by the charset's canonical name and counts what had no
// meaning in it.
func decodeNamed(data []byte, name string) (text string, lost int) {
	switch name {
	case UTF8:
		if utf8.Valid(data) {
			return string(data), 0
		}
	case GB18030:
		if text, ok := decodePairs(data, gbRunes()); ok {
			return text, 0
		}
	case Big5:
		if text, ok := decodePairs(data, big5Runes()); ok {
			return text, 0
		}
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		e = simplifiedchinese.GB18030
	}
	d := e.NewDecoder()
	out := make([]byte, 0, len(data)+len(data)/2+16)
	for src := data; ; {
		n, read, err := d.Transform(out[len(out):cap(out)], src, true)
		out, src = out[:len(out)+n], src[read:]
		if !errors.Is(err, transform.ErrShortDst) {
			break
		}
		grown := make([]byte, len(out), 2*cap(out)+64)
		copy(grown, out)
		out = grown
	}
	text = string(out)
	return text, bad(text)
}

// decodable is true for the names that decodeNamed has a table for.
func decodable(name string) bool {
	_, err := htmlindex.Get(name)
	return err == nil && name != "hz-gb-2312" && name != "iso-2022-kr" && name != "iso-2022-cn"
}

// decodePairs decodes text of which every character has one byte below 0x80 or
// two that stand in the table; ok is false at the first that does not, and then
// the slow way is taken. Five times as fast as the general decoder, which matters
// because half of an archive's bodies go through here.
func decodePairs(data []byte, runes *[1 << 15]rune) (text string, ok bool) {
	out := make([]byte, 0, len(data)+len(data)/2+4)
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c < 0x80 {
			out = append(out, c)
			continue
		}
		if i+1 == len(data) {
			return "", false
		}
		r := runes[int(c&0x7f)<<8|int(data[i+1])]
		if r == 0 {
			return "", false
		}
		out = utf8.AppendRune(out, r)
		i++
	}
	return string(out), true
}

var gbRunes = sync.OnceValue(func() *[1 << 15]rune { return pairRunes(simplifiedchinese.GB18030) })

var big5Runes = sync.OnceValue(func() *[1 << 15]rune { return pairRunes(traditionalchinese.Big5) })

// pairRunes tabulates the characters of two bytes; 0 is none, or more than one.
func pairRunes(e encoding.Encoding) *[1 << 15]rune {
	t := new([1 << 15]rune)
	d := e.NewDecoder()
	var out [16]byte
	for lead := 0x80; lead <= 0xff; lead++ {
		for trail := 0x40; trail <= 0xff; trail++ {
			d.Reset()
			n, read, err := d.Transform(out[:], []byte{byte(lead), byte(trail)}, true)
			if r, size := utf8.DecodeRune(out[:n]); err == nil && read == 2 && size == n && r != utf8.RuneError {
				t[(lead&0x7f)<<8|trail] = r
			}
		}
	}
	return t
}
