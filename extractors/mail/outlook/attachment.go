package outlook

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// How an attachment is kept ([MS-OXCMSG] 2.2.2.9).
const (
	byReference = 2 // to 4
	asObject    = 6
	byWebLink   = 7
)

// maxName is the longest name of a file, in characters; its end is kept.
const maxName = 200

// files gives the attachments that are files or items; those that are only named
// (links, shortcuts) are told in the document.
func (it *item) files(doc *document.Document) []*attachment {
	var out []*attachment
	var named []string
	for _, a := range it.attachments {
		method, _ := a.number(idAttachMethod)
		empty := (a.data == nil || a.data.Size() == 0) && a.inner == nil && a.storage == nil
		if empty && (method >= byReference && method <= 4 || method == byWebLink) {
			where := clean(a.text(idAttachLongPath))
			if where == "" {
				where = clean(a.text(idAttachPath))
			}
			named = append(named, strings.TrimSpace(a.name()+" "+where))
			continue
		}
		out = append(out, a)
	}
	if len(named) > 0 {
		doc.Fields["linked"] = strings.Join(named[:min(len(named), 100)], "\n")
		doc.Warn("attachment-by-reference", fmt.Sprintf("%d attachments are only named in it and lie elsewhere", len(named)))
	}
	return out
}

// name is what the attachment calls itself, without folders, or "".
func (a *attachment) name() string {
	for _, s := range []string{a.text(idAttachLongName), a.item.page.decode([]byte(a.title)), a.text(idAttachShortName), a.text(idShowName), a.text(idAttachLongPath), a.text(idAttachPath)} {
		if s = baseName(s); s != "" {
			return s
		}
	}
	return ""
}

func baseName(s string) string {
	if at := strings.LastIndexAny(s, `/\`); at >= 0 {
		s = s[at+1:]
	}
	if s = clean(s); strings.Trim(s, ".") == "" {
		return ""
	}
	if r := []rune(s); len(r) > maxName {
		ext := strings.LastIndexByte(s, '.')
		tail := ""
		if ext > 0 && len(s)-ext < 12 {
			tail = s[ext:]
		}
		s = string(r[:maxName-utf8.RuneCountInString(tail)]) + tail
	}
	return s
}

// part is an attachment as it is handed out.
type part struct {
	name      string
	content   io.Reader // nil: its bytes cannot be had
	size      int64
	reason    document.Reason
	short     bool // bytes are missing at its end
	item      bool // an embedded item, written as a mail
	isPicture bool
	kind      string // media type, as far as it is known
	cid       string
}

// open makes an attachment ready to be handed out.
func (a *attachment) open(ctx context.Context, limits document.Limits) (part, error) {
	p := part{name: a.name(), cid: strings.Trim(clean(a.text(idAttachContentID)), "<>")}
	kind := strings.ToLower(clean(a.text(idAttachKind)))
	p.kind, p.isPicture = kind, strings.HasPrefix(kind, "image/")
	src := a.item.source
	switch {
	case a.inner != nil:
		return a.embedded(ctx, p, limits)
	case a.storage != nil:
		a.object(&p)
	case a.data != nil:
		p.content, p.size, p.short = a.data, a.data.Size(), !a.whole
	default:
		p.reason = document.Corrupt // its data is missing
	}
	if p.name == "" {
		p.name = "attachment" + extension(clean(a.text(idAttachExtension)), kind)
	}
	if picture := pictures[strings.ToLower(p.name[strings.LastIndexByte(p.name, '.')+1:])]; !p.isPicture && picture != "" {
		p.kind, p.isPicture = picture, true
	}
	// Sectors belong to one stream: attachments that are longer together than the
	// file share theirs, which only somebody who means harm writes.
	if src.budget -= p.size; src.budget < 0 && p.content != nil {
		p.content, p.size, p.reason = nil, -1, document.Bomb
	}
	return p, nil
}

// pictures are the kinds of files that a mail shows.
var pictures = map[string]string{
	"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "emf": "image/emf", "wmf": "image/wmf", "tif": "image/tiff", "tiff": "image/tiff",
}

// extension is what an attachment without a name has: its own, else its kind's.
func extension(own, kind string) string {
	if strings.HasPrefix(own, ".") && len(own) < 12 && !strings.ContainsAny(own, `/\ `) {
		return own
	}
	switch kind {
	case "image/png":
		return ".png"
	case "image/jpeg", "image/jpg":
		return ".jpg"
	case "image/gif":
		return ".gif"
	case "application/pdf":
		return ".pdf"
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	case "text/calendar":
		return ".ics"
	}
	return ".bin"
}

// object takes the file out of an OLE object: what its storage wraps, or an older
// document, which is a storage within this one and becomes a file of its own.
func (a *attachment) object(p *part) {
	file := cmp.Or(a.file, a.item.source.file)
	for _, s := range []string{"Package", "CONTENTS", "WPSData"} { // an office file of today, a PDF or a picture
		if e := a.storage.Child(s); e != nil && !e.Storage {
			r, whole := file.Stream(e)
			p.content, p.size, p.short = r, r.Size(), !whole
			return
		}
	}
	// A wrapped file has its name; a document of older Office has none but its
	// storage's.
	name, data := file.Object(a.storage)
	if len(data) > 0 {
		if strings.HasPrefix(name, a.storage.Name+".") {
			name = strings.TrimSuffix(p.name, ".bin") + name[len(a.storage.Name):]
		}
		if name = baseName(name); name != "" {
			p.name = name
		}
		p.content, p.size = bytes.NewReader(data), int64(len(data))
		return
	}
	p.reason = document.Unsupported
}

// embedded writes an item within the item as a mail of its own.
func (a *attachment) embedded(ctx context.Context, p part, limits document.Limits) (part, error) {
	p.item = true
	if a.item.depth+1 > maxEmbedded {
		p.name, p.reason, p.size = named(p.name, ""), document.TooDeep, -1
		return p, nil
	}
	it := a.inner()
	if it == nil {
		p.name, p.reason, p.size = named(p.name, ""), document.Corrupt, -1
		return p, nil
	}
	p.name = named(it.subject(), p.name)
	w, err := writeMail(ctx, it, limits)
	if err != nil {
		return p, err
	}
	p.content, err = w.out.reader()
	p.size = w.out.size
	return p, err
}

// named makes an embedded item's name: its subject's, with the extension of what
// its bytes are.
func named(subject, other string) string {
	s := baseName(strings.NewReplacer("/", "_", `\`, "_").Replace(subject))
	if s == "" {
		s = strings.TrimSuffix(other, ".msg")
	}
	if s == "" {
		s = "mail"
	}
	return s + ".eml"
}
