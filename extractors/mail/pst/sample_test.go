package pst

import (
	"testing"

	"guidang/extractors/mail/pst/psttest"
)

// sample is the mailbox in the sample archive: what Li Wenbo kept in Outlook of the
// story that the rest of the archive tells.
func sample(t testing.TB) *psttest.Mailbox {
	p := pen{t, false}
	from := func(m *psttest.Message, name, address string) *psttest.Message {
		for i, q := range m.Props {
			switch q.Tag >> 16 {
			case 0x0C1A, 0x0042:
				m.Props[i] = p.text(q.Tag>>16, name)
			case 0x0C1F, 0x0065:
				m.Props[i] = p.text(q.Tag>>16, address)
			}
		}
		return m
	}
	zhang := func(m *psttest.Message) *psttest.Message { return from(m, "张建国", "zhang@huaxin.example") }
	li := func(m *psttest.Message) *psttest.Message { return from(m, "李文博", "liwenbo@yuanhang.example") }
	with := func(m *psttest.Message, a ...psttest.Attachment) *psttest.Message {
		m.Attachments = a
		return m
	}
	item := func(m *psttest.Message, class string, props ...psttest.Prop) *psttest.Message {
		m.Props[0] = p.text(0x001A, class)
		m.Props = append(m.Props, props...)
		return m
	}
	asked := zhang(p.mail("批量导出：想再加一个回款状态列", "李经理：\r\n批量导出的表里请再加一列“回款状态”，财务月底对账要用。\r\n张建国", "2025-10-13T01:20:00Z"))
	inbox := &psttest.Folder{Name: "收件箱", Messages: []*psttest.Message{
		with(zhang(p.mail("回款状态列的样表", "样表见附件，列名和顺序请按它。\r\n张建国", "2025-10-14T02:05:00Z")), p.file("回款状态样表.csv", []byte("订单号,客户,金额,回款状态\r\nSO-2025-0088,华信制造,384000,部分回款\r\n"))),
	}}
	inbox.Folders = []*psttest.Folder{{Name: "华信 订单管理", Messages: []*psttest.Message{
		asked,
		with(zhang(p.mail("转发：批量导出的需求", "把早先的邮件转给你，请一并评估。\r\n张建国", "2025-10-15T03:00:00Z")), psttest.Attachment{Props: []psttest.Prop{p.text(0x3001, "批量导出：想再加一个回款状态列")}, Inner: asked}),
	}}}
	sent := &psttest.Folder{Name: "已发送邮件", Messages: []*psttest.Message{
		li(p.mail("回复：批量导出：想再加一个回款状态列", "张主任：\r\n“回款状态”列评估为 1.5 人天，列入 11 月 3 日的补丁，不另计费。\r\n李文博", "2025-10-16T06:30:00Z")),
	}}
	calendar := &psttest.Folder{Name: "日历", Messages: []*psttest.Message{
		item(li(p.mail("回款状态列评审会", "带上样表。", "2025-10-16T07:00:00Z")), "IPM.Appointment", psttest.Time(idStart, day("2025-10-21T06:00:00Z")), psttest.Time(idEnd, day("2025-10-21T07:00:00Z")), p.text(idLocation, "华信三楼会议室")),
		item(li(p.mail("发布 11 月 3 日补丁", "含回款状态列。", "2025-10-16T07:10:00Z")), "IPM.Task", psttest.Time(idDue, day("2025-11-03T00:00:00Z"))),
	}}
	people := &psttest.Folder{Name: "联系人", Messages: []*psttest.Message{
		item(li(p.mail("张建国", "华信制造信息中心主任", "2024-01-10T01:00:00Z")), "IPM.Contact", p.text(0x3001, "张建国"), p.text(0x3A16, "华信制造"), p.text(0x3A1C, "010-5550-0101"), p.text(idMail1, "zhang@huaxin.example")),
	}}
	return &psttest.Mailbox{Layout: psttest.Unicode, Crypt: psttest.Permute, Encode: encode, Names: fixtureNames, Folders: []*psttest.Folder{inbox, sent, calendar, people}}
}
