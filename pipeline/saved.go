package pipeline

import (
	"context"
	"errors"
	"fmt"

	"guidang/extractors/document"
	"guidang/extractors/mail/pst"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

// ErrNotSaved says that something cannot be given as Outlook saves it: it does not lie
// in a mailbox of Outlook.
var ErrNotSaved = errors.New("it lies in no mailbox of Outlook")

// SavedItem gives an item of a mailbox of Outlook as Outlook saves it (.msg), with all
// its properties; its original is a mail (.eml) made of those that mails have.
func (a *Archive) SavedItem(ctx context.Context, ref string, scopes []string) (_ store.Original, name string, err error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, "", err
	}
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, "", err
	}
	visible, err := a.visibleItems(ctx, c, items, scopes)
	if err != nil {
		return nil, "", err
	}
	if len(visible) == 0 {
		return nil, "", fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
	}
	for _, i := range visible {
		if i.Within == 0 {
			continue
		}
		around, err := a.ledger.Content(ctx, i.Within)
		if err != nil {
			return nil, "", err
		}
		if around.Format != pst.PST.Name {
			continue
		}
		steps := document.SplitLocator(i.Locator)
		o, err := a.openWithin(ctx, i, around, pst.SavedStep(steps[len(steps)-1]))
		return o, i.Name, err
	}
	return nil, "", fmt.Errorf("%s: %w (%w)", ref, ErrNotSaved, ledger.ErrNotFound)
}
