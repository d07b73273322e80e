package mail

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Flags of a mail in a mailbox. The list is closed. A mail of a mailbox that does not
// say what was read is neither read nor unread.
const (
	FlagRead      = "read"
	FlagUnread    = "unread"
	FlagReplied   = "replied"
	FlagForwarded = "forwarded"
	FlagFlagged   = "flagged"
	FlagDraft     = "draft"
	FlagDeleted   = "deleted"
)

// KeywordForwarded is the keyword by which IMAP servers keep that a mail was forwarded
// (RFC 5788), also in the X-Keywords of their mailboxes.
const KeywordForwarded = "$Forwarded"

// Marks are what a mailbox knows of one of its mails and another mailbox does
// not: they belong to an occurrence, never to the mail.
type Marks struct {
	Flags  []string `json:"flags,omitempty"`
	Labels []string `json:"labels,omitempty"`
}

// Empty says that nothing is marked.
func (m *Marks) Empty() bool { return len(m.Flags) == 0 && len(m.Labels) == 0 }

func (m *Marks) flag(f string) {
	if !slices.Contains(m.Flags, f) {
		m.Flags = append(m.Flags, f)
		slices.Sort(m.Flags)
	}
}

// seen takes the word of a mailbox on whether the mail was read. Of several the last
// counts: what its file is called is newer than what stands in it.
func (m *Marks) seen(read bool) {
	now, other := FlagUnread, FlagRead
	if read {
		now, other = FlagRead, FlagUnread
	}
	m.Flags = slices.DeleteFunc(m.Flags, func(f string) bool { return f == other })
	m.flag(now)
}

func (m *Marks) bits(n uint64, table []markBit) {
	for _, b := range table {
		if n&b.bit != 0 {
			m.flag(b.flag)
		}
	}
}

type markBit struct {
	bit  uint64
	flag string
}

// mozillaBits are of X-Mozilla-Status, in hexadecimal. 1 is read; 8 is expunged: the mail
// stays in the file until its folder is compacted.
var mozillaBits = []markBit{{2, FlagReplied}, {4, FlagFlagged}, {8, FlagDeleted}, {0x1000, FlagForwarded}}

// appleBits are of the number that Apple Mail keeps behind an emlx. 1 is read.
var appleBits = []markBit{{2, FlagDeleted}, {4, FlagReplied}, {16, FlagFlagged}, {64, FlagDraft}, {256, FlagForwarded}}

// letterFlags are of Status and X-Status (mutt, Dovecot, pine) and of the names
// of Maildir files, which share most letters.
var letterFlags = map[byte]string{'A': FlagReplied, 'F': FlagFlagged, 'D': FlagDeleted, 'T': FlagDraft}

// maildirFlags are of file names: https://cr.yp.to/proto/maildir.html.
var maildirFlags = map[byte]string{'P': FlagForwarded, 'R': FlagReplied, 'T': FlagDeleted, 'D': FlagDraft, 'F': FlagFlagged}

// maxLabels bounds the labels of one mail.
const maxLabels = 200

// marksOf reads the fields in which mailbox programs keep their state.
func marksOf(h *header) Marks {
	var m Marks
	if status := h.get("status"); status != nil {
		// mutt, Dovecot, pine: R is read, O was there before, and nothing is both new
		// and unread. Other programs keep words in it that say nothing of reading.
		if s := string(bytes.TrimSpace(unfold(status))); strings.Trim(s, "ROUND") == "" {
			m.seen(strings.Contains(s, "R"))
		}
	}
	if n, err := strconv.ParseUint(string(unfold(h.get("x-mozilla-status"))), 16, 32); err == nil {
		m.seen(n&1 != 0)
		m.bits(n, mozillaBits)
	}
	for _, c := range unfold(h.get("x-status")) {
		if f := letterFlags[c]; f != "" {
			m.flag(f)
		}
	}
	m.Labels = labels(decodeText(h.get("x-gmail-labels"), ""), ',')
	m.google()
	if raw := h.get("x-keywords"); raw != nil {
		for _, l := range labels(decodeText(raw, ""), ' ') {
			if l == KeywordForwarded {
				m.flag(FlagForwarded)
				continue
			}
			m.Labels = append(m.Labels, l)
		}
	}
	if raw := h.get("x-mozilla-keys"); raw != nil {
		for _, l := range labels(decodeText(raw, ""), ' ') {
			if !strings.HasPrefix(l, "$label") { // numbers of colours
				m.Labels = append(m.Labels, l)
			}
		}
	}
	m.Labels = m.Labels[:min(len(m.Labels), maxLabels)]
	return m
}

// Google's labels that say whether a mail was read, in the languages of an office. A
// mail that was opened and marked as unread again has both.
var (
	openedLabels = []string{"Opened", "已打开", "已開啟"}
	unreadLabels = []string{"Unread", "未读", "未读邮件", "未讀", "未讀郵件"}
)

func (m *Marks) google() {
	has := func(list []string) bool {
		return slices.ContainsFunc(m.Labels, func(l string) bool { return slices.Contains(list, l) })
	}
	switch {
	case has(unreadLabels):
		m.seen(false)
	case has(openedLabels):
		m.seen(true)
	}
}

// labels cuts a list; a label in quotes may hold the separator.
func labels(s string, separator byte) []string {
	var out []string
	quoted, from := false, 0
	add := func(to int) {
		if l := strings.Trim(s[from:to], " \t\""); l != "" && len(out) < maxLabels {
			out = append(out, strings.ToValidUTF8(l, "\uFFFD"))
		}
	}
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			add(i)
			from = i + 1
		}
	}
	add(len(s))
	return out
}

// maxPlist is how much of what stands behind an emlx is looked at.
const maxPlist = 64 << 10

// apple reads the property list behind an emlx: its flags are one number. It is
// not parsed as XML, because one number is wanted of it.
func (m *Marks) apple(plist []byte) {
	_, rest, ok := bytes.Cut(plist, []byte("<key>flags</key>"))
	if !ok {
		return
	}
	from, to := bytes.IndexByte(rest, '>'), bytes.Index(rest, []byte("</integer>"))
	if from < 0 || to <= from {
		return
	}
	if n, err := strconv.ParseUint(string(bytes.TrimSpace(rest[from+1:to])), 10, 64); err == nil {
		m.seen(n&1 != 0)
		m.bits(n, appleBits)
	}
}

// MarkedByName adds the flags that stand in a Maildir file's name: behind `:2,`,
// or the `!2,` and `;2,` that copies on Windows have.
func (m *Marks) MarkedByName(name string) {
	for _, mark := range []string{":2,", "!2,", ";2,", "\uf0222,"} {
		at := strings.LastIndex(name, mark)
		if at < 0 {
			continue
		}
		m.seen(strings.IndexByte(name[at+len(mark):], 'S') >= 0)
		for i := at + len(mark); i < len(name); i++ {
			if f := maildirFlags[name[i]]; f != "" {
				m.flag(f)
			}
		}
		return
	}
}

// MarkedByPlace adds what a Maildir says by where it keeps a file: what lies in new
// nobody has seen yet, and its name has no flags.
func (m *Marks) MarkedByPlace(locator string) {
	m.MarkedByName(path.Base(locator))
	if name := path.Base(locator); path.Base(path.Dir(locator)) == "new" && maildirName(name) {
		m.seen(false)
	}
}

// maildirName says whether a file is called as Maildirs call theirs: by the second in
// which it came, and more (https://cr.yp.to/proto/maildir.html).
func maildirName(name string) bool {
	second, rest, _ := strings.Cut(name, ".")
	return rest != "" && len(second) >= 9 && len(second) <= 11 && strings.Trim(second, "0123456789") == "" && !strings.Contains(name, "2,")
}

// MarksOf are the marks that a reader told in a document's fields.
func MarksOf(doc *document.Document) Marks {
	m := Marks{Flags: strings.Fields(doc.Fields["flags"])}
	if l := doc.Fields["labels"]; l != "" {
		m.Labels = strings.Split(l, ", ")
	}
	return m
}

// Tell puts the marks into a document's fields, for who reads one file.
func (m *Marks) Tell(doc *document.Document) {
	if len(m.Flags) > 0 {
		doc.Fields["flags"] = strings.Join(m.Flags, " ")
	}
	if len(m.Labels) > 0 {
		doc.Fields["labels"] = strings.Join(m.Labels, ", ")
	}
}

// Unmark takes out of a document what belongs to the copy that it was read from
// and not to the mail: the ledger keeps that with each occurrence.
func Unmark(doc *document.Document) {
	for _, f := range []string{"flags", "labels", "thread"} {
		delete(doc.Fields, f)
	}
}
