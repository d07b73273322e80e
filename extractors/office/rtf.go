package office

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/office/rtf"
)

// maxRTF bounds an RTF file in memory. Its pictures are hexadecimal, so that files
// of tens of megabytes are frequent.
const maxRTF = 256 << 20

// RTF reads Rich Text Format, also under the name of a Word file.
var RTF = document.Format{
	Name: "rtf", Version: 2, Kind: document.KindDocument, MediaType: "application/rtf",
	Detect: detectRTF,
	Read:   readRTF,
}

// detectRTF wants {\rtf.
//
// QUIRK: RTF 1.9.1 begins a file with it; some programs put a byte order mark or
// empty lines before.
func detectRTF(in *document.Input) bool {
	head := bytes.TrimPrefix(in.Head(), []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n\x00"), []byte(rtf.Magic))
}

func readRTF(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(maxRTF)
	if err != nil {
		return nil, fmt.Errorf("read the RTF file %q: %w", in.Name, err)
	}
	text, err := rtf.Read(ctx, data, int(in.Limits.WithDefaults().TextBytes))
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	doc.Title, doc.Date = text.Title, text.Created
	if text.Author != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: text.Author})
	}
	for name, value := range map[string]string{"subject": text.Subject, "keywords": text.Keywords, "charset": text.Page} {
		if value != "" {
			doc.Fields[name] = value
		}
	}
	if text.Pictures > 0 {
		doc.Fields["pictures"] = strconv.Itoa(text.Pictures)
	}
	switch {
	case !whole, text.Cut:
		doc.Lose(document.Partial, document.TooLarge, "not all of it was read")
	case text.Truncated:
		doc.Lose(document.Partial, document.Truncated, "it ends within a group")
	}
	if text.Mistaken {
		doc.Warn("code-page", "it names a code page in which its characters make no sense; they were read as Chinese")
	}
	doc.AddText(document.Position{Part: "body"}, "", text.Body)
	doc.AddText(document.Position{Part: "notes"}, "", text.Notes)
	doc.Language = charset.Language(text.Title + " " + text.Body)
	return doc, rtfObjects(ctx, text, doc, emit)
}

// rtfObjects hands out the embedded files.
func rtfObjects(ctx context.Context, text rtf.Text, doc *document.Document, emit func(*document.Child) error) error {
	n := 0
	for i, hex := range text.Data {
		if err := ctx.Err(); err != nil {
			return err
		}
		name, data := rtf.Open(hex)
		if len(data) == 0 {
			continue
		}
		n++
		c := &document.Child{Step: fmt.Sprintf("object:%d", i+1), Name: name, Ordinal: n, Size: int64(len(data)), Content: bytes.NewReader(data)}
		if emit == nil {
			continue
		}
		if err := emit(c); err != nil {
			return err
		}
	}
	if left := text.Objects - n; left > 0 {
		doc.Warn("object", fmt.Sprintf("%d embedded objects are no files that are known", left))
	}
	return nil
}
