package mail

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Holder tells by a mail's locator in whose mailbox and in which folder of it the
// mail lies, as the program that wrote the mailbox would show them. Either may be
// empty; both are for a mail within a mail, which lies in no folder.
func Holder(locator string) (mailbox, folder string) {
	steps := document.SplitLocator(locator)
	last := len(steps) - 1
	for last > 0 && steps[last] == StepWhole { // a joined mail lies where its first piece does
		last--
	}
	if strings.HasPrefix(steps[last], "attachment:") {
		return "", ""
	}
	path := steps[last]
	if strings.HasPrefix(path, "mail:") {
		if last == 0 {
			return "", ""
		}
		path = steps[last-1] // a mailbox in one file is a folder
	} else {
		at := strings.LastIndexByte(path, '/')
		if at < 0 && last == 0 {
			return "", ""
		}
		path = strings.TrimSuffix(steps[max(last-1, 0)]+"/", "//")
		if at >= 0 {
			path = steps[last][:at]
		}
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if mailbox, folder, ok := apple(parts); ok {
		return mailbox, folder
	}
	if n := len(parts); n > 1 && (parts[n-1] == "cur" || parts[n-1] == "new") {
		return maildir(parts[:n-1])
	}
	for i := range parts {
		parts[i] = folderName(parts[i])
	}
	return split(parts)
}

// split finds where an account ends and its folders begin: an address, what lies
// in Thunderbird's Mail and ImapMail, else the last part is the folder.
func split(parts []string) (mailbox, folder string) {
	account := len(parts) - 2
	for i, p := range parts[:len(parts)-1] {
		if strings.Contains(p, "@") || i > 0 && i < len(parts)-1 && (parts[i-1] == "Mail" || parts[i-1] == "ImapMail") {
			account = i
		}
	}
	if account < 0 {
		return "", parts[0]
	}
	return parts[account], strings.Join(parts[account+1:], "/")
}

// maildir reads the folders of a Maildir: beside each other with dots before them
// (Maildir++, https://www.inter7.com/courierimap/README.maildirquota.html), or one
// within the other.
func maildir(parts []string) (mailbox, folder string) {
	n := len(parts)
	name := parts[n-1]
	if !strings.HasPrefix(name, ".") || n < 2 {
		if n == 1 {
			return decodeFolder(name), "INBOX"
		}
		return split(parts)
	}
	levels := strings.Split(name[1:], ".")
	for i := range levels {
		levels[i] = decodeFolder(levels[i])
	}
	return decodeFolder(parts[n-2]), strings.Join(levels, "/")
}

// apple reads the way of an emlx: folders are called NAME.mbox, and below them lie
// numbers, Data and Messages.
func apple(parts []string) (mailbox, folder string, ok bool) {
	var folders []string
	for i, p := range parts {
		name, is := strings.CutSuffix(p, ".mbox")
		if !is || i == len(parts)-1 && len(folders) == 0 && i > 0 && !strings.HasSuffix(parts[i-1], ".mbox") {
			continue
		}
		if len(folders) == 0 && i > 0 {
			mailbox = parts[i-1]
		}
		folders = append(folders, decodeFolder(name))
	}
	if len(folders) == 0 || len(folders) == 1 && strings.HasSuffix(parts[len(parts)-1], ".mbox") {
		return "", "", false // a mailbox in one file
	}
	return mailbox, strings.Join(folders, "/"), true
}

// folderName is a folder without what its program adds to it.
func folderName(name string) string {
	name = charset.FileName(name)
	for _, end := range []string{".sbd", ".mbox", ".mbx", ".box", ".BOX"} {
		if n, ok := strings.CutSuffix(name, end); ok && n != "" {
			name = n
			break
		}
	}
	return decodeFolder(name)
}

// decodeFolder reads a folder's name in the modified UTF-7 of RFC 3501 5.1.3, as
// Maildir and Thunderbird keep what an IMAP server gave them. A name that is not
// that stays as it is.
func decodeFolder(name string) string {
	if strings.IndexByte(name, '&') < 0 {
		return name
	}
	var b strings.Builder
	for rest := name; ; {
		at := strings.IndexByte(rest, '&')
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(rest[:at])
		word, after, ok := strings.Cut(rest[at+1:], "-")
		if !ok {
			return name
		}
		rest = after
		if word == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := base64.RawStdEncoding.DecodeString(strings.ReplaceAll(word, ",", "/"))
		if err != nil || len(raw)%2 != 0 {
			return name
		}
		units := make([]uint16, 0, len(raw)/2)
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		text := string(utf16.Decode(units))
		if strings.ContainsRune(text, utf8.RuneError) || strings.ContainsAny(text, "/\x00") {
			return name
		}
		b.WriteString(text)
	}
}
