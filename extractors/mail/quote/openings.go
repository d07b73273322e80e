package quote

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// dividers are the names on the rulers that mailers put above a quoted mail, in
// lower case. Seen in 609 Chinese mails of public lists, and in the mailers of QQ,
// NetEase, Foxmail, Coremail, Sina, Outlook, Apple and Google.
var dividers = []string{
	"原始邮件", "原邮件", "邮件原件", "原始郵件", "原郵件", "郵件原件", "回复的原邮件", "回复的邮件", "转发的邮件", "转发邮件信息", "转发邮件", "轉寄郵件", "轉寄的郵件", "已转发邮件", "已轉寄郵件", "被转发邮件", "引用邮件", "来自", "回复原文", "原文",
	"original message", "original mail", "original appointment", "forwarded message", "forwarded mail", "forwarded by", "reply message", "replied message", "message d'origine", "ursprüngliche nachricht", "weitergeleitete nachricht", "mensaje original", "mensagem original", "messaggio originale", "original-nachricht",
}

// loose are lines that say the same without a ruler.
var loose = []string{"begin forwarded message:", "begin forwarded message：", "下面是被转发的邮件：", "下面是转发的邮件：", "以下为转发的邮件：", "以下是轉寄的郵件：", "开始转发的信息：", "开始转发信息："}

// isDivider is true for a ruler with one of the names on it: at least three dashes
// or the like on one side and two on the other.
func isDivider(line string) bool {
	if line == "" || line[0] > ' ' && line[0] < 0x80 && strings.IndexByte("-_=*bB", line[0]) < 0 {
		return false // as nearly every line
	}
	line = strings.TrimSpace(line)
	if len(line) < 8 || len(line) > 200 {
		return false
	}
	inner := strings.TrimLeft(line, "-—_=*–─ \u00a0\u3000")
	left := len(line) - len(inner)
	if left < 2 {
		return isLoose(line)
	}
	name := strings.TrimRight(inner, "-—_=*–─ \u00a0\u3000:：")
	right := len(inner) - len(name)
	if left+right < 6 || right < 2 || name == "" || len(name) > 120 {
		return false
	}
	// A date or an address may stand beside the name: "Forwarded by A. B. on …".
	lower := strings.ToLower(name)
	for _, d := range dividers {
		if strings.HasPrefix(lower, d) {
			// Of the words that are short and frequent only the whole will do.
			return len(d) > 6 || len(lower) == len(d) || d == "原文" && len(lower) == len(d)
		}
	}
	return false
}

func isLoose(line string) bool {
	if c := line[0]; c != 'b' && c != 'B' && c < 0x80 {
		return false
	}
	lower := strings.ToLower(line)
	return slices.Contains(loose, lower)
}

// isRuler is true for a line of nothing but one sign.
func isRuler(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 3 && strings.Trim(line, line[:1]) == "" && strings.IndexByte("-_=*~#", line[0]) >= 0 ||
		utf8.RuneCountInString(line) >= 3 && (strings.Trim(line, "—") == "" || strings.Trim(line, "─") == "")
}

// What the names of header lines say.
const (
	who = 1 << iota
	when
	toWhom
	about
	other
)

// headerNames are the names that mailers write in front of a quoted mail, lower
// case, without blanks.
var headerNames = map[string]int{
	"发件人": who, "寄件者": who, "寄件人": who, "发信人": who, "發件人": who, "from": who, "von": who, "de": who, "发送人": who, "发送者": who, "差出人": who, "보낸사람": who,
	"发送时间": when, "发送日期": when, "寄件日期": when, "發送時間": when, "日期": when, "发件时间": when, "发信时间": when, "傳送時間": when, "时间": when, "sent": when, "date": when, "datum": when, "gesendet": when, "envoyé": when, "送信日時": when, "보낸날짜": when, "sendtime": when, "senttime": when,
	"收件人": toWhom, "收件者": toWhom, "收信人": toWhom, "抄送": toWhom, "抄送人": toWhom, "副本": toWhom, "密送": toWhom, "密件副本": toWhom, "to": toWhom, "cc": toWhom, "bcc": toWhom, "an": toWhom, "à": toWhom, "宛先": toWhom, "받는사람": toWhom,
	"主题": about, "主旨": about, "主題": about, "标题": about, "subject": about, "betreff": about, "objet": about, "asunto": about, "件名": about, "제목": about,
	"附件": other, "重要性": other, "优先级": other, "reply-to": other, "回复": other, "答复": other, "importance": other, "attachments": other, "organization": other, "newsgroups": other, "message-id": other, "mailingdate": other,
}

// blanks are taken out of names.
//
// QUIRK: mailers spread short names: 主　题, 抄 送.
var blanks = strings.NewReplacer(" ", "", "\u3000", "", "\u00a0", "", "\t", "", "*", "")

func unspread(name string) string {
	if strings.ContainsAny(name, " *\u3000\u00a0\t") {
		return blanks.Replace(name)
	}
	return name
}

// colon is where a name of at most 40 bytes ends, or -1.
func colon(line string) int {
	head := line[:min(len(line), 40)]
	at := strings.IndexByte(head, ':')
	if wide := strings.Index(head, "："); wide >= 0 && (at < 0 || wide < at) {
		return wide
	}
	return at
}

// headerName tells what the line's name says; 0 is no header line.
func headerName(line string) int {
	end := colon(line)
	if end <= 0 {
		return 0
	}
	name := strings.TrimLeft(line[:end], " \t*|·•\u00a0\u3000")
	if !utf8.ValidString(name) || name == "" {
		return 0
	}
	if plain := headerNames[name]; plain != 0 {
		return plain
	}
	return headerNames[strings.ToLower(unspread(name))]
}

// header is true where a quoted mail's header in words begins at line i: who wrote
// it first, and at least two lines of others after it.
func (s *splitter) header(i int) (end int, ok bool) {
	// Nearly no line begins as one of these names does.
	if c := s.lines[i][0]; c < 0x80 && strings.IndexByte("FfDdVv*| \t", c) < 0 || headerName(s.lines[i]) != who {
		return 0, false
	}
	return s.headerLines(i, 3)
}

// headerLines passes over header lines from i on: at least least of them, one of
// which says when or about what. Folded lists of recipients and single blank lines
// between them belong to them.
func (s *splitter) headerLines(i, least int) (end int, ok bool) {
	kinds, n := 0, 0
	end = i - 1
	for j := i; j < len(s.lines) && j < i+60; j++ {
		if k := headerName(s.lines[j]); k != 0 {
			kinds |= k
			n++
			end = j
			continue
		}
		text := strings.TrimSpace(s.lines[j])
		folded := kinds&toWhom != 0 && j == end+1 && text != "" && (strings.ContainsAny(text, "@;") || strings.HasSuffix(strings.TrimSpace(s.lines[end]), ";") || strings.HasSuffix(strings.TrimSpace(s.lines[end]), ","))
		if folded {
			end = j
			continue
		}
		if text == "" && j == end+1 && j+1 < len(s.lines) && headerName(s.lines[j+1]) != 0 {
			continue
		}
		break
	}
	return end, n >= least && kinds&(when|about) != 0
}

// wrote are the words at the end of "on that day he wrote:".
var wrote = []string{"写道", "寫道", "wrote", "写到", "寫到", "撰写", "schrieb", "a écrit", "escribió", "escreveu", "ha scritto", "napisał", "написал", "写信说", "來信", "來信說"}

// attribution is true when line i ends one, which may have begun up to three lines
// before: 在 2024年3月5日，张伟 写道：, On Tue, Mar 5, 2024 at 10:00 AM Zhang Wei wrote:.
func (s *splitter) attribution(i int, line string) (from int, ok bool) {
	switch c := line[len(line)-1]; {
	case c >= 0x80, c == ':', c == ' ', c == '\t', c == '\r', c == '*':
	default:
		return 0, false
	}
	text := strings.TrimRight(line, " \t\r*\u00a0\u3000")
	if rest, found := strings.CutSuffix(text, ":"); found {
		text = rest
	} else if rest, found := strings.CutSuffix(text, "："); found {
		text = rest
	} else if rest, found := strings.CutSuffix(text, "写道"); found && len(rest) > 0 {
		// Without a colon only before a quote with marks.
		if next := s.nextText(i + 1); next >= len(s.lines) || !marked(s.lines[next]) {
			return 0, false
		}
	} else {
		return 0, false
	}
	text = strings.TrimRight(text, " \u00a0\u3000")
	lower := strings.ToLower(text[max(len(text)-40, 0):])
	said := false
	for _, w := range wrote {
		if strings.HasSuffix(lower, w) || strings.Contains(lower, "schrieb ") {
			said = true
			break
		}
	}
	next := s.nextText(i + 1)
	before := next < len(s.lines) && next-i <= 3 && marked(strings.TrimLeft(s.lines[next], " "))
	if !said && !before || len(text) > 600 {
		return 0, false
	}
	// Names and times make it long enough to be wrapped.
	joined := text
	for from = i; from >= 0 && i-from <= 3; from-- {
		if from < i {
			prev := strings.TrimSpace(s.lines[from])
			if prev == "" || s.parts[from] != isNew || len(prev) > 200 {
				break
			}
			joined = prev + " " + joined
		}
		if dated(joined) && (begins(joined) || from == i && !wraps(s, i) || from == i-1 && strings.HasSuffix(strings.TrimSpace(s.lines[from]), "<")) {
			return from, true
		}
	}
	// Before a quote with marks the word alone will do, or, in languages that are
	// not listed, the day alone.
	return i, before && said
}

// wraps is true when the line before may be the beginning of this one's sentence.
func wraps(s *splitter, i int) bool {
	if i == 0 {
		return false
	}
	prev := strings.TrimSpace(s.lines[i-1])
	return len(prev) > 20 && (begins(prev) || strings.HasSuffix(prev, "<")) // broken before an address
}

// begins is true for the first words of an attribution.
func begins(s string) bool {
	for _, p := range []string{"On ", "At ", "在", "於", "于", "Am ", "Le ", "El ", "Em ", "Il "} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return s != "" && (s[0] >= '0' && s[0] <= '9')
}

// dated is true where a day, a time or an address is named, without which "he
// wrote:" is a sentence like others.
func dated(s string) bool {
	if strings.Contains(s, "@") {
		return true
	}
	digits := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			if c == ':' && digits >= 1 && digits <= 2 && i+2 < len(s) && s[i+1] >= '0' && s[i+1] <= '5' {
				return true
			}
			digits = 0
			continue
		}
		if digits++; digits == 4 && (i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9') && (s[i-3] == '1' && s[i-2] == '9' || s[i-3] == '2' && s[i-2] == '0') {
			return true
		}
	}
	return strings.Contains(s, "月") && strings.Contains(s, "日")
}
