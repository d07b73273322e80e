package outlook

import (
	"slices"

	"guidang/extractors/mail"
)

// Bits of PidTagMessageFlags ([MS-OXCMSG] 2.2.1.6).
const (
	flagRead   = 0x1
	flagUnsent = 0x8
)

// verbs of PidTagLastVerbExecuted ([MS-OXOMSG] 2.2.1.19): what was done with it last.
var verbs = map[int64]string{102: mail.FlagReplied, 103: mail.FlagReplied, 104: mail.FlagForwarded}

// marks are what Outlook knows of the mail beside its text. An item whose flags are
// missing is neither read nor unread.
func (it *item) marks() (out []string) {
	if n, ok := it.number(idFlags); ok {
		if n&flagUnsent != 0 {
			out = append(out, mail.FlagDraft)
		}
		switch {
		case n&flagRead != 0:
			out = append(out, mail.FlagRead)
		case n&flagUnsent == 0: // what was never sent nobody has to read
			out = append(out, mail.FlagUnread)
		}
	}
	if n, ok := it.number(idFlagStatus); ok && n == 2 { // [MS-OXOFLAG] 2.2.1.1
		out = append(out, mail.FlagFlagged)
	}
	if n, ok := it.number(idLastVerb); ok && verbs[n] != "" {
		out = append(out, verbs[n])
	}
	slices.Sort(out)
	return out
}

// status are the marks as mailboxes in one file write them, for the mail that is made
// of an item.
func status(marks []string) (status, xStatus, keywords string) {
	for _, m := range marks {
		switch m {
		case mail.FlagRead:
			status = "RO"
		case mail.FlagUnread:
			status = "O"
		case mail.FlagReplied:
			xStatus += "A"
		case mail.FlagFlagged:
			xStatus += "F"
		case mail.FlagDraft:
			xStatus += "T"
		case mail.FlagForwarded:
			keywords = mail.KeywordForwarded
		}
	}
	return status, xStatus, keywords
}
