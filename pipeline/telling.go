package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"guidang/pipeline/ledger"
	"guidang/pipeline/notify"
	"guidang/pipeline/review"
)

// Told is what telling those who are responsible came to.
type Told struct {
	Quarter string       `json:"quarter"`
	People  []ToldPerson `json:"people"`
}

// ToldPerson is one of them.
type ToldPerson struct {
	Name     string `json:"name"`
	Address  string `json:"address,omitempty"`
	Findings int    `json:"findings"` // of which he had not been told in this quarter
	Mail     bool   `json:"mail"`
	Group    bool   `json:"group"`
	Problem  string `json:"problem,omitempty"`
}

// ErrNoWay says that nothing is set by which anybody could be told.
var ErrNoWay = errors.New("neither notify.mail.server nor notify.webhook is set")

// tellable are the findings that somebody is responsible for: what a project
// lacks and which contracts end. Open actions have owners of their own.
var tellable = []review.Sort{review.SortMissing, review.SortUnsigned, review.SortCloud, review.SortExpiring, review.SortExpired}

// Tell tells those who are responsible for projects and customers what these lack,
// of each finding once a quarter: them by mail what it is, the group how much it is
// for whom, since not everybody in it may see whose it is.
func (a *Archive) Tell(ctx context.Context, english bool) (*Told, error) {
	n := &a.cfg.Notify
	if n.Server == "" && n.Webhook == "" {
		return nil, ErrNoWay
	}
	r, err := a.Review(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	of := map[string][]review.Finding{}
	for _, f := range r.Findings {
		if f.Confirmed == nil && f.Told == "" && f.Responsible != "" && slices.Contains(tellable, f.Sort) {
			of[f.Responsible] = append(of[f.Responsible], f)
		}
	}
	out := &Told{Quarter: r.Quarter, People: []ToldPerson{}}
	for name, findings := range of {
		out.People = append(out.People, ToldPerson{Name: name, Findings: len(findings)})
	}
	slices.SortFunc(out.People, func(x, y ToldPerson) int { return strings.Compare(x.Name, y.Name) })
	for i := range out.People {
		if err := a.tellPerson(ctx, &out.People[i], of[out.People[i].Name], r.Quarter, english); err != nil {
			return out, err
		}
	}
	if err := a.tellGroup(ctx, out, english); err != nil {
		return out, err
	}
	commits := a.ledger.Commits()
	now := time.Now()
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, p := range out.People {
			way := map[bool]string{true: "mail", false: "group"}[p.Mail]
			for _, f := range of[p.Name] {
				if !p.Mail && !p.Group {
					continue
				}
				if err := tx.AddTelling(&ledger.Telling{Finding: f.ID, Quarter: r.Quarter, Who: p.Name, Way: way, At: now}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	a.reviews.follow(commits, a.ledger.Commits())
	return out, err
}

// tellPerson sends one his mail. What keeps it from him is told and tried again
// the next time; it keeps nothing from the others.
func (a *Archive) tellPerson(ctx context.Context, p *ToldPerson, findings []review.Finding, quarter string, english bool) error {
	n := &a.cfg.Notify
	if n.Server == "" {
		return nil
	}
	var err error
	if p.Address, err = a.addressOf(ctx, p.Name, n.From); err != nil {
		return err
	}
	if p.Address == "" {
		p.Problem = "no address"
		return nil
	}
	m := notify.Mail{Server: n.Server, From: n.From, User: n.User, Password: n.Password}
	subject := fmt.Sprintf(review.Say("tell.subject", english), len(findings), quarter)
	if err := m.Send(ctx, p.Address, subject, a.tellText(findings, quarter, english)); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.Problem = err.Error()
		return nil
	}
	p.Mail = true
	return nil
}

// tellText is what one is told: by customer and project.
func (a *Archive) tellText(findings []review.Finding, quarter string, english bool) string {
	var b strings.Builder
	last := ""
	for _, f := range findings {
		if head := strings.TrimSpace(f.Customer + " " + f.Project); head != last {
			fmt.Fprintf(&b, "\n%s\n", head)
			last = head
		}
		fmt.Fprintf(&b, "- %s: %s", review.Say("sort."+string(f.Sort), english), f.Title(english))
		if f.Day != "" {
			fmt.Fprintf(&b, " (%s)", f.Day)
		}
		b.WriteString("\n")
	}
	if a.cfg.Notify.Link != "" {
		fmt.Fprintf(&b, "\n%s/review?quarter=%s\n", strings.TrimRight(a.cfg.Notify.Link, "/"), url.QueryEscape(quarter))
	}
	return strings.TrimLeft(b.String(), "\n")
}

// tellGroup tells the group how much waits for whom.
func (a *Archive) tellGroup(ctx context.Context, out *Told, english bool) error {
	n := &a.cfg.Notify
	if n.Webhook == "" || len(out.People) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf(review.Say("tell.group", english), out.Quarter)}
	for _, p := range out.People {
		lines = append(lines, fmt.Sprintf("%s: %d", p.Name, p.Findings))
	}
	if n.Link != "" {
		lines = append(lines, strings.TrimRight(n.Link, "/")+"/review?quarter="+url.QueryEscape(out.Quarter))
	}
	err := notify.Post(ctx, n.Webhook, strings.Join(lines, "\n"))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i := range out.People {
		p := &out.People[i]
		p.Group = err == nil
		if err != nil {
			p.Problem = cmp.Or(p.Problem, err.Error())
		}
	}
	return nil
}

// addressOf finds the mail address of somebody of our own firm: what the list says
// if that is one, else that of the person of this name in the archive's mails. An
// address of another domain than the sender's is never taken: a customer may have a
// 王伟 too.
func (a *Archive) addressOf(ctx context.Context, name, from string) (string, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return "", fmt.Errorf("notify.mail.from: %w", err)
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	ours := func(address string) bool {
		_, d, ok := strings.Cut(address, "@")
		return ok && strings.EqualFold(d, domain)
	}
	if said, err := mail.ParseAddress(name); err == nil && ours(said.Address) {
		return said.Address, nil
	}
	people, err := a.ledger.People(ctx, 0)
	if err != nil {
		return "", err
	}
	found := []string{}
	for _, p := range people {
		if p.Name != name {
			continue
		}
		if i := slices.IndexFunc(p.Addresses, ours); i >= 0 {
			found = append(found, p.Addresses[i])
		}
	}
	if len(found) != 1 { // two of one name: neither is guessed
		return "", nil
	}
	return found[0], nil
}

// markTold writes into a review when those responsible were told of its findings.
func (a *Archive) markTold(ctx context.Context, r *review.Report) error {
	all, err := a.ledger.Tellings(ctx, r.Quarter)
	if err != nil {
		return err
	}
	at := map[string]string{}
	for _, t := range all {
		at[t.Finding] = t.At.Format(time.RFC3339)
	}
	for i := range r.Findings {
		r.Findings[i].Told = at[r.Findings[i].ID]
	}
	return nil
}

// tellAfterNight tells those responsible after a scheduled run; what goes wrong
// with it is no fault of the run.
func (a *Archive) tellAfterNight(ctx context.Context) {
	told, err := a.Tell(ctx, a.cfg.Language == "en")
	if errors.Is(err, ErrNoWay) {
		return
	}
	if err != nil {
		a.log.Warn("those responsible could not be told", "error", err)
		return
	}
	for _, p := range told.People {
		if p.Problem != "" {
			a.log.Warn("somebody responsible could not be told", "name", p.Name, "findings", p.Findings, "problem", p.Problem)
		}
	}
}
