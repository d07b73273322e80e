package embedded

import (
	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

// frequencies are shared by all tokens: scorch reads only the number of a
// TokenFreq, so one for each number does for all. It saves an allocation of 56
// bytes for every token of every passage.
var frequencies = func() (f [256]*api.TokenFreq) {
	for n := range f {
		f[n] = &api.TokenFreq{}
		f[n].SetFrequency(n)
	}
	return f
}()

// terms is a field of fixed terms. It is shared by passages and never changes.
type terms struct {
	name    string
	options api.FieldIndexingOptions
	freqs   api.TokenFrequencies
}

func newTerms(name string, options api.FieldIndexingOptions, all ...string) *terms {
	t := &terms{name: name, options: options, freqs: make(api.TokenFrequencies, len(all))}
	for _, s := range all {
		t.freqs[s] = frequencies[1]
	}
	return t
}

func (t *terms) Name() string                                   { return t.name }
func (t *terms) Value() []byte                                  { return nil }
func (t *terms) ArrayPositions() []uint64                       { return nil }
func (t *terms) EncodedFieldType() byte                         { return 't' }
func (t *terms) Analyze()                                       {}
func (t *terms) Options() api.FieldIndexingOptions              { return t.options }
func (t *terms) AnalyzedLength() int                            { return len(t.freqs) }
func (t *terms) AnalyzedTokenFrequencies() api.TokenFrequencies { return t.freqs }
func (t *terms) NumPlainTextBytes() uint64                      { return 0 }
func (t *terms) Size() int                                      { return 0 }

// text is a field of running text. It is analysed by scorch's workers, each
// text once.
type text struct {
	g      *generation
	name   string
	parts  []string
	freqs  api.TokenFrequencies
	length int
}

func (t *text) Analyze() {
	size := 0
	for _, p := range t.parts {
		size += len(p)
	}
	t.freqs = make(api.TokenFrequencies, size/4) // measured on Chinese prose: 0.8 different bigrams a character of 3 bytes
	buf := t.g.grams.Get().(*[]index.Gram)       //nolint:forcetypeassert // the pool makes nothing else
	for _, p := range t.parts {
		grams := index.Tokens((*buf)[:0], index.Normalise(p))
		t.length += len(grams)
		for i := range grams {
			n := 1
			if have := t.freqs[grams[i].Text]; have != nil {
				n = min(have.Frequency()+1, len(frequencies)-1)
			}
			t.freqs[grams[i].Text] = frequencies[n]
		}
		*buf = grams
	}
	t.parts = nil
	t.g.grams.Put(buf)
}

func (t *text) Name() string                                   { return t.name }
func (t *text) Value() []byte                                  { return nil }
func (t *text) ArrayPositions() []uint64                       { return nil }
func (t *text) EncodedFieldType() byte                         { return 't' }
func (t *text) Options() api.FieldIndexingOptions              { return api.IndexField }
func (t *text) AnalyzedLength() int                            { return t.length }
func (t *text) AnalyzedTokenFrequencies() api.TokenFrequencies { return t.freqs }
func (t *text) NumPlainTextBytes() uint64                      { return 0 }
func (t *text) Size() int                                      { return 0 }
