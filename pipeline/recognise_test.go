package pipeline

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// fakeTesseract lets the test binary play tesseract. It reads a picture's words out
// of the gray of its first pixels.
func fakeTesseract(args []string) (code int, ok bool) {
	if len(args) < 2 {
		return 0, false
	}
	switch args[1] {
	case "--version":
		fmt.Println("tesseract 5.0")
		return 0, true
	case "--list-langs":
		fmt.Println("List of available languages (2):\nchi_sim\neng")
		return 0, true
	case "stdin":
	default:
		return 0, false
	}
	b := bufio.NewReader(os.Stdin)
	var w, h int
	if _, err := fmt.Fscanf(b, "P5\n%d %d\n255\n", &w, &h); err != nil {
		return 1, true
	}
	first, err := b.ReadByte()
	if err != nil || first == 140 {
		return 1, true
	}
	text := map[byte]string{100: "验收报告已经盖章", 101: "Acceptance signed"}[first]
	if text != "" {
		fmt.Printf("5\t1\t1\t1\t1\t1\t0\t0\t10\t10\t93\t%s\n", text)
	}
	return 0, true
}

// scan is a picture large enough to hold text, of one gray.
func scan(gray uint8, side int) string {
	g := image.NewGray(image.Rect(0, 0, 300, side))
	for y := range side {
		for x := range 300 {
			g.SetGray(x, y, color.Gray{Y: gray})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, g)
	return b.String()
}

// A picture waits until there is an engine; then it is found by what it says,
// without being read again, and says what read it.
func TestPictures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("扫描/验收.png", scan(100, 200))
	o.write("扫描/同一张.png", scan(100, 200))
	o.write("photo.png", scan(240, 300))
	o.write("broken.png", scan(140, 400))
	o.ingest()
	open := func() int64 {
		t.Helper()
		s, err := o.a.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s.OpenWork["ocr"]
	}
	if n := open(); n != 3 {
		t.Errorf("%d pictures wait, want 3", n)
	}
	if got := o.find("已经盖章"); len(got) > 0 {
		t.Errorf("found without an engine: %q", got)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.cfg.OCR.Program = self
	o.restart()
	account := o.ingest()
	if n := open(); n != 0 || account.Incomplete() {
		t.Errorf("%d pictures wait still; %+v", n, account)
	}
	if got := o.find("已经盖章"); len(got) != 1 {
		t.Errorf("the scan is found as %q", got)
	}
	v, err := o.a.Show(t.Context(), "扫描/验收.png", nil)
	if err != nil || len(v.Sections) != 1 || v.Fields["ocr"] != "tesseract 5.0 chi_sim+eng" || v.Fields["ocr_confidence"] != "0.93" || v.Read != "full" {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err = o.a.Show(t.Context(), "photo.png", nil); err != nil || v.Read != "full" || len(v.Sections) != 0 {
		t.Errorf("a photo: %+v, %v", v, err)
	}
	if v, err = o.a.Show(t.Context(), "broken.png", nil); err != nil || v.Read != "partial" || v.Reason != "crash" {
		t.Errorf("a picture that the engine dies of: %s %s, %v", v.Read, v.Reason, err)
	}
	o.clean("after reading pictures")
	before := o.dump()
	o.ingest()
	// Read again, as after a new version of its reader: what was seen is kept.
	if _, _, err := o.a.Retry(t.Context(), Retry{Refs: []string{"扫描/验收.png"}}); err != nil {
		t.Fatal(err)
	}
	if after := o.dump(); after != before {
		t.Errorf("doing it again changed the dump:\n%s\n---\n%s", before, after)
	}
	if got := o.find("已经盖章"); len(got) != 1 {
		t.Errorf("read again, the scan is found as %q", got)
	}
}

// A document of pictures alone waits; a picture, or a page in a document with text,
// is work beside a state.
func TestWaitsForItsPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  document.Kind
		text  string
		state ledger.State
	}{{document.KindDocument, "", ledger.Waiting}, {document.KindDocument, "text", ledger.Indexed}, {document.KindImage, "", ledger.Indexed}} {
		d := &document.Document{Kind: c.kind, Read: document.Partial, Reason: document.MissingEngine}
		d.AddText(document.Position{Page: 1}, "", c.text)
		content := &ledger.Content{}
		(&reading{item: &ledger.Item{}, size: 1, doc: d}).fill(content)
		if content.Then != c.state || content.OpenWork != workOCR {
			t.Errorf("%s %q: %s, open %q", c.kind, c.text, content.Then, content.OpenWork)
		}
	}
}
