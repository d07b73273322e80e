package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
)

type extractOptions struct {
	File string
	JSON bool
	Text bool
}

func newExtractCommand(e *env) *cobra.Command {
	var o extractOptions
	cmd := &cobra.Command{
		Use:  "extract FILE",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			return runExtract(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("extract.flag.json"))
	cmd.Flags().BoolVar(&o.Text, "text", false, e.t("extract.flag.text"))
	return e.describe(cmd, []int{0, 1, 2, 3, 130},
		"guidang extract 合同.docx", "guidang extract archive.zip --json | jq -r '.locator + \" \" + .read'")
}

func runExtract(ctx context.Context, e *env, o extractOptions) error {
	if o.JSON && o.Text {
		return e.usage("error.together", "json", "text")
	}
	if err := e.regularFile(o.File); err != nil {
		return err
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(e.stdout, chunk)
	show := e.printDocument
	switch {
	case o.JSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		show = func(_ io.Writer, d *document.Document) error { return enc.Encode(d) }
	case o.Text:
		show = printText
	}
	all, none := int64(0), int64(0)
	err = pipeline.Extract(ctx, cfg, o.File, func(d *document.Document) error {
		all++
		if d.Read == document.None {
			none++
		}
		return show(out, d)
	})
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err == nil && none > 0 {
		err = &incompleteError{e.t("extract.none", grouped(none), grouped(all))}
	}
	return err
}

// printText writes the text alone. A heading stands before its section unless
// the section begins with it already.
func printText(out io.Writer, d *document.Document) error {
	for _, s := range d.Sections {
		if s.Heading != "" && !strings.HasPrefix(strings.TrimSpace(s.Text), s.Heading) {
			if _, err := fmt.Fprintln(out, s.Heading); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintln(out, s.Text); err != nil {
			return err
		}
	}
	return nil
}

// printDocument is a document for a person: what it is, then its text.
func (e *env) printDocument(out io.Writer, d *document.Document) error {
	var b strings.Builder
	facts := []string{e.name("kind", string(d.Kind)), size(d.Size), e.readText(d)}
	if d.Date != "" {
		facts = append(facts, d.Date)
	}
	fmt.Fprintf(&b, "%s\n  %s\n", e.bold(visible(d.Locator)), strings.Join(facts, " · "))
	if d.Title != "" {
		fmt.Fprintf(&b, "  %s\n", visible(d.Title))
	}
	if who := people(d.People); who != "" {
		fmt.Fprintf(&b, "  %s\n", visible(who))
	}
	for _, w := range d.Warnings {
		fmt.Fprintf(&b, "  ! %s\n", visible(strings.TrimSpace(w.Code+" "+w.Detail)))
	}
	e.sections(&b, d)
	b.WriteString("\n")
	_, err := io.WriteString(out, b.String())
	return err
}
