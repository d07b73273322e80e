package embedded

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/document"
	api "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// plainField is a field as zapx takes it.
type plainField struct {
	analysis
	name    string
	options api.FieldIndexingOptions
	freqs   api.TokenFrequencies
	value   []byte
}

func (f *plainField) Name() string                                   { return f.name }
func (f *plainField) Size() int                                      { return 0 }
func (f *plainField) Value() []byte                                  { return f.value }
func (f *plainField) Options() api.FieldIndexingOptions              { return f.options }
func (f *plainField) AnalyzedLength() int                            { return 8 }
func (f *plainField) AnalyzedTokenFrequencies() api.TokenFrequencies { return f.freqs }

// plain makes of a passage what zapx's own New takes.
func plain(p *passage) api.Document {
	d := document.NewDocument(p.id)
	add := func(name string, options api.FieldIndexingOptions, terms ...string) {
		f := &plainField{name: name, options: options, freqs: api.TokenFrequencies{}, value: []byte(p.id)}
		for _, t := range terms {
			if f.freqs[t] == nil {
				f.freqs[t] = &api.TokenFreq{Term: []byte(t)}
			}
			if options&api.SkipFreqNorm == 0 {
				f.freqs[t].SetFrequency(f.freqs[t].Frequency() + 1)
			}
		}
		d.AddField(f)
	}
	words := func(t *text) (out []string) {
		for _, key := range t.short {
			out = append(out, string(unpack(nil, key)))
		}
		return append(out, t.long...)
	}
	add("_id", api.IndexField|api.StoreField|api.SkipFreqNorm, p.id)
	add(fieldText, api.IndexField, words(&p.body)...)
	add(fieldTitle, api.IndexField, words(&p.title)...)
	add(fieldOwner, keyword, p.entry.owner)
	facets := slices.Clone(p.entry.facets)
	if p.first {
		facets = append(facets, facetHead)
	}
	add(fieldFacet, keyword, facets...)
	if p.entry.date != "" {
		add(fieldDate, dated, p.entry.date)
	} else {
		add(fieldDate, dated)
	}
	return d
}

// told is all that a segment says.
func told(t *testing.T, s segment.Segment) string {
	t.Helper()
	var b strings.Builder
	fields := s.Fields()
	slices.Sort(fields)
	for _, name := range fields {
		dict, err := s.Dictionary(name)
		if err != nil {
			t.Fatal(err)
		}
		it := dict.AutomatonIterator(nil, nil, nil)
		for {
			e, err := it.Next()
			if err != nil {
				t.Fatal(err)
			}
			if e == nil {
				break
			}
			list, err := dict.PostingsList([]byte(e.Term), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %q %d:", name, e.Term, list.Count())
			postings := list.Iterator(true, true, false, nil)
			for {
				p, err := postings.Next()
				if err != nil {
					t.Fatal(err)
				}
				if p == nil {
					break
				}
				fmt.Fprintf(&b, " %d", p.Number())
				if name == fieldText || name == fieldTitle {
					fmt.Fprintf(&b, "x%d", p.Frequency())
				}
			}
			b.WriteString("\n")
		}
	}
	values, ok := s.(segment.DocValueVisitable)
	if !ok {
		t.Fatalf("%T has no doc values", s)
	}
	var state segment.DocVisitState
	for n := range s.Count() {
		err := s.VisitStoredFields(n, func(field string, _ byte, value []byte, _ []uint64) bool {
			fmt.Fprintf(&b, "%d %s=%s", n, field, value)
			return true
		})
		if err == nil {
			state, err = values.VisitDocValues(n, []string{fieldDate}, func(_ string, term []byte) { fmt.Fprintf(&b, " %s", term) }, state)
		}
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A segment of ours says what one of zapx's own says, also when it was written,
// read and merged by zapx.
func TestSegmentIsZapx(t *testing.T) {
	t.Parallel()
	for name, docs := range map[string]int{"one": 1, "a few": 30, "more than a chunk": 700} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGenerationAt("", "g", Options{}.withDefaults())
			var ours, theirs []api.Document
			for n := range docs {
				e := randomEntry(n)
				f := g.fieldsOf(&e)
				for seq := range e.Passages {
					p := f.passage(seq)
					p.number = len(ours)
					p.VisitFields(func(f api.Field) { f.Analyze() })
					ours = append(ours, p)
					theirs = append(theirs, plain(p))
				}
			}
			want, _, err := (&zap.ZapPlugin{}).New(theirs)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(ours) // scorch brings them in any order
			got, _, err := (&plugin{}).New(ours)
			if err != nil {
				t.Fatal(err)
			}
			a := told(t, got)
			if b := told(t, want); a != b {
				t.Errorf("ours:\n%.2000s\nzapx's:\n%.2000s", a, b)
			}
			path := filepath.Join(t.TempDir(), "merged.zap")
			drop := roaring.BitmapOf(0)
			if _, _, err := (&plugin{}).Merge([]segment.Segment{got, want}, []*roaring.Bitmap{drop, nil}, path, nil, nil); err != nil {
				t.Fatal(err)
			}
			merged, err := (&plugin{}).Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = merged.Close() }()
			twice := filepath.Join(t.TempDir(), "merged.zap")
			if _, _, err := (&zap.ZapPlugin{}).Merge([]segment.Segment{want, want}, []*roaring.Bitmap{drop, nil}, twice, nil, nil); err != nil {
				t.Fatal(err)
			}
			expected, err := (&plugin{}).Open(twice)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = expected.Close() }()
			if a, b := told(t, merged), told(t, expected); a != b {
				t.Errorf("merged: ours:\n%.2000s\nzapx's:\n%.2000s", a, b)
			}
		})
	}
}

func randomEntry(n int) index.Entry {
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	word := func() string {
		if rng.IntN(3) == 0 {
			return strings.Repeat("ab", 1+rng.IntN(20)) + " "
		}
		return string([]rune{rune(0x4e00 + rng.IntN(40)), rune(0x4e00 + rng.IntN(40))})
	}
	var texts []string
	for range 1 + rng.IntN(3) {
		var b strings.Builder
		for range rng.IntN(30) {
			b.WriteString(word())
		}
		texts = append(texts, b.String()+"共有")
	}
	e := indextest.Doc(fmt.Sprintf("d%04d", n), word()+word(), texts...)
	if e.Date = time.Unix(int64(n)*1e6, 0); n%5 == 4 {
		e.Date = time.Time{}
	}
	e.Tags = []string{word(), "t\x00"}
	return e
}
