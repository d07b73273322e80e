package mail

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// StepWhole is the step of a mail that was joined of pieces in files of their own:
// it lies in the first of them. No reader of one file knows it.
const StepWhole = "joined"

// WholeInMailbox is where the mail that a piece of a mailbox makes whole lies, if
// the mailbox's reader has joined it.
func WholeInMailbox(locator string) string { return locator + wholeSuffix }

// Piece is what a mail says of itself that is a part of a longer one (RFC 2046
// 5.2.2).
type Piece struct {
	Mail   string // the id that all pieces have in common
	Number int    // from 1
	Total  int    // 0 where this piece does not say it
}

// MaxPieces bounds the pieces of one mail.
const MaxPieces = maxPieces

const (
	pieceField = "piece"
	longID     = 200 // bytes of an id that are kept as they are
)

// tell puts a piece into a document's fields, where it is read from again.
func (p Piece) tell(doc *document.Document) {
	id := oneLine(strings.ToValidUTF8(p.Mail, "\uFFFD"))
	if id == "" || p.Number < 1 || p.Number > MaxPieces {
		return
	}
	if len(id) > longID { // two ids may begin alike
		sum := sha256.Sum256([]byte(p.Mail))
		id = fmt.Sprintf("sha256:%x", sum)
	}
	doc.Fields[pieceField] = fmt.Sprintf("%d/%s %s", p.Number, p.of(), id)
}

// of is how many there are, as people read it.
func (p Piece) of() string {
	if p.Total < 1 {
		return "?"
	}
	return strconv.Itoa(p.Total)
}

// PieceOf says of which mail a document is a piece, if it is one.
func PieceOf(doc *document.Document) (p Piece, ok bool) {
	place, id, _ := strings.Cut(doc.Fields[pieceField], " ")
	number, total, _ := strings.Cut(place, "/")
	p.Mail = id
	p.Number, _ = strconv.Atoi(number)
	p.Total, _ = strconv.Atoi(total)
	return p, id != "" && p.Number >= 1
}

// Share is what a piece gives to the mail that all pieces make (RFC 2046 5.2.2.1):
// its body, and the first one's header before it, but for what the enclosed header
// says of the whole.
func Share(raw []byte, first bool) []byte {
	var buf [64]field
	h, body, _ := parseHeader(unwrap(plainLines(raw)), buf[:])
	// QUIRK: RFC 2046 5.2.2 forbids an encoding around a piece; gateways that encode
	// whatever they pass on have it.
	if encoding := encodingOf(h.get("content-transfer-encoding")); encoding != "" {
		body, _, _ = undo(body, encoding)
	}
	if n := len(body); n > 0 && body[n-1] != '\n' {
		body = append(body[:n:n], '\n') // pieces end between lines
	}
	if !first {
		return body
	}
	var inner [64]field
	whole, rest, _ := parseHeader(bytes.TrimLeft(body, "\r\n"), inner[:])
	var out bytes.Buffer
	writeFields(&out, h.fields, false)
	writeFields(&out, whole.fields, true)
	out.WriteByte('\n')
	out.Write(rest)
	return out.Bytes()
}
