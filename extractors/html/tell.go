package html

import (
	"fmt"
	"strings"

	"guidang/extractors/document"
)

// Tell puts what a mail's text does not show into its document: the addresses
// behind its links as a section, and in warnings that something was left out.
func (n *Notes) Tell(doc *document.Document) {
	var b strings.Builder
	for i, l := range n.Links {
		if i == maxLinks {
			break
		}
		if l.Text != "" {
			b.WriteString(l.Text + ": ")
		}
		b.WriteString(l.URL + "\n")
	}
	doc.AddText(document.Position{Part: "links"}, "", b.String())
	if n.Hidden > 0 {
		doc.Warn("hidden-text", fmt.Sprintf("%d characters of it are hidden from its reader and were left out", n.Hidden))
	}
	if n.Pixels > 0 {
		doc.Warn("tracking-pixel", fmt.Sprintf("%d pictures that only tell that it was opened were left out", n.Pixels))
	}
}
