package embedded

import (
	"encoding/binary"
	"slices"
	"strings"

	api "github.com/blevesearch/bleve_index_api"
)

// lengthUnit makes the length of a passage, in tokens, a number below 128, which
// takes one byte with each term of each passage instead of two. Scores compare
// lengths with one another, so the unit does not matter.
const lengthUnit = 8

// posting is a term in a passage.
type posting struct {
	doc    uint32 // number of the passage in its batch
	freq   uint8  // 0 where nobody counts
	length uint8
}

// value is a doc value.
type value struct {
	doc  uint32
	term string
}

// fieldTerms is one field of a batch: its terms and where they stand.
//
// Nearly all terms, bigrams above all, are at most eight bytes long. They are
// kept as numbers that sort as they do: comparing and looking up numbers is
// several times cheaper than strings.
type fieldTerms struct {
	name    string
	options api.FieldIndexingOptions
	freqs   bool // are counted
	values  []value

	short map[uint64]uint32 // number of the term
	long  map[string]uint32
	keys  []uint64 // of short terms, in the order in which they came
	texts []string // of long ones
	seen  []seen   // by number of the term
	all   []occurrence
}

// seen is what is known of a term while passages come in.
type seen struct {
	passages uint32
	last     uint32 // its last occurrence in all
}

type occurrence struct {
	term uint32
	posting
}

func newFieldTerms(name string, options api.FieldIndexingOptions, terms int) fieldTerms {
	return fieldTerms{
		name: name, options: options, freqs: options&api.SkipFreqNorm == 0,
		short: make(map[uint64]uint32, terms), long: map[string]uint32{},
	}
}

// pack gives the number of a term that has at most eight bytes and no NUL.
func pack[T string | []byte](term T) (key uint64) {
	for i := range len(term) {
		key |= uint64(term[i]) << (56 - 8*i)
	}
	return key
}

func unpack(dst []byte, key uint64) []byte {
	dst = binary.BigEndian.AppendUint64(dst, key)
	for len(dst) > 0 && dst[len(dst)-1] == 0 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

func (f *fieldTerms) addShort(key uint64, doc uint32, length uint8) {
	term, ok := f.short[key]
	if !ok {
		term = f.number()
		f.short[key] = term
		f.keys = append(f.keys, key)
	}
	f.add(term, doc, length)
}

func (f *fieldTerms) addString(text string, doc uint32, length uint8) {
	if len(text) <= 8 && strings.IndexByte(text, 0) < 0 {
		f.addShort(pack(text), doc, length)
		return
	}
	term, ok := f.long[text]
	if !ok {
		term = f.number()
		f.long[text] = term
		f.texts = append(f.texts, text)
	}
	f.add(term, doc, length)
}

// number is a new term's.
func (f *fieldTerms) number() uint32 {
	f.seen = append(f.seen, seen{})
	return uint32(len(f.seen) - 1) //nolint:gosec // terms of one batch
}

func (f *fieldTerms) add(term, doc uint32, length uint8) {
	s := &f.seen[term]
	if s.passages > 0 {
		if o := &f.all[s.last]; o.doc == doc {
			if f.freqs && o.freq < 255 {
				o.freq++
			}
			return
		}
	}
	s.passages++
	s.last = uint32(len(f.all)) //nolint:gosec // occurrences of one batch
	o := occurrence{term, posting{doc: doc, length: length}}
	if f.freqs {
		o.freq = 1
	}
	f.all = append(f.all, o)
}

// each gives every term in order with its postings.
func (f *fieldTerms) each(fn func(term []byte, postings []posting) error) error {
	// Occurrences are sorted by counting: where those of each term begin is known.
	from := make([]uint32, len(f.seen)+1)
	for n := range f.seen {
		from[n+1] = from[n] + f.seen[n].passages
	}
	next := slices.Clone(from)
	postings := make([]posting, len(f.all))
	for _, o := range f.all {
		postings[next[o.term]] = o.posting
		next[o.term]++
	}
	slices.Sort(f.keys)
	slices.Sort(f.texts)
	var key []byte
	short, long := f.keys, f.texts
	for len(short)+len(long) > 0 {
		var term uint32
		// A long term comes before a short one where its first eight bytes do.
		if len(short) == 0 || len(long) > 0 && pack(long[0][:min(8, len(long[0]))]) < short[0] {
			key, term = append(key[:0], long[0]...), f.long[long[0]]
			long = long[1:]
		} else {
			key, term = unpack(key[:0], short[0]), f.short[short[0]]
			short = short[1:]
		}
		if err := fn(key, postings[from[term]:from[term+1]]); err != nil {
			return err
		}
	}
	return nil
}

// batchTerms is a batch by fields.
type batchTerms struct {
	ids    []string
	fields [6]fieldTerms // in the order that the format asks for: the id, the rest by name
}

const (
	atID = iota
	atText
	atDate
	atFacet
	atOwner
	atTitle
)

// gather takes passages apart. They get their numbers in the order in which they
// were given, whatever order scorch brings them in.
func gather(docs []api.Document) *batchTerms {
	all := make([]*passage, len(docs))
	tokens := 0
	for n, d := range docs {
		all[n] = d.(*passage) //nolint:forcetypeassert // nothing else is indexed
		tokens += len(all[n].body.short)
	}
	slices.SortFunc(all, func(a, b *passage) int { return a.number - b.number })
	b := &batchTerms{fields: [...]fieldTerms{
		atID:    newFieldTerms("_id", api.IndexField|api.StoreField|api.SkipFreqNorm, len(docs)),
		atText:  newFieldTerms(fieldText, api.IndexField, tokens/8),
		atDate:  newFieldTerms(fieldDate, dated, 0),
		atFacet: newFieldTerms(fieldFacet, keyword, 0),
		atOwner: newFieldTerms(fieldOwner, keyword, 0),
		atTitle: newFieldTerms(fieldTitle, api.IndexField, 0),
	}}
	b.fields[atText].all = make([]occurrence, 0, tokens/2)
	for n, p := range all {
		b.add(uint32(n), p)
	}
	return b
}

func (b *batchTerms) add(n uint32, p *passage) {
	b.ids = append(b.ids, p.id)
	b.fields[atID].addString(p.id, n, 1)
	b.text(atText, n, &p.body)
	b.text(atTitle, n, &p.title)
	for _, t := range p.entry.facets {
		b.fields[atFacet].addString(t, n, 1)
	}
	if p.first {
		b.fields[atFacet].addString(facetHead, n, 1)
	}
	b.fields[atOwner].addString(p.entry.owner, n, 1)
	if p.entry.date != "" {
		b.fields[atDate].addString(p.entry.date, n, 1)
		b.fields[atDate].values = append(b.fields[atDate].values, value{n, p.entry.date})
	}
}

func (b *batchTerms) text(at int, n uint32, t *text) {
	length := uint8(min(max(t.length()/lengthUnit, 1), 127))
	for _, key := range t.short {
		b.fields[at].addShort(key, n, length)
	}
	for _, s := range t.long {
		b.fields[at].addString(s, n, length)
	}
}

// size guesses how large the segment will be.
func (b *batchTerms) size() int {
	n := 0
	for i := range b.fields {
		n += 8*len(b.fields[i].all) + 8*len(b.fields[i].seen)
	}
	return n
}
