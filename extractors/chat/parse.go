package chat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	dayTime = `(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:\s*(?:星期|周)[一二三四五六日天])?[ \tT,]*` +
		`((?:上午|下午|晚上|凌晨|中午|早上)?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,3})?(?:\s*[AaPp][Mm])?)`
	name = `(\S.{0,60}?)`
)

// Shapes of a message's first line:
//
//	2024-03-05 10:23:11 张三              (the text on the next lines: QQ, WeChat tools)
//	2024-03-05 10:23:11 张三: text
//	[2024-03-05 10:23:11] 张三: text       (WhatsApp, Telegram, scripts)
//	张三 2024-03-05 10:23:11               (DingTalk, Feishu, WeCom: copied or merged)
//	张三(2024-03-05 10:23:11): text
var (
	timeFirst = regexp.MustCompile(`^\s*[\[(【（]?` + dayTime + `[\])】）]?\s*(?:-\s)?\s*(\S.*)?$`)
	nameFirst = regexp.MustCompile(`^\s*` + name + `\s*[ \t(（\[【]\s*` + dayTime + `\s*[\])】）]?\s*[:：]?\s*(.*)$`)
	timeOnly  = regexp.MustCompile(`^\s*` + dayTime)
	logWord   = regexp.MustCompile(`(?i)\b(?:info|warn|warning|error|debug|trace|fatal|notice|critical)\b|[=/\\{}|]|\w\.\w+\.\w|\s-\s|\d{1,3}\.\d{1,3}\.\d{1,3}`)
)

// lines cuts at LF, CR LF and CR.
func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
}

// begin reads a line that begins a message.
func begin(line string) (m message, ok bool) {
	if len(line) > 4<<10 {
		return m, false
	}
	if f := timeFirst.FindStringSubmatch(line); f != nil && f[5] != "" {
		m.sender, m.text = strings.TrimSpace(f[5]), ""
		if i := strings.IndexAny(m.sender, ":："); i > 0 {
			_, n := utf8.DecodeRuneInString(m.sender[i:])
			m.sender, m.text = strings.TrimSpace(m.sender[:i]), strings.TrimSpace(m.sender[i+n:])
		}
		return m, stamp(&m, f[1:5]) && named(&m)
	}
	if f := nameFirst.FindStringSubmatch(line); f != nil {
		m.sender, m.text = f[1], strings.TrimSpace(f[6])
		return m, stamp(&m, f[2:6]) && named(&m)
	}
	return m, false
}

var quotes = strings.NewReplacer("'", "", `"`, "", "“", "", "”", "", "说", "说")

// named cleans a sender's name and says whether it can be one.
func named(m *message) bool {
	s := strings.TrimSpace(quotes.Replace(strings.Trim(m.sender, "[]【】<>《》")))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "说道"), " 说"))
	m.sender = s
	n := utf8.RuneCountInString(s)
	return n > 0 && n <= 30 && !logWord.MatchString(s) && !strings.ContainsAny(s, "。！？；，")
}

// stamp sets day and time from year, month, day and time as written.
func stamp(m *message, f []string) bool {
	year, _ := strconv.Atoi(f[0])
	month, _ := strconv.Atoi(f[1])
	day, _ := strconv.Atoi(f[2])
	if year < 1990 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	m.day = fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	m.time = clock(f[3])
	return m.time != ""
}

// clock turns 下午 2:05 and 2:05 PM into 14:05.
func clock(s string) string {
	digits := strings.TrimFunc(s, func(r rune) bool { return r != ':' && r != '.' && (r < '0' || r > '9') })
	digits, _, _ = strings.Cut(digits, ".")
	parts := strings.Split(digits, ":")
	hour, err := strconv.Atoi(parts[0])
	if err != nil || hour > 24 || len(parts) < 2 {
		return ""
	}
	upper := strings.ToUpper(s)
	switch {
	case strings.Contains(upper, "PM"), strings.Contains(s, "下午"), strings.Contains(s, "晚上"), strings.Contains(s, "中午") && hour < 11:
		if hour < 12 {
			hour += 12
		}
	case strings.Contains(upper, "AM") && hour == 12, strings.Contains(s, "凌晨") && hour == 12:
		hour = 0
	}
	out := fmt.Sprintf("%02d:%s", hour, parts[1])
	if len(parts) > 2 {
		out += ":" + parts[2]
	}
	return out
}

const (
	leastMessages = 3
	preamble      = 20 // lines before the first message: whose conversation it is
	headLines     = 400
)

// parse reads the lines of a conversation. ok says that it is one: some messages,
// with something said in most, by people who speak more than once, from the
// beginning on. Logs and diaries have dates too.
func parse(all []string) (before []string, messages []message, ok bool) {
	covered, counted, silent, after := 0, 0, 0, false
	names := map[string]int{}
	for i, line := range all {
		m, first := begin(line)
		blank := strings.TrimSpace(line) == ""
		if first && len(messages) < maxMessages {
			if n := len(messages); n > 0 && messages[n-1].text == "" {
				silent++
			}
			m.line = i + 1
			messages = append(messages, m)
			names[m.sender]++
			covered, counted, after = covered+1, counted+1, m.text == ""
			continue
		}
		if len(messages) == 0 {
			if before = append(before, line); len(before) > preamble {
				return nil, nil, false
			}
			continue
		}
		if blank {
			continue
		}
		last := &messages[len(messages)-1]
		if i < headLines {
			if counted++; after {
				covered++
			}
		}
		after = false
		if last.text != "" {
			last.text += "\n"
		}
		last.text += strings.TrimSpace(line)
	}
	n := len(messages)
	ok = n >= leastMessages && covered*2 > counted && silent*4 <= n && (len(names)*3 <= n*2 || len(names) <= 3)
	return before, messages, ok
}
