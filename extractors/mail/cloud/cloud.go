// Package cloud finds the attachments of a mail that lie with a service instead
// of in the mail: 超大附件 and 云附件 of QQ and NetEase, 微云, 百度网盘, OneDrive,
// SharePoint, Google Drive, WeTransfer and the like. They are not in the archive,
// most of them expire, and somebody has to be told so.
package cloud

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/html"
)

// File is one such attachment. What the mail does not say is empty.
type File struct {
	Service string `json:"service"`
	Name    string `json:"name,omitempty"`
	Size    string `json:"size,omitempty"`    // as written: 1.2G, 35 MB
	Expires string `json:"expires,omitempty"` // YYYY-MM-DD, with THH:MM where it is said; never; or the words
	URL     string `json:"url,omitempty"`
}

const (
	maxFiles = 100 // of one mail
	maxURL   = 1000
	context  = 400 // bytes around a link that are looked at
)

// Find gives the files that a text links to: by addresses that stand in it, and by
// links behind its words.
func Find(text string, links []html.Link) []File {
	var f finder
	for at := 0; len(f.files) < maxFiles; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			break
		}
		i += at
		at = i + 3
		begin := strings.LastIndexAny(text[max(i-5, 0):i], " \t\n<>\"'(（：:，。") + 1 + max(i-5, 0)
		if s := strings.ToLower(text[begin:i]); !strings.HasSuffix(s, "http") && !strings.HasSuffix(s, "https") {
			continue
		}
		if !strings.HasSuffix(strings.ToLower(text[begin:i]), "https") {
			begin = i - 4
		} else {
			begin = i - 5
		}
		end := urlEnd(text, i+3)
		at = end
		if service := serviceOf(text[begin:end]); service != "" {
			f.add(service, text[begin:end], "", before(text, begin), after(text, end))
		}
	}
	for _, l := range links {
		if len(f.files) >= maxFiles {
			break
		}
		if service := serviceOf(l.URL); service != "" {
			// The words of a link end with it, and what follows them in the text says
			// the rest.
			tail := ""
			if i := strings.LastIndex(text, l.Text); i >= 0 && l.Text != "" {
				tail = after(text, i+len(l.Text))
			}
			f.add(service, l.URL, l.Text, before(l.Before, len(l.Before)), tail)
		}
	}
	return f.files
}

// urlEnd is where an address within a text ends.
func urlEnd(s string, at int) int {
	for i, r := range s[at:] {
		if r <= ' ' || strings.ContainsRune("<>\"'）】」，。；、\u3000\u00a0", r) || r > 0x2e80 {
			at += i
			return at - len(s[:at]) + len(strings.TrimRight(s[:at], ".,;:!?)]"))
		}
	}
	return len(strings.TrimRight(s, ".,;:!?)]"))
}

// before is what stands before a link, at most four lines.
func before(s string, at int) string {
	s = s[max(0, at-context):at]
	n := 0
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '\n' {
			if n++; n == 5 {
				return s[i+1:]
			}
		}
	}
	return s
}

// after is what stands behind one, at most two lines.
func after(s string, at int) string {
	s = s[at:min(len(s), at+context)]
	n := 0
	for i := range len(s) {
		if s[i] == '\n' {
			if n++; n == 3 {
				return s[:i]
			}
		}
	}
	return s
}

type finder struct{ files []File }

func (f *finder) add(service, address, words, head, tail string) {
	address = strings.ToValidUTF8(address[:min(len(address), maxURL)], "")
	key := strings.TrimRight(address, "/#")
	for i := range f.files {
		if strings.TrimRight(f.files[i].URL, "/#") == key {
			return
		}
	}
	file := File{Service: service, URL: address}
	file.Name = nameOf(address, words, head, tail)
	// What is said of this file is nearer than what is said of another: below the
	// last address before it, above the next one after it.
	if i := strings.LastIndex(head, "://"); i >= 0 {
		head = head[i:]
	}
	if i := strings.Index(tail, "://"); i >= 0 {
		tail = tail[:i]
	}
	for _, s := range []string{lastLines(head), words, tail} {
		if file.Size == "" {
			file.Size = sizeIn(s)
		}
		if file.Expires == "" {
			file.Expires = expiryIn(s)
		}
	}
	f.files = append(f.files, file)
}

// lastLines drops what belongs to the file before: everything above the line that
// has the last name of a file.
func lastLines(head string) string {
	lines := strings.Split(head, "\n")
	for i, line := range slices.Backward(lines) {
		if fileIn(line) != "" {
			return strings.Join(lines[i:], "\n")
		}
	}
	return head
}

// nameOf finds the file's name: the words of the link, the address, the lines
// around.
func nameOf(address, words, head, tail string) string {
	if n := fileIn(words); n != "" {
		return n
	}
	if u, err := url.Parse(address); err == nil {
		q := u.Query()
		for _, key := range []string{"file", "filename", "fileName", "f", "fn", "name"} {
			if n := fileIn(decoded(q.Get(key))); n != "" {
				return n
			}
		}
		base := decoded(path.Base(u.Path))
		switch strings.ToLower(path.Ext(base)) {
		case ".html", ".htm", ".php", ".aspx", ".jsp", ".do", ".asp", ".cgi":
		default:
			if n := fileIn(base); n != "" {
				return n
			}
		}
	}
	lines := strings.Split(head, "\n")
	for i, line := range slices.Backward(lines) {
		if strings.Contains(line, "://") && i < len(lines)-1 {
			break // of the link before
		}
		if n := fileIn(line); n != "" {
			return n
		}
	}
	for line := range strings.SplitSeq(tail, "\n") {
		if n := fileIn(line); n != "" {
			return n
		}
		if strings.Contains(line, "://") {
			break
		}
	}
	return ""
}

func decoded(s string) string {
	if s == "" || utf8.ValidString(s) {
		return s
	}
	text, _, _ := charset.Decode([]byte(s), "")
	return text
}

// fileIn finds a file's name in a line: what ends in an extension, before a
// bracket, a blank or the line's end, and begins after a label.
func fileIn(line string) string {
	line = strings.TrimSpace(line)
	if len(line) > 400 {
		return ""
	}
	for at := 0; at < len(line); {
		dot := strings.IndexByte(line[at:], '.')
		if dot < 0 {
			return ""
		}
		dot += at
		end := dot + 1
		for end < len(line) && end-dot <= 8 && isAlnum(line[end]) {
			end++
		}
		at = dot + 1
		if !extensions[strings.ToLower(line[dot+1:end])] || dot == 0 {
			continue
		}
		name := line[:end]
		if i := strings.LastIndexAny(name, "\t\"<>|*/\\"); i >= 0 {
			name = name[i+1:]
		}
		for _, sep := range []string{"：", ": ", "“", "《", "「", "• "} {
			if i := strings.LastIndex(name, sep); i >= 0 {
				name = name[i+len(sep):]
			}
		}
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, "www.") || strings.HasPrefix(name, ".") || strings.Contains(name, "://") || strings.Contains(name, "@") {
			continue
		}
		return name
	}
	return ""
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// extensions are those that files are sent with.
var extensions = func() map[string]bool {
	m := map[string]bool{}
	for e := range strings.FieldsSeq("doc docx docm xls xlsx xlsm xlsb csv ppt pptx pdf txt rtf wps et dps odt ods odp zip rar 7z tar gz tgz bz2 xz iso img exe msi apk ipa dmg jpg jpeg png gif bmp tif tiff psd ai cdr svg dwg dxf stp step igs prt sldprt vsd vsdx mpp mp3 wav m4a amr wma flac mp4 mov avi mkv wmv flv xml json sql bak dmp mdb accdb db log html htm eml msg pst xmind mmap key pages numbers epub ofd jar war bin hex") {
		m[e] = true
	}
	return m
}()
