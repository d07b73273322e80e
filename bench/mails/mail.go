package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"mime/quotedprintable"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// charset is how a mail is written; weights are an office's of the years 2022
// to 2025: most in UTF-8, a third in a GB charset, a little Big5.
type charset struct {
	label  string
	encode encoding.Encoding // nil: UTF-8
	weight int
}

var charsets = []charset{
	{"utf-8", nil, 55}, {"gb2312", simplifiedchinese.GB18030, 18}, {"gbk", simplifiedchinese.GB18030, 10},
	{"gb18030", simplifiedchinese.GB18030, 7}, {"big5", traditionalchinese.Big5, 2}, {"us-ascii", nil, 8},
}

func (c charset) bytes(s string) []byte {
	if c.encode == nil {
		return []byte(s)
	}
	out, err := encoding.ReplaceUnsupported(c.encode.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		panic(err) // the encoder replaces what it lacks
	}
	return out
}

type mail struct {
	r       *rand.Rand
	n       int
	charset charset
	english bool
	from    person
	to      []person
	date    time.Time
	subject string
	thread  int // the mail that this one answers, or its own number
}

// newMail is mail number n of a seed. It depends on nothing else, so any part
// of a set can be made alone.
func newMail(seed uint64, n int) *mail {
	m := &mail{r: rand.New(rand.NewPCG(seed, uint64(n))), n: n, thread: n}
	pick := m.r.IntN(100)
	for _, c := range charsets {
		if pick -= c.weight; pick < 0 {
			m.charset = c
			break
		}
	}
	m.english = m.charset.label == "us-ascii" || m.r.IntN(10) == 0
	m.from = people[m.r.IntN(len(people))]
	for range 1 + m.r.IntN(3) {
		m.to = append(m.to, people[m.r.IntN(len(people))])
	}
	m.date = time.Date(2022, 1, 3, 8, 0, 0, 0, time.FixedZone("", 8*3600)).Add(time.Duration(n)*13*time.Minute + time.Duration(m.r.IntN(600))*time.Second)
	topic := topics
	if m.english {
		topic = topicsEN
	}
	m.subject = fmt.Sprintf(topic[m.r.IntN(len(topic))], 20220101+m.r.IntN(30000))
	if n > 0 && m.r.IntN(3) == 0 {
		m.thread = max(n-1-m.r.IntN(20), 0)
		m.subject = "Re: " + m.subject
	}
	return m
}

func id(n int) string { return fmt.Sprintf("<%08d.generated@yuanhang.example>", n) }

func (m *mail) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\n", m.address(m.from))
	list := make([]string, len(m.to))
	for i, p := range m.to {
		list[i] = m.address(p)
	}
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\n", strings.Join(list, ",\r\n\t"), m.word(m.subject), m.date.Format(time.RFC1123Z), id(m.n))
	if m.thread != m.n {
		fmt.Fprintf(&b, "In-Reply-To: %s\r\nReferences: %s\r\n", id(m.thread), id(m.thread))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	body := m.body()
	switch m.r.IntN(10) {
	case 0, 1, 2: // with an attachment
		const boundary = "=_generated_boundary"
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary)
		m.part(&b, "text/plain", body)
		name, data := m.attachment()
		fmt.Fprintf(&b, "--%s\r\nContent-Type: application/octet-stream; name=\"%s\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\n",
			boundary, m.word(name), m.word(name))
		wrap(&b, data)
		fmt.Fprintf(&b, "--%s--\r\n", boundary)
	case 3, 4: // as Outlook writes it: text and HTML
		const boundary = "=_generated_alternative"
		fmt.Fprintf(&b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary)
		m.part(&b, "text/plain", body)
		fmt.Fprintf(&b, "--%s\r\n", boundary)
		m.part(&b, "text/html", "<html><body><p>"+strings.ReplaceAll(body, "\n", "</p>\n<p>")+"</p></body></html>")
		fmt.Fprintf(&b, "--%s--\r\n", boundary)
	default:
		m.part(&b, "text/plain", body)
	}
	return b.Bytes()
}

// part writes one body in one of the transfer encodings.
func (m *mail) part(b *bytes.Buffer, mediaType, text string) {
	data := m.charset.bytes(text)
	fmt.Fprintf(b, "Content-Type: %s; charset=%s\r\n", mediaType, m.charset.label)
	switch m.r.IntN(3) {
	case 0:
		b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
		wrap(b, data)
	case 1:
		b.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
		w := quotedprintable.NewWriter(b)
		_, _ = w.Write(data) // into memory
		_ = w.Close()
		b.WriteString("\r\n")
	default:
		b.WriteString("Content-Transfer-Encoding: 8bit\r\n\r\n")
		b.Write(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
		b.WriteString("\r\n")
	}
}

func wrap(b *bytes.Buffer, data []byte) {
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
}

// word writes a header's text: as an encoded word, or raw in the mail's charset
// as old programs do.
func (m *mail) word(s string) string {
	data := m.charset.bytes(s)
	if m.english && strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0 || m.r.IntN(20) == 0 {
		return string(data)
	}
	return "=?" + m.charset.label + "?B?" + base64.StdEncoding.EncodeToString(data) + "?="
}

func (m *mail) address(p person) string {
	name := p.name
	if m.charset.label == "us-ascii" {
		name = p.latin
	}
	return m.word(name) + " <" + p.address + ">"
}
