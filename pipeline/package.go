package pipeline

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/bag"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/naming"
	"guidang/pipeline/review"
	"guidang/pipeline/store"
)

// PackageRequest says what goes into an archive package: a project, or what lies
// in a folder of a source, for whoever keeps no list of projects.
type PackageRequest struct {
	Project   string // its key, number or name
	Folder    string // SOURCE or SOURCE/FOLDER
	Retention string // 保管期限 of its records
	Secrecy   string // 密级
	English   bool
	Software  string
	Made      time.Time
}

// ErrNoProject says that nothing of that name is known.
var ErrNoProject = errors.New("no such project")

// gathered is what a package is made of, gathered before anything is written.
type gathered struct {
	project  bag.Project
	contents []recordKey
	loose    []*ledger.Item // items without a document
	known    *ledger.Project
}

// recordKey is a content of a package by what it is sorted by.
type recordKey struct {
	id   int64
	date string
	name string
	sum  ledger.Sum
}

// Package writes the archive package of a project to w, of what somebody with
// the given scopes may see; nil means all.
func (a *Archive) Package(ctx context.Context, r PackageRequest, scopes []string, w io.Writer) (*bag.Result, error) {
	d, err := a.inPackage(ctx, r, scopes)
	if err != nil {
		return nil, err
	}
	if len(d.contents)+len(d.loose) == 0 {
		return nil, fmt.Errorf("%s holds nothing to pack: %w", cmp.Or(r.Project, r.Folder), ledger.ErrNotFound)
	}
	d.project.Retention, d.project.Secrecy = r.Retention, r.Secrecy
	k, err := bag.NewPack(w, d.project, bag.Options{Made: r.Made, Software: r.Software, English: r.English, Scratch: filepath.Join(a.dir, "tmp")})
	if err != nil {
		return nil, err
	}
	defer k.Discard()
	rule, err := naming.Read(a.cfg.Names.Pattern)
	if err != nil {
		return nil, fmt.Errorf("names.pattern: %w", err)
	}
	for _, p := range d.contents {
		if err := a.pack(ctx, k, p.id, rule, r.English, scopes); err != nil {
			return nil, err
		}
	}
	for _, i := range d.loose {
		if err := k.Account(placeOf(i, nil), nil); err != nil {
			return nil, err
		}
	}
	required, err := a.requirementsOf(ctx, d.known, r.English, scopes)
	if err != nil {
		return nil, err
	}
	return k.Close(ctx, required)
}

// requirementsOf says how a project stands in the words of its package; of a
// folder nothing is required.
func (a *Archive) requirementsOf(ctx context.Context, p *ledger.Project, english bool, scopes []string) ([]bag.Requirement, error) {
	if p == nil {
		return nil, nil
	}
	all, err := a.Requirements(ctx, p, scopes)
	var out []bag.Requirement
	for _, r := range all {
		q := bag.Requirement{Type: review.Say("type."+string(r.Type), english), State: string(r.State)}
		for _, one := range r.Papers {
			q.Titles = append(q.Titles, one.Title)
		}
		out = append(out, q)
	}
	return out, err
}

// inPackage gathers what belongs to a package, by date.
func (a *Archive) inPackage(ctx context.Context, r PackageRequest, scopes []string) (*gathered, error) {
	d := &gathered{}
	var err error
	if r.Folder != "" {
		err = a.ofFolder(ctx, d, r.Folder, scopes)
	} else {
		err = a.ofProject(ctx, d, r, scopes)
	}
	// What was said first stands first; the hash decides between equals, so that
	// two packages of one project number their records alike.
	slices.SortFunc(d.contents, func(x, y recordKey) int {
		return cmp.Or(cmp.Compare(x.date, y.date), cmp.Compare(x.name, y.name), slices.Compare(x.sum[:], y.sum[:]))
	})
	return d, err
}

// namedProject finds a project as Project does, or by its name if no other has
// it.
func (a *Archive) namedProject(ctx context.Context, ref string, scopes []string) (*ledger.Project, error) {
	all, err := a.Projects(ctx, "", scopes)
	if err != nil {
		return nil, err
	}
	if p := keyed(all, ref); p != nil {
		return p.Project, nil
	}
	var named []*ledger.Project
	for i := range all {
		if all[i].Name == ref {
			named = append(named, all[i].Project)
		}
	}
	switch len(named) {
	case 0:
		return nil, fmt.Errorf("%s: %w", ref, ErrNoProject)
	case 1:
		return named[0], nil
	}
	return nil, fmt.Errorf("%s: %w that is the only one of its name; give its number or key", ref, ErrNoProject)
}

func (a *Archive) ofProject(ctx context.Context, d *gathered, r PackageRequest, scopes []string) error {
	p, err := a.namedProject(ctx, r.Project, scopes)
	if err != nil {
		return err
	}
	d.known = p
	d.project = bag.Project{Number: cmp.Or(p.Number, p.Key), Name: cmp.Or(p.Name, p.Key), Customer: p.Customer, Contracts: p.Contracts, Phase: p.Phase,
		Responsible: cmp.Or(p.Responsible, p.Manager), Begun: p.Start, Ended: p.End}
	if p.State != "" {
		d.project.State = review.Say("state."+string(p.State), r.English)
	}
	var ids []int64
	err = a.ledger.Assignments(ctx, ledger.OfDossier{Project: p.ID}, func(b *ledger.Belonging) error {
		if b.Standing != ledger.Doubtful {
			ids = append(ids, b.Content)
		}
		return nil
	})
	for _, id := range ids {
		if err == nil {
			err = a.gatherContent(ctx, d, id)
		}
	}
	if err == nil {
		d.loose, err = a.bareOf(ctx, ledger.OfDossier{Project: p.ID}, scopes)
	}
	return err
}

func (a *Archive) gatherContent(ctx context.Context, d *gathered, id int64) error {
	c, err := a.ledger.Content(ctx, id)
	if err != nil {
		return err
	}
	p := recordKey{id: id, date: c.Date, name: c.Title, sum: c.Sum}
	if c.Canonical != 0 {
		i, err := a.ledger.Item(ctx, c.Canonical)
		if err != nil {
			return err
		}
		p.date, p.name = cmp.Or(day(dateOf(c, i)), undated), i.Name
	}
	d.contents = append(d.contents, p)
	return nil
}

// ofFolder gathers what lies in a folder of a source. The source's name may
// hold slashes, as that of a path given by hand does.
func (a *Archive) ofFolder(ctx context.Context, d *gathered, folder string, scopes []string) error {
	folder = strings.TrimRight(folder, "/")
	sources, err := a.ledger.Sources(ctx)
	if err != nil {
		return err
	}
	source, below := "", ""
	for _, s := range sources {
		rest, ok := strings.CutPrefix(folder, s.Name)
		if ok && (rest == "" || rest[0] == '/') && len(s.Name) > len(source) && allowed(scopes, s.Name) {
			source, below = s.Name, strings.TrimPrefix(rest, "/")
		}
	}
	if source == "" {
		return fmt.Errorf("%s begins with the name of no source that is known: %w", folder, ledger.ErrNotFound)
	}
	name := filepath.Base(folder)
	d.project = bag.Project{Number: name, Name: name}
	seen := map[int64]bool{}
	var ids []int64
	err = a.ledger.Items(ctx, ledger.Filter{Source: source}, func(i *ledger.Item, _ *ledger.Content) error {
		switch {
		case below != "" && i.Locator != below && !strings.HasPrefix(i.Locator, below+"/") && !strings.HasPrefix(i.Locator, below+document.Separator), i.Shown:
		case i.Content == 0:
			held := *i
			d.loose = append(d.loose, &held)
		case !seen[i.Content]:
			seen[i.Content] = true
			ids = append(ids, i.Content)
		}
		return nil
	})
	for _, id := range ids {
		if err == nil {
			err = a.gatherContent(ctx, d, id)
		}
	}
	return err
}

// pack puts one content into a package.
func (a *Archive) pack(ctx context.Context, k *bag.Pack, id int64, rule *naming.Rule, english bool, scopes []string) error {
	c, err := a.ledger.Content(ctx, id)
	if err != nil {
		return err
	}
	items, err := a.ledger.Occurrences(ctx, id)
	if err != nil {
		return err
	}
	visible, err := a.visibleItems(ctx, c, items, scopes)
	if err != nil || len(visible) == 0 {
		return err
	}
	r, err := a.record(ctx, c, visible, english)
	if err != nil {
		return err
	}
	if r.Name, err = a.ruledName(ctx, rule, visible[0], c); err != nil {
		return err
	}
	original, from, err := a.openAny(ctx, c, visible)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		// Its source may be away. The package says so, rather than not being made.
		r.Absent = reasonInWords(err)
		return k.Add(ctx, r, nil)
	}
	defer original.Close()
	r.Sum, r.SHA256 = from.OwnSum(c), hexOf(from.OwnSum(c))
	return k.Add(ctx, r, io.NewSectionReader(original, 0, original.Size()))
}

// undated sorts behind every day.
const undated = "9999"

// day writes a day, nothing for no time at all.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// openAny opens the first of a content's occurrences that can be opened, and
// says which: of one mail every copy has bytes of its own.
func (a *Archive) openAny(ctx context.Context, c *ledger.Content, items []*ledger.Item) (store.Original, *ledger.Item, error) {
	err := fmt.Errorf("%s: %w", c.DocumentID(), ledger.ErrNotFound)
	for _, i := range items {
		var o store.Original
		if o, err = a.openCopy(ctx, c, i); err == nil {
			return o, i, nil
		}
	}
	return nil, nil, err
}

// reasonInWords is why an original cannot be had, for the table of records:
// reasons of the closed list by their word.
func reasonInWords(err error) string {
	if r := ioOr(err); r != document.IO {
		return string(r)
	}
	return err.Error()
}

// record is a content as a package describes it.
func (a *Archive) record(ctx context.Context, c *ledger.Content, items []*ledger.Item, english bool) (*bag.Record, error) {
	main := items[0]
	r := &bag.Record{
		Title: titleOf(c, main), Responsible: author(c), Date: day(dateOf(c, main)), Document: c.DocumentID(), Kind: c.Kind, MediaType: c.MediaType,
		Language: c.Language, Read: c.Read, Reason: c.Reason, Sum: main.OwnSum(c), SHA256: hexOf(main.OwnSum(c)), Size: main.Size, Modified: main.Modified,
	}
	if r.Read == "" {
		r.Read = document.None
	}
	for _, i := range items {
		r.Places = append(r.Places, placeOf(i, c))
	}
	d, err := a.document(ctx, c)
	if err != nil {
		return nil, err
	}
	if d != nil {
		r.Sections, r.Warnings = d.Sections, d.Warnings
	}
	return r, errors.Join(a.recordPaper(ctx, c, r, english), a.recordMeeting(ctx, c, r))
}

// recordPaper adds what a document is for, its version, whether it is signed and
// what in it must not get about.
func (a *Archive) recordPaper(ctx context.Context, c *ledger.Content, r *bag.Record, english bool) error {
	p, verdict, err := a.paper(ctx, c)
	if err != nil {
		return err
	}
	if p.Type != "" && p.Type != document.TypeOther {
		r.Type = review.Say("type."+string(p.Type), english)
	}
	r.Signed, r.Searched = verdict.Field(doctype.Signed), true
	for _, k := range p.Kinds {
		if k != document.SensitiveMobile { // signatures of mails end with one
			r.Sensitive = append(r.Sensitive, review.Say("detail."+k, english))
		}
	}
	chain, err := a.ledger.Versions(ctx, c.ID)
	for _, v := range chain {
		if v.Content == c.ID {
			r.Version = cmp.Or(v.Label, strconv.Itoa(v.Ordinal))
		}
	}
	return err
}

// recordMeeting adds what was said and the minutes.
func (a *Archive) recordMeeting(ctx context.Context, c *ledger.Content, r *bag.Record) error {
	if c.Minutes == "" {
		return nil
	}
	m, t, err := a.meetingNow(ctx, c) // as a person left them
	if err != nil {
		return err
	}
	if t != nil {
		r.Sections = recording.Sections(t)
	}
	if m == nil {
		return nil
	}
	r.Markdown = minutes.Markdown(m, m.Language)
	r.MinutesJSON, err = json.MarshalIndent(m, "", "  ")
	return err
}

// author is who is answerable for a document: its author or sender.
func author(c *ledger.Content) string {
	for _, role := range []string{"author", "from", "organizer", "organiser", "sender"} {
		for _, p := range peopleOf(c.People) {
			if p.Role == role {
				return cmp.Or(p.Name, p.Address)
			}
		}
	}
	return ""
}

// ending is what a file's name may end with: a subject such as 接口约定 V1.0（中间表）
// has a dot too.
var ending = regexp.MustCompile(`^\.[A-Za-z][A-Za-z0-9]{1,4}$`)

// fileName is under which name an original is given out.
func fileName(c *ledger.Content, i *ledger.Item) string {
	name := i.Name
	if c.Kind == document.KindMail && !ending.MatchString(filepath.Ext(name)) {
		name = cmp.Or(c.Title, name) + ".eml"
	}
	return name
}

func placeOf(i *ledger.Item, c *ledger.Content) bag.Place {
	p := bag.Place{Source: i.Source, Locator: i.Locator, State: string(i.State), Reason: i.Reason, Detail: i.Detail, Gone: i.Gone, Size: i.Size}
	if c != nil {
		p.SHA256 = hexOf(i.OwnSum(c))
	}
	return p
}

func hexOf(sum ledger.Sum) string { return hex.EncodeToString(sum[:]) }
