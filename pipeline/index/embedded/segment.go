package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/klauspost/compress/snappy"
)

// plugin makes the segments of new batches. Reading and merging them is zapx's,
// whose format (zap.md, version 17) they have.
//
// zapx's own New asks a map of strings three times for every term of every
// passage, makes a bitmap for each term and copies all terms once more for doc
// values that nobody asked for: two thirds of what indexing cost.
type plugin struct{ zap.ZapPlugin }

// register puts plugin in zapx's place, once for all indexes of the process.
var register = sync.OnceFunc(func() { scorch.RegisterSegmentPlugin(&plugin{}, true) })

// New makes a segment of passages.
func (p *plugin) New(passages []api.Document) (segment.Segment, uint64, error) {
	return p.NewUsing(passages, nil)
}

// NewUsing makes a segment of passages.
func (p *plugin) NewUsing(passages []api.Document, config map[string]any) (segment.Segment, uint64, error) {
	g := gather(passages)
	w := &segmentWriter{docs: uint64(len(passages)), out: make([]byte, 0, g.size())}
	stored := w.ids(g.ids)
	for i := range g.fields {
		if err := w.field(&g.fields[i]); err != nil {
			return nil, 0, fmt.Errorf("field %s: %w", g.fields[i].name, err)
		}
	}
	sections := w.sections(g.fields[:])
	stats, _ := config[segment.StatsKey].(*segment.Stats)
	if stats == nil {
		stats = new(segment.Stats)
	}
	s, err := zap.InitSegmentBase(w.out, crc32.ChecksumIEEE(w.out), zap.DefaultChunkMode, w.docs, stored, sections, config, stats)
	return s, uint64(len(w.out)), err
}

// segmentWriter writes one segment into memory.
type segmentWriter struct {
	docs uint64 // how many
	out  []byte

	dict    *vellum.Builder
	dictBuf bytes.Buffer
	freqs   []byte   // of one term
	numbers []uint32 // of the passages of one term
	starts  []uint64 // where the dictionary of each field stands
}

func (w *segmentWriter) at() uint64 { return uint64(len(w.out)) }

func (w *segmentWriter) uvarint(n uint64) { w.out = binary.AppendUvarint(w.out, n) }

// ids writes the stored field, which is the id alone, and where each stands.
func (w *segmentWriter) ids(ids []string) (index uint64) {
	places := make([]uint64, len(ids))
	nothing := snappy.Encode(nil, nil) // of other fields
	for n, id := range ids {
		places[n] = w.at()
		meta := binary.AppendUvarint(nil, uint64(len(id)))
		w.uvarint(uint64(len(meta)))
		w.uvarint(uint64(len(id) + len(nothing)))
		w.out = append(append(append(w.out, meta...), id...), nothing...)
	}
	index = w.at()
	for _, at := range places {
		w.out = binary.BigEndian.AppendUint64(w.out, at)
	}
	w.uvarint(0) // documents within documents
	return index
}

// field writes postings, dictionary and, for the date, doc values of a field.
func (w *segmentWriter) field(f *fieldTerms) (err error) {
	if w.dict == nil {
		// As zapx does it: suffixes are not shared, which saves time.
		if w.dict, err = vellum.New(&w.dictBuf, &vellum.BuilderOpts{Encoder: 1, RegistryMRUSize: 1}); err != nil {
			return err
		}
	} else {
		w.dictBuf.Reset()
		if err := w.dict.Reset(&w.dictBuf); err != nil {
			return err
		}
	}
	err = f.each(func(term []byte, postings []posting) error {
		at, err := w.postings(postings, f.freqs)
		if err != nil {
			return err
		}
		return w.dict.Insert(term, at)
	})
	if err == nil {
		err = w.dict.Close()
	}
	if err != nil {
		return err
	}
	dict := w.at()
	terms := w.dictBuf.Bytes()
	w.uvarint(uint64(len(terms)))
	w.out = append(w.out, terms...)
	from, to := uint64(math.MaxUint64), uint64(math.MaxUint64) // none
	if f.options.IncludeDocValues() {
		from = w.at()
		w.values(f.values)
		to = w.at()
	}
	w.starts = append(w.starts, w.at())
	w.uvarint(from)
	w.uvarint(to)
	w.uvarint(dict)
	return nil
}

// postings writes where a term stands and gives what the dictionary says of it.
func (w *segmentWriter) postings(all []posting, freqs bool) (uint64, error) {
	if one := all[0]; len(all) == 1 && one.freq <= 1 {
		return zap.FSTValEncode1Hit(uint64(one.doc), uint64(one.length)), nil
	}
	// Frequencies come in chunks of passages, see getChunkSize in zapx for mode 1026.
	chunk := w.docs / (uint64(len(all))/1024 + 1)
	if chunk == 0 {
		return 0, errors.New("a term in more passages than there are")
	}
	ends := make([]uint64, (w.docs-1)/chunk+1)
	w.freqs, w.numbers = w.freqs[:0], w.numbers[:0]
	for _, p := range all {
		w.numbers = append(w.numbers, p.doc)
		if w.freqs = binary.AppendUvarint(w.freqs, uint64(p.freq)<<1); freqs && p.freq > 0 {
			w.freqs = binary.AppendUvarint(w.freqs, uint64(p.length))
		}
		ends[uint64(p.doc)/chunk] = uint64(len(w.freqs))
	}
	for i := 1; i < len(ends); i++ {
		ends[i] = max(ends[i], ends[i-1])
	}
	at := w.at()
	w.uvarint(uint64(len(ends)))
	for _, end := range ends {
		w.uvarint(end)
	}
	w.out = append(w.out, w.freqs...)
	start := w.at()
	w.uvarint(at)
	w.uvarint(0) // no positions
	return start, w.bitmap()
}

// arrayMost is how many numbers a container of a bitmap keeps as a list.
const arrayMost = 4096

// bitmap writes the numbers as roaring does: small ones as a list in a container
// of its own, by hand, since nearly all terms of a batch are that.
func (w *segmentWriter) bitmap() error {
	n := len(w.numbers)
	if n > arrayMost || w.numbers[n-1] > math.MaxUint16 {
		b := roaring.BitmapOf(w.numbers...)
		w.uvarint(b.GetSerializedSizeInBytes())
		raw, err := b.ToBytes()
		w.out = append(w.out, raw...)
		return err
	}
	const noRuns, header = 12346, 16
	w.uvarint(uint64(header + 2*n))
	w.out = binary.LittleEndian.AppendUint32(w.out, noRuns)
	w.out = binary.LittleEndian.AppendUint32(w.out, 1)           // container
	w.out = binary.LittleEndian.AppendUint16(w.out, 0)           // its upper bits
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(n-1)) //nolint:gosec // at most arrayMost
	w.out = binary.LittleEndian.AppendUint32(w.out, header)      // where it begins
	for _, d := range w.numbers {
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(d)) //nolint:gosec // looked at above
	}
	return nil
}

// valuesAtOnce is how many passages share a compressed chunk of doc values.
const valuesAtOnce = 1024

// values writes doc values: chunks, where each ends, how long that list is, and
// how many there are.
func (w *segmentWriter) values(all []value) {
	ends := make([]uint64, (w.docs-1)/valuesAtOnce+1)
	from := w.at()
	for i := range ends {
		n := 0
		for n < len(all) && int(all[n].doc)/valuesAtOnce == i {
			n++
		}
		w.chunk(all[:n])
		all, ends[i] = all[n:], w.at()-from
	}
	list := w.at()
	for _, end := range ends {
		w.uvarint(end)
	}
	w.out = binary.BigEndian.AppendUint64(w.out, w.at()-list)
	w.out = binary.BigEndian.AppendUint64(w.out, uint64(len(ends)))
}

func (w *segmentWriter) chunk(all []value) {
	if len(all) == 0 {
		return
	}
	var text []byte
	w.uvarint(uint64(len(all)))
	for _, v := range all {
		text = append(append(text, v.term...), api.DocValueTermSeparator)
		w.uvarint(uint64(v.doc))
		w.uvarint(uint64(len(text)))
	}
	w.out = append(w.out, snappy.Encode(nil, text)...)
}

// sections writes which fields there are and where they stand.
func (w *segmentWriter) sections(fields []fieldTerms) uint64 {
	var places []uint64
	for n := range fields {
		places = append(places, w.at())
		w.uvarint(uint64(len(fields[n].name)))
		w.out = append(w.out, fields[n].name...)
		w.uvarint(uint64(fields[n].options))
		w.uvarint(1) // kind of index
		w.out = binary.BigEndian.AppendUint16(w.out, zap.SectionInvertedTextIndex)
		w.out = binary.BigEndian.AppendUint64(w.out, w.starts[n])
	}
	at := w.at()
	w.uvarint(uint64(len(fields)))
	for _, p := range places {
		w.out = binary.BigEndian.AppendUint64(w.out, p)
	}
	return at
}
