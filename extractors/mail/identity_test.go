package mail

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

const letter = "From: 张伟 <zhang@example.com>\nTo: li@example.com\nSubject: Offer\nDate: Tue, 5 Mar 2024 10:00:00 +0800\nMessage-ID: <1@example.com>\n"

const letterBody = "\nDear Li,\n\nFrom now on.\nZhang\n"

// identify feeds data in pieces of every size that matters.
func identify(t *testing.T, data string) ([32]byte, Marks) {
	t.Helper()
	own := sha256.Sum256([]byte(data))
	var first [32]byte
	var marks Marks
	for n, size := range []int{len(data) + 1, 1, 7, 700} {
		d := NewIdentity()
		for p := []byte(data); len(p) > 0; p = p[min(size, len(p)):] {
			if _, err := d.Write(p[:min(size, len(p))]); err != nil {
				t.Fatal(err)
			}
		}
		got := d.Sum(own)
		if n == 0 {
			first, marks = got, d.Marks()
		} else if got != first {
			t.Errorf("in pieces of %d bytes it is another mail", size)
		}
	}
	return first, marks
}

func TestCopiesOfOneMail(t *testing.T) {
	t.Parallel()
	want, _ := identify(t, letter+letterBody)
	if want != sha256.Sum256([]byte(letter+letterBody)) {
		t.Error("a mail as it lies in most mailboxes is its own canonical form")
	}
	crlf := strings.ReplaceAll(letter+letterBody, "\n", "\r\n")
	for name, data := range map[string]string{
		"CRLF":                     crlf,
		"CR CR LF":                 strings.ReplaceAll(crlf, "\r", "\r\r"),
		"mark":                     "\xef\xbb\xbf" + crlf,
		"empty lines around":       "\n" + letter + letterBody + "\n\n",
		"no line end":              strings.TrimSpace(letter + letterBody),
		"mozilla":                  "X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\n" + letter + letterBody,
		"status":                   letter + "Status: RO\nX-UID: 7\nContent-Length: 35\nLines: 4\n" + letterBody,
		"received":                 "Return-Path: <zhang@example.com>\nReceived: from a by b;\n\tTue, 5 Mar 2024 10:00:01 +0800\n" + letter + "X-QQ-mid: xyz\nARC-Seal: i=1\n" + letterBody,
		"labels":                   "X-GM-THRID: 17\nX-Gmail-Labels: =?UTF-8?Q?=E9=87=8D=E8=A6=81?=,Inbox\n" + letter + letterBody,
		"emlx, with its plist":     fmt.Sprintf("%-9d\n%s<?xml version=\"1.0\"?><plist><dict><key>flags</key><integer>8590195717</integer></dict></plist>\n", len(letter+letterBody), letter+letterBody),
		"a binary word in the way": letter + letterBody,
	} {
		if got, _ := identify(t, data); got != want {
			t.Errorf("%s: not the same mail", name)
		}
	}
}

func TestDifferentMailsUnderOneID(t *testing.T) {
	t.Parallel()
	want, _ := identify(t, letter+letterBody)
	undated := "From: a@example.com\nSubject: x\nReceived: by b; Tue, 5 Mar 2024 10:00:01 +0800\n\nx\n"
	ahead := strings.Replace(letter, "2024", "2034", 1) + "Received: by b; Tue, 5 Mar 2024 10:00:01 +0800\n" + letterBody
	picture := letter + "Content-Transfer-Encoding: binary\n\n\x89PNG\n\x1a\n"
	for name, pair := range map[string][2]string{
		"other text":             {"", letter + letterBody + "PS: no\n"},
		"footer of a list":       {"", letter + letterBody + "_______________________________________________\nlist mailing list\n"},
		"other subject":          {"", strings.Replace(letter, "Offer", "[list] Offer", 1) + letterBody},
		"bcc":                    {"", letter + "Bcc: boss@example.com\n" + letterBody},
		"priority":               {"", letter + "X-Priority: 1\n" + letterBody},
		"no id, other way":       {undated, strings.Replace(undated, "10:00:01", "10:00:02", 1)},
		"dated by its way":       {ahead, strings.Replace(ahead, "10:00:01", "10:00:02", 1)},
		"binary, other ends":     {picture, strings.ReplaceAll(picture, "\n", "\r\n")},
		"empty line in the text": {"", letter + strings.Replace(letterBody, "\n\nFrom", "\n\n\nFrom", 1)},
		"attached mail's status": {letter + letterBody + "Status: RO\n", letter + letterBody},
	} {
		first := want
		if pair[0] != "" {
			first, _ = identify(t, pair[0])
		}
		if got, _ := identify(t, pair[1]); got == first {
			t.Errorf("%s: taken for the same mail", name)
		}
	}
}

func TestWhatIsNoMailStandsForItself(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		"", "x", "\n", "12\n", "hello\r\nworld\r\n", "From a@b Tue Mar  5 10:00:00 2024\n" + letter + letterBody, "Subject: notes\r\n\r\nmore\r\n", "PK\x03\x04" + strings.Repeat("\x00", 4000),
		"Key: value\n" + strings.Repeat("a: b\n", 300_000), "99999999999\n", strings.Repeat("a: "+strings.Repeat("b", 200)+"\n", 9000),
	} {
		if got, marks := identify(t, data); got != sha256.Sum256([]byte(data)) || !marks.Empty() {
			t.Errorf("%.20q: not its own bytes, or marked %v", data, marks)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, want string }{
		"none":                {letter, "[] []"},
		"thunderbird":         {letter + "X-Mozilla-Status: 100b\nX-Mozilla-Keys: $label1 customer\n", "[deleted forwarded read replied] [customer]"},
		"mutt":                {letter + "Status: RO\nX-Status: AF\n", "[flagged read replied] []"},
		"mutt, old":           {letter + "Status: O\n", "[unread] []"},
		"pine, new":           {letter + "Status: \nX-Status: \n", "[unread] []"},
		"no mailbox's":        {letter + "Status: closed\n", "[] []"},
		"thunderbird, unread": {letter + "X-Mozilla-Status: 0000\n", "[unread] []"},
		"both":                {letter + "Status: RO\nX-Mozilla-Status: 0000\n", "[unread] []"},
		"forwarded":           {letter + "Status: RO\nX-Keywords: $Forwarded customer\n", "[forwarded read] [customer]"},
		"google, opened":      {letter + "X-Gmail-Labels: Inbox,Opened\n", "[read] [Inbox Opened]"},
		"google, unread":      {letter + "X-Gmail-Labels: =?UTF-8?Q?=E6=9C=AA=E8=AF=BB=E9=82=AE=E4=BB=B6,Opened?=\n", "[unread] [未读邮件 Opened]"},
		"apple, unread":       {fmt.Sprintf("%d\n%s<plist><key>flags</key>\n<integer>16</integer></plist>", len(letter+letterBody), letter+letterBody), "[flagged unread] []"},
		"google":              {letter + "X-Gmail-Labels: =?UTF-8?Q?=E9=87=8D=E8=A6=81,Inbox,\"a,b\"?=\n", "[] [重要 Inbox a,b]"},
		"apple":               {fmt.Sprintf("%d\n%s<plist><key>flags</key>\n<integer>21</integer></plist>", len(letter+letterBody), letter+letterBody), "[flagged read replied] []"},
		"apple, odd":          {fmt.Sprintf("%d\n%s<plist><key>flags</key></integer>", len(letter+letterBody), letter+letterBody), "[] []"},
	} {
		data := c.data
		if !strings.Contains(data, "\n\n") {
			data += letterBody
		}
		_, m := identify(t, data)
		if got := fmt.Sprint(m.Flags, " ", m.Labels); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	var m Marks
	m.MarkedByName("1700000000.M1P2.host:2,FRS")
	m.MarkedByName("1700000000.M1P2.host!2,T")
	m.MarkedByName("no flags")
	for locator, want := range map[string]string{
		"Maildir/new/1700000000.M1P2.host": "[unread]", "Maildir/new/1700000000.M1P2.host:2,S": "[read]", "Maildir/cur/1700000000.M1P2.host": "[]", "Maildir/cur/1700000000.M1P2.host:2,": "[unread]",
		"news/new/报价.eml": "[]", "new/17.eml": "[]", "a.mbox!/mail:0": "[]",
	} {
		var m Marks
		m.MarkedByPlace(locator)
		if got := fmt.Sprint(m.Flags); got != want {
			t.Errorf("%s: %s, want %s", locator, got, want)
		}
	}
	if got := fmt.Sprint(m.Flags); got != "[deleted flagged replied unread]" {
		t.Errorf("by name: %s", got)
	}
}

func FuzzIdentity(f *testing.F) {
	for _, s := range []string{letter + letterBody, "5\n" + letter, strings.ReplaceAll(letter+letterBody, "\n", "\r\n"), "a: b", letter + "Content-Transfer-Encoding: binary\r\n\r\n\r\r\n\n\r"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		own := sha256.Sum256(data)
		whole, parts := NewIdentity(), NewIdentity()
		_, _ = whole.Write(data)
		for p, n := data, size&1023+1; len(p) > 0; p = p[min(n, len(p)):] {
			_, _ = parts.Write(p[:min(n, len(p))])
		}
		sum := whole.Sum(own)
		if sum != parts.Sum(own) {
			t.Fatal("the size of its pieces changes what a mail is")
		}
		if sum == own {
			return
		}
		// What is read is the canonical form: it has the same identity.
		again := NewIdentity()
		_, _ = again.Write(plainLines(data))
		if !declaresBinary(data) && again.Sum(own) != sum {
			t.Fatal("with plain line ends it is another mail")
		}
	})
}
