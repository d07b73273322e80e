package pst

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/compound"
	"guidang/extractors/mail/pst/psttest"
)

// encode is what the writer encodes blocks with.
func encode(method byte, data []byte, id uint64) {
	switch method {
	case psttest.Permute:
		permute(data)
	case psttest.Cyclic:
		cycle(data, id)
	}
}

func gbk(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("%q cannot be written in GBK: %v", s, err)
	}
	return out
}

// pen writes the strings of a mailbox: as UTF-16, or as GBK.
type pen struct {
	t    testing.TB
	ansi bool
}

func (p pen) text(id uint32, s string) psttest.Prop {
	if p.ansi {
		return psttest.String8(id, gbk(p.t, s))
	}
	return psttest.Text(id, s)
}

func day(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// mail is a plain mail.
func (p pen) mail(subject, body, sent string) *psttest.Message {
	return &psttest.Message{
		Props: []psttest.Prop{
			p.text(0x001A, "IPM.Note"), p.text(0x0037, subject), p.text(0x1000, body), psttest.Time(0x0039, day(sent)), psttest.Time(0x0E06, day(sent).Add(time.Minute)), psttest.Long(0x0E07, 1),
			p.text(0x0C1A, "王伟"), p.text(0x0C1E, "SMTP"), p.text(0x0C1F, "wang@yuanhang.example"), p.text(0x0042, "王伟"), p.text(0x0064, "SMTP"), p.text(0x0065, "wang@yuanhang.example"),
			p.text(0x1035, "<"+strings.NewReplacer(":", "", "-", "").Replace(sent)+"@yuanhang.example>"),
		},
		Recipients: [][]psttest.Prop{p.to(1, "李文博", "li@yuanhang.example"), p.to(2, "陈静", "chen@huaxin.example")},
	}
}

func (p pen) to(kind int, name, address string) []psttest.Prop {
	return []psttest.Prop{psttest.Long(0x0C15, kind), p.text(0x3001, name), p.text(0x3002, "SMTP"), p.text(0x3003, address)}
}

func (p pen) file(name string, data []byte) psttest.Attachment {
	return psttest.Attachment{Props: []psttest.Prop{p.text(0x3707, name), p.text(0x3704, "FILE~1")}, Data: data}
}

// The named properties of the fixtures.
const (
	setAppointment = "\x02\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"
	setTask        = "\x03\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"
	setAddress     = "\x04\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"
	setPublic      = "\x29\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"
	idStart        = 0x8000
	idEnd          = 0x8001
	idLocation     = 0x8002
	idDue          = 0x8003
	idMail1        = 0x8004
	idKeywords     = 0x8005
)

var fixtureNames = []psttest.Named{{Set: setAppointment, LID: 0x820D}, {Set: setAppointment, LID: 0x820E}, {Set: setAppointment, LID: 0x8208}, {Set: setTask, LID: 0x8105}, {Set: setAddress, LID: 0x8083}, {Set: setPublic, Text: "Keywords"}}

// office is a mailbox with one of everything.
func office(t testing.TB, layout psttest.Layout, crypt byte) *psttest.Mailbox {
	p := pen{t, layout == psttest.ANSI}
	with := func(m *psttest.Message, a ...psttest.Attachment) *psttest.Message {
		m.Attachments = a
		return m
	}
	set := func(m *psttest.Message, props ...psttest.Prop) *psttest.Message {
		for _, n := range props {
			for i := range m.Props {
				if m.Props[i].Tag>>16 == n.Tag>>16 {
					m.Props = append(m.Props[:i], m.Props[i+1:]...)
					break
				}
			}
			m.Props = append(m.Props, n)
		}
		return m
	}
	long := strings.Repeat("批量导出的范围、字段和权限以附件为准，最迟九月十五日前交付。\r\n", 400)
	noise := make([]byte, 300_000)
	for i := range noise {
		noise[i] = byte(i*i>>7 ^ i)
	}
	ole := compound.Write(compound.NewStorage("Root Entry", compound.NewStream("CONTENTS", []byte("%PDF-1.4 within an object"))))
	page := "<html><head><meta charset=\"gb2312\"></head><body><p>报价见下表</p><table><tr><td>总价</td><td>38.4 万元</td></tr></table></body></html>"
	inbox := &psttest.Folder{Name: "收件箱", Messages: []*psttest.Message{
		p.mail("需求变更：订单批量导出", "李经理：\r\n请确认变更范围。", "2025-08-25T02:00:00Z"),
		p.mail("\x01\x04回复：需求变更", "已确认。", "2025-08-26T02:00:00Z"),
		with(p.mail("范围说明", long, "2025-08-27T02:00:00Z"), p.file("报价单 v1.txt", []byte(gbk(t, "报价单：三十八万四千元"))), p.file("压测数据.bin", noise)),
		set(p.mail("报价", "", "2025-08-28T02:00:00Z"), psttest.Bin(0x1013, []byte(gbk(t, page))), psttest.Long(0x3FDE, 936)),
		with(p.mail("转发：缺陷", "见附件中的邮件", "2025-08-29T02:00:00Z"), psttest.Attachment{Props: []psttest.Prop{p.text(0x3001, "BUG-002")}, Inner: with(p.mail("BUG-002 导出超时", "三万行以上超时", "2025-08-20T02:00:00Z"), p.file("log.txt", []byte("timeout after 30 s")))}),
		with(p.mail("对象与链接", "两个附件", "2025-08-30T02:00:00Z"), psttest.Attachment{Props: []psttest.Prop{p.text(0x3707, "图.pdf")}, Data: ole, OLE: true}, psttest.Attachment{Props: []psttest.Prop{p.text(0x3707, "大文件.zip"), p.text(0x370D, `\\files\大文件.zip`)}, None: true}),
		set(p.mail("紧急", "请今天回复", "2025-08-31T02:00:00Z"), psttest.Long(0x0017, 2), psttest.Long(0x1090, 2), psttest.Texts(idKeywords, "需求变更", "高优先级"),
			p.text(0x007D, "Received: from mx.huaxin.example by mx.yuanhang.example; Sun, 31 Aug 2025 10:00:00 +0800\r\nFrom: wang@yuanhang.example\r\nDate: Sun, 31 Aug 2025 10:00:00 +0800\r\nList-Id: <orders.yuanhang.example>\r\n\r\n")),
	}}
	many := p.mail("周会通知", "周一上午九点", "2025-09-01T02:00:00Z")
	for i := range 600 {
		many.Recipients = append(many.Recipients, p.to(1, fmt.Sprintf("同事%03d", i), fmt.Sprintf("c%03d@yuanhang.example", i)))
	}
	project := &psttest.Folder{Name: "华信 订单/管理", Messages: []*psttest.Message{many}}
	inbox.Folders = []*psttest.Folder{project}
	inbox.Hidden = []*psttest.Message{{Props: []psttest.Prop{p.text(0x001A, "IPM.Configuration.Rules"), p.text(0x0037, "rule")}}}
	other := func(class, subject string, props ...psttest.Prop) *psttest.Message {
		return set(p.mail(subject, "备注："+subject, "2025-09-02T02:00:00Z"), append(props, p.text(0x001A, class))...)
	}
	calendar := &psttest.Folder{Name: "日历", Messages: []*psttest.Message{
		other("IPM.Appointment", "验收会", psttest.Time(idStart, day("2025-09-10T01:00:00Z")), psttest.Time(idEnd, day("2025-09-10T03:00:00Z")), p.text(idLocation, "三号会议室")),
		other("IPM.Task", "交付批量导出", psttest.Time(idDue, day("2025-09-15T00:00:00Z"))),
	}}
	people := &psttest.Folder{Name: "联系人", Messages: []*psttest.Message{
		other("IPM.Contact", "张建国", p.text(0x3001, "张建国"), p.text(0x3A16, "华信制造"), p.text(0x3A1C, "010-5550-0101"), p.text(idMail1, "zhang@huaxin.example")),
		other("IPM.StickyNote", "记事：服务器窗口周五"),
	}}
	return &psttest.Mailbox{
		Layout: layout, Crypt: crypt, Encode: encode, Names: fixtureNames,
		Folders: []*psttest.Folder{inbox, calendar, people, {Name: "空"}},
		Orphans: []*psttest.Message{p.mail("孤件", "文件夹没了", "2024-01-05T02:00:00Z")},
		Search:  &psttest.Folder{Name: "未读"},
		Text:    func(s string) []byte { return []byte(gbk(t, s)) },
	}
}

// archive is a mailbox of many mails in some folders, for speed and damage.
func archive(t testing.TB, layout psttest.Layout, mails int) []byte {
	p := pen{t, layout == psttest.ANSI}
	box := &psttest.Mailbox{Layout: layout, Crypt: psttest.Permute, Encode: encode, Names: fixtureNames, Text: func(s string) []byte { return []byte(gbk(t, s)) }}
	for i := range mails {
		if i%500 == 0 {
			box.Folders = append(box.Folders, &psttest.Folder{Name: fmt.Sprintf("项目%02d", i/500)})
		}
		body := strings.Repeat(fmt.Sprintf("第%d封：订单批量导出的范围以附件为准。\r\n", i), 3+i%40)
		m := p.mail(fmt.Sprintf("项目周报 %d", i), body, day("2023-01-01T00:00:00Z").Add(time.Duration(i)*time.Hour).Format(time.RFC3339))
		if i%5 == 0 {
			m.Attachments = []psttest.Attachment{p.file(fmt.Sprintf("表%d.csv", i), bytes.Repeat([]byte(fmt.Sprintf("%d,合同,金额\r\n", i)), 100+i%900))}
		}
		f := box.Folders[len(box.Folders)-1]
		f.Messages = append(f.Messages, m)
	}
	return psttest.Write(box)
}
