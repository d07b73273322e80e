package pipeline

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// maxSameID bounds the mails under one Message-ID that are compared: an id is only a
// hint, and anybody can write thousands under one.
const maxSameID = 50

// letter is a mail of a thread with those that say the same under its Message-ID:
// with a list's footer, from another mailbox, as Outlook keeps it.
type letter struct {
	mail ledger.Threaded
	same []sameMail
}

type sameMail struct {
	content *ledger.Content
	how     string // as of variants
}

// letters folds a thread: of mails under one Message-ID whose text is the same, or
// goes on where the other's ends, one stands for all. asked is shown in any case;
// else the one with the most attachments, the longest text, then the oldest. One that
// says or holds what this one does not stands beside it: nothing is hidden.
func (a *Archive) letters(ctx context.Context, all []ledger.Threaded, asked int64) ([]letter, error) {
	groups := map[int64][]int{}
	for n := range all {
		if id := all[n].Message; id != 0 && len(groups[id]) < maxSameID {
			groups[id] = append(groups[id], n)
		}
	}
	under := map[int]int{} // folded mail to the one that stands for it
	how := map[int]string{}
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		if err := a.foldSame(ctx, all, group, asked, under, how); err != nil {
			return nil, err
		}
	}
	var out []letter
	at := map[int]int{}
	for n := range all {
		if _, folded := under[n]; !folded {
			at[n] = len(out)
			out = append(out, letter{mail: all[n]})
		}
	}
	for n := range all {
		if main, folded := under[n]; folded {
			l := &out[at[main]]
			l.same = append(l.same, sameMail{&all[n].Content, how[n]})
		}
	}
	return out, nil
}

// telling is what is compared of a mail.
type telling struct {
	text  string // letters and digits: programs fold lines and quote anew
	files []int64
}

func (a *Archive) tellingOf(ctx context.Context, c *ledger.Content) (*telling, error) {
	d, err := a.document(ctx, c)
	if err != nil || d == nil {
		return nil, err
	}
	t := &telling{text: bareText(d)}
	files, err := a.ledger.Children(ctx, c.ID)
	for _, f := range files {
		if !f.Shown && f.Content != 0 {
			t.files = append(t.files, f.Content)
		}
	}
	return t, err
}

// bareText is what a mail says, without how it is set. The addresses behind links are
// of a page and not of the plain text beside it.
func bareText(d *document.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		if s.Position.Part == "links" {
			continue
		}
		for _, r := range s.Text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// foldSame folds mails under one Message-ID.
func (a *Archive) foldSame(ctx context.Context, all []ledger.Threaded, group []int, asked int64, under map[int]int, how map[int]string) error {
	told := map[int]*telling{}
	for _, n := range group {
		t, err := a.tellingOf(ctx, &all[n].Content)
		if err != nil {
			return err
		}
		if t != nil {
			told[n] = t
		}
	}
	group = slices.DeleteFunc(slices.Clone(group), func(n int) bool { return told[n] == nil })
	first := func(n int) int {
		if all[n].Content.ID == asked {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(group, func(x, y int) int {
		return cmp.Or(cmp.Compare(first(x), first(y)), cmp.Compare(len(told[y].files), len(told[x].files)), cmp.Compare(len(told[y].text), len(told[x].text)))
	})
	for i, n := range group {
		for _, main := range group[:i] {
			if _, folded := under[main]; folded {
				continue
			}
			if h := told[n].seenFrom(told[main]); h != "" {
				under[n], how[n] = main, h
				break
			}
		}
	}
	return nil
}

// seenFrom says how t is the same as main, "" where it is not: it says or holds more
// than a footer that main does not.
func (t *telling) seenFrom(main *telling) string {
	if slices.ContainsFunc(t.files, func(f int64) bool { return !slices.Contains(main.files, f) }) {
		return ""
	}
	switch {
	case t.text == main.text:
		return VariantHeaders
	case main.text == "" || t.text == "":
		return ""
	case strings.HasPrefix(t.text, main.text):
		return VariantAdded
	case strings.HasPrefix(main.text, t.text):
		return VariantShortened
	}
	return ""
}

// SameMail is a mail that says what the one that is shown says, under its Message-ID.
type SameMail struct {
	Variant

	Occurrences []Occurrence `json:"occurrences"`
}

// fillSame lists the mails that a letter of a thread stands for.
func (a *Archive) fillSame(ctx context.Context, v *View, l *letter, scopes []string) error {
	for _, s := range l.same {
		items, err := a.ledger.Occurrences(ctx, s.content.ID)
		if err != nil {
			return err
		}
		if items, err = a.visibleItems(ctx, s.content, items, scopes); err != nil {
			return err
		}
		if len(items) == 0 {
			continue
		}
		m := SameMail{Variant: Variant{Document: s.content.DocumentID(), Title: titleOf(s.content, items[0]), How: s.how}}
		for _, i := range items {
			m.Occurrences = append(m.Occurrences, occurrence(i, s.content.Kind))
		}
		v.Same = append(v.Same, m)
	}
	return nil
}
