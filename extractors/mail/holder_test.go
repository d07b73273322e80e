package mail

import "testing"

func TestHolder(t *testing.T) {
	t.Parallel()
	for locator, want := range map[string][2]string{
		"邮件/zhang@huaxin.example/收件箱/1.eml":                           {"zhang@huaxin.example", "收件箱"},
		"邮件/zhang@huaxin.example/客户/远航/1.eml":                         {"zhang@huaxin.example", "客户/远航"},
		"导出/%CA\xd5\xbc%FE%CF%E4/1.eml":                               {"导出", "收件箱"}, // GBK, of which two bytes are a character of UTF-8
		"export.zip!/收件箱/1.eml":                                       {"", "收件箱"},
		"export.zip!/zhang/收件箱/1.eml":                                 {"zhang", "收件箱"},
		"mails.mbox!/mail:0":                                          {"", "mails"},
		"李娜/inbox.mbox!/mail:18":                                      {"李娜", "inbox"},
		"tb/Mail/pop.example.com/Inbox.sbd/Kunden!/mail:3":            {"pop.example.com", "Inbox/Kunden"},
		"tb/ImapMail/imap.example.com/&W6JiNw-.sbd/&j9yCKg-!/mail:3":  {"imap.example.com", "客户/远航"},
		"home/Maildir/cur/17.host:2,S":                                {"home", "Maildir"},
		"Maildir/new/17.host":                                         {"Maildir", "INBOX"},
		"Maildir/.&W6JiNw-.Sub/cur/17.host:2,S":                       {"Maildir", "客户/Sub"},
		"Mail/V10/0A1B/INBOX.mbox/77/Data/1/Messages/12.partial.emlx": {"0A1B", "INBOX"},
		"Mail/V10/0A1B/客户.mbox/远航.mbox/77/Messages/12.emlx":           {"0A1B", "客户/远航"},
		"old/In.mbox/mbox!/mail:0":                                    {"old", "In"},
		"foxmail/张伟/In.BOX!/mail:16":                                  {"张伟", "In"},
		"Takeout/Mail/所有邮件.mbox!/mail:0":                              {"Mail", "所有邮件"},
		"a/b.mbox!/mail:0!/attachment:1:x.eml":                        {"", ""},
		"Maildir/.&W6JiNw-/cur/17.host:2,S!/joined!/joined":           {"Maildir", "客户"},
		"a/b.mbox!/mail:0!/joined":                                    {"a", "b"},
		"x.eml":                                                       {"", ""},
		"mh/inbox/17":                                                 {"mh", "inbox"},
		"a/R&D/1.eml":                                                 {"a", "R&D"},
		"a/&-x&bad/1.eml":                                             {"a", "&-x&bad"},
		"a/A&-B/1.eml":                                                {"a", "A&B"},
	} {
		if box, folder := Holder(locator); [2]string{box, folder} != want {
			t.Errorf("%s: %q %q, want %q", locator, box, folder, want)
		}
	}
}
