package main

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/index"
)

// searchOptions is a question. The fields travel to the holder.
type searchOptions struct {
	Query     string
	Kinds     []string
	Customers []string
	Projects  []string
	Tags      []string
	From, To  string
	Sort      string
	Limit     int
	Offset    int
	JSON      bool
}

// maxLimit is the contract's bound on --limit.
const maxLimit = 500

func newSearchCommand(e *env) *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:  "search QUERY",
		Args: e.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Query = strings.Join(args, " ")
			return runSearch(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.Kinds, "kind", nil, e.t("search.flag.kind"))
	f.StringSliceVar(&o.Customers, "customer", nil, e.t("search.flag.customer"))
	f.StringSliceVar(&o.Projects, "project", nil, e.t("search.flag.project"))
	f.StringSliceVar(&o.Tags, "tag", nil, e.t("search.flag.tag"))
	f.StringVar(&o.From, "from", "", e.t("search.flag.from"))
	f.StringVar(&o.To, "to", "", e.t("search.flag.to"))
	f.StringVar(&o.Sort, "sort", string(index.Relevance), e.t("search.flag.sort"))
	f.IntVar(&o.Limit, "limit", 20, e.t("search.flag.limit"))
	f.IntVar(&o.Offset, "offset", 0, e.t("search.flag.offset"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang search 需求变更 --kind mail --from 2024-03", `guidang search '"acceptance test" -draft' --json`)
}

// kinds that `--kind` takes; decision and action come with their meetings.
func kinds() (out []string) {
	for _, k := range document.Kinds {
		out = append(out, string(k))
	}
	return out
}

// request checks a question and makes the index's own of it.
func (o searchOptions) request(e *env) (index.Request, error) {
	r := index.Request{Text: o.Query, Customers: o.Customers, Projects: o.Projects, Tags: o.Tags, Limit: o.Limit, Offset: o.Offset}
	for _, k := range o.Kinds {
		if !slices.Contains(kinds(), k) {
			return r, e.usage("search.kind", e.or(kinds()), k)
		}
		r.Kinds = append(r.Kinds, document.Kind(k))
	}
	if r.Sort = index.Sort(o.Sort); r.Sort != index.Relevance && r.Sort != index.ByDate {
		return r, e.usage("search.sort", o.Sort)
	}
	if o.Limit < 1 || o.Limit > maxLimit {
		return r, e.usage("error.range", "limit", 1, maxLimit, o.Limit)
	}
	if o.Offset < 0 {
		return r, e.usage("error.range", "offset", 0, 1<<31-1, o.Offset)
	}
	var err error
	if r.From, _, err = e.parseDay("from", o.From); err != nil {
		return r, err
	}
	// A person means the whole day (month, year); the index leaves To out.
	if _, r.To, err = e.parseDay("to", o.To); err != nil {
		return r, err
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		return r, e.usage("error.dates")
	}
	return r, nil
}

func runSearch(ctx context.Context, e *env, o searchOptions) error {
	request, err := o.request(e)
	if err != nil {
		return err
	}
	return e.withArchive(ctx, access{command: "search", options: o}, func(a *pipeline.Archive) error {
		result, err := a.Search(ctx, request, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(result)
		}
		_, err = fmt.Fprint(e.stdout, e.resultText(result, o))
		return err
	})
}

// resultText shows hits as people read them: title, where, the matching words.
func (e *env) resultText(r *index.Result, o searchOptions) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.t("search.total."+r.TotalIs, grouped(int64(r.Total)), r.TookMS))
	if len(r.Hits) == 0 && r.Total == 0 {
		fmt.Fprintf(&b, "%s\n", e.t("search.none"))
	}
	if len(r.LeftOut) > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("search.relaxed", visible(strings.Join(r.LeftOut, ", "))))
	}
	if len(r.TakenApart) > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("search.apart", visible(strings.Join(r.TakenApart, ", "))))
	}
	if r.DidYouMean != "" {
		fmt.Fprintf(&b, "%s\n", e.t("search.meant", visible(r.DidYouMean)))
	}
	b.WriteString(e.alsoText(r.Also))
	for i, h := range r.Hits {
		facts := []string{e.name("kind", string(h.Kind))}
		for _, f := range []string{h.Date, e.position(h.Position), strings.Join(h.Tags, " ")} {
			if f != "" {
				facts = append(facts, visible(f))
			}
		}
		fmt.Fprintf(&b, "\n%3d  %s\n", o.Offset+i+1, e.bold(visible(h.Title)))
		fmt.Fprintf(&b, "     %s · %s\n", strings.Join(facts, " · "), h.Document)
		fmt.Fprintf(&b, "     %s\n", visible(h.Locator))
		if s := e.snippet(h.Snippet); s != "" {
			fmt.Fprintf(&b, "     %s\n", s)
		}
		for _, u := range h.Under {
			fmt.Fprintf(&b, "     + %s: %s · %s\n", e.t("search."+u.Relation), visible(u.Title), u.Document)
		}
	}
	if left := r.Groups - o.Offset - len(r.Hits); left > 0 && len(r.Hits) > 0 {
		fmt.Fprintf(&b, "\n%s\n", e.t("search.more", grouped(int64(left)), o.Offset+len(r.Hits)))
	}
	return b.String()
}

// alsoText shows what was found beside documents.
func (e *env) alsoText(a *index.Also) string {
	if a == nil {
		return ""
	}
	var b strings.Builder
	for _, g := range []struct {
		key   string
		names []index.Named
	}{{"search.customers", a.Customers}, {"search.projects", a.Projects}, {"search.people", a.People}} {
		for _, n := range g.names {
			fmt.Fprintf(&b, "     %s: %s\n", e.t(g.key), visible(n.Name))
		}
	}
	for _, g := range []struct {
		key  string
		said []index.Said
	}{{"search.decided", a.Decisions}, {"search.todo", a.Actions}} {
		for _, s := range g.said {
			fmt.Fprintf(&b, "     %s: %s (%s, %s)\n", e.t(g.key), visible(s.Text), s.Date, visible(s.Meeting))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + b.String()
}

// bold makes text stand out where the terminal can.
func (e *env) bold(s string) string {
	if !e.colour {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// snippet turns a hit's HTML into text: marks become bold, or nothing.
func (e *env) snippet(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, found := strings.Cut(s, "<mark>")
		b.WriteString(visible(html.UnescapeString(before)))
		if !found {
			break
		}
		marked, after, _ := strings.Cut(rest, "</mark>")
		b.WriteString(e.bold(visible(html.UnescapeString(marked))))
		s = after
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// position says in words where a section stands.
func (e *env) position(p document.Position) string {
	switch {
	case p.Page > 0:
		return e.t("position.page", p.Page)
	case p.Sheet != "" && p.Rows != nil:
		return e.t("position.sheet", visible(p.Sheet), p.Rows[0], p.Rows[1])
	case p.Sheet != "":
		return e.t("position.tab", visible(p.Sheet))
	case p.Slide > 0:
		return e.t("position.slide", p.Slide)
	case p.Start != nil:
		return clock(*p.Start)
	case p.Line > 0:
		return e.t("position.line", p.Line)
	}
	return ""
}

// clock writes seconds as 00:12:31.
func clock(seconds float64) string {
	s := max(0, int(seconds))
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}
