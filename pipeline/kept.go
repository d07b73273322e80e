package pipeline

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// Kept says which documents lie in such a folder, and are marked so, in a place that
// the scopes allow: that a colleague has flagged his copy is nobody else's business.
func (d describer) Kept(ctx context.Context, ids []string, k index.Kept, scopes []string) (map[string]bool, error) {
	located, err := d.a.ledger.Located(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(located))
	for id, l := range located {
		items, err := d.a.ledger.Occurrences(ctx, l.Content.ID)
		if err != nil {
			return nil, err
		}
		if items, err = d.a.visibleItems(ctx, &l.Content, items, scopes); err != nil {
			return nil, err
		}
		out[id] = slices.ContainsFunc(items, func(i *ledger.Item) bool { return keptSo(i, &k) })
	}
	return out, nil
}

func keptSo(i *ledger.Item, k *index.Kept) bool {
	var m mail.Marks
	if i.Marks != "" && json.Unmarshal([]byte(i.Marks), &m) != nil {
		m = mail.Marks{} // of a newer program
	}
	for _, mark := range k.Marks {
		if !slices.Contains(m.Flags, mark) {
			return false
		}
	}
	if len(k.Folders) == 0 {
		return true
	}
	path := index.Normalise(folderOf(i.Locator))
	for _, f := range k.Folders {
		labelled := slices.ContainsFunc(m.Labels, func(l string) bool { return strings.Contains(index.Normalise(l), f) })
		if !labelled && !strings.Contains(path, f) {
			return false
		}
	}
	return true
}

// folderOf is all that lies around an item, by the names that people see: its mailbox
// and folder as the mail program shows them, and the path.
func folderOf(locator string) string {
	mailbox, folder := mail.Holder(locator)
	steps := document.SplitLocator(locator)
	last := len(steps) - 1
	steps[last] = steps[last][:max(strings.LastIndexByte(steps[last], '/'), 0)]
	for n := range steps {
		steps[n] = charset.FilePath(steps[n])
	}
	return strings.Join(append(steps, mailbox, folder), "/")
}
