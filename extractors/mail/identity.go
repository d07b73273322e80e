package mail

import (
	"bytes"
	"crypto/sha256"
	"hash"
)

// maxIdentityHead is the longest header that is looked at to tell a mail's
// identity; a file whose header goes on beyond it stands for itself.
const maxIdentityHead = 1 << 20

// Identity tells which mail some bytes are: the copies of one mail that lie in
// several mailboxes, written by several programs, have one identity, and two
// mails that say something different have two, whatever their Message-ID.
//
// It is the SHA-256 of the mail's canonical form. Left out of it is what belongs
// to a copy and not to the mail:
//
//   - how lines end (mailboxes have LF, the wire and loose files CR LF), and empty
//     lines at the end;
//   - a byte order mark, Apple's line of length and its property list;
//   - fields in which mailbox programs keep their state: Status, X-Status, X-UID,
//     X-Mozilla-Status, X-Gmail-Labels, Content-Length, Lines;
//   - of a mail with a Message-ID and a date also what is written on its way: trace
//     fields (RFC 5321 4.4), signatures and verdicts of servers, and X- fields, so
//     that the sender's copy and those of all who got it are one mail. Without an id
//     and a date these are all that tells two mails apart, and they count.
//
// Bcc counts: the sender's copy with it and the receivers' without are two mails,
// or people would learn from one copy who stands in the other. A mail whose
// parts are said to be binary counts with its own line ends, and so does all that
// is no mail: it stands for itself.
//
// It is fed by Write, all of the bytes in order, and holds the header at most.
type Identity struct {
	state   identityState
	head    []byte // until the header has ended
	seen    int    // where the last line of head begins: no header ends before
	sum     hash.Hash
	left    int64 // bytes that still belong to the mail: Apple's length, else very many
	returns int   // CRs seen and not yet written
	lines   int   // line ends seen and not yet written
	tail    []byte
	plist   []byte // what Apple writes behind the mail
	dropped bool   // CRs were left out
	binary  bool
	marks   Marks
}

type identityState int

const (
	identityHead identityState = iota
	identityBody
	identityNone // no mail
)

// NewIdentity makes an Identity that has seen nothing.
func NewIdentity() *Identity { return &Identity{left: 1 << 62} }

// Write takes the next bytes. It never fails.
func (d *Identity) Write(p []byte) (int, error) {
	n := len(p)
	switch d.state {
	case identityNone:
	case identityBody:
		d.body(p)
	case identityHead:
		if len(d.head) > 0 {
			d.head = append(d.head, p...)
			p = d.head
		}
		if !d.ready(p) || !d.header(p, false) {
			d.seen = bytes.LastIndexByte(p, '\n') + 1
			if len(d.head) == 0 {
				d.head = append(d.head, p...)
			}
		}
	}
	return n, nil
}

// Sum is the identity of what was written; own is the SHA-256 of the bytes
// themselves, which it is for all that is no mail.
func (d *Identity) Sum(own [32]byte) [32]byte {
	if d.state == identityHead {
		d.header(d.head, true)
	}
	if d.state != identityBody || d.binary && d.dropped {
		return own
	}
	d.state = identityNone
	d.sum.Write([]byte("\n"))
	return [32]byte(d.sum.Sum(nil))
}

// Mail says whether the bytes were a mail. It is known once Sum was asked.
func (d *Identity) Mail() bool { return d.sum != nil }

// Marks are what this copy's mailbox knows of the mail. They are complete once
// Sum was asked.
func (d *Identity) Marks() Marks {
	m := d.marks
	m.apple(d.plist)
	return m
}

// firstLook is how much has to be there before anything is decided, and where a
// mail's first field has to begin.
const firstLook = 512

// ready says whether header may find more in p than it did before: it costs as
// much as the header is long, and must not for each line of it.
func (d *Identity) ready(p []byte) bool {
	if d.seen < firstLook || len(p) > maxIdentityHead {
		return true
	}
	for at := d.seen; at < len(p); {
		line, next := lineAt(p, at)
		if len(line) == 0 && p[next-1] == '\n' {
			return true
		}
		at = next
	}
	return false
}

// header looks at the bytes from the beginning on and, once the header has
// ended, goes over to the body. It says whether it was decided.
func (d *Identity) header(p []byte, end bool) bool {
	data, left, ok := firstField(p, d.left)
	head := data[:min(len(data), maxIdentityHead)]
	at := headerEnd(head)
	if at > 0 && head[at-1] != '\n' {
		at = -1 // a CR whose LF is still to come
	}
	switch {
	case !end && len(p) < firstLook && (!ok || at < 0):
		return false
	case !ok || !startsHeader(data[:min(len(data), firstLook)]) || at < 0 && len(data) > len(head):
		return d.none()
	case at < 0 && !end:
		return false
	case at < 0:
		at = len(head)
	}
	if int64(at) > left || !d.fields(data[:at]) {
		return d.none()
	}
	d.left = left - int64(at)
	d.state, d.head = identityBody, nil
	d.body(data[at:])
	return true
}

// firstField drops what may stand before a mail's first field, within the first
// look. It says whether anything else follows.
func firstField(p []byte, left int64) (data []byte, stays int64, ok bool) {
	data = bytes.TrimPrefix(p, []byte("\xef\xbb\xbf"))
	if length, rest, ok := emlxLength(data); ok {
		data, left = rest, int64(length)
	}
	for {
		line, next := lineAt(data, 0)
		switch {
		case len(bytes.TrimSpace(line)) > 0:
			return data, left, true
		case next >= len(data) || len(p)-len(data)+next > firstLook:
			return data, left, false
		}
		data, left = data[next:], left-int64(next)
	}
}

func (d *Identity) none() bool {
	d.state, d.head = identityNone, nil
	return true
}

// startsHeader wants a field name. A mailbox's From line is none: what a mailbox
// is must not be told by its first mail.
func startsHeader(data []byte) bool {
	line, _ := lineAt(data, 0)
	_, _, ok := cutField(line)
	return ok
}

// fields hashes the fields that belong to the mail, in their order. It says
// whether this is a mail at all.
func (d *Identity) fields(head []byte) bool {
	var buf [64]field
	h, _, _ := parseHeader(head, buf[:])
	if !h.has("from") && !h.has("sender") || !h.has("date") && !h.has("received") && !h.has("message-id") {
		return false
	}
	d.marks = marksOf(&h)
	d.binary = isBinary(h.get("content-transfer-encoding"))
	known := h.has("message-id") && datesItself(&h)
	d.sum = sha256.New()
	keep := false
	for at := 0; at < len(head); {
		line, next := lineAt(head, at)
		d.dropped = d.dropped || next-at > len(line)+1
		at = next
		if len(line) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, _, ok := cutField(line)
			keep = !ok || !ofCopy(name, known)
		}
		if keep {
			d.sum.Write(line)
			d.sum.Write([]byte("\n"))
		}
	}
	d.sum.Write([]byte("\n"))
	return true
}

// datesItself says whether a mail's own date is the one that it is read with. Where
// it is not, the way that it came gives the date, and so belongs to the mail.
func datesItself(h *header) bool {
	t, _, ok := parseDate(rawText(unfold(h.get("date")), ""))
	if !ok {
		return false
	}
	received, ok := (&message{header: *h}).received()
	return !ok || t.Sub(received) <= late
}

// ofCopy says whether a field belongs to a copy of the mail. known mails have an
// id and a date of their own.
func ofCopy(name []byte, known bool) bool {
	n := len(name)
	if n > 2 && (name[0] == 'x' || name[0] == 'X') && name[1] == '-' {
		if equalName(name, "x-priority") || equalName(name, "x-msmail-priority") {
			return false // the author's
		}
		return known || isOneOf(name, stateFields)
	}
	return isOneOf(name, stateFields) || known && (isOneOf(name, traceFields) || n > 4 && bytes.EqualFold(name[:4], []byte("arc-")))
}

func isOneOf(name []byte, list []string) bool {
	for _, l := range list {
		if equalName(name, l) {
			return true
		}
	}
	return false
}

// stateFields are written into a mail by the program whose mailbox it lies in.
var stateFields = []string{
	"status", "content-length", "lines", "x-status", "x-keywords", "x-uid", "x-uidl", "x-imap", "x-imapbase", "x-mozilla-status", "x-mozilla-status2", "x-mozilla-keys",
	"x-account-key", "x-gmail-labels", "x-gm-thrid", "x-gm-msgid", "x-evolution", "x-evolution-source", "x-kmail-encryptionstate", "x-kmail-signaturestate",
	"x-kmail-mdn-sent", "x-tuid", "x-offlineimap", "x-uniform-type-identifier", "x-universally-unique-identifier", "x-apple-mail-labels", "x-foxmail-flags",
}

// traceFields are written on the way. RFC 5321 4.4 has the first two, RFC 6376
// and RFC 8601 the signatures and verdicts, the rest are servers' customs.
var traceFields = []string{
	"received", "return-path", "delivered-to", "envelope-to", "delivery-date", "original-recipient", "received-spf", "authentication-results", "dkim-signature",
	"domainkey-signature", "dkim-filter", "old-return-path", "apparently-to", "errors-to",
}

func isBinary(value []byte) bool {
	value = bytes.TrimSpace(value)
	return len(value) >= 6 && bytes.EqualFold(value[:6], []byte("binary"))
}

// body hashes the next bytes of the body, CRs before a line's end left out, line
// ends held back until something follows them.
func (d *Identity) body(p []byte) {
	if int64(len(p)) > d.left {
		d.after(p[d.left:])
		p = p[:d.left]
	}
	d.left -= int64(len(p))
	d.declared(p)
	if d.returns == 0 && bytes.IndexByte(p, '\r') < 0 { // nearly all mailboxes
		d.text(p)
		return
	}
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		line := p
		if end >= 0 {
			line, p = p[:end], p[end+1:]
		} else {
			p = nil
		}
		text := trimCR(line)
		if len(text) > 0 {
			d.text(text)
		}
		d.returns += len(line) - len(text)
		if end >= 0 {
			d.dropped = d.dropped || d.returns > 0
			d.returns = 0
			d.lines++
		}
	}
}

// text hashes what was held back and p, without the line ends that p ends with.
func (d *Identity) text(p []byte) {
	kept := bytes.TrimRight(p, "\n")
	if len(kept) > 0 {
		d.held(&d.lines, '\n')
		d.held(&d.returns, '\r')
		d.sum.Write(kept)
	}
	d.lines += len(p) - len(kept)
}

func (d *Identity) held(n *int, c byte) {
	var many [256]byte
	for i := range min(*n, len(many)) {
		many[i] = c
	}
	for ; *n > 0; *n -= min(*n, len(many)) {
		d.sum.Write(many[:min(*n, len(many))])
	}
}

// after keeps what follows an Apple mail.
func (d *Identity) after(p []byte) {
	if room := maxPlist - len(d.plist); room > 0 {
		d.plist = append(d.plist, p[:min(len(p), room)]...)
	}
}

// declared looks for a part that says it is binary: a CR LF within it may be two
// bytes of a picture.
func (d *Identity) declared(p []byte) {
	if d.binary {
		return
	}
	const reach = 48
	if len(d.tail) > 0 {
		d.binary = declaresBinary(append(d.tail, p[:min(len(p), reach)]...))
	}
	d.binary = d.binary || declaresBinary(p)
	d.tail = append(d.tail, p[max(len(p)-reach, 0):]...)
	d.tail = d.tail[max(len(d.tail)-reach, 0):]
}

// declaresBinary looks for Content-Transfer-Encoding: binary anywhere.
func declaresBinary(p []byte) bool {
	for _, word := range [][]byte{[]byte("ncoding:"), []byte("NCODING:")} {
		for rest := p; ; {
			at := bytes.Index(rest, word)
			if at < 0 {
				break
			}
			rest = rest[at+len(word):]
			if isBinary(rest[:min(len(rest), 24)]) {
				return true
			}
		}
	}
	return false
}

// plainLines is a mail with line ends of LF, as its canonical form has them, so
// that what is read out of every copy is the same. Only a part that says it is
// binary keeps its bytes.
//
// QUIRK: RFC 2046 4.1.1: CR LF is how text goes over the wire. The line ends of an
// attachment that is not encoded are the wire's or the mailbox's, not its own.
func plainLines(data []byte) []byte {
	if !bytes.Contains(data, []byte{'\r'}) || declaresBinary(data) {
		return data
	}
	if bytes.IndexByte(data[:min(len(data), 64<<10)], '\n') < 0 {
		return data // CR alone: unwrap knows
	}
	out := make([]byte, 0, len(data))
	for p := data; len(p) > 0; {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			return append(out, p...)
		}
		out = append(append(out, trimCR(p[:end])...), '\n')
		p = p[end+1:]
	}
	return out
}
