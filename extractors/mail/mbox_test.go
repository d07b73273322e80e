package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// makeMails makes n mails of about 4 kB of every common shape.
func makeMails(t testing.TB, n int) []string {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	zh := "关于客户管理系统的需求变更，请各位于九月十五日前确认验收标准和付款计划。\n"
	en := "Please confirm the acceptance criteria of the change request before Friday.\n"
	out := make([]string, n)
	for i := range out {
		var head, body string
		text := strings.Repeat(zh, 15+r.IntN(15)) + strings.Repeat(en, 10)
		head = fmt.Sprintf("Return-Path: <user%d@huaxin.example>\nReceived: from mail.huaxin.example (mail.huaxin.example [192.0.2.1])\n\tby mx.yuanhang.example (Postfix) with ESMTP id %08x;\n\tTue, 15 Aug 2023 10:%02d:05 +0800 (CST)\nMessage-ID: <%d@huaxin.example>\nDate: Tue, 15 Aug 2023 10:%02d:00 +0800\nX-Mailer: Foxmail 7.2\nMIME-Version: 1.0\n", i%50, r.Uint32(), i%60, i, i%60)
		subject := fmt.Sprintf("需求变更 %d 的确认", i)
		switch i % 5 {
		case 0:
			head += "From: " + bytesIn(t, "gbk", "王伟") + " <wang@huaxin.example>\nTo: li@yuanhang.example\nSubject: " + bytesIn(t, "gbk", subject) + "\nContent-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n"
			body = bytesIn(t, "gbk", text)
		case 1:
			head += "From: =?gb2312?B?" + b64(bytesIn(t, "gbk", "王伟")) + "?= <wang@huaxin.example>\nTo: li@yuanhang.example\nSubject: =?gb2312?B?" + b64(bytesIn(t, "gbk", subject)) + "?=\nContent-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: base64\n"
			body = wrap(b64(bytesIn(t, "gbk", text)))
		case 2:
			head += "From: =?utf-8?B?" + b64("李娜") + "?= <li@yuanhang.example>\nTo: a@b.example, c@d.example\nSubject: =?utf-8?B?" + b64(subject) + "?=\nContent-Type: multipart/alternative; boundary=\"=_alt\"\n"
			body = "--=_alt\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + wrap(b64(text[:len(text)/2/3*3])) + "\n--=_alt\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>" + strings.ReplaceAll(text, "\n", "</p><p>") + "</p></body></html>\n--=_alt--\n"
		case 3:
			head += "From: Anna Schmidt <anna@example.com>\nTo: li@yuanhang.example\nSubject: Change request\nContent-Type: text/html; charset=utf-8\n"
			body = "<html><head><style>p {margin: 0}</style></head><body><div><p>" + strings.ReplaceAll(text, "\n", "</p>\n<p class=\"MsoNormal\">") + "</p></div></body></html>\n"
		case 4:
			head += "From: b@example.com\nTo: li@yuanhang.example\nSubject: =?utf-8?B?" + b64(subject) + "?=\nContent-Type: multipart/mixed; boundary=\"=_mix\"\n"
			body = "--=_mix\nContent-Type: text/plain; charset=utf-8\n\n" + text[:len(text)/2/3*3] + "\n--=_mix\nContent-Type: application/octet-stream; name=\"=?utf-8?B?" + b64("报价单.xls") + "?=\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n" + wrap(b64(strings.Repeat("binary", 250))) + "\n--=_mix--\n"
		}
		out[i] = head + "\n" + body
	}
	return out
}

func wrap(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return b.String() + s + "\n"
}

func join(mails []string) string {
	var b strings.Builder
	for i, m := range mails {
		fmt.Fprintf(&b, "From user@huaxin.example Tue Aug 15 10:%02d:00 2023\n", i%60)
		b.WriteString(m)
		b.WriteString("\n")
	}
	return b.String()
}

type flat struct {
	step, name string
	ordinal    int
	data       string
}

func children(t testing.TB, in *document.Input) (out []flat) {
	t.Helper()
	_, err := Mbox.Read(context.Background(), in, func(c *document.Child) error {
		data, err := io.ReadAll(c.Content)
		out = append(out, flat{c.Step, c.Name, c.Ordinal, string(data)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMboxContract: what an unranged read gives is what the ranges give together,
// and what Open gives one by one.
func TestMboxContract(t *testing.T) {
	t.Parallel()
	mails := makeMails(t, 700) // some 3 MB: several windows
	mails[10] += "\nFrom the beginning of a line\n\nFrom: no separator\n"
	mails[300] = "From: a@b.example\nSubject: big\n\n" + strings.Repeat("x", 3<<20) + "\n"
	data := join(mails)
	all := children(t, input("all.mbox", data))
	if len(all) != len(mails) {
		t.Fatalf("%d mails were found, not %d", len(all), len(mails))
	}
	for i, c := range all {
		if c.data != mails[i] {
			t.Fatalf("mail %d is not what was written:\n%.300q\n%.300q", i, c.data, mails[i])
		}
	}
	for _, per := range []int{1, 7, 300, 10000} {
		ranges, err := Mbox.Cut(context.Background(), input("all.mbox", data), per)
		if err != nil {
			t.Fatal(err)
		}
		if want := (len(mails) + per - 1) / per; len(ranges) != want {
			t.Fatalf("%d a range give %d ranges, not %d", per, len(ranges), want)
		}
		var got []flat
		for _, r := range ranges {
			in := input("all.mbox", data)
			in.Range = r
			got = append(got, children(t, in)...)
		}
		if fmt.Sprint(got) != fmt.Sprint(all) {
			t.Errorf("ranges of %d give other mails than the whole", per)
		}
	}
	for _, i := range []int{0, 1, 10, 299, 300, 301, 699} {
		c, err := Mbox.Open(context.Background(), input("all.mbox", data), all[i].step)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(c.Content)
		if string(got) != all[i].data || c.Name != all[i].name || c.Ordinal != all[i].ordinal {
			t.Errorf("%s opened is another mail", all[i].step)
		}
	}
	for _, step := range []string{"mail:1", "mail:-1", "mail:00", "mail:99999999999", "mail:x", "attachment:1:a", ""} {
		if _, err := Mbox.Open(context.Background(), input("all.mbox", data), step); !errors.Is(err, document.ErrNoChild) {
			t.Errorf("%q: %v", step, err)
		}
	}
}

// TestLargeMail: a mail beyond the memory limit has the same bytes as a small
// one would.
func TestLargeMail(t *testing.T) {
	t.Parallel()
	big := "From: a@b.example\nSubject: =?utf-8?B?" + b64("大附件") + "?=\n\n>From a friend\n>>From b\nx>From c\n" + strings.Repeat(strings.Repeat("y", 99)+"\n", largeMail/100+10) + "end\n"
	want := strings.Replace(strings.Replace(big, "\n>From", "\nFrom", 1), "\n>>From", "\n>From", 1)
	data := join([]string{"From: x@y.example\n\nfirst\n", big, "From: x@y.example\n\nlast\n"})
	all := children(t, input("big.mbox", data))
	if len(all) != 3 || all[1].data != want || all[1].name != "大附件" || all[2].data != "From: x@y.example\n\nlast\n" {
		t.Fatalf("%d mails, the second of %d bytes, not %d", len(all), len(all[1].data), len(want))
	}
	c, err := Mbox.Open(context.Background(), input("big.mbox", data), all[1].step)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(c.Content); string(got) != want {
		t.Error("opened it has other bytes")
	}
}

func TestSeparator(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{"", "From a@b Tue Aug 15 10:30:00 2023\nFrom: x\n", true},
		{"x\n\n", "From a@b Tue Aug 15 10:30:00 2023\nX-Any: x\n", true},
		{"x\r\n\r\n", "From a@b Tue Aug 15 10:30:00 2023\r\nX-Any: x\r\n", true},
		{"x\n\n", "From - Tue Aug 15 10:30:00 2023\nX-Mozilla-Status: 0001\n", true},
		{"x\n\n", "From 1774@xxx Tue Aug 15 10:30:00 +0000 2023\nX-GM-THRID: 1\n", true},
		{"x\n\n", "From a@b Tue, 15 Aug 2023 10:30:00 +0800\nTo: x\n", true},
		{"x\n\n", "From ???@??? 2023-08-15T10:30:00\nTo: x\n", true},
		{"x\n\n", "From a@b Tue Aug 15 10:30:00 2023\n>From c Tue\n", true},
		{"x\n", "From a@b Tue Aug 15 10:30:00 2023\nFrom: x\n", false},
		{"x", "From a@b Tue Aug 15 10:30:00 2023\nFrom: x\n", false},
		{"x\n\n", "From a@b Tue Aug 15 10:30:00 2023\n\nFrom: x\n", false},
		{"x\n\n", "From a@b Tue Aug 15 10:30:00 2023\nplain text\n", false},
		{"x\n\n", "From a@b Tue Aug 15 10:30:00 2023", false},
		{"x\n\n", "From here on: 2023 was better\nNote: it is\n", false},
		{"x\n\n", "From 10:30 we meet\nNote: it is\n", false},
		{"x\n\n", "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: git\n", false},
		{"x\n\n", "From: a@b\nDate: Tue Aug 15 10:30:00 2023\n", false},
	} {
		if got := isSeparator([]byte(c.before), []byte(c.after)); got != c.want {
			t.Errorf("%q %q: %v", c.before, c.after, got)
		}
	}
}

func TestMboxDamage(t *testing.T) {
	t.Parallel()
	mails := makeMails(t, 3)
	t.Run("a binary hole", func(t *testing.T) {
		t.Parallel()
		data := join(mails[:1]) + strings.Repeat("\x00\xff", 5000) + "\n\n" + join(mails[1:])
		if got := children(t, input("hole.mbox", data)); len(got) != 3 || got[2].data != mails[2] {
			t.Errorf("%d mails", len(got))
		}
	})
	t.Run("cut within the last mail", func(t *testing.T) {
		t.Parallel()
		data := join(mails)
		if got := children(t, input("cut.mbox", data[:len(data)-900])); len(got) != 3 {
			t.Errorf("%d mails", len(got))
		}
	})
	t.Run("a read that fails", func(t *testing.T) {
		t.Parallel()
		data := join(mails)
		in := input("short.mbox", data)
		in.Size += 100
		if _, err := Mbox.Read(context.Background(), in, nil); err == nil {
			t.Error("a file shorter than it was goes unnoticed")
		}
	})
	t.Run("limit of mails", func(t *testing.T) {
		t.Parallel()
		in := input("many.mbox", join(mails))
		in.Limits.Entries = 2
		doc, err := Mbox.Read(context.Background(), in, nil)
		if err != nil || doc.Reason != document.TooMany || doc.Read != document.Partial {
			t.Errorf("%+v %v", doc, err)
		}
	})
}

func TestMboxDetect(t *testing.T) {
	t.Parallel()
	one := join(makeMails(t, 1))
	for _, c := range []struct {
		name, data string
		mbox, eml  bool
	}{
		{"Inbox", one, true, true},
		{"a.eml", one, false, true},
		{"two.eml", "From a@b Tue Aug 15 10:30:00 2023\nFrom: x\n\ntext\n\n" + one, true, true},
		{"notes.txt", "From here to there\nNote: x\n", false, false},
		{"notes.txt", "Subject: x\nDate: today\nFrom: me\n\ntext", false, false},
		{"mail", "Subject: x\nDate: today\nFrom: me\n\ntext", false, true},
		{"a.http", "HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n", false, false},
		{"a", "", false, false},
		{"a.bin", "\x00\x01\x02", false, false},
	} {
		if got := Mbox.Detect(input(c.name, c.data)); got != c.mbox {
			t.Errorf("%s as mbox: %v", c.name, got)
		}
		if got := EML.Detect(input(c.name, c.data)); got != c.eml {
			t.Errorf("%s as eml: %v", c.name, got)
		}
	}
}

// FuzzMbox: whatever the bytes, ranges and whole agree, and every mail opens.
func FuzzMbox(f *testing.F) {
	f.Add([]byte(join(makeMails(f, 3))), 2)
	f.Add([]byte("From a@b Tue Aug 15 10:30:00 2023\r\nContent-Length: 3\r\n\r\nabc\r\nFrom a@b Tue Aug 15 10:30:00 2023\nX: y"), 1)
	f.Add([]byte("\n\nFrom a 1:00 1999\n>From b\n>>From \n\nFrom a 1:00 1999\n>From b\n"), 1)
	f.Fuzz(func(t *testing.T, data []byte, per int) {
		in := input("f", string(data))
		all := children(t, in)
		ranges, err := Mbox.Cut(context.Background(), in, min(per, 1000))
		if err != nil {
			t.Fatal(err)
		}
		var parts []flat
		for _, r := range ranges {
			sub := input("f", string(data))
			sub.Range = r
			parts = append(parts, children(t, sub)...)
		}
		if fmt.Sprint(all) != fmt.Sprint(parts) {
			t.Fatalf("whole %v, in ranges %v", all, parts)
		}
		for _, c := range all {
			got, err := Mbox.Open(context.Background(), in, c.step)
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := io.ReadAll(got.Content); string(b) != c.data {
				t.Fatalf("%s opens as %q, not %q", c.step, b, c.data)
			}
		}
	})
}

// BenchmarkMbox reads a mailbox of 10,000 mixed mails of about 4 kB, with every
// mail's text and attachments.
func BenchmarkMbox(b *testing.B) {
	mails := makeMails(b, 10000)
	data := []byte(join(mails))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		in := &document.Input{Name: "a.mbox", Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
		_, err := Mbox.Read(context.Background(), in, func(c *document.Child) error {
			r := c.Content.(*bytes.Reader)
			_, err := EML.Read(context.Background(), &document.Input{Name: c.Name, Size: r.Size(), Bytes: r}, func(*document.Child) error { return nil })
			n++
			return err
		})
		if err != nil || n != len(mails) {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
}

// BenchmarkCut only finds the boundaries.
func BenchmarkCut(b *testing.B) {
	data := []byte(join(makeMails(b, 10000)))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		in := &document.Input{Name: "a.mbox", Size: int64(len(data)), Bytes: bytes.NewReader(data)}
		if _, err := Mbox.Cut(context.Background(), in, 300); err != nil {
			b.Fatal(err)
		}
	}
}
