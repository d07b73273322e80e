package quote

import (
	"strings"
)

// Limits of what is taken for a signature, in lines.
const (
	maxSigned  = 40 // below "-- ", which says what it is
	maxLoose   = 15 // below "--" and rulers
	maxContact = 12 // a block of addresses and numbers
)

// signatures marks them, at the end of every stretch of new text: the text ends
// there, or a quote begins below it.
func (s *splitter) signatures() {
	for i := 0; i < len(s.lines); {
		if s.parts[i] != isNew {
			i++
			continue
		}
		end := i
		for end < len(s.lines) && s.parts[end] == isNew {
			end++
		}
		s.signature(i, end)
		i = end
	}
}

// signature looks for the first mark of one in lines from to to.
func (s *splitter) signature(from, to int) {
	for i := max(from, to-maxSigned); i < to; i++ {
		line := strings.TrimRight(s.lines[i], "\r")
		if line == "" {
			continue
		}
		if s.signs(i, from, to, line) {
			for j := i; j < to; j++ {
				s.parts[j] = isSign
			}
			s.contact(from, i)
			return
		}
	}
	s.contact(from, to)
}

// signs is true when everything from line i to to is a signature, a note or a
// footer.
func (s *splitter) signs(i, from, to int, line string) bool {
	left := to - i
	first := i == from || strings.TrimSpace(s.lines[i-1]) == "" || isRuler(s.lines[i-1])
	switch c := line[0]; {
	case c == '-':
		// RFC 3676 4.3: two dashes and a blank.
		//
		// QUIRK: half of the mailers take the blank away.
		return line == "-- " && left <= maxSigned || strings.TrimRight(line, " ") == "--" && left <= maxLoose && i > from
	case c == '_' || c == '=':
		// Lists put their footer below a line of underscores.
		return len(line) >= 20 && isRuler(line) && left <= maxLoose && s.says(i+1, to, footers)
	case c < 0x80 && c != 'S' && c != 'G' && c != 'T' && c != 'C' && c != 'D' && c != 'I' && c != 'N' && c != 'P' && c != '*':
		return false
	}
	text := strings.TrimLeft(strings.TrimSpace(line), "*_【[（( ")
	switch {
	case mobile(text):
		return s.textLines(i, to) <= 4
	case first && left <= maxSigned && hasPrefix(strings.ToLower(text[:min(len(text), 200)]), notices):
		return true
	}
	return false
}

// contact marks a last paragraph of addresses and numbers.
func (s *splitter) contact(from, to int) {
	end := s.lastText(to-1) + 1
	if end <= from {
		return
	}
	start := end
	labels, n := 0, 0
	for start > from && n < maxContact {
		line := strings.TrimSpace(s.lines[start-1])
		if line == "" {
			break
		}
		start--
		if isRuler(line) {
			break
		}
		n++
		if labelled(line) {
			labels++
		}
	}
	// The block must stand apart, below other text, and say at least two ways to
	// reach somebody.
	apart := start > from && (strings.TrimSpace(s.lines[start-1]) == "" || isRuler(s.lines[start]))
	if !apart || labels < 2 || labels*3 < n || s.textLines(from, start) == 0 {
		return
	}
	for j := start; j < to; j++ {
		s.parts[j] = isSign
	}
}

func (s *splitter) textLines(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if strings.TrimSpace(s.lines[i]) != "" {
			n++
		}
	}
	return n
}

func (s *splitter) says(from, to int, words []string) bool {
	for i := from; i < to; i++ {
		lower := strings.ToLower(s.lines[i])
		for _, w := range words {
			if strings.Contains(lower, w) {
				return true
			}
		}
	}
	return false
}

// footers are the words of lists' footers.
var footers = []string{"mailing list", "unsubscribe", "listinfo", "mailman", "邮件列表", "退订", "郵件列表", "http://", "https://"}

// mobiles are the lines that mailers put below mails by themselves, lower case.
var mobiles = []string{
	"发自我的", "發自我的", "发自 iphone", "从我的", "發送自", "发送自", "来自我的", "从 windows 版邮件发送", "发自网易邮箱", "发自 网易邮箱", "通过网易邮箱大师", "发自 foxmail", "发自foxmail", "发自 outlook", "发自手机", "由网易邮箱大师", "签名由网易邮箱大师定制", "获取 outlook", "获取outlook", "取得 ios 版 outlook", "取得 android 版 outlook", "来自 outlook", "发自企业微信", "来自企业微信", "来自qq邮箱", "从 qq 邮箱发送", "使用 windows 版", "本邮件由",
	"sent from my", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from samsung", "sent from proton", "sent via ", "sent using ", "get outlook for", "sent from foxmail", "sent from netease",
}

func mobile(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 9 && len(line) <= 160 && hasPrefix(strings.ToLower(line), mobiles)
}

// notices are the first words of confidentiality notes, lower case.
var notices = []string{
	"免责声明", "免責聲明", "保密声明", "保密聲明", "保密提示", "保密须知", "重要提示：本邮件", "法律声明", "声明：本邮件", "声明:本邮件", "本邮件及其附件", "本邮件及附件", "本邮件包含", "本邮件含有", "本邮件（包括", "本邮件(包括", "本电子邮件及", "本电子邮件", "此邮件及其附件", "此电子邮件", "此邮件包含", "本郵件", "该邮件及其附件", "这封邮件及其附件", "这封电子邮件",
	"disclaimer", "confidentiality", "confidential notice", "notice of confidentiality", "this email and any", "this e-mail and any", "this message and any", "this email, and any", "this e-mail, and any", "this email (including", "this e-mail (including", "this message (including", "this e-mail contains", "this email contains", "this message contains", "this email is confidential", "this e-mail is confidential", "this message is confidential", "the information contained in this", "the information in this e", "the contents of this e", "this communication", "important notice: the contents", "important notice: this", "privileged and confidential", "private and confidential", "please consider the environment", "this e-mail and its attachments", "this email and its attachments", "this transmission", "this electronic message",
}

func hasPrefix(s string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// labels are the names of ways to reach somebody, lower case, without blanks.
var labels = map[string]bool{
	"电话": true, "手机": true, "移动电话": true, "固定电话": true, "联系电话": true, "座机": true, "传真": true, "邮箱": true, "电子邮件": true, "电邮": true, "邮件": true, "地址": true, "公司地址": true, "网址": true, "公司网址": true, "邮编": true, "微信": true, "qq": true, "分机": true, "热线": true, "總機": true, "電話": true, "手機": true, "傳真": true, "郵箱": true, "網址": true, "e-mail": true, "email": true, "mail": true,
	"tel": true, "t": true, "m": true, "p": true, "f": true, "e": true, "w": true, "o": true, "mob": true, "mobile": true, "cell": true, "phone": true, "fax": true, "add": true, "addr": true, "address": true, "web": true, "website": true, "skype": true, "wechat": true, "office": true, "direct": true, "tel.": true, "url": true, "http": true, "https": true, "電郵": true, "地點": true,
}

// labelled is true for a line that names a way to reach somebody.
func labelled(line string) bool {
	at := colon(line)
	if at <= 0 {
		return strings.HasPrefix(line, "+86") || strings.HasPrefix(line, "www.")
	}
	name := strings.ToLower(strings.Trim(unspread(line[:at]), "()（）"))
	if labels[name] {
		return true
	}
	// 电话/Tel, Mobile|手机
	if i := strings.IndexAny(name, "/|&"); i > 0 {
		return labels[name[:i]] || labels[name[i+1:]]
	}
	return false
}
