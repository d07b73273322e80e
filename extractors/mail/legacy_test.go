package mail

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// script is a charset with what an office writes in it, and the labels that are
// wrongly put on it.
type script struct {
	label  string
	encode func(string) string
	seven  bool // written in seven bits
	wrong  []string

	subject, person, body, file string
}

func with(e encoding.Encoding) func(string) string {
	return func(s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			panic(fmt.Sprintf("%q cannot be written: %v", s, err))
		}
		return out
	}
}

const (
	zhSubject, zhPerson, zhFile = "关于验收会议的通知", "王伟", "合同终稿.doc"
	zhBody                      = "各位同事：\n请于本周五之前确认需求变更和付款计划，谢谢。"
	twSubject, twPerson, twFile = "關於驗收會議的通知", "陳志明", "合約書.doc"
	twBody                      = "各位同仁：\n請於本週五之前確認需求變更和付款計畫，謝謝。"
	jpSubject, jpPerson, jpFile = "会議のお知らせ", "山田太郎", "契約書について.doc"
	jpBody                      = "お世話になっております。\n添付の見積書をご確認ください。"
	krSubject, krPerson, krFile = "회의 안내입니다", "김영수", "계약서 안내.doc"
	krBody                      = "안녕하세요.\n첨부한 견적서를 확인해 주시기 바랍니다."
	ruSubject, ruPerson, ruFile = "Приглашение на совещание", "Иван Петров", "Договор поставки.doc"
	ruBody                      = "Добрый день!\nПросим подтвердить сроки поставки и оплаты."
)

func scripts() []script {
	gb, big5 := simplifiedchinese.GB18030, traditionalchinese.Big5
	zh := func(label string, encode func(string) string, seven bool, wrong ...string) script {
		return script{label, encode, seven, wrong, zhSubject, zhPerson, zhBody, zhFile}
	}
	tw := func(label string, wrong ...string) script {
		return script{label, with(big5), false, wrong, twSubject, twPerson, twBody, twFile}
	}
	// Names of people with characters that GB2312 and GBK do not have.
	rare := zh("gb18030", with(gb), false, "gb2312", "gbk", "iso-8859-1", "utf-8")
	rare.person, rare.body = "陈㛃𠮷", zhBody+"\n经办：陈㛃𠮷"
	hkscs := tw("big5-hkscs", "big5", "gb2312", "iso-8859-1", "utf-8")
	hkscs.encode, hkscs.body = hongKong, twBody+"\n㗎"
	return []script{
		zh("gb2312", with(simplifiedchinese.GBK), false, "iso-8859-1", "big5", "utf-8", "us-ascii", "windows-1252"),
		zh("gbk", with(simplifiedchinese.GBK), false, "gb2312", "x-unknown", "iso-8859-1"),
		zh("cp936", with(simplifiedchinese.GBK), false, "utf-8"),
		rare,
		zh("hz-gb-2312", hz, true, "gb2312", "us-ascii"),
		zh("iso-2022-cn", func(s string) string { return shiftedTo("\x1b$)A", with(simplifiedchinese.GBK)(s)) }, true, "gb2312", "us-ascii"),
		zh("utf-8", func(s string) string { return s }, false, "gb2312", "gbk", "iso-8859-1", "big5", "us-ascii"),
		zh("utf-7", sevenUTF, true),
		tw("big5", "gb2312", "iso-8859-1", "utf-8", "us-ascii"),
		hkscs,
		{"iso-2022-jp", with(japanese.ISO2022JP), true, []string{"us-ascii", "iso-8859-1", "gb2312"}, jpSubject, jpPerson, jpBody, jpFile},
		{"shift_jis", with(japanese.ShiftJIS), false, []string{"iso-8859-1", "utf-8"}, jpSubject, jpPerson, jpBody, jpFile},
		{"euc-jp", with(japanese.EUCJP), false, []string{"utf-8"}, jpSubject, jpPerson, jpBody, jpFile},
		{"iso-2022-kr", func(s string) string { return shiftedTo("\x1b$)C", with(korean.EUCKR)(s)) }, true, []string{"us-ascii"}, krSubject, krPerson, krBody, krFile},
		{"euc-kr", with(korean.EUCKR), false, []string{"iso-8859-1", "utf-8"}, krSubject, krPerson, krBody, krFile},
		{"ks_c_5601-1987", with(korean.EUCKR), false, []string{"us-ascii"}, krSubject, krPerson, krBody, krFile},
		{"koi8-r", with(charmap.KOI8R), false, []string{"utf-8", "us-ascii"}, ruSubject, ruPerson, ruBody, ruFile},
		{"windows-1251", with(charmap.Windows1251), false, []string{"utf-8", "us-ascii"}, ruSubject, ruPerson, ruBody, ruFile},
		{"windows-1252", with(charmap.Windows1252), false, []string{"utf-8", "us-ascii"}, "Bestätigung für Müller", "Jürgen Weiß", "Schöne Grüße aus München,\nwir bestätigen für nächste Woche.", "Übersicht Maßnahmen.doc"},
		{"windows-1250", with(charmap.Windows1250), false, nil, "Příloha ke smlouvě", "Jiří Šťastný", "Dobrý den,\nzasíláme přílohu ke smlouvě.", "smlouvě.doc"},
		{"windows-1253", with(charmap.Windows1253), false, nil, "Πρόσκληση σε συνάντηση", "Γιώργος", "Καλημέρα,\nσας στέλνω το συμβόλαιο.", "συμβόλαιο.doc"},
		{"windows-1254", with(charmap.Windows1254), false, nil, "Toplantı çağrısı", "Ayşe Yılmaz", "Merhaba,\nsözleşme ektedir, teşekkürler.", "sözleşme.doc"},
		{"windows-1256", with(charmap.Windows1256), false, nil, "دعوة الى اجتماع", "محمد", "مرحبا\nالعقد في المرفق", "العقد.doc"},
	}
}

// hz writes RFC 1843, which begins and ends in ASCII.
func hz(s string) string {
	out := with(simplifiedchinese.HZGB2312)(s)
	if strings.LastIndex(out, "~{") > strings.LastIndex(out, "~}") {
		out += "~}"
	}
	return out
}

// hongKong writes 㗎, one of the 4,702 characters that HKSCS adds, as Hong Kong
// does; the encoder has Taiwan's only.
func hongKong(s string) string {
	head, tail, found := strings.Cut(s, "㗎")
	out := with(traditionalchinese.Big5)(head)
	if found {
		out += "\x9d\xee" + hongKong(tail)
	}
	return out
}

// shiftedTo writes the pairs of an eight-bit charset between SO and SI.
func shiftedTo(escape, s string) string {
	var b strings.Builder
	b.WriteString(escape)
	high := false
	for i := range len(s) {
		c := s[i]
		if h := c >= 0x80; h != high {
			high = h
			b.WriteByte(map[bool]byte{true: 0x0e, false: 0x0f}[h])
		}
		b.WriteByte(c & 0x7f)
	}
	if high {
		b.WriteByte(0x0f)
	}
	return b.String()
}

// sevenUTF writes RFC 2152.
func sevenUTF(s string) string {
	var b strings.Builder
	var run []rune
	flush := func() {
		if len(run) == 0 {
			return
		}
		var raw []byte
		for _, u := range utf16.Encode(run) {
			raw = append(raw, byte(u>>8), byte(u))
		}
		b.WriteString("+" + base64.RawStdEncoding.EncodeToString(raw) + "-")
		run = nil
	}
	for _, r := range s {
		if r < 0x80 && r != '+' {
			flush()
			b.WriteRune(r)
		} else {
			run = append(run, r)
		}
	}
	flush()
	return b.String()
}

func qp(s string, word bool) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n' && !word:
			b.WriteByte(c)
		case c == ' ' && word:
			b.WriteByte('_')
		case c <= ' ' || c >= 0x7f || c == '=' || c == '?' || c == '_':
			fmt.Fprintf(&b, "=%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func percentAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// headerForms write a text into a header.
var headerForms = []struct {
	name string
	make func(raw, label string) string
	bare bool // without a label of its own
}{
	{"raw", func(raw, _ string) string { return raw }, true},
	{"B", func(raw, label string) string { return "=?" + label + "?B?" + b64(raw) + "?=" }, false},
	{"Q", func(raw, label string) string { return "=?" + label + "?q?" + qp(raw, true) + "?=" }, false},
	{"B broken within characters", func(raw, label string) string {
		var out []string
		for part := range slices.Chunk([]byte(raw), 7) {
			out = append(out, "=?"+label+"?B?"+b64(string(part))+"?=")
		}
		return strings.Join(out, "\n ")
	}, false},
}

// nameForms write the name of a file.
var nameForms = []struct {
	name string
	make func(raw, label string) string
	bare bool
}{
	{"raw", func(raw, _ string) string { return `; filename="` + raw + `"` }, true},
	{"word", func(raw, label string) string { return `; filename="=?` + label + `?B?` + b64(raw) + `?="` }, false},
	{"RFC 2231", func(raw, label string) string { return "; filename*=" + label + "''" + percentAll(raw) }, false},
	{"RFC 2231 in pieces", func(raw, label string) string {
		s, out := percentAll(raw), ""
		for i, n := 0, 0; i < len(s); i, n = i+9, n+1 {
			piece := s[i:min(i+9, len(s))]
			if n == 0 {
				piece = label + "''" + piece
			}
			out += fmt.Sprintf(";\n filename*%d*=%s", n, piece)
		}
		return out
	}, false},
	{"RFC 2231 in quotes", func(raw, label string) string { return `; filename*="` + label + `''` + percentAll(raw) + `"` }, false},
}

// undecidable are the mails whose bytes and labels allow two readings of equal
// sense; nothing else may be wrong. Each says why.
var undecidable = map[string]string{
	`windows-1250 under "", subject`: central, `windows-1250 under "", person`: central, `windows-1250 under "", body`: central, `windows-1250 under "", file`: central,
	`windows-1254 under "", subject`: turkish, `windows-1254 under "", person`: turkish, `windows-1254 under "", body`: turkish, `windows-1254 under "", file`: turkish,
}

const (
	central = "every byte of Central European text is a letter of Western text too (ø for ř, ì for ě), and words of both mix them"
	turkish = "windows-1254 is windows-1252 but for six letters, which Icelandic has in their places"
)

// TestLegacyCharsets reads a generated set: every charset, in header, body and
// name, with its label, with a wrong one and with none.
func TestLegacyCharsets(t *testing.T) {
	t.Parallel()
	mails, wrong := 0, map[string]int{}
	seen := map[string]bool{}
	for _, s := range scripts() {
		labels := append([]string{s.label, ""}, s.wrong...)
		for n, label := range labels {
			for hn, hf := range headerForms {
				for nn, nf := range nameForms {
					if (hn+nn)%2 != n%2 && n > 1 {
						continue // half of the wrong labels, in turn
					}
					if label == "" && (!hf.bare || !nf.bare) || s.seven && (hf.bare && label != s.label || nf.bare) && s.label == "utf-7" {
						continue // a label stands in these forms; UTF-7 without one is ASCII
					}
					if s.seven && hf.name == "B broken within characters" {
						continue // what shifts begins anew in every word
					}
					mails++
					data := legacyMail(s, label, hf.make, nf.make, hf.bare, mails%2 == 0)
					r := readAll(t, EML, input("a.eml", data))
					got := map[string]string{"subject": r.Document.Title}
					for _, p := range r.Document.People {
						if p.Role == "from" {
							got["person"] = p.Name
						}
					}
					for _, sec := range r.Document.Sections {
						got["body"] += sec.Text
					}
					if len(r.Children) == 1 {
						got["file"] = r.Children[0].Name
					}
					for what, want := range map[string]string{"subject": s.subject, "person": s.person, "body": s.body, "file": s.file} {
						if got[what] == want {
							continue
						}
						id := fmt.Sprintf("%s under %q, %s", s.label, label, what)
						if _, ok := undecidable[id]; ok {
							seen[id] = true
							continue
						}
						if wrong[id]++; wrong[id] == 1 {
							t.Errorf("%s (header %s, name %s): got %q, want %q", id, hf.name, nf.name, got[what], want)
						}
					}
				}
			}
		}
	}
	for id := range undecidable {
		if !seen[id] {
			t.Errorf("%s is right after all", id)
		}
	}
	if mails < 300 {
		t.Errorf("only %d mails were made", mails)
	}
	t.Logf("%d mails", mails)
}

func legacyMail(s script, label string, header, name func(raw, label string) string, bare, quoted bool) string {
	own := label
	if own == "" {
		own = s.label
	}
	e := s.encode
	from := header(e(s.person), own)
	if bare {
		from = `"` + from + `"`
	}
	typ := "text/plain"
	if label != "" {
		typ += "; charset=" + label
	}
	body, encoding := b64(e(s.body)), "base64"
	if quoted {
		body, encoding = qp(e(s.body), false), "quoted-printable"
	}
	return "From: " + from + " <w@huaxin.example>\nSubject: " + header(e(s.subject), own) +
		"\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: " + typ + "\nContent-Transfer-Encoding: " + encoding + "\n\n" + body +
		"\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment" + name(e(s.file), own) + "\n\nx\n--b--\n"
}
