// Package webarchive reads pages that were saved in one file (.mht), as browsers
// and Word write them. Such a file has the form of a mail (RFC 2557), and is a
// document to a person.
package webarchive

import (
	"bytes"
	"context"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
)

// MHT reads .mht and .mhtml, and what Word saves so under the name .doc.
var MHT = document.Format{
	Name: "mht", Version: 1, Kind: document.KindDocument, MediaType: "multipart/related",
	Detect: detect,
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		doc, err := mail.EML.Read(ctx, in, emit)
		if doc == nil {
			return nil, err
		}
		doc.Kind, doc.MediaType = document.KindDocument, "multipart/related"
		people := doc.People[:0]
		for _, p := range doc.People {
			// "Saved by Blink" is no sender.
			if strings.Contains(p.Address, "@") {
				people = append(people, p)
			}
		}
		doc.People = people
		return doc, err
	},
}

// detect wants a header of parts that belong together, and no mail's: a sender
// and a receiver make it one.
func detect(in *document.Input) bool {
	head := in.Head()
	if end := bytes.Index(head, []byte("\n\n")); end >= 0 {
		head = head[:end]
	}
	if end := bytes.Index(head, []byte("\r\n\r\n")); end >= 0 {
		head = head[:end]
	}
	ext := in.Ext()
	named := ext == ".mht" || ext == ".mhtml" || ext == ".doc" || ext == ".xls"
	saved := savedHeader(head)
	if !named && !saved { // as good as every mail
		return false
	}
	h := strings.ToLower(string(head))
	if !strings.Contains(h, "mime-version:") || !strings.Contains(h, "multipart/related") && !strings.Contains(h, "multipart/alternative") && !strings.Contains(h, "text/html") {
		return false
	}
	line := "\n" + h
	return saved || named && !strings.Contains(line, "\nto:") && !strings.Contains(line, "\nreceived:")
}

// savedHeader says whether a header has a line that only browsers and Word write.
func savedHeader(head []byte) bool {
	for line := range bytes.Lines(head) {
		for _, mark := range []string{"snapshot-content-location:", "from: <saved by", "from: \"saved by"} {
			if len(line) >= len(mark) && line[0]|0x20 == mark[0] && strings.EqualFold(string(line[:len(mark)]), mark) {
				return true
			}
		}
	}
	return false
}
