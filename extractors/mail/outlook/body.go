package outlook

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/html"
	"guidang/extractors/office/rtf"
)

// body is the text of an item, from whichever of its forms says it best.
type body struct {
	text     string
	page     string // its HTML, wherever it stood
	notes    html.Notes
	fromPage bool
	used     string // charset of the HTML
	cut      bool   // longer than may be
	wrong    error  // of the compressed RTF
	mistaken bool
}

// body takes the plain text where it says something, else the HTML, else what is
// packed in the RTF ([MS-OXBBODY] tells which is the mail's own; the plain text is
// made by Outlook from whichever that is, and reads best).
func (it *item) body(ctx context.Context, limit int64) (body, error) {
	var b body
	plain := it.plain(idBody)
	b.page, b.used = it.html()
	made := ""
	if b.page == "" {
		var err error
		if made, err = it.rtf(ctx, &b, int(limit), strings.TrimSpace(plain) == ""); err != nil {
			return b, err
		}
	}
	shown := ""
	if b.page != "" {
		shown, b.notes = html.Mail([]byte(b.page))
	}
	switch {
	case strings.TrimSpace(plain) != "" && !poor(plain, shown):
		b.text = plain
	case strings.TrimSpace(shown) != "":
		b.text, b.fromPage = shown, true
	case strings.TrimSpace(made) != "":
		b.text = made
	default:
		b.text = plain
	}
	return b, nil
}

// poor tells a plain text that lost its characters or is only a placeholder.
//
// QUIRK: [MS-OXCMSG] 2.2.1.56.1: the plain text is in the item's code page; where
// that has no Chinese, every character of it has become a question mark.
func poor(plain, other string) bool {
	if strings.TrimSpace(other) == "" {
		return false
	}
	if strings.Contains(plain, "??") && hasHan(other) && !hasHan(plain) {
		return true
	}
	n := utf8.RuneCountInString(strings.TrimSpace(plain))
	return n < 400 && utf8.RuneCountInString(other) > 8*n
}

func (it *item) plain(id uint16) string {
	s := it.text(id)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Trim(s, "\n\x00")
}

// html is PR_HTML, in its own code page.
func (it *item) html() (page, used string) {
	if data := it.binary(idHTML); len(data) > 0 {
		text, used, _ := html.Decode(data, it.page.html)
		return text, used
	}
	// QUIRK: [MS-OXCMSG] 2.2.1.56.9: PR_HTML is binary; some programs write a string.
	return it.text(idHTML), ""
}

// rtf undoes the compressed RTF: HTML packed in it, or text.
func (it *item) rtf(ctx context.Context, b *body, limit int, wanted bool) (made string, err error) {
	packed := it.binary(idRTF)
	if len(packed) == 0 {
		return "", nil
	}
	data, wrong := rtf.Decompress(packed, maxValue)
	if errors.Is(wrong, rtf.ErrCompressed) && strings.HasPrefix(string(packed[:min(len(packed), 8)]), rtf.Magic) {
		// QUIRK: [MS-OXRTFCP] 2.1.3: the property is always compressed; converters
		// store RTF as it is.
		data, wrong = packed, nil
	}
	page, ok, err := rtf.HTML(ctx, data, limit)
	if err != nil {
		return "", err
	}
	if ok {
		b.page = page
	}
	if ok || !wanted {
		if wanted {
			b.wrong = wrong
		}
		return "", nil
	}
	b.wrong = wrong
	text, err := rtf.Read(ctx, data, limit)
	b.cut, b.mistaken = text.Cut, text.Mistaken
	return text.Body, err
}

// tell says in the document what is wrong with the body.
func (b *body) tell(doc *document.Document) {
	switch {
	case b.wrong == nil:
	case errors.Is(b.wrong, rtf.ErrChecksum):
		doc.Warn("checksum", b.wrong.Error())
	case errors.Is(b.wrong, rtf.ErrLong):
		doc.Lose(document.Partial, document.TooLarge, "not all of its text was read")
	case errors.Is(b.wrong, rtf.ErrShort):
		doc.Lose(document.Partial, document.Truncated, b.wrong.Error())
	default:
		doc.Lose(document.Partial, document.Corrupt, b.wrong.Error())
	}
	if b.cut {
		doc.Lose(document.Partial, document.TooLarge, "not all of its text was read")
	}
	if b.mistaken {
		doc.Warn("code-page", "its text names a code page in which its characters make no sense; it was read as Chinese")
	}
	if len(b.text) < 20<<10 && strings.Contains(b.text, "-----BEGIN PGP MESSAGE-----") {
		doc.Lose(document.Partial, document.Encrypted, "its text is encrypted")
	}
	if b.used != "" && b.used != charset.UTF8 {
		doc.Fields["html_charset"] = b.used
	}
}
