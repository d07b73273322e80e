package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Options are what Tesseract needs from outside.
type Options struct {
	// Command starts this program as a child, which confines itself and becomes
	// tesseract; its first word is the program. Nil: tesseract runs unconfined, which
	// is for tests and for systems without a sandbox.
	Command   []string
	Program   string        // path or name; empty: tesseract, where programs lie
	Languages []string      // models to use, the commonest first; empty: the usual ones that are there
	Memory    int64         // that it may hold; 0: 512 MB (a page takes 120)
	Stall     time.Duration // longest that one strip may take; 0: two minutes
}

// Tesseract is the engine of that name.
type Tesseract struct {
	o       Options
	version string
	data    string // folder of its models
	turns   bool   // it can tell how a page is turned
}

// ErrMissing says that there is no tesseract, or none with a model.
var ErrMissing = errors.New("tesseract is not there")

// usual are the models that are used when none are named: Chinese alone reads
// English too, and better with digits between than both models together (3.5
// against 4.3 % wrong on a contract); traditional and plain English pages are told
// by the confidence.
var usual = []string{"chi_sim", "chi_tra", "eng"}

var (
	versionLine  = regexp.MustCompile(`(?m)^tesseract v?(\d[\w.\-]*)`)
	languageHead = regexp.MustCompile(`^List of available languages in "(.+)"`)
	languageName = regexp.MustCompile(`^[A-Za-z][\w\-/]*$`)
)

// Find looks for tesseract and asks it what it can. ErrMissing, with what is
// missing, when it cannot read.
func Find(ctx context.Context, o Options) (*Tesseract, error) {
	name := o.Program
	if name == "" {
		name = "tesseract"
	}
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrMissing, name)
	}
	o.Program = path
	if o.Memory <= 0 {
		o.Memory = 512 << 20
	}
	if o.Stall <= 0 {
		o.Stall = 2 * time.Minute
	}
	t := &Tesseract{o: o}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	ask := func(arg string) (string, error) {
		out, err := exec.CommandContext(ctx, path, arg).CombinedOutput() //nolint:gosec // a program that was looked for, a fixed argument
		if err != nil {
			return "", fmt.Errorf("%w: %s %s: %w", ErrMissing, path, arg, err)
		}
		return string(out), nil
	}
	said, err := ask("--version")
	if err != nil {
		return nil, err
	}
	if m := versionLine.FindStringSubmatch(said); m != nil {
		t.version = m[1]
	}
	if said, err = ask("--list-langs"); err != nil {
		return nil, err
	}
	have := t.models(said)
	t.turns = slices.Contains(have, "osd")
	want := o.Languages
	if len(want) == 0 {
		want = usual
	}
	t.o.Languages = nil
	for _, l := range want {
		if slices.Contains(have, l) {
			t.o.Languages = append(t.o.Languages, l)
		}
	}
	if len(t.o.Languages) == 0 {
		return nil, fmt.Errorf("%w: %s has no model for %s", ErrMissing, path, strings.Join(want, ", "))
	}
	return t, nil
}

// models reads the list of models, and where they lie.
func (t *Tesseract) models(said string) (have []string) {
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if m := languageHead.FindStringSubmatch(line); m != nil {
			t.data = filepath.Clean(m[1])
		} else if languageName.MatchString(line) {
			have = append(have, line)
		}
	}
	return have
}

// Fingerprint implements Engine.
func (t *Tesseract) Fingerprint() string {
	return "tesseract " + t.version + " " + strings.Join(t.o.Languages, "+")
}

// Path is where the program lies.
func (t *Tesseract) Path() string { return t.o.Program }

// Chinese says whether it has a model for Chinese.
func (t *Tesseract) Chinese() bool {
	return slices.ContainsFunc(t.o.Languages, func(l string) bool { return strings.HasPrefix(l, "chi_") })
}

// sure is the confidence from which no other model is tried. Of pages in
// simplified Chinese the right model gave 0.82 to 0.88 and the traditional one
// 0.76 to 0.82; of traditional ones 0.81 to 0.90 and 0.71 to 0.82; the English
// model gives 0.95 on English and below 0.45 on Chinese.
const sure = 0.9

// Read implements Engine.
func (t *Tesseract) Read(ctx context.Context, picture *image.Gray, first string) (*Page, error) {
	if picture.Rect.Dx() < 8 || picture.Rect.Dy() < 8 {
		return &Page{}, nil
	}
	if inverted(picture) {
		picture = invert(picture)
	}
	cut := strips(picture)
	tried := map[string]bool{}
	try := func(language string) (*reading, error) {
		tried[language] = true
		all := &reading{}
		for _, s := range cut {
			r, err := t.strip(ctx, s, language)
			if err != nil {
				return nil, err
			}
			all.lines = append(all.lines, r.lines...)
			all.sure, all.chars, all.han = all.sure+r.sure, all.chars+r.chars, all.han+r.han
		}
		return all, nil
	}
	language := t.o.Languages[0]
	if slices.Contains(t.o.Languages, first) {
		language = first
	}
	best, err := try(language)
	if err != nil {
		return nil, err
	}
	for _, next := range t.o.Languages {
		if tried[next] || best.confidence() >= sure || first != "" && best.confidence() >= good {
			continue
		}
		if strings.HasPrefix(next, "chi_") != best.chinese() && best.chars > 0 {
			continue // of no use: what is English is not traditional Chinese
		}
		r, err := try(next)
		if err != nil {
			return nil, err
		}
		if r.confidence() > best.confidence() && r.chars*3 > best.chars {
			best, language = r, next
		}
	}
	return &Page{Text: strings.TrimSpace(strings.Join(best.lines, "\n")), Confidence: best.confidence(), Language: language}, nil
}

// good is enough of a page behind one that was read in the same language.
const good = 0.75

// strip has one picture read.
func (t *Tesseract) strip(ctx context.Context, g *image.Gray, language string) (*reading, error) {
	in := &bytes.Buffer{}
	if err := writeGraymap(in, g); err != nil {
		return nil, err
	}
	out, err := t.run(ctx, in, language)
	if err != nil {
		return nil, err
	}
	return parse(out), nil
}

// args are the fixed arguments. Page segmentation 1 finds out first how the page is
// turned, for which it has a model of its own; 3 takes it as it comes. The words come
// as a table.
func (t *Tesseract) args(language string) []string {
	pages := "3"
	if t.turns {
		pages = "1"
	}
	args := []string{"stdin", "stdout", "-l", language, "--psm", pages, "-c", "tessedit_create_tsv=1", "-c", "debug_file=/dev/null"}
	if t.data != "" {
		args = append(args, "--tessdata-dir", t.data)
	}
	return args
}
