package mail

import (
	"strings"
	"unicode/utf8"
)

// maxName is the longest name of a file, in characters; its extension is kept.
const maxName = 200

// fileName is the name that a part gives itself, without folders, or empty.
// Content-Disposition comes first (RFC 2183 2.3), but not with a garbled name.
func (l *leaf) fileName(hint string) string {
	name := l.disp.text("filename", hint)
	if name == "" || strings.ContainsRune(name, utf8.RuneError) {
		if other := l.params.text("name", hint); other != "" && (name == "" || !strings.ContainsRune(other, utf8.RuneError)) {
			name = other
		}
	}
	return baseName(name)
}

// baseName drops folders, of both kinds of slashes, and what no name can be.
func baseName(name string) string {
	name = strings.Trim(name, " \t\"'")
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = strings.TrimSpace(name[at+1:])
	}
	if strings.Trim(name, ".") == "" {
		return ""
	}
	if n := utf8.RuneCountInString(name); n > maxName {
		r := []rune(name)
		ext := 0
		for i := n - 1; i > n-12; i-- {
			if r[i] == '.' {
				ext = n - i
				break
			}
		}
		name = string(r[:maxName-ext]) + string(r[n-ext:])
	}
	return name
}

// extensions name files that have no name.
var extensions = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/directory": ".vcf", "text/csv": ".csv", "text/rtf": ".rtf", "application/rtf": ".rtf",
	"image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tif",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/x-zip-compressed": ".zip", "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "application/vnd.ms-powerpoint": ".ppt",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
	"application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pgp-signature": ".asc", "application/ms-tnef": ".dat",
	"audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav", "audio/mp4": ".m4a", "video/mp4": ".mp4",
}

// unnamed makes a name: a mail's is its subject, others have their kind's.
func (l *leaf) unnamed(hint string) string {
	if l.embedded {
		var buf [16]field
		h, _, _ := parseHeader(l.content(), buf[:])
		if s := baseName(strings.NewReplacer("/", "_", `\`, "_").Replace(subject(&h, hint))); s != "" {
			return s + ".eml"
		}
		return "mail.eml"
	}
	ext := extensions[l.kind]
	switch {
	case l.kind == "text/calendar":
		return "invite.ics"
	case l.kind == "application/ms-tnef" || l.kind == "application/vnd.ms-tnef":
		return "winmail.dat"
	case strings.HasPrefix(l.kind, "image/"):
		if ext == "" {
			ext = ".img"
		}
		return "image" + ext
	case ext == "":
		ext = ".bin"
	}
	return "part" + ext
}

// maxSubject is how much of a subject is kept, in characters.
const maxSubject = 1000

// subject is the decoded subject of a mail.
func subject(h *header, hint string) string {
	raw := h.get("subject")
	// Cut before decoding: a hundred thousand encoded words are not worth it.
	if len(raw) > 16*maxSubject {
		raw = raw[:16*maxSubject]
	}
	s := decodeText(raw, hint)
	if utf8.RuneCountInString(s) > maxSubject {
		s = string([]rune(s)[:maxSubject])
	}
	return s
}
