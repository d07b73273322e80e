package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
)

type showOptions struct {
	Ref  string
	JSON bool
}

func newShowCommand(e *env) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:  "show ID",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Ref = args[0]
			return runShow(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang show mzxw6ytboi", "guidang show 'mails.mbox!/mail:1842193' --json")
}

func runShow(ctx context.Context, e *env, o showOptions) error {
	return e.withArchive(ctx, access{command: "show", options: o}, func(a *pipeline.Archive) error {
		v, err := a.Show(ctx, o.Ref, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(v)
		}
		_, err = fmt.Fprint(e.stdout, e.viewText(v))
		return err
	})
}

// viewText is a document for a person at a terminal: its facts, its text, what
// it holds.
func (e *env) viewText(v *pipeline.View) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.bold(visible(v.Title)))
	facts := &columns{indent: "  "}
	add := func(key, value string) {
		if value != "" {
			facts.add(e.t(key), visible(value))
		}
	}
	add("show.id", v.ID)
	for _, o := range v.Occurrences {
		add("show.where", o.Source+" · "+o.Locator)
		held := append([]string{o.Mailbox, o.Folder}, o.Flags...)
		add("show.folder", joined(append(held, o.Labels...)))
	}
	if v.Thread > 1 {
		add("show.thread", grouped(int64(v.Thread)))
	}
	for _, other := range v.Variants {
		add("show.variant", other.Document+" · "+e.name("variant", other.How))
	}
	if v.Around != nil {
		add("show.within", v.Around.Name)
	}
	add("show.kind", e.name("kind", string(v.Kind))+" · "+v.MediaType)
	if v.Type != "" {
		add("show.type", e.name("doctype", string(v.Type)))
	}
	for _, f := range v.Details {
		add("show.detail", e.name("detail", f.Name)+" · "+e.detailValue(&f)+e.behind(f.Position))
	}
	for _, one := range v.Versions {
		mark := ""
		if one.Here {
			mark = " ◀"
		}
		add("show.version", joined([]string{one.Document, one.Name, one.Label, one.Date})+mark)
	}
	for _, f := range v.Sensitive[:min(len(v.Sensitive), 10)] {
		add("show.sensitive", e.name("sensitive", f.Kind)+" · "+f.Masked+e.behind(f.Position))
	}
	add("show.date", v.Date)
	add("show.size", size(v.Size))
	state := e.name("state", string(v.State))
	if v.StateReason != "" {
		state += " · " + e.name("reason", v.StateReason)
	}
	add("show.state", state)
	add("show.read", e.readText(v.Document))
	add("show.people", people(v.People))
	add("show.tags", strings.Join(v.Tags, " · "))
	var names []string
	for _, t := range v.Terms {
		names = append(names, t.Term)
	}
	add("show.terms", strings.Join(names, " · "))
	for _, w := range v.Warnings {
		add("show.warnings", strings.TrimSpace(w.Code+" "+w.Detail))
	}
	b.WriteString(facts.String())
	e.sections(&b, v.Document)
	if len(v.Inner) > 0 {
		fmt.Fprintf(&b, "\n%s%s\n", e.t("show.children"), e.sum(v))
		list := &columns{indent: "  "}
		for _, c := range v.Inner {
			list.add(c.Document, e.name("state", string(c.State)), visible(c.Name))
		}
		b.WriteString(list.String())
		if more := v.InnerTotal - len(v.Inner); more > 0 {
			fmt.Fprintf(&b, "  %s\n", e.t("show.more", grouped(int64(more))))
		}
	}
	return b.String()
}

// detailValue is a detail for people: words that the program chose are theirs.
func (e *env) detailValue(f *doctype.Field) string {
	switch f.Name {
	case doctype.Signed:
		return e.name("signed", f.Value)
	case doctype.Result:
		return e.name("acceptance", f.Value)
	}
	return f.Value
}

// behind is a position behind a value, where there is one to go to.
func (e *env) behind(p document.Position) string {
	if at := e.position(p); at != "" {
		return "  (" + at + ")"
	}
	return ""
}

// joined puts what is there together.
func joined(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// sum tells of a container how many of its children are in each state: they add
// up to all that are there now.
func (e *env) sum(v *pipeline.View) string {
	var parts []string
	total := int64(0)
	for _, state := range ledger.States() {
		if n := v.InnerStates[state]; n > 0 {
			total += n
			parts = append(parts, grouped(n)+" "+e.name("state", string(state)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + grouped(total) + " = " + strings.Join(parts, " + ") + ")"
}

// readText says how much of a document was read and what kept the rest.
func (e *env) readText(d *document.Document) string {
	text := e.name("extract.read", string(d.Read))
	if d.Reason != "" {
		text += " · " + e.name("reason", string(d.Reason))
	}
	return text
}

// sections writes a document's text with its positions.
func (e *env) sections(b *strings.Builder, d *document.Document) {
	for _, s := range d.Sections {
		b.WriteString("\n")
		head := e.position(s.Position)
		if s.Heading != "" {
			head = strings.TrimSpace(head + "  " + visible(s.Heading))
		}
		if head != "" {
			fmt.Fprintf(b, "— %s\n", head)
		}
		fmt.Fprintf(b, "%s\n", visibleText(s.Text))
	}
}

func people(list []document.Person) string {
	var out []string
	for i, p := range list {
		if i == 20 {
			out = append(out, "…")
			break
		}
		name := p.Name
		if name == "" {
			name = p.Address
		} else if p.Address != "" {
			name += " <" + p.Address + ">"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}
