package pst

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// wide decodes UTF-16 as far as it is whole.
func wide(data []byte) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func cutNull(data []byte) []byte {
	before, _, _ := bytes.Cut(data, []byte{0})
	return before
}

func sortedIDs(subs map[uint32]sub) []uint32 {
	out := make([]uint32, 0, len(subs))
	for id := range subs {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
