package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/store"
)

// inline are the media types that a browser may show or play itself, with the
// type under which they are sent. None of them can run anything: no HTML, no
// SVG, no XML, and no playlists, which make players fetch other addresses.
var inline = map[string]string{
	"application/pdf":  "application/pdf",
	"image/png":        "image/png",
	"image/jpeg":       "image/jpeg",
	"image/jpg":        "image/jpeg",
	"image/gif":        "image/gif",
	"image/webp":       "image/webp",
	"text/plain":       "text/plain",
	"audio/mpeg":       "audio/mpeg",
	"audio/mp3":        "audio/mpeg",
	"audio/mp4":        "audio/mp4",
	"audio/x-m4a":      "audio/mp4",
	"audio/m4a":        "audio/mp4",
	"audio/aac":        "audio/aac",
	"audio/ogg":        "audio/ogg",
	"audio/opus":       "audio/ogg",
	"application/ogg":  "audio/ogg",
	"audio/flac":       "audio/flac",
	"audio/x-flac":     "audio/flac",
	"audio/wav":        "audio/wav",
	"audio/wave":       "audio/wav",
	"audio/x-wav":      "audio/wav",
	"audio/vnd.wave":   "audio/wav",
	"audio/webm":       "audio/webm",
	"audio/amr":        "audio/amr",
	"audio/x-ms-wma":   "audio/x-ms-wma",
	"video/mp4":        "video/mp4",
	"video/webm":       "video/webm",
	"video/quicktime":  "video/mp4",
	"video/x-matroska": "video/webm",
	"video/x-msvideo":  "video/x-msvideo",
	"video/x-ms-asf":   "video/x-ms-asf",
}

// originalPolicy takes scripts, forms and our origin from whatever a browser
// would make of an original. Chromium 156 shows PDF and pictures under it. Its
// player asks for the file once more and needs our origin and media-src for
// that; nothing in sound can use the origin, since scripts stay forbidden.
const (
	originalPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
	playerPolicy   = "sandbox allow-same-origin; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'"
)

// servedAs is the type under which an original is shown, empty when it is only
// given out as a file.
func servedAs(mediaType string) string {
	base, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return ""
	}
	return inline[strings.ToLower(base)]
}

// plays says whether a type is sound or film.
func plays(kind string) bool {
	return strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}

// original gives out an original's bytes, whole or in ranges.
func (s *Server) original(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	scopes := viewerOf(r.Context()).scopes
	if r.FormValue("as") == "msg" {
		s.saved(w, r, id, scopes)
		return
	}
	o, name, mediaType, err := s.archive.Original(r.Context(), id, scopes)
	if errors.Is(err, store.ErrNotFound) { // the ledger knows it, its bytes are gone
		s.fail(w, r, http.StatusNotFound, "error.original", err)
		return
	}
	if err != nil {
		s.failed(w, r, "error.original", err)
		return
	}
	defer o.Close()
	head := make([]byte, min(o.Size(), 4<<10))
	n, err := o.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		s.fail(w, r, http.StatusInternalServerError, "error.original", err)
		return
	}
	head = head[:n]

	kind, how := servedAs(mediaType), "inline"
	if kind == "application/pdf" && !strings.Contains(string(head), "%PDF-") {
		kind = "" // not what it says; let no viewer guess
	}
	if kind == "" || r.FormValue("download") != "" {
		how = "attachment"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", originalPolicy)
	switch {
	case kind == "":
		kind = "application/octet-stream"
	case kind == "text/plain":
		kind = "text/plain; charset=" + charsetOf(head)
	case plays(kind):
		h.Set("Content-Security-Policy", playerPolicy)
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(how, fileName(name, mediaType)))
	// The id is the hash of the bytes. They never change, but who may see them
	// does: the browser keeps them and asks each time.
	h.Set("ETag", `"`+id+`"`)
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(o, 0, o.Size()))
}

// saved gives out an item of an Outlook mailbox as Outlook saves it.
func (s *Server) saved(w http.ResponseWriter, r *http.Request, id string, scopes []string) {
	o, name, err := s.archive.SavedItem(r.Context(), id, scopes)
	if err != nil {
		s.failed(w, r, "error.original", err)
		return
	}
	defer o.Close()
	h := w.Header()
	h.Set("Content-Security-Policy", originalPolicy)
	h.Set("Content-Type", "application/vnd.ms-outlook")
	h.Set("Content-Disposition", disposition("attachment", fileName(strings.TrimSuffix(name, ".eml")+".msg", "")))
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(o, 0, o.Size()))
}

// isOutlooks says whether a document is an item of an Outlook mailbox, which can be
// had as one.
func isOutlooks(locator, made string) bool {
	steps := document.SplitLocator(locator)
	last := path.Base(steps[len(steps)-1])
	return made != "" && (strings.HasPrefix(last, "mail:") || strings.HasPrefix(last, "block:"))
}

// charsetOf says how to read a text. Firms in China have UTF-8 and GB18030
// (which holds GBK and GB 2312), and text from Windows may be UTF-16 with its
// mark; to name none would leave it to the browser's guess.
func charsetOf(head []byte) string {
	switch {
	case len(head) >= 2 && (head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF):
		return "utf-16"
	case validStart(head):
		return "utf-8"
	}
	return "gb18030"
}

// validStart says whether bytes are UTF-8, but for a last character cut in two.
func validStart(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		b = b[n:]
	}
	return true
}

// fileName makes a name that every system takes. A mail out of a mailbox has
// none with an extension, and without one nothing opens it.
func fileName(name, mediaType string) string {
	name = strings.Map(func(r rune) rune {
		if hidden(r) || strings.ContainsRune(`/\:*?"<>|`, r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, " .")
	if name == "" {
		name = "original"
	}
	ext := path.Ext(name)
	if len(ext) < 2 || len(ext) > 10 || strings.ContainsAny(ext, " ") {
		ext = extensions[mediaType]
	} else {
		name = strings.TrimSuffix(name, ext)
	}
	for len(name) > 180 { // file systems take 255 bytes
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	return name + ext
}

// extensions of what containers hold without names.
var extensions = map[string]string{
	"message/rfc822":     ".eml",
	"text/plain":         ".txt",
	"text/html":          ".html",
	"text/calendar":      ".ics",
	"text/vcard":         ".vcf",
	"application/pdf":    ".pdf",
	"application/zip":    ".zip",
	"image/png":          ".png",
	"image/jpeg":         ".jpg",
	"image/gif":          ".gif",
	"audio/mpeg":         ".mp3",
	"audio/wav":          ".wav",
	"application/x-mbox": ".mbox",
	"application/mbox":   ".mbox",
}

// disposition writes Content-Disposition with a name in any script: RFC 6266
// §4.3 has filename* in UTF-8 (RFC 8187) and a plain name before it for those
// who do not know it.
func disposition(how, name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return how + `; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
