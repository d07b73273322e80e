package indextest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
)

// Sample is a document of the sample archive as the pipeline gives it to an
// engine, with what a hit shows of it.
type Sample struct {
	Entry   index.Entry
	Locator string
	People  []document.Person
}

// The sample archive as it was read. It is written by
//
//	GUIDANG_TEST_SAMPLES=write go test -run TestSamples ./pipeline
//
//go:embed testdata/samples.jsonl.gz
var samplesFile []byte

//go:embed testdata/judged.txt
var judgedFile string

// Samples are the documents of the sample archive.
func Samples() ([]Sample, error) {
	z, err := gzip.NewReader(bytes.NewReader(samplesFile))
	if err != nil {
		return nil, err
	}
	var out []Sample
	for d := json.NewDecoder(bufio.NewReader(z)); ; {
		var s Sample
		switch err := d.Decode(&s); {
		case errors.Is(err, io.EOF):
			return out, z.Close()
		case err != nil:
			return nil, err
		}
		out = append(out, s)
	}
}

// WriteSamples writes what Samples reads.
func WriteSamples(w io.Writer, all []Sample) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	e := json.NewEncoder(z)
	for _, s := range all {
		if err := e.Encode(s); err != nil {
			return err
		}
	}
	return z.Close()
}

// Judgement is a query and the documents that have to be among the first three,
// each by a piece of "date kind title | locator".
type Judgement struct {
	Query string
	Want  []string
}

// Judgements are the judged queries over the sample archive.
func Judgements() (out []Judgement) {
	for line := range strings.Lines(judgedFile) {
		query, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		if ok && !strings.HasPrefix(line, "# ") {
			out = append(out, Judgement{query, strings.Split(want, " & ")})
		}
	}
	return out
}

// judgedLeast is the part of the judged queries that has to show what people
// want to see, among the first judgedTop.
const (
	judgedLeast = 0.95
	judgedTop   = 3
)

// Judge asks all judged queries and fails below 95 %.
func Judge(t *testing.T, search func(index.Request) (*index.Result, error)) {
	t.Helper()
	good := 0
	all := Judgements()
	for _, j := range all {
		res, err := search(index.Request{Text: j.Query, Limit: judgedTop})
		if err != nil {
			t.Fatalf("%s: %v", j.Query, err)
		}
		if missing := j.missing(res); missing == "" {
			good++
		} else {
			t.Logf("%s: %q is not among %s", j.Query, missing, names(res))
		}
	}
	t.Logf("%d of %d judged queries show what is wanted", good, len(all))
	if float64(good) < judgedLeast*float64(len(all)) {
		t.Errorf("%d of %d judged queries show what is wanted: fewer than %.0f %%", good, len(all), judgedLeast*100)
	}
}

func (j Judgement) missing(res *index.Result) string {
	for _, want := range j.Want {
		found := false
		for i := range res.Hits {
			found = found || strings.Contains(label(&res.Hits[i]), want)
		}
		if !found {
			return want
		}
	}
	return ""
}

func label(h *index.Hit) string {
	return fmt.Sprintf("%s %s %s | %s", h.Date, h.Kind, h.Title, h.Locator)
}

func names(res *index.Result) string {
	var b strings.Builder
	for i := range res.Hits {
		fmt.Fprintf(&b, "\n\t%.1f %s", res.Hits[i].Score, label(&res.Hits[i]))
	}
	return b.String()
}

// PutSamples gives the sample archive to the engine, with its names as a
// lexicon, and scopes by what is above it in its share: "source:客户".
func (a *Archive) PutSamples(t *testing.T) []Sample {
	t.Helper()
	all, err := Samples()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		top, _, _ := strings.Cut(all[i].Locator, "/")
		all[i].Entry.Scopes = []string{"source:" + top}
	}
	a.put(t, all)
	return all
}

func addNames(b *suggest.Builder, s *Sample) {
	add := func(kind suggest.Kind, text, other string) {
		f := suggest.Fact{Kind: kind, Text: text, Other: other, Scopes: s.Entry.Scopes}
		if kind == suggest.Title {
			f.Document = s.Entry.Document
		}
		b.Add(f)
	}
	add(suggest.Title, s.Entry.Title, "")
	for _, p := range s.People {
		add(suggest.Person, p.Name, p.Address)
	}
	for _, term := range s.Entry.Terms {
		add(suggest.Term, term, "")
	}
	for _, tag := range s.Entry.Tags {
		add(suggest.Tag, tag, "")
	}
}

// Everything is every scope of the samples.
func Everything(all []Sample) (scopes []string) {
	seen := map[string]bool{}
	for _, s := range all {
		for _, scope := range s.Entry.Scopes {
			if !seen[scope] {
				seen[scope] = true
				scopes = append(scopes, scope)
			}
		}
	}
	return scopes
}

// judged asks what was judged.
func judged(t *testing.T, s Suite) {
	a := NewArchive(s.New(t))
	scopes := Everything(a.PutSamples(t))
	Judge(t, func(r index.Request) (*index.Result, error) {
		r.Scopes = scopes
		return a.Searcher().Search(t.Context(), r)
	})
}
