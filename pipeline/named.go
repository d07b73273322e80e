package pipeline

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// NamedFile is a file that a row names, with the item that it is.
type NamedFile struct {
	document.Named
	Document string `json:"document,omitempty"`

	// Missing says that the file belongs to the row and is not in the archive. Somebody
	// who may not see everything around the row is told nothing instead.
	Missing bool `json:"missing,omitempty"`
}

// NamedIn is a row that names a document.
type NamedIn struct {
	Inner
	Position document.Position `json:"position"`
	Passage  int               `json:"-"` // in which the row stands
}

const (
	// mostBelow is how many items below a list's folder are looked through for the files
	// that it names; where there are more, none is said to be missing.
	mostBelow = 200_000

	// mostNaming bounds how many lists and rows a document's page tells of.
	mostNaming = 50
)

// namedBy are the names that rows of a document give to files, each once.
func namedBy(d *document.Document) (out []string) {
	if d == nil {
		return nil
	}
	for i := range d.Named {
		if name := fileKey(d.Named[i].Name); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fileKey is by what names of files are compared.
func fileKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// attachedStep begins the steps of attachments.
var attachedStep = regexp.MustCompile(`^attachment:\d+:`)

// keyOf is the name of what lies at a locator.
func keyOf(locator string) string {
	step := document.UnescapeStep(locator[len(liesIn(locator)):])
	return fileKey(step[len(attachedStep.FindString(step)):])
}

// besides finds files by their names: in the folder of a list or below it, in one
// container with it or in one that lies beside it. whole is false when not everything
// there could be looked at.
func (a *Archive) besides(ctx context.Context, list *ledger.Item, names []string) (found map[string]*ledger.Item, whole bool, err error) {
	wanted := make(map[string][]int64, len(names))
	for _, name := range names {
		wanted[name] = nil
	}
	folder, seen := liesIn(list.Locator), 0
	err = a.ledger.Below(ctx, list.Source, folder, mostBelow, func(id int64, locator string) error {
		seen++
		if key := keyOf(locator); locator != list.Locator {
			if _, ok := wanted[key]; ok {
				wanted[key] = append(wanted[key], id)
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	found = map[string]*ledger.Item{}
	for name, ids := range wanted {
		for _, id := range ids {
			i, err := a.ledger.Item(ctx, id)
			if err != nil {
				return nil, false, err
			}
			if i.Gone || i.Content == 0 {
				continue
			}
			// The nearest one, and of two the one whose name comes first.
			near := func(i *ledger.Item) int { return strings.Count(i.Locator, "/") }
			if before := found[name]; before == nil || cmp.Or(cmp.Compare(near(i), near(before)), strings.Compare(i.Locator, before.Locator)) < 0 {
				found[name] = i
			}
		}
	}
	return found, seen < mostBelow, nil
}

// fillNamed fills in the files that a document's rows name, and the rows that name the
// document, as somebody with the given scopes may know of them.
func (a *Archive) fillNamed(ctx context.Context, v *View, c *ledger.Content, visible []*ledger.Item, scopes []string) error {
	if len(v.Document.Named) > 0 {
		files, err := a.namedFiles(ctx, v.Document, visible, scopes)
		if err != nil {
			return err
		}
		v.Named = files
	}
	return a.rowsNaming(ctx, v, c, visible, scopes)
}

func (a *Archive) namedFiles(ctx context.Context, d *document.Document, lists []*ledger.Item, scopes []string) ([]NamedFile, error) {
	names := namedBy(d)
	found := map[string]string{}
	told := len(lists) > 0
	for _, list := range lists {
		here, whole, err := a.besides(ctx, list, names)
		if err != nil {
			return nil, err
		}
		told = told && whole && allowed(scopes, list.Source)
		for name, i := range here {
			if found[name] != "" {
				continue
			}
			c, err := a.ledger.Content(ctx, i.Content)
			if err != nil {
				return nil, err
			}
			seen, err := a.visible(ctx, c, scopes)
			if err != nil {
				return nil, err
			}
			if seen != nil {
				found[name] = c.DocumentID()
			}
		}
	}
	out := make([]NamedFile, 0, len(d.Named))
	for _, n := range d.Named {
		f := NamedFile{Named: n, Document: found[fileKey(n.Name)]}
		f.Missing = told && n.Attached && f.Document == ""
		out = append(out, f)
	}
	return out, nil
}

// rowsNaming finds the rows that name a document.
func (a *Archive) rowsNaming(ctx context.Context, v *View, c *ledger.Content, visible []*ledger.Item, scopes []string) error {
	var names []string
	for _, i := range visible {
		if name := fileKey(i.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		lists, err := a.ledger.NamedIn(ctx, name)
		if err != nil {
			return err
		}
		for _, id := range lists[:min(len(lists), mostNaming)] {
			if err := a.rowsOf(ctx, v, c, visible, id, name, scopes); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Archive) rowsOf(ctx context.Context, v *View, c *ledger.Content, files []*ledger.Item, id int64, name string, scopes []string) error {
	list, err := a.ledger.Content(ctx, id)
	if err != nil || list.ID == c.ID {
		return err
	}
	items, err := a.ledger.Occurrences(ctx, id)
	if err != nil {
		return err
	}
	if items, err = a.visibleItems(ctx, list, items, scopes); err != nil {
		return err
	}
	for _, i := range items {
		near := func(file *ledger.Item) bool {
			return file.Source == i.Source && strings.HasPrefix(file.Locator, liesIn(i.Locator))
		}
		if i.Gone || !slices.ContainsFunc(files, near) {
			continue
		}
		found, _, err := a.besides(ctx, i, []string{name})
		if err != nil {
			return err
		}
		if file := found[name]; file == nil || file.Content != c.ID {
			continue
		}
		d, err := a.document(ctx, list)
		if err != nil || d == nil {
			return err
		}
		passages := index.Cut(d)
		for _, n := range d.Named {
			if fileKey(n.Name) == name && len(v.NamedIn) < mostNaming {
				v.NamedIn = append(v.NamedIn, NamedIn{Inner: *innerOf(i, list), Position: n.Position, Passage: passageAt(passages, n.Position)})
			}
		}
		return nil
	}
	return nil
}

// passageAt is the passage in which a row stands.
func passageAt(passages []index.Passage, at document.Position) int {
	best := 0
	for i := range passages {
		p := passages[i].Position
		switch {
		case at.Rows != nil && p.Rows != nil && p.Sheet == at.Sheet && p.Rows[0] <= at.Rows[0] && at.Rows[0] <= p.Rows[1]:
			return i
		case at.Line > 0 && p.Line > 0 && p.Line <= at.Line:
			best = i
		}
	}
	return best
}
