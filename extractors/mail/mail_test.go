package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

func bytesIn(t testing.TB, label, s string) string {
	t.Helper()
	e, err := htmlindex.Get(label)
	if label == "hz" {
		e, err = simplifiedchinese.HZGB2312, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("%q cannot be written in %s: %v", s, label, err)
	}
	return out
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func input(name, data string) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// child is a child as a test looks at it.
type child struct {
	Step, Name string
	Ordinal    int
	Size       int64
	Shown      bool     `json:",omitempty"`
	Text       string   `json:",omitempty"`
	Nested     *reading `json:",omitempty"`
}

type reading struct {
	Document *document.Document
	Children []child `json:",omitempty"`
}

// readAll reads with a format and goes into embedded mails.
func readAll(t testing.TB, f document.Format, in *document.Input) *reading {
	t.Helper()
	r := &reading{}
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		data, err := io.ReadAll(c.Content)
		if err != nil {
			return err
		}
		if c.Size >= 0 && c.Size != int64(len(data)) {
			t.Errorf("%s says %d bytes and has %d", c.Step, c.Size, len(data))
		}
		k := child{Step: c.Step, Name: c.Name, Ordinal: c.Ordinal, Size: int64(len(data)), Shown: c.Shown, Text: string(data)}
		sub := input(c.Name, k.Text)
		sub.Depth = in.Depth + 1
		if sub.Depth < 5 && EML.Detect(sub) {
			k.Nested, k.Text = readAll(t, EML, sub), ""
		}
		r.Children = append(r.Children, k)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	r.Document = doc
	return r
}

// TestGolden reads every mail and mailbox of testdata. They were made byte by byte,
// as the mailers of their time wrote them.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	tested := 0
	for _, file := range files {
		var f document.Format
		switch filepath.Ext(file) {
		case ".eml", ".emlx":
			f = EML
		case ".mbox":
			f = Mbox
		default:
			continue
		}
		tested++
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := input(filepath.Base(file), string(data))
			if !f.Detect(in) {
				t.Fatal("it is not detected")
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(readAll(t, f, in)); err != nil {
				t.Fatal(err)
			}
			golden := file + ".json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("it reads otherwise than %s:\n%s", golden, got.Bytes())
			}
		})
	}
	if tested < 10 {
		t.Errorf("only %d mails were found", tested)
	}
}
