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
	end := bytes.Index(head, []byte("\n\n"))
	if crlf := bytes.Index(head, []byte("\r\n\r\n")); crlf >= 0 && (end < 0 || crlf < end) {
		end = crlf
	}
	if end < 0 {
		end = len(head)
	}
	h := strings.ToLower(string(head[:end]))
	if !strings.Contains(h, "mime-version:") || !strings.Contains(h, "multipart/related") && !strings.Contains(h, "multipart/alternative") && !strings.Contains(h, "text/html") {
		return false
	}
	line := "\n" + strings.ReplaceAll(h, "\r", "")
	saved := strings.Contains(line, "\nsnapshot-content-location:") || strings.Contains(line, "\nfrom: <saved by") || strings.Contains(line, "\nfrom: \"saved by")
	ext := in.Ext()
	named := ext == ".mht" || ext == ".mhtml" || ext == ".doc" || ext == ".xls"
	return saved || named && !strings.Contains(line, "\nto:") && !strings.Contains(line, "\nreceived:")
}
