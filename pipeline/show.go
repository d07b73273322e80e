package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/sensitive"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

// View is one document as pages and `show` give it: what was read, what became
// of it and where it was found.
type View struct {
	*document.Document
	Name        string                 `json:"name"`
	State       ledger.State           `json:"state"`
	StateReason string                 `json:"state_reason,omitempty"`
	Detail      string                 `json:"detail,omitempty"`
	Tags        []string               `json:"tags,omitempty"`
	Tagged      []TagView              `json:"tagged,omitempty"` // the tags with who set them, and those taken away
	Terms       []terms.Term           `json:"terms,omitempty"`
	Said        *document.Transcript   `json:"spoken,omitempty"` // of a recording
	Minutes     *minutes.Minutes       `json:"minutes,omitempty"`
	Actions     []ActionView           `json:"-"`                 // of the minutes, with what is done
	Written     []Related              `json:"written,omitempty"` // minutes that somebody wrote of this meeting
	MeetingOf   *Related               `json:"meeting,omitempty"` // the meeting whose minutes this is
	Occurrences []Occurrence           `json:"occurrences"`
	Inner       []Inner                `json:"inner,omitempty"` // its children, with their states, at most maxInner
	InnerTotal  int                    `json:"inner_total,omitempty"`
	InnerStates map[ledger.State]int64 `json:"inner_states,omitempty"` // all of its children by state: they add up
	Around      *Inner                 `json:"around,omitempty"`       // what it lay in
	Thread      int                    `json:"thread,omitempty"`       // mails in its thread that the viewer may see, itself among them, at most maxThread; those that say the same under one Message-ID count once
	Variants    []Variant              `json:"variants,omitempty"`     // other mails under its Message-ID
	Same        []SameMail             `json:"same,omitempty"`         // in a thread: the mails that it stands for
	Belongs     []Belongs              `json:"belongs,omitempty"`      // whose it is, or may be
	Corrections []ledger.Correction    `json:"corrections,omitempty"`  // by hand, laid over what is shown
	Called      map[string]string      `json:"-"`                      // names that people gave to speakers
	Type        document.Type          `json:"type,omitempty"`         // what it is for
	TypeWhy     []string               `json:"type_why,omitempty"`     // title, name, heading, text: what said so
	Details     []doctype.Field        `json:"details,omitempty"`      // parties, numbers, amounts, dates, with their places
	Sensitive   []sensitive.Finding    `json:"sensitive,omitempty"`    // places of what must not get about
	Forms       []FormOf               `json:"forms,omitempty"`        // other forms of the same document
	Named       []NamedFile            `json:"named,omitempty"`        // files that its rows name
	NamedIn     []NamedIn              `json:"named_in,omitempty"`     // rows that name it
	Versions    []VersionOf            `json:"versions,omitempty"`     // newest first, itself among them
	Together    []Together             `json:"together,omitempty"`     // the other files of the same meeting
	Provenance  Provenance             `json:"provenance"`
}

// Occurrence is one place where a content was found.
type Occurrence struct {
	Source  string       `json:"source"`
	Locator string       `json:"locator"`
	Version int          `json:"version,omitempty"`
	State   ledger.State `json:"state"`
	Gone    bool         `json:"gone,omitempty"`

	// Of a mail: in whose mailbox it lies, in which folder of it, and what that
	// mailbox says of it.
	Mailbox string   `json:"mailbox,omitempty"`
	Folder  string   `json:"folder,omitempty"`
	Flags   []string `json:"flags,omitempty"`
	Labels  []string `json:"labels,omitempty"`
}

// Inner is a neighbour in the tree of items.
type Inner struct {
	Document string        `json:"document,omitempty"`
	Locator  string        `json:"locator"`
	Name     string        `json:"name"`
	Kind     document.Kind `json:"kind,omitempty"`
	Size     int64         `json:"size"`
	State    ledger.State  `json:"state"`
	Reason   string        `json:"reason,omitempty"`
}

// Provenance is what made the results.
type Provenance struct {
	Format     string `json:"format"`
	Version    int    `json:"version"`
	Kept       string `json:"kept"`
	Transcript string `json:"transcript,omitempty"`
	Minutes    string `json:"minutes,omitempty"`
	Run        int64  `json:"run"`
	Revision   int64  `json:"revision"`
	Indexed    int64  `json:"indexed"`
}

// Find finds a content by its document id (or its beginning) or by a locator.
func (a *Archive) Find(ctx context.Context, ref string) (*ledger.Content, error) {
	c, err := a.ledger.ByDocument(ctx, ref)
	if !errors.Is(err, ledger.ErrNotFound) {
		return c, err
	}
	i, err := a.FindItem(ctx, ref)
	if err == nil && i.Content == 0 {
		err = fmt.Errorf("%s has no content, it is %s (%s): %w", ref, i.State, i.Reason, ledger.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return a.ledger.Content(ctx, i.Content)
}

// FindItem finds an item by its locator in any source.
func (a *Archive) FindItem(ctx context.Context, locator string) (*ledger.Item, error) {
	sources, err := a.ledger.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		i, err := a.ledger.At(ctx, s.Name, strings.TrimPrefix(locator, s.Name+"/"))
		if !errors.Is(err, ledger.ErrNotFound) {
			return i, err
		}
	}
	return nil, fmt.Errorf("%s: %w; `guidang search` and `guidang items` show ids", locator, ledger.ErrNotFound)
}

// Show gives one document to somebody with the given scopes; nil means all.
func (a *Archive) Show(ctx context.Context, ref string, scopes []string) (*View, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	v, err := a.show(ctx, c, scopes)
	if err == nil && v == nil {
		err = fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	if c.Kind == document.KindMail {
		err = a.threadOfView(ctx, v, c, scopes)
	}
	return v, err
}

// show makes the view of a content; nil if none of its places may be seen.
func (a *Archive) show(ctx context.Context, c *ledger.Content, scopes []string) (*View, error) {
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	visible, err := a.visibleItems(ctx, c, items, scopes)
	if err != nil || len(visible) == 0 {
		return nil, err
	}
	d, err := a.document(ctx, c)
	if err != nil {
		return nil, err
	}
	if d == nil {
		d = &document.Document{Read: document.None, Reason: c.Reason, Kind: c.Kind, MediaType: c.MediaType}
	}
	main := visible[0]
	d.ID, d.Locator, d.SHA256, d.Size = c.DocumentID(), main.Locator, fmt.Sprintf("%x", main.OwnSum(c)), c.Size
	if c.Kind == document.KindMinutes {
		d.Kind = c.Kind
	}
	if c.Kind == document.KindMail {
		d.Size = main.Size // copies have sizes of their own
	}
	d.Title = titleOf(c, main)
	if d.Sections == nil {
		d.Sections = []document.Section{}
	}
	if when := dateOf(c, main); d.Date == "" && !when.IsZero() {
		d.Date = when.Format("2006-01-02")
	}
	v := &View{Document: d, Name: main.Name, State: main.State, StateReason: main.Reason, Detail: main.Detail,
		Tags: decodeList[string](c.Tags), Terms: decodeList[terms.Term](c.Terms),
		Provenance: Provenance{Format: c.Format, Version: c.Version, Kept: string(c.Kept), Transcript: c.Transcript, Minutes: c.Minutes, Run: main.Run, Revision: c.Revision, Indexed: c.Indexed}}
	for _, i := range visible {
		v.Occurrences = append(v.Occurrences, occurrence(i, c.Kind))
	}
	whose, err := a.ledger.Assigned(ctx, []int64{c.ID})
	if err != nil {
		return nil, err
	}
	v.Belongs = belongs(whose[c.ID])
	if scopes != nil { // evidence names folders and people that are not theirs to know
		for i := range v.Belongs {
			v.Belongs[i].Evidence = nil
		}
	}
	if err := errors.Join(a.showPaper(ctx, v, c, scopes), a.fillNamed(ctx, v, c, visible, scopes)); err != nil {
		return nil, err
	}
	return v, a.surround(ctx, v, c, main, scopes)
}

// surround fills in what belongs to a document beside its own text.
func (a *Archive) surround(ctx context.Context, v *View, c *ledger.Content, main *ledger.Item, scopes []string) error {
	err := a.ledger.Items(ctx, ledger.Filter{Within: c.ID}, func(i *ledger.Item, inside *ledger.Content) error {
		if !allowed(scopes, i.Source) {
			return nil // a child's place tells of a source that is not theirs
		}
		if v.InnerTotal++; v.InnerTotal <= maxInner {
			v.Inner = append(v.Inner, *innerOf(i, inside))
			v.Children = append(v.Children, document.ChildRef{Locator: i.Locator, Name: i.Name})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if v.InnerTotal > 0 {
		if v.InnerStates, err = a.ledger.InnerStates(ctx, c.ID); err != nil {
			return err
		}
	}
	if main.Parent != 0 {
		parent, err := a.ledger.Item(ctx, main.Parent)
		if err != nil {
			return err
		}
		if allowed(scopes, parent.Source) {
			around, err := a.ledger.Content(ctx, main.Within)
			if err != nil {
				return err
			}
			v.Parent, v.Around = parent.Locator, innerOf(parent, around)
		}
	}
	if v.Tagged, err = a.tagged(ctx, c); err != nil {
		return err
	}
	if err := a.minutesOfView(ctx, v, c, scopes); err != nil {
		return err
	}
	if err := a.fillForms(ctx, v, c, scopes); err != nil {
		return err
	}
	if c.Kind == document.KindRecording || c.Kind == document.KindTranscript {
		return errors.Join(a.correctView(ctx, v, c), a.fillTogether(ctx, v, c, main, scopes))
	}
	return nil
}

// minutesOfView fills in the minutes of a meeting, or those that a document is.
func (a *Archive) minutesOfView(ctx context.Context, v *View, c *ledger.Content, scopes []string) (err error) {
	if c.Minutes == "" {
		return nil
	}
	if v.Minutes, v.Said, err = a.meetingNow(ctx, c); err != nil || v.Minutes == nil {
		return err
	}
	said, err := a.ledger.ActionMarks(ctx, c.ID)
	if err != nil {
		return err
	}
	v.Actions = marks(said).actions(v.Minutes, c)
	return a.relate(ctx, v, c, scopes)
}

// kept loads a derived result.
func (a *Archive) kept(ctx context.Context, c *ledger.Content, fingerprint string, into any) (bool, error) {
	data, ok, err := a.derived.Result(ctx, store.Sum(c.Sum), fingerprint)
	if err != nil || !ok {
		return false, err
	}
	return true, json.Unmarshal(data, into)
}

// maxInner is how many children a view lists; a mailbox has more than anybody
// reads, and `items` lists all.
const maxInner = 10_000

func innerOf(i *ledger.Item, c *ledger.Content) *Inner {
	in := &Inner{Locator: i.Locator, Name: i.Name, Size: i.Size, State: i.State, Reason: i.Reason}
	if c == nil {
		return in
	}
	in.Document, in.Kind, in.Size = c.DocumentID(), c.Kind, c.Size
	if c.Title != "" && c.Kind == document.KindMail {
		in.Name = c.Title
	}
	return in
}

func allowed(scopes []string, source string) bool {
	return scopes == nil || slices.Contains(scopes, Scope(source))
}

// Original opens a content's bytes, with the name and media type under which
// they are given out. The caller closes them.
func (a *Archive) Original(ctx context.Context, ref string, scopes []string) (_ store.Original, name, mediaType string, err error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, "", "", err
	}
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, "", "", err
	}
	// Of one mail every holder has a copy of his own, and sees that.
	visible, err := a.visibleItems(ctx, c, items, scopes)
	if err != nil {
		return nil, "", "", err
	}
	if len(visible) > 0 {
		o, err := a.openFirst(ctx, c, visible)
		return o, visible[0].Name, c.MediaType, err
	}
	return nil, "", "", fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
}

// Search answers a query for somebody with the given scopes; nil means all.
func (a *Archive) Search(ctx context.Context, q index.Request, scopes []string) (*index.Result, error) {
	if scopes == nil {
		var err error
		if scopes, err = a.Scopes(ctx); err != nil {
			return nil, err
		}
	}
	q.Scopes = scopes
	if err := a.named(ctx, &q); err != nil {
		return nil, err
	}
	res, err := a.searcher.Search(ctx, q)
	if err == nil {
		err = a.also(ctx, &q, res)
	}
	return res, err
}

// Scopes are all scopes that there are.
func (a *Archive) Scopes(ctx context.Context) ([]string, error) {
	sources, err := a.ledger.Sources(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []string
	for _, s := range sources {
		seen[s.Name] = true
		out = append(out, Scope(s.Name))
	}
	for _, s := range a.cfg.Sources {
		if !seen[s.Name] {
			out = append(out, Scope(s.Name))
		}
	}
	return out, nil
}

// describer tells the searcher what the ledger knows of its hits. What lies
// outside the scopes of the person who asks is unknown to it: the last check of
// rights, whatever the engine answered.
type describer struct{ a *Archive }

// Describe asks the ledger, unless everything that changed is in the index: then what is
// remembered is what it would say. Asking it for 200 documents was a third of a search.
func (d describer) Describe(ctx context.Context, ids, scopes []string) (map[string]*index.Description, error) {
	if lag, err := d.a.ledger.Lag(ctx); err != nil {
		return nil, err
	} else if lag == 0 {
		return d.Recall(ctx, ids, scopes)
	}
	return d.ask(ctx, ids, scopes)
}

func (d describer) ask(ctx context.Context, ids, scopes []string) (map[string]*index.Description, error) {
	known, err := d.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*index.Description, len(known))
	for id, k := range known {
		if k.hidden {
			continue
		}
		if allowed(scopes, k.source) {
			out[id] = &k.about
			continue
		}
		c := &k.content
		i, err := d.a.visible(ctx, c, scopes)
		if err != nil {
			return nil, err
		}
		if i != nil {
			about := k.about
			about.Title, about.Name, about.Locator, about.Date, about.Elsewhere = titleOf(c, i), i.Name, i.Locator, dateOf(c, i), true
			out[id] = &about
		}
	}
	return out, nil
}

// read is what the ledger knows, whoever asks.
func (d describer) read(ctx context.Context, ids []string) (map[string]*described, error) {
	located, err := d.a.ledger.Located(ctx, ids)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, 0, len(located))
	for _, l := range located {
		numbers = append(numbers, l.Content.ID)
	}
	whose, err := d.a.ledger.Assigned(ctx, numbers)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*described, len(located))
	for id, l := range located {
		c, i := &l.Content, &l.Item
		customer, project := firstOwner(whose[c.ID])
		out[id] = &described{source: i.Source, hidden: c.Then == ledger.PartOf, content: *c, about: index.Description{
			Customer: customer, Project: project, Title: titleOf(c, i), Name: i.Name, Locator: i.Locator, Kind: c.Kind, Type: l.Type, Sensitive: l.Kinds, Date: dateOf(c, i),
			Tags: decodeList[string](c.Tags), Also: terms.Words(c.Terms), People: peopleOf(c.People),
		}}
	}
	return out, nil
}

// Relations says how documents belong to others.
func (d describer) Relations(ctx context.Context, ids []string) (map[string]index.Relation, error) {
	known, err := d.a.ledger.Relations(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]index.Relation, len(known))
	for id, r := range known {
		out[id] = index.Relation{Mail: r.Mail, Copies: label(r.Message), Chain: label(r.Chain), Ordinal: r.Ordinal, Branch: r.Branch}
	}
	return out, nil
}

// label is a number as a name; 0 has none.
func label(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 36)
}

// Holding says which documents have attachments or members.
func (d describer) Holding(ctx context.Context, ids []string) (map[string]bool, error) {
	located, err := d.a.ledger.Located(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(located))
	for id, l := range located {
		children, err := d.a.ledger.Children(ctx, l.Content.ID)
		if err != nil {
			return nil, err
		}
		out[id] = len(children) > 0
	}
	return out, nil
}

// visible is the first occurrence of a content that somebody with the given
// scopes sees, nil if there is none.
func (a *Archive) visible(ctx context.Context, c *ledger.Content, scopes []string) (*ledger.Item, error) {
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	seen, err := a.visibleItems(ctx, c, items, scopes)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	return seen[0], nil
}

// Dump writes the ledger as sorted JSON Lines.
func (a *Archive) Dump(ctx context.Context, w io.Writer) error { return a.ledger.Dump(ctx, w) }
