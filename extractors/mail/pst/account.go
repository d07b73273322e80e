package pst

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// account compares what the folders say they hold with what came out.
type account struct {
	found   map[uint32]int64
	mails   int64
	unread  int64 // of which nothing is left
	orphans int64 // in no folder
}

func (a *account) add(parent uint32, path string, got bool) {
	a.mails++
	if !got {
		a.unread++
	}
	if path == lostFolder {
		a.orphans++
	}
	if len(a.found) < maxFolders {
		a.found[parent]++
	}
}

// maxListed is how many folders are listed in the mailbox's own text.
const maxListed = 5000

// tell writes the account into the document: its folders with their mails as text,
// so that a mailbox is found by the names of its folders.
func (a *account) tell(s *store, doc *document.Document) {
	type line struct {
		path  string
		found int64
	}
	var lines []line
	var claimed, missing int64
	for id, f := range s.stores.known {
		n := a.found[id]
		if f.path == "" && n == 0 || id&kindMask == kindSearch {
			continue
		}
		lines = append(lines, line{f.path, n})
		if f.count > 0 {
			claimed += f.count
			missing += max(f.count-n, 0)
		}
	}
	slices.SortFunc(lines, func(x, y line) int {
		return cmp.Or(strings.Compare(x.path, y.path), cmp.Compare(x.found, y.found))
	})
	var b strings.Builder
	for _, l := range lines[:min(len(lines), maxListed)] {
		fmt.Fprintf(&b, "%s: %d\n", cmp.Or(l.path, "/"), l.found)
	}
	doc.AddText(document.Position{Part: "folders"}, "", b.String())
	doc.Fields["mails"] = strconv.FormatInt(a.mails, 10)
	doc.Fields["folders"] = strconv.Itoa(len(lines))
	doc.Fields["claimed"] = strconv.FormatInt(claimed, 10)
	if a.orphans > 0 {
		doc.Warn("no-folder", fmt.Sprintf("%d items lie in no folder", a.orphans))
	}
	if a.unread > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("nothing is left of %d of its items", a.unread))
	}
	if missing > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("its folders claim %d items, of which %d were not found", claimed, missing))
	}
}
