package outlook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"testing"

	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

type child struct {
	Step   string
	Size   int64
	Shown  bool            `json:",omitempty"`
	Reason document.Reason `json:",omitempty"`
	Text   string          `json:",omitempty"`
	Nested *reading        `json:",omitempty"`
}

type reading struct {
	Document *document.Document
	Children []child `json:",omitempty"`
}

// readAll reads an original, opens each child a second time by its step, and goes
// into the mails.
func readAll(t testing.TB, f document.Format, in *document.Input) *reading {
	t.Helper()
	r := &reading{}
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		k := child{Step: c.Step, Size: c.Size, Shown: c.Shown, Reason: c.Reason}
		if c.Ordinal != len(r.Children)+1 {
			t.Errorf("%s has the ordinal %d", c.Step, c.Ordinal)
		}
		if c.Content != nil {
			data, err := io.ReadAll(c.Content)
			if err != nil || int64(len(data)) != c.Size {
				t.Errorf("%s says %d bytes and has %d, error %v", c.Step, c.Size, len(data), err)
			}
			again, err := f.Open(context.Background(), in, c.Step)
			if err != nil {
				t.Fatalf("open %s: %v", c.Step, err)
			}
			if twice, _ := io.ReadAll(again.Content); !bytes.Equal(twice, data) || again.Shown != c.Shown || again.Name != c.Name {
				t.Errorf("%s opens otherwise than it was read", c.Step)
			}
			sub := input(c.Name, data)
			sub.Depth = in.Depth + 1
			switch {
			case sub.Depth < 5 && mail.EML.Detect(sub):
				k.Nested = readAll(t, mail.EML, sub)
			case len(data) < 200:
				k.Text = string(data)
			}
		}
		r.Children = append(r.Children, k)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	r.Document = doc
	return r
}

func to(kind int, name, address string) entry {
	return entry{props: []prop{long(idRecipientType, kind), uni(idShowName, name), uni(idAddress, address), uni(idAddressKind, "SMTP")}}
}

func file(name, data string) entry {
	return entry{props: []prop{long(idAttachMethod, 1), uni(idAttachLongName, name), bin(idAttachData, []byte(data))}}
}

const packedPage = `{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset134 SimSun;}}
{\colortbl\red0\green0\blue0;}
{\*\htmltag19 <html>}{\*\htmltag34 <head>}{\*\htmltag241 <style>}{\*\htmltag241 p \{color:red\}}{\*\htmltag249 </style>}{\*\htmltag41 </head>}{\*\htmltag50 <body>}
{\*\htmltag64 <p>}\htmlrtf {\f1 \htmlrtf0 \'cf\'ee\'c4\'bf\'d1\'e9\'ca\'d5\'cd\'a8\'b9\'fd{\*\htmltag84 &amp;}{\*\htmltag84 <br>}\htmlrtf \line \htmlrtf0 \u39564?\u25910?\'a3\'ba100%\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}
{\*\htmltag84 <img src="cid:logo@1">}{\*\mhtmltag84 <img src="x.png">}
{\*\htmltag58 </body>}{\*\htmltag27 </html>}}`

// fixtures are the saved items of the golden test.
func fixtures(t testing.TB) map[string]*fixture {
	t.Helper()
	gbk := func(s string) string { return in(t, "gb18030", s) }
	big5 := func(s string) string { return in(t, "big5", s) }
	inner := &fixture{
		props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "原始/邮件：报价"), uni(idBody, "请看附件。\r\n"), uni(idOnBehalfName, "李四"), uni(idOnBehalfAddress, "LI@huaxin.example"),
			at(idSubmitTime, "2024-03-01T02:00:00Z"), uni(idMessageID, "<a@huaxin.example>"), bin(idHTML, []byte("<p>请看附件。<img src=\"cid:p1\"></p>"))},
		recipients: []entry{to(1, "王伟", "wang@example.com"), to(2, "O'Neil, Pat", "pat@example.com")},
		attachments: []entry{file("报价单.xlsx", "not really"), {props: []prop{uni(idAttachLongName, "p.png"), uni(idAttachContentID, "p1"), bin(idAttachData, []byte("\x89PNG"))}},
			{props: []prop{long(idAttachMethod, 5)}, inner: &fixture{props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "最里面"), uni(idBody, "深处的话")}}}},
	}
	return map[string]*fixture{
		"gbk": {
			props: []prop{ansi(idClass, "IPM.Note"), long(idPage, 936), long(idInternetPage, 65001), ansi(idSubject, gbk("需求变更确认")), ansi(idSenderName, gbk("张伟")), ansi(idSenderAddress, "/O=HX/OU=X/CN=RECIPIENTS/CN=ZHANG"), ansi(idSenderKind, "EX"), ansi(idSenderSMTP, "Zhang@huaxin.example"),
				ansi(idBody, gbk("各位好：\r\n需求变更已确认。")+"\x00garbage"), at(idSubmitTime, "2024-03-05T06:00:00Z"), long(idImportance, 2), long(idFlags, 0), long(idLastVerb, 103), long(idFlagStatus, 2), ansi(idInReplyTo, "<b@x>"), ansi(idReferences, "<a@x>\r\n <b@x>"),
				ansi(idHeaders, "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from x\r\nDate: Tue, 5 Mar 2024 14:00:30 +0800\r\nMessage-ID: <m1@huaxin.example>\r\n\r\n"), bin(idThreadIndex, make([]byte, 27))},
			recipients: []entry{
				{props: []prop{long(idRecipientType, 0x10000001), ansi(idShowName, gbk("李娜")), ansi(idAddress, "/o=x/cn=li"), ansi(idAddressKind, "EX"), ansi(idSMTP, "LI.Na@huaxin.example")}},
				{props: []prop{long(idRecipientType, 2), ansi(idShowName, "'wu@huaxin.example'"), ansi(idAddress, "wu@huaxin.example")}}},
			attachments: []entry{{props: []prop{ansi(idAttachLongName, gbk("变更单（终稿）.docx")), bin(idAttachData, []byte("doc"))}}},
		},
		"page-lies": {
			props:       []prop{ansi(idClass, "IPM.Note"), long(idPage, 1252), ansi(idSubject, gbk("会议")), ansi(idBody, gbk("下周三下午三点在会议室开项目周会，请准时参加。")), ansi(idOnBehalfName, gbk("王")), at(idDeliveryTime, "2009-06-01T01:00:00Z")},
			attachments: []entry{{props: []prop{ansi(idAttachShortName, gbk("纪要")+".txt"), bin(idAttachData, []byte("x"))}}},
		},
		"locale-big5": {props: []prop{ansi(idClass, "IPM.Note"), long(idLocale, 0x404), long(idInternetPage, 936), ansi(idSubject, big5("格式測試")), ansi(idBody, big5("這是一封測試郵件")), ansi(idShowTo, big5("陳先生")+"; lin@example.com")}},
		"html-over-questions": {props: []prop{uni(idClass, "IPM.Note"), long(idInternetPage, 936), uni(idSubject, "\x01\x05RE: 合同"), ansi(idBody, "???????????????? 2024"),
			bin(idHTML, []byte("<html><body><p>"+gbk("合同已经盖章，扫描件见附件")+" 2024</p></body></html>"))}},
		"packed-html": {props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "打包"), bin(idRTF, compressed(packedPage))},
			attachments: []entry{{props: []prop{uni(idAttachLongName, "logo.png"), uni(idAttachContentID, "logo@1"), uni(idAttachKind, "image/png"), bin(idAttachData, []byte("\x89PNG"))}}, file("真附件.pdf", "%PDF-1.4")}},
		"rtf-only":     {props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "rtf"), bin(idRTF, compressed(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset134 SimSun;}}\f1 \'d1\'e9\'ca\'d5\'b1\'a8\'b8\'e6\f0  done\par second}`))}},
		"imported-raw": {props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "ÐèÇó±ä¸ü"), uni(idBody, "见附件"), uni(idOnBehalfName, "Jürgen Müller"), uni(idOnBehalfAddress, "j@example.de"), long(idFlags, 8), at(idCreated, "2020-01-02T03:04:05Z")}},
		"embedded": {props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "转发：报价"), uni(idBody, "见附"), uni(idOnBehalfName, "王伟"), uni(idOnBehalfAddress, "wang@example.com"), uni(idSenderName, "秘书"), uni(idSenderAddress, "sec@example.com"), at(idSubmitTime, "2024-03-02T02:00:00Z")},
			attachments: []entry{{props: []prop{long(idAttachMethod, 5), uni(idShowName, "原始邮件")}, inner: inner}}},
		"attachments": {props: []prop{uni(idClass, "IPM.Note"), uni(idSubject, "附件种种"), uni(idBody, "x")},
			attachments: []entry{
				{props: []prop{long(idAttachMethod, 4), uni(idAttachLongName, "大文件.iso"), uni(idAttachLongPath, `\\server\share\大文件.iso`)}},
				{props: []prop{long(idAttachMethod, 6), uni(idShowName, "包装")}, ole: []*compound.Node{compound.NewStream("\x01Ole10Native", native(gbk("清单.txt"), "inside"))}},
				{props: []prop{long(idAttachMethod, 6), uni(idShowName, "新文档")}, ole: []*compound.Node{compound.NewStream("Package", []byte("PK\x03\x04"))}},
				{props: []prop{long(idAttachMethod, 6), uni(idShowName, "旧文档")}, ole: []*compound.Node{compound.NewStream("WordDocument", []byte("x"))}},
				{props: []prop{long(idAttachMethod, 1), uni(idAttachExtension, ".jpg"), uni(idAttachKind, "image/jpeg"), bin(idAttachData, []byte("\xff\xd8"))}},
				{props: []prop{long(idAttachMethod, 1), uni(idAttachLongName, `C:\tmp\空.txt`), bin(idAttachData, nil)}},
				{props: []prop{long(idAttachMethod, 1), uni(idAttachLongName, "没有数据.txt")}},
			}},
		"appointment": {props: []prop{uni(idClass, "IPM.Appointment"), uni(idSubject, "项目周会"), uni(idBody, "议程：进度"), uni(idOnBehalfName, "王伟"), uni(idOnBehalfAddress, "wang@example.com"),
			at(0, "2024-03-06T06:00:00Z").called(nmStart), at(0, "2024-03-06T07:30:00Z").called(nmEnd), uni(0, "三楼会议室").called(nmLocation), uni(0, "(UTC+08:00) 北京，重庆").called(nmZone), uni(0, "每周三").called(nmPattern), bin(0, []byte("\x04\x00vCal-Uid\x01\x00\x00\x00abc-123\x00")).called(nmCleanID),
			tagged(0, ptMany|ptUnicode, utf16le("重要")).called(nmKeywords)},
			recipients: []entry{to(1, "李娜", "li@example.com"), to(2, "赵", "zhao@example.com")}},
		"invitation": {props: []prop{uni(idClass, "IPM.Schedule.Meeting.Canceled"), uni(idSubject, "取消：评审"), uni(idOnBehalfName, "王伟"), at(idSubmitTime, "2024-03-05T06:00:00Z"), at(0, "2024-03-05T16:00:00Z").called(nmStart), at(0, "2024-03-06T16:00:00Z").called(nmEnd), boolean(0).called(nmAllDay)},
			recipients: []entry{to(1, "李娜", "li@example.com")}},
		"contact": {props: []prop{uni(idClass, "IPM.Contact"), uni(idFamily, "欧阳"), uni(idGiven, "明"), uni(idCompany, "华信制造"), uni(idDepartment, "采购部"), uni(idPost, "经理"), uni(idPhoneMobile, "13800000000"), uni(0, "Ouyang@huaxin.example").called(nmMail1), uni(0, "上海市浦东新区").called(nmWorkPlace), uni(idBody, "老客户")}},
		"list":    {props: []prop{uni(idClass, "IPM.DistList"), uni(idShowName, "项目组"), tagged(0, ptMany|ptBinary, append(make([]byte, 22), "\x01\x80"+string(utf16le("李娜\x00SMTP\x00Li@example.com\x00"))...)).called(nmMembers)}},
		"task":    {props: []prop{uni(idClass, "IPM.Task"), uni(idSubject, "催款"), at(0, "2024-03-10T16:00:00Z").called(nmTaskDue), long(0, 1).called(nmTaskStatus), uni(0, "王伟").called(nmTaskOwner)}},
	}
}

func native(name, data string) []byte {
	b := append([]byte{0, 0, 0, 0, 2, 0}, name...)
	b = append(b, 0)
	b = append(b, "C:\\x\x00"...)
	b = append(b, 0, 0, 3, 0, 5, 0, 0, 0)
	b = append(b, "tmp\\\x00"...)
	b = append(b, byte(len(data)), 0, 0, 0)
	return append(b, data...)
}

func golden(t *testing.T, name string, r *reading) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	path := "testdata/" + name + ".json"
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("it reads otherwise than %s:\n%s", path, got.Bytes())
	}
}

// TestGoldenMsg reads a saved item of every kind.
func TestGoldenMsg(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(name+".msg", f.msg())
			if !Msg.Detect(in) || TNEF.Detect(in) {
				t.Fatal("it is not detected")
			}
			golden(t, name+".msg", readAll(t, Msg, in))
		})
	}
}

// TestGoldenTNEF: the same items as winmail.dat, where they can be.
func TestGoldenTNEF(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	for name, page := range map[string]int{"gbk": 936, "page-lies": 1252, "packed-html": 0, "embedded": 936, "appointment": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input("winmail.dat", all[name].tnef(page))
			if !TNEF.Detect(in) || Msg.Detect(in) {
				t.Fatal("it is not detected")
			}
			golden(t, name+".tnef", readAll(t, TNEF, in))
		})
	}
}

func TestNoChild(t *testing.T) {
	t.Parallel()
	in := input("a.msg", fixtures(t)["embedded"].msg())
	for _, step := range []string{"", "attachment:", "attachment:1:other", "attachment:0:x", "attachment:9:x", "attachment:99999999999999999999:x", "mail:1"} {
		if _, err := Msg.Open(context.Background(), in, step); !errors.Is(err, document.ErrNoChild) {
			t.Errorf("%q: %v", step, err)
		}
	}
}
