package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/ledger"
)

// together says which recordings are the same sound as another one: the sound
// file beside a film, a copy in another format. They are part of that one's
// meeting, are not transcribed and not listed.
type together struct {
	main    map[int64]*ledger.Content   // by the content of a part
	parts   map[int64][]*ledger.Content // by the content of a main one
	alone   map[int64]bool              // main ones that are the only ones of their stem
	items   map[int64]*ledger.Item      // canonical, by content
	lengths map[int64]float64
	bonds   map[[2]string]bool // by hand: joined or parted, by document ids in their order
}

// pair is two documents in order.
func pair(x, y string) [2]string {
	if x > y {
		x, y = y, x
	}
	return [2]string{x, y}
}

// bonds are what people have joined and parted; the last word counts.
func (a *Archive) bonds(ctx context.Context) (map[[2]string]bool, error) {
	all, err := a.ledger.Bonds(ctx)
	if err != nil {
		return nil, err
	}
	out := map[[2]string]bool{}
	for _, b := range all {
		c, err := a.ledger.Content(ctx, b.Content)
		if err != nil {
			return nil, err
		}
		out[pair(c.DocumentID(), b.Was)] = b.Kind == ledger.OfJoin
	}
	return out, nil
}

// meetingPlace is where a meeting's files lie together under one name.
type meetingPlace struct {
	source, folder, stem string
	within               int64
}

func meetingAt(i *ledger.Item) meetingPlace {
	p := meetingPlace{source: i.Source, within: i.Within}
	p.stem, _ = recording.MeetingStem(i.Name)
	if i.Within == 0 {
		p.folder = path.Dir(i.Locator)
		// A folder named by day and time holds one meeting: Zoom makes one for each,
		// in which names are the same every time.
		if at, clock, _, ok := recording.TimeFromName(path.Base(p.folder), time.UTC); ok && clock && !at.IsZero() {
			p.stem = ""
		}
	}
	return p
}

// gather finds which recordings belong together. It depends on names, lengths
// and what people said, never on the order in which files were found.
func (a *Archive) gatherMeetings(ctx context.Context, all []*ledger.Content) (*together, error) {
	t := &together{main: map[int64]*ledger.Content{}, parts: map[int64][]*ledger.Content{}, alone: map[int64]bool{}, items: map[int64]*ledger.Item{}, lengths: map[int64]float64{}}
	var err error
	if t.bonds, err = a.bonds(ctx); err != nil {
		return nil, err
	}
	groups := map[meetingPlace][]*ledger.Content{}
	byID := map[string]*ledger.Content{}
	for _, c := range all {
		if c.Kind != document.KindRecording || c.Canonical == 0 || c.Then != ledger.Indexed && c.Then != ledger.Waiting && c.Then != ledger.PartOf {
			continue
		}
		i, err := a.ledger.Item(ctx, c.Canonical)
		if err != nil {
			return nil, err
		}
		t.items[c.ID] = i
		byID[c.DocumentID()] = c
		groups[meetingAt(i)] = append(groups[meetingAt(i)], c)
	}
	for _, group := range groups {
		if len(group) == 1 {
			t.alone[group[0].ID] = true
			continue
		}
		if err := a.cluster(ctx, t, group); err != nil {
			return nil, err
		}
	}
	for ids, joined := range t.bonds {
		x, y := byID[ids[0]], byID[ids[1]]
		if !joined || x == nil || y == nil || t.root(x) == t.root(y) {
			continue
		}
		if err := a.cluster(ctx, t, []*ledger.Content{t.root(x), t.root(y)}); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *together) root(c *ledger.Content) *ledger.Content {
	if m := t.main[c.ID]; m != nil {
		return m
	}
	return c
}

// alike is how far the lengths of two forms of one sound may differ: encoders add
// up to a tenth of a second, programs that record film and sound apart a second.
func alike(x, y float64) bool {
	return x > 0 && y > 0 && max(x, y)-min(x, y) <= max(2, max(x, y)/100)
}

// cluster puts recordings that may be of one meeting under those whose sound they
// are. Films come first, then what is larger.
func (a *Archive) cluster(ctx context.Context, t *together, group []*ledger.Content) error {
	film := map[int64]bool{}
	for _, c := range group {
		d, err := a.document(ctx, c)
		if err != nil {
			return err
		}
		if d != nil {
			t.lengths[c.ID], _ = strconv.ParseFloat(d.Fields["duration_seconds"], 64)
			film[c.ID] = d.Fields["video"] != ""
		}
	}
	rank := func(c *ledger.Content) int {
		if film[c.ID] {
			return 0
		}
		return 1
	}
	slices.SortFunc(group, func(x, y *ledger.Content) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(y.Size, x.Size), strings.Compare(x.DocumentID(), y.DocumentID()))
	})
	var mains []*ledger.Content
	for _, c := range group {
		_, part := recording.MeetingStem(t.items[c.ID].Name)
		at := slices.IndexFunc(mains, func(m *ledger.Content) bool {
			joined, said := t.bonds[pair(m.DocumentID(), c.DocumentID())]
			_, other := recording.MeetingStem(t.items[m.ID].Name)
			return alike(t.lengths[m.ID], t.lengths[c.ID]) && (joined || !said && part == other)
		})
		if at < 0 {
			mains = append(mains, c)
			continue
		}
		main := mains[at]
		for _, p := range append(t.parts[c.ID], c) { // it may have parts already, when people join
			t.main[p.ID] = main
			t.parts[main.ID] = append(t.parts[main.ID], p)
		}
		delete(t.parts, c.ID)
	}
	if len(mains) == 1 {
		t.alone[mains[0].ID] = true
	}
	return nil
}

// partOfMeeting lets a recording be shown with the one whose sound it is.
func (a *Archive) partOfMeeting(ctx context.Context, c *ledger.Content) error {
	if c.Then == ledger.PartOf {
		return nil
	}
	c.Then, c.ThenReason, c.OpenWork, c.Minutes = ledger.PartOf, "", "", ""
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
}

// onItsOwn makes a recording that was part of a meeting one by itself again.
func (a *Archive) onItsOwn(ctx context.Context, c *ledger.Content) error {
	c.Then, c.ThenReason, c.OpenWork = ledger.Waiting, ForTranscriber, workTranscribe
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
}

// sidecarOf finds the transcript of a recording: beside it by its own name, by
// the names of its other forms, or by what all of them call the meeting.
func (a *Archive) sidecarOf(ctx context.Context, t *together, c *ledger.Content, item *ledger.Item) (*ledger.Content, error) {
	side, err := a.sidecar(ctx, item)
	for _, p := range t.parts[c.ID] {
		if err != nil || side != nil {
			return side, err
		}
		side, err = a.sidecar(ctx, t.items[p.ID])
	}
	if err != nil || side != nil || !t.alone[c.ID] {
		return side, err
	}
	beside, err := a.beside(ctx, item)
	if err != nil {
		return nil, err
	}
	_, part := recording.MeetingStem(item.Name)
	for _, b := range beside {
		if _, n := recording.MeetingStem(b.Name); b.Content == 0 || n != part || meetingAt(b) != meetingAt(item) {
			continue
		}
		other, err := a.ledger.Content(ctx, b.Content)
		if err != nil {
			return nil, err
		}
		if other.Kind == document.KindTranscript {
			return other, nil
		}
	}
	return nil, nil
}

// beside is what lies in the same folder or container.
func (a *Archive) beside(ctx context.Context, item *ledger.Item) ([]*ledger.Item, error) {
	if item.Within != 0 {
		return a.ledger.Children(ctx, item.Within)
	}
	folder := ""
	if cut := strings.LastIndexByte(item.Locator, '/'); cut >= 0 {
		folder = item.Locator[:cut]
	}
	return a.ledger.Siblings(ctx, item.Source, folder)
}

// heardOf takes what an engine heard in another form of the same sound, so that
// it is not heard twice. It returns nil when nobody heard any.
func (a *Archive) heardOf(ctx context.Context, t *together, c *ledger.Content) (*document.Transcript, string, error) {
	for _, p := range t.parts[c.ID] {
		if !strings.HasPrefix(p.Transcript, enginePrefix) {
			continue
		}
		heard := &document.Transcript{}
		if ok, err := a.kept(ctx, p, "transcript", heard); err != nil || ok {
			return heard, p.Transcript, err
		}
	}
	return nil, "", nil
}

// maxTogether bounds the files of one meeting that a page lists.
const maxTogether = 50

// fillTogether lists the other files of a recording's or transcript's meeting.
func (a *Archive) fillTogether(ctx context.Context, v *View, c *ledger.Content, main *ledger.Item, scopes []string) error {
	beside, err := a.beside(ctx, main)
	if err != nil {
		return err
	}
	bonds, err := a.bonds(ctx)
	if err != nil {
		return err
	}
	id, seen := c.DocumentID(), map[string]bool{c.DocumentID(): true}
	add := func(other *ledger.Content, byHand bool) error {
		if seen[other.DocumentID()] || len(v.Together) == maxTogether {
			return nil
		}
		seen[other.DocumentID()] = true
		i, err := a.visible(ctx, other, scopes)
		if err == nil && i != nil {
			v.Together = append(v.Together, Together{Inner: *innerOf(i, other), ByHand: byHand})
		}
		return err
	}
	for _, b := range beside {
		if b.Content == 0 || b.Content == c.ID || b.Gone || meetingAt(b) != meetingAt(main) {
			continue
		}
		other, err := a.ledger.Content(ctx, b.Content)
		if err != nil {
			return err
		}
		if joined, said := bonds[pair(id, other.DocumentID())]; !said || joined {
			if err := add(other, said); err != nil {
				return err
			}
		}
	}
	for ids, joined := range bonds {
		ref := ids[0]
		if ref == id {
			ref = ids[1]
		}
		if !joined || ids[0] != id && ids[1] != id || seen[ref] {
			continue
		}
		other, err := a.ledger.ByDocument(ctx, ref)
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := add(other, true); err != nil {
			return err
		}
	}
	slices.SortFunc(v.Together, func(x, y Together) int { return strings.Compare(x.Locator, y.Locator) })
	return nil
}

// Together is another file of the same meeting.
type Together struct {
	Inner
	ByHand bool `json:"by_hand,omitempty"` // a person joined it
}

// Bind says that two documents are of one meeting, or that they are not. It takes
// effect at once for what is shown, and with the next run for what is
// transcribed.
func (a *Archive) Bind(ctx context.Context, ref, other string, join bool, who string, scopes []string) error {
	var found [2]*ledger.Content
	for n, r := range []string{ref, other} {
		c, err := a.ledger.ByDocument(ctx, r)
		if err != nil {
			return err
		}
		if i, err := a.visible(ctx, c, scopes); err != nil || i == nil {
			return errors.Join(err, fmt.Errorf("%s: %w", r, ledger.ErrNotFound))
		}
		found[n] = c
	}
	if found[0].ID == found[1].ID {
		return ErrCorrection
	}
	kind := ledger.OfPart
	if join {
		kind = ledger.OfJoin
	}
	return a.diskFull(a.ledger.Update(ctx, func(tx ledger.Tx) error {
		return tx.Correct(&ledger.Correction{Content: found[0].ID, Kind: kind, Was: found[1].DocumentID(), Who: who, At: time.Now()})
	}))
}
