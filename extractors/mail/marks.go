package mail

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Flags of a mail in a mailbox. The list is closed.
const (
	FlagRead      = "read"
	FlagReplied   = "replied"
	FlagForwarded = "forwarded"
	FlagFlagged   = "flagged"
	FlagDraft     = "draft"
	FlagDeleted   = "deleted"
)

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

// mozillaBits are of X-Mozilla-Status, in hexadecimal. 8 is expunged: the mail
// stays in the file until its folder is compacted.
var mozillaBits = []markBit{{1, FlagRead}, {2, FlagReplied}, {4, FlagFlagged}, {8, FlagDeleted}, {0x1000, FlagForwarded}}

// appleBits are of the number that Apple Mail keeps behind an emlx.
var appleBits = []markBit{{1, FlagRead}, {2, FlagDeleted}, {4, FlagReplied}, {16, FlagFlagged}, {64, FlagDraft}, {256, FlagForwarded}}

// letterFlags are of Status and X-Status (mutt, Dovecot, pine) and of the names
// of Maildir files, which share most letters.
var letterFlags = map[byte]string{'A': FlagReplied, 'F': FlagFlagged, 'D': FlagDeleted, 'T': FlagDraft}

// maildirFlags are of file names: https://cr.yp.to/proto/maildir.html.
var maildirFlags = map[byte]string{'P': FlagForwarded, 'R': FlagReplied, 'S': FlagRead, 'T': FlagDeleted, 'D': FlagDraft, 'F': FlagFlagged}

// maxLabels bounds the labels of one mail.
const maxLabels = 200

// marksOf reads the fields in which mailbox programs keep their state.
func marksOf(h *header) Marks {
	var m Marks
	if n, err := strconv.ParseUint(string(unfold(h.get("x-mozilla-status"))), 16, 32); err == nil {
		m.bits(n, mozillaBits)
	}
	if bytes.ContainsRune(unfold(h.get("status")), 'R') {
		m.flag(FlagRead)
	}
	for _, c := range unfold(h.get("x-status")) {
		if f := letterFlags[c]; f != "" {
			m.flag(f)
		}
	}
	m.Labels = labels(decodeText(h.get("x-gmail-labels"), ""), ',')
	if raw := h.get("x-keywords"); raw != nil {
		m.Labels = append(m.Labels, labels(decodeText(raw, ""), ' ')...)
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
		for i := at + len(mark); i < len(name); i++ {
			if f := maildirFlags[name[i]]; f != "" {
				m.flag(f)
			}
		}
		return
	}
}

// tell puts the marks into a document's fields, for who reads one file.
func (m *Marks) tell(doc *document.Document) {
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
