package versions

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/han"
)

// A sketch is a MinHash of a text's shingles: the share of equal places of two
// sketches is the share of shingles that the texts have in common, give or take
// 0.04 with 128 places. It is made in one pass by one permutation (Li, Owen, Zhang
// 2012): every shingle is hashed once, its hash says in which place it competes,
// and places that stay empty borrow from the next one that is not.
const (
	places   = 128
	shingle  = 3         // Han characters or words in a row
	textMost = 256 << 10 // bytes that are looked at
)

// Sketch is what tells how alike two texts are. The zero Sketch is of a text too
// short to say.
type Sketch struct {
	values [places]uint16
	count  int32 // shingles
}

// SketchVersion is raised when the same text would get another sketch.
const SketchVersion = 1

// enoughShingles is a text of a few sentences; a cover sheet or a scanned page
// says nothing.
const enoughShingles = 40

// Tells says that there is enough text to compare.
func (s *Sketch) Tells() bool { return s.count >= enoughShingles }

// SketchOf makes the sketch of a document's text.
func SketchOf(d *document.Document) Sketch {
	m := newMaker()
	left := textMost
	for i := range d.Sections {
		text := d.Sections[i].Text
		if len(text) > left {
			text = text[:left]
		}
		m.text(text)
		if left -= len(text); left <= 0 {
			break
		}
	}
	return m.sketch()
}

type maker struct {
	min    [places]uint32 // 16 bits of the hash, or none
	window [shingle]uint64
	seen   int
	count  int32
}

const none = 1 << 16

func newMaker() *maker {
	m := &maker{}
	for i := range m.min {
		m.min[i] = none
	}
	return m
}

// text feeds tokens: each Han character is one, each run of letters or digits is
// one. What is between them does not count, so another layout changes nothing.
func (m *maker) text(s string) {
	var word uint64
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			word = word*0x100000001b3 + uint64(r) //nolint:gosec // not negative
		case 'A' <= r && r <= 'Z':
			word = word*0x100000001b3 + uint64(r) + 'a' - 'A'
		case r >= 0x2e80 && unicode.IsLetter(r):
			if word != 0 {
				m.token(word)
				word = 0
			}
			m.token(uint64(han.Fold(r)) << 20) //nolint:gosec // not negative
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			word = word*0x100000001b3 + uint64(unicode.ToLower(r)) //nolint:gosec // not negative
		case word != 0:
			m.token(word)
			word = 0
		}
	}
	if word != 0 {
		m.token(word)
	}
}

func (m *maker) token(t uint64) {
	m.window[0], m.window[1], m.window[2] = m.window[1], m.window[2], mix(t)
	if m.seen++; m.seen < shingle {
		return
	}
	h := mix(m.window[0] + bits.RotateLeft64(m.window[1], 21) + bits.RotateLeft64(m.window[2], 42))
	m.count++
	place, value := h>>57, uint32(h>>32&0xffff)
	m.min[place] = min(m.min[place], value)
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (m *maker) sketch() (s Sketch) {
	s.count = m.count
	if m.count == 0 {
		return s
	}
	for i := range m.min {
		from := i
		for m.min[from] == none {
			from = (from + 1) % places
		}
		s.values[i] = uint16(m.min[from]) //nolint:gosec // 16 bits
		if from != i {
			s.values[i] = uint16(mix(uint64(m.min[from])<<8 + uint64(i-from+places))) //nolint:gosec // 16 bits are meant
		}
	}
	return s
}

// Similarity is the share of shingles that two texts have in common.
func Similarity(a, b *Sketch) float64 {
	if a.count == 0 || b.count == 0 {
		return 0
	}
	n := 0
	for i := range a.values {
		if a.values[i] == b.values[i] {
			n++
		}
	}
	return float64(n) / places
}

// Bytes is a sketch as it is kept.
func (s *Sketch) Bytes() []byte {
	if s.count == 0 {
		return []byte{0} // a scan says nothing, and has versions by its name
	}
	out := make([]byte, 4, 4+2*places)
	binary.LittleEndian.PutUint32(out, uint32(s.count)) //nolint:gosec // not negative
	for _, v := range s.values {
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	return out
}

// SketchFrom reads what Bytes wrote; anything else gives the zero Sketch.
func SketchFrom(b []byte) (s Sketch) {
	if len(b) != 4+2*places {
		return s
	}
	s.count = int32(binary.LittleEndian.Uint32(b) & (1<<31 - 1))
	for i := range s.values {
		s.values[i] = binary.LittleEndian.Uint16(b[4+2*i:])
	}
	return s
}
