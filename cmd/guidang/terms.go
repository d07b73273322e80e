package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/terms"
)

type termsOptions struct {
	File  string
	Top   int
	JSON  bool
	Learn bool
}

func newTermsCommand(e *env) *cobra.Command {
	var o termsOptions
	cmd := &cobra.Command{
		Use:  "terms FILE",
		Args: e.arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Learn != (len(args) == 0) {
				return e.usage("terms.one")
			}
			if o.Learn {
				return runLearnTerms(cmd.Context(), e, o)
			}
			o.File = args[0]
			return runTerms(cmd.Context(), e, o)
		},
	}
	cmd.Flags().IntVar(&o.Top, "top", 10, e.t("terms.flag.top"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	cmd.Flags().BoolVar(&o.Learn, "learn", false, e.t("terms.flag.learn"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang terms 需求说明书.docx --top 20", "guidang terms --learn")
}

// Bounds of the command: more terms than maxTop are no key terms any more, and
// the first termsText bytes of text hold those that matter.
const (
	maxTop    = 1000
	termsText = 16 << 20
)

func runTerms(ctx context.Context, e *env, o termsOptions) error {
	if o.Top < 1 || o.Top > maxTop {
		return e.usage("error.range", "top", 1, maxTop, o.Top)
	}
	if err := e.regularFile(o.File); err != nil {
		return err
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	glossary, err := pipeline.Glossary(cfg)
	if err != nil {
		return err
	}
	var text strings.Builder
	var first *document.Document
	err = pipeline.Extract(ctx, cfg, o.File, func(d *document.Document) error {
		if first == nil {
			first = d
		}
		if text.Len() < termsText {
			text.WriteString(terms.TextOf(d) + "\n")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if first.Read == document.None {
		return e.fail("terms.unreadable", o.File, e.name("reason", string(first.Reason)))
	}
	found := terms.Extract(text.String(), terms.Options{Top: o.Top, Glossary: glossary})
	if found == nil {
		found = []terms.Term{}
	}
	if o.JSON {
		return e.printJSON(struct {
			Terms []terms.Term `json:"terms"`
		}{found})
	}
	if len(found) == 0 {
		fmt.Fprintln(e.stderr, e.t("terms.none", o.File))
		return nil
	}
	table := &columns{right: []bool{false, false, true}}
	table.add(e.t("terms.head.term"), e.t("terms.head.kind"), e.t("terms.head.score"))
	for _, t := range found {
		table.add(visible(t.Term), e.name("term", t.Kind), strconv.FormatFloat(t.Score, 'f', 2, 64))
	}
	_, err = fmt.Fprint(e.stdout, table.String())
	return err
}

// learnTerms is the command's name between processes.
const learnTerms = "terms learn"

func runLearnTerms(ctx context.Context, e *env, o termsOptions) error {
	want := access{command: learnTerms, options: o, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		did, err := a.LearnTerms(ctx)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(did)
		}
		if did.Number == 0 {
			fmt.Fprintln(e.stderr, e.t("terms.few", did.Texts))
			return nil
		}
		_, err = fmt.Fprintln(e.stdout, e.t("terms.learned", did.Number, did.Texts, did.Changed))
		return err
	})
}
