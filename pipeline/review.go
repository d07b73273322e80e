package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/pipeline/review"
	"guidang/pipeline/sensitive"
)

// Requirements says how the documents stand that a project must have, as far as
// somebody with the given scopes sees them; nil means all.
func (a *Archive) Requirements(ctx context.Context, p *ledger.Project, scopes []string) ([]review.Required, error) {
	template, err := review.LoadTemplate(a.cfg.Review.Template)
	if err != nil {
		return nil, err
	}
	g := &reviewing{a: a, papers: map[int64][]review.Paper{}}
	var ids []int64
	err = a.ledger.Assignments(ctx, ledger.OfDossier{Project: p.ID}, func(b *ledger.Belonging) error {
		if b.Standing != ledger.Doubtful {
			ids = append(ids, b.Content)
		}
		return nil
	})
	for _, id := range ids {
		if err != nil {
			break
		}
		err = g.look(ctx, id, p.ID, scopes)
	}
	return template.Complete(reviewProject(p), g.papers[p.ID]), err
}

func reviewProject(p *ledger.Project) review.Project {
	return review.Project{Kind: p.Kind, Phase: p.Phase, State: string(p.State)}
}

// look takes one content of a project into its papers.
func (g *reviewing) look(ctx context.Context, id, project int64, scopes []string) error {
	c, err := g.a.ledger.Content(ctx, id)
	if err != nil {
		return err
	}
	i, err := g.a.visible(ctx, c, scopes)
	if err != nil || i == nil {
		return err
	}
	p, verdict, err := g.a.paper(ctx, c)
	if err != nil {
		return err
	}
	return g.paper(ctx, c, i, p, verdict, []int64{project})
}

// paper is what is told of a content, and its verdict; both are empty where
// nothing is.
func (a *Archive) paper(ctx context.Context, c *ledger.Content) (*ledger.Paper, *doctype.Verdict, error) {
	verdict := &doctype.Verdict{}
	p, err := a.ledger.Paper(ctx, c.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return &ledger.Paper{}, verdict, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(p.Verdict), verdict)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("what is told of %s: %w", c.DocumentID(), err)
	}
	return p, verdict, nil
}

// reviewing gathers what a review is made of.
type reviewing struct {
	a        *Archive
	customer map[string]*ledger.Customer
	project  map[int64]*ledger.Project
	papers   map[int64][]review.Paper // by project
	terms    []review.Term
	report   *review.Report

	unassigned map[string]*[2]int // by source: of nobody, in doubt
	owner      map[string]owner   // by document
}

// owner is whose a document is, firmest first.
type owner struct{ customer, project string }

// gatherReview finds everything of a quarter's review but what people said.
func (a *Archive) gatherReview(ctx context.Context, quarter string, now time.Time, scopes []string) (*review.Report, error) {
	from, after, err := review.Span(quarter)
	if err != nil {
		return nil, err
	}
	template, err := review.LoadTemplate(a.cfg.Review.Template)
	if err != nil {
		return nil, err
	}
	customers, err := a.Customers(ctx, scopes)
	if err != nil {
		return nil, err
	}
	g := &reviewing{a: a, customer: map[string]*ledger.Customer{}, project: map[int64]*ledger.Project{}, papers: map[int64][]review.Paper{}, unassigned: map[string]*[2]int{}, owner: map[string]owner{},
		report: &review.Report{Quarter: quarter, Made: now.Format(time.RFC3339), From: from.Format(time.DateOnly), To: after.AddDate(0, 0, -1).Format(time.DateOnly), Customers: []review.CustomerLine{}, Findings: []review.Finding{}}}
	for i := range customers {
		g.customer[customers[i].Name] = customers[i].Customer
		for _, p := range customers[i].Projects {
			g.project[p.ID] = p.Project
		}
	}
	if err := a.eachVisible(ctx, func(*ledger.Content) bool { return true }, scopes, func(s *shown) error { return g.take(ctx, s) }); err != nil {
		return nil, err
	}
	if err := g.actions(ctx, from, after, scopes); err != nil {
		return nil, err
	}
	day := after.AddDate(0, 0, -1)
	if now.Before(day) {
		day = now
	}
	g.add(review.Expiring(g.terms, day)...)
	g.complete(template, customers)
	g.nobodys()
	return g.report, nil
}

// said are the confirmations by finding, oldest first.
func (a *Archive) said(ctx context.Context) (map[string][]review.Confirmation, error) {
	all, err := a.ledger.Confirmations(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]review.Confirmation{}
	for _, c := range all {
		out[c.Finding] = append(out[c.Finding], review.Confirmation{Decision: review.Decision(c.Decision), Who: c.Who, At: c.At.Format(time.RFC3339), Note: c.Note, Quarter: c.Quarter})
	}
	return out, nil
}

func (g *reviewing) add(findings ...review.Finding) {
	for _, f := range findings {
		f.Responsible = g.responsible(f.Customer, f.Project)
		g.report.Findings = append(g.report.Findings, f)
	}
}

func (g *reviewing) responsible(customer, project string) string {
	for _, p := range g.project {
		if p.Key == project && project != "" {
			if who := cmp.Or(p.Responsible, p.Manager); who != "" {
				return who
			}
		}
	}
	if c := g.customer[customer]; c != nil {
		return c.Responsible
	}
	return ""
}

// take looks at one content.
func (g *reviewing) take(ctx context.Context, s *shown) error {
	p, verdict, err := g.a.paper(ctx, s.c)
	if err != nil {
		return err
	}
	var projects []int64
	made := false
	customer, project := firstOwner(s.whose)
	for _, b := range s.whose {
		if b.Standing != ledger.Doubtful {
			made = true
			if b.Project != 0 {
				projects = append(projects, b.Project)
			}
		}
	}
	if !made && s.c.Then != "" && s.item.State != ledger.Skipped && s.c.Kind != document.KindArchive {
		n := g.unassigned[s.item.Source]
		if n == nil {
			n = &[2]int{}
			g.unassigned[s.item.Source] = n
		}
		n[0]++
		if len(s.whose) > 0 {
			n[1]++
		}
	}
	if kinds := worthTelling(p); len(kinds) > 0 {
		g.add(review.Finding{Sort: review.SortSensitive, Customer: customer, Project: project, Subject: titleOf(s.c, s.item), Document: s.c.DocumentID(), Detail: strings.Join(kinds, ", ")})
	}
	if made {
		g.owner[s.c.DocumentID()] = owner{customer, project}
		g.ending(s, verdict, customer, project)
	}
	return g.paper(ctx, s.c, s.item, p, verdict, projects)
}

// manyMobiles is from how many numbers on a document counts as a list of
// people. Nearly every mail ends with one, in its signature.
const manyMobiles = 10

// worthTelling are the kinds of sensitive data of a paper that a review speaks
// of.
func worthTelling(p *ledger.Paper) []string {
	var kinds []string
	for _, k := range p.Kinds {
		if k != document.SensitiveMobile {
			kinds = append(kinds, k)
			continue
		}
		var found []sensitive.Finding
		if json.Unmarshal([]byte(p.Findings), &found) != nil {
			continue
		}
		n := 0
		for _, f := range found {
			if f.Kind == document.SensitiveMobile {
				n++
			}
		}
		if n >= manyMobiles {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// ending notes when a contract ends.
func (g *reviewing) ending(s *shown, verdict *doctype.Verdict, customer, project string) {
	switch verdict.Type {
	case document.TypeContract, document.TypeMaintenance, document.TypeSupplement:
	default:
		return
	}
	for _, what := range []string{doctype.RenewsOn, doctype.EndsOn} {
		if day := verdict.Field(what); day != "" {
			g.terms = append(g.terms, review.Term{Document: s.c.DocumentID(), Title: titleOf(s.c, s.item), Type: verdict.Type, Customer: customer, Project: project, Ends: day, What: what})
			return
		}
	}
}

// paper takes a content into the papers of its projects: by its type, as minutes
// of a meeting, and by the files that a mail only links to.
func (g *reviewing) paper(ctx context.Context, c *ledger.Content, i *ledger.Item, p *ledger.Paper, verdict *doctype.Verdict, projects []int64) error {
	if len(projects) == 0 {
		return nil
	}
	one := review.Paper{Document: c.DocumentID(), Title: titleOf(c, i), Date: day(dateOf(c, i)), Type: p.Type, Signature: review.Signature(verdict.Field(doctype.Signed))}
	if c.Minutes != "" && one.Type == "" {
		one.Type = document.TypeMinutes
	}
	papers := []review.Paper{}
	if one.Type != "" && one.Type != document.TypeOther {
		papers = append(papers, one)
	}
	if c.Kind == document.KindMail {
		linked, err := g.linked(ctx, c, one)
		if err != nil {
			return err
		}
		papers = append(papers, linked...)
	}
	if c.Kind == document.KindSheet {
		named, err := g.named(ctx, c, i, one)
		if err != nil {
			return err
		}
		papers = append(papers, named...)
	}
	for _, id := range projects {
		g.papers[id] = append(g.papers[id], papers...)
	}
	return nil
}

// linked are the files that lie with a service, by what their names say.
func (g *reviewing) linked(ctx context.Context, c *ledger.Content, mail review.Paper) ([]review.Paper, error) {
	d, err := g.a.document(ctx, c)
	if err != nil || d == nil || d.Fields["cloud_files"] == "" {
		return nil, err
	}
	var out []review.Paper
	for text := range strings.SplitSeq(d.Fields["cloud_files"], "\n") {
		name, _, _ := strings.Cut(text, " | ")
		verdict := doctype.Judge(&document.Document{Kind: document.KindDocument}, name)
		if verdict.Type != "" && verdict.Type != document.TypeOther {
			out = append(out, review.Paper{Document: mail.Document, Title: name, Date: mail.Date, Type: verdict.Type, Cloud: true})
		}
	}
	return out, nil
}

// named are the files that rows of a list say belong to them and that are not in the
// archive, by what their names say.
func (g *reviewing) named(ctx context.Context, c *ledger.Content, i *ledger.Item, list review.Paper) ([]review.Paper, error) {
	if yes, err := g.a.ledger.NamesFiles(ctx, c.ID); err != nil || !yes {
		return nil, err
	}
	d, err := g.a.document(ctx, c)
	if err != nil || d == nil {
		return nil, err
	}
	files, err := g.a.namedFiles(ctx, d, []*ledger.Item{i}, nil)
	var out []review.Paper
	for _, f := range files {
		if !f.Missing || f.Name == "" {
			continue
		}
		verdict := doctype.Judge(&document.Document{Kind: document.KindDocument}, f.Name)
		if verdict.Type != "" && verdict.Type != document.TypeOther {
			out = append(out, review.Paper{Document: list.Document, Title: f.Name, Date: list.Date, Type: verdict.Type, Cloud: true})
		}
	}
	return out, err
}

// actions finds what somebody promised and nobody has done: what was due in the
// year up to the quarter's end, and what has no day, of the quarter's meetings.
func (g *reviewing) actions(ctx context.Context, from, after time.Time, scopes []string) error {
	all, err := g.a.Actions(ctx, scopes)
	since, begun, until := after.AddDate(-1, 0, 0).Format(time.DateOnly), from.Format(time.DateOnly), after.Format(time.DateOnly)
	for i := range all {
		x := &all[i]
		if x.Done {
			continue
		}
		of := g.owner[x.Document]
		f := review.Finding{Sort: review.SortAction, Customer: of.customer, Project: of.project, Subject: x.Text, Document: x.Document, Detail: x.Owner}
		switch {
		case x.Due != nil && *x.Due >= since && *x.Due < until:
			f.Day = *x.Due
		case x.Due == nil && x.Date >= begun && x.Date < until:
		default:
			continue
		}
		g.add(f)
	}
	return err
}

// complete holds every project against the template.
func (g *reviewing) complete(template *review.Template, customers []CustomerView) {
	sorts := map[review.Standing]review.Sort{review.Missing: review.SortMissing, review.NotSigned: review.SortUnsigned, review.OnlyLinked: review.SortCloud}
	for i := range customers {
		c := &customers[i]
		line := review.CustomerLine{Name: c.Name, Responsible: c.Responsible, Documents: c.Documents, Projects: []review.ProjectLine{}}
		for _, p := range c.Projects {
			one := review.ProjectLine{Key: p.Key, Name: p.Name, Phase: p.Phase, State: string(p.State), Documents: p.Documents, Required: template.Complete(reviewProject(p.Project), g.papers[p.ID])}
			for _, r := range one.Required {
				if r.State == review.There {
					one.There++
					continue
				}
				f := review.Finding{Sort: sorts[r.State], Customer: c.Name, Project: p.Key, Type: r.Type}
				if len(r.Papers) > 0 {
					f.Subject, f.Document = r.Papers[0].Title, r.Papers[0].Document
				}
				g.add(f)
			}
			line.Projects = append(line.Projects, one)
		}
		g.report.Customers = append(g.report.Customers, line)
	}
}

// nobodys tells how many documents of each source are of no customer.
func (g *reviewing) nobodys() {
	for source, n := range g.unassigned {
		g.add(review.Finding{Sort: review.SortUnassigned, Subject: source, Detail: fmt.Sprintf("unassigned %d, doubtful %d", n[0], n[1])})
	}
}
