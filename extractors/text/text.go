// Package text reads plain text in any charset: notes, logs, Markdown, source
// files. It stands last in the table of formats and takes whatever reads as
// text.
package text

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Text reads plain text.
var Text = document.Format{
	Name: "text", Version: 1, Kind: document.KindText, MediaType: "text/plain",
	Detect: detect,
	Read:   read,
}

const (
	// blockRunes is about one passage, so that a hit's line number is near.
	blockRunes = 1000

	// What a text may hold of control characters and of bytes without a meaning,
	// in thousandths. Random bytes read as GB18030 have 200 and more.
	mostControls = 20
	mostLost     = 60
)

// detect decodes the beginning and looks at what it is made of.
func detect(in *document.Input) bool {
	head := in.Head()
	if len(head) == 0 || packed(head) {
		return false
	}
	text, _, lossy := charset.Decode(head, "")
	if lossy && in.Size > int64(len(head)) {
		text = strings.TrimRight(text, "\uFFFD") // the head may end within a character
	}
	total, controls, lost := 0, 0, 0
	for _, r := range text {
		total++
		switch {
		case r == 0:
			return false
		case r == utf8.RuneError:
			lost++
		case r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b && r != '\b' && r != 0x1a, r >= 0x7f && r < 0xa0, r >= 0xe000 && r <= 0xf8ff:
			controls++
		}
	}
	return total > 0 && controls*1000 <= total*mostControls && lost*1000 <= total*mostLost
}

// packed knows files that hold no NUL in their beginning and are no text all the
// same, when their own reader has not taken them.
func packed(head []byte) bool {
	for _, magic := range []string{"PK\x03\x04", "%PDF-", "\x1f\x8b", "Rar!", "7z\xbc\xaf", "\x89PNG", "\xff\xd8\xff", "GIF8", "BZh", "\xfd7zXZ", "\xd0\xcf\x11\xe0", "!BDN", "ID3"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func read(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	limit := in.Limits.WithDefaults().TextBytes
	data, whole, err := in.All(limit)
	if err != nil {
		return nil, fmt.Errorf("read the text %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindText, Read: document.Full, Fields: map[string]string{}}
	text, used, lossy := charset.Decode(data, "")
	if !whole {
		text = strings.TrimRight(text, "\uFFFD")
		lossy = strings.ContainsRune(text, utf8.RuneError)
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", limit))
	}
	doc.Fields["charset"] = used
	if lossy {
		doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	b := &blocks{doc: doc, markdown: isMarkdown(in.Ext())}
	b.all(text)
	doc.Title = b.title
	doc.Language = charset.Language(text)
	return doc, nil
}

func isMarkdown(ext string) bool { return ext == ".md" || ext == ".markdown" || ext == ".mdown" }
