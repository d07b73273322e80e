package main

import (
	"bufio"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/table"
)

// exportOptions choose a table. Out stays at home, as an original's does.
type exportOptions struct {
	Kind string
	CSV  bool
	JSON bool
	Out  string `json:"-"`
}

// The tables beside those of one kind of document.
const (
	tableDocuments = "documents"
	tableMinutes   = "minutes"
	tableActions   = "actions"
)

func newExportCommand(e *env) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:  "export",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runExport(cmd.Context(), e, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Kind, "kind", "", e.t("export.flag.kind"))
	f.BoolVar(&o.CSV, "csv", false, e.t("export.flag.csv"))
	f.BoolVar(&o.JSON, "json", false, e.t("export.flag.json"))
	f.StringVar(&o.Out, "out", "", e.t("export.flag.out"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang export --kind actions --out 待办.csv", "guidang export --kind mail --json | jq -r .title")
}

func runExport(ctx context.Context, e *env, o exportOptions) error {
	if o.CSV && o.JSON {
		return e.usage("error.together", "csv", "json")
	}
	if err := e.oneOf("kind", o.Kind, exportTables()); err != nil {
		return err
	}
	if o.Out != "" && e.archive == nil {
		return e.intoFile(o.Out, func(inner *env) error {
			o.Out = ""
			return runExport(ctx, inner, o)
		})
	}
	return e.withArchive(ctx, access{command: "export", options: o}, func(a *pipeline.Archive) error {
		w := &rows{out: bufio.NewWriterSize(e.stdout, chunk)}
		if o.JSON {
			w.json = json.NewEncoder(w.out)
			w.json.SetEscapeHTML(false)
		}
		if err := e.exportTable(ctx, a, o.Kind, w); err != nil {
			return err
		}
		return w.end()
	})
}

func exportTables() []string {
	list := []string{tableDocuments, tableMinutes, tableActions}
	for _, k := range document.Kinds {
		if !slices.Contains(list, string(k)) {
			list = append(list, string(k))
		}
	}
	return list
}

// rows writes a table in one of the two forms.
type rows struct {
	out  *bufio.Writer
	json *json.Encoder
	csv  *table.CSV
}

func (w *rows) head(columns ...string) (err error) {
	if w.json == nil {
		w.csv, err = table.NewCSV(w.out, columns...)
	}
	return err
}

func (w *rows) row(whole any, cells ...string) error {
	if w.json != nil {
		return w.json.Encode(whole)
	}
	return w.csv.Row(cells...)
}

func (w *rows) end() error {
	if w.csv != nil {
		if err := w.csv.Flush(); err != nil {
			return err
		}
	}
	return w.out.Flush()
}

func (e *env) exportTable(ctx context.Context, a *pipeline.Archive, kind string, w *rows) error {
	switch kind {
	case tableMinutes:
		if err := w.head("document", "title", "date", "customers", "projects", "attendees", "headline", "summary", "topics", "key_points", "decisions", "actions", "risks", "open_questions", "method"); err != nil {
			return err
		}
		return a.ExportMinutes(ctx, nil, func(r *pipeline.MinutesRow) error {
			return w.row(r, r.Document, r.Title, r.Date, list(r.Customers), list(r.Projects), list(r.Attendees), r.Headline, r.Summary, list(r.Topics), list(r.KeyPoints), list(r.Decisions),
				list(r.Actions), list(r.Risks), list(r.OpenQuestions), r.Method)
		})
	case tableActions:
		if err := w.head("document", "meeting", "date", "customers", "projects", "text", "owner", "due_text", "due", "done"); err != nil {
			return err
		}
		return a.ExportActions(ctx, nil, func(r *pipeline.ActionRow) error {
			return w.row(r, r.Document, r.Meeting, r.Date, list(r.Customers), list(r.Projects), r.Text, r.Owner, r.DueText, r.Due, strconv.FormatBool(r.Done))
		})
	case tableDocuments:
		kind = ""
	}
	if err := w.head("id", "kind", "type", "title", "date", "customers", "projects", "people", "tags", "terms", "sensitive", "language", "name", "source", "locator", "places", "state", "reason", "read", "media_type", "size", "sha256"); err != nil {
		return err
	}
	return a.ExportDocuments(ctx, document.Kind(kind), nil, func(r *pipeline.DocumentRow) error {
		return w.row(r, r.ID, string(r.Kind), string(r.Type), r.Title, r.Date, list(r.Customers), list(r.Projects), list(r.People), list(r.Tags), list(r.Terms), list(r.Sensitive), r.Language, r.Name, r.Source, r.Locator,
			strconv.Itoa(r.Places), string(r.State), r.Reason, string(r.Read), r.MediaType, strconv.FormatInt(r.Size, 10), r.SHA256)
	})
}

// list is a list within one cell.
func list(values []string) string { return strings.Join(values, " | ") }
