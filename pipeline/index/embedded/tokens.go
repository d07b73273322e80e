package embedded

import (
	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

// text is running text of a passage. It is analysed by scorch's workers.
type text struct {
	parts []string
	short []uint64 // tokens of at most eight bytes, see fieldTerms; one may come again
	long  []string // others
}

func (t *text) length() int { return len(t.short) + len(t.long) }

func (t *text) analyse(g *generation) {
	size := 0
	for _, p := range t.parts {
		size += len(p)
	}
	t.short = make([]uint64, 0, size/3+8) // Chinese prose: one bigram a character of 3 bytes
	buf := g.grams.Get().(*[]index.Gram)  //nolint:forcetypeassert // the pool makes nothing else
	for _, p := range t.parts {
		grams := index.Tokens((*buf)[:0], index.Normalise(p))
		for i := range grams {
			if s := grams[i].Text; len(s) <= 8 {
				t.short = append(t.short, pack(s))
			} else {
				t.long = append(t.long, s)
			}
		}
		*buf = grams
	}
	t.parts = nil
	g.grams.Put(buf)
}

// passage is a passage as scorch carries it from a batch to plugin. To scorch it
// is a document with one field, which does the analysis.
type passage struct {
	g      *generation
	id     string
	number int // in the batch
	entry  *entryFields
	first  bool // of its document
	body   text
	title  text
}

func (p *passage) ID() string                               { return p.id }
func (p *passage) Size() int                                { return 8 * len(p.body.short) }
func (p *passage) VisitFields(visit api.FieldVisitor)       { visit(analysis{p}) }
func (p *passage) VisitComposite(api.CompositeFieldVisitor) {}
func (p *passage) HasComposite() bool                       { return false }
func (p *passage) NumPlainTextBytes() uint64                { return 0 }
func (p *passage) AddIDField()                              {}
func (p *passage) StoredFieldsBytes() uint64                { return 0 }
func (p *passage) Indexed() bool                            { return false }

// analysis is the field through which scorch asks for the work to be done.
type analysis struct{ p *passage }

func (a analysis) Analyze() {
	a.p.body.analyse(a.p.g)
	a.p.title.analyse(a.p.g)
}

func (a analysis) Name() string                                   { return fieldText }
func (a analysis) Value() []byte                                  { return nil }
func (a analysis) ArrayPositions() []uint64                       { return nil }
func (a analysis) EncodedFieldType() byte                         { return 't' }
func (a analysis) Options() api.FieldIndexingOptions              { return api.IndexField }
func (a analysis) AnalyzedLength() int                            { return 0 }
func (a analysis) AnalyzedTokenFrequencies() api.TokenFrequencies { return nil }
func (a analysis) NumPlainTextBytes() uint64                      { return 0 }
