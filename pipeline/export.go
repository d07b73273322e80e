package pipeline

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/terms"
)

// DocumentRow is a document as a line of a table.
type DocumentRow struct {
	ID        string        `json:"id"`
	Kind      document.Kind `json:"kind"`
	Type      document.Type `json:"type"`
	Title     string        `json:"title"`
	Date      string        `json:"date"`
	Customers []string      `json:"customers"`
	Projects  []string      `json:"projects"`
	People    []string      `json:"people"` // names, or addresses where there is no name
	Tags      []string      `json:"tags"`
	Terms     []string      `json:"terms"`
	Sensitive []string      `json:"sensitive"`
	Language  string        `json:"language"`
	Name      string        `json:"name"`
	Source    string        `json:"source"`
	Locator   string        `json:"locator"`
	Places    int           `json:"places"` // where it was found; the first of them stands here
	State     ledger.State  `json:"state"`
	Reason    string        `json:"reason"`
	Read      document.Read `json:"read"`
	MediaType string        `json:"media_type"`
	Size      int64         `json:"size"`
	SHA256    string        `json:"sha256"`
}

// MinutesRow is a meeting's minutes as a line of a table.
type MinutesRow struct {
	Document      string   `json:"document"`
	Title         string   `json:"title"`
	Date          string   `json:"date"`
	Customers     []string `json:"customers"`
	Projects      []string `json:"projects"`
	Attendees     []string `json:"attendees"`
	Headline      string   `json:"headline"`
	Summary       string   `json:"summary"`
	Topics        []string `json:"topics"`
	KeyPoints     []string `json:"key_points"`
	Decisions     []string `json:"decisions"`
	Actions       []string `json:"actions"`
	Risks         []string `json:"risks"`
	OpenQuestions []string `json:"open_questions"`
	Method        string   `json:"method"`
}

// ActionRow is an action item as a line of a table.
type ActionRow struct {
	Document  string   `json:"document"` // the meeting's
	Meeting   string   `json:"meeting"`
	Date      string   `json:"date"` // of the meeting
	Customers []string `json:"customers"`
	Projects  []string `json:"projects"`
	Text      string   `json:"text"`
	Owner     string   `json:"owner"`
	DueText   string   `json:"due_text"`
	Due       string   `json:"due"` // YYYY-MM-DD, empty where none was said
	Done      bool     `json:"done"`
}

// exportPage is how many contents are looked up at a time.
const exportPage = 500

// shown is a content with the first of its places that may be seen.
type shown struct {
	c      *ledger.Content
	item   *ledger.Item
	places int
	whose  []ledger.Belonging
}

// eachVisible calls fn for every content that somebody with the given scopes
// may see, with whose it is, in the order in which they were found. What is
// only shown within another is no document of its own.
func (a *Archive) eachVisible(ctx context.Context, want func(*ledger.Content) bool, scopes []string, fn func(*shown) error) error {
	var page []*shown
	flush := func() error {
		ids := make([]int64, len(page))
		for n, s := range page {
			ids[n] = s.c.ID
		}
		whose, err := a.ledger.Assigned(ctx, ids)
		for _, s := range page {
			if err == nil {
				s.whose = whose[s.c.ID]
				err = fn(s)
			}
		}
		page = page[:0]
		return err
	}
	err := a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error {
		if c.Canonical == 0 || !want(c) {
			return nil
		}
		items, err := a.ledger.Occurrences(ctx, c.ID)
		if err != nil {
			return err
		}
		if items, err = a.visibleItems(ctx, c, items, scopes); err != nil {
			return err
		}
		s := &shown{c: c}
		for _, i := range items {
			if i.Shown {
				continue
			}
			if s.item == nil {
				s.item = i
			}
			s.places++
		}
		if s.item == nil {
			return nil
		}
		if page = append(page, s); len(page) < exportPage {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// owners are the names of whose a content is; what is in doubt is left out.
func (s *shown) owners() (customers, projects []string) {
	customers, projects = []string{}, []string{}
	for _, b := range s.whose {
		if b.Standing == ledger.Doubtful {
			continue
		}
		customers = once(customers, b.Name)
		if b.Key != "" {
			projects = once(projects, b.Key)
		}
	}
	return customers, projects
}

func once(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// ExportDocuments calls fn for every document; an empty kind means all.
func (a *Archive) ExportDocuments(ctx context.Context, kind document.Kind, scopes []string, fn func(*DocumentRow) error) error {
	want := func(c *ledger.Content) bool { return kind == "" || c.Kind == kind }
	return a.eachVisible(ctx, want, scopes, func(s *shown) error {
		c, i := s.c, s.item
		r := &DocumentRow{
			ID: c.DocumentID(), Kind: c.Kind, Title: titleOf(c, i), Date: day(dateOf(c, i)), People: []string{}, Tags: orEmpty(decodeList[string](c.Tags)), Terms: []string{},
			Language: c.Language, Name: i.Name, Source: i.Source, Locator: i.Locator, Places: s.places, State: i.State, Reason: i.Reason, Read: c.Read, MediaType: c.MediaType,
			Size: i.Size, SHA256: hexOf(i.OwnSum(c)),
		}
		if c.Kind == "" {
			r.Kind = document.KindOther
		}
		paper, _, err := a.paper(ctx, c)
		if err != nil {
			return err
		}
		r.Type, r.Sensitive = paper.Type, orEmpty(paper.Kinds)
		r.Customers, r.Projects = s.owners()
		for _, p := range peopleOf(c.People) {
			r.People = once(r.People, strings.TrimSpace(cmp.Or(p.Name, p.Address)))
		}
		for _, t := range decodeList[terms.Term](c.Terms) {
			r.Terms = append(r.Terms, t.Term)
		}
		return fn(r)
	})
}

// ExportMinutes calls fn for the minutes of every meeting.
func (a *Archive) ExportMinutes(ctx context.Context, scopes []string, fn func(*MinutesRow) error) error {
	return a.eachMeeting(ctx, scopes, func(s *shown, m *minutes.Minutes) error {
		r := &MinutesRow{Document: s.c.DocumentID(), Title: cmp.Or(m.Title, titleOf(s.c, s.item)), Date: m.Date, Attendees: []string{}, Headline: m.Headline, Summary: m.Summary,
			Topics: []string{}, KeyPoints: claimTexts(m.KeyPoints), Decisions: claimTexts(m.Decisions), Actions: []string{}, Risks: claimTexts(m.Risks), OpenQuestions: claimTexts(m.OpenQuestions), Method: m.MadeBy.Method}
		r.Customers, r.Projects = s.owners()
		for _, p := range m.Attendees {
			r.Attendees = append(r.Attendees, p.Name)
		}
		for _, t := range m.Topics {
			r.Topics = append(r.Topics, t.Title)
		}
		for _, x := range m.Actions {
			text := x.Text
			if x.Owner != "" {
				text = x.Owner + ": " + text
			}
			if x.Due != nil {
				text += " (" + *x.Due + ")"
			}
			r.Actions = append(r.Actions, text)
		}
		return fn(r)
	})
}

// ExportActions calls fn for every action item of every meeting.
func (a *Archive) ExportActions(ctx context.Context, scopes []string, fn func(*ActionRow) error) error {
	return a.eachMeeting(ctx, scopes, func(s *shown, m *minutes.Minutes) error {
		said, err := a.ledger.ActionMarks(ctx, s.c.ID)
		if err != nil {
			return err
		}
		customers, projects := s.owners()
		for _, x := range marks(said).actions(m, s.c) {
			r := &ActionRow{s.c.DocumentID(), cmp.Or(m.Title, titleOf(s.c, s.item)), m.Date, customers, projects, x.Text, x.Owner, x.DueText, "", x.Done}
			if x.Due != nil {
				r.Due = *x.Due
			}
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *Archive) eachMeeting(ctx context.Context, scopes []string, fn func(*shown, *minutes.Minutes) error) error {
	want := func(c *ledger.Content) bool { return c.Minutes != "" }
	return a.eachVisible(ctx, want, scopes, func(s *shown) error {
		m, err := a.minutesOf(ctx, s.c)
		if err != nil || m == nil {
			return err
		}
		return fn(s, m)
	})
}

func claimTexts(claims []minutes.Claim) []string {
	out := []string{}
	for _, c := range claims {
		out = append(out, c.Text)
	}
	return out
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
