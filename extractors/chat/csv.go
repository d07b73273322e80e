package chat

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// CSV reads conversations exported as tables: one message a row, in columns that
// are called sender, time and text in one of the ways that are known.
var CSV = document.Format{
	Name: "chat-csv", Version: 1, Kind: document.KindChat, MediaType: "text/csv",
	Detect: func(in *document.Input) bool {
		if ext := in.Ext(); ext != ".csv" && ext != ".tsv" {
			return false
		}
		text, _, _ := charset.Decode(in.Head(), "")
		first, _, _ := strings.Cut(strings.TrimPrefix(text, "\ufeff"), "\n")
		_, ok := columnsOf(fields(first))
		return ok
	},
	Read: readCSV,
}

// columns are where the parts of a message stand; -1: nowhere.
type columns struct {
	sender []int // the best first
	time   []int
	text   int
	kind   int
}

var known = struct{ sender, time, text, kind []string }{
	sender: []string{"remark", "备注名", "发送者", "发送人", "发言人", "发送方", "nickname", "昵称", "sender", "sendername", "sender_name", "from", "talker", "姓名"},
	time:   []string{"strtime", "发送时间", "消息时间", "时间", "sendtime", "send_time", "datetime", "time", "createtime", "create_time", "日期"},
	text:   []string{"strcontent", "消息内容", "内容", "聊天内容", "content", "message", "msg", "text", "消息"},
	kind:   []string{"type_name", "消息类型", "类型", "msgtype", "type"},
}

func fields(line string) []string {
	comma := ","
	if strings.Count(line, "\t") > strings.Count(line, ",") {
		comma = "\t"
	}
	out := strings.Split(strings.TrimRight(line, "\r"), comma)
	for i, f := range out {
		out[i] = strings.ToLower(strings.Trim(strings.TrimSpace(f), `"`))
	}
	return out
}

func columnsOf(head []string) (c columns, ok bool) {
	all := func(names []string) (out []int) {
		for _, n := range names {
			for i, h := range head {
				if h == n {
					out = append(out, i)
				}
			}
		}
		return out
	}
	c = columns{sender: all(known.sender), time: all(known.time), text: -1, kind: -1}
	if found := all(known.text); len(found) > 0 {
		c.text = found[0]
	}
	if found := all(known.kind); len(found) > 0 {
		c.kind = found[0]
	}
	return c, len(c.sender) > 0 && len(c.time) > 0 && c.text >= 0
}

func readCSV(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	doc, text, err := load(ctx, in)
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(text, "\n")
	head := fields(first)
	c, _ := columnsOf(head)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	if strings.Count(first, "\t") > strings.Count(first, ",") {
		r.Comma = '\t'
	}
	var messages []message
	bad := 0
	rows := in.Limits.WithDefaults().Rows
	for n := 0; len(messages) < maxMessages; n++ {
		record, err := r.Read()
		if record == nil || err != nil {
			if err != nil && !errors.Is(err, io.EOF) {
				doc.Warn("unclosed-quote", "a quoted field is not closed")
			}
			break
		}
		if n == 0 {
			continue
		}
		if n&0xff == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
		}
		if n > rows {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", rows))
			break
		}
		m := message{sender: field(record, c.sender...), text: field(record, c.text)}
		m.line, _ = r.FieldPos(0)
		if m.day, m.time = moment(record, c.time); m.day == "" {
			bad++
		}
		if m.sender == "" && m.text == "" {
			continue
		}
		if m.text == "" && c.kind >= 0 {
			m.text = "[" + field(record, c.kind) + "]"
		}
		m.sender, m.text = strings.Clone(m.sender), strings.Clone(m.text)
		messages = append(messages, m)
	}
	if bad > 0 {
		doc.Warn("no-time", fmt.Sprintf("%d messages have no time that could be read", bad))
	}
	conversation(doc, nil, messages)
	return doc, nil
}

// field is the first of the columns that holds something.
func field(record []string, at ...int) string {
	for _, i := range at {
		if i >= 0 && i < len(record) {
			if s := strings.TrimSpace(record[i]); s != "" {
				return s
			}
		}
	}
	return ""
}

// chinese is where times that are counted in seconds are told: the programs that
// write them run in China.
var chinese = time.FixedZone("CST", 8*3600)

// moment reads the time of a message: as written, or as seconds or milliseconds
// since 1970.
func moment(record []string, at []int) (day, clockTime string) {
	for _, i := range at {
		s := field(record, i)
		if f := timeOnly.FindStringSubmatch(s); f != nil {
			var m message
			if stamp(&m, f[1:5]) {
				return m.day, m.time
			}
		}
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 5e8 {
			if n > 1e11 {
				n /= 1000
			}
			if n < 4e9 {
				t := time.Unix(n, 0).In(chinese)
				return t.Format(time.DateOnly), t.Format(time.TimeOnly)
			}
		}
	}
	return "", ""
}
