package cloud

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Tell puts the files into a document: how many, one a line in a field, and in a
// warning that they are not in the archive.
func Tell(doc *document.Document, files []File) {
	if len(files) == 0 {
		return
	}
	lines := make([]string, 0, len(files))
	seen := map[string]bool{}
	for _, f := range files {
		var parts []string
		for _, s := range []string{f.Name, f.Size, f.Expires, f.Service, f.URL} {
			if s = strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "|", "/")), " "); s == "" {
				s = "-"
			}
			parts = append(parts, s)
		}
		key := f.Name + "\x00" + f.URL
		if f.URL != "" {
			key = strings.TrimRight(f.URL, "/#")
		}
		if seen[key] || len(lines) == maxFiles {
			continue
		}
		seen[key] = true
		lines = append(lines, strings.Join(parts, " | "))
	}
	doc.Fields["cloud_attachments"] = strconv.Itoa(len(lines))
	doc.Fields["cloud_files"] = strings.Join(lines, "\n")
	doc.Warn("cloud-attachment", fmt.Sprintf("%d of its attachments lie with a service and are not in the archive", len(lines)))
}

// Mentioned is a quick look for the host of one of the services.
func Mentioned(data []byte) bool {
	for {
		at := bytes.Index(data, []byte("://"))
		if at < 0 {
			return false
		}
		data = data[at+3:]
		end := 0
		for end < len(data) && end < 100 && (isAlnum(data[end]) || data[end] == '.' || data[end] == '-') {
			end++
		}
		if hosts[domain(strings.ToLower(string(data[:end])))] {
			return true
		}
	}
}
