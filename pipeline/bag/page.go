package bag

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
)

//go:embed page/*.html
var pageFiles embed.FS

// pageTemplates are the pages of a package. They load nothing and need no
// network; the browser is told so (Content-Security-Policy).
var pageTemplates = template.Must(template.New("").Funcs(template.FuncMap{"href": href}).ParseFS(pageFiles, "page/*.html"))

// href is a path of the package as a link: readable names hold what a URL may
// not.
func href(name string) template.URL {
	return template.URL((&url.URL{Path: "./" + name}).EscapedPath()) //nolint:gosec // every part is escaped here, and it begins with ./
}

// pageView is what the templates are given.
type pageView struct {
	Words   vocabulary
	Project Project
	Record  *Record
	Report  *Report
	Made    string
	States  []stateCount
}

type stateCount struct {
	Name  string
	Count int64
}

// T gives a word.
func (v pageView) T(key string) string { return v.Words.say(key) }

// Lang is the page's language.
func (v pageView) Lang() string { return v.Words.lang() }

// Check gives the words of a check, whose short name may be a word's too.
func (v pageView) Check(id string) string {
	return CheckWord(id, v.Words.english)
}

// CheckWord says a check of a report in words.
func CheckWord(id string, english bool) string {
	if _, ok := pageWords[id+".check"]; ok {
		id += ".check"
	}
	return vocabulary{english}.say(id)
}

// Detail says what a check found in words: reasons and states have some.
func (v pageView) Detail(check, detail string) string {
	if check == "required" {
		return v.Words.say(detail)
	}
	parts := strings.Fields(detail)
	for i, p := range parts {
		if _, ok := pageWords["r."+p]; !ok {
			return detail
		}
		parts[i] = v.Words.say("r." + p)
	}
	return strings.Join(parts, ", ")
}

func (k *Pack) view() pageView {
	v := pageView{Words: k.words, Project: k.project, Report: k.report, Made: k.o.Made.Format("2006-01-02 15:04")}
	for _, state := range slices.Sorted(maps.Keys(k.states)) {
		v.States = append(v.States, stateCount{k.words.say(state), k.states[state]})
	}
	return v
}

// addRow writes a record's row of index.html, and its line among the minutes.
func (k *Pack) addRow(r *Record) error {
	v := pageView{Words: k.words, Record: r}
	var row bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&row, "row.html", v); err != nil {
		return err
	}
	if _, err := row.WriteTo(k.lists[listRows].file); err != nil {
		return err
	}
	if r.Minutes == "" {
		return nil
	}
	if err := pageTemplates.ExecuteTemplate(&row, "meeting.html", v); err != nil {
		return err
	}
	_, err := row.WriteTo(k.lists[listMinutes].file)
	return err
}

// pages writes index.html, whose rows wait in a list, and report.html.
func (k *Pack) pages(ctx context.Context) error {
	v := k.view()
	var report, head, between, foot bytes.Buffer
	for name, to := range map[string]io.Writer{"report.html": &report, "head.html": &head, "between.html": &between, "foot.html": &foot} {
		if err := pageTemplates.ExecuteTemplate(to, name, v); err != nil {
			return err
		}
	}
	if _, _, err := k.w.Add(ctx, "report.html", k.o.Made, &report); err != nil {
		return err
	}
	rows, minutes := k.lists[listRows].file, k.lists[listMinutes].file
	for _, f := range []io.Seeker{rows, minutes} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	_, _, err := k.w.Add(ctx, "index.html", k.o.Made, io.MultiReader(&head, minutes, &between, rows, &foot))
	return err
}

// Search is what the filter of the page looks in.
func (v pageView) Search() string {
	r := v.Record
	return strings.ToLower(strings.Join([]string{r.Number, r.Title, r.Responsible, r.Date, r.Type, r.Original}, " "))
}
