package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/review"
)

// reviewOptions ask for a review, or confirm findings of one. Out stays at home,
// as an original's does; Form is what its name ends with.
type reviewOptions struct {
	Quarter string
	Confirm []string
	As      string
	Who     string
	Note    string
	Form    string
	Tell    bool
	JSON    bool
	Out     string `json:"-"`
}

func newReviewCommand(e *env) *cobra.Command {
	var o reviewOptions
	cmd := &cobra.Command{
		Use:  "review",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runReview(cmd.Context(), e, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Quarter, "quarter", "", e.t("review.flag.quarter"))
	f.StringVar(&o.Out, "out", "", e.t("review.flag.out"))
	f.StringSliceVar(&o.Confirm, "confirm", nil, e.t("review.flag.confirm"))
	f.StringVar(&o.As, "as", string(review.Seen), e.t("review.flag.as", e.or(decisions())))
	f.StringVar(&o.Who, "who", "", e.t("review.flag.who"))
	f.StringVar(&o.Note, "note", "", e.t("review.flag.note"))
	f.BoolVar(&o.Tell, "tell", false, e.t("review.flag.tell"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang review --quarter 2026Q1 --out 复核.xlsx", "guidang review --confirm ss2dqkyxuj57mjf2 --as done --who 何嘉 --note 已补签")
}

func decisions() []string {
	var out []string
	for _, d := range review.Decisions {
		out = append(out, string(d))
	}
	return out
}

// confirmCommand is review as the holder of the directory runs it when something
// is written.
const confirmCommand = "confirm"

// tellCommand is review as the holder runs it when people are told.
const tellCommand = "tell"

// tellResponsible tells those who are responsible and says what came of it.
func (e *env) tellResponsible(ctx context.Context, a *pipeline.Archive, o reviewOptions) error {
	told, err := a.Tell(ctx, e.lang == english)
	if errors.Is(err, pipeline.ErrNoWay) {
		return &sentenceError{e.t("review.tell.no-way"), err}
	}
	if err != nil {
		return err
	}
	if o.JSON {
		return e.printJSON(told)
	}
	if len(told.People) == 0 {
		_, err = fmt.Fprintln(e.stdout, e.t("review.tell.nobody"))
		return err
	}
	list := &columns{}
	for _, p := range told.People {
		var by []string
		if p.Mail {
			by = append(by, p.Address)
		}
		if p.Group {
			by = append(by, e.t("review.tell.group"))
		}
		list.add(visible(p.Name), grouped(int64(p.Findings)), visible(strings.Join(by, ", ")), visible(p.Problem))
	}
	_, err = fmt.Fprint(e.stdout, list.String())
	return err
}

func runReview(ctx context.Context, e *env, o reviewOptions) error {
	if o.Quarter != "" {
		if _, _, err := review.Span(strings.ToUpper(o.Quarter)); err != nil {
			return e.usage("review.quarter", o.Quarter)
		}
	}
	if err := e.oneOf("as", o.As, decisions()); err != nil {
		return err
	}
	if len(o.Confirm) > 0 && o.Who == "" {
		return e.usage("review.who")
	}
	if o.Out != "" && e.archive == nil {
		o.Form = strings.ToLower(filepath.Ext(o.Out))
		if o.Form != ".html" && o.Form != ".xlsx" {
			return e.usage("review.form", o.Out)
		}
		return e.intoFile(o.Out, func(inner *env) error {
			o.Out = ""
			return runReview(ctx, inner, o)
		})
	}
	want := access{command: "review", options: o}
	if len(o.Confirm) > 0 {
		want.command, want.changes = confirmCommand, true
	}
	if o.Tell {
		want.command, want.changes = tellCommand, true
	}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		if o.Tell {
			return e.tellResponsible(ctx, a, o)
		}
		if len(o.Confirm) > 0 {
			err := a.Confirm(ctx, o.Quarter, o.Confirm, review.Decision(o.As), o.Who, o.Note, nil)
			if errors.Is(err, pipeline.ErrNoFinding) {
				return &sentenceError{e.t("review.unknown", err), err}
			}
			if err != nil {
				return err
			}
		}
		r, err := a.Review(ctx, o.Quarter, nil)
		if err != nil {
			return err
		}
		return e.printReview(r, o)
	})
}

func (e *env) printReview(r *review.Report, o reviewOptions) error {
	switch {
	case o.Form == ".html":
		return r.HTML(e.stdout, e.lang == english)
	case o.Form == ".xlsx":
		var b bytes.Buffer // a workbook's writer seeks
		if err := r.XLSX(&b, e.lang == english); err != nil {
			return err
		}
		_, err := b.WriteTo(e.stdout)
		return err
	case o.JSON:
		return e.printJSON(r)
	}
	_, err := fmt.Fprint(e.stdout, e.reviewText(r))
	return err
}

// reviewText is a review for people: what nobody has confirmed yet.
func (e *env) reviewText(r *review.Report) string {
	en := e.lang == english
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.bold(e.t("review.head", r.Quarter, grouped(int64(r.Open)), grouped(int64(len(r.Findings)-r.Open)))))
	for _, g := range r.Groups() {
		list := &columns{indent: "  "}
		for i := range g.Findings {
			f := &g.Findings[i]
			if f.Confirmed != nil {
				continue
			}
			said := f.Said(en)
			if f.Sort == review.SortAction && said != "" {
				said = "@" + said
			}
			list.add(f.ID, review.Say("sort."+string(f.Sort), en), visible(f.Project), cut(visible(f.Title(en)), 60), f.Day, visible(said))
		}
		if len(list.rows) == 0 {
			continue
		}
		name := g.Customer
		if name == "" {
			name = review.Say("nobody", en)
		}
		fmt.Fprintf(&b, "%s\n%s", e.bold(visible(name)), list.String())
	}
	if !slices.ContainsFunc(r.Findings, func(f review.Finding) bool { return f.Confirmed == nil }) {
		fmt.Fprintln(&b, review.Say("none", en))
	}
	return b.String()
}
