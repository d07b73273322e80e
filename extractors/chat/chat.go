// Package chat reads conversations as chat programs and the tools around them
// export them: text, CSV and pages of WeChat, QQ, WeCom, DingTalk and Feishu. No
// program documents its form, so these readers take the shape: a date with a
// time, a name, and what was said.
package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/html"
)

const (
	maxChat     = 64 << 20
	sectionSize = 1_200 // characters; a day of a lively group has many times that
	maxMessages = 2_000_000
)

// message is one message of a conversation.
type message struct {
	line      int // where it stands in the file, from 1
	day, time string
	sender    string
	text      string
}

// Text reads conversations in plain text.
var Text = document.Format{
	Name: "chat-txt", Version: 1, Kind: document.KindChat, MediaType: "text/plain",
	Detect: func(in *document.Input) bool {
		switch in.Ext() {
		case ".txt", ".log", ".md", ".text", "":
		default:
			return false
		}
		head := in.Head()
		text, _, lossy := charset.Decode(head, "")
		if lossy && in.Size == int64(len(head)) || strings.IndexByte(text, 0) >= 0 {
			return false
		}
		_, _, ok := parse(lines(text))
		return ok
	},
	Read: func(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		doc, text, err := load(ctx, in)
		if err != nil {
			return nil, err
		}
		before, messages, _ := parse(lines(text))
		conversation(doc, before, messages)
		return doc, nil
	},
}

// Page reads conversations exported as pages. A page that is none after all is
// read as any other.
var Page = document.Format{
	Name: "chat-html", Version: 1, Kind: document.KindChat, MediaType: "text/html",
	Detect: func(in *document.Input) bool {
		if !html.HTML.Detect(in) {
			return false
		}
		text, _, _ := html.Decode(in.Head(), "")
		for _, word := range []string{"聊天记录", "消息记录", "群聊", "微信", "Chat History", "chat-history", "wechat"} {
			if strings.Contains(in.Name, word) || strings.Contains(text, word) {
				return true
			}
		}
		return false
	},
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		doc, err := html.HTML.Read(ctx, in, emit)
		if err != nil || doc.Read == document.None {
			return doc, err
		}
		var all strings.Builder
		for _, s := range doc.Sections {
			all.WriteString(s.Heading + "\n" + s.Text + "\n")
		}
		before, messages, ok := parse(lines(all.String()))
		if !ok {
			return doc, nil
		}
		doc.Sections = nil
		for i := range messages {
			messages[i].line = 0 // lines of the page's text are nowhere to go to
		}
		conversation(doc, before, messages)
		return doc, nil
	},
}

// load reads and decodes a file.
func load(ctx context.Context, in *document.Input) (*document.Document, string, error) {
	data, whole, err := in.All(min(maxChat, in.Limits.WithDefaults().TextBytes))
	if err != nil {
		return nil, "", fmt.Errorf("read the conversation %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	doc := &document.Document{Kind: document.KindChat, Read: document.Full, Fields: map[string]string{}}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	text, used, lossy := charset.Decode(data, "")
	doc.Fields["charset"] = used
	if lossy {
		doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	return doc, strings.TrimPrefix(text, "\ufeff"), nil
}

// conversation writes messages as sections by day, long days in several.
func conversation(doc *document.Document, before []string, messages []message) {
	doc.Kind = document.KindChat
	part := document.Position{Part: "body"}
	if text := strings.TrimSpace(strings.Join(before, "\n")); text != "" {
		at := part
		if len(messages) == 0 || messages[0].line > 0 {
			at = document.Position{Line: 1}
		}
		doc.AddText(at, "", text)
		if doc.Title == "" {
			doc.Title = titleOf(before)
		}
	}
	var b strings.Builder
	size, first := 0, 0
	flush := func() {
		if b.Len() > 0 {
			at := part
			if messages[first].line > 0 {
				at = document.Position{Line: messages[first].line}
			}
			doc.AddText(at, messages[first].day, b.String())
		}
		b.Reset()
		size = 0
	}
	counts := map[string]int{}
	var names []string
	for i, m := range messages {
		if i > first && (m.day != messages[i-1].day || size >= sectionSize) {
			flush()
			first = i
		}
		line := m.sender + ": " + strings.TrimSpace(m.text)
		if m.time != "" {
			line = m.time + " " + line
		}
		b.WriteString(line + "\n")
		size += utf8.RuneCountInString(line) + 1
		if counts[m.sender]++; counts[m.sender] == 1 && len(names) < 500 {
			names = append(names, m.sender)
		}
	}
	if len(messages) > 0 {
		flush()
		from, to := messages[0].day, messages[0].day
		for _, m := range messages {
			from, to = min(from, m.day), max(to, m.day)
		}
		doc.Date = to
		doc.Fields["first_message"], doc.Fields["last_message"] = from, to
	}
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	for _, n := range names {
		doc.People = append(doc.People, document.Person{Role: "speaker", Name: n})
	}
	doc.Fields["messages"] = strconv.Itoa(len(messages))
	var sample strings.Builder
	for _, s := range doc.Sections {
		if sample.WriteString(s.Text); sample.Len() > 4<<10 {
			break
		}
	}
	doc.Language = charset.Language(sample.String())
}

// titleOf finds whose conversation it is, in what stands before it.
func titleOf(before []string) string {
	for _, line := range before {
		line = strings.Trim(strings.TrimSpace(line), "=-—* #")
		for _, word := range []string{"消息对象:", "消息对象：", "群聊名称:", "群聊名称：", "聊天对象:", "聊天对象："} {
			if rest, ok := strings.CutPrefix(line, word); ok {
				return strings.TrimSpace(rest)
			}
		}
	}
	for _, line := range before {
		line = strings.Trim(strings.TrimSpace(line), "=-—* #")
		if n := utf8.RuneCountInString(line); n > 1 && n <= 60 {
			return line
		}
	}
	return ""
}
