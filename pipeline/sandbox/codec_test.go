package sandbox

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

// fill puts something into every field, so that a field which the encoding
// forgets is found.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // documents hold no others, and an unfilled field fails the test
	case reflect.String:
		v.SetString([]string{"项目", "text", "a\nb", "full"}[r.IntN(4)])
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64N(1 << 40))
	case reflect.Float64:
		v.SetFloat(r.Float64() * 1000)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"项目": "一", "b": ""}))
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(r, field)
		}
	}
}

func TestDocumentSurvives(t *testing.T) {
	t.Parallel()
	full := &document.Document{}
	fill(rand.New(rand.NewPCG(1, 2)), reflect.ValueOf(full).Elem())
	full.Read = document.Partial
	for _, want := range []*document.Document{full, {Read: document.Full}, {Read: document.None, Sections: []document.Section{}, Fields: map[string]string{}}} {
		e := &encoder{}
		if err := e.document(want); err != nil {
			t.Fatal(err)
		}
		d := &decoder{b: e.b}
		if got := d.document(); d.err != nil || len(d.b) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, %d bytes left\n%+v\nwant\n%+v", d.err, len(d.b), got, want)
		}
	}
}

func TestChildSurvives(t *testing.T) {
	t.Parallel()
	want := &document.Child{Step: "a\xff!/b", Name: "\xce\xde", Ordinal: 7, Size: -1, Modified: time.Date(2023, 8, 15, 10, 0, 0, 0, time.FixedZone("", 8*3600)), Reason: document.Encrypted, Shown: true, Stamp: "\xff\x00", Same: true}
	e := &encoder{}
	e.childHead(want, contentStream)
	d := &decoder{b: e.b}
	got, how := d.childHead()
	if d.err != nil || how != contentStream || !got.Modified.Equal(want.Modified) {
		t.Fatal(d.err, how, got.Modified)
	}
	got.Modified = want.Modified
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// FuzzFrames: a child may send anything.
func FuzzFrames(f *testing.F) {
	e := &encoder{b: appendFrame(nil, frameDone)}
	if err := e.result(&Result{Document: &document.Document{Read: document.Full, Sections: []document.Section{{Text: "x"}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(closeFrame(e.b, 0))
	e = &encoder{b: appendFrame(nil, frameChild)}
	e.childHead(&document.Child{Step: "a", Modified: time.Unix(1, 2)}, contentBroken)
	e.broken(&broken{document.Truncated, "cut"})
	f.Add(closeFrame(e.b, 0))
	f.Add([]byte{'D', 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			kind, payload, err := readFrame(r, 1<<20)
			if err != nil {
				return
			}
			d := &decoder{b: payload}
			switch kind {
			case frameDone:
				res, err := d.result(func(string) *document.Format { return &hostile })
				if err == nil && res.Document != nil && res.Document.Read == "" {
					t.Error("a document that says nothing of how much was read")
				}
			case frameChild:
				_, _ = d.childHead()
				_ = d.broken()
			default:
				_, _, _, _ = d.request()
			}
		}
	})
}

// A large result goes out in pieces, and comes in as it was.
func TestLargeResult(t *testing.T) {
	t.Parallel()
	doc := &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{"a": "b", "c": "d"}}
	for n := range 40 {
		doc.AddText(document.Position{Sheet: "台账", Rows: &[2]int{n, n + 1}}, "", strings.Repeat("金额", 20_000+n))
	}
	if !large(&Result{Document: doc}) || large(&Result{Document: &document.Document{}}) {
		t.Fatal("large is not told")
	}
	var b bytes.Buffer
	s := &server{w: bufio.NewWriter(&b)}
	if err := s.putResult(&Result{Document: doc}); err != nil {
		t.Fatal(err)
	}
	_ = s.w.Flush()
	kind, payload, err := readFrame(bufio.NewReader(&b), 1<<30)
	if err != nil || kind != frameDone || b.Len() > 0 {
		t.Fatal(kind, b.Len(), err)
	}
	got, err := (&decoder{b: payload}).result(func(string) *document.Format { return nil })
	if err != nil || !reflect.DeepEqual(got.Document, doc) {
		t.Errorf("something else came in: %v", err)
	}
}
