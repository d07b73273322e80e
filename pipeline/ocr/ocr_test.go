package ocr

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

// TestMain lets the test binary play tesseract: it is started with tesseract's
// arguments and answers as that does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "--version":
			fmt.Println("tesseract 5.3.0\n leptonica-1.82.0")
			return
		case "--list-langs":
			fmt.Println("List of available languages in \"/models\" (4):\nchi_sim\nchi_tra\neng\nosd")
			return
		case "stdin":
			os.Exit(play(os.Args))
		}
	}
	os.Exit(m.Run())
}

// play reads the picture and says what its first pixel asks for.
func play(args []string) int {
	b := bufio.NewReader(os.Stdin)
	var w, h int
	if _, err := fmt.Fscanf(b, "P5\n%d %d\n255\n", &w, &h); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	first, _ := b.ReadByte()
	_, _ = io.Copy(io.Discard, b)
	language := args[slices.Index(args, "-l")+1]
	word := func(line int, sure float64, text string) {
		fmt.Printf("5\t1\t1\t1\t%d\t1\t0\t0\t10\t10\t%f\t%s\n", line, sure, text)
	}
	fmt.Println("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext")
	fmt.Println("1\t1\t0\t0\t0\t0\t0\t0\t10\t10\t-1\t")
	switch {
	case first == 1:
		fmt.Fprintln(os.Stderr, "Error in boxClipToRectangle")
		return 1
	case first == 2:
		select {}
	case first == 3:
		for {
			fmt.Println(strings.Repeat("x", 1<<16))
		}
	case language == "chi_sim" && first >= 200:
		word(1, 84, "合同")
		word(1, 86, "金额")
		word(2, 5, "噪声")
	case language == "chi_tra" && first >= 200:
		word(1, 70, "合约")
	case language == "chi_tra":
		word(1, 95, "專案")
	case language == "eng":
		word(1, 96, "Contract")
		word(1, 96, "No.")
	case first >= 100:
		word(1, 75, "专案")
	default:
		word(1, 60, "Coniract")
	}
	return 0
}

func engine(t testing.TB, o Options) *Tesseract {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Program = self
	e, err := Find(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func picture(w, h int, first byte) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	g.Pix[0] = first
	return g
}

func TestRead(t *testing.T) {
	t.Parallel()
	e := engine(t, Options{})
	if got := e.Fingerprint(); got != "tesseract 5.3.0 chi_sim+chi_tra+eng" || !e.Chinese() {
		t.Errorf("fingerprint %q", got)
	}
	if args := e.args("eng"); !slices.Contains(args, "/models") || args[5] != "1" {
		t.Errorf("arguments %q", args)
	}
	for name, c := range map[string]struct {
		first byte
		want  Page
	}{
		"simplified":  {255, Page{"合同金额", 0.85, "chi_sim"}}, // and the line that is noise is not taken
		"traditional": {100, Page{"專案", 0.95, "chi_tra"}},
		"English":     {50, Page{"Contract No.", 0.96, "eng"}},
	} {
		got, err := e.Read(t.Context(), picture(20, 20, c.first), "")
		if err != nil || *got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := e.Read(t.Context(), picture(20, 20, 200), "chi_tra"); err != nil || got.Language != "chi_sim" {
		t.Errorf("what went well before is tried first, and others when it is poor now: %+v, %v", got, err)
	}
	if got, err := e.Read(t.Context(), picture(4, 4, 200), ""); err != nil || got.Text != "" {
		t.Errorf("a speck: %+v, %v", got, err)
	}
}

// An engine that fails, hangs or does not stop talking costs one picture.
func TestFailures(t *testing.T) {
	t.Parallel()
	for first, stall := range map[byte]time.Duration{1: time.Minute, 2: 300 * time.Millisecond, 3: time.Minute} {
		_, err := engine(t, Options{Stall: stall}).Read(t.Context(), picture(20, 20, first), "")
		if !errors.Is(err, ErrStopped) {
			t.Errorf("%d: %v", first, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := engine(t, Options{}).Read(ctx, picture(20, 20, 2), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if _, err := Find(t.Context(), Options{Program: "no-such-program-here"}); !errors.Is(err, ErrMissing) {
		t.Errorf("not there: %v", err)
	}
	self, _ := os.Executable()
	if _, err := Find(t.Context(), Options{Program: self, Languages: []string{"jpn"}}); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "jpn") {
		t.Errorf("no model: %v", err)
	}
}

func TestStrips(t *testing.T) {
	t.Parallel()
	if got := strips(picture(1000, 1414, 0)); len(got) != 1 {
		t.Errorf("a page is cut into %d", len(got))
	}
	// Text everywhere but in rows 2000 to 2040 and 4100 to 4110.
	g := image.NewGray(image.Rect(0, 0, 1080, 6000))
	for y := range 6000 {
		for x := range 1080 {
			if g.Pix[y*g.Stride+x] = 255; x%3 == 0 && (y < 2000 || y > 2040) && (y < 4100 || y > 4110) {
				g.Pix[y*g.Stride+x] = 0
			}
		}
	}
	sum, last := 0, 0
	var cuts []int
	for _, s := range strips(g) {
		if s.Rect.Min.Y != last {
			t.Errorf("a gap at %d", last)
		}
		last = s.Rect.Max.Y
		sum += s.Rect.Dy()
		cuts = append(cuts, last)
	}
	if sum != 6000 || len(cuts) != 3 || cuts[0] < 2000 || cuts[0] > 2040 || cuts[1] < 4100 || cuts[1] > 4110 {
		t.Errorf("cut at %v", cuts)
	}
	dark := image.NewGray(image.Rect(0, 0, 50, 50))
	if !inverted(dark) || inverted(picture(50, 50, 0)) || invert(dark).Pix[7] != 255 {
		t.Error("light on dark is not told")
	}
}

func TestGraymap(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "P5 2 2 255\nabc", "P6 2 2 255\nabcd", "P5 -2 2 255\nabcd", "P5 99999999 99999999 255\n", "P5 2 2 255", strings.Repeat("P5 1", 1000)} {
		if g, err := ReadGraymap(strings.NewReader(bad)); err == nil {
			t.Errorf("%.20q is %v", bad, g.Rect)
		}
	}
	g, err := ReadGraymap(strings.NewReader("P5 2 2 255\nabcd"))
	if err != nil || string(g.Pix) != "abcd" {
		t.Errorf("%v, %v", g, err)
	}
	b := &bytes.Buffer{}
	if err := writeGraymap(b, picture(3, 4, 9).SubImage(image.Rect(0, 2, 3, 4)).(*image.Gray)); err != nil || b.String() != "P5\n3 2\n255\n"+strings.Repeat("\xff", 6) {
		t.Errorf("%q, %v", b, err)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	got := ""
	for _, w := range []string{"数据库", "采用", "PostgreSQL", "16", "，", "and", "“more”", "。"} {
		got = join(got, w)
	}
	if want := "数据库采用PostgreSQL 16，and “more”。"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLayer(t *testing.T) {
	t.Parallel()
	d := &document.Document{Kind: document.KindDocument, Read: document.Partial, Reason: document.MissingEngine, Fields: map[string]string{"pages_ocr": "2-3,5,x,9-1"}}
	d.AddText(document.Position{Page: 1}, "", "first")
	d.AddText(document.Position{Page: 3}, "", "\ue001\ue002")
	d.AddText(document.Position{Page: 4}, "", "fourth")
	d.Warn("missing-engine", "pages")
	d.Warn("garbled-text", "page 3")
	d.Warn("truncated", "its end is lost")
	if got := Wanted(d); !slices.Equal(got, []int{2, 3, 5}) {
		t.Fatalf("wanted %v", got)
	}
	l := &Layer{Engine: "e 1", Pages: []LayerPage{{Number: 2, Page: Page{"zwei", 0.9, "eng"}}, {Number: 3, Page: Page{"drei", 0.7, "eng"}}, {Number: 5, Lost: document.Crash}}}
	l.Apply(d)
	text := ""
	for _, s := range d.Sections {
		text += fmt.Sprint(s.Position.Page, s.Text, " ")
	}
	if text != "1first 2zwei 3drei 4fourth " {
		t.Errorf("%s", text)
	}
	if d.Read != document.Partial || d.Reason != document.Truncated || d.Fields["ocr_confidence"] != "0.80" || d.Fields["ocr"] != "e 1" || d.Fields["pages_ocr"] != "" || Wanted(d) != nil {
		t.Errorf("%s %s %v", d.Read, d.Reason, d.Fields)
	}
	i := &document.Document{Kind: document.KindImage, Read: document.Partial, Reason: document.MissingEngine, Fields: map[string]string{"pages": "1"}}
	if got := Wanted(i); len(got) != 1 {
		t.Fatalf("of a picture %v", got)
	}
	(&Layer{Engine: "e 1", Pages: []LayerPage{{Number: 1}}}).Apply(i) // a photo without a letter
	if i.Read != document.Full || len(i.Sections) > 0 || i.Fields["ocr"] != "" {
		t.Errorf("%+v", i)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t90.5\t合同\n5\t1\t1\t1\t1\t2\t0\t0\t1\t1\t90.5\tNo.\n")
	f.Add("5\t1\t1\t1\t1\t1\t0\t0\t1\t1\tNaN\tx\n")
	f.Fuzz(func(t *testing.T, table string) {
		r := parse(table)
		if c := r.confidence(); r.chars < 0 || c < 0 || c != c {
			t.Errorf("%d characters, confidence %v", r.chars, c)
		}
	})
}

func FuzzReadGraymap(f *testing.F) {
	f.Add([]byte("P5 2 2 255\nabcd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if g, err := ReadGraymap(bytes.NewReader(data)); err == nil && len(g.Pix) > len(data) {
			t.Error("more pixels than bytes")
		}
	})
}
