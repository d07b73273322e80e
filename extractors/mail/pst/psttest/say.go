package psttest

import (
	"encoding/binary"
	"time"
	"unicode/utf16"
)

func utf16le(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// Text is a string property.
func Text(id uint32, s string) Prop { return Prop{Tag: id<<16 | 0x1F, Value: utf16le(s)} }

// String8 is a string property of single bytes.
func String8(id uint32, s string) Prop { return Prop{Tag: id<<16 | 0x1E, Value: []byte(s)} }

// Bin is a binary property.
func Bin(id uint32, b []byte) Prop { return Prop{Tag: id<<16 | 0x102, Value: b} }

// Long is a numeric property.
func Long(id uint32, n int) Prop { return Prop{Tag: id<<16 | 3, Value: le32(uint32(n))} }

// Bool is a flag.
func Bool(id uint32, b bool) Prop {
	if b {
		return Prop{Tag: id<<16 | 0x0B, Value: []byte{1}}
	}
	return Prop{Tag: id<<16 | 0x0B, Value: []byte{0}}
}

// Texts is a property of several strings.
func Texts(id uint32, s ...string) Prop {
	p := Prop{Tag: id<<16 | 0x101F}
	for _, v := range s {
		p.Many = append(p.Many, utf16le(v))
	}
	return p
}

// Time is a time property.
func Time(id uint32, t time.Time) Prop {
	return Prop{Tag: id<<16 | 0x40, Value: binary.LittleEndian.AppendUint64(nil, uint64(t.Unix()*10_000_000+116444736000000000))}
}

func (w *writer) stringTag(id uint32) uint32 {
	if w.wide {
		return id<<16 | 0x1F
	}
	return id<<16 | 0x1E
}

// text is a string of the mailbox's own, in what its layout writes.
func (w *writer) text(id uint32, s string) Prop {
	if w.wide {
		return Text(id, s)
	}
	if w.box.Text != nil {
		return Prop{Tag: id<<16 | 0x1E, Value: w.box.Text(s)}
	}
	return String8(id, s)
}
