package bag

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/table"
)

// Pack writes the package of a project. It is used by one goroutine. Close
// ends it; Discard gives up and is safe after Close.
type Pack struct {
	w       *Writer
	project Project
	o       Options
	words   vocabulary
	n       int

	// What grows with every record waits in files until the originals are in.
	lists   []*list
	files   *table.CSV
	account *table.CSV

	report *Report
	states map[string]int64
}

// list is a file of the package that grows while originals are written.
type list struct {
	name string
	file *os.File
}

// Result is what a package came to.
type Result struct {
	Number      string  `json:"number"`
	Fingerprint string  `json:"fingerprint"` // keep it elsewhere: `verify` prints the same
	Records     int     `json:"records"`
	Originals   int     `json:"originals"`
	Files       int64   `json:"files"`
	Bytes       int64   `json:"bytes"`
	Report      *Report `json:"report"`
}

// The lists, in the order in which they stand in the package.
const (
	listFiles = iota
	listXML
	listAccount
	listRows
	listMinutes
	listCount
)

// NewPack begins a package. The caller closes w.
func NewPack(w io.Writer, p Project, o Options) (_ *Pack, err error) {
	base := SafeName(p.Number)
	k := &Pack{w: NewWriter(w, base+"-"+o.Made.Format("20060102"), o.Made), project: p, o: o, words: vocabulary{o.English}, report: newReport(), states: map[string]int64{}}
	defer func() {
		if err != nil {
			k.Discard()
		}
	}()
	for _, name := range []string{"metadata/files.csv", "metadata/files.xml", "account.csv", "", ""} {
		f, err := os.CreateTemp(o.Scratch, "package-*")
		if err != nil {
			return nil, fmt.Errorf("scratch file of a package: %w", err)
		}
		k.lists = append(k.lists, &list{name, f})
	}
	if k.files, err = table.NewCSV(k.lists[listFiles].file, fileColumns...); err != nil {
		return nil, err
	}
	if k.account, err = table.NewCSV(k.lists[listAccount].file, accountColumns...); err != nil {
		return nil, err
	}
	return k, k.beginXML()
}

// Discard removes what waits in files.
func (k *Pack) Discard() {
	for _, l := range k.lists {
		_ = l.file.Close()
		_ = os.Remove(l.file.Name())
	}
	k.lists = nil
}

// Add puts a record with its original (nil: it cannot be had; r.Absent says why)
// and what was read out of it into the package. A failing read of the original
// does not end the package: what came of it would be no original, so the record
// says why, and the report counts it. An error is the package's.
func (k *Pack) Add(ctx context.Context, r *Record, original io.Reader) error {
	k.n++
	r.Number = k.project.Number + "-" + numbered(k.n)
	r.Retention, r.Secrecy = or(r.Retention, k.project.Retention), or(r.Secrecy, k.project.Secrecy)
	r.Type = or(r.Type, k.words.kind(r.Kind))
	if original != nil {
		if err := k.original(ctx, r, original); err != nil {
			return err
		}
	}
	if len(r.Sections) > 0 {
		r.Text = "texts/" + numbered(k.n) + ".txt"
		if _, _, err := k.w.Add(ctx, r.Text, r.Modified, strings.NewReader(text(r))); err != nil {
			return err
		}
	}
	if r.Markdown != "" {
		r.Minutes = "minutes/" + numbered(k.n) + ".md"
		if _, _, err := k.w.Add(ctx, r.Minutes, r.Modified, strings.NewReader(r.Markdown)); err != nil {
			return err
		}
		if _, _, err := k.w.Add(ctx, "minutes/"+numbered(k.n)+".json", r.Modified, strings.NewReader(string(r.MinutesJSON))); err != nil {
			return err
		}
	}
	k.report.look(r)
	for _, p := range r.Places {
		if err := k.Account(p, r); err != nil {
			return err
		}
	}
	return errors.Join(k.files.Row(fileRow(r)...), k.addXML(r), k.addRow(r))
}

// Account writes an item of the project into its account; r is nil for an item
// that has no document, such as one that was skipped by a rule.
func (k *Pack) Account(p Place, r *Record) error {
	k.states[p.State]++
	number, original := "", ""
	if r != nil {
		number, original = r.Number, r.Original
	}
	gone := ""
	if p.Gone {
		gone = k.words.say("yes")
	}
	return k.account.Row(p.Source, p.Locator, p.State, p.Reason, p.Detail, gone, strconv.FormatInt(p.Size, 10), p.SHA256, number, original)
}

// failing remembers an error of an original, so that it is told from one of the
// package.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err, err = err, io.EOF
	}
	return n, err
}

func (k *Pack) original(ctx context.Context, r *Record, original io.Reader) error {
	name := "originals/" + SafeName(r.Type) + "/" + numbered(k.n) + "_" + SafeName(or(r.Name, r.Document))
	from := &failing{r: original}
	sum, n, err := k.w.Add(ctx, name, r.Modified, from)
	if err != nil {
		return err
	}
	r.Original = name
	r.Size = n
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case from.err != nil:
		r.Absent = from.err.Error()
		k.report.broken(r)
	case sum != r.Sum:
		k.report.mismatch(r, hex.EncodeToString(sum[:]))
	}
	r.SHA256 = hex.EncodeToString(sum[:])
	return nil
}

// text is what was read out of a record, each section under its place.
func text(r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s  %s\n\n", r.Title, r.Number, r.Date)
	for _, s := range r.Sections {
		if at := position(s.Position); at != "" {
			fmt.Fprintf(&b, "[%s]\n", at)
		}
		if s.Heading != "" && !strings.HasPrefix(s.Text, s.Heading) {
			b.WriteString(s.Heading + "\n")
		}
		b.WriteString(s.Text + "\n\n")
	}
	return b.String()
}

func position(p document.Position) string {
	switch {
	case p.Page > 0:
		return fmt.Sprintf("p. %d", p.Page)
	case p.Sheet != "" && p.Rows != nil:
		return fmt.Sprintf("%s %d-%d", p.Sheet, p.Rows[0], p.Rows[1])
	case p.Sheet != "":
		return p.Sheet
	case p.Slide > 0:
		return fmt.Sprintf("# %d", p.Slide)
	case p.Start != nil:
		return (time.Duration(*p.Start) * time.Second).String()
	}
	return ""
}

// Close writes the lists, the report and the pages, and ends the package.
// requirements may be nil, where nothing is known of what must be there.
func (k *Pack) Close(ctx context.Context, requirements []Requirement) (*Result, error) {
	defer k.Discard()
	k.report.Requirements = requirements
	k.report.conclude(k.project, k.o, k.n, k.states)
	if err := errors.Join(k.files.Flush(), k.account.Flush(), k.endXML()); err != nil {
		return nil, err
	}
	for _, l := range k.lists[:listRows] {
		if err := k.fromList(ctx, l.name, l); err != nil {
			return nil, err
		}
	}
	for _, f := range []struct {
		name string
		v    any
	}{{"metadata/project.json", k.project}, {"report.json", k.report}} {
		body, err := json.MarshalIndent(f.v, "", "  ")
		if err != nil {
			return nil, err
		}
		if _, _, err := k.w.Add(ctx, f.name, k.o.Made, strings.NewReader(string(body)+"\n")); err != nil {
			return nil, err
		}
	}
	if err := k.pages(ctx); err != nil {
		return nil, err
	}
	res := &Result{Number: k.project.Number, Records: k.n, Originals: k.report.originals, Files: k.w.files, Bytes: k.w.bytes, Report: k.report}
	var err error
	res.Fingerprint, err = k.w.Close(ctx, k.info())
	return res, err
}

// fromList copies a list into the package.
func (k *Pack) fromList(ctx context.Context, name string, l *list) error {
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, _, err := k.w.Add(ctx, name, k.o.Made, l.file)
	return err
}

func (k *Pack) info() []Field {
	p := k.project
	return []Field{
		{"Bag-Software-Agent", k.o.Software},
		{"External-Identifier", p.Number},
		{"External-Description", strings.TrimSpace(p.Customer + " " + p.Name)},
		{"Bag-Size", humanSize(k.w.bytes)},
		{"Contact-Name", or(p.Responsible, "-")},
		{"Internal-Sender-Identifier", or(strings.Join(p.Contracts, ", "), "-")},
		{"Internal-Sender-Description", fmt.Sprintf("Guidang archive package; %d records", k.n)},
	}
}

func humanSize(n int64) string {
	const unit = 1024
	v, i := float64(n), 0
	for ; v >= unit && i < 4; i++ {
		v /= unit
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " " + []string{"B", "KB", "MB", "GB", "TB"}[i]
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
