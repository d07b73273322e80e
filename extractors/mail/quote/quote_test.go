package quote

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// cases are mails as mailers write them, each line with the part that it belongs
// to: b body, q quote, s signature.
var cases = []struct{ name, mail string }{
	{"new text alone", "b好的，\nb周五前给您。\nb\nb张伟"},
	{"Foxmail", "b请确认。\nb\nq-----原始邮件-----\nq发件人：李娜\nq发送时间：2024年3月5日\nq收件人：张伟\nq主题：验收\nq\nq请看附件"},
	{"NetEase, answering", "b已收到。\nb\nq---- 回复的原邮件 ----\nq| 发件人 | 李娜 |\nq| 主题 | 验收 |\nq内容"},
	{"QQ", "b同意\nb\nb\nq------------------ 原始邮件 ------------------\nq发件人: \"李娜\"<li@yuanhang.example>;\nq发送时间: 2024年3月5日(星期二) 上午10:00\nq收件人: \"张伟\"<zhang@huaxin.example>;\nq主题: 验收\nq\nq正文"},
	{"QQ with blanks in the name of the ruler", "b同意\nq------------------ 原始邮件 ------------------\nq正文"},
	{"NetEase, in prose", "b收到\nb\nq在 2024年3月5日，张伟 写道：\nq请看附件"},
	{"NetEase, in prose with an address", "b收到\nq在 2024-03-05 10:00:00，\"张伟\" <zhang@huaxin.example> 写道：\nq请看附件"},
	{"NetEase, English", "bOK\nqAt 2024-03-05 10:00:00, \"张伟\" <zhang@huaxin.example> wrote:\nq>see the file\nq>please"},
	{"Taiwan", "b收到\nq王大明 <wang@x.example> 於 2024年3月5日 週二 上午10:00寫道：\nq\nq> 請看附件\nq> 謝謝"},
	{"Gmail in Chinese", "b收到\nq王伟 <wang@x.example> 于2024年3月5日周二 10:00写道：\nq\nq> 请看附件"},
	{"Gmail, wrapped", "bFine with me.\nb\nqOn Tue, Mar 5, 2024 at 10:00 AM Zhang Wei <zhang@huaxin.example>\nqwrote:\nq\nq> Please have a look.\nq> Thanks"},
	{"Outlook, Chinese", "b同意。\nb\nq发件人: 李娜 <li@yuanhang.example>\nq发送时间: 2024年3月5日 10:00\nq收件人: 张伟 <zhang@huaxin.example>;\nq 王伟 <wang@huaxin.example>\nq抄送: 赵\nq主题: 答复: 验收\nq\nq请确认\nq\nq发件人: 张伟\nq发送时间: 2024年3月4日\nq主题: 验收\nq第一封"},
	{"Outlook, English, with its line", "bAgreed.\nb\nq________________________________\nqFrom: Li Na <li@yuanhang.example>\nqSent: Tuesday, March 5, 2024 10:00 AM\nqTo: Zhang Wei <zhang@huaxin.example>\nqSubject: Acceptance\nq\nqPlease confirm"},
	{"Outlook, bold", "bAgreed.\nb\nq*From:* Li Na\nq*Sent:* Tuesday\nq*To:* Zhang\nq*Subject:* x\nq\nqtext"},
	{"Outlook, divided", "b好\nq-----邮件原件-----\nq发件人: 李娜\nq发送时间: 2024年3月5日\nq收件人: 张伟\nq主题: 验收\nq\nq正文"},
	{"bottom posting", "qOn 2024-03-05 Zhang Wei wrote:\nq> Is it ready?\nq\nbYes, it is.\nb\ns-- \nsLi Na"},
	{"answers between the lines", "qZhang Wei <z@x.example> wrote:\nq> one?\nq\nbYes.\nb\nq> two?\nq> three?\nq\nbNo.\nbReally not."},
	{"nested quotes", "bOK\nb\nq> yes\nq>> no\nq>>> maybe\nq> so"},
	{"full-width mark", "b好\nq＞旧的"},
	{"a divider, then marks, then an answer below", "q-----Original Message-----\nqFrom: a\nqSent: b\nqSubject: c\nq\nq> Ready?\nq> Or not?\nq\nbReady."},
	{"forwarded by Gmail", "b请看下面。\nb\nq---------- Forwarded message ---------\nqFrom: a\nqDate: Tue\nqSubject: x\nqTo: b\nq\nqtext"},
	{"forwarded by Apple", "bFYI\nb\nqBegin forwarded message:\nq\nqFrom: a\nqSubject: x\nqDate: Tue\nq\nqtext"},
	{"forwarded by Coremail", "b请处理\nb\nq-------- 转发邮件信息 --------\nq发件人：a\nq发送日期：2024-03-05\nq主题：x\nq正文"},
	{"Notes", "bok\nq----- Forwarded by Li Na/YH on 2024-03-05 -----\nqtext"},
	{"a line that a mailer broke", "q> This is a long line of sixty-six and more characters that was broken in\nqtwo after it\nq> was quoted\nq\nbyes"},
	{"signature above the quote", "bAgreed.\nb\ns-- \nsZhang Wei\nsHuaxin\ns\nq-----Original Message-----\nqFrom: a"},
	{"dashes without a blank", "bAgreed.\nb\ns--\nsZhang Wei"},
	{"mobile", "b好的\nb\ns发自我的iPhone\ns\nq在 2024年3月5日 10:00，张伟 写道：\nq旧"},
	{"mobile, English", "bOK\nb\nsSent from my iPhone"},
	{"Chinese signature", "b请查收附件。\nb\ns张伟 | 产品部\ns电话：0571-88888888\ns手机：13800000000\ns邮箱：zhang@huaxin.example"},
	{"signature with both languages", "bPlease check.\nb\nsZhang Wei\nsTel/电话: 1\nsMobile: 2\nsAdd: x"},
	{"somebody sends his address", "b电话：0571-88888888\nb地址：杭州"},
	{"disclaimer", "b请查收。\nb\ns本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。\ns禁止任何其他人使用。"},
	{"disclaimer, English", "bSee below.\nb\nsThis email and any attachments are confidential.\nsIf you are not the recipient, delete it."},
	{"contact and disclaimer", "b请查收。\nb\ns张伟\ns电话：1\ns手机：2\ns\ns免责声明：本邮件仅供收件人使用。"},
	{"list footer", "bYes.\nb\ns_______________________________________________\nsusers mailing list\nshttp://lists.example/listinfo/users"},
	{"in another language", "bда\nb\nqпн, 27 мая 2019 г. в 18:06, Marcus Leech <\nqusers@lists.example>:\nq\nq> text\nq> more"},
	{"nothing new otherwise", "qOn 2022-05-24 11:36, Shehla wrote:\nq\nbYou need the other version.\nbTry it."},
	{"answers below a colon", "bI see three points:\nb\nq> one\nq\nbyes"},
	{"a sentence that ends so", "b他在会上写道：\nb这是好的。"},
	{"a sentence with a year", "b见合同第三条，其中写道：\nb付款为三十天。"},
	{"lines like a header", "b会议安排：\nb时间：周五\nb地点：三楼\nb主题：验收"},
	{"a table of dashes", "bname  value\nb---------------\nba     1\nb---------------"},
	{"a note with a name of one header", "bFrom: the start\nbit was clear"},
	{"one line", "b好的"},
	{"a quote of one line", "q> yes"},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		var text, want []string
		for l := range strings.SplitSeq(c.mail, "\n") {
			text, want = append(text, l[1:]), append(want, l[:1])
		}
		var got []string
		for _, b := range Split(strings.Join(text, "\n")) {
			for range strings.Count(b.Text, "\n") + 1 {
				got = append(got, b.Part[:1])
			}
		}
		if strings.Join(got, "") != strings.Join(want, "") {
			t.Errorf("%s: got %s, want %s", c.name, strings.Join(got, ""), strings.Join(want, ""))
		}
	}
}

// TestWhole: nothing is lost, whatever is cut.
func TestWhole(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "a\n", "\n> a\n\nb\n", strings.Repeat("> a\nb\n", 500), strings.Repeat("a\n", maxLines+10), strings.Repeat("\n", 1000)} {
		blocks := Split(text)
		var parts []string
		for _, b := range blocks {
			parts = append(parts, b.Text)
		}
		if strings.Join(parts, "\n") != text {
			t.Errorf("%.40q becomes another text", text)
		}
		if len(blocks) > maxBlocks {
			t.Errorf("%.40q has %d blocks", text, len(blocks))
		}
	}
}

// FuzzSplit: the blocks are the text, and neighbours are of different parts.
func FuzzSplit(f *testing.F) {
	for _, c := range cases {
		var b strings.Builder
		for l := range strings.SplitSeq(c.mail, "\n") {
			b.WriteString(l[1:] + "\n")
		}
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		blocks := Split(text)
		var parts []string
		for i, b := range blocks {
			if i > 0 && blocks[i-1].Part == b.Part {
				t.Fatalf("two blocks of %s follow one another", b.Part)
			}
			if utf8.ValidString(text) && !utf8.ValidString(b.Text) {
				t.Fatal("a block cuts a character")
			}
			parts = append(parts, b.Text)
		}
		if strings.Join(parts, "\n") != text {
			t.Fatalf("%q becomes %q", text, parts)
		}
	})
}
