package texts

// mail are the texts of mails and their threads.
var mail = []text{
	{"role.from", "From", "发件人"},
	{"role.sender", "Sender", "代发"},
	{"role.to", "To", "收件人"},
	{"role.cc", "Cc", "抄送"},
	{"role.bcc", "Bcc", "密送"},
	{"role.reply-to", "Reply to", "回复至"},
	{"role.author", "Author", "作者"},
	{"role.attendee", "Attendee", "与会者"},
	{"role.organizer", "Organizer", "组织者"},
	{"role.speaker", "Speaker", "发言人"},

	{"thread.title", "Mail thread", "邮件会话"},
	{"thread.count", "%s mails", "共 %s 封"},
	{"thread.shown", "mails %d–%d", "第 %d–%d 封"},
	{"thread.files", "%s attachments", "附件 %s 个"},
	{"thread.one", "Open alone", "单独打开"},
	{"thread.eml", "Download the original (.eml)", "下载原始邮件（.eml）"},
	{"thread.picture", "Show the picture", "查看图片"},
	{"thread.people", "Who was in it (%s)", "参与者（%s 人）"},
	{"thread.wrote", "wrote %s", "发了 %s 封"},
	{"thread.earlier", "Earlier mails", "更早的邮件"},
	{"thread.later", "Later mails", "更晚的邮件"},
	{"thread.open", "Show the thread (%s mails)", "查看会话（%s 封）"},
	{"thread.text", "Show its text here", "在此查看文字"},
	{"thread.said", "What the thread came to", "往来要点"},
	{"thread.said.how", "Taken by the program from what each mail adds; days are counted from that mail's date. The writer leads to the mail.", "由程序从各封邮件的新增正文中摘取，期限按该邮件的日期推算；点发件人可看原文。"},
	{"thread.promises", "Promises and requests", "承诺与要求"},

	{"mail.html", "Show as it was sent", "按原格式显示"},
	{"mail.html.none", "This mail has no HTML text.", "这封邮件没有 HTML 正文。"},
	{"mail.header", "Mail header", "邮件头"},
	{"mail.folder", "Folder", "邮箱文件夹"},
	{"mail.variants", "Other mails under its Message-ID (%s)", "同一 Message-ID 的其他邮件（%s 封）"},
	{"mail.msg", "Download as .msg", "下载为 .msg"},

	{"variant.added", "text goes on after this one's end, such as a list's footer", "正文之后多出内容，例如邮件列表的页脚"},
	{"variant.shortened", "without the end of this text", "正文少了末尾的内容"},
	{"variant.headers", "the same text, another header (such as its Bcc)", "正文相同，邮件头不同（例如含密送）"},
	{"variant.text", "another text", "正文不同"},
}
